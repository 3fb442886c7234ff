// The lab's mobile network: registers handsets over layer 3 octets, checks who they are and what they are, carries calls and short messages.
// Standards: TS 24.008 4 and 5, TS 24.011 5 and 6, TS 23.012 (registration), TS 33.102 6.3 (authentication), TS 22.016 (IMEI check).
// Must never: refuse or end an emergency call for any reason, believe an identity unproved, or take handsets off the air because a register is down.
export {
  type AirConnection,
  type AirConnectionNow,
  type CoreNetwork,
  type CoreNetworkNow,
  type CoreNetworkNowOptions,
  type CoreNetworkOptions,
  coreNetwork,
  coreNetworkNow,
  NETWORK_DEFAULTS,
} from './core-network.ts';
export type { NetworkSettings } from './handset-state.ts';
export { type AirListener, type AirListenerOptions, listenAir } from './listener.ts';
export { ofOperator } from './of-operator.ts';
export type {
  Deliver,
  Delivery,
  EquipmentCheck,
  EquipmentCheckNow,
  EquipmentStatus,
  HomeSubscribers,
  HomeSubscribersNow,
  NetworkPorts,
  NetworkPortsNow,
  ShortMessages,
  ShortMessagesNow,
  SubmitOutcome,
  Vector,
} from './ports.ts';
export { viaSmsc } from './smsc-link.ts';
export type { Registration } from './visitor-register.ts';
