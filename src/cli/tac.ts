import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { IdentityError, Tac } from '#base/identity/index.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { facts, plain, say, sayJson } from './print.ts';

interface LoadOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowShrink: boolean;
  readonly author: string;
}

function tacArgument(text: string): Tac {
  try {
    return Tac.parse(text);
  } catch (error) {
    if (error instanceof IdentityError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

function loadCommand(io: Io): Command {
  return leaf(io, 'load', 'replace the table by a file: from then on an IMEI of another TAC is tracked', [
    'assay tac load tacdb.csv --dry-run',
    'assay tac load gsma-tac.txt',
  ])
    .argument(
      '<file>',
      "CSV with a header and a column 'tac': GSMA, DIRBS, Osmocom or your own; - reads standard input",
    )
    .option('--dry-run', 'only show the effect', false)
    .option('--allow-shrink', 'also when the table loses more than a quarter of its TACs', false)
    .option('--author <name>', 'who loads it', io.userName)
    .action((file: string, options: LoadOptions) =>
      withOperator(io, options, async ({ register }) => {
        const { dryRun, author, allowShrink: isShrinkAllowed } = options;
        const name = file === '-' ? 'standard input' : basename(file);
        const chunks = file === '-' ? io.stdin : createReadStream(file);
        const load = await register.tacs.load(chunks, { author, name, dryRun, isShrinkAllowed });
        if (load.outcome === 'refused') io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, load);
        return say(
          io,
          ...facts({ TACs: `${load.before} -> ${load.after}`, 'bad lines': load.bad }),
          ...load.badLines.slice(0, 20).map(({ number, problem }) => `  line ${number}: ${plain(problem)}`),
          load.problem ?? (load.outcome === 'dryRun' ? 'dry run: nothing was changed' : 'the table is in force'),
        );
      }),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'how many TACs the table has, or whose one is; status 1 when no maker was given it', [
    'assay tac show',
    'assay tac show 35675904',
  ])
    .argument('[tac]', '8 digits', tacArgument)
    .action((tac: Tac | undefined, options: CommonOptions) =>
      withOperator(io, options, ({ register: { tacs } }) => {
        const count = tacs.count();
        const found = tac && tacs.find(tac);
        if (tac !== undefined && found === undefined) io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, { tacs: count, ...found, ...(tac && { tac: tac.digits }) });
        if (tac === undefined) return say(io, count === 0 ? 'no table is loaded' : `${count} TACs`);
        return say(io, found ? plain(`${tac}: ${found.maker} ${found.model}`) : `${tac} is not in the table`);
      }),
    );
}

interface ClearOptions extends CommonOptions, ConfirmationOptions {
  readonly reason: string;
  readonly author: string;
}

function clearCommand(io: Io): Command {
  const command = leaf(io, 'clear', 'empty the table: no TAC is suspicious any more', [
    'assay tac clear --reason "wrong file"',
  ])
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who does it', io.userName);
  return withConfirmation(command).action((options: ClearOptions) =>
    withOperator(io, options, async ({ register }) => {
      if (options.reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
      await confirm(io, options, `${register.tacs.count()} TACs will be gone from the table.`);
      register.tacs.clear(options.author, options.reason);
      return options.json ? sayJson(io, { tacs: 0 }) : say(io, 'the table is empty');
    }),
  );
}

/** `assay tac`: the table of allocated type allocation codes. */
export const tacCommand = (io: Io): Command =>
  group('tac', 'the table of allocated type allocation codes: load, show, clear', [
    loadCommand(io),
    showCommand(io),
    clearCommand(io),
  ]);
