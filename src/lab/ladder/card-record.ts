import type { TraceParty, TraceRecord } from '#base/trace/index.ts';
import { supportHop, uiccHop } from '#protocol/exchange/index.ts';

/** The cards of a handset. */
export type CardParty = TraceParty & ('UICC (31)' | 'storage support (2)');

/** A hop without when and whose. */
export type CardHop = Omit<TraceRecord, 'at' | 'handset'>;

/** One command and its response at a card's contacts, by its standard name. The octets are copied. */
export function exchangeRecord(card: CardParty, command: Uint8Array, response: Uint8Array): CardHop {
  const { isRoutine, ...hop } =
    card === 'UICC (31)' ? uiccHop(command, response) : { from: terminal, ...supportHop(command, response) };
  const to = hop.from === card ? terminal : card;
  return { ...hop, to, protocol: 'apdu', octets: command.slice(), response: response.slice() };
}

const terminal: TraceParty = 'operating system (4)';

/** A card's answer to reset. The octets are copied. */
export function resetRecord(card: CardParty, atr: Uint8Array): CardHop {
  const name = { name: 'reset: ATR', clause: 'ISO/IEC 7816-3 8' };
  return { from: terminal, to: card, protocol: 'atr', octets: atr.slice(), ...name };
}
