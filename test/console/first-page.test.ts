import assert from 'node:assert/strict';
import { consoleTest } from './browser.ts';

const MOST_OCTETS = 100_000;

interface Loaded {
  readonly name: string;
  /** Octets of the body as they were sent: packed. */
  readonly encodedBodySize: number;
}

consoleTest(
  'the first page is small, comes from the operator alone, and is not fetched twice',
  async ({ url, open }) => {
    const page = await open('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.getByRole('banner').getByText('Live').waitFor();
    const loaded = await page.evaluate<readonly Loaded[]>(
      `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map(({ name, encodedBodySize }) => ({ name, encodedBodySize }))`,
    );
    for (const { name } of loaded) assert.ok(name.startsWith(url), name);
    const files = loaded.filter(({ name }) => !name.includes('/api/'));
    assert.ok(files.length > 3, 'a page, its style, its program, its words');
    const octets = files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    assert.ok(octets > 5000 && octets < MOST_OCTETS, `${octets} octets, compressed`);
    assert.equal(new Set(files.map(({ name }) => name)).size, files.length, 'no file twice');
  },
);
