import type { Argument, Command, Option } from 'commander';

/** What can stand in a place of the command line, as far as a shell can offer it. */
export type Offer =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** `iccid`, `support`: a card of the data directory. `anything`: nobody can know. */
  | { readonly kind: 'file' | 'directory' | 'iccid' | 'support' | 'anything' };

/** An option as a shell offers it. */
export interface OfferedOption {
  /** `-h` and `--help`, whatever there is. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What stands behind it; undefined when nothing does. */
  readonly value: Offer | undefined;
  readonly isRepeatable: boolean;
}

/** An argument as a shell offers it. */
export interface OfferedArgument {
  readonly name: string;
  readonly value: Offer;
  readonly isRepeatable: boolean;
}

/** A command as a shell offers it. */
export interface OfferedCommand {
  /** Its words without the program's name; none for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OfferedOption[];
  readonly arguments: readonly OfferedArgument[];
  readonly commands: readonly OfferedCommand[];
}

/** Where a data directory holds its cards: a file for each, named by its number. */
export const CARD_FILES = { iccid: 'uicc', support: 'factory/supports', ending: '.card' } as const;

/** What the name of a value says of it. Names are those of `--help`. */
const NAMED: Readonly<Record<string, Offer['kind']>> = {
  file: 'file',
  dir: 'directory',
  directory: 'directory',
  iccid: 'iccid',
  card: 'iccid',
  identity: 'support',
};

function offerOf(choices: readonly string[] | undefined, name: string): Offer {
  if (choices !== undefined) return { kind: 'words', words: choices };
  const kind = NAMED[name] ?? 'anything';
  return kind === 'words' ? { kind: 'anything' } : { kind };
}

/** The name of an option's value, as in `--report <file>`. */
const valueName = ({ flags }: Option): string => /[<[]([a-z-]+)/.exec(flags)?.[1] ?? '';

const offeredOption = (option: Option): OfferedOption => ({
  flags: [option.short, option.long].filter((flag) => flag !== undefined),
  description: option.description,
  value: option.required || option.optional ? offerOf(option.argChoices, valueName(option)) : undefined,
  isRepeatable: option.variadic || /may be given again|repeat for more/.test(option.description),
});

const offeredArgument = (argument: Argument): OfferedArgument => ({
  name: argument.name(),
  value: offerOf(argument.argChoices, argument.name()),
  isRepeatable: argument.variadic,
});

const HELP: OfferedOption = {
  flags: ['-h', '--help'],
  description: 'display help for command',
  value: undefined,
  isRepeatable: false,
};

/** A command and all below it, as shells offer them. */
export function offeredCommand(command: Command, path: readonly string[] = []): OfferedCommand {
  return {
    path,
    description: command.description(),
    options: [...command.options.map(offeredOption), HELP],
    arguments: command.registeredArguments.map(offeredArgument),
    commands: command.commands.map((one) => offeredCommand(one, [...path, one.name()])),
  };
}

/** A command and all below it, in order. */
export const allOffered = (command: OfferedCommand): readonly OfferedCommand[] => [
  command,
  ...command.commands.flatMap(allOffered),
];
