import { spawn } from 'node:child_process';
import type { Io } from './io.ts';

/** What a service tells. */
type Teller = Pick<Io, 'env' | 'warn' | 'scheduler'>;

/** Beats in the time that systemd waits for one (sd_watchdog_enabled(3) advises two): one that comes late costs nothing. */
const BEATS_PER_WAIT = 3;
const MICROSECONDS_PER_MILLISECOND = 1000;

/**
 * Tells systemd that a service is ready (sd_notify), when it waits for that, and from then on that it lives, when the unit has WatchdogSec. The
 * beats come from the event loop, which waits for every call of the database: they stop when either hangs, and systemd starts the service
 * again. By systemd's own program: Node has no datagram sockets of Unix. Kept when it is told, or when it cannot be: the unit's start timeout
 * then says so. The function kept ends the beats.
 */
export async function tellReady(io: Teller, status: string): Promise<() => void> {
  await tell(io, '--ready', `--status=${status}`);
  return beat(io);
}

/** Begins the beats; the function returned ends them. */
function beat(io: Teller): () => void {
  const wait = Number(io.env['WATCHDOG_USEC'] ?? 0) / MICROSECONDS_PER_MILLISECOND;
  if (!(wait > 0)) return () => {};
  const next = (): (() => void) =>
    io.scheduler.after(wait / BEATS_PER_WAIT, () => {
      void tell(io, 'WATCHDOG=1');
      takeBack = next();
    });
  let takeBack = next();
  return () => takeBack();
}

function tell({ env, warn }: Teller, ...words: readonly string[]): Promise<void> {
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return Promise.resolve();
  return new Promise((resolve) => {
    const told = spawn('systemd-notify', words, { stdio: 'ignore', env: { ...process.env, ...env } });
    told.once('error', (error) => {
      warn(`assay: systemd-notify: ${error.message}: systemd is not told how the service does\n`);
      resolve();
    });
    told.once('exit', () => resolve());
  });
}
