import type { Random } from '#base/port/index.ts';
import { CARD_COMMANDS } from './card-shell-commands.ts';
import { DATA_COMMANDS } from './data-shell-commands.ts';
import { DomainChannel } from './domain-channel.ts';
import { DOMAIN_COMMANDS } from './domain-shell-commands.ts';
import { FILE_COMMANDS } from './file-shell-commands.ts';
import { fileMeant, hex4, type KnownFile } from './known-files.ts';
import { type ShellCommand, type ShellContext, ShellError } from './shell-command.ts';

/** How a line ended: done, refused by the card, not understood, or the end of the session. */
export type LineResult = 'done' | 'refused' | 'wrong' | 'quit';

const LONGEST_LINE = 200_000;
const HELP = 'help';
const QUIT: ReadonlySet<string> = new Set(['quit', 'exit']);

/** All commands, by name; those of pySim-shell have their names there. */
const COMMANDS: ReadonlyMap<string, ShellCommand> = new Map(
  [...FILE_COMMANDS, ...DATA_COMMANDS, ...CARD_COMMANDS, ...DOMAIN_COMMANDS].map((command) => [command.name, command]),
);

/** What a shell is made of. */
export interface ShellParts extends Omit<ShellContext, 'domain'> {
  /** For challenges to the card. */
  readonly random: Random;
}

/** A shell on one card: lines in, what they bring out. It keeps nothing of what is typed. */
export class CardShell {
  readonly #context: ShellContext;

  constructor({ random, ...context }: ShellParts) {
    this.#context = { ...context, domain: new DomainChannel(context.session, random) };
  }

  /** Where one is, for the line that waits for a command. */
  get prompt(): string {
    const { directory, file, channel } = this.#context.session;
    const place = file === undefined ? directory.name : `${directory.name}/${file.name}`;
    return `assay${channel === 0 ? '' : `:${channel}`} (${place})> `;
  }

  /** False for a line that may have a PIN or key in it: of such a command, or of none, when somebody typed a PIN where a command belongs. */
  mayBeKept(line: string): boolean {
    const name = line.trim().split(/\s+/, 1)[0] ?? '';
    const command = COMMANDS.get(name);
    return command !== undefined && command.isSecret !== true;
  }

  /** Does one line. Rejects with MuteCardError when the card is gone. */
  async run(line: string): Promise<LineResult> {
    const [, name = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line.slice(0, LONGEST_LINE)) ?? [];
    if (name === '' || name.startsWith('#')) return 'done';
    if (QUIT.has(name)) return 'quit';
    if (name === HELP) return this.#help(rest);
    const command = COMMANDS.get(name);
    try {
      if (command === undefined) throw new ShellError(`${name.slice(0, 40)}: no such command; 'help' shows all`);
      return (await command.run(this.#context, rest === '' ? [] : rest.split(/\s+/), rest)) ? 'done' : 'refused';
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      await this.#context.say(error.message);
      if (command !== undefined) await this.#context.say(`usage: ${usage(command)}`);
      return 'wrong';
    }
  }

  async #help(name: string): Promise<LineResult> {
    const wanted = [...COMMANDS.values()].filter((command) => name === '' || command.name === name);
    if (wanted.length === 0) await this.#context.say(`${name.slice(0, 40)}: no such command`);
    const width = Math.max(...wanted.map((command) => usage(command).length), 0);
    const isNarrow = name === '' && width > WIDEST_USAGE;
    await this.#context.say(
      ...wanted.flatMap((command) =>
        isNarrow && usage(command).length > WIDEST_USAGE
          ? [usage(command), `${' '.repeat(WIDEST_USAGE)}  ${command.does}`]
          : [`${usage(command).padEnd(Math.min(width, WIDEST_USAGE))}  ${command.does}`],
      ),
    );
    if (name === '')
      await this.#context.say(`${'quit'.padEnd(Math.min(width, WIDEST_USAGE))}  leave; 'help COMMAND' for one`);
    return wanted.length === 0 ? 'wrong' : 'done';
  }

  /** What could stand where the line ends: commands, or files by name and identifier; and the part of the line that they complete. */
  complete(line: string): readonly [hits: readonly string[], part: string] {
    const [, name, file] = /^\s*(\S*)(?:\s+(\S*))?$/s.exec(line) ?? [];
    if (name === undefined) return [[], ''];
    if (file === undefined) {
      const names = [...COMMANDS.keys(), HELP, 'quit'].filter((one) => one.startsWith(name));
      return [names.map((one) => `${one} `), name];
    }
    if (name === HELP) return [[...COMMANDS.keys()].filter((one) => one.startsWith(file)), file];
    const command = COMMANDS.get(name);
    if (command?.choices !== undefined) return [command.choices.filter((one) => one.startsWith(file)), file];
    return command?.takesFile === true ? [this.#files(file), file] : [[], file];
  }

  #files(text: string): readonly string[] {
    const at = text.lastIndexOf('/') + 1;
    const [way, last] = [text.slice(0, at), text.slice(at).toLowerCase()];
    const { directory } = this.#context.session;
    const from = way === '' ? directory : fileMeant(way, directory);
    if (from === undefined) return [];
    const isWanted = ({ name, identifier }: KnownFile) =>
      [name, name.replace(SORT, ''), hex4(identifier)].some((one) => one.toLowerCase().startsWith(last));
    const applications =
      way === '' && from.parent !== undefined ? rootOf(from).children.filter(({ aid }) => aid !== undefined) : [];
    const found = [...from.children, ...applications].filter(isWanted);
    const names = found.map(
      (file) =>
        `${way}${last !== '' && hex4(file.identifier).toLowerCase().startsWith(last) ? hex4(file.identifier) : file.name}`,
    );
    return way === '' && last !== '' && 'mf'.startsWith(last) ? [...names, 'MF'] : names;
  }
}

/** What a name may stand without. */
const SORT = /^(?:EF|DF|ADF)\./;
const WIDEST_USAGE = 34;
const usage = ({ name, parameters }: ShellCommand): string => `${name} ${parameters}`.trim();

function rootOf(file: KnownFile): KnownFile {
  let root = file;
  while (root.parent !== undefined) root = root.parent;
  return root;
}
