import type { AnswerOf } from '../api/client.ts';
import { authorWords } from '../part/author-words.ts';
import { roleWords } from '../part/role-words.ts';
import { numberText, type TextName, t, timeText } from '../text/index.ts';
import { isKind, kindWords } from './alarms/words.ts';
import { lockWords, orderWords, reasonWords, resultWords } from './devices/words.ts';
import { isReason, sourceWords } from './lists/reasons.ts';
import { isRule, valueWord } from './policy/rules.ts';
import { settingName, settingValue } from './policy/setting-words.ts';
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

/** Which column is what: `imei=2,reason=3`, and as it is kept, in JSON. Column names are the file's own. */
const mappingWords = (mapping: string): string =>
  mapping
    .split(',')
    .flatMap((part) => {
      const [, name = '', column = ''] = /^\W*(\w+)\W+(.*?)\W*$/.exec(part) ?? [];
      const words = t(`lists.column-${name}` as TextName);
      return words === `lists.column-${name}` ? [] : [t('devices.fact', { name: words, value: column })];
    })
    .join(', ');

/** Facts whose codes have words elsewhere, and facts that somebody wrote. */
const VALUES: Readonly<Record<string, (value: string) => string>> = {
  ...{ order: orderWords, sends: orderWords, result: resultWords, because: (why) => fallen(reasonWords(why), why) },
  ...{ level: levelWords, evidence: levelWords, status: (status) => wordsOr(`part.${status}`, status) },
  reason: (reason) => (isReason(reason) ? t(`lists.reason-${reason}`) : wordsOr(`fact.reason-${reason}`, reason)),
  ...{ role: roleWords, roleBefore: roleWords },
  finding: (kind) => (isKind(kind) ? kindWords(kind) : kind),
  ...{
    note: plain,
    reasons: plain,
    name: (name) => settingName(name) ?? name,
    source: sourceWords,
    mapping: mappingWords,
    why: plain,
    assignee: plain,
    proposedBy: authorWords,
    approvedBy: authorWords,
  },
  ...{ address: plain, text: plain, caseReference: plain, digits: plain, outcome: plain },
  state: (state) => fallen(lockWords(state), state),
};
const codeWords = (value: string): string => wordsOr(`fact.word-${value}`, roleWords(value));
/** What was found; for a code that has no words there, those of all facts. */
const fallen = (words: string, code: string): string => (words === code ? codeWords(code) : words);

/** Whether a fact says anything: not one that is empty, nor that nothing was wrong with a proof. */
export const saysSomething = (name: string, value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && !(name === 'because' && value === 'none');

/** How a fact is called. */
export function factName(name: string): string {
  if (isRule(name)) return t(`policy.${name}`);
  return wordsOr(`fact.name-${name}`, wordsOr(`access.retention-${name}`, name));
}

/** What an entry of the log says by codes. */
export type SaidFacts = NonNullable<AnswerOf<'GET /api/v1/audit'>['entries'][number]['said']>;
type SaidFact = Exclude<keyof SaidFacts, 'subject'>;
/** The sentences of each fact. */
const SAID_GROUPS: Readonly<Record<SaidFact, 'finding' | 'reason' | 'outcome'>> = {
  ...{ text: 'finding', reason: 'reason', reasons: 'reason', outcome: 'outcome' },
};
const isSaidFact = (name: string): name is SaidFact => Object.hasOwn(SAID_GROUPS, name);

/** Facts that are moments: in milliseconds since 1970, or written. */
const MOMENTS: ReadonlySet<string> = new Set(['expiresAt', 'copyMadeAt']);
/** Values of a setting that was changed. */
const OF_SETTING: ReadonlySet<string> = new Set(['value', 'before', 'after']);

function plainValue(name: string, value: string | number | boolean, setting: string | undefined): string {
  if (MOMENTS.has(name) && typeof value !== 'boolean') return timeText(new Date(value).toISOString());
  if (isRule(name)) return valueWord(name, value);
  if (typeof value === 'number') return numberText(value);
  const words = VALUES[name] ?? codeWords;
  const ofSetting = setting !== undefined && OF_SETTING.has(name) ? settingValue(setting, String(value)) : undefined;
  return ofSetting ?? words(String(value));
}

const isPlain = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** What a fact says: sentences and codes in words, everything else as it is. `setting`: what it may be the value of. */
export function factValue(
  name: string,
  value: unknown,
  { said, setting }: { readonly said?: SaidFacts | undefined; readonly setting?: string | undefined } = {},
): string {
  const values = (Array.isArray(value) ? value : [value]).filter(isPlain);
  if (isSaidFact(name) && said?.[name] !== undefined)
    return operatorWords(SAID_GROUPS[name], said[name], values.join(' '));
  return values
    .map((one) => plainValue(name, one, setting))
    .join(Array.isArray(value) && !isSaidFact(name) ? ', ' : ' ');
}
