import {
  berTlvSet,
  bitNames,
  bits,
  enumeration,
  type Format,
  type Infer,
  listOf,
  many,
  map,
  octets,
  optional,
  required,
  rest,
  struct,
  u8,
  u16,
} from '#base/codec/index.ts';
import { evidence, MOST_ROOTS, type Root } from '#protocol/imei-lock/index.ts';

const truth: Format<boolean> = map(
  u8,
  (octet) => octet !== 0,
  (value) => (value ? 1 : 0),
);

/**
 * The policy as it is stored (R11, R24, R49; design: the UICC decides by its own policy, without the network). Counts are of
 * authentications; 0 turns a rule off.
 */
const rules = struct({
  /** One octet, of which cards of the first version stored and read the lowest bit alone: their policies keep their meaning. */
  unproved: bits(1, {
    /** `enable`: AUTHENTICATE is refused until the IMEI is proved (default deny); `open`: only a false IMEI blocks. */
    gate: bitNames(0, 1, { open: 0, enable: 1 }),
    /**
     * What becomes of a terminal that says it cannot carry a proof, as most handsets of today cannot (docs/handsets.md). `grace`: the gate
     * and its grace decide, as for silence; `permit`: it goes on, and is reported; `block`: no AUTHENTICATE in it, whatever the gate.
     */
    terminalCannotProve: bitNames(1, 2, { grace: 0, permit: 1, block: 2 }),
  }),
  /** Authentications that the gate `enable` lets pass without a proof. */
  graceAuthentications: u16,
  proveAtBoot: truth,
  proveBeforeCall: truth,
  /** Prove again after so many authentications. */
  proveEvery: u16,
  /** Report again after so many authentications without any change. */
  reportEvery: u16,
  /** Power-ons with an unanswered report after which the IMEI counts as not proved. */
  unansweredLimit: u8,
  /** Proofs in a row with broken protection after which the UICC blocks. */
  brokenProtectionLimit: u8,
  /** `free`: another genuine storage support becomes the paired one, and is reported; `locked`: it is refused. */
  pairing: enumeration(u8, { free: 0, locked: 1 }),
  /** Evidence the UICC accepts; SCP11b has no name here and never will. */
  acceptedEvidence: listOf(evidence, 3),
});

/** Policy of the IMEI lock. */
export const lockPolicy = map(
  rules,
  ({ unproved, ...others }) => ({ ...unproved, ...others }),
  ({ gate, terminalCannotProve, ...others }) => ({ unproved: { gate, terminalCannotProve }, ...others }),
);
/** Policy of the IMEI lock. */
export type LockPolicy = Infer<typeof lockPolicy>;

/**
 * What an operator gives a consumer's UICC: default deny in a handset that can prove its IMEI and does not; service in one that cannot; one
 * report for each change.
 */
export const USUAL_POLICY: LockPolicy = {
  gate: 'enable',
  terminalCannotProve: 'permit',
  graceAuthentications: 0,
  proveAtBoot: true,
  proveBeforeCall: false,
  proveEvery: 0,
  reportEvery: 0,
  unansweredLimit: 0,
  brokenProtectionLimit: 2,
  pairing: 'free',
  acceptedEvidence: ['scp11a', 'scp03'],
};

const root = berTlvSet({ caIdentifier: required(0x42, rest(1, 16)), publicPoint: required(0x86, octets(65)) });

/**
 * What personalisation gives the lock, stored under LOCK_PERSONALISATION_KEY and never readable by a command: policy, the UICC's own
 * certificate (GP 7F21, an OCE of SCP11) with its private scalar, the makers' roots, the static key.
 */
export const lockPersonalisation = berTlvSet({
  policy: required(0xa0, lockPolicy),
  oce: optional(
    0xa1,
    berTlvSet({
      certificate: required(0x80, rest(1, 1024)),
      privateScalar: required(0x81, octets(32)),
      caIdentifier: required(0x82, rest(1, 16)),
    }),
  ),
  makerRoots: many(0xa2, root),
  staticKey: optional(0x83, octets(16)),
});
/** What personalisation gives the lock. */
export type LockPersonalisation = Infer<typeof lockPersonalisation>;

/** Key of the lock's personalisation in the card's memory; the lock's own records follow from 4100 on. */
export const LOCK_PERSONALISATION_KEY = 0x4000;

/** Key of the makers' roots that an order put in the place of those of personalisation. */
export const LOCK_ROOTS_KEY = 0x4104;

const keptRoots = berTlvSet({ roots: many(0xa2, root) });
/** The most octets of the record of roots: of each its tag and length, its identifier and its point. */
export const LONGEST_ROOTS: number = MOST_ROOTS * (2 + (2 + 16) + (2 + 65));

/** The record of makers' roots that an order brought. */
export const rootsRecord = (roots: readonly Root[]): Uint8Array => keptRoots.encode({ roots });

/**
 * The lock's personalisation from the card's memory, with the makers' roots that it believes now; undefined when the card has none. Throws
 * CodecError when it is damaged.
 */
export function readLockPersonalisation(memory: {
  get(key: number): Uint8Array | undefined;
}): LockPersonalisation | undefined {
  const stored = memory.get(LOCK_PERSONALISATION_KEY);
  if (stored === undefined) return undefined;
  const given = lockPersonalisation.decode(stored);
  const ordered = memory.get(LOCK_ROOTS_KEY);
  return ordered === undefined ? given : { ...given, makerRoots: keptRoots.decode(ordered).roots };
}
