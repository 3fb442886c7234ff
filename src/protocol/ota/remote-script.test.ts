import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import {
  MOST_REMOTE_COMMANDS,
  type RemoteFormat,
  readRemoteResponse,
  readRemoteScript,
  writeExpandedResponse,
  writeRemoteScript,
} from './index.ts';

test('published expanded scripts and answers, as tools write and cards answer them', () => {
  const status = fromHex('80f24002024f0000');
  const select = fromHex('00a40004023f0000');
  assert.equal(toHex(writeRemoteScript('definite', [status])), 'AA0A220880F24002024F0000');
  assert.equal(toHex(writeRemoteScript('definite', [status, select])), 'AA14220880F24002024F0000220800A40004023F0000');
  assert.equal(toHex(writeRemoteScript('indefinite', [fromHex('80CAFF2100')])), 'AE80220580CAFF21000000');
  assert.equal(
    toHex(writeExpandedResponse({ format: 'definite', responses: [fromHex('6132')] })),
    'AB0780010123026132',
  );
  // A real card's, and one with the number of commands in a template of indefinite length.
  for (const [octets, executed] of [
    ['AF802304930590000000', 1],
    ['AF808001012304930590000000', 1],
  ] as const) {
    const read = readRemoteResponse(fromHex(octets));
    assert.ok(read.format === 'indefinite');
    assert.deepEqual([read.executed, read.responses.map(toHex)], [executed, ['93059000']]);
  }
  for (const [octets, problem] of [
    ['AB06800101900101', { fault: 'unknownTag' }],
    ['AB06800101810101', { refused: 'immediateAction' }],
    ['AB06800101830102', { refused: 'chaining' }],
  ] as const)
    assert.deepEqual(readRemoteResponse(fromHex(octets)), {
      format: 'definite',
      executed: 1,
      responses: [],
      ...problem,
    });
});

test('a compact string: P3 counts data or is Le, by the instruction; a last 00 is the Le that some senders write', () => {
  const read = (script: string) => {
    const { commands, fault } = readRemoteScript(fromHex(script));
    return [commands.map(toHex), fault];
  };
  assert.deepEqual(read('00A40004022FE200B000000A'), [['00A40004022FE2', '00B000000A'], undefined]);
  assert.deepEqual(read('80F24002024F0000'), [['80F24002024F0000'], undefined]);
  assert.deepEqual(read('00A40004022FE200C0000000'), [['00A40004022FE2', '00C0000000'], undefined]);
  assert.deepEqual(read('0004000000'), [['00040000'], undefined]);
  assert.deepEqual(read('00A40004022F'), [[], 'wrongLength']);
  assert.deepEqual(read(''), [[], undefined]);
  const many = readRemoteScript(new Uint8Array(5 * (MOST_REMOTE_COMMANDS + 1)).fill(0));
  assert.deepEqual([many.commands.length, many.fault], [MOST_REMOTE_COMMANDS, 'wrongLength']);
});

const format = fc.constantFrom<RemoteFormat>('compact', 'definite', 'indefinite');
/** A command whose data have no Le behind them, as both formats carry it. */
const command = fc
  .tuple(fc.constantFrom(0xa4, 0xd6, 0xdc, 0xf2), fc.uint8Array({ minLength: 1, maxLength: 255 }))
  .map(([ins, data]) => Uint8Array.of(0x00, ins, 0, 0, data.length, ...data));

test('property: a script is read as it was written; an answer too', () => {
  fc.assert(
    fc.property(format, fc.array(command, { minLength: 1, maxLength: 20 }), (written, commands) => {
      const read = readRemoteScript(writeRemoteScript(written, commands));
      assert.deepEqual(read, { format: written, commands });
      if (written === 'compact') return;
      const answer = { format: written, responses: commands };
      assert.deepEqual(readRemoteResponse(writeExpandedResponse(answer)), { ...answer, executed: commands.length });
    }),
  );
});

test('property: whatever octets come, a script is read without a throw and holds no more than came; answers give CodecError', () => {
  const begun = (octets: Uint8Array, start: readonly number[]) => Uint8Array.of(...start, ...octets);
  const hostile = fc
    .tuple(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom([], [0xaa], [0xaa, 0x82], [0xae, 0x80], [0xab], [0xaf, 0x80]),
    )
    .map(([octets, start]) => begun(octets, start));
  fc.assert(
    fc.property(hostile, (octets) => {
      const { commands } = readRemoteScript(octets);
      assert.ok(commands.reduce((sum, one) => sum + one.length, 0) <= octets.length);
      try {
        readRemoteResponse(octets);
      } catch (error) {
        assert.ok(error instanceof CodecError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
  for (const start of [
    [0xaa, 0x82, 0xff, 0xfc],
    [0xae, 0x80],
    [0x80, 0xca],
  ])
    for (const fill of [0x00, 0x22, 0xaa, 0xff])
      assert.ok(
        readRemoteScript(begun(new Uint8Array(65_532).fill(fill), start)).commands.length <= MOST_REMOTE_COMMANDS,
      );
});
