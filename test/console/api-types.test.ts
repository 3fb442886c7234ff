import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText } from '#test/tidy/source.ts';
import { API_TYPES_PATH, apiTypes, typeOf } from './api-types.ts';
import { currentApiTypes } from './current-api-types.ts';

test('the page knows the API as it is: else run `npm run console:types`', async () => {
  assert.ok(
    readText(API_TYPES_PATH) === (await currentApiTypes()),
    `${API_TYPES_PATH} is stale: npm run console:types`,
  );
});

test('schemas become types', () => {
  const samples: readonly (readonly [schema: unknown, type: string])[] = [
    [{ type: 'string', pattern: '^a$' }, 'string'],
    [{ type: 'integer' }, 'number'],
    [{ type: ['number', 'null'] }, 'number | null'],
    [{ enum: ['a', "it's"], type: 'string' }, "'a' | 'it\\'s'"],
    [{ const: 1 }, '1'],
    [{ anyOf: [{ type: 'string' }, { type: 'boolean' }, { type: 'string' }] }, 'string | boolean'],
    [{ type: 'array', items: { type: 'string' } }, 'readonly (string)[]'],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, 'Readonly<Record<string, number>>'],
    [
      { type: 'object', properties: { a: { type: 'string' }, 'b-c': {} }, required: ['a'] },
      "{ readonly a: string; readonly 'b-c'?: unknown | undefined; }",
    ],
    [{ $ref: '#/components/schemas/Problem' }, 'Problem'],
  ];
  for (const [schema, type] of samples) assert.equal(typeOf(schema), type);
});

test('a schema that is not understood is an error', () => {
  assert.throws(() => typeOf({ type: 'date' }), /no known type/);
  assert.throws(() => typeOf(undefined), /no schema/);
});

test('an operation tells its parameters, body and answers', () => {
  const text = apiTypes({
    paths: {
      '/a/{b}': {
        post: {
          summary: 'Does it.',
          parameters: [
            { name: 'b', in: 'path', required: true, schema: { type: 'string' } },
            { name: 'c', in: 'query', required: false, schema: { type: 'integer' } },
          ],
          requestBody: { content: { 'application/json': { schema: { type: 'object', properties: {} } } } },
          responses: { 200: { content: { 'text/csv': { schema: {} } } }, 404: { content: {} } },
        },
      },
    },
  });
  assert.match(text, /\/\*\* Does it\. \*\//);
  assert.match(text, /'POST \/a\/\{b\}': \{/);
  assert.match(text, /path: \{ readonly b: string; \};/);
  assert.match(text, /query: \{ readonly c\?: number \| undefined; \};/);
  assert.match(text, /body: Readonly<Record<string, never>>;/);
  assert.match(text, /answer: string;/);
});
