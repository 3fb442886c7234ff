import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openConsole } from '#console/index.ts';
import { openOperator } from '#operator/index.ts';
import { browserMissing, takeBrowser } from '#test/console/chromium.ts';
import type { Bench, Row } from './measure.ts';

const EVENTS_PER_SECOND = 200;
const MEASURED_SECONDS = 10;
/** Events are written so many milliseconds apart, some at once: as a busy operator writes them. */
const ROUND = 20;
const STARTS = 7;
const LIMIT_KILOBYTES = 100;
const LIMIT_START = 1000;
const LONG_FRAME = 50;

/** Counts frames and long tasks in the page from now on; `window.counted` has them. */
const COUNTER = `(() => {
  const counted = { frames: 0, longFrames: 0, longTasks: 0, worst: 0 };
  window.counted = counted;
  let before = performance.now();
  const frame = (now) => {
    const gap = now - before;
    before = now;
    counted.frames += 1;
    if (gap > ${LONG_FRAME}) counted.longFrames += 1;
    if (gap > counted.worst) counted.worst = gap;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => { counted.longTasks += list.getEntries().length; }).observe({ type: 'longtask' });
})()`;

/** Notes when the screen's heading is there, in milliseconds since the navigation began. */
const HEADING = `new MutationObserver((_, observer) => {
  if (document.querySelector('main h1') === null) return;
  window.headingAt = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true })`;

/** Octets of all files of the page as they were sent: packed. */
const OCTETS = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(({ name }) => !name.includes('/api/')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

interface Counted {
  readonly frames: number;
  readonly longFrames: number;
  readonly longTasks: number;
  readonly worst: number;
}

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** Frames of `MEASURED_SECONDS`, while `meanwhile` goes on. */
async function frames(page: Page, meanwhile: () => () => void): Promise<Counted> {
  await page.evaluate(COUNTER);
  const stop = meanwhile();
  await seconds(MEASURED_SECONDS);
  stop();
  return page.evaluate<Counted>('window.counted');
}

/** Milliseconds until the heading stands, and kilobytes that went over the line, of one cold start. */
async function start(browser: Browser, url: string): Promise<{ readonly at: number; readonly kilobytes: number }> {
  const window = await browser.newContext();
  try {
    const page = await window.newPage();
    await page.addInitScript(HEADING);
    await page.goto(url);
    await page.locator('main h1').waitFor();
    await page.getByRole('banner').getByText('Live').waitFor();
    const at = await page.evaluate<number>('window.headingAt');
    const octets = await page.evaluate<number>(OCTETS);
    return { at, kilobytes: octets / 1000 };
  } finally {
    await window.close();
  }
}

/** Frames of a page that is idle, and of the same while `write` is called `EVENTS_PER_SECOND` times a second. */
export async function smoothness(page: Page, write: () => void): Promise<readonly Row[]> {
  const idle = await frames(page, () => () => {});
  const loaded = await frames(page, () => {
    const timer = setInterval(() => {
      for (let count = 0; count < (EVENTS_PER_SECOND * ROUND) / 1000; count++) write();
    }, ROUND);
    return () => clearInterval(timer);
  });
  const perSecond = (one: Counted) => one.frames / MEASURED_SECONDS;
  return [
    {
      what: `frames a second at ${EVENTS_PER_SECOND} events/s (idle: ${perSecond(idle).toFixed(1)})`,
      result: perSecond(loaded).toFixed(1),
      ratio: ratio(perSecond(loaded), perSecond(idle)),
    },
    {
      what: `frames longer than ${LONG_FRAME} ms in ${MEASURED_SECONDS} s (idle: ${idle.longFrames})`,
      result: String(loaded.longFrames),
      ratio: ratio(loaded.longFrames, idle.longFrames),
      goal: '0',
    },
    {
      what: `long tasks in ${MEASURED_SECONDS} s (idle: ${idle.longTasks})`,
      result: String(loaded.longTasks),
      ratio: ratio(loaded.longTasks, idle.longTasks),
      goal: '0',
    },
    { what: `longest frame (idle: ${idle.worst.toFixed(0)} ms)`, result: `${loaded.worst.toFixed(0)} ms` },
  ];
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const ratio = (loaded: number, idle: number): string => (idle === 0 ? `${loaded} : 0` : (loaded / idle).toFixed(2));

async function measured(browser: Browser, url: string, write: () => void): Promise<readonly Row[]> {
  const starts = [];
  for (let count = 0; count < STARTS; count++) starts.push(await start(browser, url));
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole('banner').getByText('Live').waitFor();
  await seconds(2);
  const smooth = await smoothness(page, write);
  return [
    {
      what: 'first page, compressed, with its chunks',
      result: `${median(starts.map(({ kilobytes }) => kilobytes)).toFixed(1)} kB`,
      goal: `< ${LIMIT_KILOBYTES} kB`,
    },
    {
      what: `navigation to the screen's heading (median of ${STARTS} cold starts)`,
      result: `${median(starts.map(({ at }) => at)).toFixed(0)} ms`,
      goal: `< ${LIMIT_START} ms`,
    },
    ...smooth,
  ];
}

/** The console in Debian's chromium, over an operator in this process. */
export const consolePage: Bench = {
  name: 'console',
  what: `the page: its size, its start, and ${EVENTS_PER_SECOND} events a second on the live overview against an idle one`,
  async run() {
    if (browserMissing !== false) return [{ what: 'not measured', result: browserMissing }];
    const dataDirectory = mkdtempSync(join(tmpdir(), 'assay-bench-console-'));
    const operator = openOperator({ dataDirectory });
    const { browser, release } = await takeBrowser();
    try {
      const { url } = await operator.api.listen({ port: 0, pages: await openConsole() });
      let number = 0;
      return await measured(browser, url, () => {
        number += 1;
        operator.audit.append({ kind: 'check', author: 'bench', subject: String(number), detail: { reason: 'bench' } });
      });
    } finally {
      release();
      await operator.close();
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  },
};
