import { Imei } from '#base/identity/index.ts';
import { type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { EVIDENCE_LEVELS, type EvidenceLevel } from './level.ts';
import { STANDING, type Standing, standingOf } from './standing.ts';

const MOST_ROWS = 1000;

/** A subscriber's use of one IMEI. */
export interface ImeiUsed {
  readonly imei: Imei;
  readonly level: EvidenceLevel;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly times: number;
  /** When the network was told of it last; undefined: only the UICC said so. */
  readonly claimedAt: number | undefined;
  /** Since when a proof says otherwise. */
  readonly contestedAt: number | undefined;
}

/** Look-ups along an index each, for one box that finds everything. */
export interface EvidenceSearch {
  /** UICCs whose last proof was of a storage support from `first` to `last`, bounds included. */
  ofSupports(first: Uint8Array, last: Uint8Array, most: number): readonly Standing[];
  /** ICCIDs of UICCs that ever met a storage support from `first` to `last`. */
  metSupports(first: Uint8Array, last: Uint8Array, most: number): readonly string[];
  /** UICCs that proved an IMEI from `first` to `last` last, in order of IMEI. */
  provers(first: Imei, last: Imei, most: number): readonly Standing[];
  /** IMEIs from `first` to `last` that anybody was seen with, in their order, each once however many use it. */
  seenImeis(first: Imei, last: Imei, most: number): readonly Imei[];
  /** With which IMEIs a subscriber was seen, the last one first. */
  uses(imsi: string, most: number): readonly ImeiUsed[];
}

/** The look-ups of this database. */
export function openSearch(database: Database): EvidenceSearch {
  const ofSupports = database.query(
    'SELECT * FROM uicc_state WHERE support >= ? AND support <= ? ORDER BY support LIMIT ?',
    STANDING,
  );
  const met = database.query('SELECT iccid FROM pairing WHERE support >= ? AND support <= ? ORDER BY support LIMIT ?', {
    iccid: text,
  });
  const provers = database.query(
    'SELECT * FROM uicc_state WHERE proved_imei >= ? AND proved_imei <= ? ORDER BY proved_imei LIMIT ?',
    STANDING,
  );
  // The next one above a number is one step in the index, whatever number of subscribers the one before it has.
  const next = database.query('SELECT min(imei) AS imei FROM observation WHERE imei > ? AND imei <= ?', {
    imei: nullable(integer),
  });
  const uses = database.query(
    `SELECT imei, level, first_at, last_at, times, claimed_at, contested_at FROM observation WHERE imsi = ?
     ORDER BY last_at DESC LIMIT ?`,
    {
      imei: integer,
      level: oneOf(...EVIDENCE_LEVELS),
      ...{ firstAt: integer, lastAt: integer, times: integer },
      ...{ claimedAt: nullable(integer), contestedAt: nullable(integer) },
    },
  );
  const most = (rows: number) => Math.min(rows, MOST_ROWS);
  return {
    ofSupports: (first, last, rows) => ofSupports.all(first, last, most(rows)).map(standingOf),
    metSupports: (first, last, rows) => [...new Set(met.all(first, last, most(rows)).map(({ iccid }) => iccid))],
    provers: (first, last, rows) => provers.all(first.number, last.number, most(rows)).map(standingOf),
    seenImeis(first, last, rows) {
      const found: Imei[] = [];
      for (let above = first.number - 1; found.length < most(rows); ) {
        const { imei } = next.only(above, last.number);
        if (imei === undefined) break;
        found.push(Imei.fromNumber(imei));
        above = imei;
      }
      return found;
    },
    uses: (imsi, rows) => uses.all(imsi, most(rows)).map((row) => ({ ...row, imei: Imei.fromNumber(row.imei) })),
  };
}
