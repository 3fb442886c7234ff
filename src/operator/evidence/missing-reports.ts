import { type Database, integer, text } from '#operator/database/index.ts';
import type { NewFinding } from './finding.ts';
import { FINDING_SENTENCES } from './finding-sentences.ts';

/** A UICC that is seen in the network must have reported after so long. */
const FIRST_REPORT_MILLISECONDS = 24 * 3_600_000;
/** A UICC that is seen with another handset than it proved, and was asked, must have reported after so long. */
const NEXT_REPORT_MILLISECONDS = 24 * 3_600_000;
const MOST_ROWS = 1000;

const NEVER = [FINDING_SENTENCES.say('neverReported')];
const NOT_SINCE = [FINDING_SENTENCES.say('notSince')];

/**
 * UICCs that the network sees and that do not report. Those already found are found again only when they were seen since: a silence that
 * somebody has closed is not told again by itself.
 */
export function missingReports(database: Database, now: number): readonly NewFinding[] {
  const never = database.query(
    `SELECT uicc.imsi FROM uicc WHERE NOT EXISTS (SELECT 1 FROM uicc_state WHERE uicc_state.iccid = uicc.iccid)
     AND EXISTS (SELECT 1 FROM observation WHERE observation.imsi = uicc.imsi AND first_at < ?1
       AND last_at > coalesce((SELECT last_at FROM finding WHERE kind = 'reportMissing' AND key = uicc.imsi), 0)) LIMIT ?2`,
    { imsi: text },
  );
  const withheld = database.query(
    `SELECT observation.imsi, observation.imei FROM observation JOIN uicc_state ON uicc_state.imsi = observation.imsi
     WHERE contested_at IS NOT NULL AND contested_at < ?1 AND last_report_at < contested_at AND claimed_at > ?1
     AND claimed_at > coalesce((SELECT last_at FROM finding WHERE kind = 'reportWithheld' AND key = observation.imsi), 0) LIMIT ?2`,
    { imsi: text, imei: integer },
  );
  return [
    ...never
      .all(now - FIRST_REPORT_MILLISECONDS, MOST_ROWS)
      .map(({ imsi }): NewFinding => ({ kind: 'reportMissing', key: imsi, imsi, said: NEVER })),
    ...withheld
      .all(now - NEXT_REPORT_MILLISECONDS, MOST_ROWS)
      .map(({ imsi }): NewFinding => ({ kind: 'reportWithheld', key: imsi, imsi, said: NOT_SINCE })),
  ];
}
