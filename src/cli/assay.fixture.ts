import { fixedClock, seededRandom } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { runAssay } from './program.ts';

/** A command in this process over a data directory, its chance drawn from `seed`: its status and what it printed. */
export async function assayIn(data: string, args: readonly string[], seed = args.join(' ')) {
  const printed = { out: '', err: '' };
  const status = await runAssay(args, {
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
  });
  return { status, ...printed };
}
