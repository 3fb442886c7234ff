import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/** The file is used by a process that runs. */
export class InUse extends Error {
  override readonly name = 'InUse';
}

/**
 * Takes a file for this process by a note beside it (`.in-use`: the process and when it began); two processes that write one card would
 * spoil it. The note of a process that is gone is taken over. Throws InUse. Call the result to give the file back.
 */
export function takeForThisProcess(path: string): () => void {
  const note = `${path}.in-use`;
  try {
    writeNote(note);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [owner = '', began = ''] = readFileSync(note, 'utf8').split(' ');
    if (runs(Number(owner), began))
      throw new InUse(`${path}: expected to be free, is used by process ${owner}: stop that first`);
    rmSync(note, { force: true });
    writeNote(note);
  }
  return () => rmSync(note, { force: true });
}

function writeNote(note: string): void {
  const file = openSync(note, 'wx', 0o600);
  writeSync(file, `${process.pid} ${linuxProcess(process.pid)?.began ?? ''}`);
  closeSync(file);
}

const DEAD: ReadonlySet<string> = new Set(['Z', 'X']);
/** Fields of /proc/PID/stat behind the name in brackets, counted from the state: when the process began, in clock ticks (proc(5)). */
const BEGAN = 19;

/** State and beginning of a process as Linux tells them; undefined elsewhere, and for a process that is gone. */
function linuxProcess(processNumber: number): { readonly state: string; readonly began: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${processNumber}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', began: fields[BEGAN] ?? '' };
  } catch {
    return undefined;
  }
}

function runs(processNumber: number, began: string): boolean {
  if (!Number.isSafeInteger(processNumber) || processNumber <= 0) return false;
  // The same process may open a card again after closing it; a note it left behind is its own.
  if (processNumber === process.pid) return false;
  const seen = linuxProcess(processNumber);
  // A killed process that nobody has buried yet, and another that was given its number, do not hold the file.
  if (seen !== undefined) return !DEAD.has(seen.state) && (began === '' || began === seen.began);
  try {
    process.kill(processNumber, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
