/**
 * What the operating system asks of the world around it. It is answered at once by virtual cards and a network in the same process
 * (`runNow`), or when the answer arrives by real ones (`run`): the operating system is written once for both.
 */
export type Effect =
  /** Power the UICC in the connector (3); the answer to reset. */
  | { readonly type: 'resetUicc' }
  /** One C-APDU to the UICC; one R-APDU back. */
  | { readonly type: 'uicc'; readonly command: Uint8Array }
  /** Power the card in an additional reader (0 to 7); the ATR, or no octets when there is none. */
  | { readonly type: 'resetReader'; readonly reader: number }
  /** One C-APDU to the card in an additional reader; one R-APDU back, or no octets when it is mute. */
  | { readonly type: 'reader'; readonly reader: number; readonly command: Uint8Array }
  /** One layer 3 message to the network; its answers, concatenated by `airFrames`. No octets: no network, or nothing to say. */
  | { readonly type: 'air'; readonly message: Uint8Array }
  /** Text for the person; nothing back. */
  | { readonly type: 'display'; readonly text: string };

/** A piece of an operating system's work: it yields what it needs and goes on with the octets that come back. */
export type Procedure<T> = Generator<Effect, T, Uint8Array>;

/** Answers an effect at once. */
export type AnswerNow = (effect: Effect) => Uint8Array;
/** Answers an effect when the answer is there. */
export type Answer = (effect: Effect) => Uint8Array | Promise<Uint8Array>;

/** Runs a procedure to its end in this very call: virtual cards, fleets, replays. */
export function runNow<T>(procedure: Procedure<T>, answer: AnswerNow): T {
  let step = procedure.next();
  while (step.done !== true) step = procedure.next(answer(step.value));
  return step.value;
}

/** Runs a procedure to its end over cards and networks that take their time. An answer that rejects ends the procedure with its error. */
export async function run<T>(procedure: Procedure<T>, answer: Answer): Promise<T> {
  let step = procedure.next();
  while (step.done !== true) step = procedure.next(await answer(step.value));
  return step.value;
}
