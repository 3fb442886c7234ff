// The ladder: each hop by its standard name, clause and step of the patent's figure 2, as a line that a person can follow.
// Standards: names of TS 102 221, TS 102 223, TS 31.102, TS 31.111, GPC 2.3.1 with Amendments D and F.
// Must never: change or hold back a hop, or print a key.
export { type CardHop, type CardParty, exchangeRecord, resetRecord } from './card-record.ts';
export { LADDER_HEADING, type LadderStyle, ladderLine, ladderTrace } from './ladder.ts';
export { type TraceFile, TraceFileError, traceFile, traceRecordOf } from './trace-file.ts';
