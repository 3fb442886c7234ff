import type { Imei, Imsi } from '#base/identity/index.ts';
import type { EvidenceLevel } from '#operator/evidence/index.ts';

/** What people are told; on wires WHITELISTED, GREYLISTED, BLACKLISTED. */
export type EquipmentStatus = 'permitted' | 'tracking' | 'prohibited';

/** How the register acts. `track`: nothing is prohibited, everything is noted. `off`: everything is permitted. */
export const REGISTER_MODES = ['enforce', 'track', 'off'] as const;
/** How the register acts. */
export type RegisterMode = (typeof REGISTER_MODES)[number];

/** Every reason a decision can have, with the sentence a person reads. */
export const REASON_TEXT = {
  registerOff: 'The register is switched off.',
  trackOnly: 'The register only tracks: what would be prohibited is let in and noted.',
  blackList: 'The IMEI is on the black list.',
  greyList: 'The IMEI is on the grey list.',
  whiteList: 'The IMEI is on the white list.',
  spared: 'The list entry is about copies of this IMEI; this handset is the one that proves it.',
  lyingHandset: 'The storage support of this handset proves another IMEI than the one claimed.',
  proofExpected: 'The UICC proved another IMEI before: the SIM moved or the handset lies. Its report is awaited.',
  proofMissing: 'The UICC proved another IMEI before, and no report came in time.',
  refutedProof: 'The UICC refuted the IMEI of this handset.',
  notProven: 'The handset did not prove its IMEI.',
  revoked: 'The storage support of this handset is revoked.',
  pairingLocked: 'This UICC belongs to another handset and is locked to it.',
  clone: 'Another handset proves this IMEI; this one does not.',
  genuine: 'This handset proves the IMEI; others only claim it.',
  bogusImei: 'The number is no IMEI of a maker.',
  commanded: 'A person of the operator ordered it.',
  proved: 'The UICC proved this IMEI.',
  notListed: 'Nothing is known against this IMEI.',
} as const;
/** Why a decision is what it is. */
export type ReasonCode = keyof typeof REASON_TEXT;

/** One reason and the status it asks for. The most severe one decides. */
export interface Reason {
  readonly code: ReasonCode;
  readonly status: EquipmentStatus;
  /** For people: the sentence of the code, and what belongs to this case. */
  readonly text: string;
  /** Case number of a list entry. */
  readonly caseReference?: string;
}

/** The register's answer about an IMEI. */
export interface Decision {
  readonly imei: Imei;
  readonly imsi: Imsi | undefined;
  readonly equipmentStatus: EquipmentStatus;
  /** The reasons, the decisive one first. */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** How it is known that this subscriber uses this IMEI. */
  readonly evidence: EvidenceLevel;
  /** The IMEI that this subscriber's UICC proved last. */
  readonly provedImei: Imei | undefined;
}

const SEVERITY: Readonly<Record<EquipmentStatus, number>> = { permitted: 0, tracking: 1, prohibited: 2 };

/** A reason with its sentence; `more` is appended. */
export function reasonFor(code: ReasonCode, status: EquipmentStatus, more = '', caseReference = ''): Reason {
  const text = more === '' ? REASON_TEXT[code] : `${REASON_TEXT[code]} ${more}`;
  return { code, status, text, ...(caseReference !== '' && { caseReference }) };
}

/** The reasons in order of severity, and the status of the first. */
export function concluded(
  reasons: readonly [Reason, ...Reason[]],
  mode: RegisterMode,
): { readonly equipmentStatus: EquipmentStatus; readonly reasons: readonly [Reason, ...Reason[]] } {
  const sorted = reasons.toSorted((a, b) => SEVERITY[b.status] - SEVERITY[a.status]);
  // Sorting keeps the number of reasons: there is a first.
  const decisive = sorted[0] as Reason;
  if (mode === 'track' && decisive.status === 'prohibited')
    return { equipmentStatus: 'tracking', reasons: [reasonFor('trackOnly', 'tracking'), ...sorted] };
  return { equipmentStatus: decisive.status, reasons: [decisive, ...sorted.slice(1)] };
}
