import { CodecError, type Format, type Infer, map, octets, struct } from '#base/codec/index.ts';

// What a client and the daemon of pcsc-lite say to each other over a local socket (winscard_msg.h, protocol 4): structures of C in the order
// of the machine's octets, which is little-endian wherever Node runs this.

/** Protocol that this client speaks; pcsc-lite from 1.6 to 2.x serves it. */
export const PCSCD_VERSION = { major: 4, minor: 4 } as const;

/** Commands of the header. */
export const PCSCD_COMMAND = {
  establishContext: 0x01,
  connect: 0x04,
  reconnect: 0x05,
  disconnect: 0x06,
  transmit: 0x09,
  version: 0x11,
  readerStates: 0x12,
} as const;

const READER_NAME = 128;
const LONGEST_ATR = 33;
/** Readers that the daemon has room for. */
const MOST_READERS = 16;
/** Longest C-APDU or R-APDU of pcsc-lite (MAX_BUFFER_SIZE_EXTENDED), in octets. */
export const LONGEST_PCSC_APDU: number = 4 + 3 + 65_536 + 3 + 2;

const u32le: Format<number> = map(
  octets(4),
  (value) => new DataView(value.buffer, value.byteOffset, 4).getUint32(0, true),
  (value) => {
    const four = new Uint8Array(4);
    new DataView(four.buffer).setUint32(0, value, true);
    return four;
  },
);

/** A name in a field of fixed size, ended by 00. */
const readerName: Format<string> = map(
  octets(READER_NAME),
  (field) => {
    const end = field.indexOf(0);
    return new TextDecoder().decode(field.subarray(0, end < 0 ? field.length : end));
  },
  (name, writer) => {
    const field = new Uint8Array(READER_NAME);
    const encoded = new TextEncoder().encode(name);
    if (encoded.length >= READER_NAME)
      throw writer.error(`reader name: expected at most ${READER_NAME - 1} octets, got ${encoded.length}`);
    field.set(encoded);
    return field;
  },
);

/** What stands before every request: octets that follow, and the command. */
export const pcscdHeader = struct({ size: u32le, command: u32le });

/** Who speaks which protocol; `result` 0 when they understand each other. */
export const versionMessage = struct({ major: u32le, minor: u32le, result: u32le });
/** A context is a client's session. */
export const contextMessage = struct({ scope: u32le, context: u32le, result: u32le });
/** Takes a card into use. */
export const connectMessage = struct({
  context: u32le,
  reader: readerName,
  share: u32le,
  protocols: u32le,
  card: u32le,
  protocol: u32le,
  result: u32le,
});
/** Takes it into use again, after a reset. */
export const reconnectMessage = struct({
  card: u32le,
  share: u32le,
  protocols: u32le,
  initialization: u32le,
  protocol: u32le,
  result: u32le,
});
/** Gives it back. */
export const disconnectMessage = struct({ card: u32le, disposition: u32le, result: u32le });
/** Stands before a C-APDU, and before the R-APDU when `result` is 0. */
export const transmitMessage = struct({
  card: u32le,
  sendProtocol: u32le,
  sendPciLength: u32le,
  sendLength: u32le,
  receiveProtocol: u32le,
  receivePciLength: u32le,
  receiveLength: u32le,
  result: u32le,
});

/** A reader as the daemon keeps it; a place without a name is empty. */
const readerState = struct({
  name: readerName,
  events: u32le,
  state: u32le,
  sharing: u32le,
  // The ATR's field is 33 octets, and three that align what follows.
  atrField: octets(LONGEST_ATR + 3),
  atrLength: u32le,
  protocol: u32le,
});
const READER_STATE = READER_NAME + 3 * 4 + LONGEST_ATR + 3 + 2 * 4;

/** Octets of the answer to `readerStates`. */
export const READER_STATES_LENGTH: number = MOST_READERS * READER_STATE;

/** A reader: its name, whether a card is in it, and the card's ATR. */
export interface PcscReader {
  readonly name: string;
  readonly hasCard: boolean;
  readonly atr: Uint8Array;
}

const STATE_PRESENT = 0x04;

function toReader({ name, state, atrField, atrLength }: Infer<typeof readerState>): PcscReader {
  if (atrLength > LONGEST_ATR)
    throw new CodecError('ATR length', 0, `expected at most ${LONGEST_ATR}, got ${atrLength}`);
  return { name, hasCard: (state & STATE_PRESENT) !== 0, atr: atrField.slice(0, atrLength) };
}

/** The readers in the answer to `readerStates`. Throws CodecError. */
export function readersIn(answer: Uint8Array): readonly PcscReader[] {
  const places = Array.from({ length: MOST_READERS }, (_, i) =>
    readerState.decode(answer.slice(i * READER_STATE, (i + 1) * READER_STATE)),
  );
  return places.filter(({ name }) => name !== '').map(toReader);
}

/** The answer with these readers, as the daemon gives it. */
export function readerStatesOf(readers: readonly PcscReader[]): Uint8Array {
  const answer = new Uint8Array(READER_STATES_LENGTH);
  readers.forEach(({ name, hasCard, atr }, i) => {
    const atrField = new Uint8Array(LONGEST_ATR + 3);
    atrField.set(atr);
    const state = hasCard ? STATE_PRESENT : 0x02;
    const one = { name, events: 0, state, sharing: 0, atrField, atrLength: atr.length, protocol: 0 };
    answer.set(readerState.encode(one), i * READER_STATE);
  });
  return answer;
}
