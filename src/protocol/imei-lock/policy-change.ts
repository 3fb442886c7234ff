import { berTlvSet, enumeration, type Infer, optional, u8, u16 } from '#base/codec/index.ts';

/** How the gate of AUTHENTICATE stands until the IMEI is proved. */
const gate = enumeration(u8, { open: 0, enable: 1 });

/** Policy of the lock, changed by the operator; members that are missing stay as they are. */
export const policyChange = berTlvSet({
  /** `enable`: AUTHENTICATE is refused until the IMEI is proved (R49); `open`: only a refuted IMEI blocks. */
  gate: optional(0x80, gate),
  /** Authentications allowed without proof before `enable` refuses. */
  graceAuthentications: optional(0x81, u16),
  /** Prove again after so many authentications; 0 never. */
  proveEvery: optional(0x82, u16),
  /** Prove again before a call: 1 yes, 0 no. */
  proveBeforeCall: optional(0x83, u8),
  /** Report again after so many authentications without a change; 0 never. */
  reportEvery: optional(0x84, u16),
  /** Reports without an answer after which the lock acts as if the IMEI were not proved; 0 never. */
  unansweredLimit: optional(0x85, u8),
  /** Pairing: 0 free with report, 1 locked. */
  pairingLocked: optional(0x86, u8),
  /** What becomes of a terminal that says it cannot carry a proof. */
  terminalCannotProve: optional(0x87, enumeration(u8, { grace: 0, permit: 1, block: 2 })),
  /** Prove at power-on: 1 yes, 0 no. */
  proveAtBoot: optional(0x88, u8),
  /** Proofs in a row with broken protection after which the UICC blocks; 0 never. */
  brokenProtectionLimit: optional(0x89, u8),
});
/** Policy of the lock, changed by the operator. */
export type PolicyChange = Infer<typeof policyChange>;

/** The rules of a lock that an operator can change over the air. */
export interface LockRules {
  readonly gate: 'open' | 'enable';
  readonly terminalCannotProve: 'grace' | 'permit' | 'block';
  readonly graceAuthentications: number;
  readonly proveAtBoot: boolean;
  readonly proveBeforeCall: boolean;
  readonly proveEvery: number;
  readonly reportEvery: number;
  readonly unansweredLimit: number;
  readonly brokenProtectionLimit: number;
  readonly pairing: 'free' | 'locked';
}

/** A policy with a change: what the change does not name stays. */
export function changedPolicy<P extends LockRules>(policy: P, change: PolicyChange): P {
  const { proveAtBoot, proveBeforeCall, pairingLocked, ...plain } = change;
  const named = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...policy,
    ...named,
    ...(proveAtBoot !== undefined && { proveAtBoot: proveAtBoot !== 0 }),
    ...(proveBeforeCall !== undefined && { proveBeforeCall: proveBeforeCall !== 0 }),
    ...(pairingLocked !== undefined && { pairing: pairingLocked !== 0 ? ('locked' as const) : ('free' as const) }),
  };
}

/** Rules as a change says them; the members of a change when only some are given. */
export function policyAsChange(rules: Partial<LockRules>): PolicyChange {
  const { gate: gateRule, terminalCannotProve, graceAuthentications, proveEvery, reportEvery } = rules;
  const { unansweredLimit, brokenProtectionLimit, proveAtBoot, proveBeforeCall, pairing } = rules;
  return {
    ...(gateRule !== undefined && { gate: gateRule }),
    ...(graceAuthentications !== undefined && { graceAuthentications }),
    ...(proveEvery !== undefined && { proveEvery }),
    ...(proveBeforeCall !== undefined && { proveBeforeCall: proveBeforeCall ? 1 : 0 }),
    ...(reportEvery !== undefined && { reportEvery }),
    ...(unansweredLimit !== undefined && { unansweredLimit }),
    ...(pairing !== undefined && { pairingLocked: pairing === 'locked' ? 1 : 0 }),
    ...(terminalCannotProve !== undefined && { terminalCannotProve }),
    ...(proveAtBoot !== undefined && { proveAtBoot: proveAtBoot ? 1 : 0 }),
    ...(brokenProtectionLimit !== undefined && { brokenProtectionLimit }),
  };
}
