import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the page. */
export interface ConsoleFile {
  /** Content-Type. */
  readonly type: string;
  readonly octets: Uint8Array;
  /** The same, packed; left out where packing gains nothing. */
  readonly brotli?: Uint8Array;
  readonly gzip?: Uint8Array;
  /** Its content's hash. */
  readonly tag: string;
  /** The name has that hash in it: such a file never changes. */
  readonly isNamedByContent: boolean;
}

/** All files of a built page, in memory. */
export interface ConsoleFiles {
  /** The file at a path such as `/assets/overview-1a2b3c4d.js`. */
  find(path: string): ConsoleFile | undefined;
  /** The page itself. */
  readonly start: ConsoleFile;
  /** Every path there is. */
  readonly paths: readonly string[];
}

/** Endings of the packed twins that the build leaves beside each file. */
export const BROTLI_ENDING = '.br';
export const GZIP_ENDING = '.gz';
const START = '/index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads a built page. Throws when the folder has no page, or a file of a type that nobody declared. */
export function readFiles(folder: string): ConsoleFiles {
  const found = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    found.set(`/${relative(folder, full).split(sep).join('/')}`, readFileSync(full));
  }
  const files = new Map<string, ConsoleFile>();
  for (const [path, octets] of found) {
    const ending = extname(path);
    if (ending === BROTLI_ENDING || ending === GZIP_ENDING) continue;
    const type = TYPES[ending];
    if (type === undefined) throw new Error(`the page has a file of no known type: ${path}`);
    const [brotli, gzip] = [found.get(path + BROTLI_ENDING), found.get(path + GZIP_ENDING)];
    files.set(path, {
      ...{ type, octets },
      ...(brotli && { brotli }),
      ...(gzip && { gzip }),
      tag: createHash('sha256').update(octets).digest('base64url').slice(0, 22),
      isNamedByContent: path.startsWith('/assets/'),
    });
  }
  const start = files.get(START);
  if (start === undefined) throw new Error(`no ${START} in ${folder}`);
  return { start, paths: [...files.keys()], find: (path) => files.get(path === '/' ? START : path) };
}
