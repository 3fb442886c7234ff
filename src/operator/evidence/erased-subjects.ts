import { type Database, integer, type MasterKey } from '#operator/database/index.ts';

const DAY = 24 * 3_600_000;
/** A process that cannot reach its database keeps sightings no longer than this. */
const KEPT_MILLISECONDS = 7 * DAY;
const PURPOSE = 'erased subject';

/** A subscriber by IMSI, or a handset by its IMEI as the database has it. */
export interface ErasedSubject {
  readonly imsi?: string | undefined;
  readonly imei?: number | undefined;
}

/**
 * Whose data were erased, and until when: sightings wait in the memory of every process, and one that is written behind an erasure would undo
 * it. Who it was is kept as a mark under the master key, and for a week.
 */
export interface ErasedSubjects {
  /** From now on nothing that was seen of this subject until the end of the erasure is written. */
  begin(subject: ErasedSubject): void;
  /** The erasure is done at `now`: what is seen from then on is another matter. Forgets marks older than a week. */
  end(subject: ErasedSubject, now: number): void;
  /** Reads the marks, in the transaction that writes sightings; the judge says which of them are not to be written. */
  judge(): (imsi: string, imei: number, at: number) => boolean;
}

/** The marks in this database. */
export function openErasedSubjects({
  database,
  masterKey,
}: {
  readonly database: Database;
  readonly masterKey: Pick<MasterKey, 'derive'>;
}): ErasedSubjects {
  const newest = database.query('SELECT coalesce(max(until_at), -1) AS until_at FROM erased_subject', {
    untilAt: integer,
  });
  const find = database.query('SELECT until_at FROM erased_subject WHERE mark = ?', { untilAt: integer });
  const put = database.command(
    `INSERT INTO erased_subject (mark, until_at) VALUES (?, ?)
     ON CONFLICT (mark) DO UPDATE SET until_at = excluded.until_at`,
  );
  const forget = database.command('DELETE FROM erased_subject WHERE until_at < ?');
  const markOf = (name: string) => masterKey.derive(PURPOSE, new TextEncoder().encode(name), 16);
  const imeiName = (imei: number) => `imei ${imei}`;
  const imsiName = (imsi: string) => `imsi ${imsi}`;
  const mark = ({ imsi, imei }: ErasedSubject, until: number) => {
    if (imsi !== undefined) put.run(markOf(imsiName(imsi)), until);
    if (imei !== undefined) put.run(markOf(imeiName(imei)), until);
  };
  return {
    // A transaction of its own: one that writes sightings has ended before, and its rows are erased, or begins later and sees the mark.
    begin: (subject) => database.transaction(() => mark(subject, Number.MAX_SAFE_INTEGER)),
    end(subject, now) {
      mark(subject, now);
      forget.run(now - KEPT_MILLISECONDS);
    },
    judge() {
      // Erasures are rare, and what waits is young: hardly ever is anything derived here.
      const { untilAt } = newest.only();
      const isErased = (name: string, at: number) => (find.first(markOf(name))?.untilAt ?? -1) >= at;
      return (imsi, imei, at) => at <= untilAt && (isErased(imsiName(imsi), at) || isErased(imeiName(imei), at));
    },
  };
}
