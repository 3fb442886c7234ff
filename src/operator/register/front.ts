import type { Imei, Imsi } from '#base/identity/index.ts';
import type { EquipmentStatus } from './decision.ts';

/** The interfaces a check comes in by: TS 29.511, TS 29.272 clause 6 (S13, S13'), Osmocom GSUP Check-IMEI, and the operator's own API. */
export const FRONTS = ['n5g-eir', 's13', 'gsup', 'api'] as const;
/** An interface a check comes in by. */
export type Front = (typeof FRONTS)[number];

/** What a network element asks about a handset. */
export interface EquipmentQuestion {
  readonly front: Front;
  /** The equipment; undefined when the network named something else than an IMEI (a MAC address, an EUI-64, an opaque PEI). */
  readonly imei: Imei | undefined;
  /** Two digits, when the network sent the software version (the SVN of an IMEISV). */
  readonly softwareVersion: string | undefined;
  readonly imsi: Imsi | undefined;
  /** Who asks: the Origin-Host, the routing name, the subject of a token, or the address; for counters and the audit. */
  readonly peer: string;
}

/** What the register answers. `unavailable`: not loaded, draining, or overloaded; to be asked again after so many seconds. */
export type EquipmentAnswer =
  | { readonly kind: 'status'; readonly equipmentStatus: EquipmentStatus }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number };

/** Answers at once, from memory; never throws for what a network may send. */
export type EquipmentCheck = (question: EquipmentQuestion) => EquipmentAnswer;
