import type { AnswerOf } from '../api/client.ts';
import { roleWords } from '../part/role-words.ts';
import { type TextName, t } from '../text/index.ts';
import { isKind, kindWords } from './alarms/words.ts';
import { lockWords, orderWords, reasonWords, resultWords } from './devices/words.ts';
import { isReason } from './lists/reasons.ts';
import { operatorWords } from './said-words.ts';

/** A text that may not be in the catalogue; then what is given instead. */
const wordsOr = (name: string, otherwise: string): string => {
  const words = t(name as TextName);
  return words === name ? otherwise : words;
};

const LEVELS: Readonly<Record<string, TextName>> = {
  attested: 'part.attested',
  'attested-static': 'part.attestedStatic',
  signed: 'part.signed',
  claimed: 'part.claimed',
  refuted: 'part.refuted',
};
const levelWords = (level: string): string => (LEVELS[level] === undefined ? level : t(LEVELS[level]));
const plain = (value: string): string => value;

/** Facts whose codes have words elsewhere, and facts that somebody wrote. */
const VALUES: Readonly<Record<string, (value: string) => string>> = {
  ...{ order: orderWords, sends: orderWords, result: resultWords, because: reasonWords },
  ...{ level: levelWords, evidence: levelWords, status: (status) => wordsOr(`part.${status}`, status) },
  reason: (reason) => (isReason(reason) ? t(`lists.reason-${reason}`) : reason),
  ...{ role: roleWords, roleBefore: roleWords },
  finding: (kind) => (isKind(kind) ? kindWords(kind) : kind),
  ...{
    note: plain,
    reasons: plain,
    name: plain,
    source: plain,
    why: plain,
    assignee: plain,
    proposedBy: plain,
    approvedBy: plain,
  },
  ...{ address: plain, text: plain, caseReference: plain, digits: plain, outcome: plain },
  state: (state) => {
    const lock = lockWords(state);
    return lock === state ? codeWords(state) : lock;
  },
};
const codeWords = (value: string): string => wordsOr(`fact.word-${value}`, value);

/** How a fact is called. */
export const factName = (name: string): string => wordsOr(`fact.name-${name}`, name);

type EntrySaid = NonNullable<AnswerOf<'GET /api/v1/audit'>['entries'][number]['said']>;
type SaidFact = keyof EntrySaid;
/** The sentences of each fact. */
const SAID_GROUPS: Readonly<Record<SaidFact, 'finding' | 'reason' | 'outcome'>> = {
  ...{ text: 'finding', reason: 'reason', reasons: 'reason', outcome: 'outcome' },
};
const isSaidFact = (name: string): name is SaidFact => Object.hasOwn(SAID_GROUPS, name);

/** What a fact says: sentences and codes in words, everything else as it is. */
export function factValue(name: string, value: unknown, said?: EntrySaid): string {
  if (isSaidFact(name) && said?.[name] !== undefined) {
    const english = Array.isArray(value) ? value.join(' ') : String(value);
    return operatorWords(SAID_GROUPS[name], said[name], english);
  }
  const words = VALUES[name] ?? codeWords;
  return Array.isArray(value) ? value.map((one) => words(String(one))).join(' ') : words(String(value));
}
