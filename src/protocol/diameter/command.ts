import { AVP } from './dictionary.ts';
import { type GrammarOf, grammar } from './grammar.ts';

const CAPABILITIES = {
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Host-IP-Address': '1*',
  'Vendor-Id': '1',
  'Product-Name': '1',
  'Origin-State-Id': '0-1',
  'Supported-Vendor-Id': '*',
  'Auth-Application-Id': '*',
  'Acct-Application-Id': '*',
  'Vendor-Specific-Application-Id': '*',
  'Inband-Security-Id': '*',
  'Firmware-Revision': '0-1',
} as const;

/** Capabilities-Exchange-Request (RFC 6733 5.3.1). */
export const CER = grammar(AVP, CAPABILITIES);
/** The content of a Capabilities-Exchange-Request. */
export type CapabilitiesExchangeRequest = GrammarOf<typeof CER>;
/** Capabilities-Exchange-Answer (RFC 6733 5.3.2). */
export const CEA = grammar(AVP, { 'Result-Code': '1', ...CAPABILITIES, 'Error-Message': '0-1', 'Failed-AVP': '0-1' });
/** Device-Watchdog-Request (RFC 6733 5.5.1). */
export const DWR = grammar(AVP, { 'Origin-Host': '1', 'Origin-Realm': '1', 'Origin-State-Id': '0-1' });
/** Device-Watchdog-Answer (RFC 6733 5.5.2). */
export const DWA = grammar(AVP, {
  'Result-Code': '1',
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Error-Message': '0-1',
  'Failed-AVP': '0-1',
  'Origin-State-Id': '0-1',
});
/** Disconnect-Peer-Request (RFC 6733 5.4.1). */
export const DPR = grammar(AVP, { 'Origin-Host': '1', 'Origin-Realm': '1', 'Disconnect-Cause': '1' });
/** Disconnect-Peer-Answer (RFC 6733 5.4.2). */
export const DPA = grammar(AVP, {
  'Result-Code': '1',
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Error-Message': '0-1',
  'Failed-AVP': '0-1',
});

/** ME-Identity-Check-Request (TS 29.272 7.2.19). */
export const ECR = grammar(AVP, {
  'Session-Id': '1',
  'Vendor-Specific-Application-Id': '0-1',
  'Auth-Session-State': '1',
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Destination-Host': '0-1',
  'Destination-Realm': '1',
  'Terminal-Information': '1',
  'User-Name': '0-1',
  'Proxy-Info': '*',
  'Route-Record': '*',
});
/** The content of an ME-Identity-Check-Request. */
export type MeIdentityCheckRequest = GrammarOf<typeof ECR>;
/** ME-Identity-Check-Answer (TS 29.272 7.2.20). */
export const ECA = grammar(AVP, {
  'Session-Id': '1',
  'Vendor-Specific-Application-Id': '0-1',
  'Auth-Session-State': '1',
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Result-Code': '0-1',
  'Experimental-Result': '0-1',
  'Equipment-Status': '0-1',
  'Error-Message': '0-1',
  'Failed-AVP': '0-1',
  'Proxy-Info': '*',
  'Route-Record': '*',
});
/** An answer-message, which any command may get: with the E bit for a protocol error (RFC 6733 7.2). */
export const ERROR_ANSWER = grammar(AVP, {
  'Session-Id': '0-1',
  'Auth-Session-State': '0-1',
  'Origin-Host': '1',
  'Origin-Realm': '1',
  'Result-Code': '1',
  'Error-Message': '0-1',
  'Error-Reporting-Host': '0-1',
  'Failed-AVP': '0-1',
  'Origin-State-Id': '0-1',
  'Proxy-Info': '*',
});
