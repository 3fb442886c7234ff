/** A card that may take its time: a virtual one answers at once, a real one behind a reader or a modem later. */
export interface CardDoor {
  /** Powers the card, or resets it. The answer to reset; no octets when there is no card. */
  reset(): Uint8Array | Promise<Uint8Array>;
  /** One C-APDU in, one whole R-APDU out; no octets when the card is mute. */
  transmit(command: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A door to a card of others. */
export interface ForeignSlot extends CardDoor {
  /** Where the card is, for people. */
  readonly place: string;
  /** Why the last reset or command got no octets, for people. */
  readonly trouble: string | undefined;
  /** Gives the card back. */
  close(): Promise<void>;
}

/** A slot was named that is not there, or not clearly: what was expected, and what there is. */
export class SlotNameError extends Error {
  override readonly name = 'SlotNameError';
}

/** This machine lacks what a slot needs: a service, a package, a device. Says what to do. */
export class SlotError extends Error {
  override readonly name = 'SlotError';
}
