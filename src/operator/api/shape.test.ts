import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Type, { type TSchema } from 'typebox';
import { REFUSAL_CODES } from './all-refusals.ts';
import { FORMS, form } from './form.ts';
import { ProblemError } from './problem.ts';
import { closed } from './schema.ts';
import { SHAPES } from './shape.ts';
import { checkOf } from './validation.ts';

const said = (schema: TSchema, value: unknown) => {
  try {
    checkOf(closed({ value: schema }), '')({ value });
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    return error.words.said;
  }
  return undefined;
};

for (const [schema, value, code, values] of [
  [Type.String({ maxLength: 3 }), 'four', 'tooLong', { most: 3, came: 4 }],
  [Type.String({ minLength: 3 }), 'ab', 'tooShort', { least: 3, came: 2 }],
  [Type.String({ minLength: 3 }), '', 'empty', {}],
  [Type.String(), 7, 'notText', {}],
  [form('formTac', '^\\d{8}$'), '1234', 'formTac', {}],
  [form('formTac', '^\\d{8}$'), '', 'empty', {}],
  [Type.String({ pattern: '^a$' }), 'b', 'otherForm', {}],
  [Type.Enum(['a', 'b'], { type: 'string' }), 'c', 'notOneOf', { choices: 'a, b' }],
  [Type.Integer({ minimum: 1 }), 0, 'tooSmall', { least: 1, came: 0 }],
  [Type.Integer({ maximum: 9 }), 10, 'tooGreat', { most: 9, came: 10 }],
  [Type.Integer(), 1.5, 'notWhole', {}],
  [Type.Number(), '1', 'notNumber', {}],
  [Type.Array(Type.Null(), { minItems: 1 }), [], 'tooFew', { least: 1, came: 0 }],
  [Type.Array(Type.Null(), { maxItems: 1 }), [null, null], 'tooMany', { most: 1, came: 2 }],
  [Type.Array(Type.Null()), {}, 'notList', {}],
  [Type.Boolean(), 'yes', 'notYesOrNo', {}],
  [closed({}), 'x', 'notObject', {}],
  [closed({}), { 'x<y': 1 }, 'unknownMember', { member: 'x?y' }],
  [Type.String(), undefined, 'missing', {}],
] as const satisfies readonly (readonly [TSchema, unknown, string, object])[])
  test(`${JSON.stringify(value)} is refused as ${code}`, () => {
    assert.deepEqual(said(schema, value), { code, values });
  });

test('property: whatever does not fit a schema is said by a code of the table', () => {
  const codes: ReadonlySet<string> = new Set([...SHAPES.codes, ...FORMS.codes]);
  const schemas = [form('formHex', '^([0-9A-F]{2})*$'), Type.Array(Type.Integer()), Type.Boolean(), closed({})];
  fc.assert(
    fc.property(fc.constantFrom(...schemas), fc.anything(), (schema, value) => {
      const found = said(schema, value);
      assert.ok(found === undefined || codes.has(found.code), found?.code);
    }),
  );
});

test('a code stands for one refusal only, in whichever room it was declared', () => {
  assert.equal(new Set(REFUSAL_CODES).size, REFUSAL_CODES.length);
});
