import { concat, fromHex, toHex } from '#base/codec/index.ts';
import type { Imei } from '#base/identity/index.ts';
import { type Card, encodeCommand, responseData, statusWord } from '#protocol/apdu/index.ts';
import {
  CARD_READER_PROBLEM,
  commandDetails,
  decodeProactiveCommand,
  encodeTerminalResponse,
  GENERAL_RESULT,
  type ProactiveCommand,
  type TerminalResponse,
} from '#protocol/usat/index.ts';
import { PROFILE } from './foreign-profiles.ts';

/** What a terminal brings back besides the details it echoes. */
export type Result = Omit<TerminalResponse, 'details'>;

/** What a terminal does otherwise than one that does everything right. */
export interface Quirks {
  /** What it sends as TERMINAL PROFILE, one after another; none: it never sends one. */
  readonly profiles?: readonly Uint8Array[];
  /** Its result of a command, when it is not the right one. */
  readonly result?: (command: ProactiveCommand, right: Result) => Result;
  /** The octets of its TERMINAL RESPONSE, when they are not the usual ones; undefined: it sends none. */
  readonly octets?: (usual: Uint8Array) => Uint8Array | undefined;
  /** It fetches nothing. */
  readonly fetchesNothing?: boolean;
}

const DONE: Result = { general: GENERAL_RESULT.performed, additional: new Uint8Array(0) };
const NO_READER: Result = {
  general: GENERAL_RESULT.multipleCardError,
  additional: Uint8Array.of(CARD_READER_PROBLEM.readerNotValid),
};
const USIM = 'A0000000871002FFFFFFFF8907090000';
/** Most proactive commands of one session; a card that asks for more does not end. */
const MOST_COMMANDS = 64;

/** A handset of another maker: nothing of Assay's operating system is in it, and it does what a table of quirks says. */
export class ForeignTerminal {
  readonly #uicc: Card;
  readonly #support: Card | undefined;
  readonly #imei: Imei;
  readonly #quirks: Quirks;
  /** The types of the commands that it performed. */
  readonly performed: string[] = [];
  /** The short messages that the UICC had it send. */
  readonly sent: Uint8Array[] = [];

  constructor(parts: { readonly uicc: Card; readonly support: Card | undefined; readonly imei: Imei }, quirks: Quirks) {
    this.#uicc = parts.uicc;
    this.#support = parts.support;
    this.#imei = parts.imei;
    this.#quirks = quirks;
  }

  /** Resets the card, reads a little, sends its profiles. */
  powerOn(): void {
    this.#uicc.reset();
    this.send('00A40004023F0000');
    this.send(`00A4040410${USIM}00`);
    for (const profile of this.#quirks.profiles ?? [PROFILE.complete])
      this.transmit(encodeCommand({ cla: 0x80, ins: 0x10, p1: 0, p2: 0, data: profile }));
  }

  /** One command in hexadecimal, and then what the UICC asks. */
  send(command: string): string {
    return toHex(this.transmit(fromHex(command)));
  }

  /** One command, and then what the UICC asks. */
  transmit(command: Uint8Array): Uint8Array {
    const response = this.#uicc.transmit(command);
    let sw = statusWord(response);
    for (let served = 0; sw >> 8 === 0x91 && !this.#quirks.fetchesNothing; served++) {
      if (served === MOST_COMMANDS) throw new Error(`the card: expected an end of its commands after ${MOST_COMMANDS}`);
      sw = this.#serve(sw & 0xff);
    }
    return response;
  }

  /** The network's challenge; the status word. */
  authenticate({ rand, autn }: { readonly rand: Uint8Array; readonly autn: Uint8Array }): string {
    const data = concat(Uint8Array.of(0x10), rand, Uint8Array.of(0x10), autn);
    const sw = statusWord(this.transmit(encodeCommand({ cla: 0, ins: 0x88, p1: 0, p2: 0x81, data, le: 256 })));
    return sw >> 8 === 0x90 || sw >> 8 === 0x91 ? 'served' : 'refused';
  }

  #serve(length: number): number {
    const fetched = this.#uicc.transmit(Uint8Array.of(0x80, 0x12, 0, 0, length));
    const command = decodeProactiveCommand(responseData(fetched));
    const details = commandDetails(responseData(fetched));
    if (details === undefined) throw new Error(`expected a proactive command, got ${toHex(fetched)}`);
    this.performed.push(command.type);
    const right = this.#right(command);
    const usual = encodeTerminalResponse({ ...(this.#quirks.result?.(command, right) ?? right), details });
    const data = this.#quirks.octets === undefined ? usual : this.#quirks.octets(usual);
    if (data === undefined) return 0;
    return statusWord(this.#uicc.transmit(encodeCommand({ cla: 0x80, ins: 0x14, p1: 0, p2: 0, data })));
  }

  /** What a terminal that does everything right brings back. */
  #right(command: ProactiveCommand): Result {
    switch (command.type) {
      case 'POWER ON CARD':
        return this.#support === undefined ? NO_READER : { ...DONE, atr: this.#support.reset() };
      case 'PERFORM CARD APDU':
        return this.#support === undefined
          ? NO_READER
          : { ...DONE, responseApdu: this.#support.transmit(command.apdu) };
      case 'PROVIDE LOCAL INFORMATION':
        return { ...DONE, imei: this.#imei.toOctets() };
      case 'SEND SHORT MESSAGE':
        this.sent.push(command.tpdu.slice());
        return DONE;
      default:
        return DONE;
    }
  }
}
