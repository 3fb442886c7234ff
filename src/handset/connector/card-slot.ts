import type { Card, ProtocolOffer } from '#protocol/apdu/index.ts';

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

  /** `offer`: the transmission protocols of this slot. */
  constructor(card: Card, offer: ProtocolOffer, watch?: SlotWatch) {
    this.#card = card;
    this.#offer = offer;
    this.#watch = watch;
  }

  /** Powers the card, or resets one that is powered. The answer to reset. */
  powerOn(): Uint8Array {
    const atr = this.#card.reset(this.#offer);
    this.#atr = atr;
    this.#isPowered = true;
    this.#watch?.reset(atr.slice());
    return atr;
  }

  /** Takes the power away; what was powered off stays so. */
  powerOff(): void {
    if (this.#isPowered) this.#card.powerOff();
    this.#isPowered = false;
  }

  /** What the card answered to its last reset. A card that was never powered is powered for it, and off again. */
  get atr(): Uint8Array {
    if (this.#atr !== undefined) return this.#atr;
    const atr = this.powerOn();
    this.powerOff();
    return atr;
  }

  /** A C-APDU in, an R-APDU out. Undefined: the card has no power and is mute. */
  transmit(command: Uint8Array): Uint8Array | undefined {
    if (!this.#isPowered) return undefined;
    const response = this.#card.transmit(command);
    this.#watch?.exchange(command, response);
    return response;
  }
}
