import {
  type DiameterCounts,
  type DiameterListener,
  type DiameterListenerOptions,
  listenDiameter,
  ME_IDENTITY_OUTCOMES,
  type MeIdentityOutcome,
} from '#protocol/diameter/index.ts';
import type { EquipmentCheck } from '../front.ts';
import { meIdentityCheck, type S13PeerOptions, type UnknownAs } from './outcome.ts';

/** Who the register is to its peers (RFC 6733 5.3). */
export interface S13Identity {
  /** Its DiameterIdentity; over TLS also a name in its certificate. */
  readonly originHost: string;
  readonly realm: string;
  /** Default `Assay`. */
  readonly productName?: string;
  /** Its IP addresses, as peers may know them; at least one. */
  readonly addresses: readonly string[];
}

/** What the front needs. Times and limits have the defaults of PEER_TIMES and DIAMETER_LIMITS. */
export interface S13Options extends Omit<DiameterListenerOptions, 'node' | 'check' | 'peers'> {
  readonly check: EquipmentCheck;
  readonly identity: S13Identity;
  readonly peers: readonly S13PeerOptions[];
  /** For peers that have none of their own; default `5422`. */
  readonly unknownAs?: UnknownAs;
  /** A check that failed. The peer was answered UNABLE_TO_COMPLY. */
  onFault?(error: unknown): void;
}

/** How the front has done so far: what the checks came to, and the counts of the connections. */
export interface S13Counts extends DiameterCounts {
  readonly outcomes: Readonly<Record<MeIdentityOutcome, number>>;
}

/** The front, listening. */
export interface S13Front extends DiameterListener {
  readonly counts: S13Counts;
}

/** Listens for MMEs, SGSNs and Diameter agents on S13 and S13', one application. Rejects with what to do when it cannot. */
export async function listenS13(options: S13Options): Promise<S13Front> {
  const { identity, peers, clock, onFault } = options;
  const outcomes = Object.fromEntries(ME_IDENTITY_OUTCOMES.map((outcome) => [outcome, 0])) as Record<
    MeIdentityOutcome,
    number
  >;
  const answer = meIdentityCheck(options.check, peers, options.unknownAs ?? '5422', (error) => onFault?.(error));
  const listener = await listenDiameter({
    ...options,
    node: {
      originHost: identity.originHost,
      originRealm: identity.realm,
      productName: identity.productName ?? 'Assay',
      addresses: identity.addresses,
      originStateId: Math.floor(clock.now() / 1000) % 2 ** 32,
    },
    check(request, peer) {
      const outcome = answer(request, peer);
      outcomes[outcome]++;
      return outcome;
    },
  });
  return {
    host: listener.host,
    port: listener.port,
    get counts() {
      return { ...listener.counts, outcomes: { ...outcomes } };
    },
    get peers() {
      return listener.peers;
    },
    close: () => listener.close(),
    destroy: () => listener.destroy(),
  };
}
