import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { LIST_REASONS, type ListName } from '../list-entry.ts';
import { IN_GROUP, numberGroups } from '../number-group.ts';
import type { EntryFacts } from './line-facts.ts';
import type { HitHandset } from './options.ts';
import { StagedImeis } from './staged-imeis.ts';
import type { Staging } from './staging.ts';

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
}

/** When a look-up for each line is cheaper than reading the whole list. */
const LOOK_UPS_PER_SCAN = 50;
/** A handset counts as in use when the network saw it so lately. */
const IN_USE_MILLISECONDS = 30 * 24 * 3_600_000;
const MOST_HIT_SHOWN = 100;
const FEW = 200_000;

const FACTS = { reason: oneOf(...LIST_REASONS), note: text, caseReference: text, expiresAt: nullable(integer) };

/** Compares a staged file with what its source has listed. `tell` hears how many entries were compared. */
export function* compare(
  database: Database,
  staging: Staging,
  { list, source, isFull }: { readonly list: ListName; readonly source: string; readonly isFull: boolean },
): Generator<number, Difference> {
  const staged = staging.imeis.get(list) ?? new StagedImeis();
  const actions = new Uint8Array(staged.length);
  const missing = new StagedImeis();
  const { entries } = database
    .query('SELECT count(*) AS entries FROM list_entry WHERE list = ? AND source = ?', { entries: integer })
    .only(list, source);
  const actionAt = (at: number, entry: EntryFacts | undefined): Action => {
    const word = staged.word(at);
    if (word % 2 === 1) return entry === undefined ? ACTION.notThere : ACTION.removed;
    if (entry === undefined) return ACTION.added;
    return isSame(staging.facts.get(word >>> 1), entry) ? ACTION.alreadyThere : ACTION.updated;
  };
  if (!isFull && staged.length * LOOK_UPS_PER_SCAN < entries) {
    const find = database.query(
      `SELECT imei, reason, note, case_reference, expires_at FROM list_entry WHERE list = ? AND source = ? AND imei ${IN_GROUP}`,
      { imei: integer, ...FACTS },
    );
    let at = 0;
    for (const { numbers, places } of numberGroups(staged.keys())) {
      const found = new Map(find.all(list, source, ...places).map((entry) => [entry.imei, entry]));
      for (const imei of numbers) {
        actions[at] = actionAt(at, found.get(imei));
        yield at++;
      }
    }
    return { list, staged, actions, missing };
  }
  const listed = database.query(
    'SELECT imei, reason, note, case_reference, expires_at FROM list_entry WHERE list = ? AND source = ? ORDER BY imei',
    { imei: integer, ...FACTS },
  );
  let at = 0;
  if (entries > 0)
    for (const entry of listed.each(list, source)) {
      for (; at < staged.length && staged.key(at) < entry.imei; at++) actions[at] = actionAt(at, undefined);
      if (at < staged.length && staged.key(at) === entry.imei) actions[at] = actionAt(at++, entry);
      else if (isFull) missing.add(entry.imei, 0);
      yield at;
    }
  for (; at < staged.length; at++) actions[at] = actionAt(at, undefined);
  return { list, staged, actions, missing };
}

const isSame = (a: EntryFacts, b: EntryFacts): boolean =>
  a.reason === b.reason && a.note === b.note && a.caseReference === b.caseReference && a.expiresAt === b.expiresAt;

/** Handsets in use that a file puts onto the black list: how many subscribers, and the first of them. */
export function hitHandsets(database: Database, { staged, actions }: Difference, now: number): HandsetsInUse {
  const added = new StagedImeis();
  for (let at = 0; at < staged.length; at++) if (actions[at] === ACTION.added) added.add(staged.key(at), 0);
  return handsetsInUse(database, added, now);
}

/** How many subscribers use handsets, and the first of them. */
export interface HandsetsInUse {
  readonly subscribers: number;
  readonly first: readonly HitHandset[];
}

/** Who uses these IMEIs, which are in ascending order: seen lately, or proved. */
export function handsetsInUse(database: Database, imeis: StagedImeis, now: number): HandsetsInUse {
  const first: HitHandset[] = [];
  let subscribers = 0;
  for (const { imei, imsi, lastAt } of usersOf(database, imeis, now)) {
    subscribers++;
    if (first.length < MOST_HIT_SHOWN) first.push({ imei: String(imei).padStart(14, '0'), imsi, lastSeenAt: lastAt });
  }
  return { subscribers, first };
}

/** Each of those who use these IMEIs, which are in ascending order; `lastAt`: when they were seen, undefined for a proof alone. */
export function* usersOf(
  database: Database,
  imeis: StagedImeis,
  now: number,
): Generator<{ readonly imei: number; readonly imsi: string; readonly lastAt: number | undefined }> {
  const since = now - IN_USE_MILLISECONDS;
  yield* seen(database, imeis, since);
  for (const proof of provedUnseen(database, imeis, since)) yield { ...proof, lastAt: undefined };
}

interface Sighting {
  readonly imei: number;
  readonly imsi: string;
  readonly lastAt: number;
}

function* seen(database: Database, added: StagedImeis, since: number): Generator<Sighting> {
  const row = { imei: integer, imsi: text, lastAt: integer };
  const columns = "SELECT imei, imsi, last_at FROM observation WHERE level <> 'refuted' AND last_at >= ?";
  if (added.length < FEW) {
    const find = database.query(`${columns} AND imei ${IN_GROUP} ORDER BY imei`, row);
    for (const { places } of numberGroups(added.keys())) yield* find.all(since, ...places);
    return;
  }
  for (const sighting of database.query(columns, row).each(since)) if (added.has(sighting.imei)) yield sighting;
}

function* provedUnseen(
  database: Database,
  added: StagedImeis,
  since: number,
): Generator<{ readonly imei: number; readonly imsi: string }> {
  const columns = `SELECT proved_imei AS imei, imsi FROM uicc_state WHERE proved_imei IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM observation WHERE observation.imei = uicc_state.proved_imei AND observation.imsi = uicc_state.imsi
    AND observation.last_at >= ?)`;
  const row = { imei: integer, imsi: text };
  if (added.length < FEW) {
    const find = database.query(`${columns} AND proved_imei ${IN_GROUP} ORDER BY proved_imei`, row);
    for (const { places } of numberGroups(added.keys())) yield* find.all(since, ...places);
    return;
  }
  for (const proof of database.query(columns, row).each(since)) if (added.has(proof.imei)) yield proof;
}
