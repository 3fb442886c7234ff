import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import {
  BAD_LINE_HEADING,
  type BadLine,
  badLineRow,
  type ColumnMapping,
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type HitHandset,
  type ImportEffect,
  type ImportResult,
  LIST_FORMATS,
  LIST_REASONS,
  LISTS,
  type ListFormat,
  type ListName,
  type ListReason,
} from '#operator/register/index.ts';
import { approvingImport } from './approval.ts';
import { dayArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, Failure, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { mappingArgument } from './mapping-argument.ts';
import { columns, plain, say, sayJson, shortTime } from './print.ts';
import { progressOf } from './progress.ts';

interface ImportCommandOptions extends CommonOptions {
  readonly list: ListName;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly limit?: number;
  readonly subscriberLimit: number;
  readonly reason?: ListReason;
  readonly case: string;
  readonly expires?: number;
  readonly source?: string;
  readonly author: string;
  readonly format?: ListFormat;
  readonly map?: ColumnMapping;
  readonly pairs?: 'allow' | 'lock';
  readonly change?: 'add' | 'remove' | 'update';
  readonly lostZeros?: '14' | '15';
  readonly report?: string;
  readonly approve?: number;
}

const STANDARD_INPUT = '-';
const MOST_LIMIT = 1_000_000_000;

/** `assay list import`: a file of IMEIs into a list. */
export function listImportCommand(io: Io): Command {
  const command = leaf(
    io,
    'import',
    'read a list file: bad lines are reported by number and skipped, a large change is refused',
    [
      'assay list import data/stolen-list.csv --list black --dry-run',
      'assay list import data/stolen-list.csv --list black --case REG-2026-11',
      'assay list import 20261124_blacklist.csv --list black --full --report bad-lines.csv',
      'assay list import gsma.txt --list black --map imei=2,reason=4,separator=bar',
      'assay list import data/stolen-list.csv --list black --approve 7 --author grace',
      'assay list export --list black | assay list import - --list black --data ./copy',
    ],
  )
    .argument('<file>', 'a list file; - reads standard input')
    .addOption(new Option('--list <list>', 'the list to change').choices(LISTS).makeOptionMandatory())
    .addOption(new Option('--format <format>', 'what the file is; default: it says so itself').choices(LIST_FORMATS))
    .option(
      '--map <columns>',
      'columns of a file that says nothing itself, as imei=2,reason=why,date=3:DD.MM.YYYY,remove=5:deleted,separator=bar',
      mappingArgument,
    )
    .addOption(new Option('--pairs <meaning>', 'what pairs of IMEI and IMSI mean').choices(['allow', 'lock']))
    .addOption(new Option('--change <change>', 'what lines do that do not say it').choices(['add', 'remove', 'update']))
    .addOption(
      new Option('--lost-zeros <digits>', 'IMEIs lost leading zeros: the digits they had').choices(['14', '15']),
    )
    .option('--report <file>', 'write every bad line with its number and reason to this file (CSV)')
    .option('--full', 'the file is the whole list of its source: what it does not hold is removed', false)
    .option('--dry-run', 'only show the effect', false);
  return withAuthority(io, command)
    .addHelpText(
      'after',
      `
Formats: lists of DIRBS (stolen, black, barred, barred TAC, pairs, exceptions, notifications; full and delta), of 'assay list export', of Open5GS
and PyHSS (JSON and CSV), or plain: IMEI, date, status, change. Separators , ; | and tab are recognised. A batch counts when it is whole.
Where the setting 'approval' asks for a second person, it waits until one imports the same file with --approve.
Status 1: refused because it changes more than a limit allows. Status 2: the file is no list.
`,
    )
    .action((file: string, options: ImportCommandOptions) => importFile(io, file, options));
}

/** On whose word it is done, and how far it may go. */
function withAuthority(io: Io, command: Command): Command {
  return command
    .option(
      '--limit <number>',
      `most entries that may change (default: ${DEFAULT_CHANGE_LIMIT}, and no quarter of a whole list may go)`,
      numberArgument(0, MOST_LIMIT),
    )
    .option(
      '--subscriber-limit <number>',
      'most own subscribers whose proved IMEI may become listed',
      numberArgument(0, MOST_LIMIT),
      DEFAULT_SUBSCRIBER_LIMIT,
    )
    .addOption(new Option('--reason <reason>', 'why, for lines that do not say').choices(LIST_REASONS))
    .option('--case <reference>', 'case number, for lines that have none', '')
    .option('--expires <day>', 'last day, YYYY-MM-DD (UTC), for lines that have none', dayArgument)
    .option('--source <name>', 'whose list it is; only entries of this source change (default: name of the file)')
    .option('--author <name>', 'who imports', io.userName)
    .option(
      '--approve <number>',
      'agree, as the second person, to this import that waits; list, source and --full as they were proposed',
      numberArgument(1, Number.MAX_SAFE_INTEGER),
    );
}

async function importFile(io: Io, file: string, options: ImportCommandOptions): Promise<void> {
  const name = file === STANDARD_INPUT ? 'standard input' : basename(file);
  const source = options.source ?? name;
  if (source.trim() === '' || options.author.trim() === '') throw wrongInput('--source and --author: expected a name');
  const bad = badLineFile(options.report);
  const progress = progressOf(io, 'reading', 'lines');
  const result = await withOperator(io, options, ({ register }) =>
    register
      .importList(file === STANDARD_INPUT ? io.stdin : createReadStream(file), {
        ...formatOptions(options),
        onBadLine: (line) => bad.put(line),
        onProgress: ({ phase, done, of }) => {
          progress.phase(phase);
          progress.at(done, of);
        },
        ...{ list: options.list, source, author: options.author, name, caseReference: options.case },
        ...{ kind: options.full ? 'full' : 'delta', dryRun: options.dryRun },
        subscriberLimit: options.subscriberLimit,
        ...(options.limit !== undefined && { changeLimit: options.limit }),
        ...(options.reason && { reason: options.reason }),
        ...(options.expires !== undefined && { expiresAt: options.expires }),
        ...(options.approve !== undefined && { approval: { id: options.approve, approver: options.author } }),
      })
      .catch((error: unknown) => {
        throw error instanceof RangeError ? wrongInput(error.message) : error;
      })
      .finally(() => {
        bad.close();
        progress.end();
      }),
  );
  const waiting = result.outcome === 'waiting' ? result.id : undefined;
  if (options.json) await sayJson(io, { file: name, list: options.list, source, ...result, waiting });
  else if (result.outcome !== 'malformed' && result.outcome !== 'cancelled')
    await say(io, ...effectLines(result.effect), conclusion(result, options, source));
  if (result.outcome === 'refused') io.exitCode = EXIT.no;
  if (result.outcome === 'cancelled')
    throw new Failure(
      EXIT.no,
      `${file}: cancelled by ${plain(result.by)}: ${plain(result.reason)}; nothing was changed`,
    );
  if (result.outcome === 'malformed')
    throw new Failure(EXIT.usage, `${file}: ${plain(result.problem)}; nothing was changed`);
}

/** What a person says about the file. */
function formatOptions({ format, map, pairs, change, lostZeros }: ImportCommandOptions) {
  return {
    ...(format !== undefined && { format }),
    ...(map !== undefined && { mapping: map }),
    ...(pairs !== undefined && { pairs }),
    ...(change !== undefined && { change }),
    ...(lostZeros !== undefined && { lostZeros: lostZeros === '15' ? (15 as const) : (14 as const) }),
  };
}

/** Bad lines written as they come; nothing without a path. */
function badLineFile(path: string | undefined): { put(line: BadLine): void; close(): void } {
  if (path === undefined) return { put: () => {}, close: () => {} };
  const file = openSync(path, 'w');
  writeSync(file, BAD_LINE_HEADING);
  return {
    put: (line) => writeSync(file, badLineRow(line)),
    close: () => closeSync(file),
  };
}

function effectLines(effect: ImportEffect): readonly string[] {
  const { badLines, hitHandsets, problems, normalisations, before, after, ...counts } = effect;
  const names: readonly (readonly [keyof typeof counts, string])[] = [
    ['lines', 'lines'],
    ['added', 'added'],
    ['removed', 'removed'],
    ['updated', 'changed'],
    ['alreadyThere', 'already there'],
    ['notThere', 'removals of what was not listed'],
    ['duplicates', 'repeated in the file'],
    ['notInForce', 'not decided yet (status)'],
    ['notifications', 'subscribers to be told, not listed'],
    ['normalised', 'numbers brought to 14 digits'],
    ['rules', 'ranges and pairs among them'],
    ['bad', 'bad lines'],
    ['subscribersHit', 'handsets in use that it cuts off'],
  ];
  const rows = names.flatMap(([key, label]) => (counts[key] === 0 ? [] : [[label, String(counts[key])]]));
  const further = effect.bad - badLines.length;
  return [
    ...columns([...rows, ['entries of this source', `${before} -> ${after}`]]),
    ...badLines.map(({ number, problem }) => `  line ${number}: ${plain(problem)}`),
    ...(further > 0 ? [`  and ${further} further bad lines (--report writes them all)`] : []),
    ...hitLines(effect),
  ];
}

/** The first handsets in use that are cut off, and how many more. */
export const hitLines = ({
  hitHandsets,
  subscribersHit,
}: Pick<ImportEffect, 'hitHandsets' | 'subscribersHit'>): readonly string[] => [
  ...hitHandsets.slice(0, HITS_SHOWN).map(hitLine),
  ...(subscribersHit > HITS_SHOWN ? [`  and ${subscribersHit - HITS_SHOWN} further handsets in use`] : []),
];

/** A handset in use, its subscriber masked: who needs the whole IMSI finds it by 'assay imei explain'. */
const hitLine = ({ imei, imsi, lastSeenAt }: HitHandset): string =>
  `  cuts off ${imei} of ${imsi.slice(0, 5)}…${imsi.slice(-3)}, ${
    lastSeenAt === undefined ? 'proved by its UICC' : `seen ${shortTime(lastSeenAt)}`
  }`;

const HITS_SHOWN = 20;

function conclusion(
  result: Exclude<ImportResult, { readonly outcome: 'malformed' | 'cancelled' }>,
  { list, full, map }: ImportCommandOptions,
  source: string,
): string {
  if (result.outcome === 'applied')
    return `imported as batch ${result.batch}; 'assay list undo ${result.batch} --reason …' takes it back`;
  if (result.outcome === 'dryRun') return 'dry run: nothing was changed';
  if (result.outcome === 'waiting')
    return `waits for a second person: ${approvingImport(result.id, { list, source, isFull: full, isMapped: map !== undefined })}`;
  const limits = result.problem.includes('limit') ? ' (--limit, --subscriber-limit)' : '';
  return `refused, nothing was changed: ${result.problem}${limits}`;
}
