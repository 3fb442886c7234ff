import { silentTrace, type Trace } from '#base/trace/index.ts';
import { ladderTrace } from '#lab/ladder/index.ts';
import { type Io, tells } from './io.ts';

/** Every hop on standard error, when the log level asks for it. */
export function trafficTrace(io: Io): Trace {
  if (!tells(io, 'traffic')) return silentTrace;
  const style = { since: io.clock.now(), isColoured: false };
  return ladderTrace(
    (line) => io.warn(`${line}\n`),
    style,
    () => true,
  );
}
