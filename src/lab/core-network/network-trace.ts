import { NO_OCTETS } from '#base/codec/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Trace, TraceRecord } from '#base/trace/index.ts';
import { HOP_DETAILS } from '#protocol/exchange/index.ts';
import type { NasMessage } from '#protocol/nas/index.ts';
import type { Answer, Question } from './handset-state.ts';
import { MESSAGE_NAME, rejectCauseName } from './message-name.ts';

/** Where a network's records go, and with which time. */
interface Recorder {
  readonly clock: Clock;
  readonly trace: Trace;
}

/** A layer 3 message on the air. Octets are copied: the caller may use its own again. */
export function recordMessage(
  { clock, trace }: Recorder,
  handset: string,
  direction: 'up' | 'down',
  message: NasMessage,
  octets: Uint8Array,
): void {
  const [name, clause] = MESSAGE_NAME[message.name];
  const parties =
    direction === 'up'
      ? ({ from: 'operating system (4)', to: 'network' } as const)
      : ({ from: 'network', to: 'operating system (4)' } as const);
  const record: TraceRecord = {
    at: clock.now(),
    handset,
    ...parties,
    protocol: 'nas',
    octets: octets.slice(),
    name,
    clause,
  };
  const detail = 'cause' in message && typeof message.cause === 'number' ? rejectCauseName(message.cause) : undefined;
  trace.record(detail === undefined ? record : { ...record, detail });
}

/** Octets from the air that are no message. */
export function recordNoise({ clock, trace }: Recorder, handset: string, octets: Uint8Array): void {
  trace.record({
    at: clock.now(),
    handset,
    from: 'operating system (4)',
    to: 'network',
    protocol: 'nas',
    octets: octets.slice(),
    name: 'no message',
    clause: 'TS 24.008 8.4',
    ...detailOf(HOP_DETAILS.say('noMessage')),
  });
}

/** What home network, register or service centre said: in words only, their own interfaces have their own records. */
export function recordAnswer({ clock, trace }: Recorder, handset: string, question: Question, answer: Answer): void {
  const [to, name] = ASKED[question.type];
  trace.record({
    at: clock.now(),
    handset,
    from: 'network',
    to,
    protocol: 'local',
    octets: question.type === 'check' ? question.imei.toOctets() : NO_OCTETS,
    name,
    ...detailOf(saidOf(answer)),
  });
}

const ASKED = {
  vector: ['operator (5)', 'SEND AUTHENTICATION INFO'],
  resynchronise: ['operator (5)', 'RESYNCHRONISATION'],
  check: ['register (7)', 'CHECK IMEI'],
  submit: ['SMSC', 'MO FORWARD SHORT MESSAGE'],
} as const satisfies Readonly<Record<Question['type'], readonly [TraceRecord['to'], string]>>;

type SaidDetail = ReturnType<typeof HOP_DETAILS.say>;
const detailOf = (said: SaidDetail) => ({ detail: HOP_DETAILS.words(said), said });

function saidOf(answer: Answer): SaidDetail {
  const { say } = HOP_DETAILS;
  switch (answer.type) {
    case 'vector':
      return say(answer.vector ? 'vector' : 'unknownSubscriber');
    case 'resynchronised':
      return say(answer.isDone ? 'inStep' : 'autsRefused');
    case 'checked':
      return say(answer.status);
    case 'submitted':
      return answer.outcome.accepted ? say('accepted') : say('refused', { cause: answer.outcome.cause });
    case 'failed':
      return say('noAnswer', { reason: answer.reason });
  }
}
