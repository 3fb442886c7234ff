import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, constantFrom, integer, oneof, property, string, tuple, uint8Array } from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import { FieldList, HEADER_TABLE_SIZE, HpackDecoder } from './hpack-decoder.ts';
import { encodeInteger, encodePlainField, HpackEncoder } from './hpack-encoder.ts';
import { referenceDecoder } from './hpack-reference.fixture.ts';
import { STATIC_TABLE } from './static-table.ts';

type Pair = readonly [string, string];

/** A decoder whose blocks are read as pairs. */
function reader(limits: { fields: number; octets: number } = { fields: 1000, octets: 1_000_000 }) {
  const decoder = new HpackDecoder();
  const list = new FieldList(limits.fields, limits.octets);
  const read = (octets: Uint8Array): Pair[] => {
    const block = Buffer.concat([Buffer.alloc(3), octets, Buffer.alloc(2)]); // It may lie anywhere.
    decoder.decode(block, 3, 3 + octets.length, list);
    return list.fields.slice(0, list.count).map(({ name, value }) => [name, value]);
  };
  return { read, list };
}

const REQUESTS: readonly (readonly Pair[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
];
const LOCATION: Pair = ['location', 'https://www.example.com'];
const DATE: Pair = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'];
const RESPONSES: readonly (readonly Pair[])[] = [
  [[':status', '302'], ['cache-control', 'private'], DATE, LOCATION],
  [[':status', '307'], ['cache-control', 'private'], DATE, LOCATION],
  [
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    LOCATION,
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ],
];
const TABLE_OF_256 = '3fe101';

test('RFC 7541 C.1: integers', () => {
  assert.equal(toHex(encodeInteger(0, 5, 10)), '0A');
  assert.equal(toHex(encodeInteger(0, 5, 1337)), '1F9A0A');
  assert.equal(toHex(encodeInteger(0, 8, 42)), '2A');
});

test('RFC 7541 C.2: each representation', () => {
  for (const [hex, field] of [
    ['400a637573746f6d2d6b65790d637573746f6d2d686561646572', ['custom-key', 'custom-header']],
    ['040c2f73616d706c652f70617468', [':path', '/sample/path']],
    ['100870617373776f726406736563726574', ['password', 'secret']],
    ['82', [':method', 'GET']],
  ] as const) {
    assert.deepEqual(reader().read(fromHex(hex)), [field]);
  }
});

for (const [clause, blocks, lists] of [
  [
    'C.3: requests without Huffman code',
    [
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ],
    REQUESTS,
  ],
  [
    'C.4: requests with Huffman code',
    [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ],
    REQUESTS,
  ],
  [
    'C.5: responses without Huffman code, in a table of 256 octets',
    [
      `${TABLE_OF_256}4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d`,
      '4803333037c1c0bf',
      '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
    ],
    RESPONSES,
  ],
  [
    'C.6: responses with Huffman code, in a table of 256 octets',
    [
      `${TABLE_OF_256}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3`,
      '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ],
    RESPONSES,
  ],
] as const) {
  test(`RFC 7541 ${clause}`, () => {
    const { read } = reader();
    blocks.forEach((hex, at) => {
      assert.deepEqual(read(fromHex(hex)), lists[at]);
    });
  });
}

test('our encoder writes the requests of RFC 7541 C.4', () => {
  const encoder = new HpackEncoder();
  const blocks = REQUESTS.map((fields) =>
    toHex(Buffer.concat(fields.map(([name, value]) => encoder.encode(name, value)))),
  );
  assert.deepEqual(
    blocks.map((hex) => hex.toLowerCase()),
    [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ],
  );
});

const name = oneof(
  constantFrom(...STATIC_TABLE.map((field) => field.name), 'a', 'b', 'c'),
  string({ minLength: 1, maxLength: 20, unit: constantFrom(...'abcdefgh-\xfc') }),
);
const value = oneof(
  constantFrom('', 'GET', 'application/json', '0'),
  string({ maxLength: 300, unit: constantFrom(...'abc/ 0123\xe4=') }),
);

test('what our encoder writes, our decoder reads, however the table is resized', () => {
  const step = oneof(array(tuple(name, value), { maxLength: 12 }), integer({ min: 0, max: 2 * HEADER_TABLE_SIZE }));
  check(
    property(array(step, { maxLength: 20 }), (steps) => {
      const encoder = new HpackEncoder();
      const { read } = reader();
      for (const one of steps) {
        if (typeof one === 'number') encoder.resize(one);
        else {
          const fields = one.map(([n, v]) => encoder.encode(n, v));
          assert.deepEqual(read(Buffer.concat([encoder.takeUpdates(), ...fields])), one);
        }
      }
    }),
  );
});

test('a field goes into the table once, and is then a reference of one or two octets', () => {
  const encoder = new HpackEncoder();
  const first = encoder.encode('content-type', 'application/json');
  const { insertions } = encoder;
  assert.ok(first.length > 2);
  assert.equal(toHex(encoder.encode('content-type', 'application/json')), 'BE');
  assert.equal(encoder.insertions, insertions);
  encoder.resize(0);
  assert.equal(toHex(encoder.takeUpdates()), '2020');
  assert.equal(encoder.takeUpdates().length, 0);
  assert.deepEqual(
    encoder.encode('content-type', 'application/json'),
    encodePlainField('content-type', 'application/json'),
  );
});

test('blocks of any kind, also damaged ones, are read as a simple decoder reads them', () => {
  const integerOf = (pattern: number, bits: number) =>
    integer({ min: 0, max: 140 }).map((number) => Buffer.from(encodeInteger(pattern, bits, number)));
  const plain = value.map((text) => Buffer.concat([encodeInteger(0, 7, text.length), Buffer.from(text, 'latin1')]));
  const literal = (pattern: number, bits: number) =>
    tuple(integer({ min: 0, max: 80 }), plain, plain).map(([index, first, second]) =>
      Buffer.concat([encodeInteger(pattern, bits, index), ...(index === 0 ? [first] : []), second]),
    );
  const part = oneof(
    { weight: 4, arbitrary: integerOf(0x80, 7) },
    { weight: 8, arbitrary: literal(0x40, 6) },
    { weight: 2, arbitrary: literal(0x00, 4) },
    { weight: 2, arbitrary: literal(0x10, 4) },
    { weight: 1, arbitrary: integerOf(0x20, 5) },
    { weight: 1, arbitrary: tuple(name, value).map(([n, v]) => Buffer.from(encodePlainField(n, v))) },
    { weight: 1, arbitrary: uint8Array({ maxLength: 6 }).map((octets) => Buffer.from(octets)) },
  );
  const update = oneof(
    constantFrom(Buffer.alloc(0)),
    integer({ min: 0, max: 5000 }).map((size) => encodeInteger(0x20, 5, size)),
  );
  const block = tuple(update, array(part, { maxLength: 12 })).map(([first, parts]) => Buffer.concat([first, ...parts]));
  check(
    property(array(block, { maxLength: 8 }), (blocks) => {
      const reference = referenceDecoder(HEADER_TABLE_SIZE);
      const { read } = reader();
      for (const octets of blocks) {
        const expected = reference(octets);
        if (expected === undefined) {
          assert.throws(() => read(octets), CodecError);
          return;
        }
        assert.deepEqual(read(octets), expected);
      }
    }),
    { numRuns: 500 },
  );
});

test('octets that are no block are CodecErrors with a position', () => {
  for (const hex of [
    '80',
    'be',
    'ff',
    'ffffffffffff0f',
    '40',
    '4001',
    '400161',
    '40016105',
    '0401',
    '04ff',
    '3fe13f',
    '202020',
    '8220',
  ]) {
    assert.throws(() => reader().read(fromHex(hex)), CodecError, hex);
  }
  check(
    property(uint8Array({ maxLength: 100 }), (octets) => {
      try {
        reader().read(octets);
      } catch (error) {
        assert.ok(error instanceof CodecError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a list has limits; what is above them is counted, and still goes into the table', () => {
  const { read, list } = reader({ fields: 2, octets: 1000 });
  const bomb = fromHex(`400161${'0162'}${'be'.repeat(50)}`);
  assert.equal(read(bomb).length, 2);
  assert.deepEqual([list.isTooLarge, list.size], [true, 51 * 34]);
  assert.deepEqual(read(fromHex('be')), [['a', 'b']]);
  assert.equal(list.isTooLarge, false);
  const long = Buffer.concat([
    encodeInteger(0x40, 6, 0),
    fromHex('0161'),
    encodeInteger(0, 7, 2000),
    Buffer.alloc(2000, 0x62),
  ]);
  assert.equal(read(long).length, 0);
  assert.equal(list.isTooLarge, true);
});
