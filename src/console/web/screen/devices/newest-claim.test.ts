import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSame, newestClaim, type Use } from './newest-claim.ts';

const use = (imei: string, level: Use['level'], claimedAt?: string): Use => ({
  ...{ imei, level, times: 1, firstAt: '2026-11-24T12:00:00.000Z', lastAt: '2026-11-24T12:00:00.000Z', claimedAt },
});

test('the newest claim is what the network was told last; what was only proved is no claim', () => {
  const old = use('356741089900111', 'claimed', '2026-11-24T12:00:00.000Z');
  const newer = use('490154209900556', 'refuted', '2026-11-24T12:00:01.000Z');
  const proved = use('358510049900661', 'attested');
  assert.equal(newestClaim([old, newer, proved]), newer);
  assert.equal(newestClaim([newer, old]), newer);
  assert.equal(newestClaim([proved]), undefined);
});

test('a claim is the same as the proof only when it is proved: masks of two IMEIs may look alike', () => {
  assert.equal(isSame(use('35674108…111', 'attested'), '35674108…111'), true);
  assert.equal(isSame(use('35674108…111', 'claimed'), '35674108…111'), false);
  assert.equal(isSame(use('490154209900556', 'attested'), '356741089900111'), false);
});
