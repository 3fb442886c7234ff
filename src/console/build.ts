// The builder: a process of its own, so that what a bundler does to a process is gone with it. Argument: the folder to fill.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { BROTLI_ENDING, GZIP_ENDING } from './files.ts';
import { WEB } from './place.ts';

/** Packed files must be smaller by this, or they are not worth a second copy. */
const WORTH = 0.95;

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    envDir: false,
    root: WEB,
    publicDir: false,
    base: '/',
    logLevel: 'error',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      // What the licences of the packages inside ask for.
      license: { fileName: 'licenses.md' },
    },
  });
}

function pack(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const octets = readFileSync(path);
    const brotli = brotliCompressSync(octets, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: octets.length } });
    if (brotli.length < octets.length * WORTH) writeFileSync(path + BROTLI_ENDING, brotli);
    const gzip = gzipSync(octets, { level: 9 });
    if (gzip.length < octets.length * WORTH) writeFileSync(path + GZIP_ENDING, gzip);
  }
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected the folder to fill');
await bundle(folder);
pack(folder);
