import { type Database, text } from '#operator/database/index.ts';
import { IMPORT_REFUSALS, type ImportRefusal } from '../import-refusal.ts';
import { dirbsFileName } from '../list-format/index.ts';
import type { ImportOptions } from './options.ts';

/** Newest imports of a source that are looked at: the files of one delta, and the one before. */
const LOOKED_AT = 10;

/** The options of a file whose name says what its lines do, as they do not say it themselves; whoever says it is believed. */
export function withNamedChange(options: ImportOptions): ImportOptions {
  const change = dirbsFileName(options.name)?.delta?.change;
  return change === undefined || options.change !== undefined ? options : { ...options, change };
}

/**
 * What is wrong when a delta of DIRBS-Core does not fit on what its source last brought: it leads from one run to another, and fits on no
 * other one (facts/eir.md 8.2). Undefined when it fits, when nothing is known, and for every other file.
 */
export function deltaGap(database: Database, { name, source }: ImportOptions): ImportRefusal | undefined {
  const found = dirbsFileName(name);
  if (found?.delta === undefined) return undefined;
  const { base, run } = found.delta;
  const names = database.query(
    "SELECT name FROM list_batch WHERE source = ? AND state = 'done' ORDER BY id DESC LIMIT ?",
    { name: text },
  );
  const before = names
    .all(source, LOOKED_AT)
    .map((row) => dirbsFileName(row.name))
    .find((one) => one?.list === found.list && one.operator === found.operator);
  const last = before?.delta;
  if (last === undefined || last.run === base || (last.run === run && last.base === base)) return undefined;
  return IMPORT_REFUSALS.say('deltaGap', { base, run, source, last: last.run });
}
