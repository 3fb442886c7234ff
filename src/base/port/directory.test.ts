import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePrivateDirectory } from './index.ts';

test('a directory is made with those above it, for its owner alone; where none can be made, that is an error and not for ever', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'assay-directory-'));
  context.after(() => rmSync(root, { recursive: true }));
  const deep = join(root, 'a', 'b', 'c');
  makePrivateDirectory(deep);
  makePrivateDirectory(deep);
  assert.equal(statSync(deep).mode & 0o777, 0o700);
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => makePrivateDirectory(join(root, 'file', 'below')), { code: 'ENOTDIR' });
  if (process.platform === 'linux') assert.throws(() => makePrivateDirectory('/proc/none/below'), { code: 'ENOENT' });
});
