import {
  berTlvSet,
  enumeration,
  type Infer,
  octets,
  optional,
  required,
  rest,
  tagged,
  u8,
  u16,
  u24,
  u32,
} from '#base/codec/index.ts';
import { NONCE_LENGTH, SUPPORT_IDENTITY_LENGTH } from './names.ts';
import { policyChange } from './policy-change.ts';
import { FINGERPRINT_LENGTH, sentRoots } from './trust.ts';

/** Version of the payloads below; a receiver refuses one it does not know. */
export const PAYLOAD_VERSION = 1;

const version = enumeration(u8, { one: PAYLOAD_VERSION });
/** A report that says by which root and certificate it was proved is of version 2; every other is as it ever was. */
const reportVersion = enumeration(u8, { one: PAYLOAD_VERSION, two: 2 });
const imei = octets(8);

/** How the proof was made, strongest first (design: evidence). */
export const evidence = enumeration(u8, { scp11a: 1, scp03: 2, static: 3 });
/** Evidence that a UICC can have. */
export type Evidence = Infer<typeof evidence>;

/**
 * Outcome of steps 101 and 102. `proved`: a fresh protected answer of the expected support. `provedOther`: of a genuine support
 * that is not the paired one. `notProven`: silence, an error status word, broken protection: never "false". `refuted`: a proof that
 * contradicts (facts/threats.md 3.5).
 */
export const proofResult = enumeration(u8, { proved: 0, provedOther: 1, notProven: 2, refuted: 3 });
/** Outcome of steps 101 and 102. */
export type ProofResult = Infer<typeof proofResult>;

/** Why the outcome is what it is. */
export const proofReason = enumeration(u8, {
  none: 0x00,
  // not proven; docs/protocol.md says what each means
  noCardReader: 0x10,
  noAnswer: 0x11,
  errorStatusWord: 0x12,
  brokenProtection: 0x13,
  badOctets: 0x14,
  profileTooSmall: 0x15,
  commandRefused: 0x16,
  terminalBusy: 0x17,
  userRefused: 0x18,
  terminalContradicts: 0x19,
  // refuted
  claimedImeiDiffers: 0x20,
  pairedImeiDiffers: 0x21,
  foreignRoot: 0x22,
  counterWentBack: 0x23,
  pairingLocked: 0x24,
  revoked: 0x25,
  wrongCryptogram: 0x26,
});
/** Why the outcome is what it is. */
export type ProofReason = Infer<typeof proofReason>;

/** What made the UICC prove and report. */
export const trigger = enumeration(u8, {
  boot: 1,
  call: 2,
  authentications: 3,
  operator: 4,
  interval: 5,
  /** As at power-on, and in an earlier power-on a terminal authenticated without carrying a proof or a report. */
  silence: 6,
});
/** What made the UICC prove and report. */
export type Trigger = Infer<typeof trigger>;

/** State of the lock, as a report and an acknowledgement carry it. */
export const lockState = enumeration(u8, {
  unproven: 0,
  grace: 1,
  enabled: 2,
  tracked: 3,
  blockedLocally: 4,
  blockedByOperator: 5,
  keysStopped: 6,
});
/** State of the lock. */
export type LockState = Infer<typeof lockState>;
/** The states in words, as they end "the lock is …". */
export const LOCK_WORDS: Readonly<Record<LockState, string>> = {
  ...{ unproven: 'waiting for a first proof', grace: 'in its period of grace', enabled: 'enabled', tracked: 'tracked' },
  ...{ blockedLocally: 'blocked by the UICC itself', blockedByOperator: 'blocked by the operator' },
  keysStopped: 'closed: its keys are stopped',
};

/** The direction octet stands inside the protected data: a packet cannot be turned round even under the same keys. */
const toOperator = enumeration(u8, { report: 1 });
const toUicc = enumeration(u8, { answer: 2 });
const acknowledging = enumeration(u8, { acknowledgement: 3 });

/**
 * Step 103: what the UICC reports, the data of a TS 102 225 command packet from the UICC to the operator. At most 98 octets, so that it
 * is one short message (facts/ota.md 4.1).
 */
export const report = tagged(
  0xe1,
  berTlvSet({
    version: required(0x80, reportVersion),
    direction: required(0x81, toOperator),
    nonce: required(0x82, octets(NONCE_LENGTH)),
    result: required(0x83, proofResult),
    reason: required(0x84, proofReason),
    trigger: required(0x8b, trigger),
    state: required(0x8c, lockState),
    unanswered: required(0x8d, u8),
    provedImei: optional(0x85, imei),
    claimedImei: optional(0x86, imei),
    evidence: optional(0x8a, evidence),
    support: optional(0x88, octets(SUPPORT_IDENTITY_LENGTH)),
    supportCounter: optional(0x89, u24),
    previousSupport: optional(0x8e, octets(SUPPORT_IDENTITY_LENGTH)),
    /** Of version 2: the root to which the support's certificate chained at the meeting, and that certificate, by their names. */
    root: optional(0x8f, octets(FINGERPRINT_LENGTH)),
    certificate: optional(0x90, octets(FINGERPRINT_LENGTH)),
  }),
);
/** Step 103: what the UICC reports. */
export type Report = Infer<typeof report>;

/** What the operator tells the UICC to do. `permit` lifts an operator's block, only `unblock` one the UICC made itself. */
export const order = enumeration(u8, {
  permit: 1,
  track: 2,
  block: 3,
  stopKeys: 4,
  unblock: 5,
  rePair: 6,
  reportNow: 7,
  /** Nothing but the policy that comes with it; the acknowledgement tells the whole policy that then holds. */
  setPolicy: 8,
  /** Nothing but the makers' roots that come with it; the acknowledgement tells which trust then holds. */
  setRoots: 9,
});
/** What the operator tells the UICC to do. */
export type Order = Infer<typeof order>;

/**
 * Step 104: the operator's answer or command. It repeats the nonce of the report it answers and a digest of the IMEI it judges, so an old
 * "not listed" cannot be used again, and says for how many authentications it holds. Without a nonce it is a command of its own.
 */
export const answer = tagged(
  0xe2,
  berTlvSet({
    version: required(0x80, version),
    direction: required(0x81, toUicc),
    order: required(0x83, order),
    nonce: optional(0x82, octets(NONCE_LENGTH)),
    /** First 8 octets of SHA-256 over the 8 octets of the proved (or else claimed) IMEI of the report. */
    imeiDigest: optional(0x84, octets(8)),
    /** Authentications for which a permit or track holds; 0 or missing: until something changes. */
    validAuthentications: optional(0x85, u16),
    /** Shown to the person by DISPLAY TEXT; GSM default alphabet as 8-bit text. */
    text: optional(0x86, rest(1, 60)),
    policy: optional(0xa7, policyChange),
    /** Date YYYYMMDD as the operator's clock has it: a UICC has none of its own. */
    date: optional(0x88, u32),
    /** Serial number of a storage support certificate that is no longer to be believed. */
    revoked: optional(0x89, rest(1, 16)),
    /** With `setRoots`: every root that is believed from now on. */
    trust: optional(0xa8, sentRoots),
  }),
);
/** Step 104: the operator's answer or command. */
export type Answer = Infer<typeof answer>;

/** Data of the proof of receipt for an answer: number of commands, status word (TS 102 226 compact), then the state that resulted. */
export const acknowledgement = tagged(
  0xe3,
  berTlvSet({
    version: required(0x80, version),
    direction: required(0x81, acknowledging),
    state: required(0x8c, lockState),
    order: required(0x83, order),
    /** After `setPolicy`: every member of the policy as it now stands. */
    policy: optional(0xa7, policyChange),
    /** After `setRoots`: digest of the roots that the UICC now believes. */
    trustDigest: optional(0x88, octets(8)),
  }),
);
/** Data of the proof of receipt for an answer. */
export type Acknowledgement = Infer<typeof acknowledgement>;
