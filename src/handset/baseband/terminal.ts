import type { Procedure } from '#handset/connector/index.ts';
import type { NasMessage, NasMessageOf } from '#protocol/nas/index.ts';

/** What came of AUTHENTICATE (TS 31.102 7.1.2): octets for the network, or that the UICC gives none. */
export type Authentication =
  | { readonly kind: 'response'; readonly res: Uint8Array }
  | { readonly kind: 'synchronisationFailure'; readonly auts: Uint8Array }
  | { readonly kind: 'macFailure' }
  /** The UICC refused; nothing can be told to the network. */
  | { readonly kind: 'refused'; readonly statusWord: number };

/** What a baseband needs from the operating system above it: the USIM, and the identities the handset claims. */
export interface Terminal {
  authenticate(rand: Uint8Array, autn: Uint8Array): Procedure<Authentication>;
  /** The identity of a type (IDENTITY_TYPE) that the network is told; whether it is true is the operating system's affair. */
  identity(type: number): NasMessageOf<'identityResponse'>['identity'];
  /** A short message or other message that belongs to no running transaction: to be served when this one is over. */
  later(message: NasMessage): void;
}
