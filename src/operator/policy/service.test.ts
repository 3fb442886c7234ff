import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LockRules } from '#protocol/imei-lock/index.ts';
import { type KnownHandset, serviceUnder } from './service.ts';

const RULES: LockRules = {
  ...{ gate: 'enable', terminalCannotProve: 'permit', pairing: 'free', proveAtBoot: true, proveBeforeCall: false },
  ...{ graceAuthentications: 0, proveEvery: 0, reportEvery: 0, unansweredLimit: 0, brokenProtectionLimit: 2 },
};
const PROVED: KnownHandset = { result: 'proved', reason: 'none', lockState: 'enabled' };
const CANNOT: KnownHandset = { result: 'notProven', reason: 'profileTooSmall', lockState: 'unproven' };
const SILENT: KnownHandset = { result: 'notProven', reason: 'noAnswer', lockState: 'unproven' };

test('what rules mean for a handset is what docs/handsets.md says', () => {
  const cases: readonly (readonly [Partial<LockRules>, KnownHandset | undefined, string])[] = [
    [{}, PROVED, 'served'],
    [{}, undefined, 'unknown'],
    [{ gate: 'open' }, { ...PROVED, lockState: 'blockedByOperator' }, 'refused'],
    [{ gate: 'open' }, { ...PROVED, result: 'refuted', reason: 'claimedImeiDiffers' }, 'refused'],
    [{}, CANNOT, 'served'],
    [{ pairing: 'locked' }, CANNOT, 'refused'],
    [{ terminalCannotProve: 'grace' }, CANNOT, 'refused'],
    [{ terminalCannotProve: 'grace', graceAuthentications: 3 }, CANNOT, 'grace'],
    [{ terminalCannotProve: 'block', gate: 'open' }, CANNOT, 'refused'],
    [{}, SILENT, 'refused'],
    [{ gate: 'open' }, SILENT, 'served'],
    [{ proveAtBoot: false }, PROVED, 'refused'],
  ];
  for (const [rules, known, expected] of cases)
    assert.equal(serviceUnder({ ...RULES, ...rules }, known), expected, JSON.stringify([rules, known]));
});
