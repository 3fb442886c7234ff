import type { ListName } from '../list-entry.ts';
import type { ListRecord } from './list-line.ts';
import { PYHSS_CODES, SHORTEST_PREFIX } from './pyhss.ts';

/** A row of the table `eir` of PyHSS. */
export interface PyhssRow {
  readonly imei: string;
  readonly imsi: string;
  readonly regex_mode: 0 | 1;
  readonly match_response_code: number;
}

/**
 * The rows that a record is for PyHSS: an IMEI by its 14 digits as MMEs send them, exactly; TACs and ranges as patterns, as few prefixes as
 * cover them and nothing else. Undefined for pairs of more than one handset or subscriber, and for those that allow nothing.
 */
export function pyhssRows(record: ListRecord, list: ListName): readonly PyhssRow[] | undefined {
  const code = PYHSS_CODES.indexOf(record.list ?? list);
  switch (record.about) {
    case 'imei':
      return [{ imei: record.imei.equipment, imsi: '', regex_mode: 0, match_response_code: code }];
    case 'tac':
      return [patternRow(record.tac.digits, code)];
    case 'range':
      return prefixes(record.first.equipment, record.last.equipment)
        .flatMap(longEnough)
        .map((prefix) => patternRow(prefix, code));
    case 'pair': {
      const { kind, first, last, firstImsi, lastImsi } = record;
      if (kind !== 'allow' || !first.equals(last) || firstImsi.digits !== lastImsi.digits) return undefined;
      const white = PYHSS_CODES.indexOf('white');
      return [{ imei: first.equipment, imsi: firstImsi.digits, regex_mode: 0, match_response_code: white }];
    }
  }
}

const patternRow = (prefix: string, code: number): PyhssRow => ({
  imei: `^${prefix}`,
  imsi: '',
  regex_mode: 1,
  match_response_code: code,
});

/** The fewest prefixes of the numbers from `low` to `high`, both of as many digits: at most 18 for each digit. */
function prefixes(low: string, high: string): readonly string[] {
  if (/^0*$/.test(low) && /^9*$/.test(high)) return [''];
  const [first, last] = [Number(low[0]), Number(high[0])];
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const [lowest, highest] = ['0'.repeat(lowRest.length), '9'.repeat(highRest.length)];
  const found: string[] = [];
  for (let digit = first; digit <= last; digit++) {
    const rests = prefixes(digit === first ? lowRest : lowest, digit === last ? highRest : highest);
    for (const rest of rests) found.push(`${digit}${rest}`);
  }
  return found;
}

/** A prefix of fewer than two digits as those of two: nobody should take it for a slip, as our own reader does. */
function longEnough(prefix: string): readonly string[] {
  if (prefix.length >= SHORTEST_PREFIX) return [prefix];
  return [...'0123456789'].flatMap((digit) => longEnough(prefix + digit));
}
