import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { OperatorAndUicc } from './operator-and-uicc.ts';

const PERSON = { author: 'Ada', reason: 'the keys are old' };

test('new keys for remote management: sent under the old ones, held when the UICC says so; the old ones are erased', async (context) => {
  const world = new OperatorAndUicc(context);
  assert.equal(await world.read(), 'acknowledged 019000');
  for (const generation of [1, 2]) {
    assert.equal(await world.until(world.rotate()), 'acknowledged');
    assert.deepEqual(world.generations(), [generation]);
    assert.equal(await world.read(), 'acknowledged 019000');
  }
  const { packetKeys } = world.operator.subscribers;
  assert.deepEqual(
    packetKeys.historyOf(world.card.iccid).map(({ generation, state }) => [generation, state]),
    [
      [2, 'held'],
      [1, 'replaced'],
    ],
  );
  assert.equal(world.operator.audit.verify(), undefined);
});

test('an old proof of receipt that a handset kept and gives again erases no keys that the UICC has taken meanwhile', async (context) => {
  const world = new OperatorAndUicc(context);
  const script = { iccid: world.card.iccid, tar: fromHex('000000'), format: 'compact', ...PERSON } as const;
  const queued = world.operator.gateway.script({ ...script, commands: [fromHex('80CA00E000')] });
  assert.ok(queued.kind === 'queued');
  await world.poll();
  world.deliver();
  const kept = [...world.toOperator];
  assert.equal(kept.length, 1);
  await world.answer();
  assert.equal(world.operator.gateway.outbox.byId(queued.order)?.state, 'acknowledged');
  const order = world.rotate();
  const again = () => world.operator.receive(world.card, kept[0] ?? fromHex(''));
  await again();
  assert.deepEqual(world.generations(), [0, 1], 'not sent yet');
  await world.poll();
  world.deliver();
  // The UICC has the new keys, and its handset holds back that it said so.
  world.toOperator.length = 0;
  await again();
  assert.deepEqual(world.generations(), [0, 1]);
  assert.equal(await world.until(order), 'acknowledged');
  assert.deepEqual(world.generations(), [1]);
  assert.equal(await world.read(), 'acknowledged 019000');
});

test('a lost proof of receipt does not cut off: the UICC is asked under the new keys', async (context) => {
  const world = new OperatorAndUicc(context);
  const order = world.rotate();
  await world.poll();
  world.deliver();
  assert.equal(world.toOperator.splice(0).length, 1, 'the card took them and said so; nobody heard');
  assert.deepEqual(world.generations(), [0, 1]);
  assert.equal(await world.until(order), 'acknowledged');
  assert.deepEqual(world.generations(), [1]);
  assert.equal(await world.read(), 'acknowledged 019000');
});

test('a rotation that nobody answered leaves both sets: scripts go under both, and the answer tells', async (context) => {
  for (const taken of [true, false]) {
    const world = new OperatorAndUicc(context, 1);
    const order = world.rotate();
    await world.poll();
    if (taken) world.deliver();
    world.toCard.splice(0);
    world.toOperator.splice(0);
    await world.poll();
    assert.equal(world.operator.gateway.outbox.byId(order)?.state, 'failed');
    assert.deepEqual(world.generations(), [0, 1]);
    const refused = world.operator.gateway.script({
      ...{ iccid: world.card.iccid, tar: fromHex('000000'), commands: [fromHex('80CA00E000')], format: 'compact' },
      ...PERSON,
    });
    assert.ok(refused.kind === 'queued');
    // One attempt under the old keys is all that this operator makes; the next order has the same two packets.
    assert.equal(await world.until(refused.order), taken ? 'failed' : 'acknowledged');
    assert.deepEqual(world.generations(), taken ? [0, 1] : [0]);
  }
});

for (const mostAttempts of [1000, 3])
  test(`operator killed, messages lost and doubled, power cut: the operator always finds back, ${mostAttempts} attempts`, async (context) => {
    for (let run = 0; run < 25; run++) {
      const world = new OperatorAndUicc(context, mostAttempts);
      const random = seededRandom(`rotation ${mostAttempts} ${run}`);
      const dice = (most: number) => (random.octets(1)[0] as number) % most;
      let order = world.rotate();
      for (let step = 0; step < 30; step++) {
        const faults: readonly (() => void | Promise<void>)[] = [
          () => world.poll(),
          () => world.poll(),
          () => world.deliver(),
          () => world.deliver(dice(256)),
          () => void world.toCard.shift(),
          () => void world.toCard.push(...world.toCard.slice(0, 1)),
          () => world.answer(),
          () => void world.toOperator.shift(),
          () => void world.toOperator.push(...world.toOperator.slice(0, 1)),
          () => world.kill(),
        ];
        await faults[dice(faults.length)]?.();
        const state = world.operator.gateway.outbox.byId(order)?.state;
        if (state === 'failed' || (state === 'acknowledged' && dice(3) === 0)) order = world.rotate();
      }
      // The faults end: whatever is still on the way arrives, and then both ends are of one mind.
      for (let attempt = 0; (await world.until(order)) !== 'acknowledged'; attempt++) {
        assert.ok(attempt < 5, `run ${run}: the operator is cut off`);
        order = world.rotate();
      }
      assert.equal(world.generations().length, 1);
      assert.equal(await world.read(), 'acknowledged 019000', `run ${run}`);
      assert.equal(world.operator.audit.verify(), undefined);
    }
  });
