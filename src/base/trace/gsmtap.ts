import { concat, NO_OCTETS } from '#base/codec/index.ts';
import type { TraceRecord } from './record.ts';

/** The UDP port of GSMTAP. */
export const GSMTAP_PORT = 4729;

const VERSION = 2;
const HEADER_WORDS = 4;
const TYPE_SIM = 4;
const SUB_TYPE_AT = 12;
const SUB_TYPE_APDU = 0;
const SUB_TYPE_ATR = 1;
const SUB_SLOT_AT = 14;
/** Tells the cards of a handset apart: the UICC is 0, the storage support 1. */
const SUB_SLOT = { uicc: 0, support: 1 } as const;

const HEADER = 4;
const EXTENDED_LENGTH = 3;
const INS_GET_RESPONSE = 0xc0;
const SW1_MORE_DATA = 0x61;
const CLA_MORE_FOLLOWS = 0x10;
/** Most octets of data that T=0 carries to the card and from it. */
const MOST_SENT = 255;
const MOST_RECEIVED = 256;

/** The 16-octet GSMTAP header of a SIM packet (no radio fields: they are 0) and what follows it. */
function simPacket(subSlot: number, subType: number, ...content: readonly Uint8Array[]): Uint8Array {
  const header = new Uint8Array(4 * HEADER_WORDS);
  header[0] = VERSION;
  header[1] = HEADER_WORDS;
  header[2] = TYPE_SIM;
  header[SUB_TYPE_AT] = subType;
  header[SUB_SLOT_AT] = subSlot;
  return concat(header, ...content);
}

/** The data of a command, with short or extended Lc. */
function sentData(command: Uint8Array): Uint8Array {
  const isExtended = command[HEADER] === 0 && command.length > HEADER + 1;
  const from = HEADER + (isExtended ? EXTENDED_LENGTH : 1);
  if (command.length <= from) return NO_OCTETS;
  const [, high = 0, low = 0] = command.subarray(HEADER);
  return command.subarray(from, from + (isExtended ? (high << 8) | low : (command[HEADER] as number)));
}

/** 00 stands for 256 and more. */
const counted = (length: number) => (length < MOST_RECEIVED ? length : 0);

/**
 * A command and its response in the form GSMTAP readers know. They know T=0 exchanges (CLA INS P1 P2 P3, data one way, SW1 SW2), where P3
 * counts the data. What does not fit is therefore shown as T=0 carries it: long data in a chain (ISO/IEC 7816-4 5.3.3), a response to a
 * command with data, and the rest of a long one, by 61 XX and GET RESPONSE (TS 102 221 7.3.1.1.5).
 */
function apduPackets(command: Uint8Array, response: Uint8Array, subSlot: number): readonly Uint8Array[] {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = command;
  const packets: Uint8Array[] = [];
  const show = (header: readonly number[], data: Uint8Array, statusWord: Uint8Array) =>
    packets.push(simPacket(subSlot, SUB_TYPE_APDU, Uint8Array.of(...header, data.length), data, statusWord));
  const statusWord = response.subarray(-2);
  let sent = sentData(command);
  for (; sent.length > MOST_SENT; sent = sent.subarray(MOST_SENT))
    show([cla | CLA_MORE_FOLLOWS, ins, p1, p2], sent.subarray(0, MOST_SENT), Uint8Array.of(0x90, 0x00));
  let received = response.subarray(0, response.length - 2);
  let header = [cla, ins, p1, p2];
  /** What was received is shown in parts, and before it that it waits, when the command had data. */
  if (sent.length > 0) {
    const waits = Uint8Array.of(SW1_MORE_DATA, counted(received.length));
    show(header, sent, received.length > 0 ? waits : statusWord);
    if (received.length === 0) return packets;
    header = [cla, INS_GET_RESPONSE, 0, 0];
  }
  for (; received.length > MOST_RECEIVED; received = received.subarray(MOST_RECEIVED)) {
    const left = counted(received.length - MOST_RECEIVED);
    show(header, received.subarray(0, MOST_RECEIVED), Uint8Array.of(SW1_MORE_DATA, left));
    header = [cla, INS_GET_RESPONSE, 0, 0];
  }
  show(header, received, statusWord);
  return packets;
}

/** Whether a record is of the storage support's traffic. */
export function isOfSupport({ from, to }: TraceRecord): boolean {
  return from === 'storage support (2)' || to === 'storage support (2)';
}

/** The GSMTAP packets of a record: of an `apdu` pair one or more, of an `atr` one, of everything else none (no SIM traffic). */
export function gsmtapPackets(record: TraceRecord): readonly Uint8Array[] {
  const { octets, response } = record;
  const subSlot = isOfSupport(record) ? SUB_SLOT.support : SUB_SLOT.uicc;
  if (record.protocol === 'atr') return [simPacket(subSlot, SUB_TYPE_ATR, octets)];
  if (record.protocol !== 'apdu' || response === undefined || octets.length < HEADER || response.length < 2) return [];
  return apduPackets(octets, response, subSlot);
}
