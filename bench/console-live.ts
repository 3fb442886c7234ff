import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { openConsole } from '#console/index.ts';
import { openLaboratory } from '#lab/laboratory/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { browserMissing, takeBrowser } from '#test/console/chromium.ts';
import { smoothness } from './console.ts';
import type { Bench } from './measure.ts';

const NAME = 'bench';

/** The live exchange in Debian's chromium, over a laboratory in this process whose handset never rests. */
export const liveExchange: Bench = {
  name: 'console-live',
  what: 'the live exchange: hops that come, 200 a second, against an idle ladder',
  async run() {
    if (browserMissing !== false) return [{ what: 'not measured', result: browserMissing }];
    const directory = mkdtempSync(join(tmpdir(), 'assay-bench-live-'));
    const lab = await openLaboratory({
      ...{ directory, clock: systemClock, random: seededRandom(NAME), scheduler: systemScheduler },
      ...{ trace: silentTrace, smppPort: 0 },
    });
    const { laboratory } = lab;
    const { browser, release } = await takeBrowser();
    try {
      laboratory.make({ name: NAME });
      await laboratory.powerOn(NAME);
      const { url } = await lab.operator.api.listen({
        port: 0,
        pages: await openConsole(),
        laboratory: (streams) => laboratoryOperations(laboratory, streams),
      });
      const page = await browser.newPage();
      await page.goto(new URL(`/live/${NAME}?hops=all`, url).href);
      await page.getByRole('listbox').getByRole('option').first().waitFor();
      // What a power-on really is, again and again.
      const records = laboratory.exchanges.after(0, 10_000, { handset: NAME }).map(({ record }) => record);
      let at = 0;
      return await smoothness(page, () => {
        const record = records[at++ % records.length];
        if (record !== undefined) laboratory.exchanges.record({ ...record, handset: NAME, at: systemClock.now() });
      });
    } finally {
      release();
      await lab.close();
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
