import {
  type Argument,
  Command,
  CommanderError,
  type HelpConfiguration,
  InvalidArgumentError,
  type Option,
} from 'commander';
import { ENVIRONMENT, EXIT_STATUSES, FIRST_STEPS } from './about-program.ts';
import { approvalCommand } from './approval.ts';
import { auditCommand } from './audit.ts';
import { cardCommand } from './card.ts';
import { completionCommand } from './completion.ts';
import { takeDeployment } from './configured.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { factoryCommand } from './factory.ts';
import { EXIT, explained } from './failure.ts';
import { handsetCommand } from './handset.ts';
import { imeiCommand } from './imei.ts';
import { imsiDefaultCommand } from './imsi-default.ts';
import { type Io, LOG_LEVELS, type LogLevel, tells } from './io.ts';
import { group, optionWords, talkingOptions } from './leaf.ts';
import { listCommand } from './list.ts';
import { makerCommand } from './maker.ts';
import { manCommand } from './man-page.ts';
import { backupCommand } from './operator-backup.ts';
import { checkConfigCommand } from './operator-check-config.ts';
import { initCommand } from './operator-init.ts';
import { modeCommand } from './operator-mode.ts';
import { restoreCommand } from './operator-restore.ts';
import { serveCommand } from './operator-serve.ts';
import { otaCommand } from './ota.ts';
import { pairCommand } from './pair.ts';
import { columns } from './print.ts';
import { rangeCommand } from './range.ts';
import { registerServeCommand } from './register-serve.ts';
import { registerSetCommand } from './register-settings.ts';
import { retentionCommand } from './retention.ts';
import { revocationCommand } from './revocation.ts';
import { subjectCommand } from './subject.ts';
import { subscribersCommand } from './subscribers.ts';
import { didYouMean } from './suggestion.ts';
import { tacCommand } from './tac.ts';
import { tokenCommand } from './token.ts';
import { traceCommand } from './trace.ts';
import { uiccCommand } from './uicc.ts';
import { userCommand } from './user.ts';
import { VERSION } from './version.ts';
import { webhookCommand } from './webhook.ts';

const indented = (rows: readonly (readonly string[])[]): string =>
  columns(rows)
    .map((line) => `  ${line}`)
    .join('\n');

const ABOUT = `
Exit codes of every command:
${indented(EXIT_STATUSES)}

Environment:
${indented(ENVIRONMENT)}

First steps:
${indented(FIRST_STEPS.map((step) => [step]))}
`;

/** Every command below one, itself included. */
export const allBelow = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(allBelow)];

const HELP: HelpConfiguration = {
  showGlobalOptions: true,
  optionDescription: optionWords,
  // What a command has itself is not said twice.
  visibleGlobalOptions: (command) => {
    const own = new Set(command.options.filter(({ hidden }) => !hidden).map(({ long }) => long));
    const above: Option[] = [];
    for (let parent = command.parent; parent !== null; parent = parent.parent)
      above.push(...parent.options.filter(({ hidden, long }) => !hidden && long !== '--version' && !own.has(long)));
    return above;
  },
};

/** Says which choice was meant when another was typed. */
function suggestChoices(given: Option | Argument): void {
  const { argChoices: choices, parseArg: parse } = given;
  if (choices === undefined || parse === undefined) return;
  given.parseArg = <T>(typed: string, previous: T) => {
    if (!choices.includes(typed))
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}${didYouMean(typed, choices)}.`);
    return parse(typed, previous);
  };
}

/** The commands that serve: the operator's and a register node's. */
const servingCommands = (io: Io): readonly [operator: Command, register: Command] => [
  group('operator', 'run the operator (5), configure it, set how its register acts', [
    serveCommand(io),
    modeCommand(io),
    initCommand(io),
    checkConfigCommand(io, () => serveCommand(io)),
    backupCommand(io),
    restoreCommand(io),
  ]),
  group('register', 'run a node of the equipment register (7), set how it answers', [
    registerServeCommand(io),
    registerSetCommand(io),
  ]),
];

/** `assay` with all its commands. */
export function assayProgram(io: Io): Command {
  const program = new Command('assay')
    .version(VERSION, '-V, --version', 'the version')
    .description('Proves which handset really owns an IMEI, and puts the proof to use in a mobile network.')
    .option('--data <dir>', 'data directory of the command that follows (environment: ASSAY_DATA)')
    .enablePositionalOptions()
    .addHelpText('after', ABOUT);
  for (const option of talkingOptions()) program.addOption(option);
  const [operator, register] = servingCommands(io);
  const lists = [
    register,
    listCommand(io),
    rangeCommand(io),
    pairCommand(io),
    imsiDefaultCommand(io),
    approvalCommand(io),
    tacCommand(io),
    imeiCommand(io),
  ];
  const cards = [factoryCommand(io), uiccCommand(io), cardCommand(io)];
  for (const command of [
    demoCommand(io),
    operator,
    ...lists,
    ...cards,
    handsetCommand(io),
    otaCommand(io),
    subscribersCommand(io),
    subjectCommand(io),
    retentionCommand(io),
    webhookCommand(io),
    makerCommand(io),
    revocationCommand(io),
  ])
    program.addCommand(command);
  program
    .addCommand(traceCommand(io))
    .addCommand(auditCommand(io))
    .addCommand(userCommand(io))
    .addCommand(tokenCommand(io));
  program.addCommand(doctorCommand(io, () => serveCommand(io)));
  program.addCommand(completionCommand(io)).addCommand(manCommand(io));
  for (const command of allBelow(program)) {
    for (const one of [...command.options, ...command.registeredArguments]) suggestChoices(one);
    command
      .exitOverride()
      .configureHelp(HELP)
      .configureOutput({
        writeOut: (text) => void io.write(text),
        writeErr: io.warn,
        getOutHasColors: () => io.isColoured,
      })
      .showHelpAfterError('(--help after the command shows how it is used)');
  }
  program.hook('preSubcommand', () => {
    const { data } = program.opts<{ data?: string }>();
    if (data === undefined) return;
    for (const command of allBelow(program)) command.setOptionValueWithSource('data', data, 'config');
  });
  program.hook('preAction', (_program, command) => takeDeployment(io, command));
  return program;
}

/** How a command talks, as its line says: known before any command reads it. A level that is none is refused there. */
function talking(args: readonly string[], io: Io): Io {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  const at = options.findLastIndex((one) => one === '--log-level' || one.startsWith('--log-level='));
  const typed = options[at] === '--log-level' ? options[at + 1] : options[at]?.split('=')[1];
  const level: LogLevel | undefined = LOG_LEVELS.find((one) => one === typed);
  return {
    ...io,
    isColoured: io.isColoured && !options.includes('--no-color'),
    ...(level !== undefined && { logLevel: level }),
  };
}

/** Runs one command line (without the program's name); the exit code. Nothing is thrown. */
export async function runAssay(args: readonly string[], given: Io): Promise<number> {
  const io = talking(args, given);
  try {
    await assayProgram(io).parseAsync(args, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { exitCode, message } = explained(error);
    io.warn(`assay: ${message}\n`);
    if (tells(io, 'traffic') && error instanceof Error) io.warn(`${error.stack}\n`);
    return exitCode;
  }
}
