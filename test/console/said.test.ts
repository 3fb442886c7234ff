import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sentences } from '#base/sentence/index.ts';
import { said } from '#console/web/text/fr/said/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { REMAINS_REASONS } from '#operator/privacy/index.ts';
import { REASON_SENTENCES } from '#operator/register/index.ts';

/** The sentences of each group, as the operator declares them. */
const GROUPS: Readonly<
  Record<keyof typeof said, Pick<Sentences<Readonly<Record<string, string>>>, 'codes' | 'words'>>
> = {
  finding: FINDING_SENTENCES,
  outcome: ORDER_OUTCOMES,
  reason: REASON_SENTENCES,
  remains: REMAINS_REASONS,
};

const namesIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();

test('what the operator says is said in French with the same values in it', () => {
  for (const [group, { codes, words }] of Object.entries(GROUPS)) {
    const french: Readonly<Record<string, string>> = said[group as keyof typeof said];
    assert.deepEqual(Object.keys(french).sort(), [...codes].sort(), group);
    for (const code of codes) {
      const [english, text = ''] = [words({ code, values: {} }), french[code]];
      assert.deepEqual(namesIn(text), namesIn(english), `${group}.${code}`);
      assert.ok(
        text.trim() !== '' && !/\w'\w/.test(text) && !/\p{L}[:;?!](\s|$)/u.test(text),
        `${group}.${code}: ${text}`,
      );
    }
  }
});
