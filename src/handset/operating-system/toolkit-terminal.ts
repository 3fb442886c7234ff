import { CodecError, NO_OCTETS } from '#base/codec/index.ts';
import type { Imsi } from '#base/identity/index.ts';
import { type CallResult, submitShortMessage, type Terminal } from '#handset/baseband/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { responseData } from '#protocol/apdu/index.ts';
import {
  CARD_READER_PROBLEM,
  commandDetails,
  decodeProactiveCommand,
  GENERAL_RESULT,
  type ProactiveCommand,
  TERMINAL_PROBLEM,
  type TerminalResponse,
  textOf,
} from '#protocol/usat/index.ts';
import type { Flash } from './operating-system.ts';
import { fetch, isDone, isWhole, readRecord, terminalResponse, transmit, wholeResponse } from './uicc-access.ts';

/** What a command brings back besides its details. */
export type Result = Omit<TerminalResponse, 'details'>;
/** A proactive command of one type. */
export type CommandOf<T extends ProactiveCommand['type']> = Extract<ProactiveCommand, { readonly type: T }>;

const SW1_PROACTIVE = 0x91;
/** Most proactive commands served in a row; a card that asks for more is left alone until the next command. */
const MOST_COMMANDS = 128;
const EF_SMSP_SFI = 0;

/** A command was performed, and brings nothing back. */
export const PERFORMED: Result = { general: GENERAL_RESULT.performed, additional: NO_OCTETS };
/** This terminal cannot perform it: the card shall not ask again. */
export const NOT_POSSIBLE: Result = { general: GENERAL_RESULT.beyondCapabilities, additional: NO_OCTETS };
const problem = (general: number, additional: number): Result => ({ general, additional: Uint8Array.of(additional) });

/**
 * The terminal's half of the toolkit (TS 102 223 6.4): fetches each proactive command, performs it, answers. The relay of steps 101 and
 * 102 is `relay` below: it carries C-APDUs to a card reader and R-APDUs back and looks into neither.
 */
export abstract class ToolkitTerminal {
  protected readonly flash: Flash;
  #events: ReadonlySet<number> = new Set();
  #callOfUicc: CallResult | undefined;
  #reference = 0;

  constructor(flash: Flash) {
    this.flash = flash;
  }

  /** The subscriber as long as the handset is attached; short messages need it. */
  protected abstract get subscriber(): Imsi | undefined;
  /** Reads again what the card says was changed (TS 102 223 6.4.7). */
  protected abstract refresh(command: CommandOf<'REFRESH'>): Procedure<Result>;
  /** Sets a call up, with call control by the UICC (TS 31.111 7.3.1). */
  protected abstract placeCall(address: Uint8Array): Procedure<CallResult>;

  // A generator inside a generator costs at every effect, so those that run at every power-on yield their effects themselves, and one
  // that is seldom needed (`wholeResponse`, `serve`) is entered only then.

  /** One command to the UICC, and then whatever the UICC asks by 91XX. The R-APDU of the command. */
  *command(command: Uint8Array): Procedure<Uint8Array> {
    const first = yield { type: 'uicc', command };
    const response = isWhole(first) ? first : yield* wholeResponse(command, first);
    if (response[response.length - 2] === SW1_PROACTIVE) yield* this.serve(response);
    return response;
  }

  /** The same with several commands, one after another. Their R-APDUs. */
  *commands(commands: readonly Uint8Array[]): Procedure<readonly Uint8Array[]> {
    const responses: Uint8Array[] = [];
    for (let i = 0; i < commands.length; i++) {
      const command = commands[i] as Uint8Array;
      const first = yield { type: 'uicc', command };
      const response = isWhole(first) ? first : yield* wholeResponse(command, first);
      if (response[response.length - 2] === SW1_PROACTIVE) yield* this.serve(response);
      responses.push(response);
    }
    return responses;
  }

  /** Fetches and performs proactive commands as long as status words announce them. */
  protected *serve(response: Uint8Array): Procedure<void> {
    let last = response;
    for (let served = 0; served < MOST_COMMANDS && last[last.length - 2] === SW1_PROACTIVE; served++) {
      const asking = fetch(last[last.length - 1] as number);
      const first = yield { type: 'uicc', command: asking };
      const fetched = isWhole(first) ? first : yield* wholeResponse(asking, first);
      if (!isDone(fetched)) return;
      const end = fetched.length - 2;
      const details = commandDetails(fetched, end);
      if (details === undefined) return;
      let result: Result;
      try {
        result = yield* this.perform(decodeProactiveCommand(fetched, end));
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        result = { general: GENERAL_RESULT.dataNotUnderstood, additional: NO_OCTETS };
      }
      const answering = terminalResponse({ ...result, details });
      last = yield { type: 'uicc', command: answering };
      if (!isWhole(last)) last = yield* wholeResponse(answering, last);
    }
  }

  /** Performs one proactive command. */
  protected perform(command: ProactiveCommand): Procedure<Result> {
    switch (command.type) {
      case 'PERFORM CARD APDU':
        return this.#performCardApdu(command);
      case 'POWER ON CARD':
        return this.#powerOnCard(command);
      case 'PROVIDE LOCAL INFORMATION':
        return atOnce(this.localInformation(command));
      case 'SEND SHORT MESSAGE':
        return this.sendShortMessage(command);
      case 'SET UP CALL':
        return this.#setUpCall(command);
      case 'DISPLAY TEXT':
        return displayed(textOf(command.text));
      case 'SET UP EVENT LIST':
        this.#events = new Set(command.events);
        return atOnce(PERFORMED);
      case 'POLL INTERVAL':
        return atOnce({ ...PERFORMED, interval: command.interval });
      case 'POWER OFF CARD':
      case 'POLLING OFF':
      case 'MORE TIME':
        return atOnce(PERFORMED);
      case 'REFRESH':
        return this.refresh(command);
      case 'UNKNOWN':
        return atOnce({ general: GENERAL_RESULT.typeNotUnderstood, additional: NO_OCTETS });
      default:
        return atOnce(NOT_POSSIBLE);
    }
  }

  /** Steps 101 and 102: one C-APDU to the card in a reader, one R-APDU back, both as they are. No octets: the card is mute. */
  protected *relay(reader: number, apdu: Uint8Array): Procedure<Uint8Array> {
    return yield { type: 'reader', reader, command: apdu };
  }

  *#performCardApdu({ reader, apdu }: CommandOf<'PERFORM CARD APDU'>): Procedure<Result> {
    const response = yield* this.relay(reader, apdu);
    if (response.length < 2) return problem(GENERAL_RESULT.multipleCardError, CARD_READER_PROBLEM.mute);
    return { general: GENERAL_RESULT.performed, additional: NO_OCTETS, responseApdu: response };
  }

  /** Powers the card in a reader; no octets when there is none. */
  protected *resetReader(reader: number): Procedure<Uint8Array> {
    return yield { type: 'resetReader', reader };
  }

  *#powerOnCard({ reader }: CommandOf<'POWER ON CARD'>): Procedure<Result> {
    const atr = yield* this.resetReader(reader);
    if (atr.length === 0) return problem(GENERAL_RESULT.multipleCardError, CARD_READER_PROBLEM.cardRemoved);
    return { ...PERFORMED, atr };
  }

  /** The IMEI and IMEISV as the flash has them: this is what the operating system *would claim*. */
  protected localInformation({ information }: CommandOf<'PROVIDE LOCAL INFORMATION'>): Result {
    if (information === 'imei') return { ...PERFORMED, imei: this.flash.imei.toOctets() };
    if (information === 'imeiSv' && this.flash.imeiSv) return { ...PERFORMED, imeiSv: this.flash.imeiSv.toOctets() };
    return NOT_POSSIBLE;
  }

  /** Step 103: the TPDU goes to the service centre as it is. Without service the UICC is told to try again later. */
  protected *sendShortMessage({ address, tpdu }: CommandOf<'SEND SHORT MESSAGE'>): Procedure<Result> {
    const { subscriber } = this;
    if (subscriber === undefined) return problem(GENERAL_RESULT.terminalBusy, TERMINAL_PROBLEM.noService);
    const serviceCentre = address ?? (yield* this.#serviceCentre());
    this.#reference = (this.#reference + 1) & 0xff;
    const isSent = yield* submitShortMessage(this.asTerminal(), subscriber, serviceCentre, tpdu, this.#reference);
    return isSent ? PERFORMED : problem(GENERAL_RESULT.networkBusy, 0);
  }

  /** This operating system as the baseband sees it. */
  protected abstract asTerminal(): Terminal;

  /** Service centre of EF.SMSP record 1: after the alpha identifier, 28 octets from the end (TS 31.102 4.2.27). */
  *#serviceCentre(): Procedure<Uint8Array> {
    yield* transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x0c, 0x02, 0x6f, 0x42));
    const record = responseData(yield* transmit(readRecord(EF_SMSP_SFI, 1)));
    const at = record.length - 28 + 13;
    const length = record[at] ?? 0xff;
    return length < 2 || length > 11 ? Uint8Array.of(0x80) : record.slice(at + 1, at + 1 + length);
  }

  *#setUpCall({ address }: CommandOf<'SET UP CALL'>): Procedure<Result> {
    const result = yield* this.placeCall(address);
    this.#callOfUicc = result;
    if (result.kind === 'connected') return PERFORMED;
    return result.kind === 'notAllowed'
      ? problem(GENERAL_RESULT.callControlPermanentProblem, 0)
      : problem(GENERAL_RESULT.networkBusy, 0);
  }

  /** The result of a call that the UICC set up in the session just served; once. */
  protected takeCallOfUicc(): CallResult | undefined {
    const result = this.#callOfUicc;
    this.#callOfUicc = undefined;
    return result;
  }

  /** True when the UICC asked to hear of an event (SET UP EVENT LIST). */
  protected wantsEvent(event: number): boolean {
    return this.#events.has(event);
  }

  /** What the toolkit told this terminal is void after a reset of the UICC. */
  protected forgetSession(): void {
    this.#events = new Set();
    this.#callOfUicc = undefined;
  }
}

// biome-ignore lint/correctness/useYield: a command that needs nothing of the world around
function* atOnce(result: Result): Procedure<Result> {
  return result;
}

function* displayed(text: string): Procedure<Result> {
  yield { type: 'display', text };
  return PERFORMED;
}
