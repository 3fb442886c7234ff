import { type FileProblem, fileProblem } from '../file-problem.ts';
import { lineProblem, type Problem } from '../line-problem.ts';

/** Milliseconds since 1970 of what a field says; undefined when it is empty. */
export type DateReader = (written: string) => { readonly at: number | undefined } | Problem;

const NOTHING = { at: undefined };
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** Digits or letters that each part of a pattern stands for. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['YYYY', '(?<year>20\\d\\d)'],
  ['MM', '(?<month>\\d\\d)'],
  ['Mon', '(?<name>[A-Za-z]{3})'],
  ['DD', '(?<day>\\d\\d)'],
  ['hh', '(?<hour>\\d\\d)'],
  ['mm', '(?<minute>\\d\\d)'],
  ['ss', '(?<second>\\d\\d)'],
]);
const LONGEST_PATTERN = 40;

/** A date YYYYMMDD or YYYY-MM-DD from 2000 to 2099 (midnight UTC), or a date and time of ISO 8601 in UTC; empty is no date. */
export const plainDate: DateReader = (written) => {
  if (written === '') return NOTHING;
  const parts = /^(20\d\d)-?(\d\d)-?(\d\d)(T\d\d:\d\d:\d\d(\.\d{1,3})?Z)?$/.exec(written);
  const at = parts === null ? undefined : midnight(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (parts === null || at === undefined) return { problem: lineProblem('dayUnknown', { got: shown(written) }) };
  if (parts[4] === undefined) return { at };
  const moment = Date.parse(written);
  return Number.isNaN(moment) ? { problem: lineProblem('momentUnknown', { got: shown(written) }) } : { at: moment };
};

/**
 * A reader of dates in a pattern of YYYY, MM or Mon (Jan), DD and, if wanted, hh, mm, ss, with any other signs between: `DD-Mon-YYYY`,
 * `DD/MM/YYYY hh:mm`. All is UTC. What is wrong with the mapping when the pattern names no date.
 */
export function patternDate(pattern: string): DateReader | FileProblem {
  if (pattern.length > LONGEST_PATTERN) return fileProblem('datePatternLong', { most: LONGEST_PATTERN });
  const parts = pattern.split(/(YYYY|MM|Mon|DD|hh|mm|ss)/);
  const found = parts.filter((part) => PARTS.has(part));
  const isDate = found.includes('YYYY') && found.includes('DD') && (found.includes('MM') || found.includes('Mon'));
  if (!isDate || new Set(found).size !== found.length || (found.includes('MM') && found.includes('Mon')))
    return fileProblem('datePattern', { pattern });
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  const expression = new RegExp(`^${parts.map((part) => PARTS.get(part) ?? literal(part)).join('')}$`);
  return (written) => {
    if (written === '') return NOTHING;
    const at = momentOf(expression.exec(written)?.groups);
    return at === undefined ? { problem: lineProblem('dateUnknown', { pattern, got: shown(written) }) } : { at };
  };
}

function momentOf(groups: Readonly<Record<string, string | undefined>> | undefined): number | undefined {
  if (groups === undefined) return undefined;
  const part = (name: string) => Number(groups[name] ?? 0);
  const name = groups['name'];
  const month = name === undefined ? part('month') : MONTHS.indexOf(name.toLowerCase()) + 1;
  const day = midnight(part('year'), month, part('day'));
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  if (day === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  return day + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Undefined for a day that is none of the calendar. */
function midnight(year: number, month: number, day: number): number | undefined {
  const at = Date.UTC(year, month - 1, day);
  const date = new Date(at);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? at : undefined;
}

/** As much of a wrong date as an error repeats. */
const shown = (written: string): string => written.slice(0, 20);

/** A date as DIRBS writes it: YYYYMMDD (UTC); empty for none. */
export const compactDate = (at: number | undefined): string => isoDate(at).slice(0, 10).replaceAll('-', '');

/** A date and time of ISO 8601 in UTC; empty for none. */
export const isoDate = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString());
