import type { Answer, Question } from './handset-state.ts';
import type { NetworkPorts } from './ports.ts';

function failed(error: unknown): Answer {
  return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
}

/** `then` now, when the value is there, or when it arrives. */
function after<T>(value: T | Promise<T>, then: (value: T) => Answer): Answer | Promise<Answer> {
  return value instanceof Promise ? value.then(then, failed) : then(value);
}

/** Asks whom the question is for. A port that throws or rejects has answered `failed`: a handset is never left without an end. */
export function ask(ports: NetworkPorts, question: Question): Answer | Promise<Answer> {
  try {
    switch (question.type) {
      case 'vector':
        return after(ports.subscribers.authenticationVector(question.imsi), (vector) => ({ type: 'vector', vector }));
      case 'resynchronise':
        return after(ports.subscribers.resynchronise(question.imsi, question.rand, question.auts), (isDone) => ({
          type: 'resynchronised',
          isDone,
        }));
      case 'check':
        return after(ports.equipment.check(question.imei, question.imsi), (status) => ({ type: 'checked', status }));
      case 'submit':
        return after(ports.shortMessages.submit(question.imsi, question.tpdu, question.serviceCentre), (outcome) => ({
          type: 'submitted',
          outcome,
        }));
    }
  } catch (error) {
    return failed(error);
  }
}
