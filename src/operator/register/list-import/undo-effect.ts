import { integer, nullable, oneOf, text } from '#operator/database/index.ts';
import type { UndoNumbers } from '../list-change.ts';
import { LISTS } from '../list-entry.ts';
import { type BatchPorts, importedFiles, type RemovedRule, standsNoMore } from './batch.ts';
import { batchSlices } from './batch-slices.ts';
import { breathe } from './breathe.ts';
import type { HitHandset } from './options.ts';
import { Pace } from './pace.ts';
import { hitHandset, IN_USE_MILLISECONDS, MOST_HIT_SHOWN } from './users.ts';

/** What taking an import back does. Entries that somebody else changed since stay, and are not counted. */
export interface UndoEffect extends UndoNumbers {
  /** The first of the handsets in use that come back onto the black list. */
  readonly hitHandsets: readonly HitHandset[];
}

/** Entries of a batch, and of what it took, looked at without a breath at most. */
const MOST_LOOKED_AT = 20_000;

/** The effect of undoing this import, counted a slice at a time. Throws RangeError when it does not stand. */
export async function undoEffect(ports: BatchPorts, batch: number): Promise<UndoEffect> {
  const now = ports.clock.now();
  const { rules, prohibitingRules } = rulesOf(ports, batch, now);
  const look = lookingAt(ports, batch, now - IN_USE_MILLISECONDS);
  const sum = { leaving: 0, returning: 0, restored: 0, prohibiting: 0, subscribersHit: 0, subscribersFreed: 0 };
  const hitHandsets: HitHandset[] = [];
  const pace = new Pace(ports.clock, MOST_LOOKED_AT);
  for (let next = look.next(-1); next !== undefined; ) {
    const behind = next - 1;
    const { last, ...found } = pace.step(() => look.slice(behind, pace.rows, MOST_HIT_SHOWN - hitHandsets.length));
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += found[name];
    hitHandsets.push(...found.hitHandsets);
    await breathe();
    next = look.next(last);
  }
  standing(ports, batch);
  return { ...sum, rules, prohibiting: sum.prohibiting + prohibitingRules, hitHandsets };
}

/** Each is about the IMEIs above ?2, up to ?3, of the batch ?1. */
const OF_BATCH = 'batch = ?1 AND imei > ?2 AND imei <= ?3';
/** Entries of the black list that go and do not become what they were. */
const BLACK_LEAVING = `list_entry.batch = ?1 AND list_entry.imei > ?2 AND list_entry.imei <= ?3 AND list_entry.list = 'black' AND NOT EXISTS (
  SELECT 1 FROM list_history WHERE list_history.batch = ?1 AND list_history.imei = list_entry.imei
  AND list_history.list = list_entry.list AND list_history.source = list_entry.source)`;
/** What the batch took from the black list, and nothing stands in its place. */
const BLACK_RETURNING = `list_history.batch = ?1 AND list_history.imei > ?2 AND list_history.imei <= ?3 AND list_history.list = 'black' AND NOT EXISTS (
  SELECT 1 FROM list_entry WHERE list_entry.imei = list_history.imei AND list_entry.list = list_history.list
  AND list_entry.source = list_history.source)`;

/** Questions about a slice of a batch. */
function lookingAt({ database }: BatchPorts, batch: number, since: number) {
  const slices = batchSlices(database);
  const entries = database.query(
    `SELECT count(*) AS number, coalesce(sum(CASE WHEN list = 'black' THEN 1 ELSE 0 END), 0) AS black FROM list_entry WHERE ${OF_BATCH}`,
    { number: integer, black: integer },
  );
  const isTaken = database.query(`SELECT id FROM list_history WHERE ${OF_BATCH} LIMIT 1`, { id: integer });
  const sumOf = (condition: string) => `coalesce(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END), 0)`;
  const taken = database.query(
    `SELECT ${sumOf('standing.imei IS NULL')} AS came_back,
       ${sumOf("standing.imei IS NULL AND list_history.list = 'black'")} AS black, ${sumOf('standing.batch = ?1')} AS restored
     FROM list_history LEFT JOIN list_entry AS standing ON standing.imei = list_history.imei AND standing.list = list_history.list
       AND standing.source = list_history.source
     WHERE list_history.batch = ?1 AND list_history.imei > ?2 AND list_history.imei <= ?3`,
    { cameBack: integer, black: integer, restored: integer },
  );
  const leaving = usersOf(database, 'list_entry', BLACK_LEAVING);
  const returning = usersOf(database, 'list_history', BLACK_RETURNING);
  return {
    next: (behind: number) => slices.next(batch, behind),
    slice(behind: number, rows: number, mostShown: number) {
      const last = Math.min(slices.last(batch, behind, rows), leaving.last(behind, rows));
      const { number, black } = entries.only(batch, behind, last);
      const nothing = { cameBack: 0, black: 0, restored: 0 };
      const found = isTaken.first(batch, behind, last) === undefined ? nothing : taken.only(batch, behind, last);
      const freed = black === 0 ? 0 : leaving.count(batch, behind, last, since);
      const hit = found.black === 0 ? 0 : returning.count(batch, behind, last, since);
      return {
        ...{ last, leaving: number - found.restored, returning: found.cameBack, restored: found.restored },
        ...{ prohibiting: found.black, subscribersHit: hit, subscribersFreed: freed },
        hitHandsets: hit === 0 ? [] : returning.first(batch, behind, last, since, mostShown),
      };
    },
  };
}

/** Who uses the handsets of some rows of a table: seen since ?4, or proved. */
function usersOf(database: BatchPorts['database'], table: 'list_entry' | 'list_history', rows: string) {
  const seen = `FROM ${table} JOIN observation ON observation.imei = ${table}.imei
    WHERE ${rows} AND observation.imei > ?2 AND observation.imei <= ?3 AND observation.level <> 'refuted' AND observation.last_at >= ?4`;
  const proved = `FROM ${table} JOIN uicc_state ON uicc_state.proved_imei = ${table}.imei
    WHERE ${rows} AND uicc_state.proved_imei > ?2 AND uicc_state.proved_imei <= ?3 AND NOT EXISTS (SELECT 1 FROM observation WHERE observation.imei = uicc_state.proved_imei
      AND observation.imsi = uicc_state.imsi AND observation.last_at >= ?4)`;
  const [countSeen, countProved] = [seen, proved].map((from) =>
    database.query(`SELECT count(*) AS number ${from}`, { number: integer }),
  );
  const columns = { imei: integer, imsi: text, lastAt: nullable(integer) };
  const firstSeen = database.query(
    `SELECT observation.imei, observation.imsi, observation.last_at ${seen} ORDER BY observation.imei LIMIT ?5`,
    columns,
  );
  const firstProved = database.query(
    `SELECT uicc_state.proved_imei AS imei, uicc_state.imsi, NULL AS last_at ${proved} ORDER BY uicc_state.proved_imei LIMIT ?5`,
    columns,
  );
  const users = [
    ['observation', 'imei'],
    ['uicc_state', 'proved_imei'],
  ].map(([place, name]) => ({
    isAny: database.query(`SELECT ${name} AS imei FROM ${place} WHERE ${name} > ? AND ${name} <= ? LIMIT 1`, {
      imei: integer,
    }),
    last: database.query(`SELECT ${name} AS imei FROM ${place} WHERE ${name} > ? ORDER BY ${name} LIMIT 1 OFFSET ?`, {
      imei: integer,
    }),
  }));
  type Slice = readonly [batch: number, behind: number, last: number, since: number];
  return {
    /** How far a slice reaches that holds not too many users. */
    last: (behind: number, rows: number): number =>
      Math.min(Number.POSITIVE_INFINITY, ...users.flatMap(({ last }) => last.first(behind, rows - 1)?.imei ?? [])),
    count(...slice: Slice): number {
      const [, behind, last] = slice;
      const counts = [countSeen, countProved].map((count, at) =>
        users[at]?.isAny.first(behind, last) === undefined ? 0 : (count?.only(...slice).number ?? 0),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    first(...slice: readonly [...Slice, most: number]): readonly HitHandset[] {
      const most = slice[4];
      if (most === 0) return [];
      return [...firstSeen.all(...slice), ...firstProved.all(...slice)].slice(0, most).map(hitHandset);
    },
  };
}

/** Ranges and pair rules that go or come back, and those among what comes back that make something Prohibited. */
function rulesOf(ports: BatchPorts, batch: number, now: number) {
  const { removedRules } = standing(ports, batch);
  const rules = (JSON.parse(removedRules) as readonly RemovedRule[]).filter(
    ({ expiresAt }) => expiresAt === undefined || expiresAt > now,
  );
  const prohibiting = rules.filter((rule) => (rule.about === 'pair' ? rule.kind === 'lock' : rule.list === 'black'));
  const count = (table: 'range_entry' | 'pair_rule') =>
    ports.database.query(`SELECT count(*) AS number FROM ${table} WHERE batch = ?`, { number: integer }).only(batch)
      .number;
  return {
    rules: rules.length + count('range_entry') + count('pair_rule'),
    prohibitingRules: prohibiting.length,
  };
}

/** What is kept of a batch that stands. Throws RangeError for any other. */
export function standing(ports: BatchPorts, batch: number) {
  const [file] = importedFiles(ports, 1, batch + 1);
  if (file?.batch !== batch || file.state !== 'done')
    throw standsNoMore(batch, file?.batch === batch ? file.state : undefined);
  return ports.database
    .query('SELECT name, list, source, removed_rules FROM list_batch WHERE id = ?', {
      ...{ name: text, list: oneOf(...LISTS), source: text, removedRules: text },
    })
    .only(batch);
}
