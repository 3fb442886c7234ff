import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { LIST_REASONS, type ListName } from '../list-entry.ts';
import { IN_GROUP, numberGroups } from '../number-group.ts';
import type { BatchPorts } from './batch.ts';
import { breathe } from './breathe.ts';
import type { EntryFacts } from './line-facts.ts';
import { Pace } from './pace.ts';
import { StagedImeis } from './staged-imeis.ts';
import type { Staging } from './staging.ts';
import { type HandsetsInUse, handsetsInUse } from './users.ts';

/** What is to be done about a staged IMEI. */
export const ACTION = { alreadyThere: 0, added: 1, updated: 2, removed: 3, notThere: 4 } as const;
/** What is to be done about a staged IMEI. */
export type Action = (typeof ACTION)[keyof typeof ACTION];

/** The difference between a file and one list of its source. */
export interface Difference {
  readonly list: ListName;
  readonly staged: StagedImeis;
  /** One for each staged IMEI. */
  readonly actions: Uint8Array;
  /** Listed by this source and not in a file that is its whole list. */
  readonly missing: StagedImeis;
  /** Entries of this source on this list before. */
  readonly before: number;
}

/** When a look-up for each line is cheaper than reading the whole list. */
const LOOK_UPS_PER_SCAN = 50;
/** Entries of all lists that are counted, or of which those of the source are read, without a breath at most. */
const MOST_COUNTED = 50_000;
const MOST_READ = 10_000;
const ABOVE_ALL_IMEIS = 100_000_000_000_000;

const FACTS = { reason: oneOf(...LIST_REASONS), note: text, caseReference: text, expiresAt: nullable(integer) };

/** Compares a staged file with what its source has listed. `tell` hears how many of the staged entries were compared. */
export async function compare(
  { database, clock }: Pick<BatchPorts, 'database' | 'clock'>,
  staging: Staging,
  { list, source, isFull }: { readonly list: ListName; readonly source: string; readonly isFull: boolean },
  tell: (compared: number) => void,
): Promise<Difference> {
  const staged = staging.imeis.get(list) ?? new StagedImeis();
  const actions = new Uint8Array(staged.length);
  const missing = new StagedImeis();
  const before = await entriesOf({ database, clock }, list, source);
  const actionAt = (at: number, entry: EntryFacts | undefined): Action => {
    const word = staged.word(at);
    if (word % 2 === 1) return entry === undefined ? ACTION.notThere : ACTION.removed;
    if (entry === undefined) return ACTION.added;
    return isSame(staging.facts.get(word >>> 1), entry) ? ACTION.alreadyThere : ACTION.updated;
  };
  if (!isFull && staged.length * LOOK_UPS_PER_SCAN < before) {
    const find = database.query(
      `SELECT imei, reason, note, case_reference, expires_at FROM list_entry WHERE list = ? AND source = ? AND imei ${IN_GROUP}`,
      { imei: integer, ...FACTS },
    );
    let at = 0;
    for (const { numbers, places } of numberGroups(staged.keys())) {
      const found = new Map(find.all(list, source, ...places).map((entry) => [entry.imei, entry]));
      for (const imei of numbers) actions[at] = actionAt(at++, found.get(imei));
      tell(at);
      await breathe();
    }
    return { list, staged, actions, missing, before };
  }
  const read = database.query(
    `SELECT imei, reason, note, case_reference, expires_at FROM list_entry
     WHERE list = ? AND source = ? AND imei > ? AND imei <= ? ORDER BY imei`,
    { imei: integer, ...FACTS },
  );
  let at = 0;
  if (before > 0)
    for (const entries of slices({ database, clock }, MOST_READ, (behind, last) =>
      read.all(list, source, behind, last),
    )) {
      for (const entry of entries) {
        for (; at < staged.length && staged.key(at) < entry.imei; at++) actions[at] = actionAt(at, undefined);
        if (at < staged.length && staged.key(at) === entry.imei) actions[at] = actionAt(at++, entry);
        else if (isFull) missing.add(entry.imei, 0);
      }
      tell(at);
      await breathe();
    }
  for (; at < staged.length; at++) actions[at] = actionAt(at, undefined);
  tell(at);
  return { list, staged, actions, missing, before };
}

/** The whole of `list_entry` in slices of so many entries at most: what `look` finds among the IMEIs above `behind`, up to `last`. */
function* slices<T>(
  { database, clock }: Pick<BatchPorts, 'database' | 'clock'>,
  most: number,
  look: (behind: number, last: number) => T,
): Generator<T> {
  const bound = database.query('SELECT imei FROM list_entry WHERE imei > ? ORDER BY imei LIMIT 1 OFFSET ?', {
    imei: integer,
  });
  const pace = new Pace(clock, most);
  for (let behind = -1; behind < ABOVE_ALL_IMEIS; ) {
    let last = ABOVE_ALL_IMEIS;
    yield pace.step(() => {
      last = bound.first(behind, pace.rows - 1)?.imei ?? ABOVE_ALL_IMEIS;
      return look(behind, last);
    });
    behind = last;
  }
}

/** How many entries a source has on a list. */
async function entriesOf(
  ports: Pick<BatchPorts, 'database' | 'clock'>,
  list: ListName,
  source: string,
): Promise<number> {
  const count = ports.database.query(
    'SELECT count(*) AS entries FROM list_entry WHERE list = ? AND source = ? AND imei > ? AND imei <= ?',
    { entries: integer },
  );
  let sum = 0;
  for (const { entries } of slices(ports, MOST_COUNTED, (behind, last) => count.only(list, source, behind, last))) {
    sum += entries;
    await breathe();
  }
  return sum;
}

const isSame = (a: EntryFacts, b: EntryFacts): boolean =>
  a.reason === b.reason && a.note === b.note && a.caseReference === b.caseReference && a.expiresAt === b.expiresAt;

/** Handsets in use that a file puts onto the black list: how many subscribers, and the first of them. */
export function hitHandsets(database: Database, { staged, actions }: Difference, now: number): Promise<HandsetsInUse> {
  const added = new StagedImeis();
  for (let at = 0; at < staged.length; at++) if (actions[at] === ACTION.added) added.add(staged.key(at), 0);
  return handsetsInUse(database, added, now);
}
