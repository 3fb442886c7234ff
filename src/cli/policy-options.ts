import { type Command, Option } from 'commander';
import type { LockRules } from '#protocol/imei-lock/index.ts';
import { numberArgument } from './argument.ts';

/** Rules of the IMEI lock, as they are said on the command line; one that is not said stays as it is. */
export interface PolicyOptions {
  readonly gate?: 'open' | 'enable';
  readonly terminalCannotProve?: 'grace' | 'permit' | 'block';
  readonly pairing?: 'free' | 'locked';
  readonly proveAtBoot?: 'yes' | 'no';
  readonly proveBeforeCall?: 'yes' | 'no';
  readonly grace?: number;
  readonly proveEvery?: number;
  readonly reportEvery?: number;
  readonly unansweredLimit?: number;
  readonly brokenLimit?: number;
}

const MOST_AUTHENTICATIONS = 0xffff;
const MOST_REPORTS = 0xff;

/** The command with an option for each rule of the lock that can also be changed over the air. */
export function withPolicy(command: Command): Command {
  const choice = (flags: string, description: string, ...choices: readonly string[]) =>
    command.addOption(new Option(flags, description).choices(choices));
  const count = (flags: string, description: string, most = MOST_AUTHENTICATIONS) =>
    command.option(flags, `${description}; 0: never`, numberArgument(0, most));
  choice(
    '--gate <rule>',
    'enable: no AUTHENTICATE until the IMEI is proved; open: only a false IMEI blocks',
    'open',
    'enable',
  );
  choice(
    '--terminal-cannot-prove <rule>',
    'a terminal that says it cannot: the gate and its grace decide, it is served and reported, or nothing goes on in it',
    ...['grace', 'permit', 'block'],
  );
  choice('--pairing <rule>', 'free: any handset that proves its IMEI; locked: only the first', 'free', 'locked');
  choice('--prove-at-boot <yes>', 'prove at power-on', 'yes', 'no');
  choice('--prove-before-call <yes>', 'prove before each call', 'yes', 'no');
  command.option(
    '--grace <number>',
    'authentications that the gate lets pass without a proof',
    numberArgument(0, MOST_AUTHENTICATIONS),
  );
  count('--prove-every <number>', 'prove again after so many authentications');
  count('--report-every <number>', 'report again after so many authentications without a change');
  count('--unanswered-limit <number>', 'reports without an answer until the IMEI counts as not proved', MOST_REPORTS);
  return count('--broken-limit <number>', 'proofs in a row with broken protection until the UICC blocks', MOST_REPORTS);
}

/** The rules that were said. */
export function rulesOf(options: PolicyOptions): Partial<LockRules> {
  const { gate, terminalCannotProve, pairing, proveAtBoot, proveBeforeCall, grace } = options;
  const { proveEvery, reportEvery, unansweredLimit, brokenLimit } = options;
  return {
    ...(gate !== undefined && { gate }),
    ...(terminalCannotProve !== undefined && { terminalCannotProve }),
    ...(pairing !== undefined && { pairing }),
    ...(proveAtBoot !== undefined && { proveAtBoot: proveAtBoot === 'yes' }),
    ...(proveBeforeCall !== undefined && { proveBeforeCall: proveBeforeCall === 'yes' }),
    ...(grace !== undefined && { graceAuthentications: grace }),
    ...(proveEvery !== undefined && { proveEvery }),
    ...(reportEvery !== undefined && { reportEvery }),
    ...(unansweredLimit !== undefined && { unansweredLimit }),
    ...(brokenLimit !== undefined && { brokenProtectionLimit: brokenLimit }),
  };
}

/** Rules in words for people, one of a pair for each rule that stands. */
export const rulesShown = (rules: LockRules): readonly (readonly [rule: string, value: string])[] => [
  ['gate', rules.gate],
  ['terminal cannot prove', rules.terminalCannotProve],
  ['pairing', rules.pairing],
  ['prove at boot', rules.proveAtBoot ? 'yes' : 'no'],
  ['prove before call', rules.proveBeforeCall ? 'yes' : 'no'],
  ['grace', String(rules.graceAuthentications)],
  ['prove every', String(rules.proveEvery)],
  ['report every', String(rules.reportEvery)],
  ['unanswered limit', String(rules.unansweredLimit)],
  ['broken limit', String(rules.brokenProtectionLimit)],
];
