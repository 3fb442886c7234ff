// The console in a real browser, over a real operator: what every test of a screen begins with. See src/console/README.md.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import type { Msisdn } from '#base/identity/index.ts';
import { openConsole } from '#console/index.ts';
import type { UserRole } from '#operator/access/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import type { CardOrder } from '#operator/subscriber/index.ts';
import { temporaryDirectory } from '#test/operator/databases.ts';
import { cardOrder } from '#test/operator/operator.ts';
import { testUicc } from '#test/operator/uicc.ts';
import { browserMissing, takeBrowser } from './chromium.ts';

/** How a page is opened. */
export interface Opened {
  /** As whom: signed in as the user `the <role>`. Without one, as whoever sits at this machine, who may look while there is no user. */
  readonly role?: UserRole;
  readonly language?: 'en' | 'fr';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Complaints in the browser's console that this test brings about, and that are no fault of the page. */
  readonly expectedComplaints?: RegExp;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Where screenshots go; none are made without it. */
const SCREENSHOTS = process.env['ASSAY_SCREENSHOTS'];
const NARROW = 400;
/** Of every user that a test signs in as. */
export const PASSWORD = 'correct horse battery staple';

/** An operator on this machine's clock, with an SMSC that takes everything; `stop` and `start` again are what a restart is. */
function startOperator(context: TestContext) {
  const directory = temporaryDirectory(context);
  const open = () =>
    openOperator({
      dataDirectory: directory,
      centre: { submit: async () => ({ outcome: 'accepted', messageId: '1' }) },
      gateway: { contact: '12345', rateLimit: { burst: 1000, refillMilliseconds: 1 } },
      api: { address: { burst: 1e6, perSecond: 1e6 }, token: { burst: 1e6, perSecond: 1e6 }, pollMilliseconds: 20 },
    });
  let operator = open();
  let port = 0;
  let isOpen = true;
  let issued = 0;
  const listen = async () => {
    const address = await operator.api.listen({ port, pages: await openConsole() });
    port = address.port;
    return address.url;
  };
  const stop = async () => {
    if (!isOpen) return;
    isOpen = false;
    await operator.close();
  };
  return {
    /** The operator as it is now: another one after a restart. */
    get operator() {
      return operator;
    },
    listen,
    stop,
    async start() {
      operator = open();
      isOpen = true;
      return listen();
    },
    /** As `start`, but `happens` is over before anybody can look again. */
    async restartUnseen(happens: () => Promise<void>) {
      operator = open();
      isOpen = true;
      await happens();
      return listen();
    },
    /** Issues the next UICC and gives its card side. */
    issue(more: Partial<CardOrder> = {}) {
      issued += 1;
      const card = operator.subscribers.issueCard(cardOrder(issued, more));
      return { card, ...card, uicc: testUicc(card) };
    },
    /** Delivers a message from a UICC, and waits for what is sent because of it. */
    async receive({ card }: { card: { readonly msisdn: Msisdn } }, userData: Uint8Array) {
      operator.gateway.receive(card.msisdn.digits, userData);
      await operator.gateway.settled();
    },
  };
}

/** An operator that serves the console, and a browser to look at it. */
export type ConsoleWorld = Awaited<ReturnType<typeof openWorld>>;

async function openWorld(context: TestContext) {
  const made = startOperator(context);
  const url = await made.listen();
  const { browser, release } = await takeBrowser();
  /** What is to be done with each window at the end. */
  const endings: (() => Promise<void>)[] = [];
  context.after(async () => {
    // The windows first: a page that sees its server go complains, and rightly.
    try {
      await endAll(endings);
    } finally {
      release();
      await made.stop();
    }
  });
  return {
    ...made,
    get operator() {
      return made.operator;
    },
    url,
    /** Opens an address of the console in a window of its own, as a person of its own. What the page complains of fails the test. */
    open: (path = '/', opened: Opened = {}): Promise<Page> =>
      openWindow(
        { browser, url, endings },
        path,
        opened,
        opened.role === undefined ? undefined : () => cookieOf(made.operator, url, opened.role as UserRole),
      ),
  };
}

/** The cookie of a new session of the user of this role, who is made when there is none yet. */
export async function cookieOf({ people: { users, sessions } }: Operator, url: string, role: UserRole) {
  const name = `the ${role}`;
  const user =
    users.named(name) ?? (await users.create({ name, role, password: PASSWORD, author: 'root', reason: 'test' }));
  const { secret } = sessions.begin({ user, method: 'password', address: '127.0.0.1', agent: 'test' });
  return { name: 'assay', value: secret, url };
}

/** Ends all, whatever one of them complains of; rejects with the first complaint. */
export async function endAll(endings: readonly (() => Promise<void>)[]): Promise<void> {
  const ended = await Promise.allSettled(endings.map((end) => end()));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** Opens an address in a window of its own; what the page complains of fails the test when the window is closed. */
export async function openWindow(
  where: { readonly browser: Browser; readonly url: string; readonly endings: (() => Promise<void>)[] },
  path: string,
  opened: Opened,
  cookie?: () => Promise<{ readonly name: string; readonly value: string; readonly url: string }>,
): Promise<Page> {
  const { language = 'en', theme = 'light', width = 1280, height = 800, expectedComplaints } = opened;
  const window = await where.browser.newContext({ locale: language, colorScheme: theme, viewport: { width, height } });
  if (cookie !== undefined) await window.addCookies([await cookie()]);
  const page = await window.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  where.endings.push(async () => {
    await window.close();
    const unexpected = complaints.filter((complaint) => expectedComplaints?.test(complaint) !== true);
    assert.deepEqual(unexpected, [], 'the page complained');
  });
  await page.goto(new URL(path, where.url).href);
  return page;
}

/** A test in a browser. Skipped, visibly, where there is none. */
export function consoleTest(name: string, body: (world: ConsoleWorld, context: TestContext) => Promise<void>): void {
  test(name, { skip: browserMissing }, async (context) => body(await openWorld(context), context));
}

/** Asserts that axe finds nothing against WCAG 2.2 AA in what the page shows now, in either theme. */
export async function assertAccessible(page: Page, ...except: readonly string[]): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const options = {
      runOnly: WCAG,
      resultTypes: ['violations'],
      rules: Object.fromEntries(except.map((rule) => [rule, { enabled: false }])),
    };
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join('\n')}`,
    );
    assert.deepEqual(found, [], `axe, ${colorScheme}`);
  }
}

/** Photographs of what the page shows now, if ASSAY_SCREENSHOTS names a folder: both themes, wide and narrow. To be looked at. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of new Set([size.width, NARROW])) {
      await page.setViewportSize({ ...size, width });
      const path = join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: 'light' });
}
