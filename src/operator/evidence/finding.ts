import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Audit } from '#operator/audit/index.ts';
import { blob, type Database, integer, nullable, oneOf, text } from '#operator/database/index.ts';

const KINDS = [
  /** The UICC refuted the IMEI by itself. */
  'refutedProof',
  /** The network was told another IMEI than the one proved (T02). */
  'lyingHandset',
  /** The UICC moved to another handset (T14). */
  'movedHandset',
  /** The counter of a storage support did not rise (T12, T21). */
  'supportCounterWentBack',
  /** One storage support with two UICCs: a second SIM, or a relay (T19). */
  'supportShared',
  /** Two storage supports prove one IMEI (T12). */
  'imeiInTwoSupports',
  /** One IMEI with too many subscribers, or in two places at once (T07). */
  'duplicateImei',
  /** A UICC in the network that does not report (T15). */
  'reportMissing',
  /** An order that is not acknowledged (T16). */
  'orderUnanswered',
  /** A packet with right keys and an old counter (T18). */
  'replayedReport',
  /** A packet with right keys and content that cannot be read. */
  'unreadableReport',
  /** A terminal authenticated with a UICC and carried neither proof nor report; the next one told. */
  'silentTerminal',
  /** Events that a webhook did not take. */
  'webhookUndelivered',
] as const;

/** What a finding is about. */
export type FindingKind = (typeof KINDS)[number];

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
}

/** A finding as it is made. `key` tells it from others of its kind. */
export interface NewFinding {
  readonly kind: FindingKind;
  readonly key: string;
  readonly text: string;
  readonly imsi?: string | undefined;
  readonly imei?: Imei | undefined;
  readonly support?: Uint8Array | undefined;
}

/** The findings of this database: a new one is also in the audit log, a repeated one is counted. */
export function openFindings(options: { database: Database; audit: Audit; clock: Clock }) {
  const { database, audit, clock } = options;
  const put = database.query(
    `INSERT INTO finding (kind, key, first_at, last_at, times, imsi, imei, support, text) VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?7)
     ON CONFLICT (kind, key) DO UPDATE SET last_at = ?3, times = finding.times + 1, text = ?7 RETURNING times`,
    { times: integer },
  );
  const newest = database.query('SELECT * FROM finding ORDER BY last_at DESC, id DESC LIMIT ?', {
    id: integer,
    kind: oneOf(...KINDS),
    firstAt: integer,
    lastAt: integer,
    times: integer,
    imsi: nullable(text),
    imei: nullable(integer),
    support: nullable(blob),
    text,
  });
  return {
    record: ({ kind, key, text: words, imsi, imei, support }: NewFinding): void =>
      database.transaction(() => {
        const { times } = put.only(kind, key, clock.now(), imsi, imei?.number, support, words);
        if (times > 1) return;
        const subject = imei?.equipment ?? imsi ?? key;
        audit.append({ kind: 'finding', author: 'evidence', subject, detail: { finding: kind, text: words } });
      }),
    newest: (most: number): readonly Finding[] =>
      newest.all(most).map((row) => ({ ...row, imei: row.imei === undefined ? undefined : Imei.fromNumber(row.imei) })),
  };
}
