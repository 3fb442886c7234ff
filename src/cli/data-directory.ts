import { join } from 'node:path';
import { Workshop } from '#lab/workshop/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import type { Io } from './io.ts';
import type { CommonOptions } from './leaf.ts';

/** Where the operator keeps its data in a data directory. */
export const operatorDirectory = (data: string): string => join(data, 'operator');

/** The database a command works on: PostgreSQL when ASSAY_DATABASE_URL names one (its password shows in no list of processes), else SQLite. */
export function databaseOf({ env }: Io): { readonly databaseUrl?: string } {
  const databaseUrl = env['ASSAY_DATABASE_URL'] ?? '';
  return databaseUrl === '' ? {} : { databaseUrl };
}

/** Opens the operator of the data directory, without an SMSC, for one act; another process may serve meanwhile. */
export async function withOperator<T>(
  io: Io,
  { data }: Pick<CommonOptions, 'data'>,
  act: (operator: Operator) => T | Promise<T>,
): Promise<T> {
  const { clock, random, scheduler } = io;
  const operator = openOperator({
    ...{ dataDirectory: operatorDirectory(data), clock, random, scheduler },
    ...databaseOf(io),
  });
  try {
    return await act(operator);
  } finally {
    await operator.close();
  }
}

/** Where what seals the card images lies, when ASSAY_CARD_KEYS names another directory than the data directory's own. */
export function cardKeysOf({ env }: Io): { readonly cardKeys?: string } {
  const cardKeys = env['ASSAY_CARD_KEYS'] ?? '';
  return cardKeys === '' ? {} : { cardKeys };
}

/** The factory and card shop of the data directory. */
export function workshopOf(io: Io, { data }: Pick<CommonOptions, 'data'>): Workshop {
  const { clock, random } = io;
  return new Workshop(data, { clock, random, ...cardKeysOf(io) });
}
