import { spawnSync } from 'node:child_process';
import type { X509Certificate } from 'node:crypto';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { freemem } from 'node:os';
import { isConsoleBuilt } from '#console/index.ts';
import { type Check, type Finding, findings } from './finding.ts';
import { certificateIn, keyIn } from './pem-pair.ts';
import { VERSION } from './version.ts';

const EXPECTED_NODE = [24, 12] as const;
const MEBI = 1_048_576;
const LEAST_FREE_DISK = 1024 * MEBI;
const WARN_FREE_DISK = 5 * LEAST_FREE_DISK;
const OTHERS = 0o077;
const DAY = 86_400_000;
const EXPIRES_SOON = 30 * DAY;
/** A clock that is set while we look jumps; one that is slewed does not differ by so much in a second. */
const LOOKED_AT_MILLISECONDS = 300;
const MOST_JUMP_MILLISECONDS = 50;

/** Node, the console's page, the clocks of this machine. */
export const machineChecks: readonly Check[] = [
  { name: 'Node', run: checkNode },
  { name: 'console', run: checkConsole },
  { name: 'clock', run: checkClock },
];

function checkNode(): readonly Finding[] {
  const { ok, fail } = findings('Node');
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > EXPECTED_NODE[0] || (major === EXPECTED_NODE[0] && minor >= EXPECTED_NODE[1]);
  const found = `${process.version}, Assay ${VERSION}`;
  return [isNew ? ok(found) : fail(found, `install Node ${EXPECTED_NODE.join('.')} or newer`)];
}

function checkConsole(): readonly Finding[] {
  const { ok, warn } = findings('console');
  return [
    isConsoleBuilt()
      ? ok('its page is built')
      : warn(
          'its page is not built',
          'the next operator serve builds it; it then needs to write into the directory of Assay',
        ),
  ];
}

async function checkClock(): Promise<readonly Finding[]> {
  const { ok, warn } = findings('clock');
  const [wall, steady] = [Date.now(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_MILLISECONDS));
  const jump = Math.round(Math.abs(Date.now() - wall - (performance.now() - steady)));
  const { stdout = '', status } = spawnSync('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], {
    encoding: 'utf8',
    timeout: 2000,
  });
  const isSynchronised = status === 0 ? stdout.trim() === 'yes' : undefined;
  return [
    jump > MOST_JUMP_MILLISECONDS
      ? warn(
          `it jumped by ${jump} ms while it was looked at`,
          'let one program set it, by slewing (chrony, systemd-timesyncd)',
        )
      : ok('it runs evenly'),
    isSynchronised === false
      ? warn('nothing sets it by a time server', 'run chrony or systemd-timesyncd: reports and audit carry its time')
      : ok(
          isSynchronised === undefined
            ? 'whether a time server sets it is not known here'
            : 'it is set by a time server',
        ),
  ];
}

/** Room on the disk of the data directory. */
export function checkDisk(directory: string): readonly Finding[] {
  const { ok, warn, fail } = findings('disk');
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  const found = `${Math.floor(free / MEBI)} MiB free in ${directory}`;
  if (free < LEAST_FREE_DISK) return [fail(found, 'make room: imports and the log need it')];
  return [free < WARN_FREE_DISK ? warn(found, 'make room before a large import') : ok(found)];
}

/** Octets of memory for each entry of the index, its growth while it is built included. */
const OCTETS_AN_ENTRY = 16;

/** Room in memory for so many entries. */
export function checkMemory(entries: number): readonly Finding[] {
  const { ok, warn } = findings('memory');
  const needed = entries * OCTETS_AN_ENTRY;
  const found = `${Math.floor(freemem() / MEBI)} MiB free, ${Math.ceil(needed / MEBI)} MiB needed for ${entries} entries`;
  return [needed > freemem() ? warn(found, 'add memory, or run the register nodes on another machine') : ok(found)];
}

/** Files that their owner alone may use. */
export function checkRights(paths: readonly string[]): readonly Finding[] {
  const { ok, fail } = findings('rights');
  if (process.platform === 'win32') return [ok('not looked at on Windows')];
  const there = paths.filter((path) => existsSync(path));
  const open = there.filter((path) => (statSync(path).mode & OTHERS) !== 0);
  if (open.length === 0) return [ok(`${there.length} files and directories are their owner's alone`)];
  return open.map((path) => fail(`others may use ${path}`, `chmod go= ${path}, and think of who has`));
}

/** True when browsers take a certificate for this name or address (RFC 9110 4.3.4). */
const isFor = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;

/** A certificate: how long it works, whether its key belongs to it, and whether it is for the name that people use. */
export function checkCertificate(
  path: string,
  { key, name }: { readonly key?: string | undefined; readonly name?: string },
): readonly Finding[] {
  const { ok, warn, fail } = findings('certificate');
  const certificate = certificateIn(path);
  const left = certificate.validToDate.getTime() - Date.now();
  const found = `${path} works until ${certificate.validToDate.toISOString().slice(0, 10)}`;
  const isOfKey = key === undefined || certificate.checkPrivateKey(keyIn(key));
  return [
    left <= 0
      ? fail(found, 'renew it, then start the service again')
      : left < EXPIRES_SOON
        ? warn(found, 'renew it')
        : ok(found),
    ...(isOfKey ? [] : [fail(`${path} is not of the key ${key}`, 'name the key that it was made with')]),
    ...(name === undefined || isFor(certificate, name)
      ? []
      : [fail(`${path} is not for the name ${name}, by which people come`, 'take a certificate for that name')]),
  ];
}
