// The console over a laboratory that runs, with its acts played: what every test of the live exchange begins with.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { openConsole } from '#console/index.ts';
import { ACTS, CAST, openWorld, type World } from '#lab/demo/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { cookieOf, endAll, type Opened, openWindow } from './browser.ts';
import { browserMissing, takeBrowser } from './chromium.ts';

/** A laboratory and a browser to look at it. */
export interface LaboratoryPage {
  readonly world: World;
  /** Opens an address of the console in a window of its own. */
  open(path?: string, opened?: Opened): Promise<Page>;
}

/**
 * Tests in a browser over one laboratory whose first three acts were played; with `isSignInNeeded` people sign in there, as the role that they
 * are opened with. `isOperatorAlone`: the same world, but its console is that of an operator, which knows of no laboratory. Skipped, visibly,
 * where there is no browser.
 */
export function laboratoryTests(
  isSignInNeeded = false,
  isOperatorAlone = false,
): (name: string, body: (page: LaboratoryPage) => Promise<void>) => void {
  const directory = mkdtempSync(join(tmpdir(), 'assay-console-laboratory-'));
  let world: World | undefined;
  let url = '';
  before(async () => {
    if (browserMissing !== false) return;
    const parts = { clock: systemClock, random: seededRandom('console'), scheduler: systemScheduler };
    const opened = await openWorld({
      ...parts,
      directory,
      trace: silentTrace,
      smppPort: 0,
      site: { laboratory: !isSignInNeeded },
    });
    world = opened;
    const theft = { list: 'black', reason: 'stolen', author: 'test' } as const;
    opened.operator.register.lists.add({ imei: CAST.stolen.flash, ...theft });
    for (const act of ACTS.slice(0, 3)) await act.play(opened);
    const laboratory = (streams: Parameters<typeof laboratoryOperations>[1]) =>
      laboratoryOperations(opened.laboratory, streams);
    const address = await opened.operator.api.listen({
      ...{ port: 0, pages: await openConsole() },
      ...(!isOperatorAlone && { laboratory }),
    });
    ({ url } = address);
  });
  after(async () => {
    await world?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return (name, body) => {
    test(name, { skip: browserMissing }, async (context) => {
      const opened = world;
      if (opened === undefined) throw new Error('the laboratory is not open');
      const { browser, release } = await takeBrowser();
      const endings: (() => Promise<void>)[] = [];
      context.after(async () => {
        await endAll(endings).finally(release);
      });
      await body({
        world: opened,
        open: (path = '/live', how = {}) =>
          openWindow(
            { browser, url, endings },
            path,
            how,
            how.role && (() => cookieOf(opened.operator, url, how.role ?? 'viewer')),
          ),
      });
    });
  };
}
