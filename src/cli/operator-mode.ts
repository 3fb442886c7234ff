import { Argument, type Command } from 'commander';
import { REGISTER_MODES, type RegisterMode } from '#operator/register/index.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { say, sayJson } from './print.ts';

/** `assay operator mode`: how the register acts. */
export function modeCommand(io: Io): Command {
  return leaf(io, 'mode', 'show or set how the register acts: enforce, track (prohibit nobody), off (permit all)', [
    'assay operator mode',
    'assay operator mode track --reason "wrong list imported"',
  ])
    .addArgument(new Argument('[mode]', 'the new mode').choices(REGISTER_MODES))
    .option('--reason <text>', 'why; needed to set it')
    .option('--author <name>', 'who decides', io.userName)
    .action((mode: RegisterMode | undefined, options: CommonOptions & { reason?: string; author: string }) =>
      withOperator(io, options, ({ register }) => {
        const { reason = '', author } = options;
        if (mode !== undefined && reason.trim() === '') throw wrongInput('--reason: expected why the mode is set');
        if (mode !== undefined) register.setMode(mode, author, reason);
        const now = register.mode();
        return options.json ? sayJson(io, { mode: now }) : say(io, now);
      }),
    );
}
