// The handset as a network sees it: attach, authentication, calls, emergency calls, short messages over layer 3.
// Standards: TS 24.008 4 and 5, TS 24.011 5 and 6, TS 22.016 clause 5 (emergency calls).
// Must never: invent an identity (the operating system names it), or make an emergency call depend on the UICC or on attach.
export {
  type CallResult,
  call,
  detach,
  emergencyCall,
  locationUpdate,
  type NetworkResult,
  shortMessageService,
} from './mobility.ts';
export { acknowledgeShortMessage, refuseShortMessage, relayedIn, submitShortMessage } from './short-message.ts';
export type { Authentication, Terminal } from './terminal.ts';
export { exchange, type Heard, transact } from './transaction.ts';
