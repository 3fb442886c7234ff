import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import {
  CAUSE,
  CCM,
  CHECK_IMEI,
  type CheckImei,
  ccm,
  checkImeiError,
  checkImeiImsi,
  checkImeiResult,
  type ElementName,
  element,
  elementOf,
  gsupFrame,
  gsupMessage,
  gsupOf,
  IPA,
  IpaStream,
  identities,
  identityRequest,
  ipaFrame,
  LONGEST_PAYLOAD,
  ROUTING_NAME,
  readCheckImei,
  routingNameOf,
  withEquipmentDigits,
} from './index.ts';

// What libosmo-gsup-client 1.5.0 and osmo-hlr 1.5.0 put on the wire.
const REQUEST = fromHex('0019ee05 30 0108 00010100000000f1 5008 07 53430290214305 0a0101');
const REQUEST_15 = fromHex('001aee05 30 0108 00010100000000f1 5009 08 53430290214315f3 0a0101');
const ACK = fromHex('0012ee05 32 0108 00010100000000f1 5101 00 0a0101');
const NACK = fromHex('0012ee05 32 0108 00010100000000f1 5101 01 0a0101');
const ERROR_60 = fromHex('0012ee05 31 0108 00010100000000f1 0201 60 0a0101');
const ID_GET = fromHex('0011fe04 0108 0107 0102 0103 0104 0105 0101 0100');
const PING = fromHex('0001fe00');

const ascii = (text: string) => new TextEncoder().encode(text);
const request = (hex: string): CheckImei => readCheckImei(fromHex(hex)) ?? assert.fail('no request');
const requestIn = (frame: Uint8Array): CheckImei => readCheckImei(gsupOf(frame) ?? frame) ?? assert.fail('no request');
const noFrame = (frame: Uint8Array) => assert.fail(`no frame expected, got ${toHex(frame)}`);
const onlyCodecError = (run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof CodecError, String(error));
  }
};

test('Check-IMEI: request, ACK, NACK and error are the octets of the real programs', () => {
  const read = requestIn(REQUEST);
  assert.equal(read.request.type, CHECK_IMEI.request);
  assert.equal(read.imsi, '001010000000001');
  assert.equal(read.imei, '35342009123450');
  assert.equal(requestIn(REQUEST_15).imei, '353420091234513');
  assert.deepEqual(gsupFrame(checkImeiResult(read.request, 'ACK')), ACK);
  assert.deepEqual(gsupFrame(checkImeiResult(read.request, 'NACK')), NACK);
  assert.deepEqual(gsupFrame(checkImeiError(read.request, CAUSE.invalidMandatoryInformation)), ERROR_60);
  const shortened = withEquipmentDigits(requestIn(REQUEST_15).request, '35342009123451');
  assert.equal(toHex(gsupFrame(shortened)), toHex(REQUEST).replace('53430290214305', '53430290214315'));
});

test('an answer ends the session of its request and goes back to the source name', () => {
  const { request: asked } = request(
    '30 0102 21f3 5008 07 53430290214305 3004 00000007 3101 01 6004 4d534300 6102 4852 7701 aa',
  );
  const answer = gsupMessage.decode(checkImeiResult(asked, 'ACK'));
  assert.equal(elementOf(answer, 'imsi'), '123');
  assert.equal(elementOf(answer, 'sessionId'), 7);
  assert.equal(elementOf(answer, 'sessionState'), 'end');
  assert.deepEqual(elementOf(answer, 'destinationName'), fromHex('4d534300'));
  assert.equal(elementOf(answer, 'sourceName'), undefined);
  assert.equal(elementOf(answer, 'messageClass'), undefined);
  // An element that nobody knows goes on, and stays where it was.
  const shortened = gsupMessage.decode(withEquipmentDigits(asked, '00000000000000'));
  assert.equal(elementOf(shortened, 'imei'), '00000000000000');
  assert.deepEqual(shortened.elements.at(-1), { tag: 0x77, value: fromHex('aa') });
});

test('a request without an IMEI that all readers agree on is a request with no IMEI', () => {
  const bad = {
    missing: '30 0102 21f3',
    'a digit after the filler': '30 0102 21f3 5003 02 f1f3',
    'two lengths that differ': '30 0102 21f3 5003 03 21f3',
    'without its own length': '30 0102 21f3 5007 53430290214305',
    'empty element': '30 0102 21f3 5000',
    'IMEI twice': '30 0102 21f3 5008 07 53430290214305 5008 07 53430290214315',
    'IMSI twice': '30 0102 21f3 0102 21f4 5008 07 53430290214305',
    'an element beyond the end': '30 0102 21f3 5008 07 53430290214305 0a05 01',
    'too many elements': `30 0102 21f3 5008 07 53430290214305 ${'7700'.repeat(64)}`,
  };
  for (const [name, hex] of Object.entries(bad)) {
    assert.equal(request(hex).imei, undefined, name);
    const error = gsupMessage.decode(checkImeiError(request(hex).request, CAUSE.invalidMandatoryInformation));
    assert.equal(elementOf(error, 'imsi'), '123', name);
  }
  assert.equal(request('30 0102 21fb 5008 07 53430290214305').imsi, '12#');
  assert.equal(request('30 0102 f1f3 5008 07 53430290214305').imsi, undefined, 'a digit after the filler');
  for (const hex of ['', '30', '30 01', '30 0108 00', '30 5008 07 53430290214305', '30 5008 07'])
    assert.equal(readCheckImei(fromHex(hex)), undefined, hex);
});

test('which answers of the HLR are Check-IMEI answers, and for which IMSI', () => {
  for (const frame of [ACK, NACK, ERROR_60]) assert.equal(checkImeiImsi(gsupOf(frame) ?? frame), '001010000000001');
  assert.equal(checkImeiImsi(gsupOf(REQUEST) ?? REQUEST), undefined);
  assert.equal(checkImeiImsi(fromHex('06 0102 21f3')), undefined);
  assert.equal(checkImeiImsi(fromHex('32 0109 21f3')), undefined);
});

test('CCM: the identity exchange, and the routing name as one printable word', () => {
  const idGet = ccm.decode(ipaFrame.decode(ID_GET).payload);
  assert.equal(idGet.type, CCM.ID_GET);
  assert.deepEqual(identityRequest.decode(idGet.body), [8, 7, 2, 3, 4, 5, 1, 0]);
  assert.deepEqual(ccm.decode(ipaFrame.decode(PING).payload), { type: CCM.PING, body: fromHex('') });
  const idResp = (tag: number, name: Uint8Array) =>
    ccm.encode({ type: CCM.ID_RESP, body: identities.encode([{ tag, value: name }]) });
  assert.equal(toHex(idResp(ROUTING_NAME, ascii('EIR-TEST-MSC\0'))), '05000E004549522D544553542D4D534300');
  assert.equal(routingNameOf(idResp(ROUTING_NAME, ascii('EIR-TEST-MSC\0'))), 'EIR-TEST-MSC');
  assert.equal(routingNameOf(idResp(ROUTING_NAME, ascii('no zero at the end\n'))), 'no?zero?at?the?end?');
  assert.equal(routingNameOf(idResp(ROUTING_NAME, new Uint8Array(900).fill(0x41)))?.length, 64);
  assert.equal(routingNameOf(idResp(ROUTING_NAME, ascii('\0'))), undefined);
  assert.equal(routingNameOf(idResp(0x08, ascii('0/0/0\0'))), undefined);
  assert.equal(routingNameOf(fromHex('05 000e 00 41')), undefined, 'a length beyond the end');
  assert.equal(routingNameOf(PING.subarray(3)), undefined);
});

test('property: decode(encode(x)) = x for frames, messages, elements and identities', () => {
  const octets = (most: number) => fc.uint8Array({ maxLength: most });
  const octet = fc.integer({ min: 0, max: 0xff });
  const digits = (most: number) => fc.stringMatching(/^[0-9]*$/).map((text) => text.slice(0, most));
  const elements = fc.array(fc.record({ tag: octet, value: octets(0xff) }, { noNullPrototype: true }), {
    maxLength: 64,
  });
  const values: { readonly [N in ElementName]: fc.Arbitrary<Parameters<typeof element<N>>[1]> } = {
    imsi: digits(15),
    cause: octet,
    messageClass: octet,
    sessionId: fc.nat(),
    sessionState: fc.constantFrom('begin', 'continue', 'end'),
    imei: digits(16),
    imeiResult: fc.constantFrom('ACK', 'NACK'),
    sourceName: octets(0xff),
    destinationName: octets(0xff),
  };
  const tagged = fc.array(fc.record({ tag: octet, value: octets(99) }, { noNullPrototype: true }), { maxLength: 32 });
  fc.assert(
    fc.property(octet, octets(999), elements, tagged, fc.record(values), (code, payload, list, ids, declared) => {
      const frame = { protocol: code, payload };
      assert.deepEqual(ipaFrame.decode(ipaFrame.encode(frame)), frame);
      const message = { type: code, elements: list };
      assert.deepEqual(gsupMessage.decode(gsupMessage.encode(message)), message);
      assert.deepEqual(gsupOf(gsupFrame(payload)), payload.length > 0 ? payload : undefined);
      assert.deepEqual(identities.decode(identities.encode(ids)), ids);
      for (const name of Object.keys(values) as ElementName[]) {
        const again = elementOf({ type: code, elements: [element(name, declared[name])] }, name);
        assert.deepEqual(again, declared[name]);
      }
    }),
  );
});

test('property: hostile octets are a CodecError or nothing, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      onlyCodecError(() => ipaFrame.decode(octets));
      onlyCodecError(() => gsupMessage.decode(octets));
      onlyCodecError(() => identities.decode(octets));
      onlyCodecError(() => identityRequest.decode(octets));
      routingNameOf(concat(fromHex('05'), octets));
      checkImeiImsi(concat(fromHex('32'), octets));
      const read = readCheckImei(concat(fromHex('30 0102 21f3'), octets));
      assert.ok(read);
      assert.equal(
        gsupMessage.decode(checkImeiError(read.request, CAUSE.invalidMandatoryInformation)).type,
        CHECK_IMEI.error,
      );
    }),
  );
});

test('property: a stream cut anywhere gives the same whole frames, empty ones too', () => {
  const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(payloads, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (list, cuts) => {
      const frames = list.map((payload) => ipaFrame.encode({ protocol: IPA.ccm, payload }));
      const sent = concat(...frames);
      const stream = new IpaStream();
      const got: Uint8Array[] = [];
      for (let at = 0, i = 0; at < sent.length; i++) {
        const next = at + (cuts[i % cuts.length] as number);
        stream.push(sent.slice(at, next), (frame) => got.push(frame));
        at = next;
      }
      assert.deepEqual(got.map(toHex), frames.map(toHex));
      assert.equal(stream.isInsideFrame, false);
    }),
  );
});

test('a stream refuses a length above its limit, whole header or not, and takes the limit itself', () => {
  const longest = ipaFrame.encode({ protocol: IPA.ccm, payload: new Uint8Array(LONGEST_PAYLOAD) });
  const got: number[] = [];
  const stream = new IpaStream();
  stream.push(longest.subarray(0, 2), (frame) => got.push(frame.length));
  assert.equal(stream.isInsideFrame, true);
  stream.push(longest.subarray(2), (frame) => got.push(frame.length));
  assert.deepEqual(got, [LONGEST_PAYLOAD + 3]);
  const tooLong = fromHex('ffff ee');
  assert.throws(() => new IpaStream().push(tooLong, noFrame), CodecError);
  const byOctet = new IpaStream();
  byOctet.push(tooLong.subarray(0, 2), noFrame);
  assert.throws(() => byOctet.push(tooLong.subarray(2), noFrame), { field: 'length', name: 'CodecError' });
  const before: Uint8Array[] = [];
  assert.throws(() => new IpaStream().push(concat(PING, tooLong), (frame) => before.push(frame)), CodecError);
  assert.deepEqual(before, [PING], 'what was whole before is not lost');
});
