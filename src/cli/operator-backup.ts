import { resolve } from 'node:path';
import type { Command } from 'commander';
import { copyDataDirectory } from '#operator/database/index.ts';
import { configured, withConfiguration } from './configured.ts';
import { databaseOf, operatorDirectory } from './data-directory.ts';
import { checkData } from './doctor-data.ts';
import { EXIT, wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { facts, plain, say, sayJson } from './print.ts';

interface BackupOptions extends CommonOptions {
  /** False: `--no-key`. */
  readonly key: boolean;
}

/** `assay operator backup`: a copy of the database as it is at one moment, looked at before it counts. */
export function backupCommand(io: Io): Command {
  const command = leaf(
    io,
    'backup',
    'copy the SQLite database while the operator runs, with its master key, and check the copy; status 1 when that finds a fault',
    [
      'assay operator backup /backup/2026-11-30 --config /etc/assay/assay.yaml',
      'assay operator backup /backup/2026-11-30 --no-key   (the master key is kept elsewhere)',
    ],
  )
    .argument('<directory>', 'where it is written, as a data directory; made with mode 0700')
    .option('--no-key', 'leave the master key out: who finds such a copy can read no secret in it');
  return withConfiguration(command).action((directory: string, _options: unknown, backup: Command) => {
    const { io: told, options } = configured<BackupOptions>(io, backup);
    return makeBackup(told, directory, options);
  });
}

async function makeBackup(io: Io, directory: string, options: BackupOptions): Promise<void> {
  if (databaseOf(io).databaseUrl !== undefined)
    throw wrongInput(
      'expected a database of SQLite, got one in PostgreSQL: copy it with pg_dump, and operator/master.key by hand (docs/deploy.md)',
    );
  const target = operatorDirectory(resolve(directory));
  await copyDataDirectory({
    ...{ directory: operatorDirectory(options.data), target },
    ...{ withKey: options.key, now: io.clock.now() },
  });
  const findings = await checkData(io, { directory: target, isFull: true });
  // Without the key only the file itself can be looked at.
  const faults = findings.filter(({ check, state }) => state === 'fail' && (options.key || check !== 'keys'));
  if (faults.length > 0) io.exitCode = EXIT.no;
  const head = findings.find(({ check }) => check === 'audit')?.found;
  if (options.json)
    return sayJson(io, { backup: target, whole: faults.length === 0, faults, ...(head && { log: head }) });
  return say(
    io,
    ...facts({
      copy: target,
      log: head,
      'master key': options.key ? 'beside it: keep who reads it apart' : 'not in it',
    }),
    ...faults.map(({ found, advice }) => plain(`broken: ${found}: ${advice}`)),
    ...(faults.length > 0 ? [] : ['The copy is whole. It works again after: assay operator restore']),
  );
}
