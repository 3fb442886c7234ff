import { CodecError, NO_OCTETS } from '#base/codec/index.ts';
import {
  type CommandApdu,
  decodeCommand,
  isProprietary,
  LONGEST_RESPONSE_DATA,
  responseApdu,
  responseData,
  SW,
  statusWord,
} from '#protocol/apdu/index.ts';
import { compactResponse, type RemoteScript, readRemoteScript, writeExpandedResponse } from '#protocol/ota/index.ts';

/** Serves one command from afar: an R-APDU with all of its data, whatever Le said. */
export type ServeRemote = (command: CommandApdu) => Uint8Array;

/** Most octets of all R-APDUs of one script: what comes beyond is cut off (TS 102 226 5.1). */
export const LONGEST_RESPONSES = 1024;
const GET_RESPONSE = 0xc0;
/** The data did not fit, so nothing further is done (TS 102 226 5.2.1.1). */
const TRUNCATED = 0x62f1;

/** SW1 of success: 90, 91, 92, 61, and of a SIM 9F. */
const SUCCESS: readonly number[] = [0x90, 0x91, 0x92, 0x61, 0x9f];
const MORE_DATA = 0x6310;
/** A SIM's word for a memory that is full or failed, which begins as a success does. */
const SIM_MEMORY_PROBLEM = 0x9240;

/** Whether a script goes on: after success, after 62XX and 6310, which tell something of one; 63CX and the rest are failures. */
function goesOn(status: number): boolean {
  const sw1 = status >> 8;
  if (status === TRUNCATED || status === SIM_MEMORY_PROBLEM) return false;
  return SUCCESS.includes(sw1) || sw1 === 0x62 || status === MORE_DATA;
}

/** A run of one script: commands one after another until one fails or the answers are too long. */
class Run {
  readonly #serve: ServeRemote;
  readonly responses: Uint8Array[] = [];
  #waiting = NO_OCTETS;
  #octets = 0;

  constructor(serve: ServeRemote) {
    this.#serve = serve;
  }

  /** True when every command was executed and none failed. */
  all(commands: readonly Uint8Array[]): boolean {
    for (const octets of commands) {
      const response = this.#fitted(this.#one(octets));
      this.responses.push(response);
      this.#octets += response.length;
      if (!goesOn(statusWord(response))) return false;
    }
    return true;
  }

  #one(octets: Uint8Array): Uint8Array {
    const command = decoded(octets);
    if (command === undefined) return responseApdu(SW.wrongLength);
    if (command.ins === GET_RESPONSE && !isProprietary(command.cla)) return this.#getResponse(command);
    const response = this.#serve(command);
    const data = responseData(response);
    this.#waiting = NO_OCTETS;
    if (data.length === 0 || command.le !== undefined) return response;
    // As on the card's interface (TS 102 221 7.3.1.1.5): GET RESPONSE may follow.
    this.#waiting = data.slice();
    return responseApdu(SW.responseAvailable | (data.length & 0xff));
  }

  /** P3 00: all of it, be it more than 256 octets (TS 102 226 5.1). */
  #getResponse({ le = LONGEST_RESPONSE_DATA }: CommandApdu): Uint8Array {
    const data = this.#waiting;
    if (data.length === 0) return responseApdu(SW.conditionsOfUseNotSatisfied);
    if (le === LONGEST_RESPONSE_DATA || le >= data.length) {
      this.#waiting = NO_OCTETS;
      return responseApdu(SW.ok, data);
    }
    this.#waiting = data.subarray(le);
    return responseApdu(SW.responseAvailable | (this.#waiting.length & 0xff), data.subarray(0, le));
  }

  #fitted(response: Uint8Array): Uint8Array {
    const room = LONGEST_RESPONSES - this.#octets;
    return response.length <= room ? response : responseApdu(TRUNCATED, response.subarray(0, Math.max(0, room - 2)));
  }
}

function decoded(octets: Uint8Array): CommandApdu | undefined {
  try {
    return decodeCommand(octets);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Executes a script (TS 102 226 5) and gives the answer in its format: the data of the proof of receipt. */
export function executeScript(octets: Uint8Array, serve: ServeRemote): Uint8Array {
  const script = readRemoteScript(octets);
  const run = new Run(serve);
  const isWhole = script.asks === undefined && run.all(script.commands);
  return script.format === 'compact' ? compactAnswer(script, run, isWhole) : expandedAnswer(script, run, isWhole);
}

function compactAnswer({ fault }: RemoteScript, { responses }: Run, isWhole: boolean): Uint8Array {
  const last = responses.at(-1) ?? responseApdu(SW.ok);
  const isBroken = isWhole && fault !== undefined;
  return compactResponse.encode({
    commands: responses.length,
    statusWord: isBroken ? SW.wrongLength : statusWord(last),
    data: isBroken ? NO_OCTETS : responseData(last),
  });
}

function expandedAnswer({ format, fault, asks }: RemoteScript, { responses }: Run, isWhole: boolean): Uint8Array {
  return writeExpandedResponse({
    format: format === 'indefinite' ? format : 'definite',
    responses,
    ...(isWhole && fault !== undefined && { fault }),
    ...(asks !== undefined && { refused: asks }),
  });
}
