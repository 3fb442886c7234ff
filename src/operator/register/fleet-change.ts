import type { LockRules } from '#protocol/imei-lock/index.ts';
import type { Members } from './change-members.ts';

/** What an order to a fleet would do, as it was shown. */
export interface FleetNumbers {
  /** UICCs of these selected, and of those with a rule that changes. */
  readonly selected: number;
  readonly changed: number;
  /** Handsets that lose service, and those that get it. */
  readonly losing: number;
  readonly gaining: number;
}

/** New rules for the locks of many UICCs. */
export interface FleetChange extends FleetNumbers {
  readonly about: 'fleet';
  /** UICCs whose rules are these; an empty one means all. */
  readonly select: Partial<LockRules>;
  readonly rules: Partial<LockRules>;
  readonly caseReference: string;
  /** Orders that were queued since it was approved. */
  readonly ordered?: number;
}

const CHOICES = {
  gate: ['open', 'enable'],
  terminalCannotProve: ['grace', 'permit', 'block'],
  pairing: ['free', 'locked'],
} as const;
const FLAGS = ['proveAtBoot', 'proveBeforeCall'] as const;
const COUNTS = [
  ...(['graceAuthentications', 'proveEvery', 'reportEvery'] as const),
  ...(['unansweredLimit', 'brokenProtectionLimit'] as const),
] as const;

/** The numbers that are agreed to. */
type ShownNumbers = Pick<FleetNumbers, 'changed' | 'losing'>;

/** True when it does more than was shown: to more UICCs, or more handsets lose service. */
export const isMoreThan = (now: ShownNumbers, shown: ShownNumbers): boolean =>
  now.changed > shown.changed || now.losing > shown.losing;

/** Rules in one run of words, as the log has them. */
export const rulesText = (rules: Partial<LockRules>): string =>
  Object.entries(rules)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function rulesIn(members: Members): Partial<LockRules> {
  return {
    ...(members.has('gate') && { gate: members.oneOf('gate', CHOICES.gate) }),
    ...(members.has('terminalCannotProve') && {
      terminalCannotProve: members.oneOf('terminalCannotProve', CHOICES.terminalCannotProve),
    }),
    ...(members.has('pairing') && { pairing: members.oneOf('pairing', CHOICES.pairing) }),
    ...Object.fromEntries(FLAGS.filter((name) => members.has(name)).map((name) => [name, members.flag(name)])),
    ...Object.fromEntries(COUNTS.filter((name) => members.has(name)).map((name) => [name, members.count(name)])),
  };
}

/** An order to a fleet out of anything. Throws RangeError. */
export function fleetChange(members: Members): FleetChange {
  return {
    ...{ about: 'fleet', select: rulesIn(members.inside('select')), rules: rulesIn(members.inside('rules')) },
    caseReference: members.text('caseReference'),
    ...{ selected: members.count('selected'), changed: members.count('changed') },
    ...{ losing: members.count('losing'), gaining: members.count('gaining') },
    ...(members.has('ordered') && { ordered: members.count('ordered') }),
  };
}
