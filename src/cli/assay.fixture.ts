import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import type { Io } from './io.ts';
import { runAssay } from './program.ts';

/** A data directory of this test's own, gone when it ends. */
export function dataDirectory(context: TestContext): string {
  const data = mkdtempSync(join(tmpdir(), 'assay-cli-'));
  context.after(() => rmSync(data, { recursive: true }));
  return data;
}

/** A world for one command over a data directory, its chance drawn from `seed`, and what the command prints there. */
export function worldOf(data: string, seed: string, more: Partial<Io> = {}) {
  const printed = { out: '', err: '' };
  const io: Io = {
    env: { ASSAY_DATA: data },
    async write(text) {
      printed.out += text;
    },
    warn(text) {
      printed.err += text;
    },
    isColoured: false,
    stdin: (async function* () {})(),
    clock: fixedClock(Date.UTC(2026, 10, 24)),
    random: seededRandom(seed),
    scheduler: systemScheduler,
    userName: 'tester',
    interrupted: () => new Promise(() => {}),
    exitCode: 0,
    ...more,
  };
  return { io, printed };
}

/** A command in this process over a data directory: its status and what it printed. `more` takes the place of parts of its world. */
export async function assayIn(data: string, args: readonly string[], seed = args.join(' '), more: Partial<Io> = {}) {
  const { io, printed } = worldOf(data, seed, more);
  const status = await runAssay(args, io);
  return { status, ...printed };
}
