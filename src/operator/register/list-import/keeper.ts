import type { Scheduler } from '#protocol/smpp/index.ts';
import type { BatchPorts } from './batch.ts';
import type { ImportRuns } from './runs.ts';
import { settleAbandoned } from './settling.ts';

/** How often it is looked for what dead processes left. */
const LOOK_MILLISECONDS = 5000;

/** Looks after imports of all processes: what one that died has left is named so and taken back, also when nobody imports again. */
export interface ImportKeeper {
  /** Begins. `onFailure` hears of a database that does not answer; it is tried again. */
  start(onFailure: (error: unknown) => void): void;
  /** Ends; what is left to do is taken up by the next one. */
  close(): Promise<void>;
}

class Closed extends Error {}

/** The keeper of a register's imports. */
export function openImportKeeper(ports: BatchPorts, runs: ImportRuns, scheduler: Scheduler): ImportKeeper {
  let isClosed = false;
  let stop = () => {};
  let looking: Promise<void> = Promise.resolve();
  const look = async (onFailure: (error: unknown) => void) => {
    try {
      runs.endAbandoned();
      const afterEach = () => {
        if (isClosed) throw new Closed();
      };
      await settleAbandoned(ports, { mayLive: true, afterEach });
    } catch (error) {
      if (!(error instanceof Closed)) onFailure(error);
    }
    if (!isClosed) stop = scheduler.after(LOOK_MILLISECONDS, () => begin(onFailure));
  };
  const begin = (onFailure: (error: unknown) => void) => {
    looking = look(onFailure);
  };
  return {
    start(onFailure) {
      stop = scheduler.after(LOOK_MILLISECONDS, () => begin(onFailure));
    },
    async close() {
      isClosed = true;
      stop();
      await looking;
    },
  };
}
