import {
  CodecError,
  type Format,
  format,
  type Infer,
  lengthPrefixed,
  NO_OCTETS,
  rest,
  struct,
  u8,
} from '#base/codec/index.ts';
import { cOctetString, cOctetStringOrEnd, optionalParameters, optionalParameterValue, TAG, time } from './parameter.ts';

/** Octets of the PDU header (SMPP 3.4 3.2). */
export const HEADER_LENGTH = 16;
/** The largest PDU accepted or sent, in octets, header included. */
export const LONGEST_PDU = 64 * 1024;
/** The interface_version of SMPP 3.4 in bind requests and in sc_interface_version. */
export const INTERFACE_VERSION = 0x34;
const LONGEST_SHORT_MESSAGE = 254;
const RESPONSE = 0x8000_0000;

// SMPP 3.4 4.1.1, 4.1.3, 4.1.5
const bindRequest = struct({
  system_id: cOctetString(16),
  password: cOctetString(9),
  system_type: cOctetString(13),
  interface_version: u8,
  addr_ton: u8,
  addr_npi: u8,
  address_range: cOctetString(41),
});
const bindResponse = struct({ system_id: cOctetStringOrEnd(16), optional_parameters: optionalParameters });
const outbind = struct({ system_id: cOctetString(16), password: cOctetString(9) }); // 4.1.7.1
// SMPP 3.4 4.4.1 and 4.6.1: submit_sm and deliver_sm have the same layout.
const message = struct({
  service_type: cOctetString(6),
  source_addr_ton: u8,
  source_addr_npi: u8,
  source_addr: cOctetString(21),
  dest_addr_ton: u8,
  dest_addr_npi: u8,
  destination_addr: cOctetString(21),
  esm_class: u8,
  protocol_id: u8,
  priority_flag: u8,
  schedule_delivery_time: time,
  validity_period: time,
  registered_delivery: u8,
  replace_if_present_flag: u8,
  data_coding: u8,
  sm_default_msg_id: u8,
  short_message: lengthPrefixed(u8, rest(0, LONGEST_SHORT_MESSAGE)),
  optional_parameters: optionalParameters,
});
const messageResponse = struct({ message_id: cOctetStringOrEnd(65), optional_parameters: optionalParameters }); // 4.4.2, 4.6.2
const nothing = struct({});

/** Every command: its command_id (SMPP 3.4 5.1.2.1) and the format of its body. */
const COMMANDS = {
  bind_receiver: { id: 0x01, body: bindRequest },
  bind_transmitter: { id: 0x02, body: bindRequest },
  submit_sm: { id: 0x04, body: message },
  deliver_sm: { id: 0x05, body: message },
  unbind: { id: 0x06, body: nothing },
  bind_transceiver: { id: 0x09, body: bindRequest },
  outbind: { id: 0x0b, body: outbind },
  enquire_link: { id: 0x15, body: nothing },
  generic_nack: { id: RESPONSE, body: nothing },
  bind_receiver_resp: { id: RESPONSE + 0x01, body: bindResponse },
  bind_transmitter_resp: { id: RESPONSE + 0x02, body: bindResponse },
  submit_sm_resp: { id: RESPONSE + 0x04, body: messageResponse },
  deliver_sm_resp: { id: RESPONSE + 0x05, body: messageResponse },
  unbind_resp: { id: RESPONSE + 0x06, body: nothing },
  bind_transceiver_resp: { id: RESPONSE + 0x09, body: bindResponse },
  enquire_link_resp: { id: RESPONSE + 0x15, body: nothing },
} as const;
type Commands = typeof COMMANDS;

/** The name of a command of SMPP 3.4. */
export type CommandName = keyof Commands;
/** The requests that bind a session. */
export type BindCommand = 'bind_receiver' | 'bind_transmitter' | 'bind_transceiver';
/** The requests that carry a short message. */
export type MessageCommand = 'submit_sm' | 'deliver_sm';
/** The body of a bind request. */
export type BindRequest = Infer<typeof bindRequest>;
/** The body of submit_sm and deliver_sm. */
export type Message = Infer<typeof message>;

/** A PDU of one command. `status` is 0 in requests; `sequence` is 1 to 7FFFFFFF (0 in a generic_nack to what could not be read). */
export interface PduOf<C extends CommandName> {
  readonly command: C;
  readonly status: number;
  readonly sequence: number;
  readonly body: Infer<Commands[C]['body']>;
}
/** Any PDU: `command` tells its body. */
export type Pdu = { [C in CommandName]: PduOf<C> }[CommandName];

const NAMES: ReadonlyMap<number, CommandName> = new Map(
  (Object.keys(COMMANDS) as CommandName[]).map((name) => [COMMANDS[name].id, name]),
);

// The table pairs each name with its body; TypeScript cannot follow the pair through a lookup by a name known only at run time.
const bodyFormat = (command: CommandName) => COMMANDS[command].body as Format<unknown>;

/** One PDU: command_length, command_id, command_status, sequence_number, body (SMPP 3.4 3.2). Throws CodecError. */
export const pdu: Format<Pdu> = format(
  (reader) => {
    reader.field = 'command_length';
    const length = reader.uint(4);
    if (length !== reader.remaining + 4) throw reader.error(`expected ${reader.remaining + 4}, got ${length}`, 0);
    reader.field = 'command_id';
    const id = reader.uint(4);
    const command = NAMES.get(id);
    if (command === undefined) throw reader.error(`expected a command of SMPP 3.4, got ${id.toString(16)}`, 4);
    reader.field = 'command_status';
    const status = reader.uint(4);
    reader.field = 'sequence_number';
    const sequence = reader.uint(4);
    return { command, status, sequence, body: bodyFormat(command).read(reader) } as Pdu;
  },
  (writer, value) =>
    writer.withFixedLength(
      (out, length) => out.uint(4, length + 4),
      () => {
        writer.uint(4, COMMANDS[value.command].id);
        writer.uint(4, value.status);
        writer.uint(4, value.sequence);
        bodyFormat(value.command).write(writer, value.body);
      },
    ),
);

/** What came in a frame: a PDU, or why it is none. Of a request that is none, `status` and `sequence` say how to refuse it. */
export type Frame =
  | { readonly type: 'pdu'; readonly pdu: Pdu }
  | { readonly type: 'unreadable'; readonly isRequest: boolean; readonly sequence: number; readonly status: 2 | 3 };

/** Reads one whole frame of PduStream. Never throws CodecError: what cannot be read has an answer (SMPP 3.4 4.3.1). */
export function readFrame(octets: Uint8Array): Frame {
  try {
    return { type: 'pdu', pdu: pdu.decode(octets) };
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
    const view = new DataView(octets.buffer, octets.byteOffset);
    const id = view.getUint32(4);
    const status = NAMES.has(id) ? 2 : 3;
    return { type: 'unreadable', isRequest: id < RESPONSE, sequence: view.getUint32(12), status };
  }
}

/** The name of the response to a request. */
export function responseTo(request: BindCommand | MessageCommand | 'unbind' | 'enquire_link'): CommandName {
  return `${request}_resp`;
}

const EMPTY_MESSAGE: Message = {
  service_type: '',
  source_addr_ton: 0,
  source_addr_npi: 0,
  source_addr: '',
  dest_addr_ton: 0,
  dest_addr_npi: 0,
  destination_addr: '',
  esm_class: 0,
  protocol_id: 0,
  priority_flag: 0,
  schedule_delivery_time: '',
  validity_period: '',
  registered_delivery: 0,
  replace_if_present_flag: 0,
  data_coding: 0,
  sm_default_msg_id: 0,
  short_message: NO_OCTETS,
  optional_parameters: [],
};

/** A message with these fields; every other field is 0, empty or absent, which in SMPP says "the default". */
export function messageOf(fields: Partial<Message>): Message {
  return { ...EMPTY_MESSAGE, ...fields };
}

/** The user data of a message: short_message, or the optional parameter message_payload when that is used instead (5.3.2.32). */
export function messageOctets(value: Message): Uint8Array {
  if (value.short_message.length > 0) return value.short_message;
  return optionalParameterValue(value.optional_parameters, TAG.message_payload);
}
