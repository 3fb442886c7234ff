import { Argument, type Command } from 'commander';
import { REGISTER_MODES, type RegisterMode } from '#operator/register/index.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { say, sayJson } from './print.ts';
import { proposing } from './proposing.ts';

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
      withOperator(io, options, async ({ register }) => {
        const { reason = '', author } = options;
        if (mode !== undefined && reason.trim() === '') throw wrongInput('--reason: expected why the mode is set');
        if (mode !== undefined) {
          const change = { about: 'setting', name: 'mode', value: mode } as const;
          const isSet = await proposing(io, register, change, { author, why: reason, json: options.json });
          if (isSet === undefined) return;
        }
        const now = register.mode();
        return options.json ? sayJson(io, { mode: now }) : say(io, now);
      }),
    );
}
