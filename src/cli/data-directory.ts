import { join } from 'node:path';
import { Workshop } from '#lab/workshop/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import type { Io } from './io.ts';
import type { CommonOptions, DataOptions } from './leaf.ts';

/** Where the operator keeps its data in a data directory. */
export const operatorDirectory = (data: string): string => join(data, 'operator');

/**
 * The database a command works on: PostgreSQL when ASSAY_DATABASE_URL names one (its password shows in no list of processes), or the
 * configuration does, else SQLite.
 */
export function databaseOf(
  { env }: Io,
  options: Pick<CommonOptions, 'databaseUrl'> = {},
): { readonly databaseUrl?: string } {
  const databaseUrl = env['ASSAY_DATABASE_URL'] || options.databaseUrl;
  return databaseUrl === undefined ? {} : { databaseUrl };
}

/** Opens the operator of the data directory, without an SMSC, for one act; another process may serve meanwhile. `mayBeCopy`: a copy too is looked at. */
export async function withOperator<T>(
  io: Io,
  options: DataOptions,
  act: (operator: Operator) => T | Promise<T>,
  mayBeCopy = false,
): Promise<T> {
  const { clock, random, scheduler } = io;
  const operator = openOperator({
    // Nobody looks at the live exchange of this process.
    liveHops: 0,
    ...{ dataDirectory: operatorDirectory(options.data), clock, random, scheduler },
    ...{ ...databaseOf(io, options), mayBeCopy },
  });
  try {
    return await act(operator);
  } finally {
    await operator.close();
  }
}

/** Where what seals the card images lies, when ASSAY_CARD_KEYS or the configuration names another directory than the data directory's own. */
export function cardKeysOf({ env }: Io, options: Pick<CommonOptions, 'cardKeys'> = {}): { readonly cardKeys?: string } {
  const cardKeys = env['ASSAY_CARD_KEYS'] || options.cardKeys;
  return cardKeys === undefined ? {} : { cardKeys };
}

/** The factory and card shop of the data directory. */
export function workshopOf(io: Io, options: DataOptions): Workshop {
  const { clock, random } = io;
  return new Workshop(options.data, { clock, random, ...cardKeysOf(io, options) });
}
