import type { Imei } from '#base/identity/index.ts';
import type { EvidenceLevel } from './level.ts';

/** Where a handset was seen: degrees, north and east positive (WGS 84). */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** What else the network, or who answers it, knows of a claim. */
export interface ClaimDetails {
  /** How the IMEI of this subscriber is known at that moment. */
  readonly level?: EvidenceLevel;
  /** What the register answered. */
  readonly equipmentStatus?: 'permitted' | 'tracking' | 'prohibited';
  /** Where the subscriber was; no interface of an equipment register carries it, a caller of the API may. */
  readonly position?: Position;
}

/** A subscriber seen with a handset. */
export interface Sighting extends ClaimDetails {
  readonly imei: Imei;
  readonly imsi: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `claim`: the network was told; `proof`: the UICC reported it, proved. */
  readonly by: 'claim' | 'proof';
}

/** Why an IMEI is taken to be in several handsets: ITU-T Q.5052 7.1.1, 7.1.2, 7.4. */
export type DuplicateCause = 'subscribers' | 'dailyAverage' | 'conflicts';

/** An IMEI whose use crossed a threshold. */
export interface Duplicate {
  readonly imei: Imei;
  readonly at: number;
  readonly cause: DuplicateCause;
  /** Subscribers seen with it within the period; above 64 an estimate, right to about 7 %. */
  readonly subscribers: number;
  /** Uses by one subscriber in between two uses by another, or too far apart for the time between, within a day. */
  readonly conflicts: number;
  /** The subscriber whose handset is the genuine one, if that is known, and why, for people. */
  readonly genuine: string | undefined;
  readonly argument: string;
}

/** Follows the evidence. */
export interface EvidenceWatcher {
  /** A sighting, as it comes: costs no write. A proof comes inside the transaction that records its report. */
  sighted(sighting: Sighting): void;
  /** An IMEI crossed a threshold; inside the transaction that records the finding. */
  duplicate(duplicate: Duplicate): void;
  /** What waits to be written is to be written. */
  flush(): void;
}
