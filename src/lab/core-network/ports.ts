import type { Imei, Imsi } from '#base/identity/index.ts';

/** A value now, or when it is there. */
type Soon<T> = T | Promise<T>;

/** What the home network gives for one authentication (TS 33.102 6.3.2): RAND and AUTN of 16 octets, XRES of 4 to 16. */
export interface Vector {
  readonly rand: Uint8Array;
  readonly autn: Uint8Array;
  readonly xres: Uint8Array;
}

/** The home network's subscriber data (TS 33.102 6.3). */
export interface HomeSubscribers {
  /** A fresh vector; undefined for a subscriber it does not know. */
  authenticationVector(imsi: Imsi): Soon<Vector | undefined>;
  /** Takes AUTS (14 octets) that answered `rand`; true when its MAC was right and the next vector will be fresh for that UICC. */
  resynchronise(imsi: Imsi, rand: Uint8Array, auts: Uint8Array): Soon<boolean>;
}

/** What the equipment register says of a handset (TS 22.016 4): everything but `prohibited` is let in. */
export type EquipmentStatus = 'permitted' | 'tracking' | 'prohibited';

/** The equipment register (7). */
export interface EquipmentCheck {
  /** Judges the IMEI that a handset claims, together with the subscriber in it. */
  check(imei: Imei, imsi: Imsi): Soon<EquipmentStatus>;
}

/** What the service centre says to a submitted message: RP-ACK, or RP-ERROR with a cause of TS 24.011 8.2.5.4. */
export type SubmitOutcome = { readonly accepted: true } | { readonly accepted: false; readonly cause: number };

/** What became of a message for a handset: RP-ACK, RP-ERROR with its cause (TS 24.011 8.2.5.4), silence, or nobody there. */
export type Delivery =
  | { readonly kind: 'delivered' /** SMS-DELIVER-REPORT, when the handset sent one. */; readonly report?: Uint8Array }
  | { readonly kind: 'refused'; readonly cause: number }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'absent' };

/** Gives an SMS-DELIVER to a registered handset; `done` is called exactly once, perhaps at once. */
export type Deliver = (tpdu: Uint8Array, done: (delivery: Delivery) => void) => void;

/** The way to the service centre. `attached` and `detached` must not throw. */
export interface ShortMessages {
  /** An SMS-SUBMIT from a handset; `serviceCentre` is the RP destination address (type of address, swapped digits). */
  submit(from: Imsi, tpdu: Uint8Array, serviceCentre: Uint8Array): Soon<SubmitOutcome>;
  /** A subscriber is there, or there anew: `deliver` replaces an earlier one. */
  attached(imsi: Imsi, deliver: Deliver): void;
  detached(imsi: Imsi): void;
}

/** Subscriber data that answers at once. */
export interface HomeSubscribersNow extends HomeSubscribers {
  authenticationVector(imsi: Imsi): Vector | undefined;
  resynchronise(imsi: Imsi, rand: Uint8Array, auts: Uint8Array): boolean;
}

/** An equipment register that answers at once. */
export interface EquipmentCheckNow extends EquipmentCheck {
  check(imei: Imei, imsi: Imsi): EquipmentStatus;
}

/** A service centre that answers at once. */
export interface ShortMessagesNow extends ShortMessages {
  submit(from: Imsi, tpdu: Uint8Array, serviceCentre: Uint8Array): SubmitOutcome;
}

/** Whom a network asks. */
export interface NetworkPorts {
  readonly subscribers: HomeSubscribers;
  readonly equipment: EquipmentCheck;
  readonly shortMessages: ShortMessages;
}

/** Whom a network asks that runs in its caller's own time. */
export interface NetworkPortsNow extends NetworkPorts {
  readonly subscribers: HomeSubscribersNow;
  readonly equipment: EquipmentCheckNow;
  readonly shortMessages: ShortMessagesNow;
}
