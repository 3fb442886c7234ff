import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadVectors } from '#test/vectors.ts';
import {
  bcd,
  berTlv,
  berTlvSet,
  berTlvs,
  bitFlag,
  bitNames,
  bitNumber,
  bits,
  COMPREHENSION_REQUIRED,
  CodecError,
  comprehensionTlv,
  comprehensionTlvSet,
  comprehensionTlvs,
  constant,
  enumeration,
  type Format,
  fromHex,
  lengthPrefixed,
  listOf,
  many,
  octets,
  optional,
  optionalAtEnd,
  partOf,
  required,
  rest,
  struct,
  swappedBcd,
  tagged,
  toHex,
  u8,
  u16,
  u24,
} from './index.ts';

/** The worked example of TS 102 225: the first two octets of SPI, declared the way a room declares it. */
const spi = bits(2, {
  check: bitNames(8, 2, { none: 0, RC: 1, CC: 2, DS: 3 }),
  ciphered: bitFlag(10),
  counter: bitNumber(11, 2),
  proof: bitNumber(0, 2),
});
const header = struct({
  mark: constant(fromHex('0270')),
  spi,
  kind: enumeration(u8, { aes: 2, des: 1 }),
  counter: u24,
  data: lengthPrefixed(u8, rest()),
});
const proof = berTlvSet({ imei: optional(0x80, octets(8)), counter: required(0x82, u24), notes: many(0x9f22, u16) });
const details = comprehensionTlvSet({
  command: required(0x01 | COMPREHENSION_REQUIRED, octets(3)),
  text: optional(0x0d, rest()),
});

test('a struct decodes, encodes and says where octets are wrong', () => {
  const value = {
    spi: { check: 'CC', ciphered: true, counter: 2, proof: 1 },
    kind: 'aes',
    counter: 5,
    data: fromHex('AABB'),
  } as const;
  assert.equal(toHex(header.encode(value)), '0270160102000005 02AABB'.replace(' ', ''));
  assert.deepEqual(header.decode(header.encode(value)), value);
  assert.throws(() => header.decode(fromHex('0270160109')), { name: 'CodecError', field: 'kind', position: 4 });
  assert.throws(() => header.decode(fromHex('0271')), { name: 'CodecError', field: 'mark', position: 0 });
  assert.throws(() => header.decode(fromHex('027016010200000502AABBCC')), /expected the end, got 1 more/);
  assert.throws(() => header.decode(fromHex('027016010200000503AABB')), { field: 'data', position: 9 });
  assert.throws(() => header.encode({ ...value, counter: 2 ** 24 }), { name: 'CodecError', field: 'counter' });
});

test('digits: filler only at the end, nibble order as declared', () => {
  assert.equal(swappedBcd(10).decode(fromHex('98100000000000000014')), '89010000000000000041');
  assert.equal(swappedBcd(3).decode(fromHex('2143F5')), '12345');
  assert.equal(toHex(swappedBcd(3).encode('12345')), '2143F5');
  assert.equal(bcd(4).decode(fromHex('20261124')), '20261124');
  assert.throws(() => swappedBcd(2).decode(fromHex('F1F1')), CodecError);
  assert.throws(() => bcd(1).decode(fromHex('1A')), CodecError);
});

test('BER-TLV: two-octet tags, long lengths, sets in any order, unknown and doubled objects refused', () => {
  const long = berTlv(0x7f21, new Uint8Array(300));
  assert.equal(toHex(long.subarray(0, 5)), '7F2182012C');
  assert.equal(berTlvs(long)[0]?.tag, 0x7f21);
  assert.equal(tagged(0x7f21, rest()).decode(long).length, 300);
  const value = { imei: fromHex('1A32547698103254'), counter: 7, notes: [1, 2] };
  assert.equal(toHex(proof.encode(value)), '80081A325476981032548203000007' + '9F22020001' + '9F22020002');
  assert.deepEqual(proof.decode(fromHex('820300000780081A32547698103254')), { ...value, notes: [] });
  assert.throws(() => proof.decode(fromHex('82030000078203000008')), /expected once/);
  assert.throws(() => proof.decode(fromHex('8203000007C100')), /got tag C1/);
  assert.throws(() => proof.decode(fromHex('80081A32547698103254')), { field: 'counter' });
  assert.throws(() => berTlvs(fromHex('8084000000')), CodecError);
  assert.throws(() => berTlvs(fromHex('8080')), CodecError);
});

test('COMPREHENSION-TLV: an unknown object is skipped unless it must be understood', () => {
  assert.deepEqual(details.decode(fromHex('0103012100')), { command: fromHex('012100') });
  assert.deepEqual(details.decode(fromHex('8103012100 0501AA')), { command: fromHex('012100') });
  assert.throws(() => details.decode(fromHex('8103012100 8501AA')), /got tag 5/);
});

for (const vector of loadVectors('comprehension-tlv')) {
  test(`comprehension-tlv vector ${vector.id}`, () => {
    const encoded = fromHex(vector['encoded']);
    const tag = Number.parseInt(vector['tag'], 16);
    const [object] = comprehensionTlvs(encoded);
    assert.ok(object);
    assert.equal(object.tag, tag);
    assert.equal(object.comprehensionRequired, vector['comprehension_required']);
    assert.equal(toHex(object.value), vector['value'].toUpperCase());
    const flag = vector['comprehension_required'] ? (tag > 0x7f ? 0x8000 : COMPREHENSION_REQUIRED) : 0;
    // Tags above 7F take the three-octet form, whatever their value.
    assert.equal(toHex(comprehensionTlv(tag > 0x7e && flag === 0 ? tag : tag | flag, object.value)), toHex(encoded));
  });
}

const formats: Readonly<Record<string, Format<unknown>>> = {
  header,
  proof,
  details,
  list: listOf(lengthPrefixed(u16, rest())),
  end: struct({ a: u8, b: optionalAtEnd(u16) }),
  digits: swappedBcd(8),
  nested: tagged(0x66, tagged(0x73, berTlvSet({ oid: many(0x06, rest()) }))),
};
for (const [name, declared] of Object.entries(formats)) {
  test(`property: random octets into ${name} give a value or a CodecError, and a value survives the way back`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
        let value: unknown;
        try {
          value = declared.decode(random);
        } catch (error) {
          assert.ok(error instanceof CodecError);
          return;
        }
        assert.deepEqual(declared.decode(declared.encode(value)), value);
      }),
    );
  });
}

test('property: partOf gives the same octets of short and of long strings', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (whole, a, b) => {
      const [from, to] = [Math.min(a, b, whole.length), Math.min(Math.max(a, b), whole.length)];
      assert.deepEqual(partOf(whole, from, to), whole.slice(from, to));
      assert.deepEqual(partOf(whole, from), whole.slice(from));
    }),
  );
});

test('property: what a set encodes it decodes', () => {
  const value = fc.record(
    { imei: fc.uint8Array({ minLength: 8, maxLength: 8 }), counter: fc.nat(0xffffff), notes: fc.array(fc.nat(0xffff)) },
    { requiredKeys: ['counter', 'notes'] },
  );
  fc.assert(fc.property(value, (set) => assert.deepEqual(proof.decode(proof.encode(set)), { ...set })));
});
