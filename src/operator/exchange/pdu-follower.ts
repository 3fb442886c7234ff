import { HOP_DETAILS } from '#protocol/exchange/index.ts';
import {
  commandStatusName,
  type Message,
  type MessageState,
  type Pdu,
  type PduWatcher,
  receiptOf,
  STATUS,
} from '#protocol/smpp/index.ts';
import { type BareHop, pduHop } from './hop-record.ts';

/** A UICC that the operator issued. */
export interface Whose {
  readonly iccid: string;
  readonly imsi: string;
}

/** What a delivery receipt says. */
const SAID_OF = {
  enroute: 'centreHasIt',
  delivered: 'handsetHasIt',
  expired: 'centreExpired',
  deleted: 'centreDeleted',
  undeliverable: 'centreUndeliverable',
  accepted: 'centreHasIt',
  unknown: 'centreUndeliverable',
  rejected: 'centreRejected',
} as const satisfies Readonly<Record<MessageState, string>>;

/** Numbers whose UICC is remembered, and requests whose response is awaited. */
const MOST_REMEMBERED = 10_000;
const MOST_AWAITED = 2_000;

/** A map that forgets what was put in first. */
class Remembered<K, V> {
  readonly #most: number;
  readonly #kept = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: K): V | undefined {
    return this.#kept.get(key);
  }

  put(key: K, value: V): void {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    if (this.#kept.size <= this.#most) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  take(key: K): V | undefined {
    const found = this.#kept.get(key);
    this.#kept.delete(key);
    return found;
  }

  clear(): void {
    this.#kept.clear();
  }
}

interface Waiting {
  readonly octets: Uint8Array;
  readonly sequence: number;
}

/**
 * Whose a PDU of the operator's ESME is. A message from a UICC is only asked about by the gateway, which knows floods: it waits here until the
 * gateway took it. What goes out, and receipts, are of numbers that the operator wrote to.
 */
export class PduFollower {
  readonly #find: (number: string) => Whose | undefined;
  readonly #hear: (whose: Whose, hop: BareHop) => void;
  readonly #numbers = new Remembered<string, Whose>(MOST_REMEMBERED);
  readonly #waiting = new WeakMap<Message, Waiting>();
  readonly #received = new Remembered<number, Whose>(MOST_AWAITED);
  readonly #sent = new Remembered<number, Whose>(MOST_AWAITED);

  constructor(find: (number: string) => Whose | undefined, hear: (whose: Whose, hop: BareHop) => void) {
    this.#find = find;
    this.#hear = hear;
  }

  readonly watch: PduWatcher = (direction, pdu, octets) => {
    if (direction === 'sent') this.#out(pdu, octets);
    else this.#in(pdu, octets);
  };

  /** The octets of a message that the gateway took for one of this UICC; undefined when it came another way. */
  taken(message: Message, whose: Whose): Uint8Array | undefined {
    const found = this.#waiting.get(message);
    if (found === undefined) return undefined;
    this.#waiting.delete(message);
    this.#received.put(found.sequence, whose);
    return found.octets;
  }

  /** Forgets whose numbers were. */
  forget(): void {
    this.#numbers.clear();
    this.#received.clear();
    this.#sent.clear();
  }

  #in(pdu: Pdu, octets: Uint8Array): void {
    // Octets that came are a view on what was read from the socket.
    if (pdu.command === 'deliver_sm') this.#message(pdu.body, { octets: octets.slice(), sequence: pdu.sequence });
    if (pdu.command !== 'submit_sm_resp') return;
    const whose = this.#sent.take(pdu.sequence);
    if (whose === undefined) return;
    const { say } = HOP_DETAILS;
    const said =
      pdu.status === STATUS.ROK
        ? say('takenAs', { message: pdu.body.message_id })
        : say('centreRefused', { code: commandStatusName(pdu.status) });
    this.#hear(whose, pduHop(pdu.command, octets.slice(), 'in', said));
  }

  #message(message: Message, waiting: Waiting): void {
    const receipt = receiptOf(message);
    if (receipt === undefined) {
      this.#waiting.set(message, waiting);
      return;
    }
    const whose = this.#whose(message.source_addr);
    if (whose === undefined) return;
    this.#received.put(waiting.sequence, whose);
    const said = HOP_DETAILS.say(SAID_OF[receipt.state]);
    const { name: _command, ...hop } = pduHop('deliver_sm', waiting.octets, 'in', said);
    this.#hear(whose, { ...hop, name: 'delivery receipt' });
  }

  #out(pdu: Pdu, octets: Uint8Array): void {
    if (pdu.command === 'deliver_sm_resp') {
      const whose = this.#received.take(pdu.sequence);
      if (whose !== undefined) this.#hear(whose, pduHop(pdu.command, octets, 'out'));
    }
    if (pdu.command !== 'submit_sm') return;
    const whose = this.#whose(pdu.body.destination_addr);
    if (whose === undefined) return;
    this.#sent.put(pdu.sequence, whose);
    this.#hear(whose, pduHop(pdu.command, octets, 'out'));
  }

  #whose(address: string): Whose | undefined {
    const number = address.replace(/^\+/, '');
    const known = this.#numbers.get(number) ?? this.#find(number);
    if (known !== undefined) this.#numbers.put(number, known);
    return known;
  }
}
