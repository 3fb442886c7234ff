import { sameOctets } from '#base/codec/index.ts';
import type { Trace, TraceRecord } from '#base/trace/index.ts';
import { pdu } from '#protocol/smpp/index.ts';
import { TOOLKIT_TAG } from '#protocol/usat/index.ts';
import { tried } from './octet-tree.ts';
import { Ring } from './ring.ts';
import type { OpenedOctets } from './sheet.ts';
import { tellsTheStory } from './story.ts';
import { toolkitObjects } from './tlv-tree.ts';

/**
 * What begins an exchange. In a laboratory: what its person does with a handset, or `message` when the network or the operator began. At an
 * operator: a UICC that reports, an order without a report, a network that asks.
 */
export const EXCHANGE_KINDS = [
  ...(['powerOn', 'powerOff', 'call', 'emergencyCall', 'message', 'replay'] as const),
  ...(['report', 'order', 'check'] as const),
] as const;
/** What begins an exchange. */
export type ExchangeKind = (typeof EXCHANGE_KINDS)[number];

/** How exchanges end: of a laboratory’s handsets, then as far as an operator saw them. */
export const EXCHANGE_OUTCOMES = [
  ...(['attached', 'rejected', 'uiccRefused', 'noNetwork', 'noUsim', 'connected', 'notAllowed'] as const),
  ...(['failed', 'done', 'off', 'powerCut', 'same', 'different'] as const),
  ...(['putAside', 'answered', 'delivered', 'notDelivered', 'acknowledged'] as const),
] as const;

/** How an exchange ended, in a word, and the number that goes with it. */
export interface ExchangeOutcome {
  readonly kind: (typeof EXCHANGE_OUTCOMES)[number];
  /** Reject cause of TS 24.008, or the status word of the UICC. */
  readonly code?: number;
}

/** One exchange: what a handset did from one act of its person to the next. */
export interface Exchange {
  readonly number: number;
  readonly handset: string;
  readonly kind: ExchangeKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: ExchangeOutcome | undefined;
  readonly hops: number;
  readonly storyHops: number;
  /** Steps of figure 2 that were seen. */
  readonly steps: readonly (101 | 102 | 103 | 104)[];
  /** True when the operating system carried other octets than it was given. */
  readonly isAltered: boolean;
}

/** One hop, kept. */
export interface Hop {
  readonly number: number;
  readonly exchange: number;
  readonly handset: string;
  readonly record: TraceRecord;
  /** It belongs to the story; the others are housekeeping and carriers. */
  readonly isStory: boolean;
  /** Of a TERMINAL RESPONSE that carries a response of the storage support: what was asked, and what the support said. */
  readonly carried: Carried | undefined;
  /** The operating system carried other octets than it was given. */
  readonly isAltered: boolean;
  /** The moment it was recorded, as the cards' computations count it. */
  readonly mark: number;
}

/** What passed the operating system on the storage support's side. */
export interface Carried {
  readonly command: Uint8Array;
  readonly response: Uint8Array;
}

/** What a log bears. */
export interface ExchangeLogLimits {
  readonly hops: number;
  readonly exchanges: number;
}

const STANDARD: ExchangeLogLimits = { hops: 20_000, exchanges: 1_000 };
const NOBODY = 'network';
const FETCH = 0x12;
const TERMINAL_RESPONSE = 0x14;
const HEADER = 5;
/** Requests of SMPP whose handset is known until their response. */
const MOST_AWAITED = 200;

type Open = { -readonly [K in keyof Exchange]: Exchange[K] };

interface Course {
  exchange: Open | undefined;
  asked: Uint8Array | undefined;
  carried: Carried | undefined;
}

/**
 * Hops in memory, numbered from 1 and sorted into exchanges, newest kept. It is a trace: what is recorded belongs to the newest exchange of
 * its handset. `nameOf` gives a handset's name for the identities that other parties know it by.
 */
export class ExchangeLog implements Trace {
  readonly enabled = true;
  /** Hops kept at most. */
  readonly most: number;
  readonly #nameOf: (identity: string) => string | undefined;
  readonly #opened: Pick<OpenedOctets, 'mark'>;
  readonly #hops: Ring<Hop>;
  readonly #exchanges: Ring<Open>;
  readonly #courses = new Map<string, Course>();
  readonly #awaited = new Map<string, string>();

  constructor(
    nameOf: (identity: string) => string | undefined,
    opened: Pick<OpenedOctets, 'mark'>,
    limits: Partial<ExchangeLogLimits> = {},
  ) {
    this.#nameOf = nameOf;
    this.#opened = opened;
    const most = { ...STANDARD, ...limits };
    this.most = most.hops;
    this.#hops = new Ring(most.hops);
    this.#exchanges = new Ring(most.exchanges);
  }

  /** Number of the newest hop; 0 before the first. */
  get newest(): number {
    return this.#hops.newest;
  }

  /** A handset begins something: what is recorded of it belongs to this from now on. Its number. */
  begin(handset: string, kind: ExchangeKind, at: number): number {
    const course = this.#course(handset);
    return this.#open(course, handset, kind, at).number;
  }

  /** How an exchange ended. One that is forgotten already stays so. */
  end(number: number, outcome: ExchangeOutcome): void {
    const found = this.#exchanges.get(number);
    if (found !== undefined) found.outcome = outcome;
  }

  record(record: TraceRecord): void {
    const handset = this.#handsetOf(record);
    const course = this.#course(handset);
    const exchange = course.exchange ?? this.#open(course, handset, 'message', record.at);
    const carried = this.#follow(course, record);
    const isAltered = carried !== undefined && isOther(record, carried);
    const isStory = isAltered || tellsTheStory(record);
    const { number } = exchange;
    const { mark } = this.#opened;
    const hop = { exchange: number, handset, record, isStory, carried, isAltered, mark };
    this.#hops.push({ number: this.#hops.newest + 1, ...hop });
    exchange.hops++;
    if (isStory) exchange.storyHops++;
    if (isAltered) exchange.isAltered = true;
    const { step } = record;
    if (step !== undefined && !exchange.steps.includes(step)) exchange.steps = [...exchange.steps, step].sort();
  }

  /** Hops above this number, oldest first; of one exchange or one handset only, when it is said. */
  after(
    number: number,
    most: number,
    only: { readonly exchange?: number; readonly handset?: string } = {},
  ): readonly Hop[] {
    const found: Hop[] = [];
    for (const hop of this.#hops.after(number)) {
      const isWanted =
        (only.exchange === undefined || hop.exchange === only.exchange) &&
        (only.handset === undefined || hop.handset === only.handset);
      if (isWanted) found.push(hop);
      if (found.length >= most) break;
    }
    return found;
  }

  /** A hop by its number; undefined when it is not kept. */
  hop(number: number): Hop | undefined {
    return this.#hops.get(number);
  }

  /** Exchanges below this number, newest first; of one handset only, when it is said. */
  exchangesBefore(number: number, most: number, handset?: string): readonly Exchange[] {
    const found: Exchange[] = [];
    for (const exchange of this.#exchanges.before(number)) {
      if (handset === undefined || exchange.handset === handset) found.push({ ...exchange });
      if (found.length >= most) break;
    }
    return found;
  }

  /** An exchange by its number; undefined when it is not kept. */
  exchange(number: number): Exchange | undefined {
    const found = this.#exchanges.get(number);
    return found && { ...found };
  }

  /** The exchange that belongs to a handset’s next hop; undefined when it would begin one. */
  current(handset: string): Exchange | undefined {
    const found = this.#courses.get(handset)?.exchange;
    return found && { ...found };
  }

  /** What began as one thing turns out to be the beginning of another. */
  turn(number: number, kind: ExchangeKind): void {
    const found = this.#exchanges.get(number);
    if (found !== undefined) found.kind = kind;
  }

  /** Forgets an exchange and its hops. */
  forget(number: number): void {
    const exchange = this.#exchanges.get(number);
    if (exchange === undefined) return;
    this.#leave(exchange);
    this.#exchanges.remove(number);
    for (const hop of this.#hops.after(0)) if (hop.exchange === number) this.#hops.remove(hop.number);
  }

  /** What is not kept any more goes on no longer. */
  #leave({ handset, number }: Exchange): void {
    if (this.#courses.get(handset)?.exchange?.number === number) this.#courses.delete(handset);
  }

  #course(handset: string): Course {
    let course = this.#courses.get(handset);
    if (course === undefined) {
      course = { exchange: undefined, asked: undefined, carried: undefined };
      this.#courses.set(handset, course);
    }
    return course;
  }

  #open(course: Course, handset: string, kind: ExchangeKind, at: number): Open {
    const number = this.#exchanges.newest + 1;
    const exchange: Open = {
      number,
      handset,
      kind,
      at,
      outcome: undefined,
      hops: 0,
      storyHops: 0,
      steps: [],
      isAltered: false,
    };
    course.exchange = exchange;
    const oldest = this.#exchanges.push(exchange);
    if (oldest !== undefined) this.#leave(oldest);
    return exchange;
  }

  /** What the storage support was asked and said, when this record carries its answer to the UICC. */
  #follow(course: Course, record: TraceRecord): Carried | undefined {
    if (record.protocol !== 'apdu' || record.response === undefined) return undefined;
    if (record.to === 'storage support (2)' || record.from === 'storage support (2)') {
      course.carried = { command: record.octets, response: record.response };
      return undefined;
    }
    const ins = record.octets[1];
    if (ins === FETCH) course.carried = undefined;
    if (ins !== TERMINAL_RESPONSE || carriedResponse(record) === undefined) return undefined;
    const { carried } = course;
    course.carried = undefined;
    return carried;
  }

  #handsetOf(record: TraceRecord): string {
    const identity = record.handset ?? (record.protocol === 'smpp' ? this.#numberOf(record) : undefined);
    return identity === undefined ? NOBODY : (this.#nameOf(identity) ?? identity);
  }

  /** The handset's number in an SMPP PDU; a response belongs to whom its request was about. */
  #numberOf({ octets, to }: TraceRecord): string | undefined {
    const read = tried(() => pdu.decode(octets));
    if (read === undefined) return undefined;
    const key = (receiver: string) => `${receiver} ${read.sequence}`;
    if (read.command !== 'submit_sm' && read.command !== 'deliver_sm') {
      const asker = to === 'SMSC' ? 'operator (5)' : 'SMSC';
      const known = this.#awaited.get(key(asker));
      this.#awaited.delete(key(asker));
      return known;
    }
    const { source_addr, destination_addr } = read.body;
    const number = [source_addr, destination_addr].find((address) => this.#nameOf(address) !== undefined);
    const [oldest] = this.#awaited.keys();
    if (this.#awaited.size >= MOST_AWAITED && oldest !== undefined) this.#awaited.delete(oldest);
    if (number !== undefined) this.#awaited.set(key(to), number);
    return number;
  }
}

/** Where the response of a card stands in a TERMINAL RESPONSE (TS 102 223 8.36), counted in the C-APDU; undefined when there is none. */
export function carriedResponse({
  octets,
}: Pick<TraceRecord, 'octets'>): { readonly from: number; readonly to: number } | undefined {
  const found = toolkitObjects(octets, HEADER, octets.length).find(({ tag }) => tag === TOOLKIT_TAG.responseApdu);
  return found && { from: found.valueFrom, to: found.valueTo };
}

function isOther(record: TraceRecord, { response }: Carried): boolean {
  const place = carriedResponse(record);
  return place !== undefined && !sameOctets(record.octets.slice(place.from, place.to), response);
}
