import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as check, integer, property, uint8Array } from 'fast-check';
import {
  ERROR_CODE,
  FIRST_MAX_FRAME_SIZE,
  frameHeader,
  HEADER_LENGTH,
  putFrameHeader,
  putU32,
  u31At,
  u32At,
} from './frame.ts';
import { FrameStream } from './frame-stream.ts';
import { frame, framesOf } from './frames.fixture.ts';

const octet = integer({ min: 0, max: 255 });
const u32 = integer({ min: 0, max: 0xffff_ffff });

test('the header written and read by hand is the declared one', () => {
  check(
    property(integer({ min: 0, max: 0xffffff }), octet, octet, u32, (length, type, flags, streamId) => {
      const octets = new Uint8Array(HEADER_LENGTH + 1);
      putFrameHeader(octets, 1, length, type, flags, streamId);
      assert.deepEqual(frameHeader.decode(octets.subarray(1)), { length, type, flags, streamId });
      assert.equal(u31At(octets, 6), streamId % 2 ** 31);
      assert.equal(u32At(octets, 6), streamId);
      putU32(octets, 0, streamId);
      assert.equal(u32At(octets, 0), streamId);
    }),
  );
});

test('error codes are those of RFC 9113 7', () => {
  assert.deepEqual(Object.values(ERROR_CODE), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12]);
});

/** What a stream gives out for chunks, and what it says at the end. */
function cut(chunks: readonly Buffer[], most = 1000) {
  const whole: Buffer[] = [];
  let held = 0;
  const stream = new FrameStream((octets, start, end) => {
    whole.push(Buffer.from(octets.subarray(start, end)));
    return whole.length < most;
  });
  const isWell = chunks.every((chunk) => {
    const isGoingOn = stream.push(chunk, 0);
    held = Math.max(held, stream.held);
    return isGoingOn;
  });
  return { whole: Buffer.concat(whole), count: whole.length, isWell, held };
}

test('frames are the same however their octets are cut into chunks', () => {
  const frames = array(uint8Array({ maxLength: 60 }), { maxLength: 20 });
  const sizes = array(integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 });
  check(
    property(frames, sizes, (payloads, lengths) => {
      const all = Buffer.concat(payloads.map((payload, at) => frame(at, 255 - at, at, payload)));
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < all.length; turn++) {
        const next = at + (lengths[turn % lengths.length] as number);
        chunks.push(all.subarray(at, next));
        at = next;
      }
      const { whole, isWell, count } = cut(chunks);
      assert.deepEqual([isWell, count], [true, payloads.length]);
      assert.deepEqual(framesOf(whole), framesOf(all));
    }),
  );
});

test('the longest frame is taken, a longer one is not waited for', () => {
  const longest = frame(0, 0, 1, Buffer.alloc(FIRST_MAX_FRAME_SIZE));
  assert.deepEqual(cut([longest]).count, 1);
  assert.deepEqual(cut([...longest].map((one) => Buffer.of(one))).count, 1);
  const longer = frame(0, 0, 1, Buffer.alloc(FIRST_MAX_FRAME_SIZE + 1)).subarray(0, HEADER_LENGTH);
  assert.equal(cut([longer]).isWell, false);
  assert.equal(cut([longer.subarray(0, 4), longer.subarray(4)]).isWell, false);
});

test('a half frame holds what has come of it, not what was announced; nothing is held between frames', () => {
  const long = frame(0, 0, 1, Buffer.alloc(16_000));
  assert.ok(cut([long.subarray(0, 100)]).held <= 200);
  assert.ok(cut(Array.from({ length: 50 }, (_, at) => long.subarray(2 * at, 2 * at + 2))).held <= 200);
  assert.equal(cut([long, long]).held, 0);
});

test('whoever takes frames may stop', () => {
  const three = Buffer.concat([1, 2, 3].map((id) => frame(0, 0, id)));
  assert.deepEqual([cut([three], 2).count, cut([three], 2).isWell], [2, false]);
  assert.deepEqual(cut([three.subarray(0, 4), three.subarray(4)], 1).count, 1);
});
