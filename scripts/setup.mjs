// Makes node_modules what package-lock.json says, with a Node that runs TypeScript in it. Started before every npm script.
// Plain JavaScript for the host's Node (18 or newer); does nothing, quickly, when there is nothing to do.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isNewEnough, NODE_WANTED, nodePackage } from './node.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.assay-lock');
const LOCK = join(ROOT, '.assay-setup');
const MACHINE = `${process.platform}-${process.arch}`;
const OLDEST_HOST_MAJOR = 18;

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether an earlier setup left exactly this lock file's packages, and its Node is still there. */
function isUpToDate(lockHash) {
  const stamp = readJson(STAMP);
  if (stamp?.lock !== lockHash || stamp.machine !== MACHINE) return false;
  return stamp.node === 'host' ? isNewEnough(process.version) : existsSync(join(MODULES, '.bin', 'node'));
}

/** Whether a lock file's `os` or `cpu` list (["linux"] or ["!win32"]) admits a value. */
const fits = (list, value) =>
  list === undefined || list.includes(value) || (list[0]?.startsWith('!') === true && !list.includes(`!${value}`));

/** The entries of a lock file that belong on this machine; those that depend on the C library npm decides. */
function packagesWanted(lock) {
  return Object.entries(lock.packages).filter(
    ([path, entry]) =>
      path !== '' &&
      fits(entry.os, process.platform) &&
      fits(entry.cpu, process.arch) &&
      !(entry.optional === true && entry.libc !== undefined),
  );
}

/** Whether npm, started by hand, already installed these very packages: it writes this file last. */
function wasInstalledByHand(lock) {
  const found = readJson(join(MODULES, '.package-lock.json'))?.packages;
  if (found === undefined) return false;
  const isSame = ([path, entry]) =>
    found[path]?.version === entry.version &&
    found[path]?.integrity === entry.integrity &&
    existsSync(join(ROOT, path, 'package.json'));
  return packagesWanted(lock).every(isSame) && Object.keys(found).every((path) => path in lock.packages);
}

/** Why this machine cannot run Assay whatever npm installs, or undefined. */
function whyImpossible(lock) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_HOST_MAJOR) {
    return `this is Node ${process.version}. Setting up needs Node ${OLDEST_HOST_MAJOR} or newer.`;
  }
  const carried = packagesWanted(lock).some(([path]) => path === `node_modules/${nodePackage()}`);
  if (carried || isNewEnough(process.version)) return undefined;
  return (
    `this is Node ${process.version}; Assay runs on ${NODE_WANTED}, and no package carries it for ${MACHINE}.\n` +
    `Install ${NODE_WANTED} yourself, then run this again.`
  );
}

function writeStamp(lockHash, node) {
  mkdirSync(MODULES, { recursive: true });
  const draft = `${STAMP}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ lock: lockHash, machine: MACHINE, node })}\n`);
  renameSync(draft, STAMP);
}

async function installOnce(lock, lockHash) {
  const { chooseNode, install, SetupError, say } = await import('./install.mjs');
  const { takeLock } = await import('./setup-lock.mjs');
  const reason = whyImpossible(lock);
  if (reason !== undefined) throw new SetupError(reason);
  const held = await takeLock(LOCK, (pid) =>
    say(`process ${pid} is installing; waiting (if that is wrong, remove ${LOCK})`),
  );
  try {
    if (isUpToDate(lockHash)) return;
    if (!wasInstalledByHand(lock)) await install(ROOT, packagesWanted(lock).length, held.note);
    writeStamp(lockHash, chooseNode(ROOT));
  } finally {
    held.release();
  }
}

/** Installs what is missing; true when Assay can run. Otherwise says why not, on standard error, and returns false. */
export async function setUp() {
  const lockFile = readFileSync(join(ROOT, 'package-lock.json'));
  const lockHash = createHash('sha256').update(lockFile).digest('hex');
  if (isUpToDate(lockHash)) return true;
  try {
    await installOnce(JSON.parse(lockFile), lockHash);
    return true;
  } catch (error) {
    const { SetupError, say } = await import('./install.mjs');
    say(error instanceof SetupError ? error.message : `setting up failed: ${error.stack}`);
    return false;
  }
}

// The path may go through a symbolic link; import.meta.url never does.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (!(await setUp())) process.exitCode = 1;
}
