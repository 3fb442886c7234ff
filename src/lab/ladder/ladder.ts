import type { Trace, TraceParty, TraceRecord } from '#base/trace/index.ts';
import { tellsTheStory } from '#protocol/exchange/index.ts';

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
const NAME_WIDTH = 50;
const HANDSET_WIDTH = 8;
const CLAUSE_WIDTH = 19;

/** Colours of the four steps when the output is a terminal (ECMA-48 SGR). */
const STEP_COLOUR: Readonly<Record<101 | 102 | 103 | 104, number>> = { 101: 36, 102: 34, 103: 35, 104: 33 };

/** How ladder lines look. */
export interface LadderStyle {
  /** The time that counts as zero, in milliseconds since 1970. */
  readonly since: number;
  readonly isColoured: boolean;
  /** A short name for who a record is about (an ICCID, a number); default the record's own. */
  readonly handsetName?: (handset: string) => string;
}

/** One hop as a line: seconds, handset, step, from, to, name, clause, detail. */
export function ladderLine(record: TraceRecord, style: LadderStyle): string {
  const seconds = ((record.at - style.since) / 1000).toFixed(3).padStart(8);
  const handset = (style.handsetName?.(record.handset ?? '') ?? record.handset ?? '').padEnd(HANDSET_WIDTH);
  const step = record.step === undefined ? '   ' : String(record.step);
  const from = SHORT[record.from].padEnd(PARTY_WIDTH);
  const to = SHORT[record.to].padEnd(PARTY_WIDTH);
  const name = record.name.padEnd(NAME_WIDTH);
  const clause = (record.clause ?? '').padEnd(CLAUSE_WIDTH);
  const line = `${seconds}  ${handset} ${step}  ${from} -> ${to} ${name} ${clause} ${record.detail ?? ''}`.trimEnd();
  return style.isColoured && record.step !== undefined ? `\u001b[${STEP_COLOUR[record.step]}m${line}\u001b[0m` : line;
}

/** The heading over ladder lines. */
export const LADDER_HEADING: string = [
  'seconds'.padStart(8),
  ` ${'handset'.padEnd(HANDSET_WIDTH)}`,
  'step',
  `${'from'.padEnd(PARTY_WIDTH)}    ${'to'.padEnd(PARTY_WIDTH)}`,
  'what'.padEnd(NAME_WIDTH),
  'clause'.padEnd(CLAUSE_WIDTH),
  'result',
].join(' ');

/** A trace that writes each hop as a line, as it happens; `wants` leaves hops out. */
export function ladderTrace(
  write: (line: string) => void,
  style: LadderStyle,
  wants: (record: TraceRecord) => boolean = tellsTheStory,
): Trace {
  return {
    enabled: true,
    record(record) {
      if (wants(record)) write(ladderLine(record, style));
    },
  };
}
