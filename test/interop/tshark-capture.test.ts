// That the judge of our captures can fail: each kind of fault in a capture is found, and the writer makes none.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { TcpCapture } from './tcp-capture.ts';
import { type Expected, judge, missing } from './tshark-judge.ts';

const DWR = fromHex(
  '01000040800001180000000063aa87a879eec292000001084000001272656c61792e746573740000000001284000000c74657374000001164000000c6b04b79e',
);
const UNKNOWN_AVP = fromHex('0000270f 4000000c 30303030');
const withUnknownAvp = new Uint8Array([...DWR.with(3, DWR.length + UNKNOWN_AVP.length), ...UNKNOWN_AVP]);

/** A capture of one conversation in which a watchdog request is sent twice. */
function capture(message: Uint8Array = DWR): TcpCapture {
  const made = new TcpCapture();
  const conversation = made.conversation(1, 2, 3868);
  conversation.said('client', message);
  conversation.said('client', message);
  conversation.ended('client');
  conversation.reset('service');
  return made;
}

function isSound(context: TestContext, octets: Uint8Array, expected: readonly Expected[] = []): void {
  judge(context, octets, ['tcp.port==3868,diameter']).isSound({ protocol: 'diameter', from: '192.0.2.1', expected });
}

/** Where these octets stand for the second time. */
function second(octets: Uint8Array, part: Uint8Array): number {
  const all = Buffer.from(octets);
  return all.indexOf(part, all.indexOf(part) + 1);
}

test('the same octets make the same file, and a right one', { skip: missing }, (context) => {
  assert.deepEqual(capture().octets(), capture().octets());
  isSound(context, capture().octets());
});

test('a message over several segments is read whole', { skip: missing }, (context) => {
  const long = new Uint8Array(4000);
  long.set(DWR);
  long.set([0x0f, 0xa0], 2); // The length of the whole message.
  long.set(fromHex('00000119 00000f60'), 64); // Error-Message fills what is left.
  isSound(context, capture(long).octets());
});

test('it can fail: a wrong octet, a lost frame, another protocol, malformed, a warning, an excuse too many', {
  skip: missing,
}, (context) => {
  const good = capture().octets();
  const fails = (octets: Uint8Array, message: RegExp, expected: readonly Expected[] = []) =>
    assert.throws(() => isSound(context, octets, expected), message);
  const at = second(good, DWR);
  fails(good.with(at + 63, 0), /a checksum is wrong/);
  const frame = 28 + 54 + DWR.length + 4; // Head of the block, heads of the frame, message, length of the block again.
  const start = at - 54 - 28;
  fails(
    new Uint8Array([...good.subarray(0, start), ...good.subarray(start + frame + 2)]),
    /sequence numbers are wrong/,
  );
  fails(capture(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')).octets(), /is eth:ethertype:ip:tcp/);
  fails(capture(DWR.with(27, 0xff)).octets(), /: malformed/);
  fails(capture(withUnknownAvp).octets(), /Unknown AVP 9999/);
  const excuse = { text: /Unknown AVP 9999/, because: 'the test says so' };
  isSound(context, capture(withUnknownAvp).octets(), [excuse]);
  fails(good, /take it off the list/, [excuse]);
});
