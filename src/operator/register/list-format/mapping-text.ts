import { RefusalError } from '#base/sentence/index.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';
import type { ColumnMapping } from './column-mapping.ts';

/** Members whose value is a column. */
const COLUMNS = [
  'imei',
  'lastImei',
  'tac',
  'imsi',
  'lastImsi',
  'msisdn',
  'note',
  'caseReference',
  'reason',
  'list',
] as const;
/** A column, and a pattern behind a colon. */
const DATES = ['date', 'expires'] as const;
/** A column, and words with bars between behind a colon. */
const WORDS = ['remove', 'ignore'] as const;
const SEPARATORS: Readonly<Record<string, NonNullable<ColumnMapping['separator']>>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  bar: '|',
};
const KNOWN = [...COLUMNS, ...DATES, ...WORDS, 'header', 'separator'];
/** Characters of a wrong text that an error repeats. */
const LONGEST_ECHO = 40;

const isIn = <T extends string>(names: readonly T[], name: string): name is T => names.some((known) => known === name);
const columnOf = (text: string): string | number => (/^\d{1,3}$/.test(text) ? Number(text) : text);

/**
 * Columns of a foreign file as a person says them: `imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted|withdrawn,header=no,separator=bar`. A column
 * is its name in the header or its number from 1. Throws RangeError.
 */
export function parseMapping(text: string): ColumnMapping {
  const mapping: Record<string, unknown> = {};
  for (const part of text.split(',')) {
    const [name = '', value = ''] = splitOnce(part, '=');
    if (value === '' || !isIn(KNOWN, name))
      throw new RefusalError(
        REGISTER_REFUSALS.say('badMapping', { names: KNOWN.join(', '), came: echo(part) }),
        'mapping',
      );
    if (Object.hasOwn(mapping, name)) throw new RefusalError(REGISTER_REFUSALS.say('mappedTwice', { name }), 'mapping');
    mapping[name] = memberOf(name, value);
  }
  return mapping as ColumnMapping;
}

function memberOf(name: string, value: string): unknown {
  if (isIn(COLUMNS, name)) return columnOf(value);
  if (name === 'header') return headerOf(value);
  if (name === 'separator') return separatorOf(value);
  const [column, rest] = splitOnce(value, ':');
  if (isIn(DATES, name)) return { column: columnOf(column), ...(rest !== undefined && { pattern: rest }) };
  if (rest === undefined) throw new RefusalError(REGISTER_REFUSALS.say('badMappedWords', { came: echo(value) }), name);
  return { column: columnOf(column), values: rest.split('|') };
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function headerOf(value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw new RefusalError(REGISTER_REFUSALS.say('badHeader', { came: echo(value) }), 'header');
}

function separatorOf(value: string): string {
  const separator = Object.hasOwn(SEPARATORS, value) ? SEPARATORS[value] : undefined;
  if (separator === undefined)
    throw new RefusalError(
      REGISTER_REFUSALS.say('badSeparator', { choices: Object.keys(SEPARATORS).join(', '), came: echo(value) }),
      'separator',
    );
  return separator;
}

const echo = (text: string): string => text.slice(0, LONGEST_ECHO);

/** The text that parseMapping reads as this mapping, its members in the same order; undefined for one that no text says (codes with a meaning each). */
export function mappingText(mapping: ColumnMapping): string | undefined {
  const parts = Object.entries(mapping).map(([name, value]) => partOf(name, value));
  const text = parts.join(',');
  return parts.includes(undefined) || !isReadAs(text, mapping) ? undefined : text;
}

function partOf(name: string, value: unknown): string | undefined {
  if (name === 'header') return `header=${value === true ? 'yes' : 'no'}`;
  if (name === 'separator')
    return `separator=${Object.keys(SEPARATORS).find((known) => SEPARATORS[known] === value) ?? ''}`;
  if (typeof value !== 'object' || value === null) return `${name}=${value}`;
  const { column, pattern, values } = value as { column?: unknown; pattern?: unknown; values?: unknown };
  if (values === undefined) return `${name}=${column}${pattern === undefined ? '' : `:${pattern}`}`;
  return Array.isArray(values) ? `${name}=${column}:${values.join('|')}` : undefined;
}

/** A column named `2`, or with a comma in its name, cannot be said. */
function isReadAs(text: string, mapping: ColumnMapping): boolean {
  try {
    return JSON.stringify(parseMapping(text)) === JSON.stringify(mapping);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
