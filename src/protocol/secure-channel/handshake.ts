import type { CardSession } from './card-session.ts';
import type { VerifiedPeer } from './certificate-chain.ts';
import type { HostSession } from './host-session.ts';
import type { NotProven } from './not-proven.ts';

/** The next C-APDU of a handshake: send it, give its R-APDU to `receive`. */
export interface Send {
  readonly kind: 'send';
  readonly command: Uint8Array;
}

/** The handshake is done. `peer` is who the certificates say (SCP11); `sequenceCounter` is proven (SCP03, see Scp03HostOptions). */
export interface Opened {
  readonly kind: 'open';
  readonly session: HostSession;
  readonly peer?: VerifiedPeer;
  readonly sequenceCounter?: number;
}

/** What a host does after an answer: send again, use the session, or give up. */
export type HandshakeStep = Send | Opened | NotProven;

/**
 * The off-card entity's side of a handshake, whatever the protocol: `start` gives the first C-APDU, every answer goes to
 * `receive` until it says `open` or `notProven`. One object serves one handshake; it throws SecureChannelError when used
 * again. Answers are hostile: they never make it throw anything else.
 */
export interface HostHandshake {
  start(): Uint8Array;
  receive(response: Uint8Array): HandshakeStep;
}

/** A card's answer to a handshake command: the R-APDU, and the session when it opened one. The new session replaces any other. */
export interface CardAnswer {
  readonly response: Uint8Array;
  readonly session?: CardSession;
  /** Who the host's certificates say it is (SCP11); proven when `session.peerProven`. */
  readonly peer?: VerifiedPeer;
}
