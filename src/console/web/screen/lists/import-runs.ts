import { useEffect, useState } from 'preact/hooks';
import { type AnswerOf, read } from '../../api/client.ts';
import { openStream } from '../../api/stream.ts';
import { now } from '../../clock.ts';

/** A file under way, or one that ended while somebody looked on. */
export type ImportRun = AnswerOf<'GET /api/v1/import-runs'>['runs'][number];

/** Runs that are shown at most. */
const MOST = 20;
/** One that ended so lately is still told to whoever comes back to the page; milliseconds. */
const LATELY = 120_000;
const AGAIN = 3000;

const isLate = ({ state, endedAt }: ImportRun): boolean =>
  state === 'running' || (endedAt !== undefined && now() - Date.parse(endedAt) < LATELY);

/**
 * Imports under way, whoever runs them and wherever: those that run when the page opens, then all as they go on, newest first. A line that
 * breaks is taken up again where it was.
 */
export function useImportRuns(): readonly ImportRun[] {
  const [runs, setRuns] = useState<ReadonlyMap<number, ImportRun>>(new Map());
  useEffect(() => {
    let isGone = false;
    let stop = () => {};
    const take = (come: readonly ImportRun[]) =>
      setRuns((before) => {
        const after = new Map(before);
        for (const run of come) after.set(run.run, run);
        return after;
      });
    const begin = async () => {
      const answer = await read('/api/v1/import-runs', { query: { limit: MOST } });
      if (isGone) return;
      if (!answer.ok) {
        const timer = setTimeout(() => void begin(), AGAIN);
        stop = () => clearTimeout(timer);
        return;
      }
      take(answer.value.runs.filter(isLate));
      const stream = openStream('/api/v1/import-runs/stream', answer.value.version);
      // The data of this stream are runs, as the document says.
      stream.listen((happenings) => take(happenings.map(({ data }) => data as ImportRun)));
      stop = () => stream.close();
    };
    void begin();
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  return [...runs.values()].toSorted((a, b) => b.run - a.run);
}
