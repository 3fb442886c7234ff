import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import {
  commandStatusName,
  LONGEST_PDU,
  type Message,
  messageOctets,
  messageOf,
  optionalParameterValue,
  type Pdu,
  PduStream,
  pdu,
  readFrame,
  STATUS,
  TAG,
} from './index.ts';

/** submit_sm of a secured packet, written out by hand from SMPP 3.4 4.4.1. */
const SUBMIT = [
  '0000003D 00000004 00000000 00000007', // 61 octets, submit_sm, no status, sequence 7
  '00', // service_type
  '00 00 3137303000', // source 1700, unknown
  '01 01 343931373030303030303100', // destination 49170000001, international E.164
  '40 7F 00 00 00 00 00 F6 00', // esm_class UDHI, PID 7F, priority, times, registered_delivery, replace, DCS F6, default
  '07 02 70 00 00 02 AB CD', // sm_length, UDH 027000, packet
  '0204 0002 0005', // user_message_reference
].join('');

test('submit_sm of a secured packet, byte for byte', () => {
  const value: Pdu = {
    command: 'submit_sm',
    status: 0,
    sequence: 7,
    body: messageOf({
      source_addr: '1700',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '49170000001',
      esm_class: 0x40,
      protocol_id: 0x7f,
      data_coding: 0xf6,
      short_message: fromHex('0270000002ABCD'),
      optional_parameters: [{ tag: TAG.user_message_reference, value: fromHex('0005') }],
    }),
  };
  const octets = fromHex(SUBMIT);
  assert.equal(toHex(pdu.encode(value)), toHex(octets));
  assert.deepEqual(pdu.decode(octets), value);
});

/** Records as decoders make them: with the prototype of plain objects. */
const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true });
const text = (most: number) =>
  fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: most - 1 }).map((codes) => String.fromCharCode(...codes));
const octet = fc.integer({ min: 0, max: 255 });
const someTime = fc.constantFrom('', '260101000000000+', '000001000000000R');
const parameters = fc.array(
  record({ tag: fc.integer({ min: 0, max: 0xffff }), value: fc.uint8Array({ maxLength: 40 }) }),
  { maxLength: 4 },
);
const message: fc.Arbitrary<Message> = record({
  service_type: text(6),
  source_addr_ton: octet,
  source_addr_npi: octet,
  source_addr: text(21),
  dest_addr_ton: octet,
  dest_addr_npi: octet,
  destination_addr: text(21),
  esm_class: octet,
  protocol_id: octet,
  priority_flag: octet,
  schedule_delivery_time: someTime,
  validity_period: someTime,
  registered_delivery: octet,
  replace_if_present_flag: octet,
  data_coding: octet,
  sm_default_msg_id: octet,
  short_message: fc.uint8Array({ maxLength: 254 }),
  optional_parameters: parameters,
});
const bind = record({
  system_id: text(16),
  password: text(9),
  system_type: text(13),
  interface_version: octet,
  addr_ton: octet,
  addr_npi: octet,
  address_range: text(41),
});
const bindResponse = record({ system_id: text(16), optional_parameters: parameters });
const messageResponse = record({ message_id: text(65), optional_parameters: parameters });
const nothing = fc.constant({});
const status = fc.integer({ min: 0, max: 0xffff_ffff });
const sequence = fc.integer({ min: 0, max: 0x7fff_ffff });
const of = <C extends Pdu['command'], B>(command: C, body: fc.Arbitrary<B>) =>
  record({ command: fc.constant(command), status, sequence, body });
const anyPdu: fc.Arbitrary<Pdu> = fc.oneof(
  of('bind_receiver', bind),
  of('bind_transmitter', bind),
  of('bind_transceiver', bind),
  of('bind_receiver_resp', bindResponse),
  of('bind_transmitter_resp', bindResponse),
  of('bind_transceiver_resp', bindResponse),
  of('submit_sm', message),
  of('deliver_sm', message),
  of('submit_sm_resp', messageResponse),
  of('deliver_sm_resp', messageResponse),
  of('outbind', record({ system_id: text(16), password: text(9) })),
  of('unbind', nothing),
  of('unbind_resp', nothing),
  of('enquire_link', nothing),
  of('enquire_link_resp', nothing),
  of('generic_nack', nothing),
);

test('decode(encode(x)) is x for every command', () => {
  fc.assert(fc.property(anyPdu, (value) => assert.deepEqual(pdu.decode(pdu.encode(value)), value)));
});

test('hostile octets throw only CodecError, and every frame has an answer', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 16, maxLength: 120 }),
      fc.constantFrom(1, 4, 5, 9, 0x15, 0x80),
      (tail, id) => {
        const octets = Uint8Array.from(tail);
        octets.set([0, 0, 0, octets.length, tail[4] as number & 0x80, 0, 0, id]);
        try {
          pdu.decode(octets);
        } catch (error) {
          assert.ok(error instanceof CodecError);
        }
        const frame = readFrame(octets);
        if (frame.type === 'unreadable') assert.ok(frame.status === 2 || frame.status === 3);
      },
    ),
  );
});

test('limits of the C-octet strings and of short_message', () => {
  const encode = (fields: Partial<Message>) =>
    pdu.encode({ command: 'submit_sm', status: 0, sequence: 1, body: messageOf(fields) });
  assert.ok(encode({ source_addr: '1'.repeat(20), short_message: new Uint8Array(254) }));
  assert.throws(() => encode({ source_addr: '1'.repeat(21) }), { name: 'CodecError', field: 'source_addr' });
  assert.throws(() => encode({ source_addr: '1\u00002' }), { name: 'CodecError' });
  assert.throws(() => encode({ source_addr: '\u20ac' }), { name: 'CodecError' });
  assert.throws(() => encode({ short_message: new Uint8Array(255) }), { name: 'CodecError', field: 'short_message' });
  assert.throws(() => encode({ validity_period: '26' }), { name: 'CodecError', field: 'validity_period' });
  const noEnd = concat(fromHex('00000026 80000004 00000000 00000001'), new Uint8Array(0x16).fill(0x41));
  assert.throws(() => pdu.decode(noEnd), /final 00/);
});

test('a response with an error may lack its body; the payload parameter replaces an empty short_message', () => {
  const refused = pdu.decode(fromHex('00000010 80000004 00000058 00000009'));
  assert.deepEqual(refused.body, { message_id: '', optional_parameters: [] });
  const payload = { tag: TAG.message_payload, value: fromHex('AABB') };
  assert.equal(toHex(messageOctets(messageOf({ optional_parameters: [payload] }))), 'AABB');
  assert.equal(toHex(messageOctets(messageOf({ short_message: fromHex('01'), optional_parameters: [payload] }))), '01');
  assert.equal(optionalParameterValue([payload], TAG.message_state).length, 0);
});

test('unreadable frames say how they are refused', () => {
  const frame = (hex: string) => readFrame(fromHex(hex));
  assert.deepEqual(frame('00000010 00000103 00000000 00000009'), {
    type: 'unreadable',
    isRequest: true,
    sequence: 9,
    status: STATUS.RINVCMDID,
  });
  assert.deepEqual(frame('00000010 00000004 00000000 0000000A'), {
    type: 'unreadable',
    isRequest: true,
    sequence: 10,
    status: STATUS.RINVCMDLEN,
  });
  const response = frame('00000011 80000006 00000000 0000000A FF');
  assert.equal(response.type === 'unreadable' && response.isRequest, false);
});

test('command_status has the names of the standard', () => {
  assert.equal(commandStatusName(STATUS.RTHROTTLED), 'ESME_RTHROTTLED (58)');
  assert.equal(commandStatusName(0), 'ESME_ROK (00)');
  assert.equal(commandStatusName(0x401), 'command_status (401)');
});

test('a stream gives the same PDUs however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 60 })),
      (all, cuts) => {
        const octets = concat(...all.map((value) => pdu.encode(value)));
        const stream = new PduStream();
        const got: Pdu[] = [];
        let at = 0;
        for (let i = 0; at < octets.length; i++) {
          const count = cuts[i % cuts.length] ?? octets.length;
          stream.push(octets.subarray(at, at + count), (frame) => got.push(pdu.decode(frame)));
          at += count;
        }
        assert.deepEqual(got, all);
      },
    ),
  );
});

test('a stream refuses a length it will not hold, after giving what came before', () => {
  const link = fromHex('00000010 00000015 00000000 00000001');
  for (const bad of ['0000000F', '00010001', 'FFFFFFFF', '00000000']) {
    let frames = 0;
    const stream = new PduStream();
    assert.throws(() => stream.push(concat(link, fromHex(bad)), () => frames++), {
      name: 'CodecError',
      field: 'command_length',
    });
    assert.equal(frames, 1);
  }
  let longest = 0;
  const largest = new Uint8Array(LONGEST_PDU);
  largest.set(fromHex('00010000'));
  new PduStream().push(largest, (frame) => {
    longest = frame.length;
  });
  assert.equal(longest, LONGEST_PDU);
});
