import { InvalidArgumentError } from 'commander';
import type { ColumnMapping } from '#operator/register/index.ts';

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

const isIn = <T extends string>(names: readonly T[], name: string): name is T => names.some((known) => known === name);
const columnOf = (text: string): string | number => (/^\d{1,3}$/.test(text) ? Number(text) : text);

/**
 * Columns of a foreign file as a person says them: `imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted|withdrawn,header=no,separator=bar`. A column
 * is its name in the header or its number from 1. Throws InvalidArgumentError.
 */
export function mappingArgument(text: string): ColumnMapping {
  const mapping: Record<string, unknown> = {};
  for (const part of text.split(',')) {
    const [name = '', value = ''] = splitOnce(part, '=');
    const [column, rest] = splitOnce(value, ':');
    if (value === '' || !isIn(KNOWN, name))
      throw new InvalidArgumentError(
        `expected NAME=COLUMN with a name of ${KNOWN.join(', ')}; got '${part.slice(0, 40)}'`,
      );
    if (isIn(COLUMNS, name)) mapping[name] = columnOf(value);
    else if (isIn(DATES, name))
      mapping[name] = { column: columnOf(column), ...(rest !== undefined && { pattern: rest }) };
    else if (isIn(WORDS, name)) {
      if (rest === undefined)
        throw new InvalidArgumentError(`${name}: expected COLUMN:WORD or COLUMN:WORD|WORD, got '${value}'`);
      mapping[name] = { column: columnOf(column), values: rest.split('|') };
    } else if (name === 'header') mapping[name] = headerOf(value);
    else mapping[name] = separatorOf(value);
  }
  return mapping as ColumnMapping;
}

function splitOnce(text: string, separator: string): readonly [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function headerOf(value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw new InvalidArgumentError(`header: expected yes or no, got '${value}'`);
}

function separatorOf(value: string): string {
  const separator = Object.hasOwn(SEPARATORS, value) ? SEPARATORS[value] : undefined;
  if (separator === undefined)
    throw new InvalidArgumentError(`separator: expected one of ${Object.keys(SEPARATORS).join(', ')}, got '${value}'`);
  return separator;
}
