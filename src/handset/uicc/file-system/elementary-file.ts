import { fromHex } from '#base/codec/index.ts';
import type { UiccProfile } from '../profile.ts';
import type { AccessRule } from './access-rule.ts';

/** Structure of an EF by the first octet of its file descriptor (TS 102 221 11.1.1.4.3). */
export const STRUCTURE = { transparent: 0x41, linear: 0x42, cyclic: 0x46 } as const;

/** Content of an EF when the card is personalised: hexadecimal filled with FF, all records, or made from the card's profile. */
export type StartValue = string | readonly Uint8Array[] | ((profile: UiccProfile) => Uint8Array);

/** An EF as a row of its standard's table. A transparent EF is one record of its size. */
export interface ElementaryFile {
  /** Its place in the card memory, 1 to 127; never another file's. */
  readonly number: number;
  readonly name: string;
  readonly identifier: number;
  /** Short identifier 1 to 30; undefined when it has none. */
  readonly shortIdentifier: number | undefined;
  readonly structure: (typeof STRUCTURE)[keyof typeof STRUCTURE];
  readonly recordLength: number;
  readonly records: number;
  readonly access: AccessRule;
  /** Services of EF.UST any of which needs this file; none when it is always there. */
  readonly services: readonly number[];
  readonly start: StartValue;
  /** Where the standard of the table defines it. */
  readonly clause: string;
}

/** What all rows say first: number, name, identifier, short identifier (0: none). */
type Head = readonly [number: number, name: string, identifier: number, shortIdentifier: number];
type Tail = readonly [access: AccessRule, start: StartValue, clause: string, ...services: number[]];

function row(
  [number, name, identifier, sfi]: Head,
  structure: ElementaryFile['structure'],
  recordLength: number,
  records: number,
  [access, start, clause, ...services]: Tail,
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

/** `hex` filled up with FF to `length` octets. */
export function filled(length: number, hex = ''): Uint8Array {
  const octets = new Uint8Array(length).fill(0xff);
  octets.set(fromHex(hex));
  return octets;
}

/** A DF or ADF as a table: its EFs and the DFs below it. */
export interface DedicatedFile {
  readonly name: string;
  readonly identifier: number;
  /** AID of an ADF. */
  readonly aid?: Uint8Array;
  readonly files: readonly ElementaryFile[];
  readonly directories: readonly DedicatedFile[];
}
