import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { AtReader, type AtResult, apduIn, restrictedAnswerIn, serialNumberIn, sessionIn } from './at-answer.ts';
import { RestrictedAccess } from './restricted-access.ts';

const octetsOf = (text: string) => new TextEncoder().encode(text);

/** The answer that a reader finds in a text. */
function answerIn(text: string, prefix = '+CSIM:'): AtResult | undefined {
  let found: AtResult | undefined;
  const reader = new AtReader();
  reader.expect(prefix, (result) => {
    found = result;
  });
  reader.push(octetsOf(text));
  return found;
}

test('answers of TS 27.007 with echo, chatter and refusals; what is none is none', () => {
  const csim = answerIn('AT+CSIM=14,"00A4"\r\r\nRING\r\n+CREG: 1\r\n+CSIM: 4,"9000"\r\n\r\nOK\r\n');
  assert.deepEqual(csim, { kind: 'ok', lines: ['+CSIM: 4,"9000"'] });
  assert.deepEqual(answerIn('+CME ERROR: 10\r\n'), {
    kind: 'refused',
    reason: '+CME ERROR: 10 (no SIM in the modem)',
  });
  assert.deepEqual(answerIn('ERROR\r\n'), { kind: 'refused', reason: 'ERROR' });
  assert.equal(answerIn('+CSIM: 4,"9000"\r\n'), undefined);
  assert.equal(answerIn('x'.repeat(3_000))?.kind, 'silent');
  assert.equal(answerIn('+CSIM: 4,"9000"\r\n'.repeat(65))?.kind, 'silent');
  assert.equal(toHex(apduIn(['+CSIM: 8,"AABB9000"']) ?? fromHex('')), 'AABB9000');
  for (const line of ['+CSIM: 6,"AABB9000"', '+CSIM: 2,"90"', '+CSIM: 4,"90X0"', '+CSIM: 3,"900"', ''])
    assert.equal(apduIn([line]), undefined, line);
  assert.equal(toHex(restrictedAnswerIn(['+CRSM: 144,0,"AABB"']) ?? fromHex('')), 'AABB9000');
  assert.equal(toHex(restrictedAnswerIn(['+CRSM: 106,130']) ?? fromHex('')), '6A82');
  for (const line of ['+CRSM: 256,0', '+CRSM: 144', '+CRSM: 144,0,"A"'])
    assert.equal(restrictedAnswerIn([line]), undefined);
  assert.deepEqual([sessionIn(['RING', '+CCHO: 3']), sessionIn(['12']), sessionIn(['x'])], [3, 12, undefined]);
  assert.equal(serialNumberIn(['+CREG: 1', '490154203237518']), '490154203237518');
});

test('property: whatever a modem sends, in whatever pieces, a reader throws nothing and ends an answer once', () => {
  const line = fc.oneof(fc.constantFrom('OK\r\n', 'ERROR\r\n', '+CSIM: 4,"9000"\r\n', 'RING\r\n'), fc.string());
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 1, max: 9 }), (lines, size) => {
      let ends = 0;
      const reader = new AtReader();
      reader.expect('+CSIM:', () => {
        ends += 1;
      });
      const octets = octetsOf(lines.join(''));
      for (let at = 0; at < octets.length; at += size) reader.push(octets.subarray(at, at + size));
      assert.ok(ends <= 1);
    }),
  );
});

test('AT+CRSM names file and path in every order; what it cannot carry is refused', () => {
  const access = new RestrictedAccess();
  const order = (hex: string) => {
    const asked = access.orderFor(fromHex(hex));
    return asked.kind === 'order' ? asked.order : toHex(asked.response);
  };
  assert.equal(order('00B0000000'), '6986');
  assert.equal(order('00A4000C022FE2'), '9000');
  assert.equal(order('00B000000A'), 'AT+CRSM=176,12258,0,0,10');
  assert.equal(order('00A40804047FFF6F0700'), 'AT+CRSM=192,28423,0,0,0,"","3F007FFF"');
  assert.equal(order('00D60000020102'), 'AT+CRSM=214,28423,0,0,2,"0102","3F007FFF"');
  assert.equal(order('00A4000C027F10'), '9000');
  assert.equal(order('00A4000C025F3A'), '9000');
  assert.equal(order('00A4000C024F30'), '9000');
  assert.equal(order('00B2010400'), 'AT+CRSM=178,20272,1,4,0,"","3F007F105F3A"');
  for (const [hex, refused] of [
    ['00B0870000', '6A82'],
    ['00B2013C00', '6A82'],
    ['0088008100', '6D00'],
    ['01B0000000', '6881'],
    ['00A4040C05A000000003', '6A82'],
    ['00A4000C013F', '6A86'],
    ['00A400', '6700'],
  ] as const)
    assert.equal(order(hex), refused, hex);
});
