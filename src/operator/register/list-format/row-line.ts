import { plainText } from '../csv.ts';
import { inColumn, lineProblem, type Problem } from '../line-problem.ts';
import { type ListName, LONGEST_TEXT } from '../list-entry.ts';
import { fileImei, fileImsi, fileMsisdn, fileTac, tacOf } from './file-imei.ts';
import type { ListLine, PairKind, Read, RecordFacts, Subject } from './list-line.ts';
import { AS_IT_CAME, bothNormalised, type Normalisation } from './normalisation.ts';
import { AT, listNamed, type RowLayout, type RowRules, type RowSubject } from './row-layout.ts';

/** A subject and what was done to its values. */
export interface FoundSubject {
  readonly subject: Subject;
  readonly normalised: readonly Normalisation[];
}

/** The text of a column by its number in AT, without spaces around it; empty when the row has no such column. */
type Cell = (column: number) => string;

/** The line that the fields of a row say; undefined: a record of the file itself (its header, its trailer), to be passed over. */
export function rowLine(number: number, fields: readonly string[], layout: RowLayout): Read<ListLine> | undefined {
  const { places, order, rules } = layout;
  const cell: Cell = (column) => {
    const text = fields[order[column] as number];
    return text === undefined || text === '' ? '' : text.trim();
  };
  if (places.ignore !== undefined && rules.ignored.has(cell(AT.ignore).toLowerCase())) return undefined;
  const found = subjectOf(cell, rules);
  if ('problem' in found) return found;
  const facts = factsOf(cell, layout);
  if ('problem' in facts) return facts;
  // Named one by one: a spread costs more than all the rest.
  return {
    ...found.subject,
    number,
    change: facts.change,
    list: facts.list,
    inForce: facts.inForce,
    reason: facts.reason,
    note: facts.note,
    caseReference: facts.caseReference,
    reportedAt: facts.reportedAt,
    expiresAt: facts.expiresAt,
    normalised: found.normalised,
  };
}

/** Words of the column `about`, as our own CSV writes them. */
const ABOUT: ReadonlyMap<string, { readonly subject: RowSubject; readonly kind?: PairKind }> = new Map([
  ['imei', { subject: 'imei' }],
  ['range', { subject: 'imei' }],
  ['tac', { subject: 'tac' }],
  ['allow', { subject: 'pair', kind: 'allow' }],
  ['lock', { subject: 'pair', kind: 'lock' }],
  ['notify', { subject: 'pair', kind: 'notify' }],
]);

function subjectOf(cell: Cell, rules: RowRules): FoundSubject | Problem {
  let { subject, pairKind } = rules;
  if (subject === 'any') {
    const word = cell(AT.about).toLowerCase();
    const about = ABOUT.get(word);
    if (about === undefined && word !== '')
      return {
        problem: lineProblem('aboutUnknown', { words: [...ABOUT.keys()].join(', '), got: word.slice(0, 20) }),
        column: 'about',
      };
    // Without a word, an IMSI beside an IMEI is a remark: only who says so makes a pair of them.
    subject = about?.subject ?? (cell(AT.imei) === '' && cell(AT.tac) !== '' ? 'tac' : 'imei');
    pairKind = about?.kind ?? pairKind;
  }
  if (subject === 'pair') return pairOf(cell, rules, pairKind);
  return subject === 'tac' ? tacSubject(cell(AT.tac)) : imeisOf(cell, rules);
}

function tacSubject(written: string): FoundSubject | Problem {
  const found = fileTac(written);
  if ('problem' in found) return inColumn('tac', found);
  return { subject: { about: 'tac', tac: found.tac }, normalised: AS_IT_CAME };
}

/** One IMEI, or from one to another. */
function imeisOf(cell: Cell, rules: RowRules): FoundSubject | Problem {
  const first = fileImei(cell(AT.imei), rules.lostZeros);
  if ('problem' in first) return inColumn('imei', first);
  const { imei, normalised } = first;
  if (cell(AT.lastImei) === '') return { subject: { about: 'imei', imei }, normalised };
  const last = fileImei(cell(AT.lastImei), rules.lostZeros);
  if ('problem' in last) return inColumn('last_imei', last);
  if (last.imei.equipment < imei.equipment) return { problem: lineProblem('rangeBackwards'), column: 'last_imei' };
  const both = bothNormalised(normalised, last.normalised);
  if (last.imei.equals(imei)) return { subject: { about: 'imei', imei }, normalised: both };
  const tac = tacOf(imei, last.imei);
  if (tac !== undefined) return { subject: { about: 'tac', tac }, normalised: both };
  return { subject: { about: 'range', first: imei, last: last.imei }, normalised: both };
}

function pairOf(cell: Cell, rules: RowRules, kind: PairKind): FoundSubject | Problem {
  const first = fileImei(cell(AT.imei), rules.lostZeros);
  if ('problem' in first) return inColumn('imei', first);
  const last = cell(AT.lastImei) === '' ? first : fileImei(cell(AT.lastImei), rules.lostZeros);
  if ('problem' in last) return inColumn('last_imei', last);
  if (last.imei.equipment < first.imei.equipment)
    return { problem: lineProblem('rangeBackwards'), column: 'last_imei' };
  const firstImsi = fileImsi(cell(AT.imsi));
  if ('problem' in firstImsi) return inColumn('imsi', firstImsi);
  const lastImsi = cell(AT.lastImsi) === '' ? firstImsi : fileImsi(cell(AT.lastImsi));
  if ('problem' in lastImsi) return inColumn('last_imsi', lastImsi);
  const [low, high] = [firstImsi.imsi.digits, lastImsi.imsi.digits];
  if (low.length !== high.length || high < low) return { problem: lineProblem('imsisBackwards'), column: 'last_imsi' };
  const msisdn = fileMsisdn(cell(AT.msisdn));
  if ('problem' in msisdn) return inColumn('msisdn', msisdn);
  return {
    subject: {
      about: 'pair',
      kind,
      first: first.imei,
      last: last.imei,
      firstImsi: firstImsi.imsi,
      lastImsi: lastImsi.imsi,
      msisdn: msisdn.msisdn,
    },
    normalised: bothNormalised(first.normalised, last.normalised),
  };
}

/** Statuses that list an IMEI: DIRBS says "blacklist or empty"; the others are what exports of other registers say. */
const IN_FORCE = new Set(['', 'blocked', 'stolen', 'lost']);
/** The status of a DIRBS stolen list; which list it goes to, who imports it says. */
const DIRBS_STATUS = 'blacklist';

function factsOf(cell: Cell, { places, rules }: RowLayout): (RecordFacts & { readonly inForce: boolean }) | Problem {
  const reported = rules.reportedDate(cell(AT.reported));
  if ('problem' in reported) return inColumn('reporting_date', reported);
  const expires = rules.expiryDate(cell(AT.expires));
  if ('problem' in expires) return inColumn('expires', expires);
  const change = rules.changeOf(cell(AT.change));
  if (change === undefined)
    return { problem: lineProblem('changeUnknown', { got: cell(AT.change).slice(0, 20) }), column: 'change_type' };
  const list = listOf(cell, rules);
  if ('problem' in list) return list;
  const status = cell(AT.status).toLowerCase();
  const reason = textOf(cell, AT.reason);
  return {
    change,
    list: list.list,
    inForce: change === 'remove' || status === DIRBS_STATUS || IN_FORCE.has(status) || listNamed(status) !== undefined,
    reason: reason === '' ? undefined : rules.reasonOf(reason),
    // A file without notes gives its reason in its own words.
    note: places.note === undefined ? reason : textOf(cell, AT.note),
    caseReference: textOf(cell, AT.caseReference),
    reportedAt: reported.at,
    expiresAt: expires.at,
  };
}

function listOf(cell: Cell, rules: RowRules): { readonly list: ListName | undefined } | Problem {
  const word = cell(AT.list);
  const status = cell(AT.status).toLowerCase();
  if (word === '') return { list: status === DIRBS_STATUS ? undefined : listNamed(status) };
  const list = rules.listOf(word);
  return list === undefined
    ? { problem: lineProblem('listUnknown', { got: word.slice(0, 20) }), column: 'list' }
    : { list };
}

const textOf = (cell: Cell, column: number): string => plainText(cell(column)).slice(0, LONGEST_TEXT);
