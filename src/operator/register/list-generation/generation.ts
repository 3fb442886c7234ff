import { Imei } from '#base/identity/index.ts';
import { RefusalError } from '#base/sentence/index.ts';
import { AUDIT_SUBJECTS, type Audit } from '#operator/audit/index.ts';
import { type ChangeFeed, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { csvField } from '../csv.ts';
import { DELTA_NAMES, dirbsFileNameText } from '../list-format/index.ts';
import { checkTexts } from '../lists.ts';
import { REGISTER_REFUSALS } from '../refusals.ts';
import {
  byKey,
  endOf,
  type GeneratedLine,
  type GeneratedList,
  type LineSources,
  standingLines,
} from './standing-lines.ts';

const LISTS = ['blacklist', 'exceptions', 'notifications'] as const satisfies readonly GeneratedList[];
/** Days from a handset's coming onto the grey list to the block that its subscribers are told of. */
export const NOTICE_DAYS = { standard: 60, most: 3650 } as const;

/** A run that was not written to for so long has lost its process. */
const ABANDONED_MILLISECONDS = 15_000;
/** A run that finds nothing to write says that it lives so often. */
const TOUCH_MILLISECONDS = 1000;
/** Lines written in one transaction, read at a time, and compared between two looks at what else there is to do. */
const LINES_TOGETHER = 1000;
/** Passes over lists that change meanwhile, until one sees them stand still. */
const MOST_PASSES = 3;
const MOST_RUNS = 1000;

/** A run: what stood in the lists at one time. */
export interface GeneratedRun {
  /** Its number, which deltas name. */
  readonly run: number;
  readonly at: number;
  readonly author: string;
  /** The newest change of the register that it knows. */
  readonly sequence: number;
  readonly state: 'running' | 'done' | 'abandoned';
}

/** A file of a run, piece by piece; it is written once. */
export interface GeneratedFile {
  readonly name: string;
  readonly pieces: Iterable<string>;
}

/** A line that is another in a later run; `what`: the delta's file it stands in. */
export interface DeltaLine {
  readonly what: string;
  readonly line: GeneratedLine;
}

/** How a run is written. */
export interface FileOptions {
  /** The operator that the lists of pairs are for. */
  readonly operator: string;
  /** The run that the deltas are from; without, there are none. */
  readonly base?: number;
  /** 15: with the check digit (their generate_check_digit). */
  readonly imeiDigits?: 14 | 15;
}

/** Numbered runs of the lists. */
export interface ListGeneration {
  /**
   * Writes down what the lists say now, as the next run. `noticeDays`: between a handset's coming onto the grey list and the block that its
   * subscribers are told of. Throws RangeError while another run is being written.
   */
  generate(by: { readonly author: string; readonly noticeDays: number }): Promise<GeneratedRun>;
  /** The newest runs, at most `most` (1000). */
  runs(most: number): readonly GeneratedRun[];
  /** The files of a run. Throws RangeError for a run or base that is not whole, a base that is not before the run, a name that is none. */
  files(run: number, options: FileOptions): readonly GeneratedFile[];
  /** The lines of a run. */
  lines(list: GeneratedList, run: number): Iterable<GeneratedLine>;
  /** What is another in `run` than it was in `base`. */
  delta(list: GeneratedList, base: number, run: number): Iterable<DeltaLine>;
}

const LINE = { imei: integer, imsi: text, msisdn: text, blockDate: text, reasons: text };
const LINE_COLUMNS = 'imei, imsi, msisdn, block_date, reasons';
const KEY_ORDER = 'ORDER BY imei, imsi, msisdn';

/** The runs in this database. */
export function openListGeneration(options: LineSources & { audit: Audit; feed: ChangeFeed }): ListGeneration {
  const { database } = options;
  const run = {
    run: integer,
    at: integer,
    author: text,
    sequence: integer,
    state: oneOf('running', 'done', 'abandoned'),
  };
  const select = (where: string) =>
    database.query(`SELECT id AS run, at, author, sequence, state FROM list_run ${where}`, run);
  const [newest, one] = [select('ORDER BY id DESC LIMIT ?'), select('WHERE id = ?')];
  const whole = (number: number, name: string): GeneratedRun => {
    const found = one.first(number);
    if (found?.state === 'done') return found;
    throw new RefusalError(
      REGISTER_REFUSALS.say(
        found === undefined ? 'runIsMissing' : found.state === 'running' ? 'runIsRunning' : 'runIsAbandoned',
      ),
      `${name} ${number}`,
    );
  };
  const lines = (list: GeneratedList, number: number) =>
    database
      .query(
        `SELECT ${LINE_COLUMNS} FROM list_run_line WHERE list = ?1 AND first_run <= ?2 AND (end_run IS NULL OR end_run > ?2) ${KEY_ORDER}`,
        LINE,
      )
      .each(list, number);
  const generation: ListGeneration = {
    generate: (by) => generate(options, by, (number) => whole(number, 'run')),
    runs: (most) => newest.all(Math.min(most, MOST_RUNS)),
    lines,
    delta: (list, base, number) => deltaLines(database, list, base, number),
    files(number, { operator, base, imeiDigits = 14 }) {
      const { at } = whole(number, 'run');
      if (!/^[A-Za-z0-9-]{1,32}$/.test(operator))
        throw new RefusalError(REGISTER_REFUSALS.say('badOperator', { came: operator.slice(0, 40) }), 'operator');
      if (base !== undefined && whole(base, 'base').run >= number)
        throw new RefusalError(REGISTER_REFUSALS.say('baseNotBefore', { run: number, base }), `base ${base}`);
      return LISTS.flatMap((list) => filesOf(generation, list, { run: number, at, operator, base, imeiDigits }));
    },
  };
  return generation;
}

/** `20261124_120000` of a time, in UTC. */
const fileDate = (at: number): string =>
  new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');

function filesOf(
  generation: ListGeneration,
  list: GeneratedList,
  of: {
    readonly run: number;
    readonly at: number;
    readonly operator: string;
    readonly base: number | undefined;
    readonly imeiDigits: 14 | 15;
  },
): readonly GeneratedFile[] {
  const { run, base, imeiDigits } = of;
  const named = { list, operator: list === 'blacklist' ? undefined : of.operator, date: fileDate(of.at) };
  const written = function* (lines: Iterable<GeneratedLine>): Generator<string> {
    yield csvLine(COLUMNS[list]);
    for (const line of lines) yield csvLine(COLUMNS[list].map((column) => FIELDS[column](line, imeiDigits)));
  };
  const full = {
    name: dirbsFileNameText({ ...named, delta: undefined }),
    pieces: written(generation.lines(list, run)),
  };
  if (base === undefined) return [full];
  const only = function* (what: string) {
    for (const changed of generation.delta(list, base, run)) if (changed.what === what) yield changed.line;
  };
  return [
    full,
    ...DELTA_NAMES[list].map(({ what, change }) => ({
      name: dirbsFileNameText({ ...named, delta: { base, run, what, change } }),
      pieces: written(only(what)),
    })),
  ];
}

const COLUMNS = {
  blacklist: ['imei', 'block_date', 'reasons'],
  exceptions: ['imei', 'imsi', 'msisdn'],
  notifications: ['imei', 'imsi', 'msisdn', 'block_date', 'reasons'],
} as const satisfies Readonly<Record<GeneratedList, readonly (keyof typeof FIELDS)[]>>;
const FIELDS = {
  imei: ({ imei }: GeneratedLine, digits: 14 | 15) =>
    digits === 15 ? Imei.fromNumber(imei).withCheckDigit : Imei.fromNumber(imei).equipment,
  imsi: ({ imsi }: GeneratedLine) => imsi,
  msisdn: ({ msisdn }: GeneratedLine) => msisdn,
  block_date: ({ blockDate }: GeneratedLine) => blockDate,
  reasons: ({ reasons }: GeneratedLine) => reasons,
} as const;
const csvLine = (fields: readonly string[]): string => `${fields.map(csvField).join(',')}\r\n`;

/** What a line that is there in the later run alone, or says something else, stands under. */
const BEGIN = { blacklist: 'blocked', exceptions: 'added', notifications: 'new' } as const;

interface KeptLine extends GeneratedLine {
  readonly firstRun: number;
  readonly endRun: number | undefined;
  readonly endCause: string | undefined;
}

function* deltaLines(database: Database, list: GeneratedList, base: number, run: number): Generator<DeltaLine> {
  // What stood in both and was never touched is left out.
  const rows = database.query(
    `SELECT ${LINE_COLUMNS}, first_run, end_run, end_cause FROM list_run_line
     WHERE list = ?1 AND first_run <= ?3 AND (end_run IS NULL OR end_run > ?2) AND (first_run > ?2 OR end_run <= ?3)
     ${KEY_ORDER}, first_run, id`,
    { ...LINE, firstRun: integer, endRun: nullable(integer), endCause: nullable(text) },
  );
  let open: KeptLine[] = [];
  for (const row of rows.each(list, base, run)) {
    if (open[0] !== undefined && byKey(open[0], row) !== 0) {
      yield* deltaOf(open, list, base, run);
      open = [];
    }
    open.push(row);
  }
  yield* deltaOf(open, list, base, run);
}

/** The difference that the lines of one key make. */
function* deltaOf(kept: readonly KeptLine[], list: GeneratedList, base: number, run: number): Generator<DeltaLine> {
  const standing = (at: number) =>
    kept.find(({ firstRun, endRun }) => firstRun <= at && (endRun === undefined || endRun > at));
  const [before, after] = [standing(base), standing(run)];
  if (after !== undefined) {
    const isSame = before?.blockDate === after.blockDate && before.reasons === after.reasons;
    if (before === undefined) yield { what: BEGIN[list], line: lineOf(after) };
    else if (!isSame) yield { what: 'changed', line: lineOf(after) };
  } else if (before !== undefined) {
    const ended = kept.findLast(({ endRun }) => endRun !== undefined && endRun <= run);
    yield { what: ended?.endCause ?? '', line: lineOf(before) };
  }
}

const lineOf = ({ imei, imsi, msisdn, blockDate, reasons }: GeneratedLine): GeneratedLine => ({
  ...{ imei, imsi, msisdn, blockDate, reasons },
});

/** Lets whatever else waits in this process go on. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

type Sources = LineSources & { readonly audit: Audit; readonly feed: ChangeFeed };

async function generate(
  sources: Sources,
  { author, noticeDays }: { readonly author: string; readonly noticeDays: number },
  found: (run: number) => GeneratedRun,
): Promise<GeneratedRun> {
  const { database, clock, feed, audit } = sources;
  checkTexts({ author });
  const run = database.transaction(() => {
    clearAbandoned(sources);
    const now = clock.now();
    return database
      .query(
        "INSERT INTO list_run (at, touched_at, author, sequence, state) VALUES (?, ?, ?, 0, 'running') RETURNING id",
        {
          id: integer,
        },
      )
      .only(now, now, author).id;
  });
  let sequence = feed.newest();
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    sequence = feed.newest();
    for (const list of LISTS) await writeDown(sources, list, run, noticeDays);
    if (feed.newest() === sequence) break;
  }
  database.transaction(() => {
    const end = database.command("UPDATE list_run SET state = 'done', sequence = ? WHERE id = ? AND state = 'running'");
    if (end.run(sequence, run).changes === 0) throw takenForDead(run);
    audit.append({
      kind: 'list',
      author,
      subject: AUDIT_SUBJECTS.say('run', { run }),
      detail: { change: 'lists generated', sequence, noticeDays },
    });
  });
  return found(run);
}

/** Takes back runs whose process died in their middle. Throws RangeError when one is still being written. */
function clearAbandoned({ database, clock }: Sources): void {
  const running = database.query("SELECT id, touched_at FROM list_run WHERE state = 'running'", {
    ...{ id: integer, touchedAt: integer },
  });
  for (const { id, touchedAt } of running.all()) {
    const left = touchedAt + ABANDONED_MILLISECONDS - clock.now();
    if (left > 0) throw new RefusalError(REGISTER_REFUSALS.say('runUnderWay', { id, seconds: Math.ceil(left / 1000) }));
    database.command('DELETE FROM list_run_line WHERE first_run = ?').run(id);
    database.command('UPDATE list_run_line SET end_run = NULL, end_cause = NULL WHERE end_run = ?').run(id);
    database.command("UPDATE list_run SET state = 'abandoned' WHERE id = ?").run(id);
  }
}

/** Compares what stands with what the runs before wrote, both in the order of their keys, and keeps the difference. */
async function writeDown(sources: Sources, list: GeneratedList, run: number, noticeDays: number): Promise<void> {
  const writer = differenceWriter(sources, list, run);
  const kept = openLines(sources.database, list);
  let old = kept.next();
  const endOld = (line: GeneratedLine & { readonly id: number }, cause: string) => {
    writer.end(line.id, cause);
    old = kept.next();
  };
  for (const line of standingLines(sources, list, noticeDays)) {
    if (writer.isTime()) await breathe();
    if (line === undefined) continue;
    while (old.done !== true && byKey(old.value, line) < 0) {
      endOld(old.value, endOf(sources, list, old.value));
      if (writer.isTime()) await breathe();
    }
    if (old.done === true || byKey(old.value, line) !== 0) writer.begin(line);
    else if (old.value.blockDate === line.blockDate && old.value.reasons === line.reasons) old = kept.next();
    else {
      endOld(old.value, 'changed');
      writer.begin(line);
    }
  }
  while (old.done !== true) {
    endOld(old.value, endOf(sources, list, old.value));
    if (writer.isTime()) await breathe();
  }
  writer.flush();
}

/** Lines that stand, page by page: what is written meanwhile is behind the place that is read. */
function* openLines(database: Database, list: GeneratedList): Generator<GeneratedLine & { readonly id: number }> {
  const page = database.query(
    `SELECT id, ${LINE_COLUMNS} FROM list_run_line WHERE list = ? AND end_run IS NULL AND (imei, imsi, msisdn) > (?, ?, ?)
     ${KEY_ORDER} LIMIT ${LINES_TOGETHER}`,
    { id: integer, ...LINE },
  );
  let rows = page.all(list, -1, '', '');
  while (rows.length > 0) {
    yield* rows.slice(0, -1);
    const last = rows.at(-1) as GeneratedLine & { readonly id: number };
    // Read before the last one is given: lines made after it must not be taken for old ones.
    rows = rows.length < LINES_TOGETHER ? [] : page.all(list, last.imei, last.imsi, last.msisdn);
    yield last;
  }
}

function differenceWriter({ database, clock }: Sources, list: GeneratedList, run: number) {
  const end = database.command('UPDATE list_run_line SET end_run = ?, end_cause = ? WHERE id = ?');
  const touch = database.command("UPDATE list_run SET touched_at = ? WHERE id = ? AND state = 'running'");
  let lines = 0;
  let touchedAt = clock.now();
  let ends: (readonly [id: number, cause: string])[] = [];
  let begins: GeneratedLine[] = [];
  const flush = () => {
    touchedAt = clock.now();
    database.transaction(() => {
      if (touch.run(touchedAt, run).changes === 0) throw takenForDead(run);
      for (const [id, cause] of ends) end.run(run, cause, id);
      const rows = begins.map(({ imei, imsi, msisdn, blockDate, reasons }) => [
        ...[list, imei, imsi, msisdn, blockDate, reasons, run],
      ]);
      database.copyIn('list_run_line', ['list', 'imei', 'imsi', 'msisdn', 'block_date', 'reasons', 'first_run'], rows);
    });
    [ends, begins] = [[], []];
  };
  return {
    end: (id: number, cause: string) => void ends.push([id, cause]),
    begin: (line: GeneratedLine) => void begins.push(line),
    flush,
    /** To be asked once a line: true when others should go on. What came together is then written, and the run is known to live. */
    isTime(): boolean {
      if (++lines % LINES_TOGETHER !== 0) return false;
      if (ends.length + begins.length >= LINES_TOGETHER || clock.now() - touchedAt >= TOUCH_MILLISECONDS) flush();
      return true;
    },
  };
}

/** Another process has taken back what this one wrote, as it had not said for too long that it lives. */
const takenForDead = (run: number): RefusalError =>
  new RefusalError(REGISTER_REFUSALS.say('runTakenBack'), `run ${run}`);
