import { POR_STATUS, type PorStatus } from './por-status.ts';
import type { CounterMode } from './security-parameters.ts';

/** Octets of a counter. */
export const COUNTER_LENGTH = 5;
/** The last counter value, FFFFFFFFFF: a key set that has reached it takes no more packets. */
export const COUNTER_LIMIT = 2 ** (8 * COUNTER_LENGTH) - 1;

/** Where a receiver keeps the last counter it accepted, one for each key set of each owner of TARs, through power cuts. */
export interface CounterStore {
  /** The last value accepted under a key set; 0 when there was none, so the first packet carries 1. */
  last(keySet: number, tar: Uint8Array): number;
  /** Keeps a value. When it returns, the value must survive a power cut: the packet is executed only afterwards. */
  store(keySet: number, counter: number, tar: Uint8Array): void;
}

/**
 * What a receiver makes of a counter (TS 102 225 5.1.4): `ok`, low, high, or blocked when the last one was the limit.
 */
export function counterStatus(mode: CounterMode, received: number, last: number): PorStatus {
  if (last >= COUNTER_LIMIT) return POR_STATUS.counterBlocked;
  if (received <= last) return POR_STATUS.counterLow;
  return mode === 'exactlyOneHigher' && received !== last + 1 ? POR_STATUS.counterHigh : POR_STATUS.ok;
}
