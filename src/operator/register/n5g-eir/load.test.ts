import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedClock } from '#base/port/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { ABUSE_LIMITS, type AbuseRecord, abuseAfter, excess, noAbuse } from './abuse.ts';
import { afterTimer, loadMonitor, noOverload, OVERLOAD_LIMITS } from './overload.ts';
import { rateLimit } from './rate-limit.ts';

test('a peer may ask as often as its limit, and others are not concerned', () => {
  const clock = fixedClock(1_000_000);
  const mustWait = rateLimit({ perSecond: 10, burst: 3 }, clock);
  assert.deepEqual(
    [1, 2, 3].map(() => mustWait('a')),
    [0, 0, 0],
  );
  assert.equal(mustWait('a'), 0.1);
  assert.equal(mustWait('b'), 0);
  clock.advance(100);
  assert.deepEqual([mustWait('a'), mustWait('a')], [0, 0.1]);
  clock.advance(-50_000); // a clock set back neither gives nor takes
  assert.equal(mustWait('a'), 0.1);
  clock.advance(3_600_000);
  assert.deepEqual(
    [1, 2, 3].map(() => mustWait('a')),
    [0, 0, 0],
  );
  assert.ok(mustWait('a') > 0);
});

test('the memory of peers is bounded: the first seen is forgotten', () => {
  const mustWait = rateLimit({ perSecond: 1, mostPeers: 2 }, fixedClock(0));
  assert.deepEqual(
    ['a', 'a', 'b', 'c', 'b', 'a'].map((peer) => mustWait(peer) > 0),
    [false, true, false, false, true, false],
  );
});

test('lateness: nothing is refused below the start, all but priority 0 at the end, and it falls slowly', () => {
  let load = noOverload(OVERLOAD_LIMITS);
  assert.equal(load.shedding.refusedFrom, 32);
  load = afterTimer(load, 90, OVERLOAD_LIMITS);
  assert.deepEqual([load.latenessMs, load.shedding.refusedFrom], [45, 32]);
  load = afterTimer(load, 65, OVERLOAD_LIMITS);
  assert.deepEqual([load.latenessMs, load.shedding.refusedFrom], [55, 31]);
  for (let time = 0; time < 20; time++) load = afterTimer(load, 10_000, OVERLOAD_LIMITS);
  assert.equal(load.shedding.refusedFrom, 1);
  const seen: number[] = [];
  for (let time = 0; time < 100; time++) {
    load = afterTimer(load, 0, OVERLOAD_LIMITS);
    seen.push(load.shedding.refusedFrom);
  }
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.deepEqual([seen[5], seen.at(-1)], [1, 32]);
  assert.ok(new Set(seen).size > 10, 'the way back has steps');
});

test('a timer that comes late is load; one in time, or a clock set back, is none', () => {
  const clock = fixedClock(0);
  const scheduler = manualScheduler(0);
  const monitor = loadMonitor({ clock, scheduler, limits: OVERLOAD_LIMITS });
  const pass = (lateMs: number) => {
    clock.advance(100 + lateMs);
    scheduler.advance(100);
  };
  for (const lateMs of [0, 0, -5000]) pass(lateMs);
  assert.deepEqual([monitor.load(), monitor.shedding().refusedFrom], [0, 32]);
  pass(250);
  assert.deepEqual([monitor.load(), monitor.shedding().refusedFrom], [25, 26]);
  for (let time = 0; time < 10; time++) pass(3_600_000);
  assert.deepEqual([monitor.load(), monitor.shedding().refusedFrom], [100, 1]);
  monitor.stop();
  for (let time = 0; time < 100; time++) pass(0);
  assert.equal(monitor.load(), 100);
});

test('abuse is counted by the second, unread answers for the whole connection', () => {
  const many = (from: AbuseRecord, times: number, atMs: number, abuse: Parameters<typeof abuseAfter>[1]) =>
    Array.from({ length: times }).reduce<AbuseRecord>((record) => abuseAfter(record, abuse, atMs), from);
  const fresh = noAbuse(0);
  assert.equal(excess(fresh, ABUSE_LIMITS), undefined);
  for (const [abuse, limit] of [
    ['reset', ABUSE_LIMITS.resetsPerSecond],
    ['control frame', ABUSE_LIMITS.controlFramesPerSecond],
    ['unauthorised', ABUSE_LIMITS.unauthorisedPerSecond],
    ['unread answer', ABUSE_LIMITS.unreadAnswers],
  ] as const) {
    const full = many(fresh, limit, 500, abuse);
    assert.equal(excess(full, ABUSE_LIMITS), undefined, abuse);
    assert.equal(excess(abuseAfter(full, abuse, 999), ABUSE_LIMITS), abuse);
    const later = excess(abuseAfter(full, abuse, 1000), ABUSE_LIMITS);
    assert.equal(later, abuse === 'unread answer' ? abuse : undefined);
  }
});
