import type { Scheduler } from '#protocol/smpp/index.ts';

/** Work that is done again and again. */
export interface Repeating {
  /** Does it in so many milliseconds, and again so many after it was done. */
  every(milliseconds: number, act: () => void): void;
  /** Does none of it any more. */
  stop(): void;
}

/** Nothing yet, on this scheduler. */
export function repeating(scheduler: Scheduler): Repeating {
  let isStopped = false;
  const cancels = new Map<() => void, () => void>();
  return {
    every(milliseconds, act) {
      const again = () => {
        if (isStopped) return;
        act();
        cancels.set(act, scheduler.after(milliseconds, again));
      };
      cancels.set(act, scheduler.after(milliseconds, again));
    },
    stop() {
      isStopped = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}
