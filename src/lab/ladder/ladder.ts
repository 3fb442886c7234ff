import type { Trace, TraceParty, TraceRecord } from '#base/trace/index.ts';

/** A party in the width of a column; the numbers are the patent's. */
const SHORT: Readonly<Record<TraceParty, string>> = {
  'storage support (2)': 'support (2)',
  'operating system (4)': 'OS (4)',
  'UICC (31)': 'UICC (31)',
  network: 'network',
  SMSC: 'SMSC',
  'operator (5)': 'operator (5)',
  'register (7)': 'register (7)',
  person: 'person',
};
const PARTY_WIDTH = 12;
const NAME_WIDTH = 52;
const CLAUSE_WIDTH = 19;

/** Colours of the four steps when the output is a terminal (ECMA-48 SGR). */
const STEP_COLOUR: Readonly<Record<101 | 102 | 103 | 104, number>> = { 101: 36, 102: 34, 103: 35, 104: 33 };

/** One hop as a line: seconds, step, from, to, name, clause, detail. `since` is the time that counts as zero, in milliseconds. */
export function ladderLine(record: TraceRecord, since: number, isColoured = false): string {
  const seconds = ((record.at - since) / 1000).toFixed(3).padStart(8);
  const step = record.step === undefined ? '   ' : String(record.step);
  const from = SHORT[record.from].padEnd(PARTY_WIDTH);
  const to = SHORT[record.to].padEnd(PARTY_WIDTH);
  const name = record.name.padEnd(NAME_WIDTH);
  const clause = (record.clause ?? '').padEnd(CLAUSE_WIDTH);
  const line = `${seconds}  ${step}  ${from} -> ${to} ${name} ${clause} ${record.detail ?? ''}`.trimEnd();
  return isColoured && record.step !== undefined ? `\u001b[${STEP_COLOUR[record.step]}m${line}\u001b[0m` : line;
}

/** The heading over ladder lines. */
export const LADDER_HEADING: string = `${'seconds'.padStart(8)}  step ${'from'.padEnd(PARTY_WIDTH)}    ${'to'.padEnd(PARTY_WIDTH)} ${'what'.padEnd(NAME_WIDTH)} ${'clause'.padEnd(CLAUSE_WIDTH)} result`;

/** A trace that writes each hop as a line, as it happens; `wants` leaves hops out. */
export function ladderTrace(
  write: (line: string) => void,
  since: number,
  wants: (record: TraceRecord) => boolean,
  isColoured = false,
): Trace {
  return {
    enabled: true,
    record(record) {
      if (wants(record)) write(ladderLine(record, since, isColoured));
    },
  };
}
