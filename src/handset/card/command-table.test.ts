import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { decodeCommand, SW } from '#protocol/apdu/index.ts';
import { commandTable } from './index.ts';

const serve = commandTable<string, string>(
  [
    { name: 'GET DATA', ins: 0xca, class: 'both', data: 'any', serve: (_, who) => `data for ${who}` },
    { name: 'STORE DATA', ins: 0xe2, class: 'proprietary', data: 'some', serve: ({ data }) => `stored ${data.length}` },
    { name: 'GET CHALLENGE', ins: 0x84, class: 'interindustry', data: 'none', serve: () => 'challenge' },
  ],
  (statusWord) => statusWord.toString(16),
);

const cases = [
  ['00CA006600', 'data for me'],
  ['80CA0066', 'data for me'],
  ['84CA006601AA00', 'data for me'],
  ['80E2000002AABB', 'stored 2'],
  ['C0E2000001AA', 'stored 1'],
  ['0084000008', 'challenge'],
  ['80E20000', SW.wrongLength.toString(16)],
  ['0084000001AA', SW.wrongLength.toString(16)],
  ['00E2000001AA', SW.classNotSupported.toString(16)],
  ['8084000008', SW.classNotSupported.toString(16)],
  ['80CB0000', SW.instructionNotSupported.toString(16)],
] as const;
for (const [command, expected] of cases)
  test(`a command table answers ${command} with ${expected}`, () => {
    assert.equal(serve(decodeCommand(fromHex(command)), 'me'), expected);
  });
