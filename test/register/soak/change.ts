import type { ListName, ListReason, PairRuleKind, SettingName } from '#operator/register/index.ts';

/** IMEIs as their 14 digits, bounds included. */
export interface Bounds {
  readonly first: string;
  readonly last: string;
}

/** IMSIs, bounds included. */
export interface ImsiBounds {
  readonly firstImsi: string;
  readonly lastImsi: string;
}

/** Who listed something: single changes are of both sources, files of the regulator. */
export type Source = 'operator' | 'regulator';

/** A change that the changing process is told to make. `mark` goes with what is listed, so that an older state is told from a newer. */
export type Change =
  | {
      readonly does: 'add';
      readonly imei: string;
      readonly list: ListName;
      readonly source: Source;
      readonly reason: ListReason;
      readonly mark: string;
      readonly expiresAt?: number;
    }
  | { readonly does: 'remove'; readonly imei: string; readonly list: ListName; readonly source: Source }
  | (Bounds & {
      readonly does: 'add range';
      readonly list: ListName;
      readonly mark: string;
      readonly expiresAt?: number;
    })
  | (Bounds & { readonly does: 'remove range'; readonly list: ListName })
  | (Bounds & ImsiBounds & { readonly does: 'add pair'; readonly kind: PairRuleKind; readonly mark: string })
  | (Bounds & ImsiBounds & { readonly does: 'remove pair'; readonly kind: PairRuleKind })
  | { readonly does: 'set'; readonly name: SettingName; readonly value: string }
  | FileChange
  | { readonly does: 'undo'; readonly name: string };

/** A file of the regulator's black list. */
export interface FileChange {
  readonly does: 'import';
  readonly name: string;
  /** `full`: what the regulator has listed and the file does not name goes. */
  readonly kind: 'add' | 'remove' | 'full';
  readonly imeis: readonly string[];
  /** The case of every line; lines with another one change entries that stand. */
  readonly mark: string;
}

/** What stands in the database about one entry, range, rule or setting, in one comparable text. */
export interface Fact {
  readonly mark: string;
  readonly expiresAt?: number;
  /** The file it came with. */
  readonly batch?: string;
}

/** The list and source of files. */
export const FILE = { list: 'black', source: 'regulator' } as const;

/** Names of facts. */
export const factKey = {
  entry: (imei: string, list: ListName, source: string) => `entry ${imei} ${list} ${source}`,
  range: ({ first, last }: Bounds, list: ListName) => `range ${first} ${last} ${list}`,
  pair: ({ first, last, firstImsi, lastImsi }: Bounds & ImsiBounds, kind: PairRuleKind) =>
    `pair ${first} ${last} ${firstImsi} ${lastImsi} ${kind}`,
  setting: (name: SettingName) => `setting ${name}`,
} as const;

/** Settings that are changed, with what an untouched register has. */
export const SETTINGS = {
  mode: { standard: 'enforce', values: ['enforce', 'track', 'off'] },
  'unknown.n5g-eir': { standard: 'permitted', values: ['permitted', 'tracking', 'prohibited', 'unknown'] },
  'unknown.s13': { standard: 'permitted', values: ['permitted', 'tracking', 'prohibited', 'unknown'] },
  'unknown.gsup': { standard: 'permitted', values: ['permitted', 'tracking', 'prohibited', 'unknown'] },
} as const satisfies Partial<Record<SettingName, { readonly standard: string; readonly values: readonly string[] }>>;

/** From the soak to the changing process, a line of JSON each. */
export type Order =
  | { readonly id: number; readonly make: Change }
  /** Writes all that stands to a file. */
  | { readonly id: number; readonly dump: string }
  /** Looks at the data as a whole, the audit log too. */
  | { readonly id: number; readonly verify: true };

/** From the changing process, a line of JSON each, written when the change has returned. */
export interface Acknowledgement {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `refused`: not made, and why. `unknown`: the database failed. */
  readonly outcome: 'done' | 'refused' | 'unknown';
  readonly problem?: string;
  /** The batch of an import. */
  readonly batch?: number;
  /** How many entries changed; undefined where nobody counts. */
  readonly changed?: number;
  readonly problems?: readonly string[];
}

/** All that stands. */
export interface Dump {
  readonly facts: readonly (readonly [key: string, fact: Fact])[];
  /** Batches by the name of their file; those that are done. */
  readonly batches: readonly (readonly [name: string, batch: number])[];
}
