import {
  berTlvSet,
  enumeration,
  type Infer,
  listOf,
  many,
  octets,
  optional,
  required,
  rest,
  swappedBcd,
  u8,
  uint,
} from '#base/codec/index.ts';
import type { SuciScheme } from './home-network-keys.ts';

const LONGEST_K = 32;
const key = octets(16);
const pair = berTlvSet({ kic: required(0x80, key), kid: required(0x81, key) });

/** What is wrapped for each UICC; what came later is optional. */
export const secretsFormat = berTlvSet({
  k: required(0x80, rest(16, LONGEST_K)),
  /** OPc or TOPc; nothing with XOR. */
  code: required(0x81, rest(0, 32)),
  privateScalar: optional(0x82, octets(32)),
  staticKey: optional(0x83, octets(16)),
  pin: optional(0x84, rest(4, 8)),
  gsm: optional(
    0xa5,
    berTlvSet({
      kind: required(0x80, enumeration(u8, { comp128v1: 1, comp128v2: 2, comp128v3: 3, xor: 4 })),
      ki: required(0x81, octets(16)),
    }),
  ),
  sequence: optional(
    0xa6,
    berTlvSet({
      indBits: required(0x80, u8),
      delta: optional(0x81, uint(6)),
      ageLimit: optional(0x82, uint(6)),
      initial: optional(0x83, listOf(uint(6), 32)),
    }),
  ),
  suci: optional(
    0xa7,
    berTlvSet({
      by: required(0x80, enumeration(u8, { terminal: 1, usim: 2 })),
      scheme: required(0x81, enumeration<SuciScheme>(u8, { null: 0, 'profile-a': 1, 'profile-b': 2 })),
      routingIndicator: required(0x82, swappedBcd(2)),
    }),
  ),
  /** Length of RES and iterations of TUAK that are not the usual ones. */
  tuak: optional(0xa8, berTlvSet({ res: required(0x80, u8), iterations: required(0x81, u8) })),
  // Keys that the order gave; without them they are derived.
  adm: optional(0x89, octets(8)),
  answerKeys: optional(0xaa, pair),
  reportKeys: optional(0xab, pair),
  keySets: many(
    0xac,
    berTlvSet({
      version: required(0x80, u8),
      first: required(0x81, rest(16, LONGEST_K)),
      second: required(0x82, rest(16, LONGEST_K)),
      dek: required(0x83, rest(16, LONGEST_K)),
    }),
  ),
});
/** What is wrapped for each UICC. */
export type Secrets = Infer<typeof secretsFormat>;
