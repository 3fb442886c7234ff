import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CatalogueText, fill } from './web/text/catalogue.ts';
import { en } from './web/text/en/index.ts';
import { fr } from './web/text/fr/index.ts';

type Texts = Readonly<Record<string, Readonly<Record<string, CatalogueText>>>>;

const formsOf = (text: CatalogueText): readonly string[] =>
  typeof text === 'string' ? [text] : Object.values(text).filter((form) => form !== undefined);
const valuesOf = (text: CatalogueText): readonly string[] =>
  [...new Set(formsOf(text).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)))].sort();
const entriesOf = (texts: Texts): readonly (readonly [string, CatalogueText])[] =>
  Object.entries(texts).flatMap(([screen, catalogue]) =>
    Object.entries(catalogue).map(([key, text]) => [`${screen}.${key}`, text] as const),
  );

test('both languages have every text, with the same values in it', () => {
  const [english, french] = [entriesOf(en), new Map(entriesOf(fr))];
  assert.deepEqual([...french.keys()].sort(), english.map(([name]) => name).sort());
  for (const [name, text] of english) {
    const other = french.get(name);
    assert.ok(other !== undefined);
    assert.equal(typeof other, typeof text, name);
    assert.deepEqual(valuesOf(other), valuesOf(text), name);
  }
});

test('no text is empty, and apostrophes are apostrophes', () => {
  for (const [name, text] of [...entriesOf(en), ...entriesOf(fr)])
    for (const form of formsOf(text)) {
      assert.notEqual(form.trim(), '', name);
      assert.ok(!/\w'\w/.test(form), `${name}: write ’`);
    }
});

test('French sets a space before two-part signs', () => {
  for (const [name, text] of entriesOf(fr))
    for (const form of formsOf(text)) assert.ok(!/\p{L}[:;?!](\s|$)/u.test(form), `${name}: ${form}`);
});

test('a text is filled in as its language writes numbers and plurals', () => {
  const rows = { one: '{count} ligne', other: '{count} lignes', many: '{count} de lignes' };
  assert.equal(fill(rows, 'fr', { count: 0 }), '0 ligne');
  assert.equal(fill(rows, 'fr', { count: 1200 }).replaceAll(/\s/g, ' '), '1 200 lignes');
  assert.equal(fill(rows, 'fr', { count: 1_000_000 }).replaceAll(/\s/g, ' '), '1 000 000 de lignes');
  assert.equal(fill({ one: '{count} row', other: '{count} rows' }, 'en', { count: 1200 }), '1,200 rows');
  assert.equal(fill('{name}, {role}', 'en', { name: '{role}' }), '{role}, {role}', 'a value is no template');
});

test('no line of French ends before a two-part sign', () => {
  assert.equal(fill('Preuve : « oui » ; non', 'fr', {}), 'Preuve\u202F: «\u202Foui\u202F»\u202F; non');
  assert.equal(fill('{part} %', 'fr', { part: 3 }), '3\u202F%');
  assert.equal(fill('a : b', 'en', {}), 'a : b');
});
