import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the house. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where packages are installed. */
export const MODULES = join(ROOT, 'node_modules');
/** The page's sources. */
export const WEB = fileURLToPath(new URL('./web', import.meta.url));
/** Where built pages are, each in a folder named by its sources' hash. Not under version control. */
export const BUILT = join(ROOT, 'dist', 'console');

const HASH_LENGTH = 20;

/** The hash of all that a page is made of: its sources, and the packages by the lock file. Hexadecimal digits. */
export function hashOfSources(): string {
  const hash = createHash('sha256');
  const entries = readdirSync(WEB, { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of [...paths.sort(), join(ROOT, 'package-lock.json')]) {
    const octets = readFileSync(path);
    hash.update(`${path.slice(ROOT.length)}\n${octets.length}\n`).update(octets);
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}
