import { Command, CommanderError } from 'commander';
import { approvalCommand } from './approval.ts';
import { auditCommand } from './audit.ts';
import { cardCommand } from './card.ts';
import { demoCommand } from './demo.ts';
import { factoryCommand } from './factory.ts';
import { EXIT, explained } from './failure.ts';
import { handsetCommand } from './handset.ts';
import { imeiCommand } from './imei.ts';
import { imsiDefaultCommand } from './imsi-default.ts';
import type { Io } from './io.ts';
import { group } from './leaf.ts';
import { listCommand } from './list.ts';
import { modeCommand } from './operator-mode.ts';
import { serveCommand } from './operator-serve.ts';
import { otaCommand } from './ota.ts';
import { pairCommand } from './pair.ts';
import { rangeCommand } from './range.ts';
import { registerServeCommand } from './register-serve.ts';
import { registerSetCommand } from './register-settings.ts';
import { subscribersCommand } from './subscribers.ts';
import { tacCommand } from './tac.ts';
import { tokenCommand } from './token.ts';
import { traceCommand } from './trace.ts';
import { uiccCommand } from './uicc.ts';
import { webhookCommand } from './webhook.ts';

const EXIT_CODES = `
Exit codes:
  0  done, or the answer is yes        1  the answer is no: prohibited, blocked, not verified
  2  wrong usage or input              3  this machine: busy port, no permission, full disk, newer data
  4  a peer cannot be reached         70  a fault of Assay (ASSAY_DEBUG=1 shows where)

Environment:
  ASSAY_DATA          data directory, as --data
  ASSAY_DATABASE_URL  postgres://user:password@host:port/database instead of SQLite in the data directory
  ASSAY_CARD_KEYS     directory of what seals the card images, instead of card-keys in the data directory

First steps:
  assay demo --once
  assay card serve
  assay <command> --help
`;

/** Every command below one, itself included. */
const allBelow = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(allBelow)];

/** `assay` with all its commands. */
export function assayProgram(io: Io): Command {
  const program = new Command('assay')
    .description('Proves which handset really owns an IMEI, and puts the proof to use in a mobile network.')
    .option('--data <dir>', 'data directory of the command that follows (environment: ASSAY_DATA)')
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES);
  const operator = group('operator', 'run the operator (5), set how its register acts', [
    serveCommand(io),
    modeCommand(io),
  ]);
  const register = group('register', 'run a node of the equipment register (7), set how it answers', [
    registerServeCommand(io),
    registerSetCommand(io),
  ]);
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
    webhookCommand(io),
  ])
    program.addCommand(command);
  program.addCommand(traceCommand(io)).addCommand(auditCommand(io)).addCommand(tokenCommand(io));
  for (const command of allBelow(program))
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void io.write(text),
        writeErr: io.warn,
        getOutHasColors: () => io.isColoured,
      })
      .showHelpAfterError('(--help after the command shows how it is used)');
  program.hook('preSubcommand', () => {
    const { data } = program.opts<{ data?: string }>();
    if (data === undefined) return;
    for (const command of allBelow(program)) command.setOptionValueWithSource('data', data, 'config');
  });
  return program;
}

/** Runs one command line (without the program's name); the exit code. Nothing is thrown. */
export async function runAssay(args: readonly string[], io: Io): Promise<number> {
  try {
    await assayProgram(io).parseAsync(args, { from: 'user' });
    return io.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { exitCode, message } = explained(error);
    io.warn(`assay: ${message}\n`);
    if (io.env['ASSAY_DEBUG'] === '1' && error instanceof Error) io.warn(`${error.stack}\n`);
    return exitCode;
  }
}
