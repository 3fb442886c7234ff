import type { Aes } from '#base/crypto/index.ts';

/** What a conversation with card management remembers from one command to the next. */
export interface Conversation {
  /** The domain that STORE DATA is for, after INSTALL for personalization. */
  personalising: number | undefined;
  /** STORE DATA begun: what came, and how many blocks. */
  stored: { readonly data: Uint8Array; readonly blocks: number } | undefined;
  /** Lines of GET STATUS that did not fit, and the P1 they answer. */
  rest: { readonly p1: number; readonly lines: readonly Uint8Array[] } | undefined;
}

/** A conversation that begins. */
export const freshConversation = (): Conversation => ({ personalising: undefined, stored: undefined, rest: undefined });

/** Who asks: an authenticated session or an authentic packet of a security domain. */
export interface Requester {
  /** The security domain that acts. */
  readonly domain: number;
  /** The key that enciphers keys for it. */
  readonly dek: Aes | undefined;
  /** Most octets of one answer. */
  readonly room: number;
  readonly conversation: Conversation;
}
