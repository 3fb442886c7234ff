import { Argument, type Command } from 'commander';
import { SETTING_NAMES, type SettingName, settingExpects } from '#operator/register/index.ts';
import { withOperator } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { columns, say, sayJson } from './print.ts';
import { proposing } from './proposing.ts';

/** `assay register set`: how the register acts and what it answers when it knows nothing, or something is wrong. */
export function registerSetCommand(io: Io): Command {
  return leaf(io, 'set', 'show all settings of the register, or set one; every change is in the audit log', [
    'assay register set',
    'assay register set unknown.s13 unknown --reason "the MME decides"',
    'assay register set failure.listTooOld tracking --reason "regulator\'s rule 7"',
  ])
    .addArgument(new Argument('[name]', 'a setting').choices(SETTING_NAMES))
    .argument('[value]', 'its new value')
    .option('--reason <text>', 'why; needed to set one')
    .option('--author <name>', 'who decides', io.userName)
    .action(
      (
        name: SettingName | undefined,
        value: string | undefined,
        options: CommonOptions & { reason?: string; author: string },
      ) =>
        withOperator(io, options, async ({ register }) => {
          const { reason = '', author } = options;
          if (value !== undefined && reason.trim() === '') throw wrongInput('--reason: expected why it is set');
          if (name !== undefined && value !== undefined) {
            const change = { about: 'setting', name, value } as const;
            const isSet = await proposing(io, register, change, { author, why: reason, json: options.json });
            if (isSet === undefined) return;
          }
          const shown = SETTING_NAMES.filter((one) => name === undefined || one === name);
          const values = shown.map((one) => [one, register.settings.value(one)] as const);
          if (options.json) return sayJson(io, { settings: Object.fromEntries(values) });
          return say(
            io,
            ...columns([['setting', 'value', 'may be'], ...values.map(([one, is]) => [one, is, settingExpects(one)])]),
          );
        }),
    );
}
