import { CodecError, type Format, format, NO_OCTETS, partOf } from '#base/codec/index.ts';

/**
 * A short command APDU (ISO/IEC 7816-3 12.1.3). `le` is the number of octets wanted, 1 to 256 (coded 00); absent in cases 1
 * and 3. `data` has 0 to 255 octets.
 */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  readonly le?: number;
}

/** Longest data field of a short command, in octets. */
export const LONGEST_COMMAND_DATA = 255;
/** Longest data field of a short response, in octets; also the Le that is coded 00. */
export const LONGEST_RESPONSE_DATA = 256;

const HEADER = 4;

/**
 * The command in these octets: cases 1 to 4, short. The data is only to be read (`partOf`). Throws CodecError when lengths do not fit, and for
 * extended lengths (Lc 00 followed by more), which these cards do not announce.
 */
export function decodeCommand(octets: Uint8Array): CommandApdu {
  const length = octets.length;
  if (length < HEADER) throw new CodecError('command header', length, `expected 4 octets, got ${length}`);
  const cla = octets[0] as number;
  const ins = octets[1] as number;
  const p1 = octets[2] as number;
  const p2 = octets[3] as number;
  if (length === HEADER) return { cla, ins, p1, p2, data: NO_OCTETS };
  const p3 = octets[4] as number;
  if (length === HEADER + 1) return { cla, ins, p1, p2, data: NO_OCTETS, le: p3 === 0 ? LONGEST_RESPONSE_DATA : p3 };
  const end = HEADER + 1 + p3;
  if (p3 === 0) throw new CodecError('Lc', HEADER, 'expected a short length 01 to FF, got 00 (extended length)');
  if (length !== end && length !== end + 1)
    throw new CodecError('Lc', HEADER, `expected ${length - HEADER - 1} or one less, got ${p3}`);
  const data = partOf(octets, HEADER + 1, end);
  if (length === end) return { cla, ins, p1, p2, data };
  const le = octets[end] as number;
  return { cla, ins, p1, p2, data, le: le === 0 ? LONGEST_RESPONSE_DATA : le };
}

/** The octets of a short command. Throws CodecError when data is longer than 255 octets or Le is outside 1 to 256. */
export function encodeCommand(command: CommandApdu): Uint8Array {
  const { data, le } = command;
  if (data.length > LONGEST_COMMAND_DATA)
    throw new CodecError('Lc', HEADER, `expected at most 255 octets of data, got ${data.length}`);
  if (le !== undefined && (le < 1 || le > LONGEST_RESPONSE_DATA))
    throw new CodecError('Le', HEADER, `expected 1 to 256, got ${le}`);
  const body = data.length === 0 ? 0 : data.length + 1;
  const octets = new Uint8Array(HEADER + body + (le === undefined ? 0 : 1));
  octets[0] = command.cla;
  octets[1] = command.ins;
  octets[2] = command.p1;
  octets[3] = command.p2;
  if (body > 0) {
    octets[HEADER] = data.length;
    octets.set(data, HEADER + 1);
  }
  if (le !== undefined) octets[HEADER + body] = le === LONGEST_RESPONSE_DATA ? 0 : le;
  return octets;
}

/** The command APDU as a declared format: for tables, property tests and nesting. */
export const commandApdu: Format<CommandApdu> = format(
  (reader) => decodeCommand(reader.rest()),
  (writer, command) => writer.put(encodeCommand(command)),
);
