import { type Format, fromHex, NO_OCTETS } from '#base/codec/index.ts';
import type { UiccProfile } from '../profile.ts';

/** Structure of an EF by the first octet of its file descriptor, as shareable file (TS 102 221 11.1.1.4.3). */
export const STRUCTURE = { transparent: 0x41, linear: 0x42, cyclic: 0x46, berTlv: 0x79 } as const;
/** Structure of an EF by the first octet of its file descriptor. */
export type Structure = (typeof STRUCTURE)[keyof typeof STRUCTURE];

/** Content of an EF when the card is personalised: hexadecimal filled with FF, all records, or made from the card's profile. */
export type StartValue =
  | string
  | readonly Uint8Array[]
  | ((profile: UiccProfile) => Uint8Array | readonly Uint8Array[]);

/** What the octets of a file (or of one record of it) mean: its format, and an example of both sides for the tests. */
export interface Coding {
  readonly format: Format<unknown>;
  /** Octets in hexadecimal, without the FF that fill the file. */
  readonly example: string;
  readonly meaning: unknown;
}

/** A coding whose example has the type of its format. */
export const coded = <T>(format: Format<T>, example: string, meaning: T): Coding => ({
  format: format as Format<unknown>,
  example,
  meaning,
});

/** An EF as a row of its standard's table. A transparent or BER-TLV EF is one record of its size. */
export interface ElementaryFile {
  /**
   * Its place in the card memory: 1 to 127, or 1 to 255 for an EF without records; another file's only where two standards mean one
   * content. From 256 on: a file that a command created.
   */
  readonly number: number;
  readonly name: string;
  readonly identifier: number;
  /** Short identifier 1 to 30; undefined when it has none. */
  readonly shortIdentifier: number | undefined;
  readonly structure: Structure;
  readonly recordLength: number;
  readonly records: number;
  /** The record of the EF.ARR above it, or its whole security object of the FCP (8B or AB). */
  readonly access: number | Uint8Array;
  /** Services of EF.UST or EF.IST any of which needs this file; none when it is always there. */
  readonly services: readonly number[];
  readonly start: StartValue;
  /** Undefined for a file that no standard declares. */
  readonly coding: Coding | undefined;
  /** Where the standard of the table defines it. */
  readonly clause: string;
}

/** What all rows say first: number, name, identifier, short identifier (0: none). */
type Head = readonly [number: number, name: string, identifier: number, shortIdentifier: number];
type Tail = readonly [access: number, start: StartValue, coding: Coding, clause: string, ...services: number[]];

function row(
  [number, name, identifier, sfi]: Head,
  structure: Structure,
  recordLength: number,
  records: number,
  [access, start, coding, clause, ...services]: Tail,
): ElementaryFile {
  const shortIdentifier = sfi === 0 ? undefined : sfi;
  return {
    number,
    name,
    identifier,
    shortIdentifier,
    structure,
    recordLength,
    records,
    access,
    services,
    start,
    coding,
    clause,
  };
}

/** A row of a transparent EF of `size` octets. */
export const transparent = (head: Head, size: number, ...tail: Tail): ElementaryFile =>
  row(head, STRUCTURE.transparent, size, 1, tail);
/** A row of a linear fixed EF. */
export const linear = (head: Head, recordLength: number, records: number, ...tail: Tail): ElementaryFile =>
  row(head, STRUCTURE.linear, recordLength, records, tail);
/** A row of a cyclic EF. */
export const cyclic = (head: Head, recordLength: number, records: number, ...tail: Tail): ElementaryFile =>
  row(head, STRUCTURE.cyclic, recordLength, records, tail);
/** A row of a BER-TLV EF of at most `size` octets. */
export const berTlvFile = (head: Head, size: number, ...tail: Tail): ElementaryFile =>
  row(head, STRUCTURE.berTlv, size, 1, tail);

/** A row of another standard that means the same content under its own name and identifier, without short identifier. */
export const linked = (
  file: ElementaryFile,
  identifier: number,
  name: string,
  clause: string,
  coding = file.coding,
): ElementaryFile => ({ ...file, identifier, name, clause, coding, shortIdentifier: undefined, services: [] });

/** `hex` filled up with FF to `length` octets. */
export function filled(length: number, hex = ''): Uint8Array {
  const octets = new Uint8Array(length).fill(0xff);
  octets.set(fromHex(hex));
  return octets;
}

/** `count` records without content. */
export const emptyRecords = (count: number, length: number, hex = ''): readonly Uint8Array[] =>
  Array.from({ length: count }, () => filled(length, hex));

/** True for a linear or cyclic EF. */
export const isOfRecords = ({ structure }: Pick<ElementaryFile, 'structure'>): boolean =>
  structure === STRUCTURE.linear || structure === STRUCTURE.cyclic;

/** The octets of one record when nothing is known of it: FF, or nothing in a BER-TLV EF. */
export const blank = ({ structure, recordLength }: ElementaryFile): Uint8Array =>
  structure === STRUCTURE.berTlv ? NO_OCTETS : filled(recordLength);

/** A DF or ADF as a table: its EFs and the DFs below it. */
export interface DedicatedFile {
  /** 1 to 31; never another directory's. */
  readonly number: number;
  readonly name: string;
  readonly identifier: number;
  /** AID of an ADF, and the label that EF.DIR gives it. */
  readonly aid?: Uint8Array;
  readonly label?: string;
  /** EF.ARR of its EFs; that of the directory above when it has none. */
  readonly rules?: number;
  /** Its own rule: the record of the EF.ARR above it. */
  readonly access: number | Uint8Array;
  readonly files: readonly ElementaryFile[];
  readonly directories: readonly DedicatedFile[];
}
