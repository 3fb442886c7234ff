import { lineProblem, type Problem } from '../line-problem.ts';

/** Numbers that a pattern matches: those that begin with a text of digits from `low` to `high`, both of the same length. */
export interface Prefixes {
  readonly low: string;
  readonly high: string;
  /** Digits of the whole number: at least, at most. */
  readonly shortest: number;
  readonly longest: number;
}

const LONGEST_PATTERN = 60;
/** One wildcard: a class of all digits, `\d` or `.`, and how often. */
const WILDCARD = /(?:\[0-9\]|\\d|\.)(?:\*|\+|\{(\d{1,2})(?:(,)(\d{1,2})?)?\})?/y;

/**
 * The numbers that a pattern of PyHSS matches, when it is a prefix: digits, then perhaps one class of neighbouring digits (`[2-5]`, `[345]`),
 * then perhaps wildcards. PyHSS matches from the start (Python's re.match), so `^` says nothing, and without `$` anything may follow.
 */
export function prefixesOf(pattern: string): Prefixes | Problem {
  if (pattern.length > LONGEST_PATTERN) return { problem: lineProblem('patternLong', { most: LONGEST_PATTERN }) };
  const isAnchored = pattern.endsWith('$');
  const body = pattern.slice(pattern.startsWith('^') ? 1 : 0, isAnchored ? -1 : undefined);
  const [prefix = ''] = /^\d*/.exec(body) ?? [];
  const choice = choiceAt(body, prefix.length);
  if ('problem' in choice) return choice;
  const wild = wildcards(body, prefix.length + choice.written.length);
  if ('problem' in wild) return wild;
  const digits = prefix.length + choice.low.length;
  return {
    low: prefix + choice.low,
    high: prefix + choice.high,
    shortest: digits + wild.least,
    longest: isAnchored ? digits + wild.most : Number.POSITIVE_INFINITY,
  };
}

/** A class of neighbouring digits other than all ten; empty when there is none. */
function choiceAt(
  body: string,
  at: number,
): { readonly low: string; readonly high: string; readonly written: string } | Problem {
  const none = { low: '', high: '', written: '' };
  const [written, low, high, several] = /^\[(?:(\d)-(\d)|(\d+))\]/.exec(body.slice(at)) ?? [];
  if (written === undefined || written === '[0-9]') return none;
  if (low !== undefined && high !== undefined)
    return low <= high ? { low, high, written } : { problem: lineProblem('patternFalling', { got: written }) };
  const sorted = [...new Set(several)].sort();
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  if (Number(last) - Number(first) !== sorted.length - 1)
    return { problem: lineProblem('patternGaps', { got: written.slice(0, 20) }) };
  return { low: first, high: last, written };
}

function wildcards(body: string, start: number): { readonly least: number; readonly most: number } | Problem {
  let least = 0;
  let most = 0;
  for (let at = start; at < body.length; at = WILDCARD.lastIndex) {
    WILDCARD.lastIndex = at;
    const found = WILDCARD.exec(body);
    if (found === null) return { problem: lineProblem('patternNoPrefix') };
    const [written, from, comma, to] = found;
    const count = written.endsWith('*') ? 0 : Number(from ?? 1);
    const isOpen = /[*+]$/.test(written) || (comma !== undefined && to === undefined);
    const upTo = isOpen ? Number.POSITIVE_INFINITY : Number(to ?? count);
    if (upTo < count) return { problem: lineProblem('patternCount', { got: written }) };
    least += count;
    most += upTo;
  }
  return { least, most };
}
