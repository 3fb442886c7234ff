import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { giveToOwner, makePrivateDirectory } from '#base/port/index.ts';
import type { Database } from './database.ts';
import { DatabaseError, explained } from './database-error.ts';
import { settings } from './settings.ts';
import { SqliteDatabase } from './sqlite.ts';
import { synchronise } from './synchronise.ts';

const DATABASE = 'operator.sqlite';
const MASTER_KEY = 'master.key';
const MARK = 'copyMadeAt';
const RECOVERED = 'recoveredAt';
/** All pages in one step: a step is one read transaction, so writers go on meanwhile and the copy is of one moment. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * When this database was copied, in milliseconds since 1970; undefined for one that is no copy, or that was made fit to work since. Who works
 * with a copy as it is gives counters a second time.
 */
export function copyMadeAt(database: Database): number | undefined {
  const found = settings(database).get(MARK) ?? '';
  return found === '' ? undefined : Number(found);
}

/** The database is no copy any more, but one that was made fit to work at `now`. Joins a transaction. */
export function unmarkCopy(database: Database, now: number): void {
  const kept = settings(database);
  kept.set(MARK, '');
  kept.set(RECOVERED, String(now));
}

/** When a copy was last made fit to work, in milliseconds since 1970; 0: this database was never a copy. */
export const recoveredAt = (database: Database): number => Number(settings(database).get(RECOVERED) ?? 0);

/**
 * Copies the SQLite database of a data directory, as it is at one moment, while others work with it; its master key too when `withKey`. The copy
 * is marked as one of `now`. Throws DatabaseError: no database there, data in `target` already, no room.
 */
export async function copyDataDirectory(options: {
  readonly directory: string;
  readonly target: string;
  readonly withKey: boolean;
  readonly now: number;
}): Promise<void> {
  const { directory, target, withKey, now } = options;
  const taken = [DATABASE, MASTER_KEY].map((name) => join(target, name)).find((path) => existsSync(path));
  if (taken !== undefined)
    throw new DatabaseError(`${taken}: expected a directory without data, got one with; choose another one`);
  await copyFile(join(directory, DATABASE), target, () => now, false);
  if (withKey) copyKey(directory, target);
}

/**
 * Puts a copy where an operator is to work with it; it stays marked. Throws DatabaseError: no copy there, a database in `directory` already, no
 * master key or two different ones.
 */
export async function placeCopy(options: {
  readonly from: string;
  readonly directory: string;
  readonly now: number;
}): Promise<void> {
  const { from, directory, now } = options;
  const there = join(directory, DATABASE);
  if (existsSync(there))
    throw new DatabaseError(
      `${there}: expected no database, got one; stop the operator, move that file aside, try again`,
    );
  const [kept, copied] = [join(directory, MASTER_KEY), join(from, MASTER_KEY)];
  const [hasKey, isCopied] = [existsSync(kept), existsSync(copied)];
  if (!hasKey && !isCopied)
    throw new DatabaseError(`${kept}: expected the master key here or beside the copy; put it there with mode 600`);
  if (hasKey && isCopied && !readFileSync(kept).equals(readFileSync(copied)))
    throw new DatabaseError(
      `${kept}: it is another one than beside the copy; move the one aside that is not of this database`,
    );
  await copyFile(join(from, DATABASE), directory, (before) => before ?? now, true);
  if (!hasKey) copyKey(from, directory);
}

/** A file of SQLite with what its log holds, copied into a directory and marked with what `mark` makes of the mark before. */
async function copyFile(
  path: string,
  target: string,
  mark: (before: number | undefined) => number,
  isAtRest: boolean,
): Promise<void> {
  if (!existsSync(path)) throw new DatabaseError(`${path}: expected a database to copy, got none; name its directory`);
  const copy = join(target, DATABASE);
  try {
    makePrivateDirectory(target);
    const source = openSource(path, isAtRest);
    try {
      await backup(source, copy, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    chmodSync(copy, 0o600);
    giveToOwner(copy);
    const database = new SqliteDatabase(new DatabaseSync(copy), copy);
    settings(database).set(MARK, String(mark(copyMadeAt(database))));
    database.close();
    synchronise(copy);
    synchronise(target);
  } catch (error) {
    throw explained(copy, error);
  }
}

/** `isAtRest`: nobody works with it; without a log it is then read from a medium that cannot be written, too. */
function openSource(path: string, isAtRest: boolean): DatabaseSync {
  if (!isAtRest || existsSync(`${path}-wal`)) return new DatabaseSync(path);
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

function copyKey(from: string, target: string): void {
  const path = join(target, MASTER_KEY);
  const key = readFileSync(join(from, MASTER_KEY));
  writeFileSync(path, key, { mode: 0o600, flag: 'wx', flush: true });
  key.fill(0);
  giveToOwner(path);
  synchronise(target);
}
