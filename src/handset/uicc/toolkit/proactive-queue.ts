import { CodecError } from '#base/codec/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import {
  type CommandDetails,
  commandDetails,
  decodeTerminalResponse,
  encodeProactiveCommand,
  type ProactiveCommand,
  type TerminalResponse,
} from '#protocol/usat/index.ts';
import type { ProactiveRequest } from './proactive-request.ts';

/** Most proactive commands that wait for FETCH. */
export const MOST_WAITING = 16;
const STATUS_WORD = 2;
const FIRST_NUMBER = 1;
/** Highest command number (TS 102 223 8.6). */
const LAST_NUMBER = 0xfe;

type Answered = (response: TerminalResponse | undefined) => void;

interface Waiting {
  /** The command and 9000: the answer to FETCH. */
  readonly response: Uint8Array;
  readonly answered: Answered;
}

/** What TERMINAL RESPONSE met. */
export type ResponseOutcome = 'taken' | 'notUnderstood' | 'noCommand';

/** Proactive commands of one power-on: one is performed at a time, the others wait in order (TS 102 223 4.2, 6.3). */
export class ProactiveQueue {
  /** The first that waits, and those behind it: mostly there is one, or none. */
  #next: Waiting | undefined;
  #behind: Waiting[] = [];
  #performing: { readonly details: CommandDetails; readonly fetched: Waiting } | undefined;
  #number = 0;
  #isClosing = false;

  /** Commands that may still be queued. */
  get room(): number {
    if (this.#isClosing) return 0;
    return this.#next === undefined ? MOST_WAITING : MOST_WAITING - 1 - this.#behind.length;
  }

  /** Octets of the command that FETCH would bring; 0 when there is none, or when one is being performed. */
  get pending(): number {
    const next = this.#performing === undefined ? this.#next : undefined;
    return next === undefined ? 0 : next.response.length - STATUS_WORD;
  }

  /** Queues a command. False when 16 wait already. Throws CodecError for a command that does not fit in 256 octets. */
  issue(request: ProactiveRequest, answered: Answered): boolean {
    if (this.room === 0) return false;
    const number = this.#number === LAST_NUMBER ? FIRST_NUMBER : this.#number + 1;
    // A request is a command without its number, so with a number it is a command.
    const response = encodeProactiveCommand({ ...request, number } as ProactiveCommand, STATUS_WORD);
    response[response.length - STATUS_WORD] = SW.ok >> 8;
    this.#number = number;
    if (this.#next === undefined) this.#next = { response, answered };
    else this.#behind.push({ response, answered });
    return true;
  }

  /** FETCH: the R-APDU with the first command that waits; from now on it is being performed. Undefined when there is none to fetch. */
  fetch(): Uint8Array | undefined {
    if (this.#performing !== undefined) return undefined;
    const next = this.#next;
    if (next === undefined) return undefined;
    this.#next = this.#behind.length === 0 ? undefined : this.#behind.shift();
    // The encoder put them there.
    const { response } = next;
    const details = commandDetails(response, response.length - STATUS_WORD) as CommandDetails;
    this.#performing = { details, fetched: next };
    return response;
  }

  /** The command that was fetched did not reach the terminal: it is the first that waits again. */
  takeBack(): void {
    const performing = this.#performing;
    if (performing === undefined) return;
    this.#performing = undefined;
    if (this.#next !== undefined) this.#behind.unshift(this.#next);
    this.#next = performing.fetched;
  }

  /** TERMINAL RESPONSE: ends the command being performed, also when the response cannot be read or is another command's. */
  respond(data: Uint8Array): ResponseOutcome {
    const performing = this.#performing;
    if (performing === undefined) return 'noCommand';
    this.#performing = undefined;
    const response = readResponse(data, performing.details);
    performing.fetched.answered(response);
    return response === undefined ? 'notUnderstood' : 'taken';
  }

  /** The terminal began its session anew: the command it was performing will have no answer. */
  abandon(): void {
    const performing = this.#performing;
    this.#performing = undefined;
    performing?.fetched.answered(undefined);
  }

  /** Reset: every command is lost, and whoever issued one hears it. What they issue meanwhile is refused. */
  clear(): void {
    if (this.#performing === undefined && this.#next === undefined) return;
    const lost = [this.#performing?.fetched, this.#next, ...this.#behind];
    this.#performing = undefined;
    this.#next = undefined;
    this.#behind = [];
    this.#isClosing = true;
    try {
      for (const one of lost) one?.answered(undefined);
    } finally {
      this.#isClosing = false;
    }
  }
}

function readResponse(data: Uint8Array, expected: CommandDetails): TerminalResponse | undefined {
  try {
    const response = decodeTerminalResponse(data);
    const { number, type } = response.details;
    return number === expected.number && type === expected.type ? response : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
