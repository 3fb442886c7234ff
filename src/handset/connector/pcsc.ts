import type { PcscReader } from './pcscd-message.ts';

/** Result codes of PC/SC that a client can do something about (PC/SC part 10, winscard.h). */
export const PCSC_RESULT = {
  ok: 0,
  invalidHandle: 0x80100003,
  unknownReader: 0x80100009,
  timeout: 0x8010000a,
  sharingViolation: 0x8010000b,
  noSmartCard: 0x8010000c,
  protocolMismatch: 0x8010000f,
  notTransacted: 0x80100016,
  readerUnavailable: 0x80100017,
  noService: 0x8010001d,
  serviceStopped: 0x8010001e,
  communicationError: 0x80100013,
  noReadersAvailable: 0x8010002e,
  unresponsiveCard: 0x80100066,
  unpoweredCard: 0x80100067,
  resetCard: 0x80100068,
  removedCard: 0x80100069,
  securityViolation: 0x8010006a,
} as const;

const WORDS: ReadonlyMap<number, string> = new Map([
  [PCSC_RESULT.invalidHandle, 'the card is not in use any more'],
  [PCSC_RESULT.unknownReader, 'the reader is gone: put it back'],
  [PCSC_RESULT.timeout, 'the reader took too long'],
  [PCSC_RESULT.sharingViolation, 'another program uses the card alone: end it, or wait'],
  [PCSC_RESULT.noSmartCard, 'no card in the reader: put one in'],
  [
    PCSC_RESULT.protocolMismatch,
    'the card does not speak the protocol that was asked for: leave the choice to the reader',
  ],
  [PCSC_RESULT.notTransacted, 'the card did not answer: put it in again'],
  [PCSC_RESULT.readerUnavailable, 'the reader is gone: put it back'],
  [PCSC_RESULT.noService, 'the PC/SC service is not there: start it (pcscd)'],
  [PCSC_RESULT.serviceStopped, 'the PC/SC service has ended: start it again (pcscd)'],
  [
    PCSC_RESULT.communicationError,
    'the PC/SC service answered what its protocol has not: it is broken, or of another version',
  ],
  [PCSC_RESULT.noReadersAvailable, 'no reader is connected'],
  [PCSC_RESULT.unresponsiveCard, 'the card does not answer to reset: turn it, clean it, or it is broken'],
  [PCSC_RESULT.unpoweredCard, 'the card has no power'],
  [PCSC_RESULT.resetCard, 'another program reset the card: what was verified and selected is gone'],
  [PCSC_RESULT.removedCard, 'the card was taken out'],
  [PCSC_RESULT.securityViolation, 'this user may not use the reader: the rules of polkit refuse it'],
]);

/** PC/SC said no. `code` is its result code, which the message has where there are no words for it. `doing`: with what, or nothing where the words say all. */
export class PcscError extends Error {
  override readonly name = 'PcscError';
  readonly code: number;
  constructor(code: number, doing: string) {
    const words = WORDS.get(code) ?? `PC/SC refused it (${code.toString(16).toUpperCase()})`;
    super(doing === '' ? words : `${doing}: ${words}`);
    this.code = code;
  }
}

/** Bits of the transmission protocols (winscard.h). */
export const PCSC_PROTOCOL = { 'T=0': 1, 'T=1': 2 } as const;
/** A transmission protocol by its name. */
export type PcscProtocol = keyof typeof PCSC_PROTOCOL;

/** How a card is taken into use. */
export interface PcscUse {
  /** No other program may use the card meanwhile. */
  readonly isExclusive: boolean;
  /** The protocols to choose from. */
  readonly protocols: readonly PcscProtocol[];
}

/** A card in use. Every method rejects with PcscError. */
export interface PcscCard {
  /** What reader and card agreed on. */
  readonly protocol: PcscProtocol;
  /** The card's answer to its last reset; no octets when it is gone. */
  atr(): Promise<Uint8Array>;
  /** One TPDU of T=0 or APDU of T=1 in, the card's answer out, as they are. */
  transmit(command: Uint8Array): Promise<Uint8Array>;
  /** Takes the power from the card and gives it again. */
  reset(): Promise<void>;
  /** Gives the card back, reset. */
  disconnect(): Promise<void>;
}

/** A machine's PC/SC service. Every method rejects with PcscError. */
export interface PcscService {
  readers(): Promise<readonly PcscReader[]>;
  connect(reader: string, use: PcscUse): Promise<PcscCard>;
  close(): Promise<void>;
}

const SHARE_EXCLUSIVE = 1;
const SHARE_SHARED = 2;
/** What becomes of a card that is given back or reset (winscard.h). */
export const DISPOSITION = { reset: 1, unpower: 2 } as const;

/** `isExclusive` as winscard.h counts it. */
export const shareMode = ({ isExclusive }: PcscUse): number => (isExclusive ? SHARE_EXCLUSIVE : SHARE_SHARED);
/** Protocols as bits. */
export const protocolBits = ({ protocols }: PcscUse): number =>
  protocols.reduce((bits, name) => bits | PCSC_PROTOCOL[name], 0);

/** The protocol of a bit. Throws PcscError for one that was not asked for. */
export function protocolOf(bit: number): PcscProtocol {
  if (bit === PCSC_PROTOCOL['T=0']) return 'T=0';
  if (bit === PCSC_PROTOCOL['T=1']) return 'T=1';
  throw new PcscError(PCSC_RESULT.protocolMismatch, `protocol ${bit}`);
}
