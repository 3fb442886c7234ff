// The operator's side (5): subscribers, equipment register (7), evidence, OTA gateway and HTTP API over one data directory.
// Standards: each room's own; several processes may have the directory open, one of them serves.
// Must never: import handset or lab, or keep in memory only what it has acknowledged.

export { type Operator, type OperatorOptions, openOperator, type SmscAddress } from './operator.ts';
export type { CheckQuestion, Decision, Register } from './register/index.ts';
