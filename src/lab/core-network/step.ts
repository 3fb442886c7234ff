import { callUplink } from './call.ts';
import type { HandsetState, NetworkEvent, NetworkSettings, Outcome } from './handset-state.ts';
import {
  authenticationFailed,
  authenticationResponded,
  checked,
  detached,
  goneFromHere,
  identified,
  locationUpdatingRequested,
  resynchronised,
  serviceRequested,
  vectorFetched,
} from './mobility.ts';
import { deliveryEnded, relayed, sentDown, submitted } from './short-message.ts';

type Uplink = Extract<NetworkEvent, { type: 'uplink' }>['message'];
type Answer = Extract<NetworkEvent, { type: 'answer' }>['answer'];

/** The network's half of a connection, as a pure function. A message that nothing waits for is dropped (TS 24.008 8.4). */
export function step(state: HandsetState, event: NetworkEvent, settings: NetworkSettings): Outcome {
  switch (event.type) {
    case 'uplink':
      return uplink(state, event.message, settings);
    case 'answer':
      return event.asked === state.asked ? answered(state, event.answer, settings) : { state, actions: [] };
    case 'deliver':
      return sentDown(state, event.reference, event.tpdu, settings.serviceCentre);
    case 'deliveryUnanswered':
      return deliveryEnded(state, { kind: 'unanswered' });
    case 'cancelLocation':
      return goneFromHere(state, state.call === 'emergency call' ? state.call : 'none');
    case 'disconnected':
      return goneFromHere(state, 'none');
  }
}

function uplink(state: HandsetState, message: Uplink, settings: NetworkSettings): Outcome {
  switch (message.name) {
    case 'locationUpdatingRequest':
      return locationUpdatingRequested(state, message);
    case 'authenticationResponse':
      return authenticationResponded(state, message, settings);
    case 'authenticationFailure':
      return authenticationFailed(state, message);
    case 'identityResponse':
      return identified(state, message);
    case 'imsiDetachIndication':
      return detached(state, message);
    case 'cmServiceRequest':
      return serviceRequested(state, message, settings);
    case 'cpDataUplink':
      return relayed(state, message.rpdu);
    default:
      return callUplink(state, message);
  }
}

function answered(state: HandsetState, answer: Answer, settings: NetworkSettings): Outcome {
  const { procedure } = state;
  switch (procedure.at) {
    case 'vector':
      return vectorFetched(state, procedure, answer);
    case 'resynchronisation':
      return resynchronised(state, procedure, answer);
    case 'check':
      return checked(state, procedure, answer, settings);
    case 'submission':
      return submitted(state, procedure.reference, answer);
    default:
      return { state, actions: [] };
  }
}
