import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from './caller.ts';
import { ProblemError } from './problem.ts';
import { strictImei } from './strict-imei.ts';

/** Sees IMEIs masked. */
const VIEWER: Caller = { kind: 'loopback' };
/** Sees them whole. */
const ADMINISTRATOR: Caller = { kind: 'laboratory', name: 'laboratory' };

function refused(written: string, caller: Caller) {
  try {
    strictImei(written, caller);
  } catch (error) {
    if (error instanceof ProblemError) return [error.words.at, error.words.said.code, error.words.said.values];
    throw error;
  }
  return undefined;
}

test('each mistake in an IMEI has a code of its own, at its field', () => {
  assert.deepEqual(
    [
      '3567410899001',
      '35674108990011234',
      '35674108O90011',
      '356741089900112',
      ' ',
      '3.56741E+14',
      'A0000000112233',
    ].map((written) => refused(written, ADMINISTRATOR)),
    [
      ['/imei', 'outOfLength', { least: 14, most: 16, came: 13 }],
      ['/imei', 'outOfLength', { least: 14, most: 16, came: 17 }],
      ['/imei', 'foreignDigit', { character: 'O', place: 9 }],
      ['/imei', 'wrongCheckDigit', { right: 1, came: 2 }],
      ['/imei', 'noImei', {}],
      ['/imei', 'roundedImei', {}],
      ['/imei', 'hexadecimalImei', {}],
    ],
  );
});

test('who sees IMEIs masked is not told the right check digit', () => {
  assert.deepEqual(refused('356741089900112', VIEWER), ['/imei', 'otherCheckDigit', { came: 2 }]);
});

test('an IMEI is read in every spelling that a list file may have', () => {
  for (const written of ['35674108990011', '356741089900111', '35-674108-990011-1', 'imei-356741089900111'])
    assert.equal(strictImei(written, VIEWER).equipment, '35674108990011');
});
