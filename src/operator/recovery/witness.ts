import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { giveToOwner } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';

const FILE_NAME = 'witness';
const PAUSE_MILLISECONDS = 10_000;
const HEAD = /^(\d{1,15}):([0-9A-F]{32})\n$/;

/**
 * What a data directory remembers of the database beside the database: the newest entry of its log. A database that does not hold this entry is
 * an older copy, or has lost what it acknowledged.
 */
export interface Witness {
  /** What is wrong with the database, and what to do; undefined: it is not older than what was seen here. Throws DatabaseError. */
  trouble(): string | undefined;
  /** Remembers the log as it is now. */
  note(): void;
  /** Remembers it every ten seconds from now on; `onFailure` hears what keeps it from doing so, and a database that went back. */
  start(onFailure: (error: unknown) => void): void;
  /** Remembers it a last time, when it was started. */
  close(): Promise<void>;
}

/** The witness of a data directory. */
export function openWitness(options: {
  readonly directory: string;
  readonly audit: Audit;
  readonly scheduler: Scheduler;
}): Witness {
  const { directory, audit, scheduler } = options;
  const path = join(directory, FILE_NAME);
  let noted = 0;
  let takeBack: (() => void) | undefined;

  const trouble = (): string | undefined => {
    const head = existsSync(path) ? headIn(path) : undefined;
    if (head === undefined || audit.holds(head)) return undefined;
    return (
      `the log of this database does not hold entry ${head.id}, which was here before (${path}): it is an older copy, or another database. ` +
      "UICCs refuse the counters it would give: make it fit with 'assay operator restore'"
    );
  };

  const note = (): void => {
    const { id, chain } = audit.head();
    if (id === 0 || id === noted) return;
    writeWhole(path, `${id}:${chain}\n`);
    noted = id;
  };

  const round = (onFailure: (error: unknown) => void, before = ''): void => {
    let told = before;
    try {
      // A server that failed over may have lost its newest entries: what was noted stays, and the next start asks for a restore.
      const wrong = trouble() ?? '';
      if (wrong === '') note();
      else if (wrong !== before) onFailure(new DatabaseError(wrong));
      told = wrong;
    } catch (error) {
      if (!(error instanceof DatabaseError && error.temporary)) onFailure(error);
    }
    takeBack = scheduler.after(PAUSE_MILLISECONDS, () => round(onFailure, told));
  };

  return {
    trouble,
    note,
    start: (onFailure) => round(onFailure),
    async close() {
      if (takeBack === undefined) return;
      takeBack();
      takeBack = undefined;
      try {
        if (trouble() === undefined) note();
      } catch (error) {
        // What was noted before is as true.
        if (!(error instanceof DatabaseError)) throw error;
      }
    },
  };
}

function headIn(path: string): { readonly id: number; readonly chain: string } {
  const [, id, chain = ''] = HEAD.exec(readFileSync(path, 'utf8')) ?? [];
  if (id === undefined)
    throw new DatabaseError(
      `${path}: expected NUMBER:CHAIN and the end of a line, got something else; remove it if nothing was restored`,
    );
  return { id: Number(id), chain };
}

/** The whole text or the one before, also after a power cut. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  giveToOwner(draft);
  renameSync(draft, path);
}
