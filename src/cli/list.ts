import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { Imei } from '#base/identity/index.ts';
import {
  exportLines,
  type ImportEffect,
  LIST_REASONS,
  LISTS,
  type ListEntry,
  type ListName,
  type ListReason,
} from '#operator/register/index.ts';
import { dayArgument, imeiArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, Failure } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, facts, plain, say, sayJson, shortTime } from './print.ts';

interface EntryOptions extends CommonOptions {
  readonly list: ListName;
  readonly reason?: ListReason;
  readonly case?: string;
  readonly author?: string;
  readonly note?: string;
  readonly expires?: number;
  readonly source?: string;
}
interface ImportOptions extends EntryOptions {
  readonly dryRun: boolean;
  readonly full: boolean;
  readonly limit?: number;
}

const MOST_SHOWN = 1000;
const listOption = () => new Option('--list <list>', 'which list').choices(LISTS).default('black');
const reasonOption = () => new Option('--reason <reason>', 'why').choices(LIST_REASONS);

/** `assay list`: the black, grey and white list. */
export function listCommand(io: Io): Command {
  const common = (command: Command) =>
    command
      .addOption(listOption())
      .addOption(reasonOption())
      .option('--case <reference>', 'case or complaint number')
      .option('--author <name>', 'who does it; default the user')
      .option('--expires <day>', 'last day on which it counts, YYYY-MM-DD', dayArgument);
  const importing = common(
    leaf(io, 'import', 'import a list file (CSV; DIRBS columns or one IMEI a line); shows bad lines by number', [
      'assay list import data/stolen-list.csv --dry-run',
      'assay list import stolen.csv --list black --source police --case 2026-114',
    ]),
  )
    .argument('<file>', 'the file')
    .option('--source <name>', 'whose list it is; only entries of this source change', 'operator')
    .option('--full', 'the file is the whole list: what it does not hold is removed', false)
    .option('--limit <n>', 'most entries that may change', numberArgument(1, 100_000_000))
    .option('--dry-run', 'only show the effect', false)
    .action((file: string, options: ImportOptions) => importFile(io, file, options));
  const adding = common(
    leaf(io, 'add', 'put one IMEI on a list', ['assay list add 35332510990022 --reason stolen --case 2026-114']),
  )
    .argument('<imei>', '14 or 15 digits', imeiArgument)
    .option('--note <text>', 'the reason in words')
    .action((imei: Imei, options: EntryOptions) => add(io, imei, options));
  const removing = leaf(io, 'remove', 'take one IMEI off a list', [
    'assay list remove 35332510990022 --why "found again"',
  ])
    .argument('<imei>', '14 or 15 digits', imeiArgument)
    .addOption(listOption())
    .option('--source <name>', 'whose entry', 'operator')
    .option('--author <name>', 'who does it; default the user')
    .requiredOption('--why <text>', 'the reason, for the log')
    .action((imei: Imei, options: EntryOptions & { readonly why: string }) => remove(io, imei, options));
  const showing = leaf(io, 'show', 'how long the lists are, or what they say of one IMEI', [
    'assay list show',
    'assay list show 35332510990022',
    'assay list show --list black --json',
  ])
    .argument('[imei]', '14 or 15 digits', imeiArgument)
    .addOption(new Option('--list <list>', 'the entries of one list, at most 1000').choices(LISTS))
    .action((imei: Imei | undefined, options: CommonOptions & { readonly list?: ListName }) => show(io, imei, options));
  const exporting = leaf(io, 'export', 'print a list as CSV', [
    'assay list export --list black > black.csv',
    'assay list export --format dirbs',
  ])
    .addOption(listOption())
    .addOption(new Option('--format <format>', 'columns').choices(['assay', 'dirbs']).default('assay'))
    .action((options: CommonOptions & { readonly list: ListName; readonly format: 'assay' | 'dirbs' }) =>
      exportList(io, options),
    );
  return group('list', 'the lists of the equipment register', [importing, adding, removing, showing, exporting]);
}

async function importFile(io: Io, file: string, options: ImportOptions): Promise<void> {
  const { list, source = 'operator', reason, author = io.userName, dryRun, full, limit } = options;
  const result = await withOperator(io, options, ({ register }) =>
    register.importList(createReadStream(file), {
      ...{ list, source, author, dryRun, name: basename(file), kind: full ? 'full' : 'delta' },
      ...(reason && { reason }),
      ...(options.case !== undefined && { caseReference: options.case }),
      ...(options.expires !== undefined && { expiresAt: options.expires }),
      ...(limit !== undefined && { changeLimit: limit }),
    }),
  );
  if (options.json) await sayJson(io, result);
  if (result.outcome === 'malformed') throw new Failure(EXIT.wrongUse, `${file}: ${result.problem}`);
  if (!options.json) await say(io, ...effectLines(result.effect, result.outcome));
  if (result.outcome === 'refused') throw new Failure(EXIT.no, `not imported: ${result.problem}`);
}

function effectLines(effect: ImportEffect, outcome: string): readonly string[] {
  const { badLines, bad } = effect;
  const rest = bad > badLines.length ? [`  and ${bad - badLines.length} more bad lines`] : [];
  return [
    outcome === 'applied'
      ? 'Imported.'
      : outcome === 'dryRun'
        ? 'Dry run: nothing was changed. The import would have this effect:'
        : 'Not imported. The effect would be:',
    ...facts({
      lines: effect.lines,
      added: effect.added,
      removed: effect.removed,
      updated: effect.updated,
      'already there': effect.alreadyThere,
      duplicates: effect.duplicates,
      'not decided (pending)': effect.notInForce,
      'bad lines': bad,
      'own subscribers hit': effect.subscribersHit,
      'entries after': effect.after,
    }).map((line) => `  ${line}`),
    ...badLines.map(({ number, problem }) => `  line ${number}: ${plain(problem)}`),
    ...rest,
  ];
}

async function add(io: Io, imei: Imei, options: EntryOptions): Promise<void> {
  const { list, reason = list === 'black' ? 'stolen' : 'other', author = io.userName, note } = options;
  await withOperator(io, options, ({ register }) =>
    register.lists.add({
      ...{ imei, list, reason, author },
      ...(note !== undefined && { note }),
      ...(options.case !== undefined && { caseReference: options.case }),
      ...(options.expires !== undefined && { expiresAt: options.expires }),
    }),
  );
  await (options.json
    ? sayJson(io, { imei: imei.withCheckDigit, list, reason })
    : say(io, `${imei} is on the ${list} list (${reason}).`));
}

async function remove(io: Io, imei: Imei, options: EntryOptions & { readonly why: string }): Promise<void> {
  const { list, source = 'operator', author = io.userName, why } = options;
  const isRemoved = await withOperator(io, options, ({ register }) =>
    register.lists.remove({ imei, list, source, author, reason: why }),
  );
  if (options.json) await sayJson(io, { imei: imei.withCheckDigit, list, removed: isRemoved });
  else
    await say(
      io,
      isRemoved ? `${imei} is off the ${list} list.` : `${imei} was not on the ${list} list of ${plain(source)}.`,
    );
  if (!isRemoved) io.exitCode = EXIT.no;
}

const entryJson = (entry: ListEntry) => ({ ...entry, imei: entry.imei.withCheckDigit });

async function show(
  io: Io,
  imei: Imei | undefined,
  options: CommonOptions & { readonly list?: ListName },
): Promise<void> {
  const { list } = options;
  const found = await withOperator(io, options, ({ register }) => ({
    counts: register.lists.counts(),
    entries:
      imei !== undefined
        ? register.lists.all(imei)
        : list !== undefined
          ? register.lists.page(list, undefined, MOST_SHOWN)
          : [],
  }));
  if (options.json) return sayJson(io, { counts: found.counts, entries: found.entries.map(entryJson) });
  if (imei === undefined && list === undefined) {
    const rows = found.counts.map(({ list: name, entries, expired }) => [
      name,
      String(entries),
      expired > 0 ? `${expired} expired` : '',
    ]);
    return say(io, ...(rows.length === 0 ? ['All lists are empty.'] : columns([['list', 'entries', ''], ...rows])));
  }
  if (found.entries.length === 0) return say(io, imei === undefined ? 'The list is empty.' : `${imei} is on no list.`);
  const rows = found.entries.map((entry) => [
    entry.imei.withCheckDigit,
    entry.list,
    entry.reason,
    entry.source,
    entry.caseReference,
    shortTime(entry.addedAt),
    entry.expiresAt === undefined ? '' : `until ${shortTime(entry.expiresAt)}`,
  ]);
  return say(io, ...columns([['imei', 'list', 'reason', 'source', 'case', 'added (UTC)', ''], ...rows]));
}

async function exportList(
  io: Io,
  options: CommonOptions & { readonly list: ListName; readonly format: 'assay' | 'dirbs' },
): Promise<void> {
  await withOperator(io, options, async ({ register }) => {
    for (const line of exportLines(register.lists.each(options.list), options.format))
      await io.write(line.endsWith('\n') ? line : `${line}\n`);
  });
}
