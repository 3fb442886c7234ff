import { CodecError, concat, NO_OCTETS, Reader, type Writer } from '#base/codec/index.ts';
import { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './default-alphabet.ts';
import { textOfUcs2, ucs2Octets } from './ucs2.ts';
import { type InformationElement, userDataHeader } from './user-data-header.ts';

/** Longest TP-UD in octets (TS 23.040 9.2.3.16). */
export const LONGEST_USER_DATA = 140;

/** What a data coding scheme makes of user data (TS 23.038 4). */
export type Alphabet = 'default' | '8-bit' | 'UCS2';

/** PID and DCS values that this house writes (TS 23.040 9.2.3.9, TS 23.038 4). */
export const PROTOCOL_IDENTIFIER = { ordinary: 0x00, usimDataDownload: 0x7f } as const;
/** Data coding schemes: text to be shown, text in UCS2, 8-bit data for the (U)SIM (class 2). */
export const DATA_CODING = { text: 0x00, ucs2: 0x08, classTwo8Bit: 0xf6 } as const;

/** The alphabet of a data coding scheme (TS 23.038 4). Compressed text counts as octets: nothing here can read it. */
export function alphabetOf(dataCoding: number): Alphabet {
  const group = dataCoding >> 4;
  if (group < 0x8) {
    if ((dataCoding & 0x20) !== 0) return '8-bit';
    const alphabet = (dataCoding >> 2) & 3;
    return alphabet === 1 ? '8-bit' : alphabet === 2 ? 'UCS2' : 'default';
  }
  if (group === 0xe) return 'UCS2';
  if (group === 0xf) return (dataCoding & 0x04) !== 0 ? '8-bit' : 'default';
  return 'default';
}

/** Message class 0 to 3 of a data coding scheme; undefined when it names none (TS 23.038 4). */
export function messageClassOf(dataCoding: number): number | undefined {
  const isGeneral = dataCoding >> 4 < 0x8 && (dataCoding & 0x10) !== 0;
  return isGeneral || dataCoding >> 4 === 0xf ? dataCoding & 3 : undefined;
}

/**
 * TP-UD as it travels. `length` is TP-UDL: septets in the default alphabet, otherwise octets. `hasHeader` is TP-UDHI:
 * the octets begin with a user data header.
 */
export interface UserData {
  readonly hasHeader: boolean;
  readonly length: number;
  readonly octets: Uint8Array;
}

/** User data of octets behind a header (none when there are no elements). Throws CodecError over 140 octets. */
export function octetUserData(payload: Uint8Array, elements: readonly InformationElement[] = []): UserData {
  const octets = elements.length === 0 ? payload : concat(userDataHeader.encode(elements), payload);
  return ofOctets(octets, elements.length > 0);
}

/** User data that stands there already, header included: what `segments` gives. Throws CodecError over 140 octets. */
export function ofOctets(octets: Uint8Array, hasHeader: boolean): UserData {
  if (octets.length > LONGEST_USER_DATA)
    throw new CodecError('TP-UD', 0, `expected at most 140 octets, got ${octets.length}: send it in segments`);
  return { hasHeader, length: octets.length, octets };
}

/**
 * One message's worth of text: default alphabet if it can be, otherwise UCS2; use the data coding that is returned.
 * Throws CodecError when it needs more than 140 octets.
 */
export function textUserData(text: string): { readonly dataCoding: number; readonly userData: UserData } {
  const septets = septetsOf(text);
  if (septets === undefined) {
    return { dataCoding: DATA_CODING.ucs2, userData: ofOctets(ucs2Octets(text), false) };
  }
  const { octets } = ofOctets(packSeptets(septets), false);
  return { dataCoding: DATA_CODING.text, userData: { hasHeader: false, length: septets.length, octets } };
}

/** Header elements, and what stands behind them (a view). In the default alphabet the rest still has its fill bits. */
export function splitUserData({ hasHeader, octets }: UserData): {
  readonly elements: readonly InformationElement[];
  readonly payload: Uint8Array;
} {
  if (!hasHeader) return { elements: [], payload: octets };
  const reader = new Reader(octets);
  const elements = userDataHeader.read(reader);
  return { elements, payload: reader.rest() };
}

/**
 * The text of user data as a person reads it; undefined when it is 8-bit data. Throws CodecError for a broken header.
 */
export function textOfUserData(userData: UserData, dataCoding: number): string | undefined {
  const alphabet = alphabetOf(dataCoding);
  const { payload } = splitUserData(userData);
  if (alphabet === '8-bit') return undefined;
  if (alphabet === 'default') {
    // Text behind a header begins at the next whole septet (TS 23.040 9.2.3.24).
    const headerBits = (userData.octets.length - payload.length) * 8;
    const headerSeptets = Math.ceil(headerBits / 7);
    const count = Math.max(0, userData.length - headerSeptets);
    return textOfSeptets(unpackSeptets(payload, count, headerSeptets * 7 - headerBits));
  }
  return textOfUcs2(payload);
}

/** Reads TP-UDL and TP-UD at the cursor (a view). */
export function readUserData(reader: Reader, dataCoding: number, hasHeader: boolean): UserData {
  reader.field = 'TP-UD';
  const length = reader.u8();
  const count = alphabetOf(dataCoding) === 'default' ? Math.ceil((length * 7) / 8) : length;
  if (count > LONGEST_USER_DATA) throw reader.error(`expected at most 140 octets, got ${count}`, reader.position - 1);
  return { hasHeader, length, octets: count === 0 ? NO_OCTETS : reader.take(count) };
}

/** Appends TP-UDL and TP-UD. A count that does not fit the octets is a CodecError. */
export function writeUserData(writer: Writer, dataCoding: number, { length, octets }: UserData): void {
  writer.field = 'TP-UD';
  const count = alphabetOf(dataCoding) === 'default' ? Math.ceil((length * 7) / 8) : length;
  if (count !== octets.length || count > LONGEST_USER_DATA)
    throw writer.error(`expected ${count} octets (at most 140) for TP-UDL ${length}, got ${octets.length}`);
  writer.uint(1, length);
  writer.put(octets);
}
