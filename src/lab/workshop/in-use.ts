import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/** The file is used by a process that runs. */
export class InUse extends Error {
  override readonly name = 'InUse';
}

/**
 * Takes a file for this process by a note beside it (`.in-use`, with the process number); two processes that write one card would spoil
 * it. The note of a process that is gone is taken over. Throws InUse. Call the result to give the file back.
 */
export function takeForThisProcess(path: string): () => void {
  const note = `${path}.in-use`;
  try {
    writeNote(note);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(readFileSync(note, 'utf8'));
    if (runs(owner)) throw new InUse(`${path}: expected to be free, is used by process ${owner}: stop that first`);
    rmSync(note, { force: true });
    writeNote(note);
  }
  return () => rmSync(note, { force: true });
}

function writeNote(note: string): void {
  const file = openSync(note, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
}

function runs(processNumber: number): boolean {
  if (!Number.isSafeInteger(processNumber) || processNumber <= 0) return false;
  // The same process may open a card again after closing it; a note it left behind is its own.
  if (processNumber === process.pid) return false;
  try {
    process.kill(processNumber, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
