import { type Command, InvalidArgumentError } from 'commander';
import type { FrontSettings, FrontTls } from '#operator/register/index.ts';
import { type HostPort, hostPortArgument, numberArgument, portArgument } from './argument.ts';
import { wrongInput } from './failure.ts';
import { pemPair, textOf } from './pem-pair.ts';

/** A Diameter peer as a person names it: its DiameterIdentity, and where it may come from. */
interface DiameterPeer {
  readonly originHost: string;
  readonly addresses: readonly string[];
}

/** The options of every command that opens fronts. */
export interface FrontOptions {
  readonly frontHost: string;
  readonly n5gEirPort?: number;
  readonly s13Port?: number;
  readonly s13Peer?: readonly DiameterPeer[];
  readonly s13Lenient?: boolean;
  readonly originHost: string;
  readonly realm: string;
  readonly gsupPort?: number;
  readonly hlr?: HostPort;
  readonly gsupStore?: boolean;
  readonly threads: number;
  readonly sharePorts?: boolean;
  readonly node: string;
  readonly nrf?: readonly string[];
  readonly nfInstanceId?: string;
  readonly nfAddress?: string;
  readonly tokenKeys?: string;
  readonly oneAnswerEach?: boolean;
  readonly nodeHttp2?: boolean;
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly tlsClientCa?: string;
}

/** `mme.example=192.0.2.7,192.0.2.0/24`; without addresses every address, which only TLS makes safe. */
function peerArgument(text: string, before: readonly DiameterPeer[] = []): readonly DiameterPeer[] {
  const [originHost = '', addresses = ''] = text.split('=', 2);
  if (!/^[a-z0-9.-]{1,255}$/i.test(originHost))
    throw new InvalidArgumentError('expected IDENTITY=ADDRESS[,ADDRESS…], as in mme.example=192.0.2.7');
  return [...before, { originHost, addresses: addresses === '' ? [] : addresses.split(',') }];
}

/** Adds the options of fronts to a command. */
export function withFrontOptions(command: Command): Command {
  return command
    .option('--front-host <address>', 'address the fronts listen on', '127.0.0.1')
    .option('--n5g-eir-port <port>', '5G: N5g-eir over HTTP/2 (TS 29.511); 0 takes a free one', portArgument)
    .option('--nrf <url>', 'NRF to register with, as http://192.0.2.10:7777; repeat for more', nrfArgument)
    .option(
      '--nf-instance-id <uuid>',
      'our nfInstanceId, the same after every restart; for --nrf and --token-keys',
      uuidArgument,
    )
    .option('--nf-address <address>', 'how consumers reach us, for the NRF; default: the address of the fronts')
    .option('--token-keys <file>', "the NRF's public keys (JWK set): every N5g-eir request then needs its token")
    .option(
      '--one-answer-each',
      'close N5g-eir connections after each answer, for AMFs that break on a second question',
    )
    .option('--node-http2', "serve N5g-eir by Node's own HTTP/2: slower, for a peer that does not get on with ours")
    .option('--s13-port <port>', "4G: S13 and S13' over Diameter (TS 29.272), 3868 is usual", portArgument)
    .option('--s13-peer <identity=addresses>', 'an MME, SGSN or agent that may connect; repeat for more', peerArgument)
    .option('--s13-lenient', 'take peers that do not advertise S13 (some MMEs advertise only S6a)')
    .option('--origin-host <identity>', 'our DiameterIdentity', 'eir.assay.test')
    .option('--realm <realm>', 'our Diameter realm', 'assay.test')
    .option('--gsup-port <port>', '2G and 3G (Osmocom): where the MSC connects instead of to its HLR', portArgument)
    .option('--hlr <host:port>', 'the HLR behind the GSUP front', hostPortArgument)
    .option('--gsup-store', 'pass permitted IMEIs on to the HLR too, which then keeps them (store-imei)')
    .option('--threads <number>', 'threads that answer, each with its own connections', numberArgument(1, 64), 1)
    .option('--share-ports', 'let another node of this user listen on the same ports: start the new, then end the old')
    .option('--node <name>', 'name of this node, which keeps a snapshot of its memory under it', nodeArgument, 'node')
    .option('--tls-key <file>', 'key of the fronts in PEM: N5g-eir and S13 then speak TLS only')
    .option('--tls-cert <file>', 'their certificate in PEM')
    .option('--tls-client-ca <file>', 'who signs the certificates that clients must show, in PEM');
}

function nrfArgument(text: string, before: readonly string[] = []): readonly string[] {
  if (!/^https?:\/\/[^/]+$/.test(text))
    throw new InvalidArgumentError('expected an apiRoot, as http://192.0.2.10:7777');
  return [...before, text];
}

function uuidArgument(text: string): string {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text))
    throw new InvalidArgumentError('expected a UUID, as 5b6c7d8e-9f00-4a1b-8c2d-3e4f50617283');
  return text.toLowerCase();
}

/** A name that can stand in the name of a file. */
function nodeArgument(text: string): string {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/i.test(text))
    throw new InvalidArgumentError('expected letters, digits, and . _ - between');
  return text;
}

function tlsOf({ tlsKey, tlsCert, tlsClientCa }: FrontOptions): FrontTls | undefined {
  const pair = pemPair(tlsKey, tlsCert, ['--tls-key', '--tls-cert']);
  if (pair === undefined) {
    if (tlsClientCa === undefined) return undefined;
    throw wrongInput('TLS: expected --tls-key and --tls-cert with --tls-client-ca, got none');
  }
  return {
    ...pair,
    ...(tlsClientCa !== undefined && { clientCa: textOf(tlsClientCa) }),
  };
}

/** The fronts that a command line asks for; none when it names no port. */
export function frontsOf(options: FrontOptions): FrontSettings {
  const { n5gEirPort, s13Port, gsupPort } = options;
  const tls = tlsOf(options);
  return {
    ...(n5gEirPort !== undefined && { n5gEir: n5gEirOf(options, n5gEirPort, tls) }),
    ...(s13Port !== undefined && { s13: s13Of(options, s13Port, tls) }),
    ...(gsupPort !== undefined && { gsup: gsupOf(options, gsupPort) }),
  };
}

function n5gEirOf(
  { frontHost: host, nrf, nfInstanceId, nfAddress = host, tokenKeys, oneAnswerEach, nodeHttp2 }: FrontOptions,
  port: number,
  tls: FrontTls | undefined,
): NonNullable<FrontSettings['n5gEir']> {
  if ((nrf !== undefined || tokenKeys !== undefined) && nfInstanceId === undefined)
    throw wrongInput('--nrf and --token-keys: expected --nf-instance-id UUID, who we are to the NRF');
  if (nrf !== undefined && nfAddress === '0.0.0.0')
    throw wrongInput('--nrf: expected --nf-address, the address that consumers reach us by');
  return {
    ...{ host, port },
    ...(tls && { tls }),
    ...(oneAnswerEach === true && { isOneAnswerEach: true }),
    ...(nodeHttp2 === true && { isNodeHttp2: true }),
    ...(nfInstanceId !== undefined && { nfInstanceId }),
    ...(tokenKeys !== undefined && { tokenKeys: textOf(tokenKeys) }),
    ...(nrf !== undefined && { nrf: { apiRoots: nrf, address: nfAddress } }),
  };
}

function s13Of(options: FrontOptions, port: number, tls: FrontTls | undefined): NonNullable<FrontSettings['s13']> {
  const { frontHost: host, s13Peer = [], s13Lenient, originHost, realm } = options;
  if (s13Peer.length === 0) throw wrongInput('--s13-port: expected at least one --s13-peer that may connect, got none');
  const clientCa = tls?.clientCa;
  if (tls !== undefined && clientCa === undefined)
    throw wrongInput('S13 over TLS: expected --tls-client-ca, peers must show a certificate of their own');
  if (tls === undefined && s13Peer.some(({ addresses }) => addresses.length === 0))
    throw wrongInput('--s13-peer: expected the addresses a peer may come from (IDENTITY=ADDRESS), as there is no TLS');
  const mode = s13Lenient === true ? 'lenient' : 'strict';
  return {
    ...{ host, port, identity: { originHost, realm, addresses: [host] } },
    peers: s13Peer.map(({ originHost: peer, addresses }) => ({
      ...{ originHost: peer, mode },
      ...(addresses.length > 0 && { addresses }),
    })),
    ...(tls !== undefined && clientCa !== undefined && { tls: { ...tls, clientCa } }),
  };
}

function gsupOf({ frontHost: host, hlr, gsupStore }: FrontOptions, port: number): NonNullable<FrontSettings['gsup']> {
  if (hlr === undefined) throw wrongInput('--gsup-port: expected --hlr HOST:PORT, the HLR behind this front, got none');
  return { host, port, hlr, ...(gsupStore === true && { alsoStore: true }) };
}
