import type { Clock } from '#base/port/index.ts';

/** How often one peer may ask. */
export interface RateLimit {
  readonly perSecond: number;
  /** Requests at once after a silence. Default: those of one second. */
  readonly burst?: number;
  /** Peers that are remembered; the one first seen is forgotten first. Default 1024. */
  readonly mostPeers?: number;
}

interface Allowance {
  /** Requests that may still come at once. */
  left: number;
  atMs: number;
}

/**
 * Seconds until a peer may ask again, 0 for now; every 0 uses one request of its allowance, which refills with time. A peer that was
 * forgotten starts with a full one, so the limit holds as long as there are fewer peers than are remembered.
 */
export function rateLimit(limit: RateLimit, clock: Clock): (peer: string) => number {
  const { perSecond, burst = perSecond, mostPeers = 1024 } = limit;
  const allowances = new Map<string, Allowance>();

  function allowanceOf(peer: string, nowMs: number): Allowance {
    const known = allowances.get(peer);
    if (known !== undefined) return known;
    const first = allowances.size >= mostPeers ? allowances.keys().next() : undefined;
    if (first?.done === false) allowances.delete(first.value);
    const fresh = { left: burst, atMs: nowMs };
    allowances.set(peer, fresh);
    return fresh;
  }

  return (peer) => {
    const nowMs = clock.now();
    const allowance = allowanceOf(peer, nowMs);
    // A clock set back gives nothing and takes nothing.
    const passedMs = Math.max(nowMs - allowance.atMs, 0);
    allowance.left = Math.min(allowance.left + (passedMs * perSecond) / 1000, burst);
    allowance.atMs = nowMs;
    if (allowance.left < 1) return (1 - allowance.left) / perSecond;
    allowance.left -= 1;
    return 0;
  };
}
