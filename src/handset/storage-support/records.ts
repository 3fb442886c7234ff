import { berTlvSet, type Infer, octets, optional, required, rest, struct, u24 } from '#base/codec/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { SUPPORT_IDENTITY_LENGTH, SUPPORT_LIFE_CYCLE } from '#protocol/imei-lock/index.ts';

/** Keys of the storage support's records in its memory. Each item of personalisation is a record of its own: written once. */
export const RECORD = {
  lifeCycle: 0x0001,
  imei: 0x0002,
  secondImei: 0x0003,
  imeiSv: 0x0004,
  identity: 0x0005,
  privateScalar: 0x0006,
  certificate: 0x0007,
  staticKey: 0x0009,
  factoryKeys: 0x000a,
  /** Counter of proofs, 3 octets. */
  proofCounter: 0x0010,
  factoryFailures: 0x0011,
  /** And seven more: a pairing key set each, then a sequence counter each. */
  firstPairing: 0x0020,
  firstSequence: 0x0030,
  factorySequence: 0x003f,
  /** And seven more: an operator's authority each. */
  firstAuthority: 0x0040,
} as const;

/** Operators whose UICCs one storage support can answer. */
export const MOST_AUTHORITIES = 8;

/** Octets of a UICC's identity: the content of its EF.ICCID, subject of its certificate. */
export const UICC_IDENTITY_LENGTH = 10;
const AES_128 = 16;

/** SCP03 keys that a UICC put, and whose they are. */
export const pairingKeys = struct({
  uicc: octets(UICC_IDENTITY_LENGTH),
  enc: octets(AES_128),
  mac: octets(AES_128),
  dek: octets(AES_128),
});
/** SCP03 keys that a UICC put. */
export type PairingKeys = Infer<typeof pairingKeys>;

/** Sequence counter of a key set, and when it was last used, counted in proofs: the slot used longest ago is given away first. */
export const sequence = struct({ counter: u24, lastUse: u24 });

/** Factory keys: three AES-128 keys. */
export const factoryKeys = struct({ enc: octets(AES_128), mac: octets(AES_128), dek: octets(AES_128) });
/** Factory keys. */
export type FactoryKeys = Infer<typeof factoryKeys>;

/** An operator's authority (CA-KLOC) whose UICCs may ask: its identifier in their certificates, its point uncompressed. */
export const authority = berTlvSet({
  caIdentifier: required(0x42, rest(1, 16)),
  publicPoint: required(0x86, octets(65)),
});
/** An operator's authority: its identifier in certificates and its point. */
export type Authority = Infer<typeof authority>;

/**
 * Data of STORE DATA in personalisation, in any number of commands, each item once; a command for each authority. The static key comes
 * under Key-DEK of the factory set.
 */
export const personalisationData = berTlvSet({
  imei: optional(0x80, octets(8)),
  secondImei: optional(0x85, octets(8)),
  imeiSv: optional(0x81, octets(9)),
  identity: optional(0x84, octets(SUPPORT_IDENTITY_LENGTH)),
  staticKey: optional(0x87, octets(AES_128)),
  certificate: optional(0x88, rest(1, 230)),
  authority: optional(0xa6, authority),
});
/** Items of personalisation. */
export type PersonalisationData = Infer<typeof personalisationData>;

/** Read-back in personalisation: what was stored, but no key. */
export const readBack = berTlvSet({
  imei: optional(0x80, octets(8)),
  secondImei: optional(0x85, octets(8)),
  imeiSv: optional(0x81, octets(9)),
  identity: optional(0x84, octets(SUPPORT_IDENTITY_LENGTH)),
});

/** Life cycle state in memory; a fresh memory is blank. */
export function lifeCycleOf(memory: CardMemory): number {
  return memory.get(RECORD.lifeCycle)?.[0] ?? SUPPORT_LIFE_CYCLE.blank;
}

/** Proofs given so far; 0 to FFFFFF. */
export function proofsGiven(memory: CardMemory): number {
  const stored = memory.get(RECORD.proofCounter);
  return stored === undefined ? 0 : u24.decode(stored);
}
