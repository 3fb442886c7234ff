import { concat, fromHex } from '#base/codec/index.ts';

/** A condition on using a file: always, never, or after verification of this key reference (TS 102 221 9.5.1). */
export const CONDITION = { always: 0x00, pin1: 0x01, adm1: 0x0a, never: 0xff } as const;
/** A condition on using a file. */
export type Condition = (typeof CONDITION)[keyof typeof CONDITION];

/** Who may read, update, and deactivate or activate. `record` is its record in EF.ARR. */
export interface AccessRule {
  readonly record: number;
  readonly read: Condition;
  readonly update: Condition;
  readonly deactivate: Condition;
}

const rule = (record: number, read: Condition, update: Condition): AccessRule => ({
  record,
  read,
  update,
  deactivate: CONDITION.adm1,
});
const { always, pin1, adm1, never } = CONDITION;

/** All access rules of the card: EF.ARR of the MF and of the USIM hold the same records (TS 102 221 9.2.7). */
export const ACCESS = {
  alwaysPin: rule(1, always, pin1),
  alwaysAdm: rule(2, always, adm1),
  alwaysNever: rule(3, always, never),
  pinPin: rule(4, pin1, pin1),
  pinAdm: rule(5, pin1, adm1),
  pinNever: rule(6, pin1, never),
  admAdm: rule(8, adm1, adm1),
} as const;

/** Record of EF.ARR for every DF: nothing may be created or deleted. */
export const DIRECTORY_RULE = 7;
/** Octets of a record of EF.ARR, filled with FF. */
export const ACCESS_RECORD_LENGTH = 40;
const FILLER = 0xff;

/** SC-DO of a condition (ISO/IEC 7816-4 9.3.3.3). */
function securityCondition(condition: Condition): Uint8Array {
  if (condition === always) return fromHex('9000');
  if (condition === never) return fromHex('9700');
  return Uint8Array.of(0xa4, 0x06, 0x83, 0x01, condition, 0x95, 0x01, 0x08);
}

/** AM-DO of an EF: 01 read and search, 02 update, 08 deactivate, 10 activate (ISO/IEC 7816-4 9.3.3.2). */
const accessMode = (bits: number) => Uint8Array.of(0x80, 0x01, bits);
/** Deactivate and activate. */
const DEACTIVATE = 0x18;
/** Delete child, create EF, create DF. */
const DIRECTORY_CHANGES = 0x07;

function recordOf(...objects: readonly Uint8Array[]): Uint8Array {
  const record = new Uint8Array(ACCESS_RECORD_LENGTH).fill(FILLER);
  record.set(concat(...objects));
  return record;
}

/** The records of EF.ARR, in order. */
export const ACCESS_RECORDS: readonly Uint8Array[] = [
  ...Object.values(ACCESS).map(({ record, read, update, deactivate }) => ({
    record,
    content: recordOf(
      ...[accessMode(0x01), securityCondition(read)],
      ...[accessMode(0x02), securityCondition(update)],
      ...[accessMode(DEACTIVATE), securityCondition(deactivate)],
    ),
  })),
  { record: DIRECTORY_RULE, content: recordOf(accessMode(DIRECTORY_CHANGES), securityCondition(never)) },
]
  .sort((a, b) => a.record - b.record)
  .map(({ content }) => content);
