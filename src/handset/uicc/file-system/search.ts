import { type CommandApdu, SW } from '#protocol/apdu/index.ts';
import type { ElementaryFile } from './elementary-file.ts';

/** Modes of SEARCH RECORD in P2 (TS 102 221 11.1.7). */
const MODE = { forward: 4, backward: 5, enhanced: 6 } as const;
/** First octet of the indication of an enhanced search: where in the record (b4), which way and from where (b1-3). */
const INDICATION = { afterOctet: 0x08, way: 0x07, unknown: 0xf0, backward: 1, fromNext: 2, required: 4 } as const;

/** A search through records. */
export interface RecordSearch {
  readonly pattern: Uint8Array;
  /** Record number that is looked at first. */
  readonly first: number;
  readonly isForward: boolean;
  /** Where in a record the pattern may begin: from an index on, or behind the first such octet. */
  readonly from: { readonly offset: number } | { readonly afterOctet: number };
}

/** Reads SEARCH RECORD: the search, or the status word that refuses it. */
export function readSearch(
  { p1, p2, data }: CommandApdu,
  { recordLength, records }: ElementaryFile,
  current: number,
): RecordSearch | number {
  const mode = p2 & 7;
  if (mode === MODE.enhanced) return readEnhanced(p1, data, recordLength, records, current);
  if (mode !== MODE.forward && mode !== MODE.backward) return SW.wrongParameters;
  if (data.length > recordLength) return SW.wrongLength;
  const isForward = mode === MODE.forward;
  const first = p1 || current || (isForward ? 1 : records);
  return first > records ? SW.recordNotFound : { pattern: data, first, isForward, from: { offset: 0 } };
}

function readEnhanced(
  p1: number,
  data: Uint8Array,
  recordLength: number,
  records: number,
  current: number,
): RecordSearch | number {
  const [indication = 0, octet = 0] = data;
  const pattern = data.subarray(2);
  if (data.length < 3 || pattern.length > recordLength) return SW.wrongLength;
  if ((indication & INDICATION.unknown) !== 0 || (indication & INDICATION.required) === 0) return SW.wrongData;
  const isForward = (indication & INDICATION.backward) === 0;
  const isFromNext = (indication & INDICATION.fromNext) !== 0;
  // Without a current record the next one is the first, the previous one the last.
  const neighbour = isForward ? current + 1 : (current || records + 1) - 1;
  const first = isFromNext ? neighbour : p1 || current || (isForward ? 1 : records);
  if (first < 1 || first > records) return SW.recordNotFound;
  const from = (indication & INDICATION.afterOctet) === 0 ? { offset: octet } : { afterOctet: octet };
  return { pattern, first, isForward, from };
}

/** Numbers of the records in which the pattern stands, in the order of the search. */
export function findRecords(records: readonly Uint8Array[], { pattern, first, isForward, from }: RecordSearch) {
  const found: number[] = [];
  for (let record = first; record >= 1 && record <= records.length; record += isForward ? 1 : -1) {
    const content = records[record - 1] as Uint8Array;
    const start = 'offset' in from ? from.offset : content.indexOf(from.afterOctet) + 1;
    // An octet that does not occur has no place behind it.
    if (('offset' in from || start > 0) && holds(content, pattern, start)) found.push(record);
  }
  return found;
}

function holds(record: Uint8Array, pattern: Uint8Array, start: number): boolean {
  for (let at = start; at + pattern.length <= record.length; at++) {
    let same = 0;
    while (same < pattern.length && record[at + same] === pattern[same]) same++;
    if (same === pattern.length) return true;
  }
  return false;
}
