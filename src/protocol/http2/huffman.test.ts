import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, integer, property, uint8Array } from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { decoded, huffmanDecode, huffmanEncode, huffmanLength } from './huffman.ts';
import { classesOf, NOT_IN } from './octet-class.ts';

function decode(octets: Uint8Array): Buffer | undefined {
  const out = Buffer.alloc(2 * octets.length + 2);
  return huffmanDecode(octets, 0, octets.length, out) ? out.subarray(0, decoded.length) : undefined;
}

const VECTORS = {
  'www.example.com': 'f1e3c2e5f23a6ba0ab90f4ff',
  'no-cache': 'a8eb10649cbf',
  'custom-key': '25a849e95ba97d7f',
  'custom-value': '25a849e95bb8e8b4bf',
  '302': '6402',
  private: 'aec3771a4b',
  'Mon, 21 Oct 2013 20:13:21 GMT': 'd07abe941054d444a8200595040b8166e082a62d1bff',
  'https://www.example.com': '9d29ad171863c78f0b97c8e9ae82ae43d3',
  gzip: '9bd9ab',
  'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1':
    '94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
};

test('RFC 7541 appendix C: Huffman-coded strings', () => {
  for (const [text, hex] of Object.entries(VECTORS)) {
    assert.equal(toHex(huffmanEncode(Buffer.from(text))), hex.toUpperCase());
    assert.equal(decode(fromHex(hex))?.toString(), text);
  }
});

test('all octets: what was encoded is decoded, with the classes of its octets', () => {
  check(
    property(uint8Array({ maxLength: 200 }), (octets) => {
      const coded = huffmanEncode(octets);
      assert.equal(coded.length, huffmanLength(octets));
      assert.deepEqual(decode(coded), Buffer.from(octets));
      assert.equal(decoded.classes, classesOf(Buffer.from(octets).toString('latin1')));
    }),
  );
  const every = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  assert.deepEqual(decode(huffmanEncode(every)), Buffer.from(every));
});

test('each string has one code: what is decoded is encoded to the same octets', () => {
  check(
    property(array(integer({ min: 0, max: 255 }), { maxLength: 12 }), (octets) => {
      const text = decode(Uint8Array.from(octets));
      if (text !== undefined) assert.deepEqual([...huffmanEncode(text)], octets);
    }),
    { numRuns: 2000 },
  );
});

test('of all codes of two octets those are decoded that some string has', () => {
  const octetsOf = (text: number[]) => huffmanLength(Uint8Array.from(text));
  const valid = new Set<string>();
  const short = Array.from({ length: 256 }, (_, octet) => octet).filter((octet) => octetsOf([octet]) <= 2);
  const grow = (text: number[]) => {
    if (text.length > 0) valid.add(toHex(huffmanEncode(Uint8Array.from(text))));
    for (const octet of short) if (octetsOf([...text, octet]) <= 2) grow([...text, octet]);
  };
  grow([]);
  for (let code = 0; code < 0x10000; code++) {
    const octets = Uint8Array.of(code >> 8, code & 0xff);
    assert.equal(decode(octets) !== undefined, valid.has(toHex(octets)), toHex(octets));
  }
});

test('EOS, a whole octet of padding and padding of zeros are errors (RFC 7541 5.2)', () => {
  assert.equal(decode(Uint8Array.of(0xff, 0xff, 0xff, 0xff)), undefined);
  assert.equal(decode(Uint8Array.of(0xff)), undefined);
  assert.equal(decode(Uint8Array.of(0x1f, 0xff)), undefined);
  assert.equal(decode(Uint8Array.of(0x18)), undefined);
  assert.equal(decode(Uint8Array.of(0x1f))?.toString(), 'a');
  assert.equal(decode(new Uint8Array(0))?.length, 0);
});

test('classes of octets', () => {
  const { NAME, TOKEN, VALUE, URI } = NOT_IN;
  assert.equal(classesOf('accept'), 0);
  assert.equal(classesOf('GET'), NAME);
  assert.equal(classesOf('a b'), NAME | TOKEN | URI);
  assert.equal(classesOf('a\tb'), NAME | TOKEN | URI);
  for (const text of ['a\0', 'a\r', 'a\n', 'a\x7f']) assert.equal(classesOf(text), NAME | TOKEN | VALUE | URI);
  assert.equal(classesOf('/a?b=%20'), NAME | TOKEN);
  assert.equal(classesOf('\xe4'), NAME | TOKEN | URI);
});
