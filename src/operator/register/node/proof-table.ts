import type { Imsi } from '#base/identity/index.ts';

/** What stands about a subscriber in every node's memory. */
export interface ProofStanding {
  /** The 14 digits that the subscriber's UICC proves now; undefined: it proves none. */
  readonly provedImei: number | undefined;
  /** The last report refuted the IMEI, and nobody unblocked the UICC since. */
  readonly isRefuted: boolean;
  /** The UICC is locked to the handset that it proved. */
  readonly isPairingLocked: boolean;
}

/** Memory of a table, for other threads. */
export interface ProofTableHandle {
  readonly memory: SharedArrayBuffer;
}

const HEADER_OCTETS = 16;
const WORD = { version: 0, entries: 1 } as const;
const SLOT_NUMBERS = 2;
const MOST_LOAD = 0.7;
const FLAG = { proves: 1, refuted: 2, locked: 4 } as const;
const FLAGS = 8;
const SMALLEST = 1024;
/** Readings of a slot while it is being written, before the reader waits for a moment. */
const SPINS = 1000;

/** An IMSI as a number of its own, whatever its length and leading zeros: 1 before its digits. Exact in a double (at most 16 digits below 2^53). */
export function imsiNumber(imsi: Imsi | string): number {
  const digits = typeof imsi === 'string' ? imsi : imsi.digits;
  // Digit by digit: several times as fast as making a text and reading it, and every check needs it.
  let number = 1;
  for (let i = 0; i < digits.length; i++) number = number * 10 + digits.charCodeAt(i) - ZERO;
  return number;
}

const ZERO = 0x30;

function packed({ provedImei, isRefuted, isPairingLocked }: ProofStanding): number {
  const flags =
    (provedImei === undefined ? 0 : FLAG.proves) | (isRefuted ? FLAG.refuted : 0) | (isPairingLocked ? FLAG.locked : 0);
  return (provedImei ?? 0) * FLAGS + flags;
}

function unpacked(value: number): ProofStanding {
  const flags = value % FLAGS;
  return {
    provedImei: flags & FLAG.proves ? Math.floor(value / FLAGS) : undefined,
    isRefuted: (flags & FLAG.refuted) !== 0,
    isPairingLocked: (flags & FLAG.locked) !== 0,
  };
}

function hash(key: number, mask: number): number {
  const low = key | 0;
  const high = (key / 0x1_0000_0000) | 0;
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) & mask;
}

/**
 * Reads what subscribers' UICCs prove, in memory that one thread writes: open addressing, 16 octets a slot, keys never move. A version is
 * odd while a slot is written; a reader that met a write reads again.
 */
export class ProofReader {
  protected readonly control: Int32Array;
  protected readonly slots: Float64Array;
  protected readonly mask: number;

  constructor({ memory }: ProofTableHandle) {
    this.control = new Int32Array(memory, 0, HEADER_OCTETS / Int32Array.BYTES_PER_ELEMENT);
    this.slots = new Float64Array(memory, HEADER_OCTETS);
    this.mask = this.slots.length / SLOT_NUMBERS - 1;
  }

  /** Subscribers in it. */
  get size(): number {
    return this.control[WORD.entries] as number;
  }

  /** What stands about a subscriber; undefined: the UICC never reported. */
  standing(imsi: number): ProofStanding | undefined {
    for (let tries = 0; ; tries++) {
      const version = Atomics.load(this.control, WORD.version);
      const value = this.slots[this.place(imsi) * SLOT_NUMBERS + 1] as number;
      if ((version & 1) === 0 && Atomics.load(this.control, WORD.version) === version)
        return value === 0 ? undefined : unpacked(value - 1);
      if (tries % SPINS === SPINS - 1) Atomics.wait(this.control, WORD.version, version, 1);
    }
  }

  /** The slot that holds a key, or the free one where it would go. */
  protected place(imsi: number): number {
    let slot = hash(imsi, this.mask);
    for (;;) {
      const key = this.slots[slot * SLOT_NUMBERS] as number;
      if (key === imsi || key === 0) return slot;
      slot = (slot + 1) & this.mask;
    }
  }
}

/** The writer's side of a table; one thread has it. */
export class ProofTable extends ProofReader {
  readonly handle: ProofTableHandle;

  private constructor(handle: ProofTableHandle) {
    super(handle);
    this.handle = handle;
  }

  /** A fresh table with room for so many subscribers. */
  static forSubscribers(subscribers: number): ProofTable {
    let slots = SMALLEST;
    while (slots * MOST_LOAD < subscribers) slots *= 2;
    const octets = HEADER_OCTETS + slots * SLOT_NUMBERS * Float64Array.BYTES_PER_ELEMENT;
    return new ProofTable({ memory: new SharedArrayBuffer(octets) });
  }

  /**
   * A table of what stands in memory that was copied piece by piece while it was written in: each key is put in its place
   * anew. Undefined when it is no memory of a table.
   */
  static fromCopy(memory: SharedArrayBuffer): ProofTable | undefined {
    const octets = memory.byteLength - HEADER_OCTETS;
    if (octets <= 0 || octets % (SLOT_NUMBERS * Float64Array.BYTES_PER_ELEMENT) !== 0) return undefined;
    const slots = new Float64Array(memory, HEADER_OCTETS);
    let entries = 0;
    for (let at = 0; at < slots.length; at += SLOT_NUMBERS) if (slots[at] !== 0) entries++;
    const table = ProofTable.forSubscribers(entries);
    table.#takeAll(slots);
    return table;
  }

  /** The 14-digit number that each subscriber's UICC proves, for those that prove one. */
  *provedImeis(): Generator<number> {
    for (let at = 0; at < this.slots.length; at += SLOT_NUMBERS) {
      if (this.slots[at] === 0) continue;
      const { provedImei } = unpacked((this.slots[at + 1] as number) - 1);
      if (provedImei !== undefined) yield provedImei;
    }
  }

  /** False when the table is full: make a larger one with `grown`. Every reader sees the change when this returns. */
  set(imsi: number, standing: ProofStanding): boolean {
    const slot = this.place(imsi) * SLOT_NUMBERS;
    const isNew = this.slots[slot] === 0;
    if (isNew && this.size + 1 > (this.mask + 1) * MOST_LOAD) return false;
    Atomics.add(this.control, WORD.version, 1);
    this.slots[slot + 1] = packed(standing) + 1;
    this.slots[slot] = imsi;
    if (isNew) this.control[WORD.entries] = this.size + 1;
    Atomics.add(this.control, WORD.version, 1);
    Atomics.notify(this.control, WORD.version);
    return true;
  }

  /** A copy with twice the room. */
  grown(): ProofTable {
    const larger = ProofTable.forSubscribers(this.size * 2 + SMALLEST);
    larger.#takeAll(this.slots);
    return larger;
  }

  #takeAll(slots: Float64Array): void {
    for (let at = 0; at < slots.length; at += SLOT_NUMBERS) {
      const key = slots[at] as number;
      if (key !== 0) this.set(key, unpacked((slots[at + 1] as number) - 1));
    }
  }
}
