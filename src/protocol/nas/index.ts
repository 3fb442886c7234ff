// Layer 3 between handset and network: mobility management, calls, and the short message relay, as octets.
// Standards: TS 24.007 11.2, TS 24.008 9.2 and 9.3, TS 24.011 7.
// Must never: decide anything; what a mobile or a network does with a message is in handset/baseband and lab/core-network.
export {
  CM_SERVICE,
  declaredNasMessage,
  LONGEST_NAS_MESSAGE,
  type NasMessage,
  type NasMessageName,
  type NasMessageOf,
  NORMAL_CLEARING,
  REJECT_CAUSE,
  type RelayMessage,
  relayMessage,
  SPEECH,
} from './message.ts';
export { IDENTITY_TYPE, type MobileIdentity, mobileIdentity } from './mobile-identity.ts';
export { nasMessage } from './nas-message.ts';
