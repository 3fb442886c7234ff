import type { LockRules, ProofReason, ProofResult, LockState as ReportedState } from '#protocol/imei-lock/index.ts';

/** What a UICC last said about its handset. */
export interface KnownHandset {
  readonly result: ProofResult;
  readonly reason: ProofReason;
  readonly lockState: ReportedState;
}

/** What becomes of AUTHENTICATE at the next power-on in the same handset; `grace`: for a number of authentications; `unknown`: it never reported. */
export type Service = 'served' | 'grace' | 'refused' | 'unknown';

/** Reasons by which a terminal says itself that it cannot prove (docs/protocol.md, 10 and 15 to 18). */
const TERMINAL_CANNOT: ReadonlySet<string> = new Set<ProofReason>([
  'noCardReader',
  'profileTooSmall',
  'commandRefused',
  'terminalBusy',
  'userRefused',
]);
const BLOCKED: ReadonlySet<string> = new Set<ReportedState>(['blockedLocally', 'blockedByOperator', 'keysStopped']);

function byGate({ gate, graceAuthentications }: LockRules): Service {
  if (gate === 'open') return 'served';
  return graceAuthentications > 0 ? 'grace' : 'refused';
}

/** What a lock with these rules will do, as far as its last report tells (docs/handsets.md). A block stands whatever the rules. */
export function serviceUnder(rules: LockRules, known: KnownHandset | undefined): Service {
  if (known === undefined) return 'unknown';
  if (BLOCKED.has(known.lockState) || known.result === 'refuted') return 'refused';
  // Nothing is proved at power-on: the gate is asked before the first call or the first count of authentications.
  if (!rules.proveAtBoot) return byGate(rules);
  if (known.result !== 'notProven') return 'served';
  if (!TERMINAL_CANNOT.has(known.reason)) return byGate(rules);
  const { terminalCannotProve: rule, pairing } = rules;
  if (rule === 'block') return 'refused';
  return rule === 'permit' && pairing === 'free' ? 'served' : byGate(rules);
}
