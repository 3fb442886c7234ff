import type { StoredReport } from '#operator/evidence/index.ts';
import type { OutboxOrder } from '#operator/gateway/index.ts';
import type { Identities } from './identities.ts';
import { optionalTime, time } from './view.ts';

/** How far a step of the patent's figure 2 is, as the operator knows. */
export type StepState = 'done' | 'failed' | 'waits' | 'unknown';

const isProof = (result: string): boolean => result === 'proved' || result === 'provedOther';

/** 101 authenticate, 102 transmit the IMEI, 103 report, 104 answer: what a report and its answer tell of them. */
function stepsOf({ result }: StoredReport, answer: OutboxOrder | undefined) {
  const proof: StepState = isProof(result) ? 'done' : result === 'refuted' ? 'failed' : 'unknown';
  return [
    { step: 101, state: proof },
    { step: 102, state: proof },
    { step: 103, state: 'done' as StepState },
    { step: 104, state: answerState(answer) },
  ];
}

function answerState(answer: OutboxOrder | undefined): StepState {
  if (answer === undefined) return 'unknown';
  if (answer.state === 'acknowledged') return 'done';
  return answer.state === 'failed' ? 'failed' : answer.state === 'superseded' ? 'unknown' : 'waits';
}

/** A report with what came of it. */
export function powerOnView(report: StoredReport, answer: OutboxOrder | undefined, identities: Identities) {
  const { id, at, iccid, imsi, imei, level, result, reason } = report;
  return {
    ...{ report: id, at: time(at), iccid, imsi: identities.show(imsi), imei: identities.imei(imei?.withCheckDigit) },
    ...{ level, result, reason: identities.words(reason), steps: stepsOf(report, answer) },
    answer: answer && {
      ...{ id: answer.id, order: answer.order, state: answer.state, outcome: answer.outcome },
      sentAt: optionalTime(answer.sentAt),
      deliveredAt: optionalTime(answer.deliveredAt),
      doneAt: optionalTime(answer.doneAt),
    },
  };
}
