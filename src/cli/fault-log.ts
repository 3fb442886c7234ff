import type { Io } from './io.ts';

/** A fault that goes on is told once in so long, with how often it was meanwhile: a database that is away fails every request. */
const TOLD_AGAIN_MILLISECONDS = 60_000;
/** Different faults remembered. */
const MOST_FAULTS = 100;

/** Tells the faults of a service on standard error, each a line; one that repeats fills no journal. */
export function faultLog({ clock, warn }: Pick<Io, 'clock' | 'warn'>): (error: unknown) => void {
  const told = new Map<string, { at: number; silent: number }>();
  return (error) => {
    const text = error instanceof Error ? error.message : String(error);
    const before = told.get(text);
    const now = clock.now();
    if (before !== undefined && now - before.at < TOLD_AGAIN_MILLISECONDS) {
      before.silent++;
      return;
    }
    if (told.size >= MOST_FAULTS) told.clear();
    told.set(text, { at: now, silent: 0 });
    const again = before === undefined || before.silent === 0 ? '' : ` (${before.silent} times more since it was told)`;
    warn(`assay: ${text}${again}\n`);
  };
}
