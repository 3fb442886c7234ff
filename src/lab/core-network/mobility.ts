import { concat, sameOctets } from '#base/codec/index.ts';
import type { Imei, Imsi } from '#base/identity/index.ts';
import { CM_SERVICE, IDENTITY_TYPE, type NasMessage, type NasMessageOf, REJECT_CAUSE } from '#protocol/nas/index.ts';
import type {
  Answer,
  HandsetState,
  NetworkAction,
  NetworkProcedure,
  NetworkSettings,
  Outcome,
  Wanted,
} from './handset-state.ts';
import { deliveryEnded } from './short-message.ts';

/** Causes of TS 24.008 10.5.3.6 that only a network with a visitor location register uses. */
const IMSI_UNKNOWN_IN_VLR = 0x04;
const INVALID_MANDATORY_INFORMATION = 0x60;
/** Service type in the low nibble of its octet; the high one is the key sequence number (TS 24.008 10.5.3.3). */
const SERVICE_BITS = 0x0f;
const KEY_SEQUENCE = 0;

const IDLE: NetworkProcedure = { at: 'idle' };
const REQUEST_IMEI: NasMessage = { name: 'identityRequest', identityType: IDENTITY_TYPE.imei };

type At<P extends NetworkProcedure['at']> = Extract<NetworkProcedure, { readonly at: P }>;

const send = (message: NasMessage): NetworkAction => ({ type: 'send', message });
const SERVICE_ACCEPTED: readonly NetworkAction[] = [send({ name: 'cmServiceAccept' })];

// ---- beginnings

/** LOCATION UPDATING REQUEST (TS 24.008 4.4): whoever it is has to prove it. A short message still unanswered will not be answered. */
export function locationUpdatingRequested(
  state: HandsetState,
  { identity }: NasMessageOf<'locationUpdatingRequest'>,
): Outcome {
  if (identity.type !== 'imsi') return refuse(state, 'attach', INVALID_MANDATORY_INFORMATION);
  const ended = deliveryEnded(state, { kind: 'unanswered' });
  return authenticate(ended.state, 'attach', identity.imsi, false, ended.actions);
}

/**
 * CM SERVICE REQUEST (TS 24.008 4.5.1). An emergency call is accepted from anyone, in every state, and disturbs nothing that runs
 * (TS 22.016 5); other services are for the subscriber registered here.
 */
export function serviceRequested(
  state: HandsetState,
  { service, identity }: NasMessageOf<'cmServiceRequest'>,
  settings: NetworkSettings,
): Outcome {
  const type = service & SERVICE_BITS;
  if (type === CM_SERVICE.emergencyCall) return { state, actions: SERVICE_ACCEPTED };
  const wanted = type === CM_SERVICE.call ? 'call' : type === CM_SERVICE.shortMessage ? 'shortMessage' : undefined;
  if (wanted === undefined) return refuse(state, 'call', REJECT_CAUSE.serviceOptionNotSupported);
  const isRegistered = identity.type === 'imsi' && identity.imsi.digits === state.subscriber?.digits;
  if (!isRegistered) return refuse(state, wanted, IMSI_UNKNOWN_IN_VLR);
  return settings.verify === 'every access'
    ? authenticate(state, wanted, identity.imsi, false)
    : { state: { ...state, procedure: { at: 'service', wanted } }, actions: SERVICE_ACCEPTED };
}

/** IMSI DETACH INDICATION (TS 24.008 4.3.4): nothing is answered, and nobody can sign another connection's subscriber off. */
export function detached(state: HandsetState, { identity }: NasMessageOf<'imsiDetachIndication'>): Outcome {
  const isOwn = identity.type === 'imsi' && identity.imsi.digits === state.subscriber?.digits;
  return isOwn ? goneFromHere(state, state.call) : { state, actions: [] };
}

// ---- authentication

function authenticate(
  state: HandsetState,
  wanted: Wanted,
  imsi: Imsi,
  isRepeated: boolean,
  actions: readonly NetworkAction[] = [],
): Outcome {
  return {
    state: { ...state, asked: state.asked + 1, procedure: { at: 'vector', wanted, imsi, isRepeated } },
    actions,
    question: { type: 'vector', imsi },
  };
}

/** The home network's vector goes out as AUTHENTICATION REQUEST (TS 24.008 4.3.2.2). */
export function vectorFetched(state: HandsetState, procedure: At<'vector'>, answer: Answer): Outcome {
  const { wanted, imsi, isRepeated } = procedure;
  if (answer.type !== 'vector') return refuse(state, wanted, REJECT_CAUSE.networkFailure);
  const { vector } = answer;
  if (vector === undefined) return refuse(state, wanted, REJECT_CAUSE.imsiUnknownInHlr);
  const { rand, autn } = vector;
  return {
    state: { ...state, procedure: { at: 'response', wanted, imsi, vector, isRepeated } },
    actions: [send({ name: 'authenticationRequest', keySequence: KEY_SEQUENCE, rand, autn })],
  };
}

/** RES is compared with XRES (TS 24.008 4.3.2.4). In a lab no one measures how long that takes. */
export function authenticationResponded(
  state: HandsetState,
  { res, extension }: NasMessageOf<'authenticationResponse'>,
  settings: NetworkSettings,
): Outcome {
  const { procedure } = state;
  if (procedure.at !== 'response') return { state, actions: [] };
  const { wanted, imsi, vector } = procedure;
  if (!sameOctets(extension ? concat(res, extension) : res, vector.xres)) return rejectAuthentication(state);
  if (settings.equipmentCheck === 'off') return admit(state, wanted, imsi, undefined, settings);
  return { state: { ...state, procedure: { at: 'identity', wanted, imsi } }, actions: [send(REQUEST_IMEI)] };
}

/** Once, AUTS brings the home network in step with the UICC; a wrong MAC, or AUTS again, ends it (TS 24.008 4.3.2.6). */
export function authenticationFailed(
  state: HandsetState,
  { cause, auts }: NasMessageOf<'authenticationFailure'>,
): Outcome {
  const { procedure } = state;
  if (procedure.at !== 'response') return { state, actions: [] };
  if (cause !== REJECT_CAUSE.synchFailure || auts === undefined || procedure.isRepeated)
    return rejectAuthentication(state);
  const { wanted, imsi, vector } = procedure;
  return {
    state: { ...state, asked: state.asked + 1, procedure: { at: 'resynchronisation', wanted, imsi } },
    actions: [],
    question: { type: 'resynchronise', imsi, rand: vector.rand, auts },
  };
}

/** A new vector, when the home network believed AUTS. */
export function resynchronised(state: HandsetState, procedure: At<'resynchronisation'>, answer: Answer): Outcome {
  const { wanted, imsi } = procedure;
  if (answer.type !== 'resynchronised') return refuse(state, wanted, REJECT_CAUSE.networkFailure);
  return answer.isDone ? authenticate(state, wanted, imsi, true) : rejectAuthentication(state);
}

/** AUTHENTICATION REJECT (TS 24.008 4.3.2.5); a registration that there was is void. */
function rejectAuthentication(state: HandsetState): Outcome {
  return barred(state, send({ name: 'authenticationReject' }));
}

// ---- identity

/** The claimed IMEI goes to the register. A handset that names none would pass every black list: it is an illegal ME. */
export function identified(state: HandsetState, { identity }: NasMessageOf<'identityResponse'>): Outcome {
  const { procedure } = state;
  if (procedure.at !== 'identity') return { state, actions: [] };
  const { wanted, imsi } = procedure;
  const imei = identity.type === 'imei' ? identity.imei : identity.type === 'imeiSv' ? identity.imeiSv.imei : undefined;
  if (imei === undefined) return refuse(state, wanted, REJECT_CAUSE.illegalMe);
  return {
    state: { ...state, asked: state.asked + 1, procedure: { at: 'check', wanted, imsi, imei } },
    actions: [],
    question: { type: 'check', imsi, imei },
  };
}

/** Prohibited is illegal ME (TS 24.008 4.4.4.7). A register that does not answer stops nobody: it must not take a country off the air. */
export function checked(
  state: HandsetState,
  procedure: At<'check'>,
  answer: Answer,
  settings: NetworkSettings,
): Outcome {
  const { wanted, imsi, imei } = procedure;
  const isProhibited = answer.type === 'checked' && answer.status === 'prohibited';
  return isProhibited ? refuse(state, wanted, REJECT_CAUSE.illegalMe) : admit(state, wanted, imsi, imei, settings);
}

// ---- ends

function admit(
  state: HandsetState,
  wanted: Wanted,
  imsi: Imsi,
  imei: Imei | undefined,
  { locationArea }: NetworkSettings,
): Outcome {
  if (wanted !== 'attach')
    return { state: { ...state, imei, procedure: { at: 'service', wanted } }, actions: SERVICE_ACCEPTED };
  const actions: NetworkAction[] = [send({ name: 'locationUpdatingAccept', locationArea }), { type: 'register', imsi }];
  const before = state.subscriber;
  if (before !== undefined && before.digits !== imsi.digits) actions.unshift({ type: 'deregister', imsi: before });
  return { state: { ...state, subscriber: imsi, imei, procedure: IDLE }, actions };
}

/** LOCATION UPDATING REJECT or CM SERVICE REJECT. Only a cause that is about the handset or its subscriber ends a registration. */
function refuse(state: HandsetState, wanted: Wanted, cause: number): Outcome {
  const message = send({ name: wanted === 'attach' ? 'locationUpdatingReject' : 'cmServiceReject', cause });
  const isBarred = cause === REJECT_CAUSE.illegalMe || cause === REJECT_CAUSE.imsiUnknownInHlr;
  return isBarred ? barred(state, message) : { state: { ...state, procedure: IDLE }, actions: [message] };
}

function barred(state: HandsetState, message: NetworkAction): Outcome {
  const gone = goneFromHere(state, state.call === 'emergency call' ? state.call : 'none');
  return { state: gone.state, actions: [message, ...gone.actions] };
}

/** Nobody is registered here any more; `call` is what remains of a call. */
export function goneFromHere(state: HandsetState, call: HandsetState['call']): Outcome {
  const ended = deliveryEnded(state, { kind: 'absent' });
  const actions: NetworkAction[] = [...ended.actions];
  if (state.subscriber !== undefined) actions.push({ type: 'deregister', imsi: state.subscriber });
  return { state: { ...ended.state, subscriber: undefined, imei: undefined, procedure: IDLE, call }, actions };
}
