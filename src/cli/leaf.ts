import { Command, Help, Option } from 'commander';
import { type Io, LOG_LEVELS } from './io.ts';

/** Options that every command has. */
export interface CommonOptions {
  /** The data directory. */
  readonly data: string;
  /** One JSON document instead of text. */
  readonly json: boolean;
  /** Address of the database, and directory of card keys, that the configuration in ASSAY_CONFIG names. */
  readonly databaseUrl?: string;
  readonly cardKeys?: string;
}

/** The options that say where the data of a command are. */
export type DataOptions = Pick<CommonOptions, 'data' | 'databaseUrl' | 'cardKeys'>;

const DEFAULT_DATA = './assay-data';

/** The options of every command that say how it talks: on the program they are shown, on a command they are taken. */
export const talkingOptions = (): readonly Option[] => [
  new Option('--no-color', 'no colours, also on a terminal (environment: NO_COLOR; FORCE_COLOR: also elsewhere)'),
  new Option('--log-level <level>', 'what is told on standard error; traffic: every hop, and where a fault came from')
    .choices(LOG_LEVELS)
    .default('info'),
];

/** A command with the options that all have, and examples that work. */
export function leaf(io: Io, name: string, description: string, examples: readonly string[]): Command {
  const data = io.env['ASSAY_DATA'];
  const command = new Command(name)
    .description(description)
    .option(
      '--data <dir>',
      'data directory (environment: ASSAY_DATA, else what the file in ASSAY_CONFIG says)',
      data === undefined || data === '' ? DEFAULT_DATA : data,
    )
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${example}`).join('\n')}\n`);
  EXAMPLES.set(command, examples);
  for (const option of talkingOptions()) command.addOption(option.hideHelp());
  return command;
}

const EXAMPLES = new WeakMap<Command, readonly string[]>();

/** The examples of a command's help. */
export const examplesOf = (command: Command): readonly string[] => EXAMPLES.get(command) ?? [];

const HELP = new Help();

/** What an option does, its choices and its default; an option that is not given needs no "false". */
export const optionWords = (option: Option): string =>
  HELP.optionDescription(option).replace(/ \(default: false\)$/, '');

/** Says of a command that goes on for a while that it prints a document a line. */
export function jsonLines(command: Command): Command {
  const json = command.options.find(({ long }) => long === '--json');
  if (json !== undefined) json.description = JSON_LINES;
  return command;
}

const JSON_LINES = 'print JSON documents, one a line, as they come';

/** A command that only groups others. */
export function group(name: string, description: string, commands: readonly Command[]): Command {
  const parent = new Command(name).description(description);
  for (const command of commands) parent.addCommand(command);
  return parent;
}
