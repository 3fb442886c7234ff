import { NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import type { CardMemory } from '#handset/card/index.ts';
import { MEMORY_KEY } from '../memory-key.ts';
import type { UiccProfile } from '../profile.ts';
import { RECORD_OVERHEAD, type Reserve } from '../reserve.ts';
import { type ElementaryFile, filled, STRUCTURE } from './elementary-file.ts';

/** Start values that are the same on every card, records one after another. */
const shared = new WeakMap<ElementaryFile, readonly Uint8Array[]>();

function sharedStart(file: ElementaryFile): readonly Uint8Array[] | undefined {
  const { start, records, recordLength } = file;
  if (typeof start === 'function') return undefined;
  let values = shared.get(file);
  if (values === undefined) {
    values = Array.from({ length: records }, (_, i) =>
      typeof start === 'string' ? filled(recordLength, start) : (start[i] ?? filled(recordLength)),
    );
    shared.set(file, values);
  }
  return values;
}

/**
 * Contents of one card's EFs: what was changed stands in the card memory, everything else is the start value of its table. A record is
 * addressed by its place from 0; a transparent EF is record 0.
 */
export class FileContents {
  readonly #memory: CardMemory;
  readonly #profile: UiccProfile;
  readonly #reserve: Reserve;
  /** Start values that this card's profile gives, once they were asked for. */
  readonly #personal = new Map<ElementaryFile, Uint8Array>();

  constructor(memory: CardMemory, profile: UiccProfile, reserve: Reserve) {
    this.#memory = memory;
    this.#profile = profile;
    this.#reserve = reserve;
  }

  /** Content of a record of a linear or cyclic EF (of a cyclic one, 0 is the newest), or of a transparent EF. Never write into it. */
  read(file: ElementaryFile, record = 0): Uint8Array {
    const place = file.structure === STRUCTURE.cyclic ? this.#place(file, record) : record;
    return this.#memory.get(keyOf(file, place)) ?? this.#start(file, place);
  }

  /**
   * Replaces a record of a linear EF, or a transparent EF; the content has the right length. Back when it is safe; false, and nothing
   * changed, when the memory has no room for it beyond its reserve.
   */
  write(file: ElementaryFile, content: Uint8Array, record = 0): boolean {
    if (sameOctets(content, this.read(file, record))) return true;
    const key = keyOf(file, record);
    return this.#commit([[key, content]]);
  }

  /** Replaces octets of a transparent EF from `offset` on; false as `write`. */
  patch(file: ElementaryFile, octets: Uint8Array, offset: number): boolean {
    const content = this.read(file).slice();
    content.set(octets, offset);
    return this.write(file, content);
  }

  /** A new newest record of a cyclic EF in place of the oldest: both the record and its place change, or neither. False as `write`. */
  append(file: ElementaryFile, content: Uint8Array): boolean {
    const place = this.#place(file, file.records - 1);
    return this.#commit([
      [keyOf(file, place), content],
      [MEMORY_KEY.file + file.number, Uint8Array.of(place)],
    ]);
  }

  /** True when the EF was deactivated. */
  isDeactivated(file: ElementaryFile): boolean {
    return this.#memory.get(MEMORY_KEY.deactivated + file.number) !== undefined;
  }

  /** Deactivates or activates an EF; back when it is safe. */
  setDeactivated(file: ElementaryFile, isDeactivated: boolean): void {
    if (this.isDeactivated(file) === isDeactivated) return;
    this.#memory.commit([[MEMORY_KEY.deactivated + file.number, isDeactivated ? NO_OCTETS : undefined]]);
  }

  #commit(changes: ReadonlyArray<readonly [key: number, content: Uint8Array]>): boolean {
    let growth = 0;
    for (const [key, content] of changes) {
      const stored = this.#memory.get(key);
      growth += content.length + (stored === undefined ? RECORD_OVERHEAD : -stored.length);
    }
    if (!this.#reserve.leaves(growth)) return false;
    this.#memory.commit(changes);
    return true;
  }

  #place(file: ElementaryFile, record: number): number {
    return ((this.#memory.get(MEMORY_KEY.file + file.number)?.[0] ?? 0) + record) % file.records;
  }

  #start(file: ElementaryFile, place: number): Uint8Array {
    const { start } = file;
    if (typeof start !== 'function') return (sharedStart(file) as readonly Uint8Array[])[place] as Uint8Array;
    let content = this.#personal.get(file);
    if (content === undefined) {
      content = start(this.#profile);
      this.#personal.set(file, content);
    }
    return content;
  }
}

const keyOf = (file: ElementaryFile, place: number): number =>
  file.structure === STRUCTURE.transparent
    ? MEMORY_KEY.file + file.number
    : MEMORY_KEY.record + 256 * file.number + place;
