import { type Command, Option } from 'commander';
import type { Imei } from '#base/identity/index.ts';
import {
  EXPORT_FORMATS,
  type ExportRecord,
  entryRecord,
  exportList,
  LIST_REASONS,
  LISTS,
  type ListEntry,
  type ListExportFormat,
  type ListName,
  type ListReason,
  OWN_SOURCE,
  type Register,
  tacOfRange,
} from '#operator/register/index.ts';
import { undoWords } from './approval.ts';
import { dayArgument, imeiArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, refusingLater, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { listGenerateCommand, listRunsCommand } from './list-generate.ts';
import { hitLines, listImportCommand } from './list-import.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { counted, progressOf } from './progress.ts';
import { proposing, sayWaiting } from './proposing.ts';

interface ListOptions extends CommonOptions {
  readonly list: ListName;
}
interface AddOptions extends ListOptions {
  readonly reason: ListReason;
  readonly note: string;
  readonly case: string;
  readonly expires?: number;
  readonly source: string;
  readonly author: string;
}
interface RemoveOptions extends ListOptions {
  readonly reason: string;
  readonly source: string;
  readonly author: string;
}
interface UndoOptions extends CommonOptions {
  readonly reason: string;
  readonly dryRun: boolean;
  readonly author: string;
}
interface ShowOptions extends CommonOptions {
  readonly list?: ListName;
  readonly after?: Imei;
  readonly limit: number;
}

/** `--list`, which is never guessed. */
const listOption = () =>
  new Option('--list <list>', 'black (Prohibited), grey (Tracking) or white (Permitted)').choices(LISTS);

/** An entry as `--json` shows it. */
export const entryJson = (entry: ListEntry) => ({
  ...entry,
  imei: entry.imei.equipment,
  addedAt: isoTime(entry.addedAt),
  expiresAt: entry.expiresAt === undefined ? undefined : isoTime(entry.expiresAt),
});

/** Entries as lines under a heading. */
export function entryLines(entries: readonly ListEntry[]): readonly string[] {
  const rows = entries.map(({ imei, list, reason, note, caseReference, source, author, addedAt, expiresAt }) => [
    imei.withCheckDigit,
    list,
    note === '' || note === reason ? reason : `${reason} (${note})`,
    caseReference,
    source,
    author,
    shortTime(addedAt),
    expiresAt === undefined ? '' : shortTime(expiresAt),
  ]);
  return columns([['IMEI', 'list', 'reason', 'case', 'source', 'author', 'since', 'until'], ...rows]);
}

function addCommand(io: Io): Command {
  return leaf(io, 'add', 'put one IMEI on a list, or change its entry', [
    'assay list add 353325109900229 --list black --reason stolen --case FIR-2026-118',
    'assay list add 49015420990055 --list grey --reason duplicate --expires 2027-01-31',
  ])
    .argument('<imei>', '14 digits, or 15 with the check digit', imeiArgument)
    .addOption(listOption().makeOptionMandatory())
    .addOption(new Option('--reason <reason>', 'why').choices(LIST_REASONS).makeOptionMandatory())
    .option('--note <text>', 'the reason in your own words', '')
    .option('--case <reference>', 'case or complaint number', '')
    .option('--expires <day>', 'last day it counts, YYYY-MM-DD (UTC); without it until removed', dayArgument)
    .option('--source <name>', 'whose list it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action((imei: Imei, options: AddOptions) =>
      withOperator(io, options, async ({ register }) => {
        const { list, reason, note, source, expires } = options;
        const added = await proposing(
          io,
          register,
          {
            ...{ about: 'imei', change: 'add', imei: imei.equipment },
            ...{ list, reason, note, source, caseReference: options.case },
            ...(expires !== undefined && { expiresAt: expires }),
          },
          { ...options, why: note },
        );
        if (added === undefined) return;
        if (options.json) return sayJson(io, { entries: register.lists.all(imei).map(entryJson) });
        return say(io, `${imei.withCheckDigit} is on the ${list} list of ${source}`);
      }),
    );
}

function removeCommand(io: Io): Command {
  return leaf(io, 'remove', 'take one IMEI off a list; status 1 when that source had not put it there', [
    'assay list remove 353325109900229 --list black --reason "recovered by its owner"',
  ])
    .argument('<imei>', '14 digits, or 15 with the check digit', imeiArgument)
    .addOption(listOption().makeOptionMandatory())
    .requiredOption('--reason <text>', 'why')
    .option('--source <name>', 'whose list it is', OWN_SOURCE)
    .option('--author <name>', 'who decides', io.userName)
    .action((imei: Imei, options: RemoveOptions) =>
      withOperator(io, options, async ({ register }) => {
        const { list, reason, source } = options;
        if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
        const removed = await proposing(
          io,
          register,
          { about: 'imei', change: 'remove', imei: imei.equipment, list, source },
          { ...options, why: reason },
        );
        if (removed === undefined) return;
        if (!removed) io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, { removed });
        if (removed) return say(io, `${imei.withCheckDigit} is off the ${list} list of ${source}`);
        const others = register.lists.all(imei).map((entry) => `${entry.list} of ${entry.source}`);
        const where = others.length === 0 ? 'it is on no list' : `it is on: ${others.join(', ')} (see --source)`;
        return say(io, `${imei.withCheckDigit} was not on the ${list} list of ${source}; ${where}`);
      }),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'how long the lists are, the entries of one list, or all entries about one IMEI', [
    'assay list show',
    'assay list show 353325109900229',
    'assay list show --list black --limit 20',
  ])
    .argument('[imei]', '14 digits, or 15 with the check digit', imeiArgument)
    .addOption(listOption())
    .option('--after <imei>', 'go on behind this IMEI', imeiArgument)
    .option('--limit <number>', 'most entries', numberArgument(1, 1000), 50)
    .action((imei: Imei | undefined, options: ShowOptions) =>
      withOperator(io, options, async ({ register: { lists } }) => {
        const { list, after, limit } = options;
        if (imei === undefined && list === undefined) {
          const counts = lists.counts();
          if (options.json) return sayJson(io, { lists: counts });
          const rows = counts.map(({ list: name, entries, expired }) => [name, String(entries), String(expired)]);
          return say(io, ...columns([['list', 'entries', 'of them expired'], ...rows]));
        }
        const ofImei = imei && lists.all(imei).filter((entry) => list === undefined || entry.list === list);
        const entries = ofImei ?? lists.page(list ?? 'black', after, limit);
        const next = ofImei === undefined && entries.length === limit ? entries.at(-1)?.imei.equipment : undefined;
        if (options.json) return sayJson(io, { entries: entries.map(entryJson), next });
        if (entries.length === 0) return say(io, imei ? `${imei.withCheckDigit} is on no such list` : 'no entries');
        const more = next === undefined ? [] : [`more: --after ${next}`];
        return say(io, ...entryLines(entries), ...more);
      }),
    );
}

/** Characters collected before they are written. */
const CHUNK = 65_536;

/** Everything that the register has of one list: entries, ranges, and for formats of pairs the pairs that are allowed. */
function* recordsOf(register: Register, list: ListName): Generator<ExportRecord> {
  for (const entry of register.lists.each(list)) yield entryRecord(entry);
  const facts = { change: 'add', reason: undefined, reportedAt: undefined } as const;
  for (const range of everyPage((after) => register.ranges.page(after, PAGE))) {
    if (range.list !== list) continue;
    const { addedAt: reportedAt, ...entry } = range;
    const tac = tacOfRange(range);
    yield tac === undefined
      ? { ...facts, ...entry, reportedAt, about: 'range' }
      : { ...facts, ...entry, reportedAt, about: 'tac', tac };
  }
  for (const rule of everyPage((after) => register.pairRules.page(after, PAGE)))
    yield { ...facts, ...rule, list: undefined, about: 'pair', msisdn: undefined };
}

const PAGE = 1000;

function* everyPage<T extends { readonly id: number }>(page: (after: number) => readonly T[]): Generator<T> {
  for (let rows = page(0); rows.length > 0; rows = page(rows.at(-1)?.id ?? 0)) yield* rows;
}

/** Formats that mean nothing without an earlier run, or without who uses a handset: 'list generate' makes them. */
const OF_RUNS: ReadonlySet<string> = new Set<ListExportFormat>(['dirbs-black-list-delta', 'dirbs-notifications']);

function exportCommand(io: Io): Command {
  return leaf(io, 'export', 'write a list to standard output, for people, DIRBS or another register', [
    'assay list export --list black > black.csv',
    'assay list export --list black --format dirbs-black-list > 20261124_blacklist.csv',
    'assay list export --list black --format dirbs-exceptions > 20261124_exceptions_operator.csv',
    'assay list export --list black --format open5gs > eir.json',
  ])
    .addOption(listOption().makeOptionMandatory())
    .addOption(
      new Option('--format <format>', 'csv: every column, can be imported again')
        .choices(Object.keys(EXPORT_FORMATS).filter((format) => !OF_RUNS.has(format)))
        .default('csv'),
    )
    .addOption(new Option('--imei-digits <number>', 'DIRBS files: 15 writes the check digit too').choices(['14', '15']))
    .addHelpText(
      'after',
      "\nDeltas and notifications of DIRBS: see 'assay list generate'. Exceptions are allowed pairs, there as here; locks are none.\n",
    )
    .action((options: ListOptions & { readonly format: ListExportFormat; readonly imeiDigits?: '14' | '15' }) =>
      withOperator(io, options, async ({ register }) => {
        const { list, format, imeiDigits } = options;
        if (options.json) return sayJson(io, { entries: Array.from(register.lists.each(list), entryJson) });
        let leftOut = 0;
        const total = register.lists.counts().find((one) => one.list === list)?.entries;
        const records = counted(progressOf(io, 'writing', 'entries'), recordsOf(register, list), total);
        const written = exportList(records, format, {
          list,
          ...(imeiDigits !== undefined && { imeiDigits: imeiDigits === '15' ? 15 : 14 }),
          onLeftOut: () => leftOut++,
        });
        let chunk = '';
        for (const line of written) {
          chunk += line;
          if (chunk.length < CHUNK) continue;
          await io.write(chunk);
          chunk = '';
        }
        await io.write(chunk);
        if (leftOut > 0) io.warn(`${leftOut} entries cannot be said in the format ${format} and were left out\n`);
      }),
    );
}

function undoCommand(io: Io): Command {
  return leaf(io, 'undo', 'take back an import: what it added goes, what it removed or changed returns', [
    'assay list undo 3 --dry-run',
    'assay list undo 3 --reason "wrong file"',
  ])
    .argument('<batch>', 'number that the import printed', numberArgument(1, Number.MAX_SAFE_INTEGER))
    .option('--reason <text>', 'why; needed unless --dry-run', '')
    .option('--dry-run', 'only show what would come back and go, and the handsets in use that it would cut off', false)
    .option('--author <name>', 'who decides', io.userName)
    .action((batch: number, options: UndoOptions) =>
      withOperator(io, options, async ({ register }) => {
        const { reason, author, dryRun, json } = options;
        if (!dryRun && reason.trim() === '') throw wrongInput('--reason: expected why it is undone, got nothing');
        if (dryRun) {
          const effect = await refusingLater(register.undoEffect(batch));
          if (json) return sayJson(io, { batch, effect });
          return say(io, undoWords(effect), ...hitLines(effect), 'dry run: nothing was changed');
        }
        const proposal = await refusingLater(register.proposeUndo(batch, author, reason));
        const { effect } = proposal;
        if (!json) await say(io, undoWords(effect), ...hitLines(effect));
        if (proposal.outcome === 'waiting') return sayWaiting(io, proposal.id, json, { batch, effect });
        if (json) return sayJson(io, { batch, changed: proposal.changed, effect });
        return say(io, `import ${batch} is undone: ${proposal.changed} entries changed`);
      }),
    );
}

/** `assay list`: the lists of the register (7). */
export function listCommand(io: Io): Command {
  return group(
    'list',
    'the lists of IMEIs: import, add, remove, show, export, undo; generate them for other registers',
    [
      listImportCommand(io),
      addCommand(io),
      removeCommand(io),
      showCommand(io),
      exportCommand(io),
      undoCommand(io),
      listGenerateCommand(io),
      listRunsCommand(io),
    ],
  );
}
