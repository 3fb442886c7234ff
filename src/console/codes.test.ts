import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CatalogueText } from './web/text/catalogue.ts';
import { en } from './web/text/en/index.ts';
import { fr } from './web/text/fr/index.ts';

type Texts = Readonly<Record<string, Readonly<Record<string, CatalogueText>>>>;

const capital = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1);

/** Which enumeration of the API (one of its codes names it) has its words where. */
const WORDS: readonly (readonly [code: string, catalogue: keyof typeof en, key: (code: string) => string])[] = [
  ['notListed', 'reason', (code) => code],
  ['reportGap', 'alarms', (code) => `kind${capital(code)}`],
  ['reportGap', 'alarms', (code) => `meaning${capital(code)}`],
  ['nobodyProves', 'alarms', (code) => code],
  ['regulator', 'lists', (code) => `reason-${code}`],
  ['erasure', 'access', (code) => `kind-${code}`],
  ['expired', 'access', (code) => `state-${code}`],
  ['uiccRefused', 'live', (code) => `outcome-${code}`],
  ['forges-imei', 'live', (code) => `os-${code}`],
  ['emergencyOnly', 'live', (code) => `service-${code}`],
  ['emergencyCall', 'live', (code) => `kind-${code}`],
  ['read-imei', 'live', (code) => `meaning-${code}`],
  ['malformed-request', 'problem', (code) => code],
  ['limits.raise', 'permission', (code) => code],
  ['machine', 'frame', (code) => `role${capital(code)}`],
];

/** Every enumeration of the OpenAPI document, as the page's types have it; another test holds the two together. */
function enumerations(): readonly (readonly string[])[] {
  const document = readFileSync(join(import.meta.dirname, 'web', 'api', 'document.ts'), 'utf8');
  // Sentences have a test of their own (test/console/said.test.ts).
  const plain = document.replaceAll(/readonly code:[^;]*;\s+readonly values:/g, '');
  const unions = plain.match(/'[^'\n]+'(?:\s*\|\s*'[^'\n]+')+/g) ?? [];
  return unions.map((union) => [...union.matchAll(/'([^']+)'/g)].map(([, code = '']) => code));
}

/** Names of what an operation is given: its path, query and body, outermost members. */
function memberNames(): ReadonlySet<string> {
  const document = readFileSync(join(import.meta.dirname, 'web', 'api', 'document.ts'), 'utf8');
  const found = new Set<string>();
  let part = '';
  for (const line of document.split('\n')) {
    part = /^ {4}(path|query|body|answer):/.exec(line)?.[1] ?? part;
    const [, name] = /^ {6}readonly '?([\w.-]+)'?\??:/.exec(line) ?? [];
    if (name !== undefined && part !== 'answer') found.add(name);
    if (part !== 'answer' && /^ {4}\w+: \{ /.test(line))
      for (const [, inline = ''] of line.matchAll(/readonly '?([\w.-]+)'?\??:/g)) found.add(inline);
  }
  return found;
}

test('every member that the operator may refuse has a name for people', () => {
  const names = memberNames();
  assert.ok(names.size > 50, `${names.size}`);
  for (const name of names) assert.ok(Object.hasOwn(en.field, name), name);
});

test('every code that the API can give has words in both languages', () => {
  const all = enumerations();
  for (const [language, texts] of Object.entries<Texts>({ en, fr }))
    for (const [named, catalogue, key] of WORDS) {
      const found = all.filter((codes) => codes.includes(named));
      assert.ok(found.length > 0, `no enumeration has ${named}`);
      for (const code of new Set(found.flat()))
        assert.ok(texts[catalogue]?.[key(code)] !== undefined, `${language}: ${catalogue}.${key(code)}`);
    }
});
