// The N5g-eir front of the equipment register: AMFs ask over HTTP/2, in clear or TLS, with or without a token of the NRF, where we register.
// Standards: TS 29.511 (N5g-eir_EquipmentIdentityCheck), TS 29.500 (headers, problems, overload), TS 29.510 (NRF, tokens), RFC 9113.
// Must never: take another form of PEI for an IMEI, answer by a status the register did not give, or let one peer starve the others.
export { ABUSE_LIMITS, type Abuse, type AbuseLimits } from './abuse.ts';
export type { SbiAnswer } from './answer.ts';
export {
  type EquipmentStatusOptions,
  type EquipmentStatusService,
  type Exchange,
  equipmentStatusService,
  type SbiRequest,
  type Shedding,
} from './equipment-status.ts';
export { listenN5gEirFast } from './fast-listener.ts';
export {
  LISTENER_LIMITS,
  type ListenerLimits,
  type ListenerOptions,
  listenN5gEir,
  type N5gEirListener,
  type TlsOptions,
} from './listener.ts';
export { type N5gEir, type N5gEirOptions, type N5gEirPolicy, type N5gEirRegistration, openN5gEir } from './n5g-eir.ts';
export type { NfProfileOptions } from './nf-profile.ts';
export { type NrfOptions, type NrfRegistration, registerWithNrf } from './nrf.ts';
export type { NrfTls } from './nrf-client.ts';
export { OVERLOAD_LIMITS, type OverloadLimits } from './overload.ts';
export type { RateLimit } from './rate-limit.ts';
export type { Correlation, Patience } from './sbi-header.ts';
export { type TokenRules, type TokenVerdict, type TokenVerifier, tokenVerifier } from './token.ts';
