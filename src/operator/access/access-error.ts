import type { Refusal } from '#base/sentence/index.ts';

/** A change of tokens, users or sessions that cannot be made; the message says what was expected and what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  /** `conflict`: with what stands there; `missing`: there is no such thing; `invalid`: a value that makes no sense; `busy`: too much of it at once. */
  readonly because: 'invalid' | 'conflict' | 'missing' | 'busy';
  readonly refusal: Refusal;
  /** What it is about, by its name for a person: `name`, `expiry`. */
  readonly about: string;
  constructor(because: AccessError['because'], about: string, refusal: Refusal) {
    super(`${about}: expected ${refusal.expected}, got ${refusal.got}; ${refusal.advice}`);
    [this.because, this.about, this.refusal] = [because, about, refusal];
  }
}
