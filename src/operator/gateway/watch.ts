import { Iccid, Imei, Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { ProgramAuthor } from '#operator/audit/index.ts';
import { type Database, integer, settings, text } from '#operator/database/index.ts';
import type { Evidence } from '#operator/evidence/index.ts';
import { changedOrder, orderCommand, personText } from '#operator/policy/index.ts';
import { REASON_SENTENCES, type Reason, type Register, reasonFor } from '#operator/register/index.ts';
import type { Subscribers } from '#operator/subscriber/index.ts';
import type { Order } from '#protocol/imei-lock/index.ts';
import type { openCommanded } from './commanded.ts';
import type { Outbox } from './outbox.ts';

const MOST_PER_ROUND = 200;
/** How often expiries of list entries and missing reports are looked for. */
const SWEEP_MILLISECONDS = 10_000;
const MISSING_MILLISECONDS = 3_600_000;
const AUTHOR: ProgramAuthor = 'register';

/**
 * Looks after what changes without a report: list entries that came, went or expired, people's orders whose time is over, UICCs that must be
 * asked or that are silent.
 */
export function openWatch(options: {
  database: Database;
  clock: Clock;
  subscribers: Subscribers;
  evidence: Evidence;
  register: Register;
  outbox: Outbox;
  commanded: ReturnType<typeof openCommanded>;
  contact: string;
}): { look(): void } {
  const { database, clock, subscribers, evidence, register, outbox, commanded, contact } = options;
  const kept = settings(database);
  const changed = database.query('SELECT imei FROM reconsideration LIMIT ?', { imei: integer });
  const considered = database.command('DELETE FROM reconsideration WHERE imei = ?');
  const demanded = database.query('SELECT imsi FROM report_demand LIMIT ?', { imsi: text });
  const asked = database.command('DELETE FROM report_demand WHERE imsi = ?');
  const expire = database.command(
    `INSERT INTO reconsideration (imei) SELECT imei FROM list_entry WHERE expires_at > ? AND expires_at <= ?
     AND EXISTS (SELECT 1 FROM uicc_state WHERE proved_imei = list_entry.imei) ON CONFLICT (imei) DO NOTHING`,
  );
  let sweptAt = Number.NEGATIVE_INFINITY;
  let missingAt = Number.NEGATIVE_INFINITY;

  const queue = (iccid: string, order: Order, reason: Reason) => {
    const shown = order === 'block' ? personText(reason, contact) : '';
    outbox.queue({
      iccid,
      answer: orderCommand(order, { at: clock.now(), text: shown }),
      author: AUTHOR,
      reason: reason.text,
      reasonSaid: reason.said,
      reasonCode: reason.code,
      caseReference: reason.caseReference ?? '',
    });
  };

  const reconsider = (imei: Imei) => {
    for (const standing of evidence.provers(imei)) {
      if (commanded.of(standing.iccid) !== undefined) continue;
      const { equipmentStatus, reasons } = register.explain({ imei, imsi: Imsi.parse(standing.imsi) });
      const order = changedOrder({ order: standing.standingOrder, reason: standing.standingReason }, equipmentStatus);
      if (order !== undefined && !(order === 'reportNow' && outbox.hasOpen(standing.iccid, order)))
        queue(standing.iccid, order, reasons[0]);
    }
  };

  const reconsiderAll = () => {
    const found = changed.all(MOST_PER_ROUND);
    if (found.length === 0) return;
    database.transaction(() => {
      for (const { imei } of found) {
        reconsider(Imei.fromNumber(imei));
        considered.run(imei);
      }
    });
  };

  const askForReports = () => {
    const found = demanded.all(MOST_PER_ROUND);
    if (found.length === 0) return;
    database.transaction(() => {
      for (const { imsi } of found) {
        const standing = evidence.standing(imsi);
        if (standing !== undefined && !outbox.hasOpen(standing.iccid, 'reportNow'))
          queue(
            standing.iccid,
            'reportNow',
            reasonFor('proofExpected', 'tracking', [REASON_SENTENCES.say('toldOther')]),
          );
        asked.run(imsi);
      }
    });
  };

  /** A person's decision is over: a block is lifted, another one is decided anew by the next report. */
  const endExpired = () => {
    const found = commanded.expired();
    if (found.length === 0) return;
    database.transaction(() => {
      for (const { iccid, order } of found) {
        commanded.end(iccid);
        if (subscribers.byIccid(Iccid.parse(iccid)) === undefined) continue;
        const isBlock = order === 'block' || order === 'stopKeys';
        queue(
          iccid,
          isBlock ? 'unblock' : 'reportNow',
          reasonFor('commanded', 'permitted', [REASON_SENTENCES.say('orderExpired', { order })]),
        );
      }
    });
  };

  const sweep = (now: number) => {
    if (now - sweptAt < SWEEP_MILLISECONDS) return;
    sweptAt = now;
    database.transaction(() => {
      expire.run(Number(kept.get('expirySweptTo') ?? 0), now);
      kept.set('expirySweptTo', String(now));
    });
    if (now - missingAt < MISSING_MILLISECONDS) return;
    missingAt = now;
    evidence.findMissingReports();
  };

  return {
    look() {
      sweep(clock.now());
      endExpired();
      reconsiderAll();
      askForReports();
    },
  };
}
