import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableAes } from '#base/crypto/index.ts';
import { collectingTrace, silentTrace } from '#base/trace/index.ts';
import { replay, SCENARIO_NAMES } from './index.ts';

const SILENT = { trace: silentTrace, aes: tableAes };

for (const scenario of SCENARIO_NAMES)
  test(`${scenario}: two worlds from one seed give the same octets`, async () => {
    const result = await replay('one', scenario, SILENT);
    assert.deepEqual([result.isSame, result.firstDifference], [true, undefined]);
    assert.ok(result.hops > 30);
  });

test('another seed gives other octets, the same one the same', async () => {
  const [one, again, two] = [
    await replay('one', 'honest', SILENT),
    await replay('one', 'honest', SILENT),
    await replay('two', 'honest', SILENT),
  ];
  assert.equal(again.digest, one.digest);
  assert.notEqual(two.digest, one.digest);
});

test('cards whose computations are watched give the same octets as others', async () => {
  const trace = collectingTrace();
  const result = await replay('watched', 'forged', { trace, aes: tableAes });
  assert.equal(trace.records.length, result.hops);
  assert.ok(trace.records.every(({ handset }) => handset === 'replay'));
  assert.ok(trace.records.some(({ name, response }) => name === 'AUTHENTICATE' && response?.[0] === 0x69));
});

test('a world that does not repeat itself is noticed, with the hop where it began', async () => {
  let blocks = 0;
  const forgetful = {
    name: 'forgetful',
    key(octets: Parameters<typeof tableAes.key>[0]) {
      const aes = tableAes.key(octets);
      // One block in the middle of the run is another.
      const encryptBlock: typeof aes.encryptBlock = (block, out) => {
        const made = aes.encryptBlock(block, out);
        if (++blocks === 20) made[0] = (made[0] as number) ^ 1;
        return made;
      };
      return { ...bound(aes), encryptBlock };
    },
  };
  const result = await replay('one', 'honest', { trace: silentTrace, aes: forgetful });
  assert.equal(result.isSame, false);
  assert.ok((result.firstDifference ?? 0) > 0);
});

/** The operations of a key apart from the object they belong to. */
const bound = (aes: ReturnType<typeof tableAes.key>) => ({
  keyLength: aes.keyLength,
  encryptBlocks: aes.encryptBlocks.bind(aes),
  cbcEncrypt: aes.cbcEncrypt.bind(aes),
  cbcDecrypt: aes.cbcDecrypt.bind(aes),
  cmac: aes.cmac.bind(aes),
});
