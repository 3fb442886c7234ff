// The lab's short message service centre: SMPP towards ESMEs, TPDUs towards handsets, held in memory in between, with a bad way on demand.
// Standards: SMPP 3.4, 3GPP TS 23.040 (store and forward, 9.2.2 TPDUs), TS 24.011 8.2.5.4 (causes).
// Must never: change user data on its own, split or join messages, or be taken for a production SMSC: what it holds dies with it.
export type { Verdict } from './mailbox.ts';
export type { ShortMessage } from './short-message.ts';
export { type Account, type Smsc, type SmscOptions, type SubmitOutcome, startSmsc } from './smsc.ts';
export { type Arrival, type BadTransit, badTransit, type Hop, perfectTransit, type Transit } from './transit.ts';
