import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MalformedFile } from '../csv.ts';
import type { ReadOptions } from './index.ts';
import { LONGEST_ELEMENT } from './json-elements.ts';
import { cut, inWords, linesIn, octetsOf } from './list-format.fixture.ts';
import { prefixesOf } from './pyhss-pattern.ts';

const words = async (file: string, options: ReadOptions) => (await linesIn(file, options)).map(inWords);

const OPEN5GS = [
  { _id: { $oid: '66f' }, pei: 'imei-370068450102115', status: 'BLACKLISTED' },
  { pei: 'imeisv-3700684501021199', supi: null, status: 'GREYLISTED' },
  { pei: 'imei-370068450102115', supi: 'imsi-001010000000001', status: 'WHITELISTED' },
  { pei: 'imei-370068450102115', supi: 'imsi-001010000000001', status: 'BLACKLISTED' },
  { pei: 'imei-370068450102114', status: 'BLACKLISTED' },
  { pei: 370068450102115, status: 'BLACKLISTED' },
  { pei: 'mac-00-00-5E-00-53-00', status: 'BLACKLISTED' },
  { pei: 'imei-370068450102115', status: 'blacklisted' },
  { pei: 'imei-370068450102115', gpsi: 'msisdn-49151', equipment_status: 'WHITELISTED' },
  { pei: 'imei-370068450102115', equipment_status: 'WHITELISTED' },
  { supi: 'imsi-001010000000001', status: 'WHITELISTED' },
];
const OPEN5GS_WORDS = [
  '1: 37006845010211 add, black, check digit dropped',
  '2: 37006845010211 add, grey, software version dropped',
  '3: allow 37006845010211 001010000000001 add, white, check digit dropped',
  '4: expected permitted (white) for a handset with one subscriber, got black; list the handset, and allow the pairs that are right',
  '5: pei: expected check digit 5 (or 0, spare), got 4; look for a mistyped digit',
  '6: pei: expected text in quotes, got a number, which loses leading zeros',
  "7: pei: expected 14 to 16 digits, got 'm' at place 1",
  "8: status: expected WHITELISTED, BLACKLISTED, GREYLISTED, got 'blacklisted'",
  '9: gpsi: expected a supi for it, got none; pairs are by IMSI here',
  '10: 37006845010211 add, white, check digit dropped',
  '11: pei: expected an IMEI, got nothing',
];

test('records of Open5GS: an array, one to a line, written over several lines', async () => {
  const options = { format: 'open5gs' } as const;
  const lines = OPEN5GS.map((record) => JSON.stringify(record));
  assert.deepEqual(await words(JSON.stringify(OPEN5GS), options), OPEN5GS_WORDS);
  assert.deepEqual(await words(JSON.stringify(OPEN5GS, undefined, 2), options), OPEN5GS_WORDS);
  assert.deepEqual(await words(`${lines.join('\r\n')}\r\n`, options), OPEN5GS_WORDS);
  assert.deepEqual((await linesIn(cut(octetsOf(lines.join('\n')), 1), options)).map(inWords), OPEN5GS_WORDS);
});

test('records of Open5GS as CSV', async () => {
  const file =
    '_id,pei,supi,status\n1,imei-370068450102115,,BLACKLISTED\n2,imeisv-3700684501021199,imsi-001010000000001,WHITELISTED\n3,imei-1,,WHITELISTED\n';
  assert.deepEqual(await words(file, { format: 'open5gs-csv' }), [
    '2: 37006845010211 add, black, check digit dropped',
    '3: allow 37006845010211 001010000000001 add, white, software version dropped',
    '4: pei: expected 14 to 16 digits, got 1',
  ]);
  await assert.rejects(
    linesIn('supi,status\n', { format: 'open5gs-csv' }),
    /one column 'pei', got the columns 1 'supi'/,
  );
});

test('rows of PyHSS: exact ones, prefixes, and patterns that are none', async () => {
  const row = (imei: string, regex_mode: number, match_response_code: unknown, imsi = '') =>
    JSON.stringify({ imei, imsi, regex_mode, match_response_code });
  const file = `[${[
    row('37006845010211', 0, 1),
    row('^37006845', 1, 2),
    row('370068450[2-5].*', 1, 0),
    row('^37006845010211', 1, 1, '^00101'),
    row('^37006845010211', 1, 0, '^00101[0-3]'),
    row('37006845010211', 0, 0, '001010000000001'),
    row('^35[0-9]{6}(1|2)', 1, 1),
    row('.*', 1, 1),
    row('^370068450102115$', 1, 1, '.*'),
    row('^37006845$', 1, 1),
    row('^37006845010211', 1, 3),
    row('^37006845010211', 2, 1),
    JSON.stringify({ imei: '37006845', match_response_code: '1' }),
  ].join(',\n')}]`;
  assert.deepEqual(await words(file, { format: 'pyhss' }), [
    '1: 37006845010211 add, black',
    '2: TAC 37006845 add, grey, pattern read as a range',
    '3: 37006845020000-37006845059999 add, white, pattern read as a range',
    '4: expected permitted (white) for a handset with one subscriber, got black; list the handset, and allow the pairs that are right',
    '5: allow 37006845010211 001010000000000-001013999999999 add, white, pattern read as one IMEI, pattern read as IMSIs of 15 digits',
    '6: allow 37006845010211 001010000000001 add, white',
    '7: imei: expected a prefix, got a pattern that is no plain prefix; write it as prefixes (^35342009), TACs or ranges',
    '8: imei: expected a prefix of at least 2 digits, got 0: it matches all handsets',
    '9: 37006845010211 add, black, pattern read as one IMEI, check digit dropped',
    '10: imei: expected a pattern for 14 to 16 digits, got one that matches no IMEI',
    '11: match_response_code: expected 0 (white), 1 (black) or 2 (grey), got something else',
    '12: regex_mode: expected 0 (exact) or 1 (pattern), got something else',
    '13: TAC 37006845 add, black, pattern read as a range',
  ]);
});

test('rows of PyHSS as CSV: the mode that is not said is 1, a pattern', async () => {
  const file =
    'eir_id,imei,imsi,regex_mode,match_response_code\n1,^37006845,,,1\n2,370068450102115,,0,2\n3,370068450102115,1,0,0\n4,,,0,1';
  assert.deepEqual(await words(file, { format: 'pyhss-csv' }), [
    '2: TAC 37006845 add, black, pattern read as a range',
    '3: 37006845010211 add, grey, check digit dropped',
    '4: imsi: expected an IMSI of 6 to 15 digits, got 1 digits',
    '5: imei: expected an IMEI, got nothing',
  ]);
  await assert.rejects(linesIn('imei\n', { format: 'pyhss-csv' }), /one column 'match_response_code'/);
});

test('property: a pattern that is read as prefixes matches what those prefixes hold, and nothing else', () => {
  const part = fc.constantFrom(
    '3',
    '37',
    '0',
    '[2-5]',
    '[345]',
    '[0-9]',
    '\\d',
    '.',
    '.*',
    '\\d*',
    '\\d+',
    '[0-9]{2}',
    '\\d{1,3}',
    '.{2,}',
  );
  const patterns = fc.tuple(
    fc.constantFrom('', '^'),
    fc.array(part, { maxLength: 4 }).map((parts) => parts.join('')),
    fc.constantFrom('', '$'),
  );
  const numbers = fc.string({ unit: fc.constantFrom(...'0123457'), maxLength: 8 });
  fc.assert(
    fc.property(patterns, numbers, ([begin, body, end], number) => {
      const found = prefixesOf(begin + body + end);
      if ('problem' in found) return;
      const { low, high, shortest, longest } = found;
      const head = number.slice(0, low.length);
      const isHeld = number.length >= shortest && number.length <= longest && head >= low && head <= high;
      assert.equal(isHeld, new RegExp(`^${body}${end}`).test(number), `${body}${end} ${number}`);
    }),
    { numRuns: 3000 },
  );
});

for (const pattern of [
  '[5-2]',
  '[15]',
  '3(1|2)',
  '3[^4]',
  '3?',
  '3\\D',
  '3.{3,1}',
  'a',
  '3'.repeat(61),
  '(?=3)',
  '3$5',
])
  test(`the pattern ${pattern.slice(0, 10)} is no prefix`, () => {
    assert.ok('problem' in prefixesOf(pattern));
  });

test('broken JSON: a bad record spoils itself only', async () => {
  const good = JSON.stringify(OPEN5GS[0]);
  const file = [
    good,
    '{"pei":"imei-370068450102115,"status":"BLACKLISTED"}',
    good,
    '7',
    '"pei"',
    `{"x":${'['.repeat(20)}${']'.repeat(20)}}`,
    `{"x":"${'y'.repeat(LONGEST_ELEMENT)}"}`,
    '[{"pei":1}]',
    '{"pei":"imei-370068450102115" "status":1}',
    good,
  ].join('\n');
  const bad = 'expected a record in JSON, got something that cannot be read; look for a missing quote, comma or brace';
  assert.deepEqual(await words(file, { format: 'open5gs' }), [
    '1: 37006845010211 add, black, check digit dropped',
    '2: expected a closing quote on the same line',
    '3: 37006845010211 add, black, check digit dropped',
    '4: expected a record in braces',
    '5: expected a record in braces',
    '6: expected at most 16 braces within one another',
    `7: expected at most ${LONGEST_ELEMENT} octets`,
    '8: expected a record in braces',
    `9: ${bad}`,
    '10: 37006845010211 add, black, check digit dropped',
  ]);
});

for (const [what, file, problem] of [
  ['nothing', ' \n', /empty file/],
  ['an array cut off after a record', '[{"pei":"1"}', /after element 1: expected '\]', got the end of the file/],
  ['a record cut off', '{"pei":"1"}\n{"pei":', /element 2: expected its end, got the end of the file/],
  ['a string cut off', '{"pei', /element 1: expected its end/],
  ['more after the array', '[{"pei":"1"}]\n{}', /after element 1: expected the end of the file after '\]'/],
  ['a bracket too many', '{"pei":"1"}\n]', /after element 1: expected a record, got ']'/],
  ['octets 00', '{"pei":\0}', /octets 00/],
] as const)
  test(`JSON of ${what} is malformed`, async () => {
    await assert.rejects(
      linesIn(file, { format: 'open5gs' }),
      (error) => error instanceof MalformedFile && problem.test(error.message),
    );
  });

test('JSON that is no UTF-8 is malformed', async () => {
  const file = [octetsOf('{"pei":"'), Uint8Array.of(0xff), octetsOf('"}')];
  await assert.rejects(linesIn(file, { format: 'open5gs' }), MalformedFile);
});

test('an element without end costs no memory', async () => {
  function* endless() {
    yield octetsOf('[{"pei":"');
    for (let count = 0; count < 200; count++) yield octetsOf('9'.repeat(100_000));
    yield octetsOf('"},{"pei":"imei-370068450102115","status":"BLACKLISTED"}]');
  }
  const lines = await linesIn(endless(), { format: 'open5gs' });
  assert.deepEqual(lines.map(inWords), [
    `1: expected at most ${LONGEST_ELEMENT} octets`,
    '2: 37006845010211 add, black, check digit dropped',
  ]);
  assert.equal('line' in (lines[0] ?? {}) && (lines[0] as { line: string }).line.length, 200);
});

test('property: hostile JSON is lines, bad lines or MalformedFile', async () => {
  const unit = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '\n',
      ' ',
      '1',
      'null',
      '"pei"',
      '"imei-370068450102115"',
      '"status"',
      '"BLACKLISTED"',
    ],
    ...['"imei"', '"^37"', '"regex_mode"', '"match_response_code"', '"__proto__"', '\0', 'é', '"imsi"', '"supi"'],
  );
  const record = fc.record(
    {
      pei: fc.oneof(fc.string(), fc.anything({ maxDepth: 1 }), fc.constant('imei-370068450102115')),
      supi: fc.oneof(fc.string(), fc.anything({ maxDepth: 1 })),
      status: fc.constantFrom('WHITELISTED', 'BLACKLISTED', 1, null),
      imei: fc.oneof(fc.string({ unit: fc.constantFrom(...'^$.*[]{}\\d,-0139') }), fc.anything({ maxDepth: 1 })),
      imsi: fc.oneof(fc.string({ unit: fc.constantFrom(...'^$.*[]{}\\d,-0139') }), fc.anything({ maxDepth: 1 })),
      regex_mode: fc.constantFrom(0, 1, '1', 2, 0.5, -1, null),
      match_response_code: fc.constantFrom(0, 1, 2, '0', 0.5, -1, 3, null),
    },
    { requiredKeys: [] },
  );
  const file = fc.oneof(
    fc.string({ unit, maxLength: 40 }).map(octetsOf),
    fc.array(record, { maxLength: 4 }).map((records) => octetsOf(JSON.stringify(records))),
    fc.uint8Array({ maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('open5gs', 'pyhss'),
      file,
      fc.integer({ min: 1, max: 20 }),
      async (format, octets, size) => {
        try {
          for (const line of await linesIn(cut(octets, size), { format })) assert.ok(line.number > 0);
        } catch (error) {
          assert.ok(error instanceof MalformedFile, String(error));
        }
      },
    ),
    { numRuns: 2000 },
  );
});
