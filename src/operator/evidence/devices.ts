import { type Database, integer, nullable, text } from '#operator/database/index.ts';
import type { FindingKind } from './finding.ts';
import { EVIDENCE_LEVELS, type EvidenceLevel } from './level.ts';
import { STANDING, type Standing, standingOf } from './standing.ts';

const MOST_ROWS = 1000;
/** Rows looked at for one page, when what is asked for is in no index: then a page may be shorter, and the next one goes on behind them. */
const MOST_LOOKED_AT = 5000;
const IMEIS_OF_A_TAC = 1_000_000;

/** What the order that stands for a UICC makes of its handset; `none`: no order was given. */
export const VERDICTS = ['permitted', 'tracking', 'prohibited', 'none'] as const;
/** What the order that stands for a UICC makes of its handset. */
export type Verdict = (typeof VERDICTS)[number];
const ORDERS: Readonly<Record<Verdict, readonly string[]>> = {
  permitted: ['permit', 'unblock'],
  tracking: ['track'],
  prohibited: ['block', 'stopKeys'],
  none: [''],
};

/** The verdict of an order that stands. */
export const verdictOf = (order: string | undefined): Verdict =>
  VERDICTS.find((verdict) => ORDERS[verdict].includes(order ?? '')) ?? 'none';

/** Where a page begins: behind the row with this number (a time; 0 for a page by type) and this name (an ICCID, or a finding's id). */
export interface DevicePlace {
  readonly number: number;
  readonly name: string;
}

/** Which UICCs. `finding` and `tac` change the order: by the finding's time, by IMEI. */
export interface DeviceFilter {
  readonly level?: EvidenceLevel;
  readonly verdict?: Verdict;
  readonly finding?: FindingKind;
  readonly tac?: number;
}

/** A page, and where the next one begins; no next: nothing comes any more. */
export interface DevicePage {
  readonly rows: readonly Standing[];
  readonly next: DevicePlace | undefined;
}

/** UICCs that never reported. */
export interface SilentPage {
  readonly rows: readonly { readonly iccid: string; readonly imsi: string }[];
  readonly next: string | undefined;
}

/** UICCs in pages that are as quick at a million as at ten. */
export interface Devices {
  /** Those that reported, the last one first; or as `filter` says. */
  page(filter: DeviceFilter, after: DevicePlace | undefined, most: number): DevicePage;
  /** Those that never reported, in order of ICCID. */
  silent(after: string, most: number): SilentPage;
  /** UICCs whose lock blocked by itself. */
  localBlocks(): number;
  /** Subscribers of whom the network was told another IMEI than the proved one, and that was not settled since. */
  mismatches(): number;
}

/** The pages of this database. */
export function openDevices(database: Database): Devices {
  const seen = seenPages(database);
  const found = findingPages(database);
  const typed = tacPages(database);
  const some = database.query(
    `SELECT those.iccid, those.imsi, uicc_state.iccid AS reported FROM
       (SELECT iccid, imsi FROM uicc WHERE iccid > ? ORDER BY iccid LIMIT ?) AS those
     LEFT JOIN uicc_state ON uicc_state.iccid = those.iccid ORDER BY those.iccid`,
    { iccid: text, imsi: text, reported: nullable(text) },
  );
  const one = (sql: string) => database.query(sql, { number: integer });
  const blocks = one("SELECT count(*) AS number FROM uicc_state WHERE lock_state = 'blockedLocally'");
  const contested = one('SELECT count(*) AS number FROM observation WHERE contested_at IS NOT NULL');
  const refuted = one(
    "SELECT count(*) AS number FROM observation WHERE level = 'refuted' AND contested_at IS NULL AND claimed_at IS NOT NULL",
  );
  return {
    page(filter, after, most) {
      const rows = Math.min(most, MOST_ROWS);
      if (filter.finding !== undefined) return found(filter, filter.finding, after, rows);
      if (filter.tac !== undefined) return typed(filter, filter.tac, after, rows);
      return seen(filter, after, rows);
    },
    silent(after, most) {
      const rows = Math.min(most, MOST_ROWS);
      const looked = some.all(after, MOST_LOOKED_AT);
      const silent = looked.filter(({ reported }) => reported === undefined).slice(0, rows);
      const last =
        silent.length === rows ? silent.at(-1) : looked.length === MOST_LOOKED_AT ? looked.at(-1) : undefined;
      return { rows: silent.map(({ iccid, imsi }) => ({ iccid, imsi })), next: last?.iccid };
    },
    localBlocks: () => blocks.only().number,
    mismatches: () => contested.only().number + refuted.only().number,
  };
}

/** By time: a range of the index for each level and order; the newest of all are among the newest of each. */
function seenPages(database: Database) {
  const select = database.query(
    `SELECT * FROM uicc_state WHERE level = ? AND coalesce(standing_order, '') = ? AND (last_report_at, iccid) < (?, ?)
     ORDER BY last_report_at DESC, iccid DESC LIMIT ?`,
    STANDING,
  );
  return ({ level, verdict }: DeviceFilter, after: DevicePlace | undefined, rows: number): DevicePage => {
    const { number, name } = after ?? BEFORE_ALL;
    const levels = level === undefined ? EVIDENCE_LEVELS : [level];
    const orders = verdict === undefined ? Object.values(ORDERS).flat() : ORDERS[verdict];
    const found = levels.flatMap((one) => orders.flatMap((order) => select.all(one, order, number, name, rows)));
    const page = found
      .toSorted((a, b) => b.lastReportAt - a.lastReportAt || (a.iccid < b.iccid ? 1 : -1))
      .slice(0, rows);
    const last = page.length === rows ? page.at(-1) : undefined;
    return { rows: page.map(standingOf), next: last && { number: last.lastReportAt, name: last.iccid } };
  };
}
const BEFORE_ALL: DevicePlace = { number: Number.MAX_SAFE_INTEGER, name: '' };

/** By the time of its newest finding of a kind. */
function findingPages(database: Database) {
  const select = database.query(
    `SELECT uicc_state.*, finding.last_at AS found_at, finding.id AS finding_id FROM finding
     JOIN uicc_state ON uicc_state.imsi = finding.imsi
     WHERE finding.kind = ? AND finding.imsi IS NOT NULL AND (finding.last_at, finding.id) < (?, ?)
       AND NOT EXISTS (SELECT 1 FROM finding AS later WHERE later.imsi = finding.imsi AND later.kind = finding.kind
         AND (later.last_at, later.id) > (finding.last_at, finding.id))
     ORDER BY finding.last_at DESC, finding.id DESC LIMIT ?`,
    { ...STANDING, foundAt: integer, findingId: integer },
  );
  return (filter: DeviceFilter, kind: FindingKind, after: DevicePlace | undefined, rows: number): DevicePage => {
    const from = after ?? BEFORE_ALL;
    const looked = select.all(kind, from.number, Number(from.name || Number.MAX_SAFE_INTEGER), lookedAt(filter, rows));
    return pageOf(looked, filter, rows, ({ foundAt, findingId }) => ({ number: foundAt, name: String(findingId) }));
  };
}

/** By IMEI within a TAC. */
function tacPages(database: Database) {
  const place = database.query('SELECT proved_imei FROM uicc_state WHERE iccid = ?', { provedImei: nullable(integer) });
  const select = database.query(
    `SELECT * FROM uicc_state WHERE proved_imei >= ? AND proved_imei < ? AND (proved_imei, iccid) > (?, ?)
     ORDER BY proved_imei, iccid LIMIT ?`,
    STANDING,
  );
  return (filter: DeviceFilter, tac: number, after: DevicePlace | undefined, rows: number): DevicePage => {
    const first = tac * IMEIS_OF_A_TAC;
    // The place is the ICCID alone: where it stands is read anew, as an IMEI is nobody's to see in an address.
    const from = (after && place.first(after.name)?.provedImei) ?? first;
    const looked = select.all(first, first + IMEIS_OF_A_TAC, from, after?.name ?? '', lookedAt(filter, rows));
    return pageOf(looked, filter, rows, ({ iccid }) => ({ number: 0, name: iccid }));
  };
}

/** Rows to look at: as many as are wanted, unless some of them may not fit. */
const lookedAt = ({ level, verdict, finding, tac }: DeviceFilter, rows: number): number =>
  level === undefined && verdict === undefined && (finding === undefined || tac === undefined) ? rows : MOST_LOOKED_AT;

/** Those of the rows looked at that fit, and where the next page begins. */
function pageOf<Row extends Parameters<typeof standingOf>[0]>(
  looked: readonly Row[],
  { level, verdict, tac }: DeviceFilter,
  rows: number,
  placeOf: (row: Row) => DevicePlace,
): DevicePage {
  const fits = ({ level: own, standingOrder, provedImei }: Row) =>
    (level === undefined || own === level) &&
    (verdict === undefined || verdictOf(standingOrder) === verdict) &&
    (tac === undefined || (provedImei !== undefined && Math.floor(provedImei / IMEIS_OF_A_TAC) === tac));
  const fitting = looked.filter(fits);
  const page = fitting.slice(0, rows);
  const last = page.length === rows ? page.at(-1) : looked.length === MOST_LOOKED_AT ? looked.at(-1) : undefined;
  return { rows: page.map(standingOf), next: last && placeOf(last) };
}
