import { Imei } from '#base/identity/index.ts';
import { blob, integer, nullable, oneOf, text } from '#operator/database/index.ts';
import { EVIDENCE_LEVELS, type EvidenceLevel } from './level.ts';

/** The newest that is known of a UICC. */
export interface Standing {
  readonly iccid: string;
  readonly imsi: string;
  readonly lastReportAt: number;
  readonly level: EvidenceLevel;
  readonly result: string;
  readonly reason: string;
  readonly lockState: string;
  /** The IMEI it proved last, and when, even when a later report proved nothing. */
  readonly provedImei: Imei | undefined;
  readonly provedAt: number | undefined;
  readonly provedLevel: EvidenceLevel | undefined;
  readonly support: Uint8Array | undefined;
  /** By what the support was believed, as its UICC names root and certificate; undefined when that did not say so. */
  readonly root: Uint8Array | undefined;
  readonly certificate: Uint8Array | undefined;
  readonly claimedImei: Imei | undefined;
  readonly unanswered: number;
  /** The last of permit, track, block, stopKeys, unblock that was queued for it, and the code of its decisive reason. */
  readonly standingOrder: string | undefined;
  readonly standingReason: string | undefined;
}

const level = oneOf(...EVIDENCE_LEVELS);

/** Columns of uicc_state. */
export const STANDING = {
  iccid: text,
  imsi: text,
  lastReportAt: integer,
  level,
  result: text,
  reason: text,
  lockState: text,
  provedImei: nullable(integer),
  provedAt: nullable(integer),
  provedLevel: nullable(level),
  support: nullable(blob),
  supportCounter: nullable(integer),
  root: nullable(blob),
  certificate: nullable(blob),
  claimedImei: nullable(integer),
  unanswered: integer,
  standingOrder: nullable(text),
  standingReason: nullable(text),
};
/** A row of uicc_state. */
export type StandingRow = { readonly [K in keyof typeof STANDING]: ReturnType<(typeof STANDING)[K]> };

/** A row as others see it. */
export function standingOf(row: StandingRow): Standing {
  const { supportCounter: _kept, provedImei, claimedImei, ...rest } = row;
  return {
    ...rest,
    provedImei: provedImei === undefined ? undefined : Imei.fromNumber(provedImei),
    claimedImei: claimedImei === undefined ? undefined : Imei.fromNumber(claimedImei),
  };
}
