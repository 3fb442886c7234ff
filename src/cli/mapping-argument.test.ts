import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidArgumentError } from 'commander';
import { mappingArgument } from './mapping-argument.ts';

test('columns of a foreign file as a person says them', () => {
  assert.deepEqual(mappingArgument('tac=TAC,expires=until'), { tac: 'TAC', expires: { column: 'until' } });
});

test('a mapping that makes no sense is refused with what was expected', () => {
  assert.throws(
    () => mappingArgument('imei=1,header=maybe'),
    (error: unknown) => error instanceof InvalidArgumentError && /header: expected yes or no/.test(error.message),
  );
});
