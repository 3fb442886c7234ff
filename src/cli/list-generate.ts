import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type GeneratedFile, NOTICE_DAYS } from '#operator/register/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { refusing, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';

interface GenerateOptions extends CommonOptions {
  readonly operator: string;
  readonly base?: number;
  readonly run?: number;
  readonly notice: number;
  readonly imeiDigits: '14' | '15';
  readonly author: string;
}

const runArgument = numberArgument(1, 999_999_999);

/** `assay list generate`: the lists for other registers, whole and as what changed since an earlier run. */
export function listGenerateCommand(io: Io): Command {
  return leaf(
    io,
    'generate',
    'write the lists for other registers as DIRBS-Core does: whole, and what changed since an earlier run',
    [
      'assay list generate /srv/lists --operator one',
      'assay list generate /srv/lists --operator one --base 41',
      'assay list generate /srv/lists --operator one --run 42 --base 40',
    ],
  )
    .argument('<directory>', 'where the folder of the run is made')
    .option('--operator <name>', 'whose exceptions and notifications they are: letters, digits and -', 'operator')
    .option('--base <run>', 'the run that the deltas are from; default: the one before', runArgument)
    .option('--run <run>', 'write an earlier run again instead of making the next one', runArgument)
    .option(
      '--notice <days>',
      'days from a coming onto the grey list to the block that its subscribers are told of',
      numberArgument(0, NOTICE_DAYS.most),
      NOTICE_DAYS.standard,
    )
    .addOption(
      new Option('--imei-digits <number>', '15 writes the check digit too').choices(['14', '15']).default('14'),
    )
    .option('--author <name>', 'who makes it', io.userName)
    .addHelpText(
      'after',
      `
blacklist: every IMEI of the black list. exceptions: one handset and one subscriber, allowed (assay pair add allow). notifications: subscribers
in use of a handset on the grey list. Ranges and TACs are none of these lists. A delta fits only on the run it names: who has not applied that
one needs the whole list.
`,
    )
    .action((directory: string, options: GenerateOptions) =>
      withOperator(io, options, async ({ register: { generation } }) => {
        const { operator, author, notice: noticeDays, imeiDigits } = options;
        const before = generation.runs(1000).filter(({ state }) => state === 'done');
        // What cannot be written is refused before a run is made.
        if (options.base !== undefined && !before.some(({ run }) => run === options.base))
          throw wrongInput(`--base ${options.base}: expected the number of a run; 'assay list runs' shows them`);
        const made =
          options.run ??
          (
            await generation.generate({ author, noticeDays }).catch((error: unknown) => {
              throw error instanceof RangeError ? wrongInput(error.message) : error;
            })
          ).run;
        const base = options.base ?? before.find(({ run }) => run < made)?.run;
        const digits = imeiDigits === '15' ? 15 : 14;
        const files = refusing(() =>
          generation.files(made, { operator, imeiDigits: digits, ...(base !== undefined && { base }) }),
        );
        const folder = join(directory, `listgen__${(files[0] as GeneratedFile).name.slice(0, DATE_LENGTH)}`);
        // Never over files that somebody may have fetched already.
        if (existsSync(folder))
          throw wrongInput(
            `${folder}: is there already; 'assay list generate --run ${made}' writes run ${made} to another directory`,
          );
        const written = writeFiles(folder, files);
        if (options.json) return sayJson(io, { run: made, base, folder, files: written });
        const from = base === undefined ? 'the first run: no deltas' : `deltas from run ${base}`;
        const rows = written.map(({ name, lines }) => [name, String(lines)]);
        return say(io, `run ${made}, ${from}: ${folder}`, ...columns([['file', 'lines'], ...rows]));
      }),
    );
}

/** `assay list runs`: what was generated. */
export function listRunsCommand(io: Io): Command {
  return leaf(io, 'runs', 'the runs of generated lists, the newest first', ['assay list runs --limit 10'])
    .option('--limit <number>', 'most runs', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly limit: number }) =>
      withOperator(io, options, ({ register: { generation } }) => {
        const runs = generation.runs(options.limit);
        if (options.json) return sayJson(io, { runs: runs.map((run) => ({ ...run, at: isoTime(run.at) })) });
        if (runs.length === 0) return say(io, 'no runs');
        const rows = runs.map(({ run, at, sequence, state, author }) => [
          ...[String(run), shortTime(at), String(sequence), state, author],
        ]);
        return say(io, ...columns([['run', 'at', 'as of change', 'state', 'by'], ...rows]));
      }),
    );
}

const DATE_LENGTH = 'YYYYMMDD_HHMMSS'.length;
/** Characters collected before they are written. */
const CHUNK = 65_536;

/** Writes files into a folder that is not there yet; how many lines each holds besides its heading. */
function writeFiles(folder: string, files: readonly GeneratedFile[]) {
  mkdirSync(folder, { recursive: true });
  return files.map(({ name, pieces }) => {
    const file = openSync(join(folder, name), 'wx');
    let [lines, chunk] = [-1, ''];
    for (const piece of pieces) {
      lines++;
      chunk += piece;
      if (chunk.length < CHUNK) continue;
      writeSync(file, chunk);
      chunk = '';
    }
    writeSync(file, chunk);
    closeSync(file);
    return { name, lines };
  });
}
