import { Imei, luhnDigit } from '#base/identity/index.ts';
import type { ImeiSubject, LineFacts, ListLine } from './list-line.ts';
import { AS_IT_CAME, CHECK_DIGIT_DROPPED, type Normalisation, SPARE_DIGIT_DROPPED } from './normalisation.ts';
import type { RowLayout } from './row-layout.ts';

/** Octets after the IMEI that are remembered; longer lines go the general way. */
const LONGEST_REST = 64;
/** Different rests that are remembered; 512 KiB. */
const SLOTS = 8192;
const QUOTE = 0x22;
const DIGIT_0 = 0x30;
const EQUIPMENT_DIGITS = 14;

type ImeiLine = ImeiSubject & LineFacts;

/**
 * The short way for the common line: an IMEI of 14 or 15 digits, then the same few fields over and over. What the general way made of a
 * rest of a line is remembered by its octets, so both ways can say nothing different; only the IMEI is read here.
 */
export class PlainLines {
  readonly #separator: number;
  readonly #lastImei: number | undefined;
  readonly #octets = new Uint8Array(SLOTS * LONGEST_REST);
  readonly #lengths = new Int8Array(SLOTS).fill(-1);
  readonly #lines: (ImeiLine | undefined)[] = new Array(SLOTS).fill(undefined);
  // What the last read found, for `remember`.
  #restStart = 0;
  #slot = -1;

  private constructor(separator: number, lastImei: number | undefined) {
    this.#separator = separator;
    this.#lastImei = lastImei;
  }

  /** Undefined for a layout whose lines have no common shape: the IMEI must stand first, and decide nothing but itself. */
  static of({ separator, places, rules }: RowLayout): PlainLines | undefined {
    const first = Object.entries(places).filter(([, place]) => place === 0);
    const isFit = places.imei === 0 && first.length === 1 && rules.lostZeros === undefined;
    return isFit ? new PlainLines(separator.charCodeAt(0), places.lastImei) : undefined;
  }

  /** The line, or undefined: it must be read the general way. */
  read(octets: Uint8Array, start: number, end: number, number: number): ListLine | undefined {
    this.#slot = -1;
    let at = start;
    while (at < end && isDigit(octets[at] as number)) at++;
    const digits = at - start;
    if ((digits !== EQUIPMENT_DIGITS && digits !== EQUIPMENT_DIGITS + 1) || end - at > LONGEST_REST) return undefined;
    if (at < end && octets[at] !== this.#separator) return undefined;
    let hash = end - at;
    for (let place = at; place < end; place++) {
      const octet = octets[place] as number;
      if (octet < 0x20 || octet > 0x7e || octet === QUOTE) return undefined;
      hash = Math.imul(hash ^ octet, 0x01000193);
    }
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    this.#slot = slot;
    this.#restStart = at;
    if (!this.#holds(slot, octets, at, end)) return undefined;
    const known = this.#lines[slot] as ImeiLine;
    const equipment = equipmentText(octets, start);
    if (digits === EQUIPMENT_DIGITS) return lineOf(known, number, equipment, AS_IT_CAME);
    const last = (octets[start + EQUIPMENT_DIGITS] as number) - DIGIT_0;
    if (last === luhnDigit(equipment)) return lineOf(known, number, equipment, CHECK_DIGIT_DROPPED);
    return last === 0 ? lineOf(known, number, equipment, SPARE_DIGIT_DROPPED) : undefined;
  }

  /** Keeps what the general way made of the line, of these fields, that `read` could not. */
  remember(octets: Uint8Array, end: number, fields: readonly string[], line: ListLine): void {
    const slot = this.#slot;
    // The end of a range must be weighed against each IMEI anew.
    if (slot < 0 || line.about !== 'imei' || (fields[this.#lastImei ?? -1] ?? '').trim() !== '') return;
    this.#octets.set(octets.subarray(this.#restStart, end), slot * LONGEST_REST);
    this.#lengths[slot] = end - this.#restStart;
    this.#lines[slot] = line;
  }

  #holds(slot: number, octets: Uint8Array, start: number, end: number): boolean {
    if (this.#lengths[slot] !== end - start) return false;
    const kept = this.#octets;
    for (let at = start, place = slot * LONGEST_REST; at < end; at++, place++)
      if (octets[at] !== kept[place]) return false;
    return true;
  }
}

const isDigit = (octet: number): boolean => octet >= DIGIT_0 && octet <= DIGIT_0 + 9;

/** Far faster than a decoder for so few octets. */
const equipmentText = (o: Uint8Array, s: number): string =>
  String.fromCharCode(
    ...([o[s], o[s + 1], o[s + 2], o[s + 3], o[s + 4], o[s + 5], o[s + 6], o[s + 7]] as number[]),
    ...([o[s + 8], o[s + 9], o[s + 10], o[s + 11], o[s + 12], o[s + 13]] as number[]),
  );

function lineOf(known: ImeiLine, number: number, equipment: string, normalised: readonly Normalisation[]): ListLine {
  return {
    number,
    about: 'imei',
    imei: Imei.parse(equipment),
    change: known.change,
    list: known.list,
    inForce: known.inForce,
    reason: known.reason,
    note: known.note,
    caseReference: known.caseReference,
    reportedAt: known.reportedAt,
    expiresAt: known.expiresAt,
    normalised,
  };
}
