import type { Aes } from '#base/crypto/index.ts';

/**
 * What a session protects, as P1 of EXTERNAL AUTHENTICATE codes it (GPC Amendment D 7.1.2): 00 nothing, 01 C-MAC,
 * 03 C-MAC and C-ENC, 11 C-MAC and R-MAC, 13 C-MAC, C-ENC and R-MAC, 33 all with R-ENC.
 */
export type SecurityLevel = 0x00 | 0x01 | 0x03 | 0x11 | 0x13 | 0x33;

/** Bits of a security level. */
export const C_MAC = 0x01;
export const C_ENC = 0x02;
export const R_MAC = 0x10;
export const R_ENC = 0x20;

const LEVELS: readonly SecurityLevel[] = [0x00, 0x01, 0x03, 0x11, 0x13, 0x33];

/** The security level an octet stands for; undefined when it is none of the six. */
export function securityLevel(octet: number): SecurityLevel | undefined {
  return LEVELS.find((level) => level === octet);
}

/** Octets of a MAC, a challenge and a cryptogram on the wire: 8 in mode S8, 16 in mode S16 (GPC Amendment D 1.2). */
export type MacLength = 8 | 16;

/** Keys of one session (GPC Amendment D 6.2.1, Amendment F). `dek` enciphers keys in PUT KEY; SCP03 has none of the session and uses the static one. */
export interface SessionKeys {
  readonly enc: Aes;
  readonly mac: Aes;
  readonly rmac: Aes;
  readonly dek?: Aes;
}

/** The program used a channel in an order that the protocol does not have: a fault of the caller, never of the peer. */
export class SecureChannelError extends Error {
  override readonly name = 'SecureChannelError';
}
