import { sameOctets } from '#base/codec/index.ts';
import { type Card, type ProtocolOffer, responseApdu, SW } from '#protocol/apdu/index.ts';

/** Longest R-APDU that a length of one octet counts. */
const LONGEST_SHORT = 0xff;

/** Sees what happens at a slot's contacts; the octets may not be changed, and are the watcher's to keep. */
export interface SlotWatch {
  reset(atr: Uint8Array): void;
  exchange(command: Uint8Array, response: Uint8Array): void;
}

/** A card in a slot of a reader: power, the protocol that the slot speaks, and the answer to its last reset. */
export class CardSlot {
  readonly #card: Card;
  readonly #offer: ProtocolOffer;
  readonly #watch: SlotWatch | undefined;
  #atr: Uint8Array | undefined;
  #isPowered = false;
  /** Reset to learn its ATR, and nothing since. */
  #isFresh = false;
  /** A long R-APDU that waits for its command to come again. */
  #held: { readonly command: Uint8Array; readonly response: Uint8Array } | undefined;
  /** The last status word announced a long R-APDU. */
  #isLongAnnounced = false;

  /** `offer`: the transmission protocols of this slot. */
  constructor(card: Card, offer: ProtocolOffer, watch?: SlotWatch) {
    this.#card = card;
    this.#offer = offer;
    this.#watch = watch;
  }

  /** Powers the card, or resets one that is powered. The answer to reset. */
  powerOn(): Uint8Array {
    const atr = this.#isFresh && this.#atr !== undefined ? this.#atr : this.#reset();
    this.#isFresh = false;
    this.#isPowered = true;
    return atr;
  }

  /** Takes the power away; what was powered off stays so. */
  powerOff(): void {
    if (this.#isPowered || this.#isFresh) this.#card.powerOff();
    this.#isPowered = false;
    this.#isFresh = false;
  }

  /**
   * What the card answered to its last reset. A card that was never reset is now, and its power-on that follows needs no other: a UICC
   * counts them. Until then it is mute all the same.
   */
  get atr(): Uint8Array {
    if (this.#atr !== undefined) return this.#atr;
    const atr = this.#reset();
    this.#isFresh = true;
    return atr;
  }

  #reset(): Uint8Array {
    const atr = this.#card.reset(this.#offer);
    this.#atr = atr;
    this.#held = undefined;
    this.#isLongAnnounced = false;
    this.#watch?.reset(atr.slice());
    return atr;
  }

  /**
   * Whether the next R-APDU can be promised to have at most 255 octets, whatever is asked. In T=0 it can: a longer one is announced by 6CXX
   * or 61XX first (TS 102 221 7.3.1.1), and only what was announced is long.
   */
  get answersShort(): boolean {
    return this.#offer === 'T=0' && !this.#isLongAnnounced;
  }

  /** A C-APDU in, an R-APDU out; `isShort` when `answersShort` was promised. Undefined: the card has no power and is mute. */
  transmit(command: Uint8Array, isShort = false): Uint8Array | undefined {
    if (!this.#isPowered) return undefined;
    const held = this.#held;
    this.#held = undefined;
    const isAgain = held !== undefined && sameOctets(held.command, command);
    const whole = isAgain ? held.response : this.#card.transmit(command);
    const response = isShort && whole.length > LONGEST_SHORT ? this.#hold(command, whole) : whole;
    this.#isLongAnnounced = announcesLong(response);
    this.#watch?.exchange(command, response);
    return response;
  }

  /** Keeps a long R-APDU back. In T=0 it can only be that of a case 2 command: P3 told right is P3 told again. */
  #hold(command: Uint8Array, response: Uint8Array): Uint8Array {
    this.#held = { command, response };
    return responseApdu(SW.wrongLe | ((response.length - 2) & 0xff));
  }
}

/** 61XX or 6CXX of a length that comes to more than 255 octets with its status word. */
function announcesLong(response: Uint8Array): boolean {
  const [sw1 = 0, sw2 = 0] = response.subarray(-2);
  return (sw1 === SW.responseAvailable >> 8 || sw1 === SW.wrongLe >> 8) && (sw2 === 0 || sw2 + 2 > LONGEST_SHORT);
}
