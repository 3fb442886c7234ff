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
  const latenessMs = before.latenessMs + share * (measuredMs - before.latenessMs);
  const { startMs, fullMs, retryAfterSeconds } = limits;
  const severity = Math.min(Math.max((latenessMs - startMs) / (fullMs - startMs), 0), 1);
  const refusedFrom = latenessMs < startMs ? 32 : Math.max(31 - Math.floor(31 * severity), 1);
  return { latenessMs, shedding: { refusedFrom, retryAfterSeconds } };
}
