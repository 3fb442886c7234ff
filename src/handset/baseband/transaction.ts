import { CodecError } from '#base/codec/index.ts';
import { messagesOf, type Procedure } from '#handset/connector/index.ts';
import { type NasMessage, nasMessage, REJECT_CAUSE } from '#protocol/nas/index.ts';
import type { Authentication, Terminal } from './terminal.ts';

/** Most messages a network may make a handset answer in one transaction. */
const MOST_MESSAGES = 32;

/** What the network said at the end of a transaction, and the status word of a UICC that refused to authenticate in it. */
export interface Heard {
  readonly messages: readonly NasMessage[];
  readonly refusedBy?: number;
}

/** One message up; the messages that come down. */
export function* exchange(message: NasMessage): Procedure<readonly NasMessage[]> {
  return heardIn(yield { type: 'air', message: nasMessage.encode(message) });
}

/** The messages in what came down. Octets that are no message of these protocols are dropped, as a mobile does (TS 24.008 8.4). */
function heardIn(frames: Uint8Array): readonly NasMessage[] {
  const heard: NasMessage[] = [];
  for (const octets of messagesOf(frames)) {
    try {
      heard.push(nasMessage.decode(octets));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }
  return heard;
}

/**
 * Sends a message, answers what the network asks on the way (identity, authentication: TS 24.008 4.3), and gives what else it said.
 * Stops when the UICC refuses to authenticate: then there is nothing to answer, and the network's timer T3260 ends it.
 */
export function* transact(terminal: Terminal, first: NasMessage): Procedure<Heard> {
  const messages: NasMessage[] = [];
  const queue: NasMessage[] = [first];
  for (let sent = 0; sent < queue.length && sent < MOST_MESSAGES; sent++) {
    const up = nasMessage.encode(queue[sent] as NasMessage);
    const answers = heardIn(yield { type: 'air', message: up });
    for (let i = 0; i < answers.length; i++) {
      const heard = answers[i] as NasMessage;
      if (heard.name === 'identityRequest') {
        queue.push({ name: 'identityResponse', identity: terminal.identity(heard.identityType & 7) });
      } else if (heard.name === 'authenticationRequest') {
        const answer = yield* terminal.authenticate(heard.rand, heard.autn);
        if (answer.kind === 'refused') return { messages, refusedBy: answer.statusWord };
        queue.push(authenticationAnswer(answer));
      } else if (heard.name === 'cpDataDownlink' && first.name !== 'cpDataUplink') terminal.later(heard);
      else messages.push(heard);
    }
  }
  return { messages };
}

function authenticationAnswer(answer: Exclude<Authentication, { kind: 'refused' }>): NasMessage {
  switch (answer.kind) {
    case 'response': {
      const res = answer.res.slice(0, 4);
      const extension = answer.res.slice(4);
      return extension.length === 0
        ? { name: 'authenticationResponse', res }
        : { name: 'authenticationResponse', res, extension };
    }
    case 'synchronisationFailure':
      return { name: 'authenticationFailure', cause: REJECT_CAUSE.synchFailure, auts: answer.auts };
    case 'macFailure':
      return { name: 'authenticationFailure', cause: REJECT_CAUSE.macFailure };
  }
}
