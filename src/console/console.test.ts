import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readFiles } from './files.ts';
import { ConsoleError, openConsole } from './index.ts';

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'assay-console-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('the page is built once, also by two at once, and what was built of other sources goes', async (context) => {
  const built = folderOf(context);
  mkdirSync(join(built, 'older'));
  const [one, two] = await Promise.all([openConsole({ built }), openConsole({ built })]);
  assert.deepEqual(one.paths, two.paths);
  const names = readdirSync(built);
  assert.equal(names.length, 1, `${names}`);
  const marker = join(built, names[0] ?? '', 'licenses.md');
  rmSync(marker);
  await openConsole({ built, modules: '/nowhere' });
  assert.ok(!existsSync(marker), 'it is not built again, and needs no packages then');
});

test('every file has its type, its packed twins say the same, and what is named by its content is said to be', async (context) => {
  const { start, paths, find } = await openConsole({ built: folderOf(context) });
  assert.equal(find('/'), start);
  assert.equal(start.type, 'text/html; charset=utf-8');
  assert.equal(find('/nothing'), undefined);
  const script = paths.find((path) => path.endsWith('.js')) ?? '';
  assert.ok(find(script)?.isNamedByContent);
  assert.ok(!start.isNamedByContent);
  for (const path of paths) {
    const file = find(path);
    assert.ok(file !== undefined, path);
    if (file.brotli) assert.deepEqual(new Uint8Array(brotliDecompressSync(file.brotli)), new Uint8Array(file.octets));
    if (file.gzip) assert.deepEqual(new Uint8Array(gunzipSync(file.gzip)), new Uint8Array(file.octets));
  }
  assert.ok(start.brotli, 'a page of some length is packed');
  assert.ok(
    !/<script(?![^>]* src=)|<style|https?:/.test(new TextDecoder().decode(start.octets)),
    'the policy would stop it',
  );
});

test('where it cannot be built, it says what to do', async (context) => {
  const places = { built: folderOf(context), modules: '/nowhere' };
  await assert.rejects(
    openConsole(places),
    (error) => error instanceof ConsoleError && /npm run build/.test(error.message),
  );
});

test('a folder without a page, or with a file of no known type, is an error', (context) => {
  const folder = folderOf(context);
  assert.throws(() => readFiles(folder), /no \/index\.html/);
  writeFileSync(join(folder, 'a.exe'), '');
  assert.throws(() => readFiles(folder), /no known type: \/a\.exe/);
});
