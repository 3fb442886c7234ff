import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { AvpFault } from './avp.ts';
import type { CapabilitiesExchangeRequest } from './command.ts';
import { APPLICATION } from './dictionary.ts';
import { checkedIdentity } from './local-node.ts';
import { RESULT } from './result-code.ts';
import type { S13Peer } from './s13.ts';

/** A peer that may connect. Whoever is not among them gets DIAMETER_UNKNOWN_PEER. */
export interface PeerOptions {
  /** Its DiameterIdentity, compared without regard to case. */
  readonly originHost: string;
  /** Addresses it may come from, as `192.0.2.7` or `192.0.2.0/24`; every address when left out, which only TLS makes safe. */
  readonly addresses?: readonly string[];
  /**
   * `lenient` takes a peer that does not advertise S13 (an MME that advertises only S6a, say) by advertising relay to it, and takes its
   * requests whatever their Destination-Realm and Destination-Host. Default `strict`.
   */
  readonly mode?: 'strict' | 'lenient';
}

/** How a connection came in. */
export interface Link {
  /** The address of the other end. */
  readonly address: string;
  /** Whether the certificate of the other end is about this host; true on a connection without TLS. */
  certifies(originHost: string): boolean;
}

interface KnownPeer extends S13Peer {
  isFrom(address: string): boolean;
}
/** The peers that may connect, by their DiameterIdentity in lower case. */
export type KnownPeers = ReadonlyMap<string, KnownPeer>;

function addressCheck(originHost: string, addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/');
    const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
    const bits = prefix === undefined ? undefined : Number(prefix);
    const most = family === 'ipv4' ? 32 : 128;
    if (family === undefined || (bits !== undefined && !(Number.isInteger(bits) && bits >= 0 && bits <= most)))
      throw new Error(
        `peer ${originHost}: '${text}' is no address; write it as 192.0.2.7, 2001:db8::7 or 192.0.2.0/24`,
      );
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, bits, family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** The peers of a configuration. Throws an Error that says which address or identity is none. */
export function knownPeers(peers: readonly PeerOptions[]): KnownPeers {
  const known = new Map<string, KnownPeer>();
  for (const { originHost, addresses, mode } of peers) {
    const key = checkedIdentity('peer', originHost).toLowerCase();
    if (known.has(key)) throw new Error(`peer ${originHost} is listed twice; give all its addresses in one entry`);
    const isFrom = addresses === undefined ? () => true : addressCheck(originHost, addresses);
    known.set(key, { originHost, isLenient: mode === 'lenient', isFrom });
  }
  return known;
}

/** Whether a peer offers S13, or relays everything (RFC 6733 2.4, 5.3). */
function offersS13(cer: CapabilitiesExchangeRequest): boolean {
  const offered = [
    ...(cer['Auth-Application-Id'] ?? []),
    ...(cer['Acct-Application-Id'] ?? []).filter((id) => id === APPLICATION.RELAY),
    ...(cer['Vendor-Specific-Application-Id'] ?? []).map((group) => group['Auth-Application-Id']),
  ];
  return offered.some((id) => id === APPLICATION.S13 || id === APPLICATION.RELAY);
}

/** Whether security inside the connection is asked for and nothing else will do (RFC 6733 6.10): TLS is from the first octet or never. */
function wantsInbandSecurity(cer: CapabilitiesExchangeRequest): boolean {
  const wanted = cer['Inband-Security-Id'] ?? [];
  return wanted.length > 0 && !wanted.includes(0);
}

/** The peer that a CER lets in, or the fault for its CEA: 3010, 5010, 5017 (RFC 6733 5.3). Pure. */
export function admission(cer: CapabilitiesExchangeRequest, peers: KnownPeers, link: Link): S13Peer | AvpFault {
  const originHost = cer['Origin-Host'];
  const peer = peers.get(originHost.toLowerCase());
  // One answer for all three, so that a stranger does not learn who is known.
  if (peer === undefined || !peer.isFrom(link.address) || !link.certifies(originHost))
    return new AvpFault(RESULT.UNKNOWN_PEER, undefined, 'this Origin-Host may not connect from here');
  if (wantsInbandSecurity(cer))
    return new AvpFault(RESULT.NO_COMMON_SECURITY, undefined, 'expected Inband-Security-Id 0: TLS has its own port');
  if (!peer.isLenient && !offersS13(cer))
    return new AvpFault(
      RESULT.NO_COMMON_APPLICATION,
      undefined,
      `expected application ${APPLICATION.S13} (S13) or relay among those advertised`,
    );
  return peer;
}
