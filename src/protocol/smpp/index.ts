// Short messages between the operator and an SMSC: PDUs, sessions as a pure state machine, the ESME and the SMSC side over TCP.
// Standard: SMPP 3.4 issue 1.2 (5.1 PDUs, 7 timers, 2.3 session states).
// Must never: lose a message silently (every submit ends in a result), answer before its handler kept the promise, or trust a length.
export { backoffMs } from './backoff.ts';
export { commandStatusName, STATUS } from './command-status.ts';
export { connectEsme, type Esme, type EsmeOptions } from './connection.ts';
export { listenSmpp, type SmppListener, type SmppListenerOptions, type SmscSession } from './listener.ts';
export { type OptionalParameter, optionalParameterValue, relativeTime, TAG } from './parameter.ts';
export {
  type BindCommand,
  type BindRequest,
  type CommandName,
  LONGEST_PDU,
  type Message,
  type MessageCommand,
  messageOctets,
  messageOf,
  type Pdu,
  type PduOf,
  pdu,
  readFrame,
} from './pdu.ts';
export { PduStream } from './pdu-stream.ts';
export { isOfCentre, MESSAGE_STATES, type MessageState, type Receipt, receiptOf, stateNames } from './receipt.ts';
export { manualScheduler, type Scheduler, systemScheduler } from './scheduler.ts';
export { nextTick, step } from './session.ts';
export type { MessageAnswer, PduWatcher, SmppPorts } from './session-runner.ts';
export {
  FIRST_STATE,
  SESSION_DEFAULTS,
  type SessionAction,
  type SessionEvent,
  type SessionSettings,
  type SessionState,
  type SessionTimes,
  type SubmitResult,
} from './session-state.ts';
