// The S13 and S13' front of the equipment register: ME-Identity-Checks of MMEs and SGSNs over Diameter become questions to the register.
// Standards: TS 29.272 6.2, 7.2.19, 7.2.20, 7.3.51, 7.4.3.4 (ME-Identity-Check), RFC 6733 (below it, in protocol/diameter).
// Must never: answer by a status that the register did not give or a person did not configure, or answer in half.
export { listenS13, type S13Counts, type S13Front, type S13Identity, type S13Options } from './listen.ts';
export { meIdentityCheck, outcomeOf, questionOf, type S13PeerOptions, type UnknownAs } from './outcome.ts';
