import { concat } from '#base/codec/index.ts';
import type { TraceRecord } from './record.ts';

/** The UDP port of GSMTAP. */
export const GSMTAP_PORT = 4729;

const VERSION = 2;
const HEADER_WORDS = 4;
const TYPE_SIM = 4;
const SUB_TYPE_AT = 12;
const SUB_TYPE_APDU = 0;
const SUB_TYPE_ATR = 1;

const HEADER = 4;
const INS_GET_RESPONSE = 0xc0;
const SW1_MORE_DATA = 0x61;

/** The 16-octet GSMTAP header of a SIM packet (no radio fields: they are 0) and what follows it. */
function simPacket(subType: number, ...content: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(4 * HEADER_WORDS);
  header[0] = VERSION;
  header[1] = HEADER_WORDS;
  header[2] = TYPE_SIM;
  header[SUB_TYPE_AT] = subType;
  return concat(header, ...content);
}

/** One exchange as on a T=0 contact: CLA INS P1 P2 P3, the data of either direction, SW1 SW2; P3 counts the data that follows. */
function exchange(header: Uint8Array, data: Uint8Array, sw1: number, sw2: number): Uint8Array {
  return simPacket(SUB_TYPE_APDU, header, Uint8Array.of(data.length), data, Uint8Array.of(sw1, sw2));
}

/**
 * A command and its response in the form GSMTAP readers know. They know T=0 exchanges, where data goes one way only; a response
 * with data to a command with data is therefore shown as T=0 carries it: 61 XX, then GET RESPONSE (TS 102 221 7.3.1.1.5).
 */
function apduPackets(command: Uint8Array, response: Uint8Array): readonly Uint8Array[] {
  const header = command.subarray(0, HEADER);
  const length = command[HEADER] ?? 0;
  const isSent = command.length > HEADER + 1;
  const sent = isSent ? command.subarray(HEADER + 1, HEADER + 1 + length) : command.subarray(0, 0);
  const received = response.subarray(0, response.length - 2);
  const [sw1, sw2] = response.subarray(-2) as Uint8Array & [number, number];
  if (!isSent || received.length === 0) return [exchange(header, isSent ? sent : received, sw1, sw2)];
  const getResponse = Uint8Array.of(command[0] as number, INS_GET_RESPONSE, 0, 0);
  return [exchange(header, sent, SW1_MORE_DATA, received.length & 0xff), exchange(getResponse, received, sw1, sw2)];
}

/** The GSMTAP packets of a record: of an `apdu` pair one or two, of an `atr` one, of everything else none (no SIM traffic). */
export function gsmtapPackets(record: TraceRecord): readonly Uint8Array[] {
  if (record.protocol === 'atr') return [simPacket(SUB_TYPE_ATR, record.octets)];
  const { octets, response } = record;
  if (record.protocol !== 'apdu' || response === undefined || octets.length < HEADER || response.length < 2) return [];
  return apduPackets(octets, response);
}
