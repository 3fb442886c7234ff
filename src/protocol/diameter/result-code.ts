/** Values of Result-Code that this room sends (RFC 6733 7.1). 3xxx are protocol errors: their answers carry the E bit. */
export const RESULT = {
  SUCCESS: 2001,
  COMMAND_UNSUPPORTED: 3001,
  UNABLE_TO_DELIVER: 3002,
  REALM_NOT_SERVED: 3003,
  TOO_BUSY: 3004,
  APPLICATION_UNSUPPORTED: 3007,
  INVALID_HDR_BITS: 3008,
  INVALID_AVP_BITS: 3009,
  UNKNOWN_PEER: 3010,
  AVP_UNSUPPORTED: 5001,
  INVALID_AVP_VALUE: 5004,
  MISSING_AVP: 5005,
  AVP_OCCURS_TOO_MANY_TIMES: 5009,
  NO_COMMON_APPLICATION: 5010,
  UNSUPPORTED_VERSION: 5011,
  UNABLE_TO_COMPLY: 5012,
  INVALID_BIT_IN_HEADER: 5013,
  INVALID_AVP_LENGTH: 5014,
  INVALID_MESSAGE_LENGTH: 5015,
  NO_COMMON_SECURITY: 5017,
} as const;

/** DIAMETER_ERROR_EQUIPMENT_UNKNOWN, an Experimental-Result-Code of 3GPP (TS 29.272 7.4.3.4). */
export const EQUIPMENT_UNKNOWN = 5422;

/** The name that RFC 6733 7.1 gives a Result-Code, with its number: for people. */
export function resultCodeName(code: number): string {
  const name = Object.entries(RESULT).find(([, value]) => value === code)?.[0];
  return name === undefined ? `${code}` : `DIAMETER_${name} (${code})`;
}

/** Whether a Result-Code is a protocol error, so that its answer carries the E bit (RFC 6733 7.1.3). */
export function isProtocolError(code: number): boolean {
  return code >= 3000 && code < 4000;
}
