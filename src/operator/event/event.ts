import type { Imei } from '#base/identity/index.ts';
import type { DuplicateCause, EvidenceLevel } from '#operator/evidence/index.ts';

/** What events are about. */
export const EVENT_KINDS = [
  /** A subscriber was seen with another IMEI than last time. */
  'imeiChanged',
  /** An IMEI is in several handsets: a threshold was crossed. */
  'duplicateImei',
] as const;
/** What an event is about. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** A subscriber was seen with another IMEI than last time. */
export interface ImeiChanged {
  readonly kind: 'imeiChanged';
  /** When it was seen, in milliseconds since 1970. */
  readonly at: number;
  readonly imsi: string;
  readonly from: Imei;
  readonly to: Imei;
  /** `claim`: the network was told; `proof`: the UICC proved it. */
  readonly by: 'claim' | 'proof';
  /** How the new IMEI of this subscriber was known at that moment. */
  readonly level: EvidenceLevel;
  /** What the register answered about it, when it was asked. */
  readonly equipmentStatus: 'permitted' | 'tracking' | 'prohibited' | undefined;
}

/** An IMEI is in several handsets. It says so, and prohibits nobody. */
export interface DuplicateImei {
  readonly kind: 'duplicateImei';
  readonly at: number;
  readonly imei: Imei;
  readonly cause: DuplicateCause;
  readonly subscribers: number;
  readonly conflicts: number;
  /** The IMSI of the genuine handset, when it is known, and the argument, for people. */
  readonly genuine: string | undefined;
  readonly argument: string;
}

/** What happened. */
export type NewEvent = ImeiChanged | DuplicateImei;

/** What happened, numbered: 1, 2, 3 … without a gap, in the order in which events became visible. */
export type OperatorEvent = NewEvent & { readonly sequence: number };

/** Events of one key are told one after another: those of a subscriber, those of a cluster. */
export const orderKeyOf = (event: NewEvent): string =>
  event.kind === 'imeiChanged' ? `imsi ${event.imsi}` : `imei ${event.imei.equipment}`;
