import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex } from '#base/codec/index.ts';
import { messageOctets } from './header.ts';
import { MessageStream, type StreamFault } from './message-stream.ts';

const HEAD = { flags: 0x80, command: 324, application: 1, hopByHop: 1, endToEnd: 1 };
const message = (words: number, fill: number) => messageOctets(HEAD, new Uint8Array(4 * words).fill(fill));

function all(stream: MessageStream, chunks: readonly Uint8Array[]) {
  const messages: Uint8Array[] = [];
  let fault: StreamFault | undefined;
  for (const chunk of chunks)
    fault ??= stream.push(chunk, (octets, start, end) => messages.push(octets.slice(start, end)) > 0);
  return { messages, fault };
}

test('messages come out whole however the octets are cut', () => {
  const lists = fc.array(fc.nat(400), { minLength: 1, maxLength: 6 });
  const cuts = fc.array(fc.nat(3000), { maxLength: 12 });
  fc.assert(
    fc.property(lists, cuts, (sizes, places) => {
      const sent = sizes.map((words, i) => message(words, i));
      const octets = concat(...sent);
      const at = [0, ...places.map((place) => place % octets.length).sort((a, b) => a - b), octets.length];
      const chunks = at.slice(1).map((end, i) => octets.slice(at[i], end));
      const stream = new MessageStream(4096);
      assert.deepEqual(all(stream, chunks), { messages: sent, fault: undefined });
      assert.equal(stream.half, 0);
    }),
  );
});

test('one octet at a time', () => {
  const sent = [message(0, 0), message(3, 1)];
  const chunks = Array.from(concat(...sent), (octet) => Uint8Array.of(octet));
  assert.deepEqual(all(new MessageStream(64), chunks).messages, sent);
});

test('a length below 20, above the limit or not in fours ends the reading, in one chunk or in many', () => {
  for (const length of ['000013', '000000', '000104', '000016', 'FFFFFF']) {
    const octets = concat(message(1, 1), fromHex(`01${length}C0000144 01000024 00000001 00000002`));
    for (const chunks of [[octets], Array.from(octets, (octet) => Uint8Array.of(octet))]) {
      const { messages, fault } = all(new MessageStream(256), chunks);
      assert.equal(messages.length, 1);
      assert.equal(fault?.length, Number.parseInt(length, 16));
      assert.equal(fault?.isRequest, true);
      assert.equal(fault?.header.length, 20);
    }
  }
});

test('memory follows what has come, not what was announced', () => {
  const stream = new MessageStream(1 << 20);
  const start = fromHex('010FFFFCC0000144010000240000000100000002');
  all(stream, [start, new Uint8Array(100)]);
  assert.equal(stream.half, 120);
  assert.ok(stream.capacity <= 512);
});

test('who takes a message may end the reading', () => {
  let count = 0;
  const octets = concat(message(1, 1), message(1, 2), message(1, 3));
  new MessageStream(256).push(octets, () => ++count < 2);
  assert.equal(count, 2);
});
