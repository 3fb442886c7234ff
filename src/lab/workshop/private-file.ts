import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { makePrivateDirectory } from '#base/port/index.ts';

/** Makes a directory that only its owner can enter (mode 0700), with those above it. */
export function privateDirectory(path: string): string {
  makePrivateDirectory(path);
  return path;
}

/** The octets of a file that only its owner may read; undefined when there is none. A file that others can read is closed to them. */
export function readPrivateFile(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  chmodSync(path, 0o600);
  return new Uint8Array(readFileSync(path));
}

/** Writes a file whole or not at all, readable by its owner alone (mode 0600). Errors are the file system's. */
export function writePrivateFile(path: string, octets: Uint8Array): void {
  privateDirectory(dirname(path));
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(file, octets);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
