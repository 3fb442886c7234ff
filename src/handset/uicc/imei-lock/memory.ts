import {
  berTlvSet,
  enumeration,
  type Infer,
  listOf,
  map,
  octets,
  optional,
  required,
  rest,
  struct,
  u8,
  u16,
  u32,
} from '#base/codec/index.ts';
import type { VitalRecord } from '#handset/uicc/index.ts';
import { LOCK_ROOTS_KEY, LONGEST_ROOTS, lockPolicy } from '#handset/uicc/lock-personalisation.ts';
import { FINGERPRINT_LENGTH, MOST_REVOKED, proofReason, proofResult, trigger } from '#protocol/imei-lock/index.ts';
import type { LastingState } from './lock.ts';

/** Keys of the lock's own records in the card's memory. */
export const LOCK_KEY = {
  lasting: 0x4100,
  pairing: 0x4101,
  learnt: 0x4102,
  shown: 0x4103,
  roots: LOCK_ROOTS_KEY,
} as const;

/** The lock's records and the most octets of each: nothing else on the card may take their room. */
export const VITAL_RECORDS: readonly VitalRecord[] = [
  [LOCK_KEY.lasting, 166],
  [LOCK_KEY.pairing, 80],
  [LOCK_KEY.learnt, 4 + MOST_REVOKED * 17],
  [LOCK_KEY.shown, 10],
  [LOCK_KEY.roots, LONGEST_ROOTS],
];

const reported = berTlvSet({
  result: required(0x80, proofResult),
  reason: required(0x81, proofReason),
  provedImei: optional(0x82, octets(8)),
  claimedImei: optional(0x83, octets(8)),
  support: optional(0x84, octets(8)),
  /** Not there on cards of before, and where no certificate was shown. */
  root: optional(0x85, octets(FINGERPRINT_LENGTH)),
  certificate: optional(0x86, octets(FINGERPRINT_LENGTH)),
});
const outstanding = berTlvSet({
  nonce: required(0x80, octets(8)),
  imeiDigest: required(0x81, octets(8)),
  facts: required(0xa2, reported),
});
const flag = map(
  u8,
  (octet) => octet !== 0,
  (value) => (value ? 1 : 0),
);
const counts = struct({
  block: enumeration(u8, { none: 0, local: 1, operator: 2, keysStopped: 3 }),
  blockReason: proofReason,
  tracked: flag,
  brokenProofs: u8,
  unprovenAuthentications: u16,
  sinceReport: u16,
  permitLeft: u16,
  unanswered: u8,
});
const record = berTlvSet({
  policy: required(0xa0, lockPolicy),
  counts: required(0x81, counts),
  outstanding: optional(0xa2, outstanding),
  reported: optional(0xa3, reported),
  /** Not there on cards of before, and while there was no silence. */
  silent: optional(0x84, flag),
  /** Not there on cards of before, and while no report is owed. */
  owed: optional(0x85, trigger),
});

/** What survives power off, as it stands in memory. */
export const lastingState = map(
  record,
  ({ counts: counted, silent = false, ...others }): LastingState => ({ ...others, ...counted, silent }),
  ({ policy, outstanding: open, reported: known, silent, owed, ...counted }: LastingState) => ({
    policy,
    counts: counted,
    ...(open && { outstanding: open }),
    ...(known && { reported: known }),
    ...(silent && { silent }),
    ...(owed && { owed }),
  }),
);

/** What the operator taught the lock: today's date as YYYYMMDD (0: none), and serial numbers of certificates not to be believed. */
export const learnt = struct({
  date: u32,
  revoked: listOf(
    map(
      struct({ serialNumber: octets(16), length: u8 }),
      ({ serialNumber, length }): Uint8Array => serialNumber.slice(0, length),
      (serial) => {
        const serialNumber = new Uint8Array(16);
        serialNumber.set(serial);
        return { serialNumber, length: serial.length };
      },
    ),
    64,
  ),
});
/** What the operator taught the lock. */
export type Learnt = Infer<typeof learnt>;

/** The last entry of EF.IPS and EF.IPD, so that a power-on without news writes nothing: OK or KO, and the IMEI. */
export const shownPairing = struct({ isOk: flag, nextRecord: u8, imei: rest(0, 8) });
/** The last entry of EF.IPS and EF.IPD. */
export type ShownPairing = Infer<typeof shownPairing>;
