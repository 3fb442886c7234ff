import type { Clock } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { Shedding } from './equipment-status.ts';

/** How late this process may run. */
export interface OverloadLimits {
  /** Lateness at which the least important requests are refused, milliseconds. */
  readonly startMs: number;
  /** Lateness at which all but priority 0 are. */
  readonly fullMs: number;
  readonly retryAfterSeconds: number;
}

/** 50 ms late is noticed by nobody, 500 ms by everybody. */
export const OVERLOAD_LIMITS: OverloadLimits = { startMs: 50, fullMs: 500, retryAfterSeconds: 2 };

/** What is known about the load: the smoothed lateness of a timer, in milliseconds. */
export interface Overload {
  readonly latenessMs: number;
  readonly shedding: Shedding;
}

/** Nothing is late, nothing refused. */
export function noOverload({ retryAfterSeconds }: OverloadLimits): Overload {
  return { latenessMs: 0, shedding: { refusedFrom: 32, retryAfterSeconds } };
}

/** Share of a new measure in the smoothed one: rises at once, falls slowly, so that refusing does not flicker. */
const RISING = 0.5;
const FALLING = 0.1;

/**
 * The load after a timer came `latenessMs` too late, which is how long requests wait unread. Between the two limits the refused
 * priorities grow evenly from 31 alone to all but 0 (TS 29.500 6.4 and 6.8.4).
 */
export function afterTimer(before: Overload, measuredMs: number, limits: OverloadLimits): Overload {
  const share = measuredMs > before.latenessMs ? RISING : FALLING;
  const { startMs, fullMs, retryAfterSeconds } = limits;
  // More than twice the limit says nothing more, and a clock that was set is forgotten soon.
  const latenessMs = before.latenessMs + share * (Math.min(measuredMs, 2 * fullMs) - before.latenessMs);
  const severity = Math.min(Math.max((latenessMs - startMs) / (fullMs - startMs), 0), 1);
  const refusedFrom = latenessMs < startMs ? 32 : Math.max(31 - Math.floor(31 * severity), 1);
  return { latenessMs, shedding: { refusedFrom, retryAfterSeconds } };
}

/** Measures how late this process runs, and says what to refuse. */
export interface LoadMonitor {
  readonly shedding: () => Shedding;
  /** 0 to 100, for the NRF: the share of the lateness at which all is refused. */
  readonly load: () => number;
  /** Measures no more. */
  stop(): void;
}

/** Milliseconds between two measures. */
const MEASURE_MS = 100;

/** Starts measuring: a timer that comes late was kept waiting by the requests before it, as the next request is. */
export function loadMonitor(options: {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly limits: OverloadLimits;
}): LoadMonitor {
  const { clock, scheduler, limits } = options;
  let overload = noOverload(limits);
  let stop = (): void => {};
  const measure = (): void => {
    const dueMs = clock.now() + MEASURE_MS;
    stop = scheduler.after(MEASURE_MS, () => {
      overload = afterTimer(overload, Math.max(clock.now() - dueMs, 0), limits);
      measure();
    });
  };
  measure();
  return {
    shedding: () => overload.shedding,
    load: () => Math.min((100 * overload.latenessMs) / limits.fullMs, 100),
    stop: () => stop(),
  };
}
