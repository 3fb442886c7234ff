import type { Clock } from '#base/port/index.ts';
import type { ListCount, Register } from '#operator/register/index.ts';

/** How old the lengths of the lists may be that the API shows, in milliseconds: counting millions of entries takes time. */
export const COUNTS_MILLISECONDS = 5000;

/** The same register, whose lists are counted again only after COUNTS_MILLISECONDS. */
export function withKeptCounts(register: Register, clock: Clock): Register {
  let kept: { readonly at: number; readonly counts: readonly ListCount[] } | undefined;
  const counts = () => {
    const now = clock.now();
    // A clock that was put back must not keep a number for longer.
    if (kept === undefined || Math.abs(now - kept.at) >= COUNTS_MILLISECONDS)
      kept = { at: now, counts: register.lists.counts() };
    return kept.counts;
  };
  return { ...register, lists: { ...register.lists, counts } };
}
