import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { tpduOf, wholeExchange } from './whole-response.ts';

/** A card that answers these, one after another; what it was sent. */
function scripted(...answers: readonly string[]) {
  const sent: string[] = [];
  const exchange = async (command: Uint8Array) => {
    sent.push(toHex(command));
    return fromHex(answers[sent.length - 1] ?? '');
  };
  return { sent, exchange };
}

test('what T=0 carries of the four cases (ISO/IEC 7816-3 12.2); extended lengths it refuses', async () => {
  for (const [apdu, tpdu] of [
    ['80F2000C', '80F2000C00'],
    ['00B0000000', '00B0000000'],
    ['00A4000C023F00', '00A4000C023F00'],
    ['00A40004023F0000', '00A40004023F00'],
  ] as const)
    assert.equal(toHex(tpduOf(fromHex(apdu)) ?? new Uint8Array(0)), tpdu);
  const { sent, exchange } = scripted('9000');
  assert.equal(toHex(await wholeExchange(true, fromHex('00CABF2100000000'), exchange)), '6700');
  assert.equal(toHex(await wholeExchange(false, fromHex('00CABF2100000000'), exchange)), '9000');
  assert.deepEqual(sent, ['00CABF2100000000']);
});

test('61XX is fetched on the channel of the command, in parts; 6CXX repeats it with the right Le', async () => {
  const two = scripted('6102', 'AABB6101', 'CC9000');
  assert.equal(toHex(await wholeExchange(true, fromHex('80CA006600'), two.exchange)), 'AABBCC9000');
  assert.deepEqual(two.sent, ['80CA006600', '00C0000002', '00C0000001']);
  const further = scripted('6102', 'AABB9000');
  await wholeExchange(true, fromHex('C1F20000'), further.exchange);
  assert.deepEqual(further.sent, ['C1F2000000', '41C0000002']);
  const wrong = scripted('6C0A', '98889000');
  assert.equal(toHex(await wholeExchange(true, fromHex('00B0000000'), wrong.exchange)), '98889000');
  assert.deepEqual(wrong.sent, ['00B0000000', '00B000000A']);
  const case4 = scripted('6C02', 'AABB9000');
  await wholeExchange(false, fromHex('00CB0000025C0000'), case4.exchange);
  assert.deepEqual(case4.sent, ['00CB0000025C0000', '00CB0000025C0002']);
});

test('a card that falls mute, or that always has more, comes to an end', async () => {
  assert.equal((await wholeExchange(true, fromHex('00B0000000'), scripted('6102', '').exchange)).length, 0);
  let asked = 0;
  const endless = async () => {
    asked += 1;
    return fromHex('6101');
  };
  assert.equal(toHex(await wholeExchange(true, fromHex('00B0000000'), endless)), '6101');
  assert.equal(asked, 258);
});
