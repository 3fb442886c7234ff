import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import {
  type ChangeFeed,
  type Database,
  flag,
  integer,
  nullable,
  oneOf,
  scratchDatabase,
  text,
} from '#operator/database/index.ts';
import { MalformedFile } from './csv.ts';
import { LIST_REASONS, LISTS, type ListName, type ListReason } from './list-entry.ts';
import { type BadLine, listLines } from './list-file.ts';
import { checkTexts, ENTRY_COLUMNS, REPLACING_ENTRY, reconsideration } from './lists.ts';

/** Entries written in one transaction. */
const BATCH_ENTRIES = 1000;
/** Bad lines that are kept with their reason; further ones are counted. */
const MOST_BAD_LINES = 1000;
/** Changes one file may make unless the caller raises the limit. */
export const DEFAULT_CHANGE_LIMIT = 10_000;
/** Own subscribers one file may hit unless the caller raises the limit. */
export const DEFAULT_SUBSCRIBER_LIMIT = 100;

/** A full list that loses more than this part of its entries is taken for a broken file, unless the caller sets a limit (facts/eir.md 8.3). */
const LARGEST_SHRINK = 0.25;

/** How to read a list file, and on whose word. */
export interface ImportOptions {
  readonly list: ListName;
  /** Whose list it is; only entries of this source are changed. */
  readonly source: string;
  readonly author: string;
  /** The name of the file, for the log. */
  readonly name: string;
  /** `delta`: the lines are changes (default). `full`: what this source had listed and the file does not hold is removed. */
  readonly kind?: 'delta' | 'full';
  /** For lines that name none; default `stolen` for the black list, else `other`. */
  readonly reason?: ListReason;
  readonly caseReference?: string;
  /** For lines that name none. */
  readonly expiresAt?: number;
  /** Only show the effect. */
  readonly dryRun?: boolean;
  /** Most entries that may be added, removed or changed; default DEFAULT_CHANGE_LIMIT, and no full list may lose a quarter. */
  readonly changeLimit?: number;
  /** Most own subscribers whose proved IMEI may come onto a list; default DEFAULT_SUBSCRIBER_LIMIT. */
  readonly subscriberLimit?: number;
}

/** What a file does, or would do. */
export interface ImportEffect {
  /** Lines with content, the header not counted. */
  readonly lines: number;
  readonly added: number;
  readonly removed: number;
  /** Listed already, with another reason, case or expiry. */
  readonly updated: number;
  readonly alreadyThere: number;
  /** Removals of what was not listed. */
  readonly notThere: number;
  /** Further lines about an IMEI of the same file; the last one counts. */
  readonly duplicates: number;
  /** Lines whose status says the case is not decided. */
  readonly notInForce: number;
  readonly bad: number;
  /** The first bad lines with their reasons. */
  readonly badLines: readonly BadLine[];
  /** UICCs that have proved an IMEI which this file lists anew. */
  readonly subscribersHit: number;
  /** Entries of this list and source before and after. */
  readonly before: number;
  readonly after: number;
}

/** The end of an import. Only `applied` has changed anything; `refused` and `malformed` say why in `problem`. */
export type ImportResult =
  | { readonly outcome: 'applied'; readonly effect: ImportEffect; readonly batch: number }
  | { readonly outcome: 'dryRun'; readonly effect: ImportEffect }
  | { readonly outcome: 'refused'; readonly effect: ImportEffect; readonly problem: string }
  | { readonly outcome: 'malformed'; readonly problem: string };

/**
 * Reads a list file as it arrives, shows its effect, and unless that is too large (or only a dry run) applies it in transactions of
 * BATCH_ENTRIES. Bad lines are reported and skipped; a file that is no list changes nothing. A process killed meanwhile leaves whole
 * transactions: the same import again does the rest.
 */
export async function importList(
  database: Database,
  ports: { readonly audit: Audit; readonly clock: Clock; readonly feed: ChangeFeed },
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportResult> {
  const { source, author, name, caseReference = '' } = options;
  checkTexts({ source, author, name, caseReference });
  const staging = new Staging(database, options);
  try {
    await staging.read(chunks);
    const effect = staging.effect();
    if (options.dryRun === true) return { outcome: 'dryRun', effect };
    const problem = tooMuch(effect, options);
    if (problem !== undefined) return { outcome: 'refused', effect, problem };
    return { outcome: 'applied', effect, batch: staging.apply(effect, ports) };
  } catch (error) {
    if (error instanceof MalformedFile) return { outcome: 'malformed', problem: error.message };
    throw error;
  } finally {
    staging.close();
  }
}

function tooMuch(effect: ImportEffect, options: ImportOptions): string | undefined {
  const changes = effect.added + effect.removed + effect.updated;
  const most = options.changeLimit ?? DEFAULT_CHANGE_LIMIT;
  if (changes > most)
    return `the file changes ${changes} entries, the limit is ${most}; look at the effect, then raise the limit if it is right`;
  if (options.changeLimit === undefined && options.kind === 'full' && effect.removed > effect.before * LARGEST_SHRINK)
    return `the file removes ${effect.removed} of ${effect.before} entries, a broken file? If it is right, set the limit of changes`;
  const hits = options.subscriberLimit ?? DEFAULT_SUBSCRIBER_LIMIT;
  if (effect.subscribersHit > hits)
    return `the file hits ${effect.subscribersHit} of our own subscribers, the limit is ${hits}; look at it, then raise the limit`;
  return undefined;
}

const STAGED = {
  imei: integer,
  remove: flag,
  reason: oneOf(...LIST_REASONS),
  note: text,
  caseReference: text,
  expiresAt: nullable(integer),
};

/** 14 digits as the change feed names an IMEI. */
const digitsOf = (imei: number | undefined): string => String(imei ?? 0).padStart(14, '0');
const LAST_IMEI = '9'.repeat(14);

type Action = 'added' | 'removed' | 'updated';

/** The file's lines, one for each IMEI, in a private database until they are compared and applied. */
class Staging {
  readonly #database: Database;
  readonly #options: ImportOptions;
  readonly #scratch = scratchDatabase(
    `CREATE TABLE line (imei INTEGER PRIMARY KEY, remove INTEGER NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL,
       case_reference TEXT NOT NULL, expires_at INTEGER) STRICT;
     CREATE TABLE action (imei INTEGER PRIMARY KEY, action TEXT NOT NULL) STRICT;`,
  );
  readonly #badLines: BadLine[] = [];
  readonly #counts = {
    lines: 0,
    added: 0,
    removed: 0,
    updated: 0,
    alreadyThere: 0,
    notThere: 0,
    duplicates: 0,
    notInForce: 0,
    bad: 0,
    subscribersHit: 0,
  };

  constructor(database: Database, options: ImportOptions) {
    this.#database = database;
    this.#options = options;
  }

  close(): void {
    this.#scratch.close();
  }

  async read(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    const known = this.#scratch.query('SELECT imei FROM line WHERE imei = ?', { imei: integer });
    const put = this.#scratch.command('INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?, ?, ?)');
    const counts = this.#counts;
    const standard = this.#options.reason ?? (this.#options.list === 'black' ? 'stolen' : 'other');
    for await (const line of listLines(chunks)) {
      counts.lines++;
      if ('problem' in line) this.#bad(line);
      else if (!line.inForce) counts.notInForce++;
      else {
        if (known.first(line.imei.number) !== undefined) counts.duplicates++;
        put.run(
          line.imei.number,
          line.change === 'remove',
          line.reason ?? standard,
          line.note,
          line.caseReference || (this.#options.caseReference ?? ''),
          line.expiresAt ?? this.#options.expiresAt,
        );
      }
    }
    if (counts.lines > 0 && counts.bad === counts.lines)
      throw new MalformedFile(
        `no line can be used; the first: line ${this.#badLines[0]?.number}: ${this.#badLines[0]?.problem}`,
      );
  }

  #bad(line: BadLine): void {
    this.#counts.bad++;
    if (this.#badLines.length < MOST_BAD_LINES) this.#badLines.push(line);
  }

  /** Compares with what is listed and notes for each IMEI what has to be done. */
  effect(): ImportEffect {
    const { list, source } = this.#options;
    const counts = this.#counts;
    const note = this.#scratch.command('INSERT INTO action VALUES (?, ?)');
    const listed = this.#database.query(
      'SELECT reason, note, case_reference, expires_at FROM list_entry WHERE imei = ? AND list = ? AND source = ?',
      { reason: text, note: text, caseReference: text, expiresAt: nullable(integer) },
    );
    const subscribers = this.#database.query('SELECT count(*) AS number FROM uicc_state WHERE proved_imei = ?', {
      number: integer,
    });
    for (const line of this.#scratch.query('SELECT * FROM line', STAGED).each()) {
      const entry = listed.first(line.imei, list, source);
      const action = actionOf(line, entry);
      if (action === 'alreadyThere' || action === 'notThere') counts[action]++;
      else {
        counts[action]++;
        note.run(line.imei, action);
        if (action === 'added') counts.subscribersHit += subscribers.only(line.imei).number;
      }
    }
    if (this.#options.kind === 'full') this.#noteMissing(list, source);
    const before = this.#database
      .query('SELECT count(*) AS number FROM list_entry WHERE list = ? AND source = ?', { number: integer })
      .only(list, source).number;
    return { ...counts, badLines: this.#badLines, before, after: before + counts.added - counts.removed };
  }

  #noteMissing(list: ListName, source: string): void {
    const known = this.#scratch.query('SELECT imei FROM line WHERE imei = ?', { imei: integer });
    const note = this.#scratch.command('INSERT INTO action VALUES (?, ?)');
    const all = this.#database.query('SELECT imei FROM list_entry WHERE list = ? AND source = ?', { imei: integer });
    for (const { imei } of all.each(list, source)) {
      if (known.first(imei) !== undefined) continue;
      note.run(imei, 'removed');
      this.#counts.removed++;
    }
  }

  /** Applies the actions; returns the number of the batch. */
  apply(
    effect: ImportEffect,
    { audit, clock, feed }: { readonly audit: Audit; readonly clock: Clock; readonly feed: ChangeFeed },
  ): number {
    const { list, source, author, name } = this.#options;
    const { added, removed, updated, bad } = effect;
    const database = this.#database;
    const batch = database.transaction(() => {
      const { id } = database
        .query(
          "INSERT INTO list_batch (at, list, source, author, name, state, bad) VALUES (?, ?, ?, ?, ?, 'running', ?) RETURNING id",
          { id: integer },
        )
        .only(clock.now(), list, source, author, name, bad);
      audit.append({
        kind: 'list',
        author,
        subject: name,
        detail: { change: 'import begun', batch: id, list, source },
      });
      return id;
    });
    this.#applyAll(batch, clock.now(), feed);
    database.transaction(() => {
      database
        .command("UPDATE list_batch SET state = 'done', added = ?, removed = ?, updated = ? WHERE id = ?")
        .run(added, removed, updated, batch);
      const detail = { change: 'imported', batch, list, source, added, removed, updated, bad };
      audit.append({ kind: 'list', author, subject: name, detail });
    });
    return batch;
  }

  #applyAll(batch: number, now: number, feed: ChangeFeed): void {
    const { list, source, author } = this.#options;
    const page = this.#scratch.query(
      'SELECT action.imei, action, reason, note, case_reference, expires_at FROM action LEFT JOIN line USING (imei) ' +
        'WHERE action.imei > ? ORDER BY action.imei LIMIT ?',
      {
        imei: integer,
        action: oneOf<Action>('added', 'removed', 'updated'),
        reason: nullable(oneOf(...LIST_REASONS)),
        note: nullable(text),
        caseReference: nullable(text),
        expiresAt: nullable(integer),
      },
    );
    const keep = this.#database.command(
      `INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
       SELECT ?, ${ENTRY_COLUMNS} FROM list_entry WHERE imei = ? AND list = ? AND source = ?`,
    );
    const take = this.#database.command('DELETE FROM list_entry WHERE imei = ? AND list = ? AND source = ?');
    const put = this.#database.command(
      `INSERT INTO list_entry (${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ${REPLACING_ENTRY}`,
    );
    const reconsider = reconsideration(this.#database);
    for (let after = -1; ; ) {
      const rows = page.all(after, BATCH_ENTRIES);
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.imei;
      this.#database.transaction(() => {
        for (const row of rows) {
          if (row.action !== 'added') keep.run(batch, row.imei, list, source);
          if (row.action === 'removed') take.run(row.imei, list, source);
          else
            put.run(row.imei, list, source, row.reason, row.note, row.caseReference, author, now, row.expiresAt, batch);
          reconsider(row.imei);
        }
        feed.note({ kind: 'imei', key: digitsOf(rows[0]?.imei), lastKey: digitsOf(last.imei), batch });
      });
    }
  }
}

interface Compared {
  readonly reason: string;
  readonly note: string;
  readonly caseReference: string;
  readonly expiresAt: number | undefined;
}

function actionOf(
  line: Compared & { readonly remove: boolean },
  entry: Compared | undefined,
): Action | 'alreadyThere' | 'notThere' {
  if (line.remove) return entry === undefined ? 'notThere' : 'removed';
  if (entry === undefined) return 'added';
  const same =
    entry.reason === line.reason &&
    entry.note === line.note &&
    entry.caseReference === line.caseReference &&
    entry.expiresAt === line.expiresAt;
  return same ? 'alreadyThere' : 'updated';
}

/** A file that was imported. */
export interface ImportedFile {
  readonly batch: number;
  readonly at: number;
  readonly list: ListName;
  readonly source: string;
  readonly author: string;
  readonly name: string;
  /** `running`: begun and not finished (the process died, or it runs now); the same import again does the rest. */
  readonly state: 'running' | 'done' | 'undone';
  readonly added: number;
  readonly removed: number;
  readonly updated: number;
  readonly bad: number;
}

/** The newest imported files. */
export function importedFiles(database: Database, most: number): readonly ImportedFile[] {
  return database
    .query('SELECT id AS batch, * FROM list_batch ORDER BY id DESC LIMIT ?', {
      batch: integer,
      at: integer,
      list: oneOf(...LISTS),
      source: text,
      author: text,
      name: text,
      state: oneOf('running', 'done', 'undone'),
      added: integer,
      removed: integer,
      updated: integer,
      bad: integer,
    })
    .all(most);
}

/**
 * Takes back what an import did: what it added goes, what it removed or replaced returns as it was. Entries changed since by someone else
 * stay. Returns how many entries changed; throws RangeError when there is no such batch or it was undone before.
 */
export function undoImport(
  database: Database,
  { audit, feed }: { readonly audit: Audit; readonly feed: ChangeFeed },
  what: { readonly batch: number; readonly author: string; readonly reason: string },
): number {
  const { batch, author, reason } = what;
  checkTexts({ author, reason });
  const found = database.query('SELECT state FROM list_batch WHERE id = ?', { state: text });
  return database.transaction(() => {
    const state = found.first(batch)?.state;
    if (state === undefined || state === 'undone')
      throw new RangeError(`batch ${batch}: expected an import that still stands, got ${state ?? 'none'}`);
    database
      .command(
        `INSERT INTO reconsideration (imei) SELECT proved_imei FROM uicc_state WHERE proved_imei IN
         (SELECT imei FROM list_entry WHERE batch = ?1 UNION SELECT imei FROM list_history WHERE batch = ?1) ON CONFLICT (imei) DO NOTHING`,
      )
      .run(batch);
    // What goes is kept too: every node's memory has to learn which numbers that were.
    const newest = database.query('SELECT max(id) AS id FROM list_history', { id: nullable(integer) }).only().id ?? 0;
    database
      .command(
        `INSERT INTO list_history (batch, imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch)
         SELECT ?1, ${ENTRY_COLUMNS} FROM list_entry WHERE batch = ?1`,
      )
      .run(batch);
    const gone = database.command('DELETE FROM list_entry WHERE batch = ?').run(batch).changes;
    const back = database
      .command(
        `INSERT INTO list_entry (${ENTRY_COLUMNS})
         SELECT imei, list, source, reason, note, case_reference, author, added_at, expires_at, entry_batch
         FROM list_history WHERE batch = ? AND id <= ? ORDER BY id ON CONFLICT (imei, list, source) DO NOTHING`,
      )
      .run(batch, newest).changes;
    database.command("UPDATE list_batch SET state = 'undone' WHERE id = ?").run(batch);
    // All that it touched: which numbers those were, its history knows.
    feed.note({ kind: 'imei', key: digitsOf(0), lastKey: LAST_IMEI, batch });
    audit.append({ kind: 'list', author, subject: `batch ${batch}`, detail: { change: 'undone', reason, gone, back } });
    return gone + back;
  });
}
