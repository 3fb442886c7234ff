// The identities of handsets and subscribers; parse() and from…() are the only ways in, so a value of these types is right.
// Standards: TS 23.003 2.2, 2.2B and 6, TS 24.008 10.5.1.4, TS 24.501 9.11.3.4, ITU-T E.118, ITU-T E.164.
// Must never: require a Luhn digit of network data, drop a leading zero, or put a whole identity in an error.
export { IdentityError, luhnDigit } from './identity-error.ts';
export { Imei, ImeiSv, Tac } from './imei.ts';
export { IDENTITY_REFUSALS } from './refusals.ts';
export { Iccid, Imsi, Msisdn } from './subscriber.ts';
export { type HomeNetwork, type Suci, suci } from './suci.ts';
export { type AllowedScheme, type HomeNetworkKey, type SuciCalculation, suciCalculation } from './suci-calculation.ts';
