import { type Database, integer, nullable, text } from '#operator/database/index.ts';
import { IN_GROUP, numberGroups } from '../number-group.ts';
import { breathe } from './breathe.ts';
import type { HitHandset } from './options.ts';
import type { StagedImeis } from './staged-imeis.ts';

/** A handset counts as in use when the network saw it so lately. */
export const IN_USE_MILLISECONDS = 30 * 24 * 3_600_000;
/** Handsets in use that are shown at most. */
export const MOST_HIT_SHOWN = 100;
/** From so many IMEIs on everything that was seen is gone through, instead of a question for each group of IMEIs. */
const FEW = 200_000;
/** Pairs and UICCs gone through at a time. */
const PAGE = 5000;

/** Who uses a handset; `lastAt`: when he was seen, undefined for a proof alone. */
export interface HandsetUser {
  readonly imei: number;
  readonly imsi: string;
  readonly lastAt: number | undefined;
}

/** How many subscribers use handsets, and the first of them. */
export interface HandsetsInUse {
  readonly subscribers: number;
  readonly first: readonly HitHandset[];
}

/** Who uses these IMEIs, which are in ascending order: seen lately, or proved. */
export async function handsetsInUse(database: Database, imeis: StagedImeis, now: number): Promise<HandsetsInUse> {
  const first: HitHandset[] = [];
  let subscribers = 0;
  for (const users of groupsOfUsers(database, imeis, now)) {
    subscribers += users.length;
    for (const user of users.slice(0, MOST_HIT_SHOWN - first.length)) first.push(hitHandset(user));
    await breathe();
  }
  return { subscribers, first };
}

/** A user as a handset that is hit. */
export const hitHandset = ({ imei, imsi, lastAt }: HandsetUser): HitHandset => ({
  imei: String(imei).padStart(14, '0'),
  imsi,
  lastSeenAt: lastAt,
});

/** Each of those who use these IMEIs, which are in ascending order. */
export function* usersOf(database: Database, imeis: StagedImeis, now: number): Generator<HandsetUser> {
  for (const users of groupsOfUsers(database, imeis, now)) yield* users;
}

/** The same in groups, empty ones too: as much as is found without a breath. */
function* groupsOfUsers(database: Database, imeis: StagedImeis, now: number): Generator<readonly HandsetUser[]> {
  const since = now - IN_USE_MILLISECONDS;
  yield* imeis.length < FEW ? seenOf(database, imeis, since) : allSeen(database, imeis, since);
  yield* imeis.length < FEW ? provedOf(database, imeis, since) : allProved(database, imeis, since);
}

const SEEN = { imei: integer, imsi: text, lastAt: integer };
const PROVED = { imei: integer, imsi: text };
const IS_UNSEEN = `NOT EXISTS (SELECT 1 FROM observation WHERE observation.imei = uicc_state.proved_imei AND observation.imsi = uicc_state.imsi
  AND observation.last_at >= ?)`;
const unseen = ({ imei, imsi }: { readonly imei: number; readonly imsi: string }): HandsetUser => ({
  ...{ imei, imsi },
  lastAt: undefined,
});

function* seenOf(database: Database, imeis: StagedImeis, since: number): Generator<readonly HandsetUser[]> {
  const find = database.query(
    `SELECT imei, imsi, last_at FROM observation WHERE level <> 'refuted' AND last_at >= ? AND imei ${IN_GROUP} ORDER BY imei`,
    SEEN,
  );
  for (const { places } of numberGroups(imeis.keys())) yield find.all(since, ...places);
}

function* provedOf(database: Database, imeis: StagedImeis, since: number): Generator<readonly HandsetUser[]> {
  const find = database.query(
    `SELECT proved_imei AS imei, imsi FROM uicc_state WHERE ${IS_UNSEEN} AND proved_imei ${IN_GROUP} ORDER BY proved_imei`,
    PROVED,
  );
  for (const { places } of numberGroups(imeis.keys())) yield find.all(since, ...places).map(unseen);
}

function* allSeen(database: Database, imeis: StagedImeis, since: number): Generator<readonly HandsetUser[]> {
  const page = database.query(
    `SELECT imei, imsi, last_at, level FROM observation WHERE (imei, imsi) > (?, ?) ORDER BY imei, imsi LIMIT ${PAGE}`,
    { ...SEEN, level: text },
  );
  for (let rows = page.all(-1, ''); rows.length > 0; ) {
    yield rows.filter(({ imei, lastAt, level }) => level !== 'refuted' && lastAt >= since && imeis.has(imei));
    const last = rows.at(-1);
    rows = last === undefined ? [] : page.all(last.imei, last.imsi);
  }
}

function* allProved(database: Database, imeis: StagedImeis, since: number): Generator<readonly HandsetUser[]> {
  const bound = database.query(
    `SELECT max(proved_imei) AS last FROM
       (SELECT proved_imei FROM uicc_state WHERE proved_imei > ? ORDER BY proved_imei LIMIT ${PAGE}) AS next_ones`,
    { last: nullable(integer) },
  );
  const find = database.query(
    `SELECT proved_imei AS imei, imsi FROM uicc_state WHERE ${IS_UNSEEN} AND proved_imei > ? AND proved_imei <= ? ORDER BY proved_imei`,
    PROVED,
  );
  for (let from = -1; ; ) {
    const { last } = bound.only(from);
    if (last === undefined) return;
    yield find
      .all(since, from, last)
      .filter(({ imei }) => imeis.has(imei))
      .map(unseen);
    from = last;
  }
}
