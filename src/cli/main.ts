import { Command, CommanderError } from 'commander';
import { demoCommand } from './demo.ts';
import { EXIT, failureOf } from './failure.ts';

/** The whole command line. Commands set `process.exitCode`; errors of any kind become one line and a status. */
function program(): Command {
  return new Command('assay')
    .description('Assay proves which handset really owns an IMEI.')
    .showHelpAfterError('(assay --help lists the commands, assay COMMAND --help shows examples)')
    .exitOverride()
    .addCommand(demoCommand());
}

// A reader that went away (`| head`) ends the program quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : EXIT.thisMachine),
);

const root = program();
for (const command of root.commands) command.exitOverride();
try {
  await root.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.wrongUse;
  else {
    const failure = failureOf(error);
    process.stderr.write(`assay: ${failure.message}\n`);
    if (process.env['ASSAY_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = failure.status;
  }
}
