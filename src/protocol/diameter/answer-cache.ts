const MOST_HOSTS = 1024;
const HOST_SLOTS = 4096;
/** Of one answer: End-to-End Identifier, low bits of the equipment, seconds, and the rest with the outcome, counted from one. */
const SLOT_WORDS = 4;
const OUTCOME_BITS = 3;
const OUTCOME_MASK = 7;
const DEFAULT_SLOTS = 1 << 16;
/** End-to-End Identifiers are unique for four minutes (RFC 6733 3). */
const LIFE_SECONDS = 240;

function hashOf(octets: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (octets[i] as number), 0x01000193);
  return hash >>> 0;
}

/** A host that has asked: its Origin-Host as it came. */
interface Host {
  readonly octets: Uint8Array;
  readonly text: string;
  readonly id: number;
}

/**
 * What was answered lately, by Origin-Host and End-to-End Identifier, so that a request that comes again with the T flag gets the answer
 * the first one got, over whatever connection (RFC 6733 3, appendix C). Bounded: a newer answer takes an older one's place, and when more
 * hosts than 1024 have asked all is forgotten, which only means to ask the register again.
 */
export class AnswerCache {
  private readonly hosts: (Host | undefined)[] = Array<Host | undefined>(HOST_SLOTS).fill(undefined);
  private hostCount = 0;
  private readonly mask: number;
  private readonly words: Int32Array;
  private last: Host | undefined;

  /** `slots`: most answers kept, a power of two. */
  constructor(slots = DEFAULT_SLOTS) {
    this.mask = slots - 1;
    this.words = new Int32Array(slots * SLOT_WORDS);
  }

  /** The host whose Origin-Host stands between two indexes. */
  hostAt(octets: Uint8Array, start: number, end: number): Host {
    if (this.last === undefined || !isSame(this.last.octets, octets, start, end))
      this.last = this.hostFound(octets, start, end);
    return this.last;
  }

  private hostFound(octets: Uint8Array, start: number, end: number): Host {
    for (let slot = hashOf(octets, start, end) % HOST_SLOTS; ; slot = (slot + 1) % HOST_SLOTS) {
      const host = this.hosts[slot];
      if (host === undefined) return this.newHost(slot, octets.slice(start, end));
      if (isSame(host.octets, octets, start, end)) return host;
    }
  }

  private newHost(slot: number, octets: Uint8Array): Host {
    const isFull = this.hostCount === MOST_HOSTS;
    if (isFull) {
      this.hosts.fill(undefined);
      this.words.fill(0);
      this.hostCount = 0;
    }
    const host = { octets, text: String.fromCharCode(...octets), id: this.hostCount++ };
    this.hosts[isFull ? hashOf(octets, 0, octets.length) % HOST_SLOTS : slot] = host;
    return host;
  }

  private slotOf(host: Host, endToEnd: number): number {
    const mixed = Math.imul(endToEnd ^ Math.imul(host.id, 0x9e3779b1), 0x85ebca6b);
    return ((mixed >>> 12) & this.mask) * SLOT_WORDS;
  }

  /** What this request came to before, or -1. `equipment`: the 14 digits as a number; `now`: seconds. */
  find(host: Host, endToEnd: number, equipment: number, now: number): number {
    const { words } = this;
    const slot = this.slotOf(host, endToEnd);
    const kept = words[slot + 3] as number;
    const isIt =
      words[slot] === (endToEnd | 0) &&
      words[slot + 1] === (equipment | 0) &&
      kept >> OUTCOME_BITS === hostAndHigh(host, equipment);
    const isYoung = now - ((words[slot + 2] as number) >>> 0) < LIFE_SECONDS;
    return isIt && isYoung ? (kept & OUTCOME_MASK) - 1 : -1;
  }

  /** Keeps what a request came to. */
  keep(host: Host, endToEnd: number, equipment: number, now: number, outcome: number): void {
    const { words } = this;
    const slot = this.slotOf(host, endToEnd);
    words[slot] = endToEnd;
    words[slot + 1] = equipment;
    words[slot + 2] = now;
    words[slot + 3] = (hostAndHigh(host, equipment) << OUTCOME_BITS) | (outcome + 1);
  }
}

/** What of host and equipment no other word of a slot holds, in 25 bits: ten of the host, the upper ones of 14 digits. */
const hostAndHigh = (host: Host, equipment: number): number => (host.id << 15) | (equipment / 2 ** 32);

function isSame(known: Uint8Array, octets: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== octets[start + i]) return false;
  return true;
}
