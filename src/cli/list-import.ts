import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import {
  DEFAULT_CHANGE_LIMIT,
  DEFAULT_SUBSCRIBER_LIMIT,
  type ImportEffect,
  type ImportResult,
  LIST_REASONS,
  LISTS,
  type ListName,
  type ListReason,
} from '#operator/register/index.ts';
import { dayArgument, numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, Failure, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, plain, say, sayJson } from './print.ts';

interface ImportCommandOptions extends CommonOptions {
  readonly list: ListName;
  readonly full: boolean;
  readonly dryRun: boolean;
  readonly limit: number;
  readonly subscriberLimit: number;
  readonly reason?: ListReason;
  readonly case: string;
  readonly expires?: number;
  readonly source?: string;
  readonly author: string;
}

const STANDARD_INPUT = '-';
const MOST_LIMIT = 1_000_000_000;

/** `assay list import`: a file of IMEIs into a list. */
export function listImportCommand(io: Io): Command {
  return leaf(
    io,
    'import',
    'read a list file: bad lines are reported by number and skipped, a large change is refused',
    [
      'assay list import data/stolen-list.csv --list black --dry-run',
      'assay list import data/stolen-list.csv --list black --case REG-2026-11',
      'assay list export --list black | assay list import - --list black --data ./copy',
    ],
  )
    .argument('<file>', 'CSV or one IMEI a line; - reads standard input')
    .addOption(new Option('--list <list>', 'the list to change').choices(LISTS).makeOptionMandatory())
    .option('--full', 'the file is the whole list of its source: what it does not hold is removed', false)
    .option('--dry-run', 'only show the effect', false)
    .option('--limit <number>', 'most entries that may change', numberArgument(0, MOST_LIMIT), DEFAULT_CHANGE_LIMIT)
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
    .addHelpText(
      'after',
      `
The file says itself what it is: a header line of DIRBS (stolen list, delta with change_type, black list), of 'assay list export',
or none at all (IMEI, date, status, change). Separators , ; | and tab are recognised.
Status 1: refused because it changes more than a limit allows. Status 2: the file is no list.
`,
    )
    .action((file: string, options: ImportCommandOptions) => importFile(io, file, options));
}

async function importFile(io: Io, file: string, options: ImportCommandOptions): Promise<void> {
  const name = file === STANDARD_INPUT ? 'standard input' : basename(file);
  const source = options.source ?? name;
  if (source.trim() === '' || options.author.trim() === '') throw wrongInput('--source and --author: expected a name');
  const result = await withOperator(io, options, ({ register }) =>
    register
      .importList(file === STANDARD_INPUT ? io.stdin : createReadStream(file), {
        ...{ list: options.list, source, author: options.author, name, caseReference: options.case },
        ...{ kind: options.full ? 'full' : 'delta', dryRun: options.dryRun },
        ...{ changeLimit: options.limit, subscriberLimit: options.subscriberLimit },
        ...(options.reason && { reason: options.reason }),
        ...(options.expires !== undefined && { expiresAt: options.expires }),
      })
      .catch((error: unknown) => {
        throw error instanceof RangeError ? wrongInput(error.message) : error;
      }),
  );
  if (options.json) await sayJson(io, { file: name, list: options.list, source, ...result });
  else if (result.outcome !== 'malformed') await say(io, ...effectLines(result.effect), conclusion(result));
  if (result.outcome === 'refused') io.exitCode = EXIT.no;
  if (result.outcome === 'malformed')
    throw new Failure(EXIT.usage, `${file}: ${plain(result.problem)}; nothing was changed`);
}

function effectLines(effect: ImportEffect): readonly string[] {
  const { badLines, before, after, ...counts } = effect;
  const names: readonly (readonly [keyof typeof counts, string])[] = [
    ['lines', 'lines'],
    ['added', 'added'],
    ['removed', 'removed'],
    ['updated', 'changed'],
    ['alreadyThere', 'already there'],
    ['notThere', 'removals of what was not listed'],
    ['duplicates', 'repeated in the file'],
    ['notInForce', 'not decided yet (status)'],
    ['bad', 'bad lines'],
    ['subscribersHit', 'own subscribers hit'],
  ];
  const rows = names.flatMap(([key, label]) => (counts[key] === 0 ? [] : [[label, String(counts[key])]]));
  const further = effect.bad - badLines.length;
  return [
    ...columns([...rows, ['entries of this source', `${before} -> ${after}`]]),
    ...badLines.map(({ number, problem }) => `  line ${number}: ${plain(problem)}`),
    ...(further > 0 ? [`  and ${further} further bad lines`] : []),
  ];
}

function conclusion(result: Exclude<ImportResult, { readonly outcome: 'malformed' }>): string {
  if (result.outcome === 'applied')
    return `imported as batch ${result.batch}; 'assay list undo ${result.batch} --reason …' takes it back`;
  if (result.outcome === 'dryRun') return 'dry run: nothing was changed';
  return `refused, nothing was changed: ${result.problem} (--limit, --subscriber-limit)`;
}
