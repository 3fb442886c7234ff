// The IMEI lock on the UICC (31): proves the handset's IMEI over the relay, decides by its own policy, reports, obeys the operator.
// Standards: TS 102 223 6.4 (PERFORM CARD APDU), GPC Amendment D/F, TS 102 225 (report, answer), TS 31.102 4.2.101-102, TS 22.016 clause 5.
// Must never: take a status word or silence for a proof, open before it is proved when the gate says so, or stand in the way of an emergency call.
export { imeiLock } from './imei-lock.ts';
export {
  atPowerOn,
  type Block,
  isProved,
  type LastingState,
  type Lock,
  type LockAction,
  type LockEvent,
  mayAuthenticate,
  newLock,
  type Outcome,
  reportedState,
  step,
} from './lock.ts';
export { LOCK_KEY, lastingState } from './memory.ts';
export { type Pairing, pairing } from './pairing.ts';
