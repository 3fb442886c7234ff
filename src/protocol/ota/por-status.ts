/** Response status codes of a proof of receipt (TS 102 225 5.2). */
export const POR_STATUS = {
  ok: 0x00,
  checkFailed: 0x01,
  counterLow: 0x02,
  counterHigh: 0x03,
  counterBlocked: 0x04,
  cipheringError: 0x05,
  unidentifiedSecurityError: 0x06,
  insufficientMemory: 0x07,
  moreTimeNeeded: 0x08,
  tarUnknown: 0x09,
  insufficientSecurityLevel: 0x0a,
  responseFollowsBySubmit: 0x0b,
  responseFollowsByUssd: 0x0c,
} as const;

/** A response status code that this house gives. */
export type PorStatus = (typeof POR_STATUS)[keyof typeof POR_STATUS];
