import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#base/codec/index.ts';
import { type LockPolicy, lockPolicy, USUAL_POLICY } from '#handset/uicc/lock-personalisation.ts';
import type { Answer, Trigger } from '#protocol/imei-lock/index.ts';
import {
  factsOf,
  type Lock,
  type LockAction,
  type LockEvent,
  mayAuthenticate,
  newLock,
  type Outcome,
  type RootsChange,
  reportedState,
  step,
  TEXT,
} from './lock.ts';
import { lastingState } from './memory.ts';

const IMEI = fromHex('1A32547698103254');
const OTHER = fromHex('2A32547698103254');
const SUPPORT = fromHex('A1A2A3A4A5A6A7A8');
const DIALLED = fromHex('812143');
const proved: Outcome = {
  result: 'proved',
  reason: 'none',
  evidence: 'scp03',
  provedImei: IMEI,
  claimedImei: IMEI,
  support: SUPPORT,
  supportCounter: 9,
};
const silent: Outcome = { result: 'notProven', reason: 'noAnswer' };
const broken: Outcome = { result: 'notProven', reason: 'brokenProtection' };
const falseImei: Outcome = {
  result: 'refuted',
  reason: 'claimedImeiDiffers',
  provedImei: IMEI,
  claimedImei: OTHER,
  support: SUPPORT,
};
const outstanding = (outcome: Outcome) => ({
  nonce: fromHex('0102030405060708'),
  imeiDigest: fromHex('1112131415161718'),
  facts: factsOf(outcome),
});
const order = (name: Answer['order'], more: Partial<Answer> = {}): LockEvent => ({
  type: 'answered',
  answer: { version: 'one', direction: 'answer', order: name, ...more },
});
/** The terminal did not send the report of `outstanding(outcome)`. */
const unsentReport = ({
  outcome = proved,
  trigger = 'boot' as Trigger,
  isRefused = false,
}: {
  outcome?: Outcome;
  trigger?: Trigger;
  isRefused?: boolean;
} = {}): LockEvent => ({
  type: 'reportNotSent',
  nonce: matching.nonce,
  report: { type: 'report', trigger, outcome },
  isRefused,
});
const matching = { nonce: fromHex('0102030405060708'), imeiDigest: fromHex('1112131415161718') };

/** Runs events over a lock; the actions of the last. */
function play(lock: Lock, ...events: readonly LockEvent[]): { lock: Lock; actions: readonly LockAction[] } {
  let now = lock;
  let actions: readonly LockAction[] = [];
  for (const event of events) ({ lock: now, actions } = step(now, event));
  return { lock: now, actions };
}
/** Default deny, also for terminals that cannot prove. */
const fresh = (policy: Partial<LockPolicy> = {}) =>
  newLock({ ...USUAL_POLICY, terminalCannotProve: 'grace', ...policy });
const booted = (policy: Partial<LockPolicy> = {}) =>
  play(fresh(policy), { type: 'poweredOn' }, { type: 'profileDownloaded' }).lock;
const finish = (outcome: Outcome): LockEvent => ({ type: 'proofFinished', outcome });
const names = (actions: readonly LockAction[]) => actions.map(({ type }) => type);

test('default deny: AUTHENTICATE is refused until the IMEI is proved (R49, T03)', () => {
  assert.ok(!mayAuthenticate(fresh()));
  const lock = booted();
  assert.ok(!mayAuthenticate(lock));
  const after = play(lock, finish(proved));
  assert.ok(mayAuthenticate(after.lock));
  assert.deepEqual(names(after.actions), ['recordPairing', 'report']);
  assert.equal(reportedState(after.lock), 'enabled');
  assert.ok(!mayAuthenticate(play(after.lock, { type: 'poweredOn' }).lock), 'a proof holds for one power-on');
});

test('grace lets so many authentications pass without a proof, over power-ons, and no more', () => {
  let lock = booted({ graceAuthentications: 2 });
  for (const expected of [true, true, false]) {
    assert.equal(mayAuthenticate(lock), expected);
    lock = play(
      lock,
      finish(silent),
      { type: 'authenticated' },
      { type: 'poweredOn' },
      { type: 'profileDownloaded' },
    ).lock;
  }
  assert.ok(mayAuthenticate(play(lock, finish(proved)).lock));
});

test('a terminal that cannot relay is "not proven", never "false"', () => {
  const { lock, actions } = play(
    fresh(),
    { type: 'poweredOn' },
    { type: 'profileDownloaded' },
    finish({ result: 'notProven', reason: 'profileTooSmall' }),
  );
  assert.equal(lock.lasting.block, 'none');
  assert.equal(reportedState(lock), 'unproven');
  assert.deepEqual(names(actions), ['recordPairing', 'report']);
});

test('a false IMEI blocks without any network, over power-ons, until an authenticated order unblocks (claims 7 and 11)', () => {
  const { lock, actions } = play(booted({ gate: 'open' }), finish(falseImei));
  assert.ok(!mayAuthenticate(lock));
  assert.deepEqual(
    actions.find(({ type }) => type === 'show'),
    { type: 'show', text: TEXT.refuted },
  );
  const restarted = play(lock, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved)).lock;
  assert.ok(!mayAuthenticate(restarted), 'proved again, and still blocked');
  assert.ok(!mayAuthenticate(play(restarted, order('permit', matching)).lock));
  const unblocked = play(restarted, order('unblock'));
  assert.ok(mayAuthenticate(unblocked.lock));
  assert.deepEqual(names(unblocked.actions), ['prove']);
});

test('broken protection is tried once more with fresh keys, then it blocks (T01)', () => {
  const again = play(booted(), finish(broken));
  assert.deepEqual(names(again.actions), ['prove']);
  const { lock, actions } = play(again.lock, finish(broken));
  assert.equal(reportedState(lock), 'blockedLocally');
  assert.ok(actions.some((action) => action.type === 'show' && action.text === TEXT.broken));
  assert.equal(play(again.lock, finish(proved)).lock.lasting.brokenProofs, 0);
  assert.equal(
    play(booted({ brokenProtectionLimit: 0 }), finish(broken), finish(broken), finish(broken)).lock.lasting.block,
    'none',
  );
});

test('one report for each change, not for each boot', () => {
  let { lock } = play(
    booted(),
    finish(proved),
    { type: 'reportIssued', trigger: 'boot', outstanding: outstanding(proved) },
    order('permit', matching),
  );
  for (let boot = 0; boot < 3; boot++) {
    const next = play(lock, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
    assert.deepEqual(names(next.actions), ['recordPairing']);
    lock = next.lock;
  }
  const moved = play(lock, order('reportNow'), finish({ ...proved, provedImei: OTHER, claimedImei: OTHER }));
  assert.ok(names(moved.actions).includes('report'));
});

test('an unanswered report is counted at each power-on, sent again, and in the end counts as not proved (T15, T16)', () => {
  let { lock } = play(booted({ unansweredLimit: 2 }), finish(proved), {
    type: 'reportIssued',
    trigger: 'boot',
    outstanding: outstanding(proved),
  });
  for (const expected of [true, false]) {
    const next = play(lock, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
    assert.ok(names(next.actions).includes('report'));
    assert.equal(mayAuthenticate(next.lock), expected);
    lock = play(next.lock, { type: 'reportIssued', trigger: 'boot', outstanding: outstanding(proved) }).lock;
  }
  assert.ok(mayAuthenticate(play(lock, order('permit', matching)).lock));
  const notSent = play(lock, unsentReport(), { type: 'poweredOn' }).lock;
  assert.equal(notSent.lasting.unanswered, 2, 'what never left the handset is owed no answer');
});

test('good news must answer the open report: an old or foreign "not listed" opens nothing (T17)', () => {
  const { lock } = play(booted(), finish(proved), order('block'), {
    type: 'reportIssued',
    trigger: 'boot',
    outstanding: outstanding(proved),
  });
  assert.equal(reportedState(lock), 'blockedByOperator');
  for (const wrong of [
    {},
    { ...matching, nonce: fromHex('FFFFFFFFFFFFFFFF') },
    { ...matching, imeiDigest: fromHex('FFFFFFFFFFFFFFFF') },
  ])
    assert.ok(!mayAuthenticate(play(lock, order('permit', wrong)).lock));
  assert.ok(mayAuthenticate(play(lock, order('permit', matching)).lock));
});

test('orders: track, block, stop keys with the text for the person, policy, date, revocation, re-pairing', () => {
  const { lock } = play(booted(), finish(proved), {
    type: 'reportIssued',
    trigger: 'boot',
    outstanding: outstanding(proved),
  });
  assert.equal(reportedState(play(lock, order('track', matching)).lock), 'tracked');
  const stopped = play(lock, order('stopKeys', { text: fromHex('53746F702E') }));
  assert.deepEqual(stopped.actions, [{ type: 'show', text: 'Stop.' }]);
  assert.equal(reportedState(stopped.lock), 'keysStopped');
  const taught = play(
    lock,
    order('reportNow', {
      policy: { gate: 'open', proveBeforeCall: 1, pairingLocked: 1 },
      date: 20261124,
      revoked: fromHex('0A'),
    }),
  );
  assert.deepEqual(
    [taught.lock.lasting.policy.gate, taught.lock.lasting.policy.proveBeforeCall, taught.lock.lasting.policy.pairing],
    ['open', true, 'locked'],
  );
  assert.deepEqual(names(taught.actions), ['learnDate', 'revoke', 'prove']);
  const refused = play(lock, { type: 'poweredOn' }, finish({ result: 'refuted', reason: 'pairingLocked' })).lock;
  const rePaired = play(refused, order('rePair'));
  assert.deepEqual(names(rePaired.actions), ['forgetPairing', 'prove']);
  assert.equal(rePaired.lock.lasting.block, 'none');
});

test('before a call the IMEI is proved anew, then the UICC sets the call up itself (R33)', () => {
  const { lock } = play(booted({ proveBeforeCall: true }), finish(proved));
  const asked = play(lock, { type: 'callRequested', dialled: DIALLED });
  assert.deepEqual(names(asked.actions), ['prove']);
  const ready = play(asked.lock, finish({ ...proved, supportCounter: 10 }));
  assert.deepEqual(ready.actions.at(-1), { type: 'setUpCall', dialled: DIALLED });
  const allowed = play(ready.lock, { type: 'callRequested', dialled: DIALLED });
  assert.deepEqual(names(allowed.actions), ['allowCall']);
  assert.deepEqual(
    names(play(allowed.lock, { type: 'callRequested', dialled: DIALLED }).actions),
    ['prove'],
    'each call anew',
  );
  assert.deepEqual(names(play(asked.lock, finish(silent)).actions), ['recordPairing', 'report', 'show']);
  assert.deepEqual(names(play(asked.lock, finish(falseImei)).actions), ['recordPairing', 'show', 'report']);
  assert.deepEqual(names(play(booted({ gate: 'open' }), { type: 'callRequested', dialled: DIALLED }).actions), [
    'allowCall',
  ]);
});

test('every N authentications the IMEI is proved again; a terminal that stops fetching does not keep its old proof', () => {
  let { lock } = play(booted({ proveEvery: 3 }), finish(proved));
  const started: string[] = [];
  for (let i = 0; i < 8; i++) {
    const next = play(lock, { type: 'authenticated' });
    started.push(...names(next.actions));
    lock = next.lock;
  }
  assert.deepEqual(started, ['prove']);
  assert.ok(!mayAuthenticate(lock));
  const interval = play(
    booted({ reportEvery: 2 }),
    finish(proved),
    { type: 'authenticated' },
    { type: 'authenticated' },
  );
  assert.deepEqual(names(interval.actions), ['report']);
});

test('property: whatever happens, a block ends only by an order, and what lasts survives its own octets', () => {
  const event = fc.constantFrom<LockEvent>(
    { type: 'poweredOn' },
    { type: 'profileDownloaded' },
    { type: 'polled' },
    finish(proved),
    finish(silent),
    finish(broken),
    finish(falseImei),
    { type: 'authenticated' },
    { type: 'callRequested', dialled: DIALLED },
    { type: 'reportIssued', trigger: 'boot', outstanding: outstanding(proved) },
    unsentReport(),
    unsentReport({ isRefused: true, trigger: 'interval' }),
    order('track', matching),
    order('block'),
    order('unblock'),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let lock = fresh({ proveEvery: 2, reportEvery: 3, unansweredLimit: 2 });
      for (const happened of events) {
        const before = lock.lasting.block;
        lock = step(lock, happened).lock;
        const isOrder = happened.type === 'answered';
        if (before !== 'none' && !isOrder) assert.equal(lock.lasting.block, before);
        assert.deepEqual(lastingState.decode(lastingState.encode(lock.lasting)), lock.lasting);
      }
    }),
  );
});

const says = (reason: Outcome['reason']): LockEvent => finish({ result: 'notProven', reason });
const inTerminal = (policy: Partial<LockPolicy>, ...events: readonly LockEvent[]) =>
  play(fresh(policy), { type: 'poweredOn' }, { type: 'profileDownloaded' }, ...events).lock;

test('a terminal that says it cannot: permitted and reported, or left to the gate, or blocked in it; silence is for the gate', () => {
  for (const reason of ['profileTooSmall', 'noCardReader', 'commandRefused', 'userRefused', 'terminalBusy'] as const) {
    const may = (policy: Partial<LockPolicy>) => mayAuthenticate(inTerminal(policy, says(reason)));
    assert.ok(may({ terminalCannotProve: 'permit' }), reason);
    assert.ok(!may({ terminalCannotProve: 'grace' }), reason);
    assert.ok(may({ terminalCannotProve: 'grace', graceAuthentications: 1 }), reason);
    assert.ok(may({ terminalCannotProve: 'grace', gate: 'open' }), reason);
    assert.ok(!may({ terminalCannotProve: 'block', gate: 'open' }), reason);
    assert.ok(!may({ terminalCannotProve: 'permit', pairing: 'locked' }), 'a UICC for one handset takes no word');
  }
  for (const reason of ['noAnswer', 'badOctets', 'errorStatusWord', 'terminalContradicts'] as const)
    assert.ok(!mayAuthenticate(inTerminal({ terminalCannotProve: 'permit' }, says(reason))), reason);
});

test('no TERMINAL PROFILE at all: a terminal without a toolkit, under the same rule; a block of any kind stands in every terminal', () => {
  assert.ok(mayAuthenticate(play(fresh({ terminalCannotProve: 'permit' }), { type: 'poweredOn' }).lock));
  assert.ok(!mayAuthenticate(play(fresh({ terminalCannotProve: 'block', gate: 'open' }), { type: 'poweredOn' }).lock));
  const blocked = play(inTerminal({ terminalCannotProve: 'permit' }), order('block'), { type: 'poweredOn' });
  assert.ok(!mayAuthenticate(blocked.lock));
  assert.ok(!mayAuthenticate(play(blocked.lock, { type: 'profileDownloaded' }, says('profileTooSmall')).lock));
});

test('grace is not spent, and nothing is written, in a terminal that is permitted', () => {
  const before = inTerminal({ terminalCannotProve: 'permit', graceAuthentications: 2 }, says('noCardReader'));
  const { lock } = play(before, ...Array.from({ length: 9 }, () => ({ type: 'authenticated' }) as const));
  assert.equal(lock.lasting, before.lasting);
  assert.equal(reportedState(lock), 'unproven');
});

test('a busy terminal is asked again after 1, 2, 4 polls and so on, and one that stays busy is as good as silent', () => {
  let lock = inTerminal({ terminalCannotProve: 'permit' }, says('terminalBusy'));
  for (const polls of [1, 2, 4, 8, 16]) {
    assert.ok(mayAuthenticate(lock));
    for (let poll = 1; poll <= polls; poll++) {
      const next = step(lock, { type: 'polled' });
      assert.deepEqual(names(next.actions), poll === polls ? ['prove'] : []);
      lock = next.lock;
    }
    lock = step(lock, says('terminalBusy')).lock;
  }
  assert.ok(!mayAuthenticate(lock));
  const proof = inTerminal({}, says('terminalBusy'), { type: 'polled' }, finish(proved));
  assert.ok(mayAuthenticate(proof));
  assert.deepEqual(step(proof, { type: 'polled' }).actions, []);
});

test('a reader that resets between any two commands counts nothing; a second profile proves again only what was not proved', () => {
  const open = play(inTerminal({ unansweredLimit: 1 }, finish(proved)), {
    type: 'reportIssued',
    trigger: 'boot',
    outstanding: outstanding(proved),
  }).lock;
  const probed = play(open, ...Array.from({ length: 50 }, () => ({ type: 'poweredOn' }) as const)).lock;
  assert.equal(probed.lasting, open.lasting);
  const again = play(open, { type: 'profileDownloaded' });
  assert.deepEqual([again.actions, again.lock.lasting.unanswered], [[], 0]);
  const failed = play(inTerminal({}, finish(silent)), { type: 'profileDownloaded' });
  assert.deepEqual(names(failed.actions), ['prove']);
});

test('a stored policy of the first version keeps its meaning; over the air the new rule is changed alone', () => {
  const first = lockPolicy.decode(fromHex('0100000100000000000002000102'));
  assert.deepEqual(first, { ...USUAL_POLICY, terminalCannotProve: 'grace' });
  const { lock } = play(fresh(), order('permit', { ...matching, policy: { terminalCannotProve: 'block' } }));
  assert.deepEqual(lock.lasting.policy, { ...USUAL_POLICY, terminalCannotProve: 'block' });
  assert.deepEqual(lockPolicy.decode(lockPolicy.encode(lock.lasting.policy)), lock.lasting.policy);
});

test('a terminal that authenticates and carries nothing is told of by the next one that can, until the operator answered', () => {
  const policy = { terminalCannotProve: 'permit' } as const;
  const used = play(fresh(policy), { type: 'authenticateAsked' }, { type: 'authenticated' });
  assert.ok(used.lock.lasting.silent);
  assert.equal(play(used.lock, { type: 'authenticateAsked' }).lock, used.lock, 'written once');
  const report = (lock: Lock) => play(lock, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
  const told = report(used.lock);
  assert.deepEqual(told.actions.at(-1), { type: 'report', trigger: 'silence', outcome: proved });
  const issued: LockEvent = { type: 'reportIssued', trigger: 'silence', outstanding: outstanding(proved) };
  const unanswered = report(play(told.lock, issued).lock);
  assert.deepEqual(unanswered.actions.at(-1), { type: 'report', trigger: 'silence', outcome: proved });
  const answered = play(unanswered.lock, issued, order('permit', matching)).lock;
  assert.ok(!answered.lasting.silent);
  assert.deepEqual(names(report(answered).actions), ['recordPairing']);
});

test('a terminal that authenticates while the proof runs, or under a policy that proves later, is not called silent', () => {
  const early = play(booted(), { type: 'authenticateAsked' });
  assert.ok(early.lock.lasting.silent, 'power may go now');
  const proof = play(early.lock, finish(proved));
  assert.ok(!proof.lock.lasting.silent);
  assert.deepEqual(proof.actions.at(-1), { type: 'report', trigger: 'boot', outcome: proved });
  assert.ok(!play(fresh({ proveAtBoot: false }), { type: 'authenticateAsked' }).lock.lasting.silent);
});

test('an order for a policy changes what it names, at once and for good, and nothing else', () => {
  const lock = booted();
  assert.ok(!mayAuthenticate(lock));
  const changed = play(lock, order('setPolicy', { policy: { gate: 'open', proveAtBoot: 0, pairingLocked: 1 } }));
  assert.deepEqual(changed.actions, []);
  assert.deepEqual(changed.lock.lasting.policy, {
    ...lock.lasting.policy,
    gate: 'open',
    proveAtBoot: false,
    pairing: 'locked',
  });
  assert.ok(mayAuthenticate(changed.lock));
});

test('new roots let a block for an unknown root alone be thought over; nothing else is, and what was proved stands', () => {
  const foreign: Outcome = { result: 'refuted', reason: 'foreignRoot' };
  const roots = (change: RootsChange): LockEvent => ({
    type: 'answered',
    answer: { version: 'one', direction: 'answer', order: 'setRoots' },
    roots: change,
  });
  const freed = play(booted(), finish(foreign), roots('others'));
  assert.equal(freed.lock.lasting.block, 'none');
  assert.deepEqual(freed.actions, [{ type: 'prove', trigger: 'operator' }]);
  assert.ok(!mayAuthenticate(freed.lock), 'not before the proof');
  assert.equal(play(freed.lock, finish(foreign)).lock.lasting.block, 'local');
  for (const before of [
    play(booted(), finish(falseImei)),
    play(booted(), finish(foreign), order('block')),
    play(booted(), finish(proved)),
  ])
    for (const event of [roots('others'), roots('fewer'), order('setRoots')]) {
      const after = step(before.lock, event);
      assert.deepEqual([after.lock, after.actions], [before.lock, []]);
    }
  const { lock } = play(booted(), finish(foreign));
  for (const event of [roots('fewer'), order('setRoots')])
    assert.equal(step(lock, event).lock.lasting.block, 'local', 'no root is there that was unknown');
  const running = booted();
  assert.equal(running.proving, 'boot');
  for (const change of ['others', 'fewer'] as const)
    assert.deepEqual(step(running, roots(change)).actions, [{ type: 'prove', trigger: 'boot' }], 'by the roots of now');
  assert.deepEqual(step(running, order('setRoots')).actions, [], 'the same roots');
});

test('another root or certificate of the same support is news, and the same ones are not', () => {
  const [root, certificate] = [fromHex('010203040506'), fromHex('0A0B0C0D0E0F')];
  const meeting = { ...proved, root, certificate };
  const known = play(booted(), finish(meeting), issued(meeting), order('permit', matching)).lock;
  const again = (outcome: Outcome) =>
    names(play(known, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(outcome)).actions);
  assert.ok(!again(meeting).includes('report'));
  assert.ok(again({ ...meeting, certificate: root }).includes('report'));
  assert.ok(again({ ...meeting, root: certificate }).includes('report'));
});

const issued = (outcome = proved, trigger: Trigger = 'boot'): LockEvent => ({
  type: 'reportIssued',
  trigger,
  outstanding: outstanding(outcome),
});

test('a report that cannot be sent now goes again after 1, 2, 4 polls and so on, then once AUTHENTICATE shows that there is service', () => {
  let lock = play(booted(), finish(proved), issued(), unsentReport()).lock;
  for (const polls of [1, 2, 4, 8, 16, 32]) {
    for (let poll = 1; poll <= polls; poll++) {
      const next = step(lock, { type: 'polled' });
      assert.deepEqual(names(next.actions), poll === polls ? ['report'] : []);
      lock = next.lock;
    }
    lock = play(lock, issued(), unsentReport()).lock;
  }
  for (let poll = 0; poll < 100; poll++) assert.equal(step(lock, { type: 'polled' }).lock, lock);
  const { actions } = play(lock, { type: 'authenticated' }, { type: 'polled' });
  assert.deepEqual(actions, [{ type: 'report', trigger: 'boot', outcome: proved }]);
  const newer = play(lock, issued(silent), { type: 'authenticated' }, { type: 'polled' });
  assert.deepEqual(newer.actions, [], 'a newer report was sent: the old one is not');
});

test('a report that is beyond the terminal is not repeated in this power-on, and is still news in the next', () => {
  const { lock } = play(booted({ proveBeforeCall: true }), finish(proved), issued(), unsentReport({ isRefused: true }));
  const used: readonly LockEvent[] = [{ type: 'authenticated' }, { type: 'polled' }, { type: 'polled' }];
  for (const event of used) assert.deepEqual(step(lock, event).actions, []);
  const call = play(lock, ...used, { type: 'callRequested', dialled: DIALLED }, finish(proved));
  assert.deepEqual(names(call.actions), ['recordPairing', 'setUpCall']);
  assert.ok(names(play(lock, order('reportNow'), finish(proved)).actions).includes('report'), 'the operator asked');
  assert.ok(names(play(lock, order('reportNow'), finish(falseImei)).actions).includes('report'), 'something else');
  const next = play(lock, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
  assert.deepEqual(names(next.actions), ['recordPairing', 'report']);
});

test('a report that was due without being news is owed until a terminal sends it', () => {
  const known = play(booted(), finish(proved), issued(), order('permit', matching)).lock;
  for (const trigger of ['operator', 'interval'] as const) {
    const owing = play(known, issued(proved, trigger), unsentReport({ trigger, isRefused: true })).lock;
    assert.equal(owing.lasting.owed, trigger);
    const here = play(
      owing,
      { type: 'profileDownloaded' },
      { type: 'callRequested', dialled: DIALLED },
      finish(proved),
    );
    assert.deepEqual(names(here.actions), ['recordPairing'], 'not in this terminal');
    const next = play(owing, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
    assert.deepEqual(next.actions.at(-1), { type: 'report', trigger, outcome: proved });
    const paid = play(next.lock, issued(proved, trigger), order('permit', matching)).lock;
    assert.equal(paid.lasting.owed, undefined);
    const later = play(paid, { type: 'poweredOn' }, { type: 'profileDownloaded' }, finish(proved));
    assert.deepEqual(names(later.actions), ['recordPairing']);
  }
});
