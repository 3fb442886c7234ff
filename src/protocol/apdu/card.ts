/**
 * A card as its contacts see it. Virtual cards answer at once, so `transmit` is synchronous: a fleet of thousands needs no
 * event loop. Real cards (PC/SC, modem) stand behind handset/connector, which may wait.
 */
export interface Card {
  /** Cold reset: power on; volatile state is gone. The answer to reset (ISO/IEC 7816-3 8.2). */
  reset(): Uint8Array;
  /** One C-APDU in, one R-APDU (at least SW1 SW2) out. Never throws on any input. */
  transmit(command: Uint8Array): Uint8Array;
  /** Power off: volatile state is gone. */
  powerOff(): void;
}

/** The one door to a card for a protocol: a C-APDU in, an R-APDU out. */
export type Transmit = (command: Uint8Array) => Uint8Array;
