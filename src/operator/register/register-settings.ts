import { type Refusal, RefusalError } from '#base/sentence/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, settings } from '#operator/database/index.ts';
import { admitsDuplicateSetting, DUPLICATE_RULES, type DuplicateSettingName } from '#operator/evidence/index.ts';
import { admitsRetention, RETENTION_RULES, type RetentionName } from '#operator/privacy/index.ts';
import { type EquipmentStatus, REGISTER_MODES, type RegisterMode } from './decision.ts';
import { FRONTS, type Front } from './front.ts';
import { type Approved, approvedBy } from './lists.ts';
import { REGISTER_REFUSALS } from './refusals.ts';

/** What a front answers when nothing is known of an IMEI; `unknown`: the interface's own word for it (404, 5422). */
export const UNKNOWN_ANSWERS = ['permitted', 'tracking', 'prohibited', 'unknown'] as const;
/** What a front answers when nothing is known of an IMEI. */
export type UnknownAnswer = (typeof UNKNOWN_ANSWERS)[number];

/** What may go wrong in a check: no lists in memory yet; lists older than allowed; what was asked about is no IMEI. */
export const FAILURE_CAUSES = ['notLoaded', 'listTooOld', 'notAnImei'] as const;
/** What may go wrong in a check. */
export type FailureCause = (typeof FAILURE_CAUSES)[number];
/** The answer then; `unavailable`: the interface's "not now"; `asListed`: by the lists as they are. */
export const FAILURE_ANSWERS = [...UNKNOWN_ANSWERS, 'unavailable', 'asListed'] as const;
/** The answer when something is wrong. */
export type FailureAnswer = (typeof FAILURE_ANSWERS)[number];

/** When a change needs a second person, the one that asks least first. */
export const APPROVAL_RULES = ['never', 'prohibiting', 'always'] as const;
/** When a change of the lists needs a second person. */
export type ApprovalRule = (typeof APPROVAL_RULES)[number];

/** When changes of users, and orders to a whole fleet, need a second person. */
export const SECOND_PERSON_RULES = ['never', 'always'] as const;
/** When changes of users, and orders to a whole fleet, need a second person. */
export type SecondPersonRule = (typeof SECOND_PERSON_RULES)[number];

/** All that operators set about the register. Times are milliseconds. */
export interface RegisterSettings {
  readonly mode: RegisterMode;
  /** What handsets get that only claim an IMEI which another one proves. */
  readonly cloneStatus: 'tracking' | 'prohibited';
  /** How long a claim against an older proof is tolerated until the UICC reports. */
  readonly proofGrace: number;
  readonly unknown: Readonly<Record<Front, UnknownAnswer>>;
  readonly failure: Readonly<Record<FailureCause, FailureAnswer>>;
  /** Age of a node's lists from which they are too old. */
  readonly oldestList: number;
  readonly approval: ApprovalRule;
  /** The same for new rules that are ordered for a whole fleet. */
  readonly fleetApproval: SecondPersonRule;
  /** The same for users, their roles and passwords, and for tokens that may decide. */
  readonly userApproval: SecondPersonRule;
}

/** A setting by name, as it is kept. */
export type SettingName =
  | 'mode'
  | 'cloneStatus'
  | 'proofGrace'
  | 'oldestList'
  | 'approval'
  | 'approval.fleet'
  | 'approval.users'
  | `unknown.${Front}`
  | `failure.${FailureCause}`
  | DuplicateSettingName
  | RetentionName;

interface Rule {
  readonly standard: string;
  /** Why a value cannot be: what it has to be, in words and as a code. */
  readonly refuse: (came: string) => Refusal;
  readonly admits: (value: string) => boolean;
}

const oneOfThese = (standard: string, ...values: readonly string[]): Rule => ({
  standard,
  refuse: (came) => REGISTER_REFUSALS.say('badChoice', { choices: values.join(', '), came }),
  admits: (value) => values.includes(value),
});
const milliseconds = (standard: number): Rule => ({
  standard: String(standard),
  refuse: (came) => REGISTER_REFUSALS.say('badMilliseconds', { came }),
  admits: (value) => /^\d{1,15}$/.test(value),
});

/** The rules of evidence/duplicate-settings: kept and audited as the others are. */
const DUPLICATES = Object.fromEntries(
  (Object.keys(DUPLICATE_RULES) as DuplicateSettingName[]).map((name) => [
    name,
    {
      standard: String(DUPLICATE_RULES[name].standard),
      refuse(came) {
        const { least, most, expected } = DUPLICATE_RULES[name];
        return { ...REGISTER_REFUSALS.say('badNumber', { least, most, came }), expected };
      },
      admits: (value) => admitsDuplicateSetting(name, value),
    },
  ]),
) as Record<DuplicateSettingName, Rule>;

/** The rules of privacy/retention, likewise. */
const RETENTION = Object.fromEntries(
  (Object.keys(RETENTION_RULES) as RetentionName[]).map((name) => [
    name,
    {
      standard: RETENTION_RULES[name].standard,
      refuse: (came) => REGISTER_REFUSALS.say('badDays', { most: RETENTION_RULES[name].most, came }),
      admits: (value) => admitsRetention(name, value),
    },
  ]),
) as Record<RetentionName, Rule>;

const RULES: Readonly<Record<SettingName, Rule>> = {
  mode: oneOfThese('enforce', ...REGISTER_MODES),
  cloneStatus: oneOfThese('tracking', 'tracking', 'prohibited'),
  // Time for a SIM that moved to report from its new handset.
  proofGrace: milliseconds(10 * 60_000),
  oldestList: milliseconds(24 * 3_600_000),
  approval: oneOfThese('never', ...APPROVAL_RULES),
  'approval.fleet': oneOfThese('never', ...SECOND_PERSON_RULES),
  'approval.users': oneOfThese('never', ...SECOND_PERSON_RULES),
  'unknown.n5g-eir': oneOfThese('permitted', ...UNKNOWN_ANSWERS),
  'unknown.s13': oneOfThese('permitted', ...UNKNOWN_ANSWERS),
  'unknown.gsup': oneOfThese('permitted', ...UNKNOWN_ANSWERS),
  'unknown.api': oneOfThese('permitted', ...UNKNOWN_ANSWERS),
  'failure.notLoaded': oneOfThese('unavailable', ...FAILURE_ANSWERS),
  'failure.listTooOld': oneOfThese('asListed', ...FAILURE_ANSWERS),
  'failure.notAnImei': oneOfThese('unknown', ...FAILURE_ANSWERS),
  ...DUPLICATES,
  ...RETENTION,
};

/** Every setting, in the order people are shown them. */
export const SETTING_NAMES = Object.keys(RULES) as readonly SettingName[];

/** What a setting may be, in words. */
export const settingExpects = (name: SettingName): string => RULES[name].refuse('').expected;

/** Throws RangeError for a value that a setting cannot have. */
export function checkSetting(name: SettingName, value: string): void {
  if (!RULES[name].admits(value)) throw new RefusalError(RULES[name].refuse(value.slice(0, 40)), name);
}

/** A setting that changes. */
interface ChangedSetting {
  readonly name: SettingName;
  readonly before: string;
  readonly value: string;
}

/** Settings that say what handsets are answered. */
const ANSWERING = /^(?:mode|cloneStatus|unknown\..*|failure\..*)$/;

/** Settings that ask a second person only where there is one (see Approvals). */
export const asksOthers = (name: SettingName): boolean => name === 'approval.fleet' || name === 'approval.users';

/** True when a setting may not be changed so by one person alone, as `rule` stands. */
export function settingMustWait({ name, before, value }: ChangedSetting, rule: ApprovalRule): boolean {
  // Whoever could lower this one alone would need nobody for anything.
  if (name === 'approval') return APPROVAL_RULES.indexOf(value as ApprovalRule) < APPROVAL_RULES.indexOf(rule);
  if (asksOthers(name)) return value === 'never' && before !== 'never';
  if (rule === 'never' || value === before || !ANSWERING.test(name)) return false;
  if (rule === 'always' || value === 'prohibited') return true;
  // To track is left to one: it is how a wrong list is stopped at once. To enforce prohibits; to off permits what nobody looks at any more.
  return name === 'mode' && value !== 'track';
}

/** The settings of a register. */
export interface KeptSettings {
  /** All of them as they stand. */
  read(): RegisterSettings;
  /** One as it is kept. */
  value(name: SettingName): string;
  /** Sets one, audited with what it was. Throws RangeError for a value it cannot have. */
  set(name: SettingName, value: string, author: string, reason: string, approved?: Approved): void;
}

const admitted = (name: SettingName, kept: string | undefined): string =>
  kept !== undefined && RULES[name].admits(kept) ? kept : RULES[name].standard;

/** All settings from what is kept of each by its name. A value that this version does not know, or none, counts as the standard one. */
export function settingsOf(kept: (name: SettingName) => string | undefined): RegisterSettings {
  const value = (name: SettingName) => admitted(name, kept(name));
  // Each rule admits the values of its type alone.
  const typed = <T>(name: SettingName) => value(name) as T;
  return {
    mode: typed('mode'),
    cloneStatus: typed('cloneStatus'),
    proofGrace: Number(value('proofGrace')),
    unknown: Object.fromEntries(
      FRONTS.map((front) => [front, value(`unknown.${front}`)]),
    ) as RegisterSettings['unknown'],
    failure: Object.fromEntries(
      FAILURE_CAUSES.map((cause) => [cause, value(`failure.${cause}`)]),
    ) as RegisterSettings['failure'],
    oldestList: Number(value('oldestList')),
    approval: typed('approval'),
    fleetApproval: typed('approval.fleet'),
    userApproval: typed('approval.users'),
  };
}

/** The settings kept in this database. A value that this version does not know counts as the standard one. */
export function registerSettings(options: { database: Database; audit: Audit; feed: ChangeFeed }): KeptSettings {
  const { database, audit, feed } = options;
  const kept = settings(database);
  const value = (name: SettingName) => admitted(name, kept.get(name));
  return {
    value,
    read: () => settingsOf(kept.get),
    set: (name, wanted, author, reason, approved = {}) =>
      database.transaction(() => {
        checkSetting(name, wanted);
        const before = value(name);
        kept.set(name, wanted);
        feed.note({ kind: 'setting', key: name });
        const detail = { value: wanted, before, reason, ...approvedBy(approved) };
        audit.append({ kind: 'setting', author, subject: name, detail });
      }),
  };
}

/** The status people are told for an answer that may also be `unknown`: the register then knows nothing against the IMEI. */
export const statusOfUnknown = (answer: UnknownAnswer): EquipmentStatus =>
  answer === 'unknown' ? 'permitted' : answer;
