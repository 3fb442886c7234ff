import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until a file, or what a directory names, is on the disk. Windows cannot open a directory; its file system needs no such flush. */
export function synchronise(path: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
