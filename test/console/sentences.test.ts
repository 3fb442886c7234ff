import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REASON_TEXT } from '#operator/register/index.ts';
import { readText } from '#test/tidy/source.ts';

test('the page knows the sentences that orders and the audit log keep, and so can say them in another language', () => {
  const catalogue = readText('src/console/web/text/en/reason.ts').matchAll(/^ {2}(\w+):\s+'([^']+)',$/gm);
  assert.deepEqual(Object.fromEntries([...catalogue].map(([, code, words]) => [code, words])), REASON_TEXT);
});
