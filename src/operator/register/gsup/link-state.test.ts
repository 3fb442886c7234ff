import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { backoffMs } from './backoff.ts';
import { firstStep, LINK_TIMES, type LinkEvent, type LinkState, nextTick, step } from './link-state.ts';

/** Runs events from the first state; the actions and closing reasons in order. */
function run(...events: readonly LinkEvent[]): { state: LinkState; did: readonly string[] } {
  let { state, actions } = firstStep(0);
  const did: string[] = [];
  const note = () => {
    for (const action of actions) did.push(action.type === 'close' ? `close: ${action.because}` : action.type);
  };
  note();
  for (const event of events) {
    ({ state, actions } = step(state, event, LINK_TIMES));
    note();
  }
  return { state, did };
}
const dialled = { type: 'dialled', at: 0 } as const;
const identified = { type: 'identified', at: 0 } as const;
const tick = (at: number) => ({ type: 'tick', at }) as const;
const heard = (side: 'client' | 'hlr', at: number, isInsideFrame = false, frames = 1) =>
  ({ type: 'heard', side, at, isInsideFrame, frames }) as const;

test('a link dials, again after failures, and gives up when the client has waited long enough', () => {
  const refused = { type: 'dial failed', because: 'connect ECONNREFUSED', at: 10 } as const;
  const { state, did } = run(refused, refused, tick(4999), tick(5000));
  assert.equal(state.attempt, 2);
  assert.deepEqual(did, [
    'dial',
    'dial',
    'dial',
    'close: the HLR is not reached (connect ECONNREFUSED); is it running?',
  ]);
});

test('silence, half frames and clients without a name end a link at their time, not before', () => {
  assert.equal(run(dialled, tick(9999)).did.length, 2);
  assert.match(run(dialled, tick(10_000)).did.join(), /no ID_RESP/);
  assert.match(
    run(dialled, identified, heard('hlr', 50_000), tick(60_000)).did.join(),
    /nothing heard from the client/,
  );
  assert.match(
    run(dialled, identified, heard('client', 50_000), tick(60_000)).did.join(),
    /nothing heard from the hlr/,
  );
  const dribble = [heard('client', 1, true), heard('client', 9000, true, 0)];
  assert.match(run(dialled, identified, ...dribble, tick(10_001)).did.join(), /half a frame from the client/);
  const frames = [heard('client', 1, true), heard('client', 9000, true, 1)];
  assert.equal(run(dialled, identified, ...frames, tick(10_001)).did.length, 2, 'a new frame has its own time');
});

test('what is not read because the other side is slow is not late; a side that takes nothing is', () => {
  const paused = { type: 'paused', side: 'hlr', at: 100 } as const;
  const half = heard('hlr', 99, true);
  const state = run(dialled, identified, half, paused, heard('client', 60_050), tick(60_099));
  assert.equal(state.did.length, 2);
  assert.match(
    run(dialled, identified, half, paused, heard('client', 60_050), tick(60_100)).did.join(),
    /client does not read/,
  );
  const resumed = { type: 'resumed', side: 'hlr', at: 60_000 } as const;
  const after = run(dialled, identified, half, paused, resumed, heard('client', 60_000), tick(69_999));
  assert.equal(after.did.length, 2);
  assert.match(
    run(dialled, identified, half, paused, heard('client', 60_000), resumed, tick(70_000)).did.join(),
    /half a frame from the hlr/,
  );
});

test('draining waits until the HLR is quiet, not for ever', () => {
  const drain = { type: 'drain', at: 1000 } as const;
  assert.deepEqual(run(drain).did, ['dial', 'close: the register is closing']);
  const quiet = run(dialled, drain, heard('hlr', 1200), tick(1499), tick(1500));
  assert.deepEqual(quiet.did, ['dial', 'relay', 'stop reading the client', 'close: the register is closing']);
  const loud = Array.from({ length: 20 }, (_, i) => heard('hlr', 1000 + 200 * i));
  assert.equal(run(dialled, drain, ...loud.slice(0, 15), tick(3999)).state.phase, 'draining');
  assert.equal(run(dialled, drain, ...loud.slice(0, 15), tick(4000)).state.phase, 'closing');
  assert.equal(
    run(dialled, drain, { ...drain, at: 1299 }, tick(1300)).state.phase,
    'closing',
    'draining twice is once',
  );
});

test('property: a link closes at most once, destroys only after that, and every tick it asks for moves it on', () => {
  const side = fc.constantFrom('client' as const, 'hlr' as const);
  const event: fc.Arbitrary<(at: number) => LinkEvent> = fc.oneof(
    fc
      .constantFrom('dialled' as const, 'identified' as const, 'drain' as const, 'tick' as const)
      .map((type) => (at: number) => ({ type, at })),
    fc.tuple(side, fc.boolean(), fc.nat(2)).map(([one, isInsideFrame, frames]) => (at: number) => ({
      type: 'heard' as const,
      side: one,
      isInsideFrame,
      frames,
      at,
    })),
    fc
      .tuple(fc.constantFrom('paused' as const, 'resumed' as const, 'ended' as const), side)
      .map(([type, one]) => (at: number) => ({ type, side: one, at })),
    fc.constant((at: number) => ({ type: 'dial failed' as const, because: 'x', at })),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(20_000)), { maxLength: 30 }), (list) => {
      let at = 0;
      const events = list.map(([make, pause]) => {
        at += pause;
        return make(at);
      });
      const { state, did } = run(...events);
      assert.ok(did.filter((one) => one.startsWith('close')).length <= 1);
      assert.ok(!did.includes('destroy') || did.findIndex((one) => one.startsWith('close')) < did.indexOf('destroy'));
      const due = step(state, tick(nextTick(state, LINK_TIMES)), LINK_TIMES);
      assert.equal(due.actions.length, 1);
    }),
  );
});

test('dialling again waits longer each time, half of it by chance, 8 s at most', () => {
  const random = seededRandom('gsup');
  for (let attempt = 1; attempt < 40; attempt++) {
    const whole = Math.min(250 * 2 ** (attempt - 1), 8000);
    const pause = backoffMs(attempt, random);
    assert.ok(pause >= whole / 2 && pause < whole, `${attempt}: ${pause}`);
  }
});
