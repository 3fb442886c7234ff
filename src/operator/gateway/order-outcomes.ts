import { type Said, sentences } from '#base/sentence/index.ts';
import { ORDER_FAILURES } from '#operator/evidence/index.ts';
import { LOCK_WORDS } from '#protocol/imei-lock/index.ts';
import type { SubmitResult } from '#protocol/smpp/index.ts';

/** How an order ended, or its last trouble. */
export const ORDER_OUTCOMES = sentences(
  {
    ...ORDER_FAILURES,
    noUicc: 'no such UICC',
    keysNotTakenMeanwhile: 'the UICC proved meanwhile that it did not take these keys: order new ones',
    lockIs: 'the lock is {lock}',
    received: 'received, without a state',
    holdsKeys: 'the UICC holds generation {generation}',
    executed: 'executed',
    answerLost: 'had arrived before; its answer was lost, and no standard gives it again',
    askedAgain: 'it had arrived before, its answer was lost: asked again',
    sentAgain: 'it had arrived before and changed nothing: sent again',
    replaced: 'order {number} took its place',
    afterNewer: 'sent again after a newer order',
    centreSaid: 'the SMSC said {status}',
    expiredAtCentre: 'its time at the SMSC was over before the handset had service: it is sent again',
    notDeliveredByCentre: 'the SMSC gave it up ({receipt}): it is sent again',
    noResponse: 'no response in time',
    connectionLost: 'connection lost',
    sessionClosed: 'session closed',
    tooManyWait: 'too many wait',
    waitedTooLong: 'waited too long',
    otherDirection: 'bound for the other direction',
  },
  { lock: LOCK_WORDS },
);
/** How an order failed. */
export type OrderFailed = Said<keyof typeof ORDER_FAILURES>;
/** The code of an outcome. */
export type OutcomeCode = (typeof ORDER_OUTCOMES.codes)[number];
/** An outcome. */
export type OutcomeSaid = Said<OutcomeCode>;

/** Why a message was not sent, or not answered. */
export const UNSENT: Readonly<Record<Extract<SubmitResult, { because: string }>['because'], OutcomeSaid>> = {
  'no response in time': ORDER_OUTCOMES.say('noResponse'),
  'connection lost': ORDER_OUTCOMES.say('connectionLost'),
  'session closed': ORDER_OUTCOMES.say('sessionClosed'),
  'too many wait': ORDER_OUTCOMES.say('tooManyWait'),
  'waited too long': ORDER_OUTCOMES.say('waitedTooLong'),
  'bound for the other direction': ORDER_OUTCOMES.say('otherDirection'),
};
