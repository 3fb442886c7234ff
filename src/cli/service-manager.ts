import { spawn } from 'node:child_process';
import type { Io } from './io.ts';

/**
 * Tells systemd that a service is ready (sd_notify), when it waits for that. By its own program: Node has no datagram sockets of Unix. Kept
 * when it is told, or when it cannot be: the unit's start timeout then says so.
 */
export function tellReady({ env, warn }: Pick<Io, 'env' | 'warn'>, status: string): Promise<void> {
  if ((env['NOTIFY_SOCKET'] ?? '') === '') return Promise.resolve();
  return new Promise((resolve) => {
    const told = spawn('systemd-notify', ['--ready', `--status=${status}`], {
      stdio: 'ignore',
      env: { ...process.env, ...env },
    });
    told.once('error', (error) => {
      warn(`assay: systemd-notify: ${error.message}: systemd is not told that the service is ready\n`);
      resolve();
    });
    told.once('exit', () => resolve());
  });
}
