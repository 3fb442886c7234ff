// One installation at a time: a lock directory beside node_modules (npm empties node_modules itself).
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;
const HEARTBEAT_MS = 2_000;
// A holder whose process is gone loses the lock at once; one that only looks alive (its number was used again) after this.
const SILENCE_LIMIT_MS = 120_000;
// Time for another process that judged the same old lock dead, and removes it a moment after us.
const SETTLE_MS = 100;

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'owner.json'), 'utf8'));
  } catch {
    return undefined; // being written, or being removed
  }
}

function isStale(path, owner) {
  try {
    if (Date.now() - statSync(path).mtimeMs > SILENCE_LIMIT_MS) return true;
  } catch {
    return false; // released meanwhile: the next mkdir decides
  }
  if (owner === undefined) return false;
  // npm outlives a setup that was killed; it still writes node_modules.
  return owner.pid === process.pid || !(isAlive(owner.pid) || isAlive(owner.npm));
}

function tryTake(path, mine) {
  try {
    mkdirSync(path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(join(path, '.gitignore'), '*\n');
  writeFileSync(join(path, 'owner.json'), JSON.stringify(mine));
  return true;
}

/**
 * Waits for the lock directory `path` and takes it. `onWait(pid)` is called once if someone else holds it.
 * Returns `note(npmPid)`, to be called when npm is started, and `release()`.
 */
export async function takeLock(path, onWait) {
  const mine = { pid: process.pid, token: `${process.pid}-${Date.now()}-${Math.random()}`, npm: 0 };
  for (let waited = false; ; ) {
    if (tryTake(path, mine)) {
      await sleep(SETTLE_MS);
      if (readOwner(path)?.token === mine.token) break;
      continue;
    }
    const owner = readOwner(path);
    if (isStale(path, owner)) {
      rmSync(path, { recursive: true, force: true });
      continue;
    }
    if (!waited && owner !== undefined) {
      onWait(owner.pid);
      waited = true;
    }
    await sleep(POLL_MS);
  }
  // A person may have removed the lock, and another setup may hold it now: then it is not ours to touch.
  const ifMine = (act) => {
    if (readOwner(path)?.token === mine.token) act();
  };
  const heartbeat = setInterval(() => ifMine(() => utimesSync(path, new Date(), new Date())), HEARTBEAT_MS);
  return {
    note(npmPid) {
      ifMine(() => writeFileSync(join(path, 'owner.json'), JSON.stringify({ ...mine, npm: npmPid })));
    },
    release() {
      clearInterval(heartbeat);
      ifMine(() => rmSync(path, { recursive: true, force: true }));
    },
  };
}
