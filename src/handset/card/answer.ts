import { SW } from '#protocol/apdu/index.ts';

/** An answer before it is put on the interface: a session may protect it first, or a script collect it. */
export interface Answer {
  readonly statusWord: number;
  readonly data?: Uint8Array;
}

/** Done, nothing to say. */
export const OK: Answer = { statusWord: SW.ok };
/** Done, with data. */
export const answerWith = (data: Uint8Array): Answer => ({ statusWord: SW.ok, data });
/** Not done, and why. */
export const refuse = (statusWord: number): Answer => ({ statusWord });
