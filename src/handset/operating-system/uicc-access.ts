import { concat, NO_OCTETS } from '#base/codec/index.ts';
import type { Procedure } from '#handset/connector/index.ts';
import { statusWord } from '#protocol/apdu/index.ts';
import { encodeTerminalResponse, type TerminalResponse } from '#protocol/usat/index.ts';

const SW1_RESPONSE_AVAILABLE = 0x61;
const SW1_WRONG_LE = 0x6c;
/** Most GET RESPONSE rounds for one command. */
const MOST_ROUNDS = 16;
/** What a UICC that is gone or mute answers here: 6F00, so that nothing above needs a second kind of failure. */
const MUTE = Uint8Array.of(0x6f, 0x00);

/** True when a response ends its command: no GET RESPONSE, no other Le is wanted, and the card is not mute. */
export function isWhole(response: Uint8Array): boolean {
  const sw1 = response[response.length - 2];
  return sw1 !== undefined && sw1 !== SW1_RESPONSE_AVAILABLE && sw1 !== SW1_WRONG_LE;
}

/**
 * The transport below a command whose first response is not whole: 61XX is followed by GET RESPONSE, 6CXX by the same command with the
 * right Le (TS 102 221 7.3.1.1). The R-APDU; 6F00 when the card is mute.
 */
export function* wholeResponse(command: Uint8Array, first: Uint8Array): Procedure<Uint8Array> {
  let response = first;
  if (response.length < 2) return MUTE;
  let data = NO_OCTETS;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const sw1 = response[response.length - 2] as number;
    const sw2 = response[response.length - 1] as number;
    if (sw1 === SW1_WRONG_LE) response = yield { type: 'uicc', command: withLe(command, sw2) };
    else if (sw1 === SW1_RESPONSE_AVAILABLE) {
      data = concat(data, response.subarray(0, -2));
      response = yield { type: 'uicc', command: Uint8Array.of((command[0] as number) & 0x03, 0xc0, 0, 0, sw2) };
    } else break;
    if (response.length < 2) return MUTE;
  }
  return data.length === 0 ? response : concat(data, response);
}

/** One command to the UICC with its transport below it. The R-APDU; 6F00 when the card is mute. */
export function* transmit(command: Uint8Array): Procedure<Uint8Array> {
  const response = yield { type: 'uicc', command };
  return isWhole(response) ? response : yield* wholeResponse(command, response);
}

function withLe(command: Uint8Array, le: number): Uint8Array {
  const lc = command.length > 5 ? (command[4] as number) : 0;
  const body = command.subarray(0, lc === 0 ? 4 : 5 + lc);
  return concat(body, Uint8Array.of(le));
}

/** Normal end: 9000, or 91XX with a proactive command to fetch. */
export function isDone(response: Uint8Array): boolean {
  const sw = statusWord(response);
  return sw === 0x9000 || sw >> 8 === 0x91;
}

// The commands of a power-on, ready made: they are the same octets every time (TS 102 221 11.1, TS 31.102 5.1.1).

/** SELECT of the MF, FCP wanted. */
export const SELECT_MF: Uint8Array = Uint8Array.of(0x00, 0xa4, 0x00, 0x04, 0x02, 0x3f, 0x00, 0x00);
/** SELECT of EF.DIR. */
export const SELECT_DIR: Uint8Array = Uint8Array.of(0x00, 0xa4, 0x00, 0x04, 0x02, 0x2f, 0x00, 0x00);
/** READ RECORD 1 of the current EF. */
export const READ_FIRST_RECORD: Uint8Array = Uint8Array.of(0x00, 0xb2, 0x01, 0x04, 0x00);
/** STATUS: the application is initialised in the terminal. */
export const STATUS_INITIALISED: Uint8Array = Uint8Array.of(0x80, 0xf2, 0x01, 0x0c);
/** STATUS without data: the poll. */
export const STATUS_POLL: Uint8Array = Uint8Array.of(0x80, 0xf2, 0x00, 0x0c);

/** SELECT by AID, FCP wanted. */
export function selectApplication(aid: Uint8Array): Uint8Array {
  const command = new Uint8Array(6 + aid.length);
  command[1] = 0xa4;
  command[2] = 0x04;
  command[3] = 0x04;
  command[4] = aid.length;
  command.set(aid, 5);
  return command;
}

/** READ BINARY from the beginning of a file by its short identifier, all of it up to 256 octets. */
export function readBinary(shortIdentifier: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb0, 0x80 | shortIdentifier, 0x00, 0x00);
}

/** READ RECORD of a file by its short identifier, absolute. */
export function readRecord(shortIdentifier: number, record: number): Uint8Array {
  return Uint8Array.of(0x00, 0xb2, record, (shortIdentifier << 3) | 0x04, 0x00);
}

/** UPDATE BINARY from the beginning of a file by its short identifier. */
export function updateBinary(shortIdentifier: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x00, 0xd6, 0x80 | shortIdentifier, 0x00, content.length), content);
}

/** AUTHENTICATE in the 3G context (TS 31.102 7.1.2.1): RAND and AUTN, 16 octets each. */
export function authenticate(rand: Uint8Array, autn: Uint8Array): Uint8Array {
  const command = new Uint8Array(40);
  command[1] = 0x88;
  command[3] = 0x81;
  command[4] = 0x22;
  command[5] = 0x10;
  command.set(rand, 6);
  command[22] = 0x10;
  command.set(autn, 23);
  return command;
}

/** ENVELOPE (TS 102 221 11.2.2), response wanted. */
export function envelope(data: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x80, 0xc2, 0x00, 0x00, data.length), data, Uint8Array.of(0x00));
}

/** TERMINAL PROFILE (TS 102 221 11.2.1). */
export function terminalProfileCommand(profile: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x80, 0x10, 0x00, 0x00, profile.length), profile);
}

const FETCHES = Array.from({ length: 256 }, (_, length) => Uint8Array.of(0x80, 0x12, 0x00, 0x00, length));

/** FETCH of a proactive command of `length` octets (0: 256). */
export function fetch(length: number): Uint8Array {
  return FETCHES[length] as Uint8Array;
}

/** TERMINAL RESPONSE (TS 102 221 11.2.4). Throws CodecError when the response does not fit. */
export function terminalResponse(response: TerminalResponse): Uint8Array {
  const command = encodeTerminalResponse(response, 5);
  command[0] = 0x80;
  command[1] = 0x14;
  command[4] = command.length - 5;
  return command;
}

/** VERIFY PIN, reference 01, padded with FF to 8 octets. */
export function verifyPin(digits: string): Uint8Array {
  const command = new Uint8Array(13).fill(0xff, 5);
  command.set([0x00, 0x20, 0x00, 0x01, 0x08]);
  for (let i = 0; i < Math.min(8, digits.length); i++) command[5 + i] = digits.charCodeAt(i);
  return command;
}
