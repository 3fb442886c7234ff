// The way back from a block, as far as there is one: by short message while the handset has the service it had; none once it was switched off.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { CAST, openWorld, type World } from '#lab/demo/index.ts';
import type { LabHandset } from '#lab/handset/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';

const { iccid } = CAST.honest;
const by = { iccid, author: 'Ada', reason: 'test' };
const newest = ({ operator }: World, kind: string) =>
  operator.gateway.outbox.newest(20, iccid.digits).find(({ order }) => order === kind);

/** Polls, as a handset does, until it is so. */
async function until(handset: LabHandset, isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isSo() && tries < 500; tries++) {
    await handset.settled();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await handset.poll();
  }
  assert.ok(isSo(), what);
}

test('an unblock reaches a UICC that was blocked over the air while its handset stays on; one switched off hears nothing, and the order says so', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'assay-unblock-'));
  const world = await openWorld({
    ...{ directory, clock: systemClock, scheduler: systemScheduler },
    ...{ random: seededRandom('unblock'), trace: silentTrace, smppPort: 0 },
  });
  const { gateway, evidence, exchanges } = world.operator;
  const lock = () => evidence.standingOf(iccid.digits)?.lockState;
  const handset = world.handset(CAST.honest, 'home');
  context.after(async () => {
    await world.close();
    rmSync(directory, { recursive: true });
  });
  await handset.powerOn();
  await until(handset, () => newest(world, 'permit')?.state === 'acknowledged', 'the first report is answered');

  gateway.command({ ...by, order: 'block' });
  await until(handset, () => lock() === 'blockedByOperator', 'blocked over the air');
  assert.ok(handset.isAttached, 'the network asks for no authentication until the next attach');
  gateway.command({ ...by, order: 'unblock' });
  await until(handset, () => lock() === 'enabled', 'unblocked over the air');
  const reached = newest(world, 'unblock');
  assert.ok(reached !== undefined);
  assert.deepEqual([reached.state, gateway.heldUntil(reached)], ['acknowledged', undefined]);

  gateway.command({ ...by, order: 'block' });
  await until(handset, () => lock() === 'blockedByOperator', 'blocked again');
  await handset.powerOff();
  const again = await handset.powerOn();
  assert.deepEqual(again.kind === 'booted' && again.network.kind, 'uiccRefused');
  gateway.command({ ...by, order: 'unblock' });
  await until(handset, () => newest(world, 'unblock')?.state === 'sent', 'the SMSC takes the order');
  for (let polls = 0; polls < 20; polls++) await handset.poll();
  const held = newest(world, 'unblock');
  assert.ok(held !== undefined);
  assert.deepEqual(
    [held.order, held.state, held.deliveredAt, lock()],
    ['unblock', 'sent', undefined, 'blockedByOperator'],
  );
  assert.ok((gateway.heldUntil(held) ?? 0) > systemClock.now(), 'it is said until when the SMSC keeps it');
  assert.equal(exchanges?.log.exchangesBefore(1e9, 1, iccid.digits)[0]?.outcome?.kind, 'answered');
  assert.equal((await handset.call('112')).kind, 'connected', 'emergency calls work in every state');
});
