import {
  type Format,
  format,
  type Infer,
  lengthPrefixed,
  listOf,
  NO_OCTETS,
  rest,
  struct,
  u16,
} from '#base/codec/index.ts';

/**
 * A C-Octet String (SMPP 3.4 3.1): characters of one octet, none of them 00, then 00. `most` counts the 00. Octets above 7F are
 * kept as they are (ISO 8859-1), because peers send them.
 */
export function cOctetString(most: number): Format<string> {
  return format(
    (reader) => {
      const { octets, position, end } = reader;
      const last = Math.min(end, position + most);
      let text = '';
      for (let i = position; i < last; i++) {
        const octet = octets[i] as number;
        if (octet === 0) {
          reader.position = i + 1;
          return text;
        }
        text += String.fromCharCode(octet);
      }
      throw reader.error(`expected a final 00 within ${most} octets`);
    },
    (writer, text) => {
      if (text.length >= most) throw writer.error(`expected at most ${most - 1} characters, got ${text.length}`);
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code === 0 || code > 0xff) throw writer.error(`expected characters 01 to FF, got ${code.toString(16)}`);
        writer.u8(code);
      }
      writer.u8(0);
    },
  );
}

/** A C-Octet String that a response with an error status may lack together with all that follows; then it is empty. */
export function cOctetStringOrEnd(most: number): Format<string> {
  const inner = cOctetString(most);
  return format((reader) => (reader.remaining === 0 ? '' : inner.read(reader)), inner.write);
}

const DAY_MILLISECONDS = 86_400_000;
/** The longest that fits: days of a month are counted to 30. */
const MOST_DAYS = 30;

/** A duration as a relative time (SMPP 3.4 7.1.1.2), in whole seconds, at most 30 days. */
export function relativeTime(milliseconds: number): string {
  const rest = Math.min(milliseconds, MOST_DAYS * DAY_MILLISECONDS);
  const parts = [rest / DAY_MILLISECONDS, (rest / 3_600_000) % 24, (rest / 60_000) % 60, (rest / 1000) % 60];
  return `0000${parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join('')}000R`;
}

const TIME_CHARACTERS = 16;

/** A time (SMPP 3.4 7.1.1): empty, or the 16 characters of `YYMMDDhhmmsstnnp`, as text. */
export const time: Format<string> = (() => {
  const inner = cOctetString(TIME_CHARACTERS + 1);
  const isTime = (text: string) => text === '' || text.length === TIME_CHARACTERS;
  return format(
    (reader) => {
      const text = inner.read(reader);
      if (!isTime(text)) throw reader.error(`expected 0 or ${TIME_CHARACTERS} characters, got ${text.length}`);
      return text;
    },
    (writer, text: string) => {
      if (!isTime(text)) throw writer.error(`expected 0 or ${TIME_CHARACTERS} characters, got ${text.length}`);
      inner.write(writer, text);
    },
  );
})();

const optionalParameter = struct({ tag: u16, value: lengthPrefixed(u16, rest()) });
/** An optional parameter (SMPP 3.4 3.2.4): tag of two octets, length of two octets, value. Unknown ones are kept. */
export type OptionalParameter = Infer<typeof optionalParameter>;

const MOST_OPTIONAL_PARAMETERS = 64;
/** The optional parameters at the end of a PDU, in the order received. */
export const optionalParameters: Format<readonly OptionalParameter[]> = listOf(
  optionalParameter,
  MOST_OPTIONAL_PARAMETERS,
);

/** Tags of optional parameters (SMPP 3.4 5.3.2) that are of use here. */
export const TAG = {
  receipted_message_id: 0x001e,
  user_message_reference: 0x0204,
  sar_msg_ref_num: 0x020c,
  sar_total_segments: 0x020e,
  sar_segment_seqnum: 0x020f,
  sc_interface_version: 0x0210,
  network_error_code: 0x0423,
  message_payload: 0x0424,
  message_state: 0x0427,
} as const;

/** The value of the first optional parameter of this tag; no octets when there is none. */
export function optionalParameterValue(parameters: readonly OptionalParameter[], tag: number): Uint8Array {
  return parameters.find((parameter) => parameter.tag === tag)?.value ?? NO_OCTETS;
}
