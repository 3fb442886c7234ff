import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REFUSAL_CODES, REFUSAL_TABLES } from './all-refusals.ts';
import { type Sent, servedApi } from './api.fixture.ts';

interface Described {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: object };
  readonly security: readonly unknown[];
}

const FILLED: Readonly<Record<string, string>> = { list: 'black', imei: '00888801000001', id: '999999' };
const isJson = ({ requestBody }: Described) => 'application/json' in (requestBody?.content ?? {});

/** Requests that an operation has reasons to refuse. */
function wrongRequests(method: string, described: Described): readonly Sent[] {
  const json = (body: string) => ({ method, body, headers: { 'Content-Type': 'application/json' } });
  const asAdministrator = isJson(described)
    ? [json('{"x":1}'), json('{'), json('[]'), { method, body: 'x', headers: { 'Content-Type': 'text/html' } }]
    : [{ method }];
  return [
    { method },
    { method, token: 'assay_nobody' },
    { method, headers: { Authorization: 'Basic eDp5' } },
    { ...(isJson(described) ? json('{}') : { method }), role: 'machine' },
    ...asAdministrator.map((sent): Sent => ({ ...sent, role: 'administrator' })),
  ];
}

test('whatever operation refuses a request says by a code of the tables which refusal it is', async (context) => {
  const { ask, faults } = await servedApi(context);
  const document = (await ask('/api/v1/openapi.json')).json as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  };
  const known = new Set(REFUSAL_CODES);
  const met = new Set<string>();
  for (const [template, methods] of Object.entries(document.paths))
    for (const [method, described] of Object.entries(methods)) {
      const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => FILLED[name] ?? 'x');
      for (const address of [path, `${path}?nobody=asks`])
        for (const sent of wrongRequests(method.toUpperCase(), described)) {
          // A stream that is let in does not end.
          if (template.endsWith('/stream') && sent.role !== undefined && address === path) continue;
          // A browser is sent on to the provider.
          if (template.includes('/open-id')) continue;
          const { status, json } = await ask(address, sent);
          if (status < 400 || !('detail' in json)) continue;
          const { code } = json['said'] as { readonly code: string };
          assert.ok(known.has(code), `${method} ${address}: ${code}`);
          met.add(code);
        }
    }
  for (const code of ['somebodyNeeded', 'tokenUnknown', 'wrongScheme', 'permissionNeeded', 'missing', 'unknownMember'])
    assert.ok(met.has(code), code);
  assert.deepEqual(faults, []);
});

test('every refusal has three texts, and none of them speaks of a value that has no name', () => {
  for (const table of REFUSAL_TABLES)
    if ('text' in table)
      for (const text of table.codes.map((code) => (table.text as (code: string) => readonly string[])(code)))
        assert.ok(text.length === 3 && text.every((one) => one.trim() !== '' && !one.includes('{}')), text.join('|'));
});
