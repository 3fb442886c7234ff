import { CodecError } from '#base/codec/index.ts';
import { type RelayMessage, relayMessage } from '#protocol/nas/index.ts';
import type { Answer, HandsetState, NetworkAction, Outcome } from './handset-state.ts';
import type { Delivery, SubmitOutcome } from './ports.ts';

/** RP cause "network out of order" (TS 24.011 8.2.5.4). */
const OUT_OF_ORDER: SubmitOutcome = { accepted: false, cause: 0x26 };

const ACKNOWLEDGED: NetworkAction = { type: 'send', message: { name: 'cpAckDownlink' } };

function down(message: RelayMessage): NetworkAction {
  return { type: 'send', message: { name: 'cpDataDownlink', rpdu: relayMessage.encode(message) } };
}

function relayMessageIn(rpdu: Uint8Array): RelayMessage | undefined {
  try {
    return relayMessage.decode(rpdu);
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** CP-DATA from the handset: a message of its own for the service centre, or the acknowledgement of one (TS 24.011 5, 6). */
export function relayed(state: HandsetState, rpdu: Uint8Array): Outcome {
  const message = relayMessageIn(rpdu);
  switch (message?.name) {
    case 'dataUplink':
      return submission(state, message);
    case 'ackUplink': {
      const report = message.tpdu;
      return acknowledged(state, message, report ? { kind: 'delivered', report } : { kind: 'delivered' });
    }
    case 'errorUplink':
      return acknowledged(state, message, { kind: 'refused', cause: message.cause[0] as number });
    default:
      return { state, actions: [] };
  }
}

function submission(state: HandsetState, message: Extract<RelayMessage, { name: 'dataUplink' }>): Outcome {
  const { procedure, subscriber: imsi } = state;
  const isAccepted = procedure.at === 'service' && procedure.wanted === 'shortMessage';
  if (!isAccepted || imsi === undefined) return { state, actions: [] };
  return {
    state: { ...state, asked: state.asked + 1, procedure: { at: 'submission', reference: message.reference } },
    actions: [ACKNOWLEDGED],
    question: { type: 'submit', imsi, tpdu: message.tpdu, serviceCentre: message.destination },
  };
}

/** The service centre has spoken: RP-ACK or RP-ERROR. */
export function submitted(state: HandsetState, reference: number, answer: Answer): Outcome {
  const outcome = answer.type === 'submitted' ? answer.outcome : OUT_OF_ORDER;
  const message: RelayMessage = outcome.accepted
    ? { name: 'ackDownlink', reference }
    : { name: 'errorDownlink', reference, cause: Uint8Array.of(outcome.cause) };
  return { state: { ...state, procedure: { at: 'idle' } }, actions: [down(message)] };
}

/** RP-DATA with an SMS-DELIVER goes down. */
export function sentDown(state: HandsetState, reference: number, tpdu: Uint8Array, serviceCentre: Uint8Array): Outcome {
  const message: RelayMessage = { name: 'dataDownlink', reference, originator: serviceCentre, tpdu };
  return { state: { ...state, delivering: reference }, actions: [down(message)] };
}

function acknowledged(state: HandsetState, { reference }: { readonly reference: number }, delivery: Delivery): Outcome {
  if (state.delivering !== reference) return { state, actions: [] };
  const ended = deliveryEnded(state, delivery);
  return { state: ended.state, actions: [ACKNOWLEDGED, ...ended.actions] };
}

/** The short message under way, if there is one, is done with. */
export function deliveryEnded(state: HandsetState, delivery: Delivery): Outcome {
  if (state.delivering === undefined) return { state, actions: [] };
  return { state: { ...state, delivering: undefined }, actions: [{ type: 'delivery', delivery }] };
}
