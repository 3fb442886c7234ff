/**
 * Transmission protocols that a slot lets a card offer. `T=0`: TPDUs, where data goes one way only: case 4 comes without Le and is answered
 * 61XX, a wrong Le 6CXX. `T=1`: whole APDUs, extended lengths too. `both`: the reader chooses and the card is not told, so it takes either.
 */
export type ProtocolOffer = 'T=0' | 'T=1' | 'both';

/**
 * A card as its contacts see it. Virtual cards answer at once, so `transmit` is synchronous: a fleet of thousands needs no
 * event loop. Real cards (PC/SC, modem) stand behind handset/connector, which may wait.
 */
export interface Card {
  /**
   * Cold reset: power on; volatile state is gone. The answer to reset (ISO/IEC 7816-3 8.2). A slot says which protocols it speaks: the
   * answer offers these alone, and the card keeps to them. Without: the answer as the card was made, and commands in either form.
   */
  reset(offer?: ProtocolOffer): Uint8Array;
  /** One C-APDU in, one R-APDU (at least SW1 SW2) out. Never throws on any input. */
  transmit(command: Uint8Array): Uint8Array;
  /** Power off: volatile state is gone. */
  powerOff(): void;
}

/** The one door to a card for a protocol: a C-APDU in, an R-APDU out. */
export type Transmit = (command: Uint8Array) => Uint8Array;
