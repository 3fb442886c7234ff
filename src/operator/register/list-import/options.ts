import type { FileApproval } from '../approval.ts';
import type { FileRefusal } from '../file-problem.ts';
import type { ImportRefusal } from '../import-refusal.ts';
import type { LineProblemCode } from '../line-problem.ts';
import type { ListName, ListReason } from '../list-entry.ts';
import type { BadLine, ColumnMapping, ListFormat, NormalisationCode } from '../list-format/index.ts';

/** Changes one file may make unless the caller raises the limit. */
export const DEFAULT_CHANGE_LIMIT = 10_000;
/** Subscribers of ours one file may hit unless the caller raises the limit. */
export const DEFAULT_SUBSCRIBER_LIMIT = 100;

/** How to read a list file, and on whose word. */
export interface ImportOptions {
  /** The list of lines that name none. */
  readonly list: ListName;
  /** Whose list it is; only entries of this source are changed. */
  readonly source: string;
  readonly author: string;
  /** The name of the file, for the log. */
  readonly name: string;
  /** Default: the file says it itself. */
  readonly format?: ListFormat;
  /** Columns of a file that says nothing itself; instead of `format`. */
  readonly mapping?: ColumnMapping;
  /** What pairs of handset and subscriber mean; default `allow`. */
  readonly pairs?: 'allow' | 'lock';
  /** What a line does that does not say it; default `add`. */
  readonly change?: 'add' | 'remove' | 'update';
  /** Digits the IMEIs had before they lost leading zeros; default: such numbers are bad lines. */
  readonly lostZeros?: 14 | 15;
  /** `delta`: the lines are changes (default). `full`: what this source had listed and the file does not hold is removed. */
  readonly kind?: 'delta' | 'full';
  /** For lines that name none; default `stolen` for the black list, else `other`. */
  readonly reason?: ListReason;
  readonly caseReference?: string;
  /** For lines that name none. */
  readonly expiresAt?: number;
  /** Only show the effect. */
  readonly dryRun?: boolean;
  /** Most entries that may be added, removed or changed; default DEFAULT_CHANGE_LIMIT, and no full list may lose a quarter. */
  readonly changeLimit?: number;
  /** Most subscribers whose handset may come onto the black list: seen lately or proved; default DEFAULT_SUBSCRIBER_LIMIT. */
  readonly subscriberLimit?: number;
  /**
   * This import is the word of a second person: the file, its list, source and kind are what was proposed, and it is written in the
   * proposer's name. What else is left out (format, reason, case …) is taken from the proposal; a mapping has to be given again.
   */
  readonly approval?: FileApproval;
  /** Hears of every bad line, in order; what the report file is made of. */
  onBadLine?(line: BadLine): void;
  /** Hears how far it is, a few times a second at most. */
  onProgress?(progress: ImportProgress): void;
}

/** How far an import is. */
export interface ImportProgress {
  readonly phase: 'reading' | 'comparing' | 'writing';
  /** Lines read, or entries compared or written. */
  readonly done: number;
  /** Of so many; undefined while the file is being read. */
  readonly of: number | undefined;
  /** Octets of the file read so far. */
  readonly octets: number;
  /** Milliseconds since the import began. */
  readonly elapsedMilliseconds: number;
}

/** A handset in use that a file would cut off. */
export interface HitHandset {
  readonly imei: string;
  readonly imsi: string;
  /** When the network last saw it; undefined for one that only its UICC proved. */
  readonly lastSeenAt: number | undefined;
}

/** How many bad lines have one problem in one column. */
export interface ProblemCount {
  readonly code: LineProblemCode;
  /** Missing where the whole line is meant. */
  readonly column?: string;
  readonly count: number;
}

/** A line to whose value something was done. */
export interface NormalisedLine {
  /** Line of the file; in JSON the element; both from 1. */
  readonly number: number;
  /** The IMEI as it is kept, the first one of several: its 14 digits. */
  readonly imei: string;
}

/** To how many lines one thing was done. */
export interface NormalisationCount {
  readonly code: NormalisationCode;
  readonly count: number;
  /** The first few of them. */
  readonly examples: readonly NormalisedLine[];
}

/** What a file does, or would do. */
export interface ImportEffect {
  /** Lines with content, the header not counted. */
  readonly lines: number;
  readonly added: number;
  readonly removed: number;
  /** Listed already, with another reason, case or expiry. */
  readonly updated: number;
  readonly alreadyThere: number;
  /** Removals of what was not listed. */
  readonly notThere: number;
  /** Further lines about an IMEI of the same file; the last one counts. */
  readonly duplicates: number;
  /** Lines whose status says the case is not decided. */
  readonly notInForce: number;
  /** Lines about subscribers to be told, which list nothing. */
  readonly notifications: number;
  /** Lines whose value was brought to its spelling (check digit, software version, zeros). */
  readonly normalised: number;
  readonly bad: number;
  /** The first bad lines with their reasons. */
  readonly badLines: readonly BadLine[];
  /** How many bad lines there are of each kind, the most frequent first. */
  readonly problems: readonly ProblemCount[];
  /** How often each thing was done to a value, the most frequent first. */
  readonly normalisations: readonly NormalisationCount[];
  /** Subscribers of ours, seen in the last thirty days or proved, whose handset comes onto the black list. */
  readonly subscribersHit: number;
  /** The first of them. */
  readonly hitHandsets: readonly HitHandset[];
  /** Entries about ranges and pairs among the added and removed. */
  readonly rules: number;
  /** Entries about single IMEIs of this source before and after. */
  readonly before: number;
  readonly after: number;
}

/**
 * The end of an import. Only `applied` has changed anything; `refused` and `malformed` say why in `problem`. `waiting`: a second person has to
 * approve it, by importing the same file with `approval`. `cancelled`: somebody ended it before it counted.
 */
export type ImportResult =
  | { readonly outcome: 'applied'; readonly effect: ImportEffect; readonly batch: number }
  | { readonly outcome: 'dryRun'; readonly effect: ImportEffect }
  | { readonly outcome: 'waiting'; readonly effect: ImportEffect; readonly id: number }
  | {
      readonly outcome: 'refused';
      readonly effect: ImportEffect;
      readonly problem: string;
      readonly said: ImportRefusal;
    }
  | { readonly outcome: 'malformed'; readonly problem: string; readonly refusal: FileRefusal }
  | { readonly outcome: 'cancelled'; readonly by: string; readonly reason: string };
