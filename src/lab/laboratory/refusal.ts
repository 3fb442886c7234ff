/** Why the laboratory does not do something: nothing was changed. */
export interface Refusal {
  readonly kind: 'refused';
  /** `unknown`: there is no such thing; `busy`: it does something else; `conflict`: it does not fit what stands there. */
  readonly why: 'unknown' | 'busy' | 'conflict';
  readonly expected: string;
  readonly got: string;
  readonly advice: string;
}

/** A refusal in words. */
export const refused = (why: Refusal['why'], expected: string, got: string, advice: string): Refusal => ({
  kind: 'refused',
  ...{ why, expected, got, advice },
});

/** True when it was not done. */
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refused';
