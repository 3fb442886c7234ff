import { AVP_FLAG } from './avp.ts';
import {
  Address,
  type AvpType,
  DiameterIdentity,
  Digits,
  Enumerated,
  OctetString,
  Unsigned32,
  UTF8String,
} from './avp-type.ts';
import { AnyAvps, type AvpDefinition, Grouped, grammar, named } from './grammar.ts';

/** Vendor-Id of 3GPP (TS 29.272 5). */
export const VENDOR_3GPP = 10415;
/** Application-Ids: common messages and relay (RFC 6733 2.4), S13 and S13' (TS 29.272 7.1.8). */
export const APPLICATION = { COMMON: 0, S13: 16777252, RELAY: 0xffffffff } as const;
/** Command Codes (RFC 6733 3.1; TS 29.272 7.2.2): the same for a request and its answer. */
export const COMMAND = {
  CAPABILITIES_EXCHANGE: 257,
  DEVICE_WATCHDOG: 280,
  DISCONNECT_PEER: 282,
  ME_IDENTITY_CHECK: 324,
} as const;
/** Values of Disconnect-Cause (RFC 6733 5.4.3). */
export const DISCONNECT_CAUSE = { REBOOTING: 0, BUSY: 1, DO_NOT_WANT_TO_TALK_TO_YOU: 2 } as const;
/** Values of Equipment-Status (TS 29.272 7.3.51). */
export const EQUIPMENT_STATUS = { WHITELISTED: 0, BLACKLISTED: 1, GREYLISTED: 2 } as const;
/** NO_STATE_MAINTAINED (RFC 6733 8.11): the only Auth-Session-State of S13 (TS 29.272 7.1.4). */
export const NO_STATE_MAINTAINED = 1;

type Unnamed<T> = Omit<AvpDefinition<T>, 'name'>;
const mandatory = <T>(code: number, type: AvpType<T>): Unnamed<T> => ({ code, vendor: 0, flags: AVP_FLAG.M, type });
const optional = <T>(code: number, type: AvpType<T>): Unnamed<T> => ({ code, vendor: 0, flags: 0, type });
const of3gpp = <T>(code: number, type: AvpType<T>): Unnamed<T> => ({
  code,
  vendor: VENDOR_3GPP,
  flags: AVP_FLAG.V | AVP_FLAG.M,
  type,
});

// RFC 6733 4.5; TS 29.272 7.3.1 (1401 to 1403, 1445, 1471)
const BASIC = named({
  'User-Name': mandatory(1, Digits(6, 15)), // On S13 it is the IMSI (TS 29.272 6.2.1.1, TS 23.003 2.2).
  'Proxy-State': mandatory(33, OctetString),
  'Host-IP-Address': mandatory(257, Address),
  'Auth-Application-Id': mandatory(258, Unsigned32),
  'Acct-Application-Id': mandatory(259, Unsigned32),
  'Session-Id': mandatory(263, UTF8String(1)),
  'Origin-Host': mandatory(264, DiameterIdentity),
  'Supported-Vendor-Id': mandatory(265, Unsigned32),
  'Vendor-Id': mandatory(266, Unsigned32),
  'Firmware-Revision': optional(267, Unsigned32),
  'Result-Code': mandatory(268, Unsigned32),
  'Product-Name': optional(269, UTF8String()),
  'Disconnect-Cause': mandatory(273, Enumerated(0, 1, 2)),
  'Auth-Session-State': mandatory(277, Enumerated(0, 1)),
  'Origin-State-Id': mandatory(278, Unsigned32),
  'Proxy-Host': mandatory(280, DiameterIdentity),
  'Error-Message': optional(281, UTF8String()),
  'Route-Record': mandatory(282, DiameterIdentity),
  'Destination-Realm': mandatory(283, DiameterIdentity),
  'Destination-Host': mandatory(293, DiameterIdentity),
  'Error-Reporting-Host': optional(294, DiameterIdentity),
  'Origin-Realm': mandatory(296, DiameterIdentity),
  'Experimental-Result-Code': mandatory(298, Unsigned32),
  'Inband-Security-Id': mandatory(299, Unsigned32),
  'Failed-AVP': mandatory(279, AnyAvps),
  DRMP: optional(301, Unsigned32), // RFC 7944 9.1
  IMEI: of3gpp(1402, Digits(14, 16)),
  'Software-Version': of3gpp(1403, Digits(2, 2)),
  'Equipment-Status': of3gpp(1445, Enumerated(0, 1, 2)),
  '3GPP2-MEID': of3gpp(1471, OctetString),
});

const GROUPED = named({
  // RFC 6733 6.11
  'Vendor-Specific-Application-Id': mandatory(
    260,
    Grouped(grammar(BASIC, { 'Vendor-Id': '1', 'Auth-Application-Id': '0-1', 'Acct-Application-Id': '0-1' })),
  ),
  'Proxy-Info': mandatory(284, Grouped(grammar(BASIC, { 'Proxy-Host': '1', 'Proxy-State': '1' }))), // RFC 6733 6.7.2
  // RFC 6733 7.6
  'Experimental-Result': mandatory(297, Grouped(grammar(BASIC, { 'Vendor-Id': '1', 'Experimental-Result-Code': '1' }))),
  // TS 29.272 7.3.3; without an IMEI there is nothing to check (6.2.1.1), so it is required here.
  'Terminal-Information': of3gpp(
    1401,
    Grouped(grammar(BASIC, { IMEI: '1', '3GPP2-MEID': '0-1', 'Software-Version': '0-1' })),
  ),
});

/** Every AVP this room knows: code, vendor, flags and type (RFC 6733 4.5, TS 29.272 7.3.1). */
export const AVP = { ...BASIC, ...GROUPED };
