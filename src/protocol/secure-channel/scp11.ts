import { berTlv, concat, constant, type Infer, octets, rest, struct, tagged, u8 } from '#base/codec/index.ts';
import { type Aes, type AesKeyLength, type AesProvider, ecdh, type PrivateKey, x963Kdf } from '#base/crypto/index.ts';
import type { VerifiedPeer } from './certificate-chain.ts';
import type { SecurityLevel, SessionKeys } from './session.ts';

// The text of GPC Amendment F was not at hand: what stands here is how public implementations code it, checked octet for octet
// against their published sessions (test/vectors: scp11-sessions, scp11-trace). So its clauses are not cited.

/** The variants served: mutual authentication (a), and its form without an ephemeral key of the card (c). SCP11b is not. */
export type Scp11Variant = 'a' | 'c';

/** Key identifiers of the card's key agreement keys, and parameters in tag 90 (GPC Amendment F). */
export const VARIANT = {
  a: { keyIdentifier: 0x11, parameters: 0x01 },
  c: { keyIdentifier: 0x15, parameters: 0x03 },
} as const satisfies Record<Scp11Variant, unknown>;
/** Key identifier of SCP11b: named only to be refused. It authenticates nobody to the card. */
export const SCP11B_KEY_IDENTIFIER = 0x13;
/** Key identifier of CA-KLOC, the authority of the off-card entities. */
export const CA_KLOC_KEY_IDENTIFIER = 0x10;

/** A key by version number and identifier. */
export interface KeyReference {
  readonly version: number;
  readonly identifier: number;
}

/** Key usage of the session, and the level of messaging it means (Amendment F). */
export const USAGE = { 51: 0x3c, 17: 0x34 } as const;
/** Levels SCP11 can have. */
export type Scp11Level = keyof typeof USAGE & SecurityLevel;

/** The level that a key usage octet stands for; undefined for others. */
export function levelOfUsage(usage: number): Scp11Level | undefined {
  return usage === USAGE[0x33] ? 0x33 : usage === USAGE[0x11] ? 0x11 : undefined;
}

const KEY_TYPE_AES = 0x88;
const LONGEST_POINT = 133;
/** Octets of a receipt, whatever the length of the MACs. */
export const RECEIPT_LENGTH = 16;

const PUBLIC_KEY = 0x5f49;
const point = tagged(PUBLIC_KEY, rest(1, LONGEST_POINT));

/** Data of MUTUAL AUTHENTICATE: `A6{ 90{11 pp} 95 usage 80 88 81 length } 5F49 ePK.OCE` (Amendment F). */
export const agreementData = struct({
  template: tagged(
    0xa6,
    struct({
      protocol: tagged(0x90, struct({ identifier: constant(Uint8Array.of(0x11)), parameters: u8 })),
      usage: tagged(0x95, u8),
      keyType: tagged(0x80, constant(Uint8Array.of(KEY_TYPE_AES))),
      keyLength: tagged(0x81, u8),
    }),
  ),
  publicKey: point,
});
/** What a host asks for in MUTUAL AUTHENTICATE. */
export type AgreementData = Infer<typeof agreementData>;

/** Answer to MUTUAL AUTHENTICATE: `5F49 key of the card, 86 receipt` (Amendment F). */
export const agreementAnswer = struct({ publicKey: point, receipt: tagged(0x86, octets(RECEIPT_LENGTH)) });

/** Data of GET DATA BF21: `A6{ 83 KID KVN }`, whose certificates are wanted (Amendment F). */
export const certificateReference = tagged(0xa6, tagged(0x83, struct({ identifier: u8, version: u8 })));

/** Keys of an SCP11 session; all of them are of the session, also `dek`. */
export interface Scp11Keys extends Required<SessionKeys> {
  readonly receipt: Aes;
}

/**
 * Session keys of the two shared secrets (Amendment F): X9.63 with SHA-256 over ShSee | ShSss, SharedInfo = usage,
 * key type, key length; in the order receipt, S-ENC, S-MAC, S-RMAC, S-DEK. Wipes the key octets it made.
 */
export function deriveScp11Keys(
  aes: AesProvider,
  ephemeralSecret: Uint8Array,
  staticSecret: Uint8Array,
  usage: number,
  keyLength: AesKeyLength,
): Scp11Keys {
  const z = concat(ephemeralSecret, staticSecret);
  const derived = x963Kdf('sha256', z, Uint8Array.of(usage, KEY_TYPE_AES, keyLength), 5 * keyLength);
  const key = (index: number) => aes.key(derived.subarray(index * keyLength, (index + 1) * keyLength));
  const keys = { receipt: key(0), enc: key(1), mac: key(2), rmac: key(3), dek: key(4) };
  z.fill(0);
  derived.fill(0);
  return keys;
}

/** Receipt: CMAC over the whole data of the command as the card received it, and the 5F49 object of its answer (Amendment F). */
export function receiptOf(keys: Scp11Keys, commandData: Uint8Array, cardPoint: Uint8Array): Uint8Array {
  return keys.receipt.cmac(commandData, berTlv(PUBLIC_KEY, cardPoint));
}

/** The key length as AES has it; undefined for others. */
export function aesKeyLengthOf(length: number): AesKeyLength | undefined {
  return length === 16 || length === 24 || length === 32 ? length : undefined;
}

/**
 * One's own static key for key agreement (SK.OCE, SK.SD). With `remember` the static secret with a peer is computed once for
 * as long as the peer object lives: with `cachedVerifier`, once per certificate. Freshness comes from the ephemeral secret.
 */
export class AgreementKey {
  readonly privateKey: PrivateKey;
  readonly #secrets: WeakMap<VerifiedPeer, Uint8Array> | undefined;

  constructor(privateKey: PrivateKey, remember = false) {
    this.privateKey = privateKey;
    this.#secrets = remember ? new WeakMap() : undefined;
  }

  /** ShSss with a verified peer. Throws CryptoError when the curves differ. */
  secretWith(peer: VerifiedPeer): Uint8Array {
    const known = this.#secrets?.get(peer);
    if (known !== undefined) return known;
    const secret = ecdh(this.privateKey, peer.publicKey);
    this.#secrets?.set(peer, secret);
    return secret;
  }
}
