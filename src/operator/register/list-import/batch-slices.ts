import { type Database, integer } from '#operator/database/index.ts';

/** Above every IMEI's 14 digits. */
const ABOVE_ALL_IMEIS = 100_000_000_000_000;

/** Where the entries of batches and what they took are. */
type BatchTable = 'list_entry' | 'list_history';
const BATCH_TABLES: readonly BatchTable[] = ['list_entry', 'list_history'];

/** Slices of what stands of batches, in ascending order of IMEI. */
export interface BatchSlices {
  /** The first IMEI above `behind` that a batch holds or has taken; undefined when there is none. */
  next(batch: number, behind: number): number | undefined;
  /** How far a slice of a batch reaches that begins above `behind`: so many (`rows`) entries at most, and so many that it took. */
  last(batch: number, behind: number, rows: number): number;
}

/**
 * The slices of a database. The place of the last row is asked for along the index whatever the planner thinks
 * of the batch: PostgreSQL, which knows nothing yet of one that has just come, would else read and sort all of it each time.
 */
export function batchSlices(database: Database): BatchSlices {
  const nexts = BATCH_TABLES.map((table) =>
    database.query(`SELECT imei FROM ${table} WHERE batch = ? AND imei > ? ORDER BY imei LIMIT 1`, { imei: integer }),
  );
  const lasts = BATCH_TABLES.map((table) =>
    database.query(
      `SELECT batch, imei FROM ${table} WHERE batch IS NOT NULL AND (batch, imei) > (?, ?) ORDER BY batch, imei
       LIMIT 1 OFFSET ?`,
      { batch: integer, imei: integer },
    ),
  );
  return {
    next(batch, behind) {
      const found = nexts.flatMap((query) => query.first(batch, behind)?.imei ?? []);
      return found.length === 0 ? undefined : Math.min(...found);
    },
    last: (batch, behind, rows) =>
      Math.min(
        ABOVE_ALL_IMEIS,
        ...lasts.flatMap((query) => {
          const found = query.first(batch, behind, rows - 1);
          return found?.batch === batch ? found.imei : [];
        }),
      ),
  };
}
