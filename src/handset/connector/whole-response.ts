import { concat, NO_OCTETS } from '#base/codec/index.ts';
import { isExtendedCommand, logicalChannel, onChannel, responseApdu, SW } from '#protocol/apdu/index.ts';

const HEADER = 4;
const GET_RESPONSE = 0xc0;
/** Most rounds for one command: 256 octets each come to the longest R-APDU. */
const MOST_ROUNDS = 257;

/** What carries an APDU of T=1, or a TPDU of T=0, as it is. No octets: the card is mute. */
export type Exchange = (command: Uint8Array) => Promise<Uint8Array>;

/** `command` as T=0 carries it (ISO/IEC 7816-3 12.2): case 1 with P3 = 00, case 4 without Le. Extended lengths it cannot carry: undefined. */
export function tpduOf(command: Uint8Array): Uint8Array | undefined {
  if (command.length <= HEADER) return concat(command, Uint8Array.of(0));
  if (isExtendedCommand(command)) return undefined;
  const end = HEADER + 1 + (command[HEADER] as number);
  return command.length > end && command.length > HEADER + 1 ? command.subarray(0, end) : command;
}

/** The same command with another Le, at its end (TS 102 221 7.3.1.1.5.1). */
function withLe(command: Uint8Array, le: number): Uint8Array {
  const lc = command.length > HEADER + 1 ? (command[HEADER] as number) : 0;
  return concat(command.subarray(0, lc === 0 ? HEADER : HEADER + 1 + lc), Uint8Array.of(le));
}

/**
 * The whole R-APDU of a command: 61XX is followed by GET RESPONSE, 6CXX by the same command with the right Le (ISO/IEC 7816-3 12.2, TS 102
 * 221 7.3.1.1). Over T=0 a command with extended lengths is refused with 6700, as a card refuses it. No octets when the card fell mute.
 */
export async function wholeExchange(isT0: boolean, command: Uint8Array, exchange: Exchange): Promise<Uint8Array> {
  const sent = isT0 ? tpduOf(command) : command;
  if (sent === undefined) return responseApdu(SW.wrongLength);
  const channel = logicalChannel(command[0] ?? 0);
  const parts: Uint8Array[] = [];
  let response = await exchange(sent);
  for (let round = 0; round < MOST_ROUNDS && response.length >= 2; round++) {
    const [sw1 = 0, le = 0] = response.subarray(-2);
    if (sw1 === SW.wrongLe >> 8 && parts.length === 0) response = await exchange(withLe(sent, le));
    else if (sw1 === SW.responseAvailable >> 8) {
      parts.push(response.subarray(0, -2));
      response = await exchange(Uint8Array.of(onChannel(0x00, channel), GET_RESPONSE, 0, 0, le));
    } else break;
  }
  if (response.length < 2) return NO_OCTETS;
  return parts.length === 0 ? response : concat(...parts, response);
}
