import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { servedApi } from './api.fixture.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './document.ts';
import { operation } from './operation.ts';
import { PROBLEM_CODES, PROBLEMS, ProblemError } from './problem.ts';
import { closed } from './schema.ts';
import { checkOf, kindOf, typedTexts } from './validation.ts';

type Json = Record<string, unknown>;

/** Every object inside a value. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  yield value as Json;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

test('the document is OpenAPI 3.1: operations have names of their own, parameters and references lead somewhere, schemas compile', async (context) => {
  const { document } = await servedApi(context, { withTokens: false });
  assert.equal(document['openapi'], '3.1.0');
  const ids: string[] = [];
  for (const [path, methods] of Object.entries(document['paths'] as Record<string, Record<string, Json>>))
    for (const operationOf of Object.values(methods)) {
      ids.push(String(operationOf['operationId']));
      const parameters = operationOf['parameters'] as readonly Json[];
      const inPath = parameters.filter((one) => one['in'] === 'path').map((one) => one['name']);
      assert.deepEqual(
        inPath,
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
        path,
      );
      assert.ok(parameters.every((one) => one['in'] !== 'path' || one['required'] === true));
      const tags = (document['tags'] as readonly Json[]).map(({ name }) => name);
      assert.ok(tags.includes((operationOf['tags'] as readonly string[])[0]));
    }
  assert.equal(new Set(ids).size, ids.length);
  for (const one of objectsIn(document)) {
    if (typeof one['$ref'] === 'string') assert.equal(one['$ref'], '#/components/schemas/Problem');
    else if (typeof one['schema'] === 'object' && one['schema'] !== null && !('$ref' in one['schema']))
      Compile(one['schema']).Check(null);
  }
});

test('the page shows every operation and every problem, needs no script, loads nothing, and leads nowhere else', async (context) => {
  const { ask, document } = await servedApi(context, { withTokens: false });
  const { body, response } = await ask('/api/v1/docs');
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
  assert.doesNotMatch(body, /<script|<link|<img|<iframe|@import|url\(|javascript:/i);
  for (const [, target = ''] of body.matchAll(/(?:href|src|action)="([^"]*)"/g))
    assert.match(target, /^(#[\w-]+|\/[\w./]*)$/);
  const ids = Object.values(document['paths'] as Record<string, Record<string, Json>>).flatMap((methods) =>
    Object.values(methods).map((one) => String(one['operationId'])),
  );
  for (const id of [...ids, ...PROBLEM_CODES]) assert.ok(body.includes(`id="${id}"`), id);
  for (const [, anchor] of body.matchAll(/href="#([\w-]+)"/g)) assert.ok(body.includes(`id="${anchor}"`), anchor);
});

test('words of an operation cannot become markup of the page', () => {
  const hostile = '<script>alert(1)</script>';
  const made = operation({
    id: 'x',
    method: 'GET',
    path: '/x',
    tag: 'operation',
    summary: hostile,
    permission: 'anyone',
    query: closed({ q: Type.Optional(Type.String({ description: hostile })) }),
    answer: closed({ a: Type.String({ pattern: hostile }) }),
    run: () => ({ a: '' }),
  });
  assert.ok(!docsPage([made]).includes('<script'));
  assert.ok(JSON.stringify(openApiDocument([made])).includes('alert'));
});

const SOMETHING = { expected: 'a', got: 'b', advice: 'c', said: { code: 'somethingElse', values: { most: 2 } } };

test('every problem is RFC 9457 with a status of its code, and leads to its place on the page', () => {
  for (const code of PROBLEM_CODES) {
    const made = new ProblemError(code, { ...SOMETHING, at: 'd' }).document();
    assert.deepEqual(
      [made.type, made.status, made.title, made.detail],
      [`/api/v1/docs#${code}`, ...PROBLEMS[code], 'd: expected a, got b; c'],
    );
    assert.deepEqual(made.said, SOMETHING.said);
  }
  const late = new ProblemError('unavailable', { ...SOMETHING, retryAfter: 7 }).document();
  assert.equal(late.retryAfter, 7);
});

const SCHEMA = closed({
  word: Type.String({ minLength: 2, maxLength: 4 }),
  list: Type.Optional(
    Type.Array(closed({ code: Type.String({ pattern: '^\\d$', title: 'one digit' }) }), { maxItems: 2 }),
  ),
  kind: Type.Optional(Type.Enum(['a', 'b'], { type: 'string' })),
  number: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
});

for (const [value, at, expected, got] of [
  [undefined, '/', 'an object', 'nothing'],
  [null, '/', 'an object', 'null'],
  [[], '/', 'an object', 'a list of 0'],
  [{}, '/word', 'a text, at least 2, at most 4 characters', 'nothing'],
  [{ word: '' }, '/word', 'a text, at least 2, at most 4 characters', 'an empty text'],
  [{ word: 'secret' }, '/word', 'a text, at least 2, at most 4 characters', 'a text of 6 characters'],
  [{ word: 7 }, '/word', 'a text, at least 2, at most 4 characters', 'number 7'],
  [{ word: 'abc', kind: 'c' }, '/kind', 'one of a, b', 'a text of 1 characters'],
  [{ word: 'abc', number: 10 }, '/number', 'a whole number, at least 1, at most 9', 'number 10'],
  [{ word: 'abc', number: 1.5 }, '/number', 'a whole number, at least 1, at most 9', 'number 1.5'],
  [{ word: 'abc', list: [{ code: '1' }, { code: 'x' }] }, '/list/1/code', 'one digit', 'a text of 1 characters'],
  [{ word: 'abc', list: [1, 2, 3] }, '/list', 'a list, at most 2 entries', 'a list of 3'],
  [{ word: 'abc', list: [{ code: '1', more: 1 }] }, '/list/0', 'only code', "'more'"],
  [{ word: 'abc', '<b>': 1 }, '/', 'only word, list, kind, number', "'?b?'"],
] as const)
  test(`a body ${JSON.stringify(value)} is refused at ${at}`, () => {
    assert.throws(
      () => checkOf(SCHEMA, '')(value),
      (error: unknown) => {
        assert.ok(error instanceof ProblemError);
        assert.deepEqual([error.words.at, error.words.expected, error.words.got], [at, expected, got]);
        return true;
      },
    );
  });

test('texts of an address become numbers and truth values only when they are written as such', () => {
  const schema = closed({ n: Type.Integer(), b: Type.Boolean(), s: Type.String() });
  const typed = (n: unknown, b: unknown) => Object.values(typedTexts(schema, { n, b, s: '7' }));
  assert.deepEqual(typed('7', 'true'), [7, true, '7']);
  assert.deepEqual(typed('-7', 'false'), [-7, false, '7']);
  for (const text of ['', ' 7', '7.0', '1e3', '0x7', '9'.repeat(16), 'NaN'])
    assert.deepEqual(typed(text, '1'), [text, '1', '7']);
  assert.deepEqual(typed(['1', '2'], 'TRUE'), [['1', '2'], 'TRUE', '7']);
  assert.equal(kindOf(true), 'boolean true');
});
