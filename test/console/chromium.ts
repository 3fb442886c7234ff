// Debian's chromium, one process for all tests of this process.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** Why browser tests are skipped, or false. On a build machine a missing browser is a failure, elsewhere a visible skip. */
export const browserMissing =
  existsSync(PROGRAM) || process.env['CI'] ? false : 'no browser: install the package chromium (Debian)';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long the browser stays after the last test that used it, in milliseconds: the next one comes soon or never. */
const LINGER = 1500;

let running: Promise<Browser> | undefined;
let users = 0;
let ending: NodeJS.Timeout | undefined;

async function launch(): Promise<Browser> {
  const home = mkdtempSync(join(tmpdir(), 'assay-chromium-'));
  // As root, as in a container, Chromium has no sandbox; it loads nothing but our own page here.
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: FLAGS,
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...process.env, HOME: home },
  });
  browser.on('disconnected', () => rmSync(home, { recursive: true, force: true }));
  return browser;
}

/** Takes the browser; call `release` when done with it. */
export async function takeBrowser(): Promise<{ readonly browser: Browser; release(): void }> {
  clearTimeout(ending);
  users += 1;
  running ??= launch();
  const browser = await running;
  return {
    browser,
    release() {
      users -= 1;
      if (users > 0) return;
      ending = setTimeout(() => {
        running = undefined;
        void browser.close();
      }, LINGER);
    },
  };
}
