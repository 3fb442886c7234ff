import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#base/codec/index.ts';
import { digest, generateKeyPair, publicPoint } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';
import { operatorDirectory } from './data-directory.ts';

const WHY = ['--reason', 'contract 12', '--author', 'ada'] as const;
const pointOf = (name: string) => publicPoint(generateKeyPair('P-256', seededRandom(name)).publicKey);

test('a maker that is not believed is refused by its name, also where only the effect is asked for', async (context) => {
  const data = dataDirectory(context);
  const assay = (...args: readonly string[]) => assayIn(data, ['maker', ...args]);
  const add = (identifier: string, name: string) => {
    const point = pointOf(name);
    return assay('add', identifier, '--point', toHex(point), '--fingerprint', toHex(digest('sha256', point)), ...WHY);
  };
  assert.equal((await add('4D31', 'maker')).status, 0);
  assert.equal((await assay('effect', '--without', '4D31')).status, 0);
  for (const wrong of [await assay('effect', '--without', '4D32'), await assay('remove', '4D32', ...WHY)]) {
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /expected a maker that is believed, got 4D32: 'assay maker list' has them/);
  }
  assert.match((await add('4D31', 'another')).err, /another root of one that is/);
  const own = () => {
    const operator = openOperator({ dataDirectory: operatorDirectory(data) });
    const { identifier } = operator.subscribers.operatorRoot();
    operator.close();
    return toHex(identifier);
  };
  const before = own();
  assert.match((await add(before, 'another')).err, /got that of this operator's own root/);
  assert.equal(own(), before);
});

test('where approvals are on, a maker is taken away by two', async (context) => {
  const data = dataDirectory(context);
  const assay = (...args: readonly string[]) => assayIn(data, args);
  const point = pointOf('maker');
  const given = ['--point', toHex(point), '--fingerprint', toHex(digest('sha256', point))];
  await assay('maker', 'add', '4D31', ...given, ...WHY);
  await assay('register', 'set', 'approval', 'prohibiting', '--reason', 'two persons');
  assert.match((await assay('maker', 'remove', '4D31', ...WHY)).out, /waits for a second person/);
  assert.match((await assay('maker', 'list')).out, /4D31 +believed/);
  assert.match((await assay('approval', 'list')).out, /withdraw the root of maker 4D31/);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'ada')).status, 2);
  assert.equal((await assay('approval', 'approve', '1', '--approver', 'grace')).status, 0);
  assert.doesNotMatch((await assay('maker', 'list')).out, /4D31/);
});
