import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reason } from '#console/web/text/en/reason.ts';
import { REASON_TEXT } from '#operator/register/index.ts';

test('the page knows the sentences that orders and the audit log keep, and so can say them in another language', () => {
  assert.deepEqual(reason, REASON_TEXT);
});
