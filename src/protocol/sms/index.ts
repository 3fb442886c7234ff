// Short messages: transfer PDUs, addresses, user data headers, the GSM 7-bit alphabet, concatenation.
// Standards: 3GPP TS 23.040 9.2, TS 23.038, and TS 31.115 for where the identifiers of secured packets stand.
// Must never: keep state of its own between messages, or trust a length, a reference or a sender that came from outside.
export { packSeptets, septetsOf, textOfSeptets, unpackSeptets } from './default-alphabet.ts';
