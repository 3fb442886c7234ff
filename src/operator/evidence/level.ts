import type { Report } from '#protocol/imei-lock/index.ts';

/** How an IMEI is known, strongest first; `refuted`: a proof was tried and failed, or a stronger level says otherwise. */
export const EVIDENCE_LEVELS = ['attested', 'attested-static', 'signed', 'claimed', 'refuted'] as const;
/** How an IMEI is known. */
export type EvidenceLevel = (typeof EVIDENCE_LEVELS)[number];

/** The level that a report gives: a proof over session keys, over static keys, nothing but a claim, or a contradiction. */
export function levelOf(report: Report): EvidenceLevel {
  if (report.result === 'refuted') return 'refuted';
  if (report.result === 'notProven' || report.provedImei === undefined) return 'claimed';
  return report.evidence === 'static' ? 'attested-static' : 'attested';
}
