import { Command, CommanderError } from 'commander';
import { auditCommand, subscribersCommand } from './books.ts';
import { demoCommand } from './demo.ts';
import { factoryCommand } from './factory.ts';
import { EXIT, failureOf } from './failure.ts';
import { handsetCommand } from './handset.ts';
import { imeiCommand } from './imei.ts';
import type { Io } from './io.ts';
import { listCommand } from './list.ts';
import { operatorCommand } from './operator.ts';
import { otaCommand } from './ota.ts';
import { traceCommand } from './trace.ts';
import { uiccCommand } from './uicc.ts';

const COMMANDS = [
  demoCommand,
  operatorCommand,
  listCommand,
  imeiCommand,
  factoryCommand,
  uiccCommand,
  handsetCommand,
  otaCommand,
  traceCommand,
  subscribersCommand,
  auditCommand,
];

/** The whole command line. Errors of commander are thrown, and what it prints goes to `io`. */
function program(io: Io): Command {
  const root = new Command('assay').description('Assay proves which handset really owns an IMEI.');
  for (const make of COMMANDS) root.addCommand(make(io));
  const prepare = (command: Command) => {
    command
      .exitOverride()
      .configureOutput({ writeOut: (text) => void io.write(text), writeErr: (text) => io.warn(text) })
      .showHelpAfterError('(--help shows options and examples)');
    for (const inner of command.commands) prepare(inner);
  };
  prepare(root);
  return root.addHelpText(
    'after',
    '\nExit status: 0 yes or done, 1 no (blocked, prohibited, not acknowledged), 2 wrong use or input, 3 this machine (port, disk, permission), 4 a peer.\n',
  );
}

/** Runs a command line (without program name); sets `io.exitCode`. Never rejects: every error is one line and a status. */
export async function runCommandLine(io: Io, args: readonly string[]): Promise<void> {
  try {
    await program(io).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      io.exitCode = error.exitCode === 0 ? EXIT.yes : EXIT.wrongUse;
      return;
    }
    const failure = failureOf(error);
    io.warn(`assay: ${failure.message}\n`);
    if (io.env['ASSAY_DEBUG'] === '1' && error instanceof Error) io.warn(`${error.stack}\n`);
    io.exitCode = failure.status;
  }
}
