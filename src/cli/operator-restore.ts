import { resolve } from 'node:path';
import type { Command } from 'commander';
import { placeCopy } from '#operator/database/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { configured, withConfiguration } from './configured.ts';
import { type ConfirmationOptions, confirm, withConfirmation } from './confirmation.ts';
import { databaseOf, operatorDirectory } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { facts, isoTime, say, sayJson, shortTime } from './print.ts';

interface RestoreOptions extends CommonOptions, ConfirmationOptions {
  readonly from?: string;
  readonly reason: string;
  readonly author: string;
}

/** Tokens and orders that are named; the others are counted. */
const MOST_NAMED = 20;

/** `assay operator restore`: an older copy of the database made fit to work, after it was put in its place if need be. */
export function restoreCommand(io: Io): Command {
  const command = leaf(
    io,
    'restore',
    'make an older copy of the database fit to work: the counters of all UICCs leap, open orders and sessions end',
    [
      'assay operator restore --from /backup/2026-11-30 --config /etc/assay/assay.yaml --reason "disk lost"',
      'assay operator restore --config /etc/assay/assay.yaml --reason "pg_restore of the dump of 11-30" --yes',
    ],
  )
    .option('--from <directory>', "what 'assay operator backup' wrote; without it the database is in its place already")
    .requiredOption('--reason <text>', 'why; it stands in the log')
    .option('--author <name>', 'who restores', io.userName);
  return withConfiguration(withConfirmation(command)).action((_options: unknown, restore: Command) => {
    const { io: told, options } = configured<RestoreOptions>(io, restore);
    return restoreCopy(told, options);
  });
}

async function restoreCopy(io: Io, options: RestoreOptions): Promise<void> {
  const { data, from, reason, author } = options;
  if (reason.trim() === '') throw wrongInput('--reason: expected why the database is restored');
  const database = databaseOf(io);
  if (from !== undefined && database.databaseUrl !== undefined)
    throw wrongInput(
      '--from: expected a database of SQLite, got one in PostgreSQL: pg_restore puts it back; leave --from out',
    );
  const act = 'Every order to a UICC that has not ended is given up, everybody is signed out, all counters leap.';
  await confirm(io, options, act);
  const { clock, random, scheduler } = io;
  const directory = operatorDirectory(data);
  if (from !== undefined) await placeCopy({ from: operatorDirectory(resolve(from)), directory, now: clock.now() });
  const operator = openOperator({
    // Nobody looks at the live exchange of this process.
    liveHops: 0,
    ...{ dataDirectory: directory, clock, random, scheduler, mayBeCopy: true },
    ...database,
  });
  try {
    await tell(io, operator, operator.recover({ author, reason }), options.json);
  } finally {
    await operator.close();
  }
}

function tell(
  io: Io,
  { access, register, audit }: Operator,
  done: ReturnType<Operator['recover']>,
  isJson: boolean,
): Promise<void> {
  const { copyMadeAt: madeAt, orders, uiccs, leap, sessions } = done;
  const now = io.clock.now();
  const tokens = access.page(0, 1000).filter(({ revokedAt, expiresAt }) => revokedAt === undefined && expiresAt > now);
  const newest = register.imports(1000).find(({ state }) => state === 'done');
  const head = audit.head();
  if (isJson)
    return sayJson(io, {
      ...{ ...done, copyMadeAt: madeAt === undefined ? undefined : isoTime(madeAt) },
      tokens: tokens.map(({ name }) => name),
      newestImport: newest && { name: newest.name, at: isoTime(newest.at) },
      head: `${head.id}:${head.chain}`,
    });
  return say(
    io,
    ...facts({
      'copy made': madeAt === undefined ? 'it does not say when' : shortTime(madeAt),
      'counters leapt': `by ${leap}, of ${uiccs} UICCs`,
      'orders given up': named(orders.map(String)),
      'sessions ended': sessions,
      'newest import': newest === undefined ? 'none' : `${newest.name} of ${shortTime(newest.at)}`,
      'tokens that count': named(tokens.map(({ name }) => name)),
      log: `entry ${head.id}, head ${head.id}:${head.chain}`,
    }),
    '',
    'What was done after the copy was made is not known here. Before the operator serves again:',
    ...UNKNOWN.map((text) => `  ${text}`),
  );
}

const UNKNOWN = [
  'import the newest lists, and give the orders again that are still wanted',
  'revoke the tokens and disable the users again that were',
  'erase again whom you erased',
  'enter the UICCs again that were issued; those whose keys of remote management were changed can no more be managed',
];

function named(all: readonly string[]): string {
  if (all.length === 0) return 'none';
  const more = all.length - MOST_NAMED;
  return `${all.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
