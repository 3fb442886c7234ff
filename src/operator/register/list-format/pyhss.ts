import { Imei, Imsi } from '#base/identity/index.ts';
import { inColumn, lineProblem, type Problem } from '../line-problem.ts';
import type { ListName } from '../list-entry.ts';
import { fileImsi, tacOf } from './file-imei.ts';
import type { Subject } from './list-line.ts';
import { AS_IT_CAME, NORMALISATIONS } from './normalisation.ts';
import { prefixesOf } from './pyhss-pattern.ts';
import {
  type Handsets,
  type Normalised,
  oneHandset,
  type RecordReader,
  recordLine,
  recordPair,
  recordText,
  type Subscribers,
} from './record.ts';

/** match_response_code: the Equipment-Status of TS 29.272 7.3.51. */
export const PYHSS_CODES: readonly ListName[] = ['white', 'black', 'grey'];

const EQUIPMENT_DIGITS = 14;
const LONGEST_IMEI = 16;
const IMSI_DIGITS = 15;
/** Shorter prefixes would list every handset of a reporting body, or all there are (TS 23.003 6.2.1: the first two digits name it). */
export const SHORTEST_PREFIX = 2;

/**
 * A row of the table `eir` of PyHSS: imei, imsi ('' for any), regex_mode 0 (exact) or 1 (a pattern; the default there), match_response_code.
 * Patterns that are prefixes become TACs and ranges, others are refused.
 */
export const pyhssRecord: RecordReader = (number, value, options) => {
  const list = PYHSS_CODES[wholeNumber(value('match_response_code')) ?? -1];
  if (list === undefined) return { problem: lineProblem('codeUnknown'), column: 'match_response_code' };
  const mode = wholeNumber(value('regex_mode') ?? 1);
  if (mode !== 0 && mode !== 1) return { problem: lineProblem('modeUnknown'), column: 'regex_mode' };
  const imei = recordText('imei', value('imei'));
  if ('problem' in imei) return imei;
  const imsi = recordText('imsi', value('imsi'));
  if ('problem' in imsi) return imsi;
  const handsets = mode === 0 ? oneHandset('imei', imei.text, options) : handsetsOf(imei.text);
  if ('problem' in handsets) return handsets;
  const imsis = mode === 0 ? exactImsi(imsi.text) : imsisOf(imsi.text);
  if ('problem' in imsis) return imsis;
  const subject = imsis.who === 'any' ? subjectOf(handsets) : recordPair(handsets, imsis.who, list);
  if ('problem' in subject) return subject;
  const normalised = [...handsets.normalised, ...imsis.normalised];
  return recordLine(number, { subject, list, normalised: normalised.length === 0 ? AS_IT_CAME : normalised }, options);
};

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*\d\s*$/.test(value) ? Number(value) : undefined;
}

function subjectOf({ first, last }: Handsets): Subject {
  const tac = tacOf(first, last);
  if (first.equals(last)) return { about: 'imei', imei: first };
  return tac === undefined ? { about: 'range', first, last } : { about: 'tac', tac };
}

function handsetsOf(pattern: string): (Handsets & Normalised) | Problem {
  const found = prefixesOf(pattern);
  if ('problem' in found) return inColumn('imei', found);
  const { low, high, shortest, longest } = found;
  if (low.length < SHORTEST_PREFIX)
    return {
      problem: lineProblem('patternForAll', { least: SHORTEST_PREFIX, count: low.length }),
      column: 'imei',
    };
  if (shortest > LONGEST_IMEI || longest < EQUIPMENT_DIGITS)
    return { problem: lineProblem('patternNoImei'), column: 'imei' };
  if (low.length <= EQUIPMENT_DIGITS)
    return {
      first: Imei.parse(low.padEnd(EQUIPMENT_DIGITS, '0')),
      last: Imei.parse(high.padEnd(EQUIPMENT_DIGITS, '9')),
      normalised:
        low.length === EQUIPMENT_DIGITS && low === high
          ? [NORMALISATIONS.say('patternOne')]
          : [NORMALISATIONS.say('patternRange')],
    };
  if (low !== high) return { problem: lineProblem('patternLateClass'), column: 'imei' };
  const one = oneHandset('imei', low, {});
  return 'problem' in one ? one : { ...one, normalised: [NORMALISATIONS.say('patternOne'), ...one.normalised] };
}

/** Who may be meant by an IMSI, and what was done to it. */
interface Meant extends Normalised {
  readonly who: Subscribers;
}

function exactImsi(written: string): Meant | Problem {
  if (written === '') return { who: 'any', normalised: AS_IT_CAME };
  const found = fileImsi(written);
  if ('problem' in found) return inColumn('imsi', found);
  return { who: { firstImsi: found.imsi, lastImsi: found.imsi }, normalised: AS_IT_CAME };
}

function imsisOf(pattern: string): Meant | Problem {
  if (pattern === '') return { who: 'any', normalised: AS_IT_CAME };
  const found = prefixesOf(pattern);
  if ('problem' in found) return inColumn('imsi', found);
  const { low, high, shortest, longest } = found;
  if (low === '' && shortest <= IMSI_DIGITS && longest >= IMSI_DIGITS) return { who: 'any', normalised: AS_IT_CAME };
  if (low.length > IMSI_DIGITS || shortest > IMSI_DIGITS || longest < IMSI_DIGITS)
    return { problem: lineProblem('patternNoImsi'), column: 'imsi' };
  const firstImsi = Imsi.parse(low.padEnd(IMSI_DIGITS, '0'));
  const lastImsi = Imsi.parse(high.padEnd(IMSI_DIGITS, '9'));
  return {
    who: { firstImsi, lastImsi },
    normalised: low.length === IMSI_DIGITS && low === high ? AS_IT_CAME : [NORMALISATIONS.say('patternImsis')],
  };
}
