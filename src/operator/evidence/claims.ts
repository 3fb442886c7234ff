import type { Imei, Imsi } from '#base/identity/index.ts';
import { type ChangeFeed, type Database, integer } from '#operator/database/index.ts';
import type { Clusters } from './clusters.ts';
import type { Duplicates } from './duplicates.ts';
import type { ErasedSubjects } from './erased-subjects.ts';

/** The same pair is written again after so long. */
const REPEAT_MILLISECONDS = 60_000;
/** Pairs remembered as written, and pairs waiting to be written, at most. */
const MOST_PAIRS = 100_000;

interface Claim {
  readonly imei: number;
  readonly imsi: string;
  readonly at: number;
  readonly isContested: boolean;
  times: number;
}

/**
 * What the network says about who uses which IMEI. A check costs no write: claims are collected, one for each pair, and written in one
 * transaction by `flush`, the same pair at most once a minute.
 */
export class Claims {
  readonly #database: Database;
  readonly #feed: ChangeFeed;
  readonly #duplicates: Duplicates;
  readonly #clusters: Pick<Clusters, 'count'>;
  readonly #erased: Pick<ErasedSubjects, 'judge'>;
  readonly #waiting = new Map<string, Claim>();
  readonly #written = new Map<string, number>();
  readonly #put;
  readonly #demand;

  constructor({
    database,
    feed,
    duplicates,
    clusters,
    erased,
  }: {
    readonly database: Database;
    readonly feed: ChangeFeed;
    readonly duplicates: Duplicates;
    readonly clusters: Pick<Clusters, 'count'>;
    readonly erased: Pick<ErasedSubjects, 'judge'>;
  }) {
    this.#database = database;
    this.#feed = feed;
    this.#duplicates = duplicates;
    this.#clusters = clusters;
    this.#erased = erased;
    this.#put = database.query(
      `INSERT INTO observation (imei, imsi, first_at, last_at, times, claimed_at, contested_at, level)
       VALUES (?1, ?2, ?3, ?3, ?4, ?3, CASE WHEN ?5 = 1 THEN CAST(?3 AS BIGINT) END, 'claimed')
       ON CONFLICT (imei, imsi) DO UPDATE SET last_at = ?3, claimed_at = ?3, times = observation.times + ?4,
         contested_at = CASE WHEN ?5 = 1 THEN coalesce(observation.contested_at, ?3) END
       RETURNING times`,
      { times: integer },
    );
    this.#demand = database.command(
      `INSERT INTO report_demand (imsi, reason)
       SELECT ?2, 'the network was told another IMEI' FROM observation
       WHERE imei = ?1 AND imsi = ?2 AND contested_at = ?3 AND level <> 'refuted'
       ON CONFLICT (imsi) DO NOTHING`,
    );
  }

  /** Takes one claim. `isContested`: a proof says otherwise. */
  add(imei: Imei, imsi: Imsi, at: number, isContested: boolean): void {
    const pair = `${imei.equipment} ${imsi.digits} ${isContested}`;
    const waiting = this.#waiting.get(pair);
    if (waiting !== undefined) {
      waiting.times++;
      return;
    }
    const written = this.#written.get(pair);
    if (written !== undefined && at - written < REPEAT_MILLISECONDS) return;
    if (this.#waiting.size >= MOST_PAIRS) this.flush();
    this.#waiting.set(pair, { imei: imei.number, imsi: imsi.digits, at, isContested, times: 1 });
    // Rare, and the next check must know since when.
    if (isContested) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.size === 0 && !this.#duplicates.hasGrown) return;
    this.#database.transaction(() => {
      const grown = new Set<number>();
      const isErased = this.#erased.judge();
      for (const { imei, imsi, at, times, isContested } of this.#waiting.values()) {
        if (isErased(imsi, imei, at)) continue;
        // A pair seen before has been counted before.
        if (this.#put.only(imei, imsi, at, times, isContested).times === times) {
          grown.add(imei);
          this.#clusters.count(imei, imsi);
        }
        if (!isContested) continue;
        this.#demand.run(imei, imsi, at);
        this.#feed.note({ kind: 'subscriber', key: imsi });
      }
      for (const imei of grown) this.#duplicates.admit(imei);
      this.#duplicates.judge();
    });
    this.#duplicates.settled();
    if (this.#written.size + this.#waiting.size > MOST_PAIRS) this.#written.clear();
    for (const [pair, { at }] of this.#waiting) this.#written.set(pair, at);
    this.#waiting.clear();
  }

  /** Lets the next claim of any pair through: the evidence has changed. */
  forget(): void {
    this.#written.clear();
  }
}
