import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Said, Sentences } from '#base/sentence/index.ts';
import { said as english } from '#console/web/text/en/said/index.ts';
import { said } from '#console/web/text/fr/said/index.ts';
import { LABORATORY_REFUSALS } from '#lab/laboratory/index.ts';
import { DRIVING_REFUSALS } from '#lab/laboratory-api/index.ts';
import { REFUSAL_TABLES } from '#operator/api/index.ts';
import { AUDIT_FAULTS, AUDIT_REASONS, AUDIT_SUBJECTS, PROGRAM_AUTHORS } from '#operator/audit/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { ORDER_OUTCOMES } from '#operator/gateway/index.ts';
import { REMAINS_REASONS } from '#operator/privacy/index.ts';
import {
  FILE_PROBLEMS,
  FORMAT_GUESSES,
  IMPORT_REFUSALS,
  LINE_PROBLEMS,
  NORMALISATIONS,
  REASON_SENTENCES,
} from '#operator/register/index.ts';
import { STATUS_MEANINGS } from '#protocol/apdu/index.ts';
import { HOP_DETAILS, HOP_NAMES, OCTET_MEANINGS, OCTET_NAMES } from '#protocol/exchange/index.ts';

/** The sentences of each group, as the operator declares them. */
const GROUPS: Readonly<
  Record<Exclude<keyof typeof said, 'refusal'>, Pick<Sentences<Readonly<Record<string, string>>>, 'codes' | 'words'>>
> = {
  auditFault: AUDIT_FAULTS,
  auditSubject: AUDIT_SUBJECTS,
  author: PROGRAM_AUTHORS,
  hopDetail: HOP_DETAILS,
  hopName: HOP_NAMES,
  octetMeaning: OCTET_MEANINGS,
  octetName: OCTET_NAMES,
  finding: FINDING_SENTENCES,
  outcome: ORDER_OUTCOMES,
  reason: { codes: [...REASON_SENTENCES.codes, ...AUDIT_REASONS.codes], words: reasonText },
  fileProblem: FILE_PROBLEMS,
  formatGuess: FORMAT_GUESSES,
  importRefusal: IMPORT_REFUSALS,
  lineProblem: LINE_PROBLEMS,
  normalisation: NORMALISATIONS,
  remains: REMAINS_REASONS,
  statusWord: STATUS_MEANINGS,
};

/** A reason of the register, or of those who keep users. */
function reasonText(said: Said | readonly Said[]): string {
  const [{ code } = { code: '' }] = 'code' in said ? [said] : said;
  if (AUDIT_REASONS.has(code)) return AUDIT_REASONS.words({ code, values: {} });
  return REASON_SENTENCES.has(code) ? REASON_SENTENCES.words({ code, values: {} }) : '';
}

const namesIn = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();

/** English as it stands in the table of whichever room refuses, by code. */
const REFUSED = new Map(
  [...REFUSAL_TABLES, LABORATORY_REFUSALS, DRIVING_REFUSALS].flatMap((table) =>
    table.codes.map((code) => [code as string, englishOf(table, code)] as const),
  ),
);

function englishOf(table: object, code: string): string {
  if ('text' in table && typeof table.text === 'function') return table.text(code).join(' ');
  if ('words' in table && typeof table.words === 'function') return table.words({ code, values: {} });
  throw new Error(`${code}: expected a table of sentences or refusals`);
}

test('what is refused is said in French, and in other English, with values that the refusal has', () => {
  assert.deepEqual(Object.keys(said.refusal).sort(), [...REFUSED.keys()].sort());
  for (const [code, text] of [...Object.entries(said.refusal), ...Object.entries(english.refusal ?? {})]) {
    const known = namesIn(REFUSED.get(code) ?? '');
    assert.deepEqual(
      namesIn(text).filter((name) => !known.includes(name)),
      [],
      `${code}: ${text}`,
    );
    assert.ok(text.trim() !== '' && !/\w'\w/.test(text), `${code}: ${text}`);
  }
  for (const [code, text] of Object.entries(said.refusal))
    assert.ok(!/\p{L}[:;?!](\s|$)/u.test(text), `${code}: ${text}`);
});

test('a program that signs is named in English as the operator names it', () => {
  for (const code of PROGRAM_AUTHORS.codes)
    assert.equal(english.author?.[code], PROGRAM_AUTHORS.words({ code, values: {} }), code);
});

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
