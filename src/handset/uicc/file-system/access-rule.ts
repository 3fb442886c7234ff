import { berTlv, berTlvs, CodecError, type Format, format } from '#base/codec/index.ts';

/** Key references (TS 102 221 9.5.1): PIN1, PIN2 of an application, the universal PIN, ADM1. */
export const KEY = { pin1: 0x01, pin2: 0x81, universalPin: 0x11, adm1: 0x0a } as const;

/** Access modes of an EF by their bit in an AM-DO 80 (TS 102 221 9.2.4, ISO/IEC 7816-4 table 17). */
export const FILE_MODE = {
  read: 0x01,
  update: 0x02,
  append: 0x04,
  deactivate: 0x08,
  activate: 0x10,
  terminate: 0x20,
  delete: 0x40,
} as const;
/** Access modes of a DF (ISO/IEC 7816-4 table 16). */
export const DIRECTORY_MODE = {
  deleteChild: 0x01,
  createFile: 0x02,
  createDirectory: 0x04,
  deactivate: 0x08,
  activate: 0x10,
  terminate: 0x20,
  delete: 0x40,
} as const;

/** What must hold: always, never, a key reference that was verified, one of several, all of several. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'key'; readonly reference: number }
  | { readonly kind: 'or' | 'and'; readonly conditions: readonly Condition[] };

/** One AM-DO with its SC-DOs: for modes by bit, or for an instruction. */
interface Clause {
  /** Bits of access modes; 0 when the clause names an instruction. */
  readonly modes: number;
  readonly instruction: number | undefined;
  readonly condition: Condition;
}
/** A record of EF.ARR, ready to be asked. */
export type AccessRule = readonly Clause[];

const ALWAYS: Condition = { kind: 'always' };
const NEVER: Condition = { kind: 'never' };
const TAG = { mode: 0x80, always: 0x90, never: 0x97, key: 0xa4, or: 0xa0, and: 0xaf } as const;
const KEY_TAG = { reference: 0x83, usage: 0x95 } as const;
const USER_AUTHENTICATION = 0x08;
/** Templates in templates: no real rule is deeper. */
const DEEPEST = 4;
/** AM-DOs 81 to 8F name parts of a command header: 8 CLA, 4 INS, 2 P1, 1 P2 (ISO/IEC 7816-4 9.3.3.2). */
const isHeaderMode = (tag: number) => tag > 0x80 && tag <= 0x8f;
const INSTRUCTION_ONLY = 0x84;
const CLASS_AND_INSTRUCTION = 0x8c;

/**
 * The rule in a record of EF.ARR, or in a security object AB: pairs of access mode and security conditions, filled with FF. What cannot be
 * read makes a rule that grants nothing (TS 102 221 9.2.7: what is not granted is not allowed).
 */
export function accessRule(record: Uint8Array): AccessRule {
  let end = record.length;
  while (end > 0 && record[end - 1] === 0xff) end--;
  try {
    return clauses(record.subarray(0, end));
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}

function clauses(octets: Uint8Array): AccessRule {
  const found: Clause[] = [];
  let mode: Pick<Clause, 'modes' | 'instruction'> | undefined;
  let conditions: Condition[] = [];
  const close = () => {
    if (mode !== undefined && conditions.length > 0) found.push({ ...mode, condition: anyOf(conditions) });
    conditions = [];
  };
  for (const { tag, value } of berTlvs(octets)) {
    if (tag === TAG.mode || isHeaderMode(tag)) {
      close();
      mode = tag === TAG.mode ? { modes: value[0] ?? 0, instruction: undefined } : headerMode(tag, value);
    } else conditions.push(condition(tag, value, 0));
  }
  close();
  return found;
}

/** An AM-DO that names an instruction. One that wants certain parameters besides names nothing that is asked for here. */
function headerMode(tag: number, value: Uint8Array): Pick<Clause, 'modes' | 'instruction'> {
  const at = tag === INSTRUCTION_ONLY ? 0 : 1;
  return { modes: 0, instruction: tag === INSTRUCTION_ONLY || tag === CLASS_AND_INSTRUCTION ? value[at] : undefined };
}

/** A record of EF.ARR as a format: what it means, and the octets of a meaning. */
export const accessRuleFormat: Format<AccessRule> = format(
  (reader) => accessRule(reader.copy(reader.remaining)),
  (writer, rule) => {
    for (const { modes, instruction, condition } of rule) {
      writer.put(instruction === undefined ? modeOctets(modes) : Uint8Array.of(INSTRUCTION_ONLY, 1, instruction));
      writer.put(conditionOctets(condition));
    }
  },
);

function conditionOctets(condition: Condition): Uint8Array {
  switch (condition.kind) {
    case 'always':
      return Uint8Array.of(TAG.always, 0);
    case 'never':
      return Uint8Array.of(TAG.never, 0);
    case 'key': {
      const { reference } = condition;
      return Uint8Array.of(TAG.key, 6, KEY_TAG.reference, 1, reference, KEY_TAG.usage, 1, USER_AUTHENTICATION);
    }
    case 'or':
    case 'and':
      return berTlv(TAG[condition.kind], ...condition.conditions.map(conditionOctets));
  }
}

const modeOctets = (modes: number) => Uint8Array.of(TAG.mode, 1, modes);

/** Several SC-DOs behind one AM-DO are alternatives (ISO/IEC 7816-4 9.3.3). */
const anyOf = (conditions: readonly Condition[]): Condition =>
  conditions.length === 1 ? (conditions[0] as Condition) : { kind: 'or', conditions };

function condition(tag: number, value: Uint8Array, depth: number): Condition {
  switch (tag) {
    case TAG.always:
      return ALWAYS;
    case TAG.key:
      return keyCondition(value);
    case TAG.or:
    case TAG.and:
      if (depth === DEEPEST) return NEVER;
      return {
        kind: tag === TAG.or ? 'or' : 'and',
        conditions: berTlvs(value).map((inner) => condition(inner.tag, inner.value, depth + 1)),
      };
    default:
      // 97, and what this card cannot check: secure messaging, certificates, biometrics.
      return NEVER;
  }
}

/** A control reference template of user authentication: one key reference, or several of which all are wanted. */
function keyCondition(template: Uint8Array): Condition {
  const keys = berTlvs(template).flatMap(({ tag, value }): Condition[] =>
    tag === KEY_TAG.reference && value.length === 1 ? [{ kind: 'key', reference: value[0] as number }] : [],
  );
  if (keys.length === 0) return NEVER;
  return keys.length === 1 ? (keys[0] as Condition) : { kind: 'and', conditions: keys };
}

/** Whether a condition holds; `isVerified` says whether a key reference was. An empty template holds never. */
export function holds(condition: Condition, isVerified: (reference: number) => boolean): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'key':
      return isVerified(condition.reference);
    case 'or':
      return condition.conditions.some((inner) => holds(inner, isVerified));
    case 'and':
      return condition.conditions.length > 0 && condition.conditions.every((inner) => holds(inner, isVerified));
  }
}

/** The condition on a mode of access; never when the rule says nothing about it. */
export function conditionOf(rule: AccessRule, mode: number): Condition {
  for (let i = 0; i < rule.length; i++) {
    const clause = rule[i] as Clause;
    if ((clause.modes & mode) !== 0) return clause.condition;
  }
  return NEVER;
}

/** The condition on an instruction that has no bit of its own: INCREASE, RESIZE FILE. */
export function conditionOfInstruction(rule: AccessRule, instruction: number): Condition {
  return rule.find((clause) => clause.instruction === instruction)?.condition ?? NEVER;
}

// ---- the rules of the standard card ----

/** Octets of a record of EF.ARR, filled with FF. */
export const ACCESS_RECORD_LENGTH = 80;

const key = (reference: number): Condition => ({ kind: 'key', reference });
const pin1 = key(KEY.pin1);
const pin2 = key(KEY.pin2);
const adm1 = key(KEY.adm1);

/** Instructions with a rule of their own (TS 102 221 11.1.8, TS 102 222 6.10). */
export const INSTRUCTION = { increase: 0x32, resize: 0xd4 } as const;
const MANAGE = FILE_MODE.deactivate | FILE_MODE.activate;
const END = FILE_MODE.terminate | FILE_MODE.delete;

const modeClause = (modes: number, condition: Condition): Clause => ({ modes, instruction: undefined, condition });
const insClause = (instruction: number, condition: Condition): Clause => ({ modes: 0, instruction, condition });

function record(...rule: AccessRule): Uint8Array {
  const filled = new Uint8Array(ACCESS_RECORD_LENGTH).fill(0xff);
  filled.set(accessRuleFormat.encode(rule));
  return filled;
}

/** Read, update, deactivate and activate, INCREASE; terminating, deleting and resizing are for ADM1 unless nobody manages the file. */
function fileRecord(
  read: Condition,
  update: Condition,
  manage: Condition = adm1,
  increase: Condition = update,
): Uint8Array {
  return record(
    modeClause(FILE_MODE.read, read),
    modeClause(FILE_MODE.update, update),
    modeClause(MANAGE, manage),
    ...(manage === NEVER ? [] : [modeClause(END, adm1), insClause(INSTRUCTION.resize, adm1)]),
    ...(increase === NEVER ? [] : [insClause(INSTRUCTION.increase, increase)]),
  );
}

/** Records of EF.ARR that the rows of the tables name. */
export const ACCESS = {
  alwaysPin: 1,
  alwaysAdm: 2,
  alwaysNever: 3,
  pinPin: 4,
  pinAdm: 5,
  pinNever: 6,
  /** Every DF: ADM1 creates and deletes. */
  directory: 7,
  admAdm: 8,
  pinPin2: 9,
  alwaysAlways: 10,
  /** FDN and its like: read by PIN1, updated by PIN2, switched by PIN2 or ADM1. */
  pinPin2Managed: 11,
  pin2Pin2: 12,
  /** EF.ARR itself, and what else stays as it was issued: whatever holds the rules stays. */
  fixed: 13,
  /** The call meter: set by PIN2, counted on by PIN1 (TS 31.102 4.2.9). */
  pinPin2Counted: 14,
  /** Abbreviated numbers, which FDN switches off: PIN2 or ADM1 manages them (TS 31.102 4.4.2.3). */
  pinPinManaged: 15,
} as const;

const DIRECTORY_CHILDREN = DIRECTORY_MODE.deleteChild | DIRECTORY_MODE.createFile | DIRECTORY_MODE.createDirectory;

/** The records of EF.ARR, in order: EF.ARR of the MF and of every application hold the same (TS 102 221 9.2.7). */
export const ACCESS_RECORDS: readonly Uint8Array[] = [
  fileRecord(ALWAYS, pin1),
  fileRecord(ALWAYS, adm1),
  fileRecord(ALWAYS, NEVER),
  fileRecord(pin1, pin1),
  fileRecord(pin1, adm1),
  fileRecord(pin1, NEVER),
  record(modeClause(DIRECTORY_CHILDREN | MANAGE | END, adm1), insClause(INSTRUCTION.resize, adm1)),
  fileRecord(adm1, adm1),
  fileRecord(pin1, pin2),
  fileRecord(ALWAYS, ALWAYS),
  fileRecord(pin1, pin2, { kind: 'or', conditions: [pin2, adm1] }),
  fileRecord(pin2, pin2),
  fileRecord(ALWAYS, NEVER, NEVER),
  fileRecord(pin1, pin2, adm1, pin1),
  fileRecord(pin1, pin1, { kind: 'or', conditions: [pin2, adm1] }),
];
