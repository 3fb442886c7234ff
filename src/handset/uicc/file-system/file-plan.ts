import {
  berTlvSet,
  enumeration,
  type Format,
  type Infer,
  lengthPrefixed,
  listOf,
  map,
  optional,
  required,
  rest,
  struct,
  tagged,
  u8,
  u16,
} from '#base/codec/index.ts';
import { STRUCTURE } from './elementary-file.ts';

/** Limits of a plan: no card in the field has more. */
export const MOST_PLANNED = { files: 1024, directories: 128, removed: 512 } as const;
/** Directories in each other below the MF (TS 102 221 8.4.2 paths of 8 octets name an EF in the third). */
const DEEPEST = 4;
const LONGEST_CONTENT = 0x7fff;

/** Identifiers from below the MF on, a file's own last; an ADF by the identifier it has in the plan (7FF0 the USIM, 7FF1 the ISIM). Empty: the MF. */
export type FilePath = readonly number[];

const path: Format<FilePath> = map(
  rest(0, 2 * DEEPEST),
  (octets, reader) => {
    if (octets.length % 2 !== 0) throw reader.error('expected identifiers of two octets each');
    return Array.from({ length: octets.length / 2 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  },
  (identifiers) => Uint8Array.from(identifiers.flatMap((identifier) => [identifier >> 8, identifier & 0xff])),
);
const text: Format<string> = map(
  rest(0, 32),
  (octets) => new TextDecoder().decode(octets),
  (value) => new TextEncoder().encode(value),
);

/** What the two ways to name a rule have in common: a record of the EF.ARR above, or a whole security object (8B, AB). */
const rule = { rule: optional(0x85, u8), security: optional(0x86, rest(3, 130)) } as const;

/** A directory that no table has, or that differs from its table. */
export const plannedDirectory = berTlvSet({
  path: required(0x80, path),
  aid: optional(0x81, rest(5, 16)),
  /** What EF.DIR calls an application. */
  label: optional(0x82, text),
  /** Identifier of the EF.ARR that rules its files; that of the directory above when not given. */
  rules: optional(0x83, u16),
  ...rule,
});
/** A directory that no table has, or that differs from its table. */
export type PlannedDirectory = Infer<typeof plannedDirectory>;

/** An EF that no table has, or that differs from its row: what is not given is the row's. */
export const plannedFile = berTlvSet({
  path: required(0x80, path),
  structure: optional(0x81, enumeration(u8, STRUCTURE)),
  /** Octets of a record, or of the whole file. */
  size: optional(0x82, u16),
  records: optional(0x83, u8),
  /** 1 to 30; 0: none. */
  shortIdentifier: optional(0x84, u8),
  ...rule,
  /** Another EF whose structure and content this one shares. */
  link: optional(0x87, path),
  /** Whole content of an EF without records; filled with FF. */
  content: optional(0x88, rest(0, LONGEST_CONTENT)),
  /** Contents of records, from 1; those not given are as the row has them, or FF. */
  contents: optional(0x89, listOf(struct({ record: u8, content: lengthPrefixed(u8, rest(0, 255)) }), 254)),
});
/** An EF that no table has, or that differs from its row. */
export type PlannedFile = Infer<typeof plannedFile>;

const sequence = 0x30;

/**
 * The file system of a card as data, as its memory keeps it: what it has otherwise than the standard card, or, when nothing is standard, all
 * it has. Cards with the same plan share one image.
 */
export const filePlan = berTlvSet({
  /** `standard`: the files of the tables; `none`: only what the plan names, where the tables say what is not said. */
  base: required(0x80, enumeration(u8, { standard: 0, none: 1 })),
  /** Services of EF.UST whose files a standard card has; its usual ones when not given. */
  services: optional(0x81, listOf(u8, 255)),
  directories: optional(0xa2, listOf(tagged(sequence, plannedDirectory), MOST_PLANNED.directories)),
  files: optional(0xa3, listOf(tagged(sequence, plannedFile), MOST_PLANNED.files)),
  /** Files and directories of the tables that the card has not. */
  removed: optional(0xa4, listOf(tagged(sequence, path), MOST_PLANNED.removed)),
});
/** The file system of a card as data. */
export type FilePlan = Infer<typeof filePlan>;
