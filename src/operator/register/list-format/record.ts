import type { Imei, Imsi } from '#base/identity/index.ts';
import { inColumn, lineProblem, type Problem } from '../line-problem.ts';
import type { ListName } from '../list-entry.ts';
import { fileImei } from './file-imei.ts';
import type { ListLine, Read, Subject } from './list-line.ts';
import type { Normalisation } from './normalisation.ts';
import type { FileOptions } from './row-layout.ts';

/** A value of a record of another register by its name; undefined when it has none. */
export type Value = (name: string) => unknown;

/** Reads a record of another register. */
export type RecordReader = (number: number, value: Value, options: FileOptions) => Read<ListLine>;

/** IMSIs of a record; `any`: it is about the handset whoever uses it. */
export type Subscribers = 'any' | { readonly firstImsi: Imsi; readonly lastImsi: Imsi };

/** Handsets of a record. */
export interface Handsets {
  readonly first: Imei;
  readonly last: Imei;
}

/** A text of a record; empty when it is missing or null. A number is refused: it cannot have leading zeros. */
export function recordText(name: string, value: unknown): { readonly text: string } | Problem {
  if (value === undefined || value === null) return { text: '' };
  if (typeof value === 'string') return { text: value.trim() };
  const problem =
    typeof value === 'number' ? lineProblem('textIsNumber') : lineProblem('textIsOther', { type: typeof value });
  return { problem, column: name };
}

/** The handset of a record that names one. */
export function oneHandset(name: string, written: string, options: FileOptions): (Handsets & Normalised) | Problem {
  const found = fileImei(written, options.lostZeros);
  if ('problem' in found) return inColumn(name, found);
  return { first: found.imei, last: found.imei, normalised: found.normalised };
}

/** What was done to a value. */
export interface Normalised {
  readonly normalised: readonly Normalisation[];
}

/** The line that a record of handsets, subscribers and a list is. */
export function recordLine(
  number: number,
  what: { readonly subject: Subject; readonly list: ListName; readonly normalised: readonly Normalisation[] },
  options: FileOptions,
): ListLine {
  return {
    number,
    ...what.subject,
    change: options.change ?? 'add',
    list: what.list,
    inForce: true,
    reason: undefined,
    note: '',
    caseReference: '',
    reportedAt: undefined,
    expiresAt: undefined,
    normalised: what.normalised,
  };
}

/** A pair that other registers list: here a pair can only be permitted, for everything else the handset is listed. */
export function recordPair(handsets: Handsets, imsis: Exclude<Subscribers, 'any'>, list: ListName): Subject | Problem {
  if (list !== 'white') return { problem: lineProblem('pairNotPermitted', { list }) };
  const { first, last } = handsets;
  return { about: 'pair', kind: 'allow', first, last, ...imsis, msisdn: undefined };
}
