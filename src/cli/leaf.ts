import { Command } from 'commander';
import type { Io } from './io.ts';

/** Options that every command has. */
export interface CommonOptions {
  /** The data directory. */
  readonly data: string;
  /** One JSON document instead of text. */
  readonly json: boolean;
}

const DEFAULT_DATA = './assay-data';

/** A command with the options that all have, and examples that work. */
export function leaf(io: Io, name: string, description: string, examples: readonly string[]): Command {
  const data = io.env['ASSAY_DATA'];
  return new Command(name)
    .description(description)
    .option(
      '--data <dir>',
      'data directory (environment: ASSAY_DATA)',
      data === undefined || data === '' ? DEFAULT_DATA : data,
    )
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}\n`);
}

/** A command that only groups others. */
export function group(name: string, description: string, commands: readonly Command[]): Command {
  const parent = new Command(name).description(description);
  for (const command of commands) parent.addCommand(command);
  return parent;
}
