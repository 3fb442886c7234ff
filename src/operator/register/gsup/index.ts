// The GSUP front of the equipment register: a transparent proxy between MSCs or SGSNs and their HLR that answers Check-IMEI itself.
// Standard: Osmocom GSUP (OsmoMSC and OsmoHLR manuals); no clause of 3GPP, the operation is MAP's CHECK_IMEI in another coat.
// Must never: change an octet of what it does not answer, answer for the HLR, or lose a message that it took.
export type { GsupCounts } from './link.ts';
export { GSUP_PORT, type GsupProxy, type GsupProxyOptions, listenGsup } from './proxy.ts';
