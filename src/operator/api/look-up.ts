import { type Caller, callerMay } from './caller.ts';
import type { Identities } from './identities.ts';
import { ProblemError } from './problem.ts';
import { DOOR } from './refusals.ts';

/**
 * By what an identity may be found, so that nobody finds out by trying what is masked for him: `none`: not at all; `whole`: by all its digits,
 * as somebody has it who was given it (of an IMEI also by its type, which is shown); `beginning`: by its first digits too.
 */
export interface LookUp {
  /** IMSI and MSISDN. */
  readonly subscribers: 'none' | 'whole' | 'beginning';
  readonly equipment: 'whole' | 'beginning';
}

/**
 * The one place where it is said. A role that never sees whole IMSIs looks up none: an MSISDN hides four digits, which are soon tried. One that
 * may see them looks up whole ones, and first digits only in an answer that shows them whole, which needs a reason and is recorded.
 */
export function lookUpOf(caller: Caller, identities: Identities): LookUp {
  const may = callerMay(caller, 'identities.whole');
  return {
    subscribers: identities.areWhole ? 'beginning' : may ? 'whole' : 'none',
    equipment: callerMay(caller, 'imeis.whole') ? 'beginning' : 'whole',
  };
}

/** Whether this caller may name a subscriber and be told something about him: who sees whole identities, and the network, which knows them. */
export const mayAskOfSubscribers = (caller: Caller): boolean =>
  callerMay(caller, 'identities.whole') || callerMay(caller, 'equipment.claim');

/** Throws ProblemError for a caller who may not. */
export function mayNameImsi(caller: Caller, at: string): void {
  if (mayAskOfSubscribers(caller)) return;
  throw new ProblemError('not-permitted', { ...DOOR.say('lookUpNeedsWhole', { place: at }), at });
}
