import { type CardMemory, CardMemoryFull, type Changes } from '#handset/card/index.ts';
import { type Card, type ProtocolOffer, responseApdu, SW } from '#protocol/apdu/index.ts';

// A resting memory: ( key (2) | length (3) | value ) ..., in record order, as the characters 00 to FF of one string. A string is a tenth
// of what an array of octets costs beside its octets, and the collector moves it: a fleet that grows and changes leaves no holes.
const ENTRY = 5;
const NOTHING = '';

// Where memories are packed. One for all: packing runs to its end before another begins.
let work = Buffer.alloc(4096);

/**
 * Memory of one card of a fleet. Its content lives as long as the process and is not journalled: for a hundred thousand cards that are
 * simulated, not for one that must survive. While its card is off it is one packed string.
 */
export class FleetMemory implements CardMemory {
  readonly #mostOctets: number;
  #octets = 0;
  #packed = NOTHING;
  /** Unpacked, from the first question of a card until it is off. */
  #records: Map<number, Uint8Array> | undefined;

  /** `mostOctets`: of all records. */
  constructor(mostOctets: number) {
    this.#mostOctets = mostOctets;
  }

  get free(): number {
    return this.#mostOctets - this.#octets;
  }

  get(key: number): Uint8Array | undefined {
    this.#records ??= unpacked(this.#packed);
    return this.#records.get(key);
  }

  commit(changes: Changes): void {
    this.#records ??= unpacked(this.#packed);
    const records = this.#records;
    const octets = this.#octets + growth(records, changes);
    if (octets > this.#mostOctets)
      throw new CardMemoryFull(`card memory: expected at most ${this.#mostOctets} octets of records, got ${octets}`);
    for (const [key, value] of changes) {
      const old = records.get(key);
      if (value === undefined) records.delete(key);
      // A counter that moves, mostly: no new memory.
      else if (old?.length === value.length) old.set(value);
      else records.set(key, value.slice());
    }
    this.#octets = octets;
  }

  /** The card is off, and nothing that was made of its records is in use any more. */
  rest(): void {
    if (this.#records === undefined) return;
    this.#packed = packed(this.#records, this.#octets);
    this.#records = undefined;
  }
}

const entryLength = (value: Uint8Array | undefined) => (value === undefined ? 0 : ENTRY + value.length);

/** Octets that changes add to records; each key is changed once at most. */
function growth(records: ReadonlyMap<number, Uint8Array>, changes: Changes): number {
  let octets = 0;
  for (const [key, value] of changes) octets += entryLength(value) - entryLength(records.get(key));
  return octets;
}

function packed(records: ReadonlyMap<number, Uint8Array>, octets: number): string {
  if (work.length < octets) work = Buffer.alloc(2 * octets);
  let at = 0;
  for (const [key, value] of records) {
    at = work.writeUInt16BE(key, at);
    at = work.writeUIntBE(value.length, at, ENTRY - 2);
    work.set(value, at);
    at += value.length;
  }
  return work.toString('latin1', 0, at);
}

function unpacked(text: string): Map<number, Uint8Array> {
  const records = new Map<number, Uint8Array>();
  const packedOctets = Buffer.from(text, 'latin1');
  // Plain octets: what is cut out of a Buffer is a Buffer too.
  const octets = new Uint8Array(packedOctets.buffer, packedOctets.byteOffset, packedOctets.length);
  for (let at = 0; at < octets.length; ) {
    const key = packedOctets.readUInt16BE(at);
    const from = at + ENTRY;
    at = from + packedOctets.readUIntBE(at + 2, ENTRY - 2);
    records.set(key, octets.slice(from, at));
  }
  return records;
}

const OFF = responseApdu(SW.noDiagnosis);

/** A card of a fleet: made at each power-on of what its memory holds, and nothing but that while it is off. */
export class FleetCard implements Card {
  readonly #memory: FleetMemory;
  readonly #make: (memory: CardMemory) => Card;
  #card: Card | undefined;

  /** `make` is shared by all cards of a kind. */
  constructor(memory: FleetMemory, make: (memory: CardMemory) => Card) {
    this.#memory = memory;
    this.#make = make;
  }

  reset(offer?: ProtocolOffer): Uint8Array {
    this.#card ??= this.#make(this.#memory);
    return this.#card.reset(offer);
  }

  transmit(command: Uint8Array): Uint8Array {
    return this.#card?.transmit(command) ?? OFF.slice();
  }

  powerOff(): void {
    this.#card = undefined;
    this.#memory.rest();
  }
}
