// A register node: the whole register in memory, following the database, and the fronts on a thread of their own that answer from it.
// Standards: TS 29.511, TS 29.272, Osmocom GSUP (the fronts); facts/eir.md 11 (a complete replica in every front end).
// Must never: let a check wait for a disk or a database, answer "unknown" for "not loaded", or show a part of a batch.
// The parts of a thread of fronts, for a bench that asks without a socket.
export { type Answering, answering } from './answering.ts';
export type { FrontAddress, FrontSettings, FrontTls } from './fronts.ts';
export { RegisterImage } from './image.ts';
export { ImageLoader, type LoaderSources } from './loader.ts';
export type { NodeStatus } from './node-health.ts';
export { ruleOfPlain } from './plain-rule.ts';
export { openRegisterNode, type RegisterNode, type RegisterNodeOptions } from './register-node.ts';
export type { StatusAddress } from './status-messages.ts';
