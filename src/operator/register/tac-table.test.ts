import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tac } from '#base/identity/index.ts';
import { testOperator } from '#test/operator/operator.ts';
import { MalformedFile } from './csv.ts';

const octets = (text: string) => [new TextEncoder().encode(text)];
const OPTIONS = { author: 'Ada', name: 'tacs.csv' };
const OSMOCOM =
  'Osmocom TAC database under CC-BY-SA v3.0 (c) Harald Welte 2016\n' +
  'tac,name,name,contributor,comment,gsmarena,gsmarena,aka\n' +
  '35675904,Oppo,N1,,,,,\n49013920,Nokia,1610,,,,,"1610+,1611"\n4901392,Nokia,short,,,,,\n';
const GSMA = 'TAC|Manufacturer|Model_Name|Bands\n35675904|Oppo|N1|GSM 900\n01234567|Maker|Model|LTE\n';

for (const [name, file, expected, bad] of [
  ['Osmocom', OSMOCOM, { tac: 35675904, maker: 'Oppo', model: 'N1' }, [5]],
  ['GSMA', GSMA, { tac: 35675904, maker: 'Oppo', model: 'N1' }, []],
  ['TACs alone', 'tac\n35675904\n', { tac: 35675904, maker: '', model: '' }, []],
] as const)
  test(`a TAC table of ${name}`, async (context) => {
    const { tacs } = testOperator(context).register;
    const load = await tacs.load(octets(file), OPTIONS);
    assert.deepEqual([load.outcome, load.badLines.map(({ number }) => number)], ['applied', bad]);
    assert.deepEqual({ ...tacs.find(Tac.parse('35675904')) }, expected);
  });

test('an IMEI of a TAC that no maker was given is tracked, never prohibited by itself, and only when a table is loaded', async (context) => {
  const { register, audit } = testOperator(context);
  const check = () => register.check({ imei: '35675904000001' });
  assert.equal(check().equipmentStatus, 'permitted');
  await register.tacs.load(octets('tac\n49013920\n'), OPTIONS);
  assert.deepEqual([check().equipmentStatus, check().reasons[0].code], ['tracking', 'unallocatedTac']);
  assert.equal(register.check({ imei: '49013920000001' }).equipmentStatus, 'permitted');
  register.tacs.clear('Bob', 'wrong table');
  assert.equal(check().equipmentStatus, 'permitted');
  assert.deepEqual(
    audit.newest(2, 'setting').map(({ author, subject }) => [author, subject]),
    [
      ['Bob', 'TAC table'],
      ['Ada', 'TAC table'],
    ],
  );
});

test('a table that shrinks by more than a quarter is refused, a dry run changes nothing, a file that is none neither', async (context) => {
  const { tacs } = testOperator(context).register;
  await tacs.load(octets('tac\n11111111\n22222222\n33333333\n'), OPTIONS);
  const small = octets('tac\n11111111\n');
  assert.match((await tacs.load(small, OPTIONS)).problem ?? '', /from 3 to 1 TACs/);
  assert.deepEqual([(await tacs.load(small, { ...OPTIONS, dryRun: true })).outcome, tacs.count()], ['dryRun', 3]);
  for (const nothing of ['', 'imei\n1\n2\n3\n4\n5\n6\n', 'tac\nnone\n'])
    await assert.rejects(tacs.load(octets(nothing), OPTIONS), MalformedFile);
  assert.equal(tacs.count(), 3);
  assert.equal((await tacs.load(small, { ...OPTIONS, isShrinkAllowed: true })).after, 1);
});
