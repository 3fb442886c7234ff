import { toHex } from '#base/codec/index.ts';
import { Imei, type Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import {
  blob,
  changeFeed,
  type Database,
  integer,
  type MasterKey,
  nullable,
  oneOf,
  text,
} from '#operator/database/index.ts';
import type { LockState, Order, Report } from '#protocol/imei-lock/index.ts';
import { type Alarms, openAlarms } from './alarms.ts';
import { Claims } from './claims.ts';
import { type Cluster, type Clusters, openClusters } from './clusters.ts';
import { type Devices, openDevices } from './devices.ts';
import { Duplicates } from './duplicates.ts';
import { type ErasedSubjects, openErasedSubjects } from './erased-subjects.ts';
import { type Finding, type NewFinding, openFindings } from './finding.ts';
import { FINDING_SENTENCES, type FindingSaid } from './finding-sentences.ts';
import { genuineOf } from './genuine.ts';
import { EVIDENCE_LEVELS, type EvidenceLevel, levelOf } from './level.ts';
import { missingReports } from './missing-reports.ts';
import { type EvidenceSearch, openSearch } from './search.ts';
import type { ClaimDetails, EvidenceWatcher } from './sighting.ts';
import { STANDING, type Standing, type StandingRow, standingOf } from './standing.ts';
import { openSupports, type Supports } from './supports.ts';

/** A claim so long before a report may still be of another handset: it is not held against the report. */
const CLAIM_WINDOW_MILLISECONDS = 10 * 60_000;
const MOST_ROWS = 1000;

/** A report that was opened and read; its counter is taken already, in the same transaction. */
export interface ReportToRecord {
  readonly iccid: string;
  readonly imsi: string;
  readonly counter: number;
  readonly report: Report;
  readonly provedImei: Imei | undefined;
  readonly claimedImei: Imei | undefined;
  /** The payload as it came, deciphered. */
  readonly octets: Uint8Array;
}

/** What a report changed. */
export interface RecordedReport {
  readonly id: number;
  readonly level: EvidenceLevel;
  /** The IMEI this UICC had proved before, when it proves another now. */
  readonly movedFrom: Imei | undefined;
  /** An IMEI the network was told a moment ago that is not the proved one: the handset lies. */
  readonly contradictedClaim: Imei | undefined;
  readonly findings: readonly NewFinding[];
}

/** A UICC and a storage support that met. */
export interface Pairing {
  readonly iccid: string;
  readonly imsi: string;
  readonly support: Uint8Array;
  readonly imei: Imei;
  readonly fromAt: number;
  readonly untilAt: number | undefined;
}

/** A report as kept. */
export interface StoredReport {
  readonly id: number;
  readonly at: number;
  readonly iccid: string;
  readonly imsi: string;
  readonly counter: number;
  readonly level: EvidenceLevel;
  readonly result: string;
  readonly reason: string;
  readonly imei: Imei | undefined;
  readonly support: Uint8Array | undefined;
  readonly octets: Uint8Array;
}

/** The operator's evidence. */
export interface Evidence {
  /** Takes the network's word; contested when the UICC of this subscriber has proved another IMEI. Costs no write at once. */
  recordClaim(imei: Imei, imsi: Imsi, at: number, isContested: boolean, details?: ClaimDetails): void;
  /** Lets somebody follow every sighting and duplicate from now on; several may. */
  watch(watcher: EvidenceWatcher): void;
  /** Writes the claims that wait. */
  flush(): void;
  /** Keeps a report and all that follows from it; to be called inside the transaction that takes its counter. */
  recordReport(report: ReportToRecord): RecordedReport;
  /** Keeps the order that now stands for a UICC. */
  recordStandingOrder(iccid: string, order: Order, reason: string): void;
  /** Keeps the state that a proof of receipt names. */
  recordLockState(iccid: string, state: LockState): void;
  recordFinding(finding: NewFinding): void;
  standing(imsi: Imsi | string): Standing | undefined;
  standingOf(iccid: string): Standing | undefined;
  /** UICCs that prove this IMEI now. */
  provers(imei: Imei): readonly Standing[];
  /** How one subscriber's use of one IMEI is known; `contestedAt`: since when a proof says otherwise. */
  observation(
    imei: Imei,
    imsi: Imsi,
  ): { readonly level: EvidenceLevel; readonly contestedAt: number | undefined } | undefined;
  /** Who uses an IMEI; at most a thousand of them. */
  cluster(imei: Imei, most?: number): Cluster;
  /** IMEIs that several subscribers use, in pages. */
  readonly clusters: Pick<Clusters, 'page' | 'claimants'>;
  /** UICCs in pages. */
  readonly devices: Devices;
  /** Storage supports that UICCs met. */
  readonly supports: Supports;
  /** Look-ups for one box that finds everything. */
  readonly search: EvidenceSearch;
  /** Whose data were erased, so that nothing seen before comes back. */
  readonly erased: ErasedSubjects;
  /** Findings as an inbox. */
  readonly alarms: Alarms;
  pairings(iccid: string): readonly Pairing[];
  /** The newest findings. */
  findings(most: number): readonly Finding[];
  /** The newest reports, of one UICC when `iccid` is given. */
  reports(most: number, iccid?: string): readonly StoredReport[];
  /** The newest reports of one UICC with an id below `before`. */
  reportsBefore(imsi: string, before: number, most: number): readonly StoredReport[];
  /** Finds UICCs that the network sees and that do not report; a finding each. Returns how many. */
  findMissingReports(): number;
  /** How many UICCs stand at each level. */
  levels(): Readonly<Partial<Record<EvidenceLevel, number>>>;
}

const level = oneOf(...EVIDENCE_LEVELS);

/** A result that proves an IMEI. */
export const isProof = (result: string): boolean => result === 'proved' || result === 'provedOther';

/** The evidence in this database. */
export function openEvidence(options: {
  database: Database;
  masterKey: MasterKey;
  audit: Audit;
  clock: Clock;
}): Evidence {
  const { database, clock } = options;
  const feed = changeFeed(database, clock);
  const findings = openFindings(options);
  const watchers: EvidenceWatcher[] = [];
  const select = (where: string) => database.query(`SELECT * FROM uicc_state ${where}`, STANDING);
  const byImsi = select('WHERE imsi = ?');
  const byIccid = select('WHERE iccid = ?');
  const byImei = select("WHERE proved_imei = ? AND result IN ('proved', 'provedOther')");
  const bySupport = select('WHERE support = ? AND iccid <> ? LIMIT 8');
  const standingOrder = database.command(
    'UPDATE uicc_state SET standing_order = ?, standing_reason = ? WHERE iccid = ?',
  );
  const lockState = database.command('UPDATE uicc_state SET lock_state = ? WHERE iccid = ?');
  const reading = openReading(database);
  const duplicates = new Duplicates({
    ...{ database, clock },
    genuine: (imei) => genuineOf(byImei.all(imei.number)),
    found: (finding) => findings.record(finding),
    tell(duplicate) {
      for (const watcher of watchers) watcher.duplicate(duplicate);
    },
  });
  const clusters = openClusters(database, (imei) => byImei.all(imei));
  const erased = openErasedSubjects(options);
  const claims = new Claims({ database, feed, duplicates, clusters, erased });
  const writing = openWriting(database, clusters);

  /** What the network was told shortly before, when it is not `proved`. */
  const contradicted = (imsi: string, proved: Imei, now: number): Imei | undefined => {
    const claim = reading.newestClaim.first(imsi);
    if (claim === undefined || claim.imei === proved.number || now - claim.claimedAt > CLAIM_WINDOW_MILLISECONDS)
      return undefined;
    return Imei.fromNumber(claim.imei);
  };

  const recordReport: Evidence['recordReport'] = (given) => {
    claims.flush();
    const { iccid, imsi, counter, report, provedImei, claimedImei, octets } = given;
    const now = clock.now();
    const reportLevel = levelOf(report);
    const before = byIccid.first(iccid);
    const isProved = provedImei !== undefined && isProof(report.result);
    const contradictedClaim = isProved ? contradicted(imsi, provedImei, now) : undefined;
    const made = isProved
      ? proofFindings(given, provedImei, before, bySupport.all(report.support, iccid), byImei.all(provedImei.number))
      : [];
    if (report.result === 'refuted') made.push(refutedFinding(given));
    if (report.trigger === 'silence') made.push(silentFinding(given));
    if (contradictedClaim !== undefined && provedImei !== undefined)
      made.push(lieFinding(imsi, provedImei, contradictedClaim));
    const { id } = writing.report.only(
      ...[now, iccid, imsi, counter, reportLevel, report.result, report.reason],
      ...[(provedImei ?? claimedImei)?.number, report.support, octets],
    );
    writing.state.run(
      ...[iccid, imsi, now, reportLevel, report.result, report.reason, report.state],
      ...[isProved ? provedImei.number : undefined, isProved ? now : undefined, isProved ? reportLevel : undefined],
      ...[
        report.support,
        report.supportCounter,
        claimedImei?.number,
        report.unanswered,
        report.root,
        report.certificate,
      ],
    );
    if (isProved) {
      writing.prove(provedImei.number, imsi, now, reportLevel);
      writing.pair(iccid, imsi, report.support, provedImei.number, now);
      duplicates.see(provedImei, imsi, now);
      duplicates.admit(provedImei.number);
      for (const watcher of watchers)
        watcher.sighted({ imei: provedImei, imsi, at: now, by: 'proof', level: reportLevel });
    } else if (claimedImei !== undefined) writing.prove(claimedImei.number, imsi, now, reportLevel);
    if (contradictedClaim !== undefined) writing.refute.run(contradictedClaim.number, imsi);
    for (const finding of made) findings.record(finding);
    feed.note({ kind: 'subscriber', key: imsi });
    claims.forget();
    const previous = before?.provedImei;
    const movedFrom =
      isProved && previous !== undefined && previous !== provedImei.number ? Imei.fromNumber(previous) : undefined;
    return { id, level: reportLevel, movedFrom, contradictedClaim, findings: made };
  };

  const flushed = <T>(read: () => T): T => {
    claims.flush();
    return read();
  };

  return {
    recordClaim(imei, imsi, at, isContested, details) {
      claims.add(imei, imsi, at, isContested);
      duplicates.see(imei, imsi.digits, at, details?.position);
      for (const watcher of watchers) watcher.sighted({ ...details, imei, imsi: imsi.digits, at, by: 'claim' });
    },
    watch: (watcher) => void watchers.push(watcher),
    flush() {
      claims.flush();
      for (const watcher of watchers) watcher.flush();
    },
    recordReport: (report) => database.transaction(() => recordReport(report)),
    recordStandingOrder: (iccid, order, reason) => {
      standingOrder.run(order, reason, iccid);
      const imsi = byIccid.first(iccid)?.imsi;
      if (imsi !== undefined) feed.note({ kind: 'subscriber', key: imsi });
    },
    recordLockState: (iccid, state) => {
      lockState.run(state, iccid);
    },
    recordFinding: (finding) => findings.record(finding),
    standing: (imsi) => shown(byImsi.first(String(imsi))),
    standingOf: (iccid) => shown(byIccid.first(iccid)),
    provers: (imei) => byImei.all(imei.number).map(standingOf),
    observation: (imei, imsi) => reading.observation.first(imei.number, imsi.digits),
    cluster: (imei, most = MOST_ROWS) => flushed(() => clusters.of(imei, most)),
    clusters: {
      page: (after, most, each) => flushed(() => clusters.page(after, most, each)),
      claimants: (imei, after, most) => flushed(() => clusters.claimants(imei, after, most)),
    },
    devices: openDevices(database),
    supports: openSupports(database),
    search: openSearch(database),
    erased,
    alarms: openAlarms(options),
    pairings: (iccid) =>
      reading.pairings.all(iccid, MOST_ROWS).map((row) => ({ ...row, imei: Imei.fromNumber(row.imei) })),
    findings: (most) => findings.newest(Math.min(most, MOST_ROWS)),
    reports(most, iccid) {
      const limit = Math.min(most, MOST_ROWS);
      const rows = iccid === undefined ? reading.reports.all(limit) : reading.reportsOf.all(iccid, limit);
      return rows.map(storedReport);
    },
    reportsBefore: (imsi, before, most) =>
      reading.reportsBefore.all(imsi, before, Math.min(most, MOST_ROWS)).map(storedReport),
    findMissingReports() {
      claims.flush();
      const made = missingReports(database, clock.now());
      for (const finding of made) findings.record(finding);
      return made.length;
    },
    levels: () => Object.fromEntries(reading.levels.all().map((row) => [row.level, row.number])),
  };
}

function openReading(database: Database) {
  const report = {
    id: integer,
    at: integer,
    iccid: text,
    imsi: text,
    counter: integer,
    level,
    result: text,
    reason: text,
    imei: nullable(integer),
    support: nullable(blob),
    octets: blob,
  };
  return {
    newestClaim: database.query(
      'SELECT imei, claimed_at FROM observation WHERE imsi = ? AND claimed_at IS NOT NULL ORDER BY claimed_at DESC LIMIT 1',
      { imei: integer, claimedAt: integer },
    ),
    observation: database.query('SELECT level, contested_at FROM observation WHERE imei = ? AND imsi = ?', {
      level,
      contestedAt: nullable(integer),
    }),
    pairings: database.query('SELECT * FROM pairing WHERE iccid = ? ORDER BY id DESC LIMIT ?', {
      iccid: text,
      imsi: text,
      support: blob,
      imei: integer,
      fromAt: integer,
      untilAt: nullable(integer),
    }),
    reports: database.query('SELECT * FROM report ORDER BY id DESC LIMIT ?', report),
    reportsOf: database.query('SELECT * FROM report WHERE iccid = ? ORDER BY id DESC LIMIT ?', report),
    reportsBefore: database.query('SELECT * FROM report WHERE imsi = ? AND id < ? ORDER BY id DESC LIMIT ?', report),
    levels: database.query('SELECT level, count(*) AS number FROM uicc_state GROUP BY level', {
      level,
      number: integer,
    }),
  };
}

function openWriting(database: Database, clusters: Pick<Clusters, 'count'>) {
  const current = database.query(
    'SELECT support, imei FROM pairing WHERE iccid = ? AND until_at IS NULL ORDER BY id DESC LIMIT 1',
    { support: blob, imei: integer },
  );
  const proof = database.query(
    `INSERT INTO observation (imei, imsi, first_at, last_at, times, level) VALUES (?1, ?2, ?3, ?3, 1, ?4)
     ON CONFLICT (imei, imsi) DO UPDATE SET last_at = ?3, times = observation.times + 1, level = ?4, contested_at = NULL
     RETURNING times`,
    { times: integer },
  );
  const end = database.command('UPDATE pairing SET until_at = ? WHERE iccid = ? AND until_at IS NULL');
  const begin = database.command('INSERT INTO pairing (iccid, imsi, support, imei, from_at) VALUES (?, ?, ?, ?, ?)');
  return {
    report: database.query(
      `INSERT INTO report (at, iccid, imsi, counter, level, result, reason, imei, support, octets)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
      { id: integer },
    ),
    state: database.command(
      `INSERT INTO uicc_state (iccid, imsi, last_report_at, level, result, reason, lock_state, proved_imei, proved_at, proved_level,
         support, support_counter, claimed_imei, unanswered, root, certificate)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (iccid) DO UPDATE SET last_report_at = excluded.last_report_at, level = excluded.level, result = excluded.result,
         reason = excluded.reason, lock_state = excluded.lock_state, proved_imei = coalesce(excluded.proved_imei, uicc_state.proved_imei),
         proved_at = coalesce(excluded.proved_at, uicc_state.proved_at), proved_level = coalesce(excluded.proved_level, uicc_state.proved_level),
         support = coalesce(excluded.support, uicc_state.support), support_counter = coalesce(excluded.support_counter, uicc_state.support_counter),
         claimed_imei = excluded.claimed_imei, unanswered = excluded.unanswered,
         root = CASE WHEN excluded.support IS NULL THEN uicc_state.root ELSE excluded.root END,
         certificate = CASE WHEN excluded.support IS NULL THEN uicc_state.certificate ELSE excluded.certificate END`,
    ),
    /** Keeps how a report knows the IMEI of a subscriber. */
    prove(imei: number, imsi: string, now: number, found: EvidenceLevel): void {
      const { times } = proof.only(imei, imsi, now, found);
      if (times === 1 && found !== 'refuted') clusters.count(imei, imsi);
    },
    refute: database.command("UPDATE observation SET level = 'refuted' WHERE imei = ? AND imsi = ?"),
    /** Ends the pairing that stood and begins the new one, when support or IMEI are others. */
    pair(iccid: string, imsi: string, support: Uint8Array | undefined, imei: number, now: number): void {
      if (support === undefined) return;
      const stands = current.first(iccid);
      if (stands !== undefined && stands.imei === imei && toHex(stands.support) === toHex(support)) return;
      end.run(now, iccid);
      begin.run(iccid, imsi, support, imei, now);
    },
  };
}

const { say } = FINDING_SENTENCES;

function proofFindings(
  { imsi, report }: ReportToRecord,
  imei: Imei,
  before: StandingRow | undefined,
  sameSupport: readonly StandingRow[],
  sameImei: readonly StandingRow[],
): NewFinding[] {
  const { support, supportCounter } = report;
  const made: NewFinding[] = [];
  const shownImei = String(imei);
  const note = (kind: NewFinding['kind'], key: string, said: FindingSaid) =>
    made.push({ kind, key, imsi, imei, support, said: [said] });
  if (before?.provedImei !== undefined && before.provedImei !== imei.number)
    note(
      'movedHandset',
      `${imsi} ${imei.equipment}`,
      say('movedHandset', { imei: shownImei, before: String(Imei.fromNumber(before.provedImei)) }),
    );
  if (support === undefined) return made;
  const name = toHex(support);
  const isSame = before?.support !== undefined && toHex(before.support) === name;
  if (
    isSame &&
    before.supportCounter !== undefined &&
    supportCounter !== undefined &&
    supportCounter <= before.supportCounter
  )
    note(
      'supportCounterWentBack',
      `${imsi} ${name}`,
      say('counterWentBack', { support: name, counter: supportCounter, before: before.supportCounter }),
    );
  const others = sameSupport.filter((row) => isProof(row.result) && row.provedImei === imei.number);
  if (others.length > 0)
    note('supportShared', name, say('supportShared', { support: name, imei: shownImei, uiccs: others.length + 1 }));
  const foreign = sameImei.find((row) => row.imsi !== imsi && row.support !== undefined && toHex(row.support) !== name);
  if (foreign?.support !== undefined)
    note(
      'imeiInTwoSupports',
      imei.equipment,
      say('imeiInTwoSupports', { imei: shownImei, support: name, other: toHex(foreign.support) }),
    );
  return made;
}

function silentFinding({ imsi }: ReportToRecord): NewFinding {
  return { kind: 'silentTerminal', key: imsi, imsi, said: [say('silentTerminal')] };
}

function refutedFinding({ imsi, report, claimedImei, provedImei }: ReportToRecord): NewFinding {
  const imei = claimedImei ?? provedImei;
  return {
    kind: 'refutedProof',
    key: `${imsi} ${report.reason}`,
    imsi,
    imei,
    support: report.support,
    said: [say('refutedProof', { proofReason: report.reason })],
  };
}

function lieFinding(imsi: string, proved: Imei, claimed: Imei): NewFinding {
  return {
    kind: 'lyingHandset',
    key: `${imsi} ${claimed.equipment}`,
    imsi,
    imei: claimed,
    said: [say('lyingHandset', { claimed: String(claimed), proved: String(proved) })],
  };
}

const shown = (row: StandingRow | undefined): Standing | undefined => row && standingOf(row);

const storedReport = <R extends { readonly imei: number | undefined }>(row: R) => ({
  ...row,
  imei: row.imei === undefined ? undefined : Imei.fromNumber(row.imei),
});
