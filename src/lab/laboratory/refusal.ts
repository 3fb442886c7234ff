import { refusals, type Refusal as Words } from '#base/sentence/index.ts';

/** Why the laboratory does not do something, in words. */
export const LABORATORY_REFUSALS = refusals({
  handsetExists: ['a name that no handset has', '{name}', 'choose another name'],
  tooManyHandsets: ['at most {most} handsets', 'one more', 'reset the laboratory'],
  handsetOff: ['a handset that is on', 'one that is off', 'switch it on first'],
  notReported: ['a handset that was reported here', 'another', 'report it stolen first'],
  oneHandset: ['two handsets', 'one', 'choose another to exchange with'],
  handsetUnknown: ['a handset of the laboratory', '{name}', 'list the handsets, or make one'],
  handsetBusy: ['a handset that does nothing', '{name}, busy with a {work}', 'wait until it is done, or cut its power'],
  messageUnknown: ['a message that the laboratory kept', 'another number', 'choose one of the list'],
  centreFull: ['room in the service centre', 'none', 'wait until messages are delivered'],
});

/** Why the laboratory does not do something: nothing was changed. */
export interface Refusal extends Words {
  readonly kind: 'refused';
  /** `unknown`: there is no such thing; `busy`: it does something else; `conflict`: it does not fit what stands there. */
  readonly why: 'unknown' | 'busy' | 'conflict';
}

/** A refusal in words. */
export const refused = (why: Refusal['why'], words: Words): Refusal => ({ kind: 'refused', why, ...words });

/** The refusal of a handset that there is not. */
export const unknownHandset = (name: string): Refusal =>
  refused('unknown', LABORATORY_REFUSALS.say('handsetUnknown', { name }));

/** True when it was not done. */
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refused';
