/** A change of tokens, users or sessions that cannot be made; the message says what was expected and what to do. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  /** `conflict`: with what stands there; `missing`: there is no such thing; `invalid`: a value that makes no sense; `busy`: too much of it at once. */
  readonly because: 'invalid' | 'conflict' | 'missing' | 'busy';
  constructor(because: AccessError['because'], message: string) {
    super(message);
    this.because = because;
  }
}
