import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AvpFault } from './avp.ts';
import {
  FIRST_PEER_STATE,
  isAnswering,
  nextPeerTick,
  PEER_TIMES,
  type PeerAction,
  type PeerEvent,
  type PeerState,
  peerStep,
} from './peer-state.ts';

const REQUEST = { version: 1, length: 20, flags: 0x80, command: 280, application: 0, hopByHop: 1, endToEnd: 2 };
const PEER = { originHost: 'mme.test', isLenient: false };
const TW = 30_000;
const STRANGER = new AvpFault(3010, undefined, 'nobody knows this peer');

const CER: PeerEvent = { type: 'CER', request: REQUEST, admission: PEER };
const DWR: PeerEvent = { type: 'DWR', request: REQUEST };
const DPR: PeerEvent = { type: 'DPR', request: REQUEST };
const HEARD: PeerEvent = { type: 'heard', messages: 1, isHalf: false };

/** A connection and its clock; time goes on by the ticks it asks for. */
class Run {
  state: PeerState = FIRST_PEER_STATE;
  now = 0;
  done: PeerAction['type'][] = [];
  because = '';
  isForced = false;
  constructor(...events: readonly PeerEvent[]) {
    this.happen({ type: 'connected', twMs: TW }, ...events);
  }
  happen(...events: readonly PeerEvent[]): this {
    for (const event of events) {
      const { state, actions } = peerStep(PEER_TIMES, this.state, event, this.now);
      this.state = state;
      for (const action of actions) {
        this.done.push(action.type);
        if (action.type === 'left') this.because = action.because;
        if (action.type === 'disconnect') this.isForced = action.isForced;
      }
    }
    return this;
  }
  /** What is done in the next `ms`. */
  pass(ms: number): readonly PeerAction['type'][] {
    this.done = [];
    const end = this.now + ms;
    for (let at = nextPeerTick(this.state); at <= end; at = nextPeerTick(this.state)) {
      this.now = Math.max(this.now, at);
      this.happen({ type: 'tick', twMs: TW });
    }
    this.now = end;
    return this.done;
  }
}
const open = () => {
  const run = new Run(CER);
  run.done = [];
  return run;
};

test('capabilities exchange: CEA, then open; a stranger gets the CEA and the end', () => {
  assert.deepEqual(new Run(CER).done, ['CEA', 'opened']);
  const stranger = new Run({ type: 'CER', request: REQUEST, admission: STRANGER });
  assert.deepEqual(stranger.done, ['CEA', 'disconnect']);
  assert.equal(stranger.isForced, false);
  assert.deepEqual(stranger.pass(PEER_TIMES.disconnectMs), ['disconnect']);
  assert.equal(stranger.isForced, true);
});

test('nothing comes before the CER, and it must come in time', () => {
  const others: readonly PeerEvent[] = [DWR, DPR, { type: 'DWA' }, { type: 'DPA' }, { type: 'request' }];
  for (const event of others) assert.deepEqual(new Run(event).done, ['disconnect'], event.type);
  const silent = new Run();
  assert.deepEqual(silent.pass(PEER_TIMES.capabilitiesMs - 1), []);
  assert.deepEqual(silent.pass(1), ['disconnect']);
});

test('watchdog: DWR after Tw of silence, suspect after the next, gone after the third (RFC 3539 3.4.1)', () => {
  const run = open();
  assert.deepEqual(run.pass(TW - 1), []);
  assert.deepEqual(run.pass(1), ['DWR']);
  assert.deepEqual(run.pass(TW), []);
  assert.equal(run.state.isSuspect, true);
  assert.deepEqual(run.pass(TW), ['left', 'disconnect']);
  assert.equal(run.isForced, true);
  assert.equal(run.because, 'no answer to the watchdog');
});

test('watchdog: any message puts it off, and a suspect that speaks is trusted again', () => {
  const run = open();
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(run.pass(TW - 1), []);
    run.happen(HEARD);
  }
  run.pass(2 * TW);
  assert.equal(run.state.isSuspect, true);
  run.happen({ type: 'DWA' }, HEARD);
  assert.deepEqual([run.state.isSuspect, run.state.isPending], [false, false]);
  assert.deepEqual(run.pass(TW), ['DWR']);
});

test('octets that make no message do not put the watchdog off, and half a message has its time', () => {
  const run = open();
  const half: PeerEvent = { type: 'heard', messages: 0, isHalf: true };
  run.happen(half);
  for (let i = 0; i < 9; i++) {
    assert.deepEqual(run.pass(PEER_TIMES.messageMs / 10), []);
    run.happen(half);
  }
  assert.deepEqual(run.pass(PEER_TIMES.messageMs / 10), ['left', 'disconnect']);
  // Another half behind a whole message begins its time anew.
  const next = open().happen(half);
  next.pass(PEER_TIMES.messageMs - 1);
  next.happen({ type: 'heard', messages: 1, isHalf: true });
  assert.deepEqual(next.pass(PEER_TIMES.messageMs - 1), []);
  assert.deepEqual(next.happen(HEARD).pass(PEER_TIMES.messageMs), []);
});

test('DWR is answered at once, open or closing', () => {
  assert.deepEqual(open().happen(DWR).done, ['DWA']);
  assert.deepEqual(open().happen({ type: 'drain' }, DWR).done, ['DPR', 'left', 'DWA']);
});

test('DPR: DPA, then the peer ends the connection, or time does; nothing else is answered', () => {
  const run = open().happen(DPR);
  assert.deepEqual(run.done, ['DPA', 'left']);
  assert.equal(isAnswering(run.state), false);
  run.done = [];
  assert.deepEqual(run.happen(DWR, CER, { type: 'request' }).done, []);
  assert.deepEqual(run.pass(PEER_TIMES.disconnectMs), ['disconnect']);
});

test('draining: DPR, requests still answered, the end with the DPA or in time', () => {
  const run = open().happen({ type: 'drain' });
  assert.deepEqual(run.done, ['DPR', 'left']);
  assert.equal(isAnswering(run.state), true);
  assert.deepEqual(run.happen({ type: 'DPA' }).done, ['DPR', 'left', 'disconnect']);
  assert.equal(run.isForced, false);
  assert.deepEqual(open().happen({ type: 'drain' }).pass(PEER_TIMES.disconnectMs), ['disconnect']);
  assert.deepEqual(new Run({ type: 'drain' }).done, ['disconnect']);
});

test('a rival makes the peer prove that it lives', () => {
  const alive = open().happen({ type: 'rival' }, { type: 'rival' });
  assert.deepEqual(alive.done, ['DWR']);
  alive.happen({ type: 'DWA' }, HEARD);
  assert.deepEqual(alive.pass(PEER_TIMES.probeMs), []);
  assert.deepEqual(open().happen({ type: 'rival' }).pass(PEER_TIMES.probeMs), ['left', 'disconnect']);
});

test('answers left unread end the connection; reading again saves it', () => {
  const stalled: PeerEvent = { type: 'stalled' };
  assert.deepEqual(open().happen(stalled).pass(PEER_TIMES.stallMs), ['left', 'disconnect']);
  const half: PeerEvent = { type: 'heard', messages: 0, isHalf: true };
  const unread = open().happen(half, stalled);
  assert.deepEqual(unread.pass(PEER_TIMES.messageMs), [], 'not the peer keeps the rest of the message');
  unread.happen({ type: 'flowing', isHalf: true });
  assert.deepEqual(unread.pass(PEER_TIMES.messageMs), ['left', 'disconnect']);
  assert.deepEqual(open().happen(stalled, { type: 'flowing', isHalf: false }).pass(PEER_TIMES.stallMs), []);
});

test('whatever happens: opened at most once, left at most once and after it, nothing after the end, no time in the past', () => {
  const events = fc.constantFrom<PeerEvent>(
    CER,
    { type: 'CER', request: REQUEST, admission: STRANGER },
    DWR,
    DPR,
    { type: 'DWA' },
    { type: 'DPA' },
    { type: 'request' },
    { type: 'unreadable' },
    HEARD,
    { type: 'heard', messages: 0, isHalf: true },
    { type: 'stalled' },
    { type: 'flowing', isHalf: false },
    { type: 'rival' },
    { type: 'drain' },
    { type: 'disconnected' },
  );
  const steps = fc.array(fc.tuple(events, fc.nat(40_000)), { maxLength: 25 });
  fc.assert(
    fc.property(steps, (list) => {
      const run = new Run();
      const all: PeerAction['type'][] = [];
      for (const [event, ms] of list) {
        run.done = [];
        const wasOver = run.state.phase === 'closed';
        run.happen(event);
        all.push(...run.done);
        assert.ok(!wasOver || run.done.length === 0);
        all.push(...run.pass(ms));
        assert.ok(nextPeerTick(run.state) > run.now);
      }
      const count = (type: PeerAction['type']) => all.filter((one) => one === type).length;
      assert.ok(count('opened') <= 1 && count('left') <= count('opened'));
      if (count('left') > 0) assert.ok(all.indexOf('opened') < all.indexOf('left'));
      run.happen({ type: 'disconnected' });
      assert.equal(nextPeerTick(run.state), Number.POSITIVE_INFINITY);
    }),
    { numRuns: 300 },
  );
});
