import { CodecError, NO_OCTETS, partOf } from '#base/codec/index.ts';

/** Status words by the names this code uses (TS 102 221 10.2, TS 31.102 7.3, GPC 11.1.3). A status word is data, never an exception. */
export const SW = {
  ok: 0x9000,
  toolkitBusy: 0x9300,
  warningNoInformation: 0x6200,
  selectedFileDeactivated: 0x6283,
  endOfFile: 0x6282,
  selectedFileTerminated: 0x6285,
  moreDataAvailable: 0x62f1,
  moreDataExpected: 0x63f1,
  authenticationFailedNoDiagnosis: 0x6300,
  executionErrorUnchanged: 0x6400,
  memoryProblem: 0x6581,
  wrongLength: 0x6700,
  channelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  incompatibleWithFileStructure: 0x6981,
  securityStatusNotSatisfied: 0x6982,
  authenticationMethodBlocked: 0x6983,
  referencedDataInvalidated: 0x6984,
  conditionsOfUseNotSatisfied: 0x6985,
  commandNotAllowed: 0x6986,
  wrongData: 0x6a80,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  notEnoughMemory: 0x6a84,
  fileAlreadyExists: 0x6a89,
  nameAlreadyExists: 0x6a8a,
  wrongParameters: 0x6a86,
  referencedDataNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  instructionNotSupported: 0x6d00,
  classNotSupported: 0x6e00,
  noDiagnosis: 0x6f00,
  increaseAtMaximum: 0x9850,
  authenticationMacFailed: 0x9862,
  securityContextNotSupported: 0x9864,
  authenticationNoMemory: 0x9866,
  /** 61XX: XX octets of response wait for GET RESPONSE. */
  responseAvailable: 0x6100,
  /** 6CXX: Le should have been XX. */
  wrongLe: 0x6c00,
  /** 91XX: normal end, a proactive command of XX octets waits for FETCH. */
  proactivePending: 0x9100,
  /** 63CX: X tries left. */
  triesLeft: 0x63c0,
} as const;

/** A response APDU: data and SW1 SW2 in one octet string, as it stands on the interface. */
export function responseApdu(statusWord: number, data: Uint8Array = NO_OCTETS): Uint8Array {
  const octets = new Uint8Array(data.length + 2);
  octets.set(data);
  octets[data.length] = statusWord >> 8;
  octets[data.length + 1] = statusWord & 0xff;
  return octets;
}

/** SW1 SW2 of a response as one number. Throws CodecError when there are not even two octets. */
export function statusWord(response: Uint8Array): number {
  const length = response.length;
  if (length < 2) throw new CodecError('SW1 SW2', 0, `expected 2 octets, got ${length}`);
  return ((response[length - 2] as number) << 8) | (response[length - 1] as number);
}

/** The data field of a response, only to be read (`partOf`). Throws CodecError when there is no status word. */
export function responseData(response: Uint8Array): Uint8Array {
  if (response.length < 2) throw new CodecError('SW1 SW2', 0, `expected 2 octets, got ${response.length}`);
  return partOf(response, 0, response.length - 2);
}

/** Normal end: 9000, 91XX, 92XX. */
export function isNormal(statusWord: number): boolean {
  return statusWord === SW.ok || (statusWord & 0xff00) === SW.proactivePending || (statusWord & 0xff00) === 0x9200;
}

/** True where GlobalPlatform protects a response with an R-MAC: 9000, 62XX, 63XX (GPC Amendment D 6.2.5). All others are bare and prove nothing. */
export function isProtectedStatus(statusWord: number): boolean {
  const sw1 = statusWord >> 8;
  return statusWord === SW.ok || sw1 === 0x62 || sw1 === 0x63;
}
