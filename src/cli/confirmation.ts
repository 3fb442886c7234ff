import type { Command } from 'commander';
import { EXIT, Failure, wrongInput } from './failure.ts';
import type { Io } from './io.ts';

/** The option of every command that does what cannot be undone. */
export interface ConfirmationOptions {
  readonly yes: boolean;
}

/** Adds `--yes` to a command that does what cannot be undone. */
export const withConfirmation = (command: Command): Command =>
  command.option('-y, --yes', 'do it without being asked; needed where nobody can be asked', false);

/**
 * Goes on when the person says yes, or when `--yes` was given. `act` says what will be done, as a sentence. Throws Failure: the person says
 * no (status 1), or nobody can be asked (status 2).
 */
export async function confirm(io: Io, { yes }: ConfirmationOptions, act: string): Promise<void> {
  if (yes) return;
  if (io.person === undefined)
    throw wrongInput(`${act} This cannot be undone: expected --yes, as nobody is at a terminal to be asked`);
  const answer = (await io.person.ask(`${act} This cannot be undone. Go on? [y/N] `))?.trim().toLowerCase();
  if (answer !== 'y' && answer !== 'yes') throw new Failure(EXIT.no, 'nothing was done');
}
