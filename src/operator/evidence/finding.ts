import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Audit, ProgramAuthor } from '#operator/audit/index.ts';
import {
  blob,
  type Database,
  integer,
  nullable,
  oneOf,
  type Parameter,
  saidBy,
  saidText,
  text,
} from '#operator/database/index.ts';
import { FINDING_SENTENCES, type FindingSaid } from './finding-sentences.ts';

/** How much an alarm asks for (ITU-T X.733 8.1.2.3, perceived severity), the gravest first. */
export const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;
/** How much an alarm asks for. */
export type Severity = (typeof SEVERITIES)[number];

/** What a finding can be about, and how grave that is. */
export const FINDING_SEVERITY = {
  /** The UICC refuted the IMEI by itself. */
  refutedProof: 'major',
  /** The network was told another IMEI than the one proved (T02). */
  lyingHandset: 'critical',
  /** The UICC moved to another handset (T14). */
  movedHandset: 'warning',
  /** The counter of a storage support did not rise (T12, T21). */
  supportCounterWentBack: 'critical',
  /** One storage support with two UICCs: a second SIM, or a relay (T19). */
  supportShared: 'major',
  /** Two storage supports prove one IMEI (T12). */
  imeiInTwoSupports: 'critical',
  /** One IMEI with too many subscribers, or used by two at once (T07). */
  duplicateImei: 'major',
  /** One IMEI in two places that no handset travels between in the time (T07, ITU-T Q.5052 7.4). */
  impossibleTravel: 'major',
  /** A UICC in the network that never reported (T15). */
  reportMissing: 'minor',
  /** A UICC that is seen with another handset than it proved, was asked, and does not report (T15). */
  reportWithheld: 'major',
  /** Reports that were numbered and never arrived (T15). */
  reportGap: 'minor',
  /** An order that is not acknowledged (T16). */
  orderUnanswered: 'minor',
  /** A packet with right keys and an old counter (T18). */
  replayedReport: 'major',
  /** A packet with right keys and content that cannot be read. */
  unreadableReport: 'minor',
  /** A terminal authenticated with a UICC and carried neither proof nor report; the next one told. */
  silentTerminal: 'minor',
  /** Events that a webhook did not take. */
  webhookUndelivered: 'warning',
} as const satisfies Readonly<Record<string, Severity>>;

/** What a finding is about. */
export type FindingKind = keyof typeof FINDING_SEVERITY;
/** Every kind of finding. */
export const FINDING_KINDS = Object.keys(FINDING_SEVERITY) as readonly FindingKind[];

/** What became of a finding: nobody looked yet; somebody looks into it; it is done with. */
export const FINDING_STATES = ['open', 'acknowledged', 'closed'] as const;
/** What became of a finding. */
export type FindingState = (typeof FINDING_STATES)[number];

/** A contradiction or a silence, counted once for each subject. */
export interface Finding {
  readonly id: number;
  readonly kind: FindingKind;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly times: number;
  readonly imsi: string | undefined;
  readonly imei: Imei | undefined;
  readonly support: Uint8Array | undefined;
  /** For people. */
  readonly text: string;
  /** The same by codes and values; undefined of a finding that is older than its code. */
  readonly said: readonly FindingSaid[] | undefined;
  readonly state: FindingState;
  /** Who is to look into it. */
  readonly assignee: string | undefined;
  /** What the last person who changed its state wrote. */
  readonly note: string;
  readonly changedAt: number | undefined;
  readonly changedBy: string | undefined;
  /** How often it happened again after it was closed. */
  readonly reopened: number;
}

/** A finding as it is made. `key` tells it from others of its kind. */
export interface NewFinding {
  readonly kind: FindingKind;
  readonly key: string;
  /** What it says to people. */
  readonly said: readonly FindingSaid[];
  readonly imsi?: string | undefined;
  readonly imei?: Imei | undefined;
  readonly support?: Uint8Array | undefined;
}

const ROW = {
  id: integer,
  kind: oneOf(...FINDING_KINDS),
  firstAt: integer,
  lastAt: integer,
  times: integer,
  imsi: nullable(text),
  imei: nullable(integer),
  support: nullable(blob),
  text,
  said: saidBy(FINDING_SENTENCES),
  state: oneOf(...FINDING_STATES),
  assignee: nullable(text),
  note: text,
  changedAt: nullable(integer),
  changedBy: nullable(text),
  reopened: integer,
};
type Row = { readonly [K in keyof typeof ROW]: ReturnType<(typeof ROW)[K]> };

/** Reads findings: `rest` of the statement after FROM finding. */
export function findingQuery(database: Database, rest: string) {
  const query = database.query(`SELECT finding.* FROM finding ${rest}`, ROW);
  return {
    first: (...parameters: readonly Parameter[]): Finding | undefined => {
      const row = query.first(...parameters);
      return row && findingOf(row);
    },
    all: (...parameters: readonly Parameter[]): readonly Finding[] => query.all(...parameters).map(findingOf),
  };
}

const findingOf = (row: Row): Finding => ({
  ...row,
  imei: row.imei === undefined ? undefined : Imei.fromNumber(row.imei),
});

/** The findings of this database: a new one, and one that happens again after it was closed, is also in the audit log; others are counted. */
export function openFindings(options: { database: Database; audit: Audit; clock: Clock }) {
  const { database, audit, clock } = options;
  const before = database.query('SELECT state FROM finding WHERE kind = ? AND key = ?', {
    state: oneOf(...FINDING_STATES),
  });
  const put = database.command(
    `INSERT INTO finding (kind, key, first_at, last_at, times, imsi, imei, support, text, said)
     VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?7, ?8)
     ON CONFLICT (kind, key) DO UPDATE SET last_at = ?3, times = finding.times + 1, text = ?7, said = ?8,
       reopened = finding.reopened + CASE WHEN finding.state = 'closed' THEN 1 ELSE 0 END,
       state = CASE WHEN finding.state = 'closed' THEN 'open' ELSE finding.state END`,
  );
  const newest = findingQuery(database, 'ORDER BY last_at DESC, id DESC LIMIT ?');
  return {
    record: ({ kind, key, said, imsi, imei, support }: NewFinding): void =>
      database.transaction(() => {
        const words = FINDING_SENTENCES.words(said);
        const state = before.first(kind, key)?.state;
        put.run(kind, key, clock.now(), imsi, imei?.number, support, words, saidText(said));
        if (state === 'open' || state === 'acknowledged') return;
        const subject = imei?.equipment ?? imsi ?? key;
        const again = state === 'closed' ? { happened: 'again' } : {};
        audit.append({
          kind: 'finding',
          author: 'evidence' satisfies ProgramAuthor,
          subject,
          detail: { finding: kind, text: words, ...again },
          said: { text: said },
        });
      }),
    newest: (most: number): readonly Finding[] => newest.all(most),
  };
}
