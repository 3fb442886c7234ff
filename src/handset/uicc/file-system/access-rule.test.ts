import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#base/codec/index.ts';
import {
  ACCESS,
  ACCESS_RECORDS,
  accessRule,
  accessRuleFormat,
  type Condition,
  conditionOf,
  conditionOfInstruction,
  FILE_MODE,
  holds,
} from './access-rule.ts';

const asked = (record: string, mode: number, ...verified: readonly number[]) =>
  holds(conditionOf(accessRule(fromHex(record.replaceAll(' ', ''))), mode), (reference) =>
    verified.includes(reference),
  );

test('AM-DO and SC-DO: always, never, a key, several keys in one template, alternatives behind one AM-DO', () => {
  const { read, update, deactivate } = FILE_MODE;
  assert.ok(asked('800101 9000 FFFF', read));
  assert.ok(!asked('800101 9700', read, 1));
  assert.ok(asked('800103 A406 830101 950108', update, 1) && !asked('800103 A406 830101 950108', update, 0x81));
  const both = '800101 A409 830101 83010A 950108';
  assert.ok(asked(both, read, 1, 0x0a) && !asked(both, read, 1));
  const either = '800101 A406 830101 950108 A406 83010A 950108 800102 9700';
  assert.ok(asked(either, read, 0x0a) && asked(either, read, 1) && !asked(either, update, 1, 0x0a));
  assert.ok(!asked('800101 9000', deactivate, 1, 0x0a), 'what is not granted is refused');
});

test('OR and AND templates, one in the other, down to four', () => {
  const key = (reference: string) => `A403 8301${reference}`;
  assert.ok(asked(`800101 A00A ${key('01')} ${key('0A')}`, 1, 0x0a));
  assert.ok(!asked(`800101 AF0A ${key('01')} ${key('0A')}`, 1, 0x0a));
  const nested = `800101 A011 ${key('81')} AF0A ${key('01')} ${key('0A')}`;
  assert.ok(asked(nested, 1, 0x81) && asked(nested, 1, 1, 0x0a) && !asked(nested, 1, 1));
  assert.ok(!asked('800101 AF00', 1), 'an empty AND holds never');
  assert.ok(asked('800101 A008A006A004A0029000', 1) && !asked('800101 A00AA008A006A004A0029000', 1));
});

test('rules by instruction: 84 and 8C; one that wants parameters too grants nothing', () => {
  const of = (record: string) => conditionOfInstruction(accessRule(fromHex(record)), 0xd4).kind;
  assert.equal(of('8401D49000'), 'always');
  assert.equal(of('8C0280D49000'), 'always');
  assert.equal(of('8403D400019000'), 'always');
  assert.equal(of('8602D4009000'), 'never');
  assert.equal(of('8401329000'), 'never');
});

test('the records of the standard card say what their names say', () => {
  const read = ({ kind }: Condition) => kind;
  const of = (record: number, mode: number) => conditionOf(accessRule(ACCESS_RECORDS[record - 1] as Uint8Array), mode);
  assert.equal(read(of(ACCESS.alwaysPin, FILE_MODE.read)), 'always');
  assert.deepEqual(of(ACCESS.alwaysPin, FILE_MODE.update), { kind: 'key', reference: 1 });
  assert.equal(read(of(ACCESS.pinNever, FILE_MODE.update)), 'never');
  assert.equal(read(of(ACCESS.fixed, FILE_MODE.delete)), 'never');
  assert.equal(read(of(ACCESS.fixed, FILE_MODE.deactivate)), 'never');
  for (const record of ACCESS_RECORDS) {
    const rule = accessRule(record);
    assert.deepEqual(accessRule(accessRuleFormat.encode(rule)), rule);
  }
});

test('property: octets that are no rule grant nothing they do not say, and throw nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      const rule = accessRule(octets);
      // Without an SC-DO 90 there is nothing that nobody has to be verified for.
      if (!octets.includes(0x90))
        for (let mode = 1; mode < 128; mode <<= 1) assert.ok(!holds(conditionOf(rule, mode), () => false));
    }),
    { numRuns: 500, seed: 9 },
  );
});
