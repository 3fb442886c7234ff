import type { Clock } from '#base/port/index.ts';
import type { ListCount } from '#operator/register/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { ApiSources } from './sources.ts';

/** How old numbers may be that the API shows of lists, orders and UICCs, in milliseconds: counting millions takes time. */
export const COUNTS_MILLISECONDS = 5000;
/** Between two looks whether lists changed, and between two steps of counting what did. */
const LOOK_MILLISECONDS = 1000;
const STEP_MILLISECONDS = 2;

/** What is counted, and again only after COUNTS_MILLISECONDS. */
function kept<Counts>(clock: Clock, count: () => Counts): () => Counts {
  let last: { readonly at: number; readonly counts: Counts } | undefined;
  return () => {
    const now = clock.now();
    // A clock that was put back must not keep a number for longer.
    if (last === undefined || Math.abs(now - last.at) >= COUNTS_MILLISECONDS) last = { at: now, counts: count() };
    return last.counts;
  };
}

/** The same sources, whose lists, orders and UICCs are not counted for each who asks. */
export function withKeptCounts(sources: ApiSources): ApiSources {
  const { register, gateway, evidence, subscribers, clock } = sources;
  const { lists, positions } = register;
  const counts = kept(clock, (): readonly ListCount[] => {
    const entries = positions.entries();
    if (entries === undefined) return lists.counts();
    return lists.expired().map(({ list, number }) => ({ list, entries: entries.get(list) ?? 0, expired: number }));
  });
  const orders = kept(clock, () => gateway.outbox.counts());
  return {
    ...sources,
    register: { ...register, lists: { ...lists, counts } },
    gateway: { ...gateway, outbox: { ...gateway.outbox, counts: orders } },
    evidence: { ...evidence, levels: kept(clock, () => evidence.levels()) },
    subscribers: { ...subscribers, count: kept(clock, () => subscribers.count()) },
  };
}

/** Keeps the positions of the lists counted, from now until the function that comes back is called. */
export function keepCounted(
  { register, onFailure }: Pick<ApiSources, 'register' | 'onFailure'>,
  scheduler: Scheduler,
): () => void {
  let stop = () => {};
  const step = () => {
    let pause = LOOK_MILLISECONDS;
    try {
      if (!register.positions.count()) pause = STEP_MILLISECONDS;
    } catch (error) {
      // A database that is away for a while: whoever asks for it is told, too.
      onFailure(error);
    }
    stop = scheduler.after(pause, step);
  };
  step();
  return () => stop();
}
