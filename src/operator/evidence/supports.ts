import { blob, type Database, integer, nullable } from '#operator/database/index.ts';

/** A storage support that proved an IMEI to a UICC of this operator, as reports told it. */
export interface KnownSupport {
  /** 8 octets; of one that `assay factory` made, also the serial number of its certificate. */
  readonly identity: Uint8Array;
  /** UICCs that ever met it. */
  readonly uiccs: number;
  /** Of those, UICCs that have it now. */
  readonly inUse: number;
  /** Milliseconds since 1970. */
  readonly firstAt: number;
  /** The newest last report of a UICC that names it; undefined when they all moved on. */
  readonly lastReportAt: number | undefined;
  /** Whether a certificate of this serial number is revoked. */
  readonly isRevoked: boolean;
}

const MOST_ROWS = 1000;

/** Storage supports above `after`, in order of identity, at most `most` (1000): along the index of pairings. */
export function openSupports(database: Database): {
  page(after: Uint8Array, most: number): readonly KnownSupport[];
} {
  const page = database.query(
    `SELECT support AS identity, count(DISTINCT iccid) AS uiccs, count(CASE WHEN until_at IS NULL THEN 1 END) AS in_use,
       min(from_at) AS first_at FROM pairing WHERE support > ? GROUP BY support ORDER BY support LIMIT ?`,
    { identity: blob, uiccs: integer, inUse: integer, firstAt: integer },
  );
  const last = database.query('SELECT max(last_report_at) AS at FROM uicc_state WHERE support = ?', {
    at: nullable(integer),
  });
  const revoked = database.query('SELECT id FROM revocation WHERE serial = ?', { id: integer });
  return {
    page: (after, most) =>
      page.all(after, Math.min(most, MOST_ROWS)).map((row) => ({
        ...row,
        lastReportAt: last.only(row.identity).at,
        isRevoked: revoked.first(row.identity) !== undefined,
      })),
  };
}

/** Storage supports that UICCs met. */
export type Supports = ReturnType<typeof openSupports>;
