import { Imei, Imsi } from '#base/identity/index.ts';
import { AUDIT_SUBJECTS, type AuditSubject } from '#operator/audit/index.ts';
import { type Column, DatabaseError } from '#operator/database/index.ts';
import { maskedSubject, SUBJECT_IDENTITIES, type SubjectIdentity } from '#operator/privacy/index.ts';
import { type AccessChange, tokenChange, userChange } from './access-change.ts';
import { Members } from './change-members.ts';
import { type FleetChange, fleetChange } from './fleet-change.ts';
import { checkPrefix } from './imsi-defaults.ts';
import { LIST_REASONS, LISTS, type ListName, type ListReason } from './list-entry.ts';
import { LIST_FORMATS, type ListFormat } from './list-format/index.ts';
import { checkBounds, type ImsiRange, PAIR_RULES, type PairRuleKind } from './pair-rules.ts';
import { checkImeis, type ImeiRange, rangeSubject } from './ranges.ts';
import {
  checkSetting,
  SETTING_NAMES,
  type SettingName,
  UNKNOWN_ANSWERS,
  type UnknownAnswer,
} from './register-settings.ts';

/** What every new entry or rule says besides its subject; texts may be empty, the source may not. */
interface Said {
  readonly source: string;
  readonly note: string;
  readonly caseReference: string;
  /** Milliseconds since 1970 from which it no longer counts. */
  readonly expiresAt?: number;
}

/** IMEIs from one to another, 14 digits each. */
interface WrittenImeis {
  readonly first: string;
  readonly last: string;
}
/** IMSIs from one to another, as many digits each. */
interface WrittenImsis {
  readonly firstImsi: string;
  readonly lastImsi: string;
}

/** A change of one entry or rule, as it is kept and as programs say it: numbers are digits, nothing is parsed yet. */
export type EntryChange =
  | ({
      readonly about: 'imei';
      readonly change: 'add';
      readonly imei: string;
      readonly list: ListName;
      readonly reason: ListReason;
    } & Said)
  | {
      readonly about: 'imei';
      readonly change: 'remove';
      readonly imei: string;
      readonly list: ListName;
      readonly source: string;
    }
  | ({
      readonly about: 'range';
      readonly change: 'add';
      readonly list: ListName;
      readonly reason: ListReason;
    } & WrittenImeis &
      Said)
  | ({
      readonly about: 'range';
      readonly change: 'remove';
      readonly list: ListName;
      readonly source: string;
    } & WrittenImeis)
  | ({ readonly about: 'pair'; readonly change: 'add'; readonly kind: PairRuleKind } & WrittenImeis &
      WrittenImsis &
      Said)
  | ({
      readonly about: 'pair';
      readonly change: 'remove';
      readonly kind: PairRuleKind;
      readonly source: string;
    } & WrittenImeis &
      WrittenImsis)
  | {
      readonly about: 'imsiDefault';
      readonly change: 'add';
      readonly prefix: string;
      readonly answer: UnknownAnswer;
      readonly note: string;
    }
  | { readonly about: 'imsiDefault'; readonly change: 'remove'; readonly prefix: string };

/** How a file is understood: whoever approves it has to have it understood in the same way. */
export interface FileMeaning {
  readonly list: ListName;
  readonly source: string;
  readonly kind: 'delta' | 'full';
  readonly format?: ListFormat;
  /** A ColumnMapping as JSON. */
  readonly mapping?: string;
  readonly pairs?: 'allow' | 'lock';
  /** What lines do that do not say it. */
  readonly lines?: 'add' | 'remove' | 'update';
  readonly lostZeros?: 14 | 15;
  readonly reason?: ListReason;
  readonly caseReference?: string;
  readonly expiresAt?: number;
}

/** What a file would do, in numbers of entries. */
export interface FileNumbers {
  readonly added: number;
  readonly removed: number;
  readonly updated: number;
  readonly rules: number;
  readonly bad: number;
  readonly subscribersHit: number;
  /** Among the added and updated: entries of the black list and locks. */
  readonly prohibiting: number;
}

/** The import of a file. The file itself is not kept: it is known by the SHA-256 of its octets. */
export type FileChange = {
  readonly about: 'file';
  /** 64 hexadecimal digits, upper case. */
  readonly sha256: string;
  readonly name: string;
} & FileMeaning &
  FileNumbers;

/** What taking an import back does, in numbers of entries. */
export interface UndoNumbers {
  /** Entries that the import added, and that go. */
  readonly leaving: number;
  /** Entries that it removed, and that come back. */
  readonly returning: number;
  /** Entries that it changed, and that become what they were. */
  readonly restored: number;
  /** Ranges and pair rules that go or come back. */
  readonly rules: number;
  /** Among all that comes back: entries of the black list, and locks. */
  readonly prohibiting: number;
  /** Subscribers in use whose handset comes back onto the black list, and those whose handset leaves it. */
  readonly subscribersHit: number;
  readonly subscribersFreed: number;
}

/** The undoing of an import. */
export type UndoChange = {
  readonly about: 'undo';
  readonly batch: number;
  /** The file that was imported, into which list, of which source. */
  readonly name: string;
  readonly list: ListName;
  readonly source: string;
} & UndoNumbers;

/** A setting of the register, from one value to another. */
export interface SettingChange {
  readonly about: 'setting';
  readonly name: SettingName;
  readonly value: string;
  readonly before: string;
}

/** The erasure of what is kept about somebody. */
export interface ErasureChange {
  readonly about: 'erasure';
  readonly identity: SubjectIdentity;
  /** As they are kept; masked once it is done. */
  readonly digits: string;
}

/** A maker's root that is withdrawn: UICCs issued from then on do not believe it, and a roll-out takes it from the others. */
export interface MakerChange {
  readonly about: 'maker';
  readonly change: 'remove';
  /** CA identifier, in hexadecimal. */
  readonly identifier: string;
}

/** A change that may have to wait for a second person. */
export type ListChange =
  | EntryChange
  | FileChange
  | UndoChange
  | SettingChange
  | ErasureChange
  | MakerChange
  | AccessChange
  | FleetChange;

/** Longest column mapping that is kept, in characters of JSON. */
const LONGEST_MAPPING = 4000;
const SHA256 = /^[0-9A-F]{64}$/;

/** Entries, rules and files; everything else is changed in the same way, and prohibits nothing by itself. */
export function isOfLists(change: ListChange): change is EntryChange | FileChange | UndoChange {
  return !['setting', 'erasure', 'maker', 'user', 'token', 'fleet'].includes(change.about);
}

/**
 * True for what makes something Prohibited: an entry of the black list, a lock, such a default, a file with such, the undoing of an import
 * that brings such back. Taking a single one away never does here, but for a maker: handsets with its supports lose service.
 */
export function isProhibiting(change: ListChange): boolean {
  if (change.about === 'maker') return true;
  if (!isOfLists(change)) return false;
  if (change.about === 'file' || change.about === 'undo') return change.prohibiting > 0;
  if (change.change === 'remove') return false;
  if (change.about === 'imsiDefault') return change.answer === 'prohibited';
  return change.about === 'pair' ? change.kind === 'lock' : change.list === 'black';
}

/** The IMEI, the IMEIs, the IMSI prefix, the file, the batch, the setting or the person that a change is about, as audit entries name it. */
export function subjectOf(change: ListChange): AuditSubject {
  switch (change.about) {
    case 'file':
    case 'setting':
    case 'user':
    case 'token':
      return change.name;
    case 'fleet':
      return AUDIT_SUBJECTS.say('fleet');
    case 'undo':
      return AUDIT_SUBJECTS.say('batch', { batch: change.batch });
    case 'maker':
      return AUDIT_SUBJECTS.say('maker', { identifier: change.identifier });
    case 'imsiDefault':
      return AUDIT_SUBJECTS.say('imsiPrefix', { prefix: change.prefix });
    case 'imei':
      return change.imei;
    case 'erasure':
      // The subject of an entry stays in the log for ever.
      return maskedSubject(change);
    default:
      return rangeSubject(imeisOf(change));
  }
}

/** The same in English. */
export function subjectText(change: ListChange): string {
  const subject = subjectOf(change);
  return typeof subject === 'string' ? subject : AUDIT_SUBJECTS.words(subject);
}

/** A range as it is written, parsed. Throws IdentityError; RangeError when the first is above the last. */
export function imeisOf({ first, last }: WrittenImeis): ImeiRange {
  const range = { first: Imei.parse(first), last: Imei.parse(last) };
  checkImeis(range);
  return range;
}

/** IMSIs as they are written, parsed. Throws IdentityError. */
export const imsisOf = ({ firstImsi, lastImsi }: WrittenImsis): ImsiRange => ({
  firstImsi: Imsi.parse(firstImsi),
  lastImsi: Imsi.parse(lastImsi),
});

const ABOUT = [
  ...(['imei', 'range', 'pair', 'imsiDefault', 'file', 'undo'] as const),
  ...(['setting', 'erasure', 'user', 'token', 'fleet', 'maker'] as const),
] as const;

/** A change out of anything: its members checked, others left out. Throws RangeError saying which member has to be what. */
export function listChange(value: unknown): ListChange {
  if (typeof value !== 'object' || value === null) throw new RangeError('change: expected an object');
  const members = new Members(value as Readonly<Record<string, unknown>>);
  const about = members.oneOf('about', ABOUT);
  if (about === 'file') return fileChange(members);
  if (about === 'undo') return undoChange(members);
  if (about === 'setting') return settingChange(members);
  if (about === 'erasure') return erasureChange(members);
  if (about === 'maker') return makerChange(members);
  if (about === 'user') return userChange(members);
  if (about === 'token') return tokenChange(members);
  if (about === 'fleet') return fleetChange(members);
  const change = members.oneOf('change', ['add', 'remove']);
  if (about === 'imsiDefault') return imsiDefaultChange(members, change);
  if (about === 'imei') {
    const entry = { about, imei: members.imei('imei'), list: members.oneOf('list', LISTS) };
    if (change === 'remove') return { ...entry, change, source: members.source() };
    return { ...entry, change, reason: members.oneOf('reason', LIST_REASONS), ...saidBy(members) };
  }
  const imeis = { first: members.imei('first'), last: members.imei('last') };
  const range = imeisOf(imeis);
  if (about === 'range') {
    const entry = { about, ...imeis, list: members.oneOf('list', LISTS) };
    if (change === 'remove') return { ...entry, change, source: members.source() };
    return { ...entry, change, reason: members.oneOf('reason', LIST_REASONS), ...saidBy(members) };
  }
  const imsis = { firstImsi: members.imsi('firstImsi'), lastImsi: members.imsi('lastImsi') };
  checkBounds({ ...range, ...imsisOf(imsis) });
  const rule = { about, kind: members.oneOf('kind', PAIR_RULES), ...imeis, ...imsis };
  return change === 'remove' ? { ...rule, change, source: members.source() } : { ...rule, change, ...saidBy(members) };
}

const saidBy = (members: Members): Said => ({
  source: members.source(),
  note: members.text('note'),
  caseReference: members.text('caseReference'),
  ...(members.has('expiresAt') && { expiresAt: members.count('expiresAt') }),
});

function fileChange(members: Members): FileChange {
  const sha256 = members.text('sha256');
  if (!SHA256.test(sha256)) throw new RangeError('sha256: expected 64 hexadecimal digits in upper case');
  return {
    ...{ about: 'file', sha256, name: members.text('name') },
    ...{ list: members.oneOf('list', LISTS), source: members.source(), kind: members.oneOf('kind', ['delta', 'full']) },
    ...(members.has('format') && { format: members.oneOf('format', LIST_FORMATS) }),
    ...(members.has('mapping') && { mapping: members.text('mapping', LONGEST_MAPPING) }),
    ...(members.has('pairs') && { pairs: members.oneOf('pairs', PAIR_RULES) }),
    ...(members.has('lines') && { lines: members.oneOf('lines', ['add', 'remove', 'update']) }),
    ...(members.has('lostZeros') && { lostZeros: members.oneOf('lostZeros', [14, 15]) }),
    ...(members.has('reason') && { reason: members.oneOf('reason', LIST_REASONS) }),
    ...(members.has('caseReference') && { caseReference: members.text('caseReference') }),
    ...(members.has('expiresAt') && { expiresAt: members.count('expiresAt') }),
    ...{ added: members.count('added'), removed: members.count('removed'), updated: members.count('updated') },
    ...{ rules: members.count('rules'), bad: members.count('bad'), subscribersHit: members.count('subscribersHit') },
    prohibiting: members.count('prohibiting'),
  };
}

function imsiDefaultChange(members: Members, change: 'add' | 'remove'): ListChange {
  const prefix = members.text('prefix');
  checkPrefix(prefix);
  if (change === 'remove') return { about: 'imsiDefault', change, prefix };
  const answer = members.oneOf('answer', UNKNOWN_ANSWERS);
  return { about: 'imsiDefault', change, prefix, answer, note: members.text('note') };
}

function undoChange(members: Members): UndoChange {
  return {
    ...{ about: 'undo', batch: members.count('batch'), name: members.text('name') },
    ...{ list: members.oneOf('list', LISTS), source: members.source() },
    ...{ leaving: members.count('leaving'), returning: members.count('returning') },
    ...{ restored: members.count('restored'), rules: members.count('rules') },
    ...{ prohibiting: members.count('prohibiting'), subscribersHit: members.count('subscribersHit') },
    subscribersFreed: members.count('subscribersFreed'),
  };
}

function settingChange(members: Members): SettingChange {
  const name = members.oneOf('name', SETTING_NAMES);
  const value = members.text('value');
  checkSetting(name, value);
  return { about: 'setting', name, value, before: members.text('before') };
}

function erasureChange(members: Members): ErasureChange {
  const digits = members.text('digits');
  if (!/^[\d…]{4,20}$/.test(digits)) throw new RangeError('digits: expected those of an identity');
  return { about: 'erasure', identity: members.oneOf('identity', SUBJECT_IDENTITIES), digits };
}

function makerChange(members: Members): MakerChange {
  const identifier = members.text('identifier');
  if (!/^([0-9A-F]{2}){1,16}$/.test(identifier))
    throw new RangeError('identifier: expected 1 to 16 octets in hexadecimal, upper case');
  return { about: 'maker', change: members.oneOf('change', ['remove']), identifier };
}

/** TEXT that is a change as JSON. */
export const listChangeColumn: Column<ListChange> = (value, name) => {
  if (typeof value !== 'string') throw new DatabaseError(`column ${name}: expected text, got ${typeof value}`);
  try {
    return listChange(JSON.parse(value));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new DatabaseError(`column ${name}: expected a change of the lists; ${error.message}`, { cause: error });
  }
};
