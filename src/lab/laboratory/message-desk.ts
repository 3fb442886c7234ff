import type { Clock } from '#base/port/index.ts';
import type { Trace } from '#base/trace/index.ts';
import type { Hop, ShortMessage, Smsc, Transit } from '#lab/smsc/index.ts';
import { HOP_DETAILS } from '#protocol/exchange/index.ts';
import { LABORATORY_REFUSALS, type Refusal, refused } from './refusal.ts';

/** Which way a short message goes. */
export type MessageDirection = 'toOperator' | 'toHandset';

/** A short message that passed the service centre, as the laboratory keeps it. */
export interface KeptMessage {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Name of the handset, or its number when it has no name here. */
  readonly handset: string;
  readonly direction: MessageDirection;
  readonly isDropped: boolean;
  /** The message it is another copy of. */
  readonly replayOf: number | undefined;
  /** User data with its header. */
  readonly octets: Uint8Array;
}

/** Messages that will be lost. */
export interface ArmedDrop {
  readonly handset: string;
  readonly direction: MessageDirection;
  readonly left: number;
}

const MOST_KEPT = 500;
const DIRECTION: Readonly<Record<Hop, MessageDirection>> = { 'to ESME': 'toOperator', 'to handset': 'toHandset' };

/** What an attacker between handset and operator can do with short messages: keep copies, lose them, send them again. */
export class MessageDesk {
  readonly #smsc: Pick<Smsc, 'deliverAgain'>;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #nameOf: (identity: string) => string | undefined;
  #kept: (KeptMessage & { readonly message: ShortMessage })[] = [];
  #drops: ArmedDrop[] = [];
  #replaying: number | undefined;
  #last = 0;

  constructor(
    smsc: Pick<Smsc, 'deliverAgain' | 'setTransit'>,
    ports: { readonly clock: Clock; readonly trace: Trace; nameOf(identity: string): string | undefined },
  ) {
    this.#smsc = smsc;
    this.#clock = ports.clock;
    this.#trace = ports.trace;
    this.#nameOf = ports.nameOf;
    smsc.setTransit(this.#transit);
  }

  /** Messages below this number, newest first; of one handset only, when it is said. */
  before(number: number, most: number, handset?: string): readonly KeptMessage[] {
    const found = this.#kept.filter(
      (kept) => kept.number < number && (handset === undefined || kept.handset === handset),
    );
    return found.reverse().slice(0, most);
  }

  /** What will be lost. */
  get drops(): readonly ArmedDrop[] {
    return this.#drops;
  }

  /** The next `count` messages of a handset in this direction are lost; 0 takes that back. */
  drop(handset: string, direction: MessageDirection, count: number): void {
    const others = this.#drops.filter((drop) => drop.handset !== handset || drop.direction !== direction);
    this.#drops = count === 0 ? others : [...others, { handset, direction, left: count }];
  }

  /** Sends a kept message again, octet for octet; the number of the copy. */
  replay(number: number): number | Refusal {
    const kept = this.#kept.find((message) => message.number === number);
    if (kept === undefined) return refused('unknown', LABORATORY_REFUSALS.say('messageUnknown'));
    this.#replaying = number;
    const isTaken = this.#smsc.deliverAgain(kept.message);
    this.#replaying = undefined;
    if (!isTaken) return refused('conflict', LABORATORY_REFUSALS.say('centreFull'));
    return this.#last;
  }

  /** Nothing is lost any more. */
  reset(): void {
    this.#drops = [];
  }

  readonly #transit: Transit = (message, hop) => {
    const direction = DIRECTION[hop];
    const number = direction === 'toOperator' ? message.from.value : message.to.value;
    const handset = this.#nameOf(number) ?? number;
    const replayOf = this.#replaying;
    const isDropped = replayOf === undefined && this.#isToDrop(handset, direction);
    const { octets } = message.userData;
    const at = this.#clock.now();
    this.#kept.push({ number: ++this.#last, at, handset, direction, isDropped, replayOf, octets, message });
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    if (isDropped || replayOf !== undefined) this.#tell(at, handset, direction, octets, isDropped);
    return isDropped ? [] : [{ message, afterMs: 0 }];
  };

  #isToDrop(handset: string, direction: MessageDirection): boolean {
    const drop = this.#drops.find((one) => one.handset === handset && one.direction === direction);
    if (drop === undefined) return false;
    this.drop(handset, direction, drop.left - 1);
    return true;
  }

  #tell(at: number, handset: string, direction: MessageDirection, octets: Uint8Array, isDropped: boolean): void {
    const said = HOP_DETAILS.say(isDropped ? 'lost' : 'repeated');
    this.#trace.record({
      ...{ at, handset, octets },
      from: 'SMSC',
      to: direction === 'toOperator' ? 'operator (5)' : 'network',
      protocol: 'local',
      name: isDropped ? 'DROPPED short message' : 'REPLAYED short message',
      ...{ detail: HOP_DETAILS.words(said), said },
    });
  }
}
