import { integer, oneOf, text } from '#operator/database/index.ts';
import type { UndoChange, UndoNumbers } from '../list-change.ts';
import { LISTS } from '../list-entry.ts';
import { type BatchPorts, type RemovedRule, standsNoMore } from './batch.ts';
import { handsetsInUse } from './comparison.ts';
import type { HitHandset } from './options.ts';
import { StagedImeis } from './staged-imeis.ts';

/** What taking an import back does. Entries that somebody else changed since stay, and are not counted. */
export interface UndoEffect extends UndoNumbers {
  /** The first of the handsets in use that come back onto the black list. */
  readonly hitHandsets: readonly HitHandset[];
}

/** What the batch added or changed, as it stands. */
const OF_BATCH = 'FROM list_entry WHERE batch = ?1';
/** Of what it took: what comes back, as nothing stands in its place. */
const RETURNING = `FROM list_history WHERE batch = ?1 AND NOT EXISTS (SELECT 1 FROM list_entry WHERE list_entry.imei = list_history.imei
  AND list_entry.list = list_history.list AND list_entry.source = list_history.source)`;
const RESTORED = `FROM list_entry WHERE batch = ?1 AND EXISTS (SELECT 1 FROM list_history WHERE list_history.batch = ?1
  AND list_history.imei = list_entry.imei AND list_history.list = list_entry.list AND list_history.source = list_entry.source)`;
const NOT_RESTORED = `${OF_BATCH} AND NOT EXISTS (SELECT 1 FROM list_history WHERE list_history.batch = ?1
  AND list_history.imei = list_entry.imei AND list_history.list = list_entry.list AND list_history.source = list_entry.source)`;

/** The effect of undoing this import. Throws RangeError when it does not stand. */
export function undoEffect({ database, clock }: BatchPorts, batch: number): UndoEffect {
  const { removedRules } = standing(database, batch);
  const count = (what: string) =>
    database.query(`SELECT count(*) AS number ${what}`, { number: integer }).only(batch).number;
  const black = (what: string): StagedImeis => {
    const imeis = new StagedImeis();
    const rows = database.query(`SELECT DISTINCT imei ${what} AND list = 'black' ORDER BY imei`, { imei: integer });
    for (const { imei } of rows.each(batch)) imeis.add(imei, 0);
    return imeis;
  };
  const now = clock.now();
  const rules = (JSON.parse(removedRules) as readonly RemovedRule[]).filter(
    ({ expiresAt }) => expiresAt === undefined || expiresAt > now,
  );
  const prohibitingRules = rules.filter((rule) =>
    rule.about === 'pair' ? rule.kind === 'lock' : rule.list === 'black',
  );
  const returningBlack = black(RETURNING);
  const hit = handsetsInUse(database, returningBlack, now);
  return {
    leaving: count(NOT_RESTORED),
    returning: count(RETURNING),
    restored: count(RESTORED),
    rules: rules.length + count('FROM range_entry WHERE batch = ?1') + count('FROM pair_rule WHERE batch = ?1'),
    prohibiting: returningBlack.length + prohibitingRules.length,
    subscribersHit: hit.subscribers,
    subscribersFreed: handsetsInUse(database, black(NOT_RESTORED), now).subscribers,
    hitHandsets: hit.first,
  };
}

/** The same as a change that a second person may have to approve. */
export function undoChangeOf(ports: BatchPorts, batch: number): UndoChange {
  const { hitHandsets: _, ...numbers } = undoEffect(ports, batch);
  const { name, list, source } = standing(ports.database, batch);
  return { about: 'undo', batch, name, list, source, ...numbers };
}

function standing(database: BatchPorts['database'], batch: number) {
  const found = database
    .query('SELECT state, name, list, source, removed_rules FROM list_batch WHERE id = ?', {
      ...{ state: text, name: text, list: oneOf(...LISTS), source: text, removedRules: text },
    })
    .first(batch);
  if (found?.state !== 'done') throw standsNoMore(batch, found?.state);
  return found;
}
