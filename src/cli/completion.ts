import { Argument, type Command } from 'commander';
import { type OfferedCommand, offeredCommand } from './command-tree.ts';
import { bashCompletion } from './completion-bash.ts';
import { fishCompletion } from './completion-fish.ts';
import { zshCompletion } from './completion-zsh.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { sayJson } from './print.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Readonly<
  Record<string, (program: OfferedCommand) => string>
>;

/** The program that a command belongs to. */
export const programOf = (command: Command): Command => (command.parent === null ? command : programOf(command.parent));

/** `assay completion`: what a shell needs to complete commands, options, choices, files and card numbers, without starting Assay at each Tab. */
export function completionCommand(io: Io): Command {
  return leaf(io, 'completion', 'print the completion of bash, zsh or fish', [
    'assay completion bash > ~/.local/share/bash-completion/completions/assay',
    'assay completion zsh > ~/.zsh/completions/_assay     # a directory that is in fpath before compinit runs',
    'assay completion fish > ~/.config/fish/completions/assay.fish',
  ])
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(SHELLS)))
    .addHelpText('after', '\nWrite it again after an upgrade: it knows the options of the Assay that wrote it.\n')
    .action((shell: keyof typeof SHELLS, { json }: CommonOptions, command: Command) => {
      const script = SHELLS[shell](offeredCommand(programOf(command)));
      return json ? sayJson(io, { shell, script }) : io.write(script);
    });
}
