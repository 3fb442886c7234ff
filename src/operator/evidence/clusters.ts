import { Imei } from '#base/identity/index.ts';
import { type Command, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { type Genuine, genuineOf, type Prover } from './genuine.ts';
import { EVIDENCE_LEVELS, type EvidenceLevel } from './level.ts';

const MOST_ROWS = 1000;

/** One subscriber who uses an IMEI. */
export interface Claimant {
  readonly imsi: string;
  /** Of this subscriber's UICC, when it is one of ours. */
  readonly iccid: string | undefined;
  readonly level: EvidenceLevel;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly times: number;
  /** True when this subscriber's UICC proves the IMEI now. */
  readonly isGenuine: boolean;
}

/** All who use one IMEI. */
export interface Cluster {
  readonly imei: Imei;
  /** At most a thousand: those whose UICC proves the IMEI, and others. */
  readonly claimants: readonly Claimant[];
  /** How many there are; above a thousand as they were counted when they came (`isExact` false). */
  readonly subscribers: number;
  readonly isExact: boolean;
  /** The subscriber whose handset is the genuine one; undefined while no storage support, or more than one, proves the IMEI. */
  readonly genuine: string | undefined;
  /** Why this one, or why nobody. */
  readonly because: Genuine['because'];
  /** The same for people. */
  readonly argument: string;
}

/** Behind which cluster a page begins: most subscribers first, then those that became one last. */
export interface ClusterPlace {
  readonly subscribers: number;
  readonly id: number;
}

/** IMEIs and who uses them, as quick at tens of millions of subscribers of one IMEI as at two. */
export interface Clusters {
  /** An IMEI was seen with a subscriber for the first time; inside the transaction that writes the pair. */
  count(imei: number, imsi: string): void;
  /** All who use one IMEI: `most` of them. */
  of(imei: Imei, most: number): Cluster;
  /** IMEIs that several subscribers use, the most used first, `each` of their claimants. */
  page(
    after: ClusterPlace | undefined,
    most: number,
    each: number,
  ): {
    readonly clusters: readonly Cluster[];
    readonly next: ClusterPlace | undefined;
  };
  /** Who uses an IMEI, in order of IMSI. */
  claimants(imei: Imei, after: string, most: number): readonly Claimant[];
}

/** The clusters of this database. `provers`: UICCs that prove an IMEI now. */
export function openClusters(database: Database, provers: (imei: number) => readonly Prover[]): Clusters {
  const sql = queries(database);

  const claimants: Clusters['claimants'] = (imei, after, most) => {
    const genuine = new Set(provers(imei.number).map(({ imsi }) => imsi));
    return sql.claimants
      .all(imei.number, after, Math.min(most, MOST_ROWS))
      .map((row) => ({ ...row, isGenuine: genuine.has(row.imsi) }));
  };

  const of: Clusters['of'] = (imei, most) => {
    const rows = Math.min(most, MOST_ROWS);
    const proving = provers(imei.number);
    const first = new Map(
      proving.slice(0, rows).flatMap(({ imsi }) => {
        const row = sql.claimant.first(imei.number, imsi);
        return row === undefined ? [] : [[imsi, { ...row, isGenuine: true }] as const];
      }),
    );
    const others = claimants(imei, '', rows).filter(({ imsi }) => !first.has(imsi));
    const shown = [...first.values(), ...others.toSorted((a, b) => b.lastAt - a.lastAt)].slice(0, rows);
    const counted = sql.counted.only(imei.number, MOST_ROWS + 1).number;
    const isExact = counted <= MOST_ROWS;
    const subscribers = isExact ? counted : Math.max(counted, sql.kept.first(imei.number)?.subscribers ?? 0);
    const { imsi: genuine, because, argument } = genuineOf(proving);
    return { imei, claimants: shown, subscribers, isExact, genuine, because, argument };
  };

  return {
    count: (imei, imsi) => void sql.count.run(imei, imsi),
    of,
    page(after, most, each) {
      const rows = Math.min(most, MOST_ROWS);
      const { subscribers, id } = after ?? { subscribers: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
      const alike = sql.alike.all(subscribers, id, rows);
      const found = [...alike, ...(alike.length < rows ? sql.fewer.all(subscribers, rows - alike.length) : [])];
      return {
        clusters: found.map((row) => of(Imei.fromNumber(row.imei), each)),
        next: found.length === rows ? found.at(-1) : undefined,
      };
    },
    claimants,
  };
}

const CLAIMANT = {
  imsi: text,
  iccid: nullable(text),
  level: oneOf(...EVIDENCE_LEVELS),
  firstAt: integer,
  lastAt: integer,
  times: integer,
};
/** What a UICC only refuted nobody uses. */
const USED = "(claimed_at IS NOT NULL OR level <> 'refuted')";

function queries(database: Database) {
  const claimant = (rest: string) =>
    database.query(
      `SELECT observation.imsi, uicc.iccid, level, first_at, last_at, times
       FROM observation LEFT JOIN uicc ON uicc.imsi = observation.imsi WHERE imei = ? ${rest}`,
      CLAIMANT,
    );
  const most = (where: string) =>
    database.query(`SELECT id, imei, subscribers FROM imei_claimants WHERE ${where} LIMIT ?`, {
      ...{ id: integer, imei: integer },
      subscribers: integer,
    });
  const count: Command = database.command(
    `INSERT INTO imei_claimants (imei, subscribers)
     SELECT CAST(?1 AS BIGINT), 2 FROM observation WHERE imei = ?1 AND imsi <> ?2 AND ${USED} LIMIT 1
     ON CONFLICT (imei) DO UPDATE SET subscribers = imei_claimants.subscribers + 1`,
  );
  return {
    count,
    claimant: claimant('AND observation.imsi = ?'),
    claimants: claimant('AND observation.imsi > ? ORDER BY observation.imsi LIMIT ?'),
    counted: database.query(
      `SELECT count(*) AS number FROM (SELECT 1 AS one FROM observation WHERE imei = ? AND ${USED} LIMIT ?) AS those`,
      { number: integer },
    ),
    kept: database.query('SELECT subscribers FROM imei_claimants WHERE imei = ?', { subscribers: integer }),
    // As many subscribers as the last one of the page before, then fewer: both are ranges of the index.
    alike: most('subscribers = ? AND id < ? ORDER BY id DESC'),
    fewer: most('subscribers < ? ORDER BY subscribers DESC, id DESC'),
  };
}
