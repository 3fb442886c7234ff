import type { Imei, Imsi } from '#base/identity/index.ts';
import type { NasMessage } from '#protocol/nas/index.ts';
import type { Delivery, EquipmentStatus, SubmitOutcome, Vector } from './ports.ts';

/** What a handset asked for and gets when the network is sure of it. */
export type Wanted = 'attach' | 'call' | 'shortMessage';

/** The mobility or short message procedure that runs with a handset; one at a time, a new one ends the old. */
export type NetworkProcedure =
  | { readonly at: 'idle' }
  /** The home network is asked for a vector; `isRepeated` after a resynchronisation. */
  | { readonly at: 'vector'; readonly wanted: Wanted; readonly imsi: Imsi; readonly isRepeated: boolean }
  /** AUTHENTICATION REQUEST is out. */
  | {
      readonly at: 'response';
      readonly wanted: Wanted;
      readonly imsi: Imsi;
      readonly vector: Vector;
      readonly isRepeated: boolean;
    }
  /** The home network is given AUTS. */
  | { readonly at: 'resynchronisation'; readonly wanted: Wanted; readonly imsi: Imsi }
  /** IDENTITY REQUEST for the IMEI is out. */
  | { readonly at: 'identity'; readonly wanted: Wanted; readonly imsi: Imsi }
  /** The equipment register is asked. */
  | { readonly at: 'check'; readonly wanted: Wanted; readonly imsi: Imsi; readonly imei: Imei }
  /** CM SERVICE ACCEPT is out: SETUP or CP-DATA may come. */
  | { readonly at: 'service'; readonly wanted: 'call' | 'shortMessage' }
  /** The service centre is given the TPDU of the RP-DATA with this reference. */
  | { readonly at: 'submission'; readonly reference: number };

/** All that the network knows of one handset's connection. */
export interface HandsetState {
  /** The subscriber registered here. */
  readonly subscriber: Imsi | undefined;
  /** What the handset claims to be, from its last registration. */
  readonly imei: Imei | undefined;
  readonly procedure: NetworkProcedure;
  /** Apart from the procedure: nothing that happens to a registration ends an emergency call (TS 22.016 5). */
  readonly call: 'none' | 'call' | 'emergency call';
  /** RP reference of the short message that the handset has to acknowledge. */
  readonly delivering: number | undefined;
  /** Questions asked so far: the answer to an older one is late, and void. */
  readonly asked: number;
}

/** A connection on which nothing has happened. */
export const FIRST_STATE: HandsetState = {
  subscriber: undefined,
  imei: undefined,
  procedure: { at: 'idle' },
  call: 'none',
  delivering: undefined,
  asked: 0,
};

/** What the network asks somebody else; one at a time for each handset, answered by an `answer` event. */
export type Question =
  | { readonly type: 'vector'; readonly imsi: Imsi }
  | { readonly type: 'resynchronise'; readonly imsi: Imsi; readonly rand: Uint8Array; readonly auts: Uint8Array }
  | { readonly type: 'check'; readonly imsi: Imsi; readonly imei: Imei }
  | { readonly type: 'submit'; readonly imsi: Imsi; readonly tpdu: Uint8Array; readonly serviceCentre: Uint8Array };

/** What came of a question. */
export type Answer =
  | { readonly type: 'vector'; readonly vector: Vector | undefined }
  | { readonly type: 'resynchronised'; readonly isDone: boolean }
  | { readonly type: 'checked'; readonly status: EquipmentStatus }
  | { readonly type: 'submitted'; readonly outcome: SubmitOutcome }
  /** Whoever was asked broke down or took too long. */
  | { readonly type: 'failed'; readonly reason: string };

/** What happens to a handset's connection. */
export type NetworkEvent =
  | { readonly type: 'uplink'; readonly message: NasMessage }
  /** `asked` is the number of the question, as `HandsetState.asked` counted it. */
  | { readonly type: 'answer'; readonly asked: number; readonly answer: Answer }
  /** A short message for the handset; only when `canDeliver`. */
  | { readonly type: 'deliver'; readonly reference: number; readonly tpdu: Uint8Array }
  /** The handset had its time to acknowledge the short message. */
  | { readonly type: 'deliveryUnanswered' }
  /** The home network cancels the location, or the subscriber registered elsewhere (TS 23.012 3.6.1). */
  | { readonly type: 'cancelLocation' }
  /** The handset is gone. */
  | { readonly type: 'disconnected' };

/** What the network does. */
export type NetworkAction =
  | { readonly type: 'send'; readonly message: NasMessage }
  | { readonly type: 'register'; readonly imsi: Imsi }
  | { readonly type: 'deregister'; readonly imsi: Imsi }
  /** The short message given by `deliver` is done with. */
  | { readonly type: 'delivery'; readonly delivery: Delivery };

/** One step: the next state, what to do in this order, and then perhaps what to ask. */
export interface Outcome {
  readonly state: HandsetState;
  readonly actions: readonly NetworkAction[];
  readonly question?: Question;
}

/** What a network is set to. */
export interface NetworkSettings {
  /** Location area identification (TS 24.008 10.5.1.3), 5 octets. */
  readonly locationArea: Uint8Array;
  /** RP address of the service centre: type of address and swapped digits (TS 24.011 8.2.5.1), 1 to 11 octets. */
  readonly serviceCentre: Uint8Array;
  /** `enforce`: the IMEI is asked for, and a prohibited or missing one is rejected; `off`: it is not asked for. */
  readonly equipmentCheck: 'enforce' | 'off';
  /** When authentication and IMEI check are made: at attach only, or again before each call and short message (TS 22.016 4). */
  readonly verify: 'attach' | 'every access';
}

/** True when a short message can go down: somebody is registered, none is unacknowledged, no procedure waits for an answer. */
export function canDeliver({ subscriber, delivering, procedure }: HandsetState): boolean {
  return (
    subscriber !== undefined && delivering === undefined && (procedure.at === 'idle' || procedure.at === 'service')
  );
}
