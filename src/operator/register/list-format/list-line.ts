import type { Imei, Imsi, Msisdn, Tac } from '#base/identity/index.ts';
import { type LineProblem, type Problem, problemWords } from '../line-problem.ts';
import type { ListName, ListReason } from '../list-entry.ts';
import type { Normalisation } from './normalisation.ts';

/** What a line does to the list; `update` replaces what stands there. */
export const CHANGES = ['add', 'remove', 'update'] as const;
/** What a line does to the list. */
export type Change = (typeof CHANGES)[number];

/** `allow`: the subscriber may use the handset whatever a list says. `lock`: they belong together. `notify`: the subscriber is to be told. */
export const PAIR_KINDS = ['allow', 'lock', 'notify'] as const;
/** What a pair of handset and subscriber is about. */
export type PairKind = (typeof PAIR_KINDS)[number];

/** One handset. */
export interface ImeiSubject {
  readonly about: 'imei';
  readonly imei: Imei;
}

/** All handsets of a type allocation code. */
export interface TacSubject {
  readonly about: 'tac';
  readonly tac: Tac;
}

/** All handsets from one to another, both included. */
export interface RangeSubject {
  readonly about: 'range';
  readonly first: Imei;
  readonly last: Imei;
}

/** Handsets and subscribers together, from one to another, both included; of one handset or subscriber both ends are the same. */
export interface PairSubject {
  readonly about: 'pair';
  readonly kind: PairKind;
  readonly first: Imei;
  readonly last: Imei;
  /** Both IMSIs have the same number of digits. */
  readonly firstImsi: Imsi;
  readonly lastImsi: Imsi;
  readonly msisdn: Msisdn | undefined;
}

/** Whom a line is about. */
export type Subject = ImeiSubject | TacSubject | RangeSubject | PairSubject;

/** What a line says about its subject. */
export interface RecordFacts {
  readonly change: Change;
  /** The list, where the file names it; else it is the one the file is imported to. */
  readonly list: ListName | undefined;
  /** Missing: the file has no such column, or an empty one. */
  readonly reason: ListReason | undefined;
  /** The reason in the words of its source, at most 200 characters; may be empty. */
  readonly note: string;
  /** Case number, at most 200 characters; may be empty. */
  readonly caseReference: string;
  /** The date of the source (reported, blocked from): milliseconds since 1970. */
  readonly reportedAt: number | undefined;
  /** Milliseconds since 1970 from which it no longer counts. */
  readonly expiresAt: number | undefined;
}

/** What a list file says in one line, whatever its format. */
export type ListRecord = Subject & RecordFacts;

/** How a line came to be what it is. */
export interface LineFacts extends RecordFacts {
  /** Line of the file; in JSON the element; both from 1. */
  readonly number: number;
  /** False when its status says that the case is not decided: such a line lists nothing. */
  readonly inForce: boolean;
  /** What was done to its values; empty when they came as they are kept. */
  readonly normalised: readonly Normalisation[];
}

/** A good line of a list file. */
export type ListLine = Subject & LineFacts;

/** A line that cannot be used. */
export interface BadLine {
  readonly number: number;
  /** What was expected, what came, what to do, in English; the column first where there is one. */
  readonly problem: string;
  /** The same by its code, without the column. */
  readonly said: LineProblem;
  /** The column, or the member of a record, whose value is wrong. */
  readonly column?: string;
  /** The line as it stands in the file, at most 200 characters. */
  readonly line: string;
}

/** Characters of a bad line that are kept for the report. */
export const LINE_SHOWN = 200;

/** A bad line, cut to what is shown. */
export const badLine = (number: number, problem: Problem, line: string): BadLine => ({
  number,
  problem: problemWords(problem),
  said: problem.problem,
  ...(problem.column !== undefined && { column: problem.column }),
  line: line.slice(0, LINE_SHOWN),
});

/** What reading a value gives, or what is wrong with it. */
export type Read<T> = T | Problem;
