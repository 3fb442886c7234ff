import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConsoleFiles, readFiles } from './files.ts';
import { BUILT, hashOfSources, MODULES, ROOT } from './place.ts';

/** Why there is no console, and what to do. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
}

const BUILDER = fileURLToPath(new URL('./build.ts', import.meta.url));
const DRAFT = '.draft-';
/** Characters of the builder's complaint that are passed on. */
const COMPLAINT = 2000;

/** Runs the builder in a process of its own. Rejects with what it said. */
function runBuilder(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const builder = spawn(process.execPath, [BUILDER, folder], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    builder.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, COMPLAINT);
    });
    builder.on('error', reject);
    builder.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new ConsoleError(`the console could not be built:\n${said.trim()}`));
    });
  });
}

/** Moves a finished page to its place. Two processes may do so at once: the pages are the same, and the first one stays. */
function settle(draft: string, place: string): void {
  try {
    renameSync(draft, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

/** Pages of other sources, which nobody opens any more. */
function removeOthers(built: string, hash: string): void {
  for (const name of readdirSync(built))
    if (name !== hash && !name.startsWith(DRAFT)) rmSync(join(built, name), { recursive: true, force: true });
}

async function build(hash: string, { built, modules }: Required<Places>): Promise<void> {
  if (!existsSync(join(modules, 'vite')))
    throw new ConsoleError(
      'the console is not built, and its bundler is not installed: run `npm ci && npm run build` here, ' +
        'or bring the folder dist/console from where this same version was built',
    );
  mkdirSync(built, { recursive: true });
  const draft = mkdtempSync(join(built, DRAFT));
  try {
    await runBuilder(draft);
    chmodSync(draft, 0o755); // whoever serves it later may be another user
    settle(draft, join(built, hash));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOthers(built, hash);
}

/** Where things are, when not in their usual places. */
export interface Places {
  /** Where built pages are kept. */
  readonly built?: string;
  /** Where packages are installed. */
  readonly modules?: string;
}

/** True when the page of these sources is built: then a start needs no builder. */
export const isConsoleBuilt = ({ built = BUILT }: Places = {}): boolean => existsSync(join(built, hashOfSources()));

/**
 * The files of the console. Built first when its sources or packages changed since the last time; that takes a second or two, once.
 * Rejects with ConsoleError, which says what to do, when that is not possible.
 */
export async function openConsole({ built = BUILT, modules = MODULES }: Places = {}): Promise<ConsoleFiles> {
  const hash = hashOfSources();
  const place = join(built, hash);
  if (!existsSync(place)) await build(hash, { built, modules });
  return readFiles(place);
}
