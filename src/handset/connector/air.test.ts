import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import { airFrames, messagesOf } from './index.ts';

test('messages stand one after another behind two octets of length', () => {
  assert.equal(toHex(airFrames([fromHex('051802'), fromHex('0521')])), '000305180200020521');
  assert.equal(airFrames([]).length, 0);
  assert.throws(() => airFrames([new Uint8Array(252)]), CodecError);
});

test('property: messages come back as they went; octets that are none, cut or too many are no messages', () => {
  const message = fc.uint8Array({ maxLength: 251 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 64 }), (messages) =>
      assert.deepEqual([...messagesOf(airFrames(messages))], messages),
    ),
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => assert.ok(messagesOf(octets).length <= 64)));
  assert.deepEqual(messagesOf(fromHex('0003051802 0009 0521')), []);
  assert.deepEqual(messagesOf(fromHex('00')), []);
  assert.deepEqual(messagesOf(new Uint8Array(2 * 65)), []);
});
