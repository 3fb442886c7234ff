import { Argument, type Command } from 'commander';
import { UNKNOWN_ANSWERS, type UnknownAnswer } from '#operator/register/index.ts';
import { numberArgument } from './argument.ts';
import { withOperator } from './data-directory.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, group, leaf } from './leaf.ts';
import { columns, isoTime, say, sayJson, shortTime } from './print.ts';
import { proposing } from './proposing.ts';

interface ChangeOptions extends CommonOptions {
  readonly reason: string;
  readonly author: string;
}

const reasoned = (reason: string): string => {
  if (reason.trim() === '') throw wrongInput('--reason: expected a reason, got nothing');
  return reason;
};

function setCommand(io: Io): Command {
  return leaf(io, 'set', 'say what subscribers get whose handset nothing is known of; the longest prefix counts', [
    'assay imsi-default set 26201 tracking --reason "roamers of this network are watched"',
    'assay imsi-default set 262019 unknown --reason "the AMF decides"',
  ])
    .argument('<prefix>', 'the first digits of their IMSIs: MCC and MNC, or more of them, 3 to 14 digits')
    .addArgument(new Argument('<answer>', "unknown: the interface's own word for it").choices(UNKNOWN_ANSWERS))
    .requiredOption('--reason <text>', 'why; it stays with the default')
    .option('--author <name>', 'who decides', io.userName)
    .action((prefix: string, answer: UnknownAnswer, { reason, author, ...options }: ChangeOptions) =>
      withOperator(io, options, async ({ register }) => {
        const change = { about: 'imsiDefault', change: 'add', prefix, answer, note: reasoned(reason) } as const;
        const isSet = await proposing(io, register, change, { author, why: reason, json: options.json });
        if (isSet === undefined) return;
        if (options.json) return sayJson(io, { prefix, answer });
        return say(io, `subscribers ${prefix}…, when nothing is known of their handset: ${answer}`);
      }),
    );
}

function removeCommand(io: Io): Command {
  return leaf(io, 'remove', 'take such a default away; status 1 when there was none', [
    'assay imsi-default remove 26201 --reason "the roaming contract has ended"',
  ])
    .argument('<prefix>', 'as it was set')
    .requiredOption('--reason <text>', 'why')
    .option('--author <name>', 'who decides', io.userName)
    .action((prefix: string, { reason, author, ...options }: ChangeOptions) =>
      withOperator(io, options, async ({ register }) => {
        const change = { about: 'imsiDefault', change: 'remove', prefix } as const;
        const removed = await proposing(io, register, change, { author, why: reasoned(reason), json: options.json });
        if (removed === undefined) return;
        if (!removed) io.exitCode = EXIT.no;
        if (options.json) return sayJson(io, { removed });
        return say(io, removed ? 'the default is gone' : `there is no default for ${prefix}`);
      }),
    );
}

function showCommand(io: Io): Command {
  return leaf(io, 'show', 'the defaults by IMSI prefix, in the order of their digits', ['assay imsi-default show'])
    .option('--after <prefix>', 'go on behind this prefix', '')
    .option('--limit <number>', 'most defaults', numberArgument(1, 1000), 50)
    .action((options: CommonOptions & { readonly after: string; readonly limit: number }) =>
      withOperator(io, options, async ({ register: { imsiDefaults } }) => {
        const found = imsiDefaults.page(options.after, options.limit);
        const next = found.length === options.limit ? found.at(-1)?.prefix : undefined;
        const json = found.map(({ addedAt, ...one }) => ({ ...one, addedAt: isoTime(addedAt) }));
        if (options.json) return sayJson(io, { defaults: json, next });
        if (found.length === 0) return say(io, 'no defaults by IMSI prefix: the settings unknown.… count');
        const rows = found.map(({ prefix, answer, note, author, addedAt }) => [
          ...[prefix, answer, note, author, shortTime(addedAt)],
        ]);
        const more = next === undefined ? [] : [`more: --after ${next}`];
        return say(io, ...columns([['prefix', 'answer', 'why', 'by', 'since'], ...rows]), ...more);
      }),
    );
}

/** `assay imsi-default`: what is answered about unknown equipment, by IMSI prefix. */
export const imsiDefaultCommand = (io: Io): Command =>
  group('imsi-default', 'what subscribers get whose handset nothing is known of, by IMSI prefix: set, remove, show', [
    setCommand(io),
    removeCommand(io),
    showCommand(io),
  ]);
