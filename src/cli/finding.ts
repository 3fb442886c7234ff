/** What a check of `assay doctor` found. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do; nothing when all is well. */
  readonly advice?: string;
}

/** One check: what it is called, and how it finds out. It throws what keeps it from doing so. */
export interface Check {
  readonly name: string;
  run(): readonly Finding[] | Promise<readonly Finding[]>;
}

/** Findings of a check by its name. */
export const findings = (check: string) => ({
  ok: (found: string): Finding => ({ check, state: 'ok', found }),
  warn: (found: string, advice: string): Finding => ({ check, state: 'warn', found, advice }),
  fail: (found: string, advice: string): Finding => ({ check, state: 'fail', found, advice }),
});
