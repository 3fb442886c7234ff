import type { Tac } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, text } from '#operator/database/index.ts';
import { fieldsOf, linesOf, MalformedFile, separatorOf } from './csv.ts';
import { fileProblem } from './file-problem.ts';
import { IMPORT_REFUSALS, type ImportRefusal } from './import-refusal.ts';
import { type LineProblem, lineProblem } from './line-problem.ts';
import { type BadLine, badLine, type Chunks } from './list-format/index.ts';
import { checkTexts } from './lists.ts';

/** A type allocation code and whose it is. */
export interface AllocatedTac {
  readonly tac: number;
  readonly maker: string;
  readonly model: string;
}

/** What a file of TACs does, or would do. */
export interface TacLoad {
  readonly outcome: 'applied' | 'dryRun' | 'refused';
  readonly before: number;
  readonly after: number;
  readonly bad: number;
  readonly badLines: readonly BadLine[];
  /** Why it was refused. */
  readonly problem?: string;
  readonly said?: ImportRefusal;
}

/** The table of allocated TACs, when one is loaded: an IMEI of a TAC that it has not is tracked. */
export interface TacTable {
  /** Replaces the table by a file of it (GSMA, Osmocom, or any CSV with a column `tac`). Throws MalformedFile when it is none. */
  load(chunks: Chunks, options: TacLoadOptions): Promise<TacLoad>;
  /** Empties the table: no TAC is suspicious any more. */
  clear(author: string, reason: string): void;
  find(tac: Tac): AllocatedTac | undefined;
  /** True when a table is loaded and has not this TAC. */
  isUnallocated(tac: Tac): boolean;
  count(): number;
  each(): IterableIterator<{ readonly tac: number }>;
}

/** On whose word a table is loaded. */
export interface TacLoadOptions {
  readonly author: string;
  readonly name: string;
  readonly dryRun?: boolean;
  /** Also when the table loses more than a quarter of its TACs. */
  readonly isShrinkAllowed?: boolean;
}

const MOST_TACS = 5_000_000;
const MOST_BAD_LINES = 1000;
const LARGEST_SHRINK = 0.25;
/** Lines before the header: an attribution, a title. */
const MOST_BEFORE_HEADER = 5;
const LONGEST_NAME = 200;
const COLUMNS = ['tac', 'maker', 'model'] as const;
/** Names of the columns, as the tables of GSMA, DIRBS and Osmocom have them. */
const MAKER_NAMES = ['maker', 'manufacturer', 'brand', 'brand_name', 'name'];
const MODEL_NAMES = ['model', 'model_name', 'marketing_name', 'name'];

/** The table in this database. */
export function openTacTable(options: { database: Database; audit: Audit; clock: Clock; feed: ChangeFeed }): TacTable {
  const { database, audit, feed } = options;
  const find = database.query('SELECT tac, maker, model FROM tac WHERE tac = ?', {
    tac: integer,
    maker: text,
    model: text,
  });
  const count = database.query('SELECT count(*) AS number FROM tac', { number: integer });
  const some = database.query('SELECT tac FROM tac LIMIT 1', { tac: integer });
  const every = database.query('SELECT tac FROM tac ORDER BY tac', { tac: integer });
  const empty = database.command('DELETE FROM tac');
  const replace = (
    rows: ReadonlyMap<number, AllocatedTac>,
    author: string,
    detail: Readonly<Record<string, string | number>>,
  ) =>
    database.transaction(() => {
      empty.run();
      database.copyIn('tac', COLUMNS, rowsOf(rows));
      feed.note({ kind: 'setting', key: 'tac' });
      audit.append({ kind: 'setting', author, subject: AUDIT_SUBJECTS.say('tacTable'), detail });
    });
  return {
    async load(chunks, { author, name, dryRun = false, isShrinkAllowed = false }) {
      checkTexts({ author, name });
      const { rows, bad, badLines } = await read(chunks);
      const before = count.only().number;
      const found = { before, after: rows.size, bad, badLines };
      if (dryRun) return { outcome: 'dryRun', ...found };
      if (!isShrinkAllowed && rows.size < before * (1 - LARGEST_SHRINK)) {
        const said = IMPORT_REFUSALS.say('tacsShrink', { before, after: rows.size });
        return { outcome: 'refused', ...found, problem: IMPORT_REFUSALS.words(said), said };
      }
      replace(rows, author, { file: name, before, after: rows.size, bad });
      return { outcome: 'applied', ...found };
    },
    clear(author, reason) {
      checkTexts({ author, reason });
      replace(new Map(), author, { change: 'emptied', reason });
    },
    find: (tac) => find.first(Number(tac.digits)),
    isUnallocated: (tac) => find.first(Number(tac.digits)) === undefined && some.first() !== undefined,
    count: () => count.only().number,
    each: () => every.each(),
  };
}

function* rowsOf(rows: ReadonlyMap<number, AllocatedTac>): Generator<readonly [number, string, string]> {
  for (const { tac, maker, model } of rows.values()) yield [tac, maker, model];
}

interface Header {
  readonly separator: string;
  readonly tac: number;
  readonly maker: number;
  readonly model: number;
}

async function read(chunks: Chunks): Promise<{
  readonly rows: ReadonlyMap<number, AllocatedTac>;
  readonly bad: number;
  readonly badLines: readonly BadLine[];
}> {
  const rows = new Map<number, AllocatedTac>();
  const badLines: BadLine[] = [];
  let bad = 0;
  let header: Header | undefined;
  for await (const { number, text: line } of linesOf(chunks)) {
    if (header === undefined) {
      header = headerOf(line);
      if (header === undefined && number >= MOST_BEFORE_HEADER) throw new MalformedFile(fileProblem('tacNoHeader'));
      continue;
    }
    const row = rowOf(line, header);
    if ('code' in row) {
      bad++;
      if (badLines.length < MOST_BAD_LINES) badLines.push(badLine(number, { problem: row }, line));
    } else if (rows.size >= MOST_TACS) throw new MalformedFile(fileProblem('tacMany', { most: MOST_TACS }));
    else rows.set(row.tac, row);
  }
  if (rows.size === 0) throw new MalformedFile(fileProblem('tacNone'));
  return { rows, bad, badLines };
}

function headerOf(line: string): Header | undefined {
  const separator = separatorOf(line);
  const fields = fieldsOf(line, separator);
  if ('code' in fields) return undefined;
  const names = fields.map((field) => field.trim().toLowerCase().replaceAll(/[ -]/g, '_'));
  const tac = names.indexOf('tac');
  if (tac < 0) return undefined;
  const maker = names.findIndex((name) => MAKER_NAMES.includes(name));
  const model = names.findIndex((name, at) => at !== maker && MODEL_NAMES.includes(name));
  return { separator, tac, maker, model };
}

function rowOf(line: string, { separator, tac, maker, model }: Header): AllocatedTac | LineProblem {
  const fields = fieldsOf(line, separator);
  if ('code' in fields) return fields;
  const digits = fields[tac]?.trim() ?? '';
  if (!/^\d{8}$/.test(digits)) return lineProblem('tacValue', { got: digits.slice(0, 20) });
  const named = (at: number) => (fields[at] ?? '').trim().slice(0, LONGEST_NAME);
  return { tac: Number(digits), maker: named(maker), model: named(model) };
}
