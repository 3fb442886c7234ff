/** General results of TERMINAL RESPONSE (TS 102 223 8.12, TS 31.111 8.12). */
export const GENERAL_RESULT = {
  performed: 0x00,
  partialComprehension: 0x01,
  missingInformation: 0x02,
  additionalEfsRead: 0x03,
  iconNotDisplayed: 0x04,
  modifiedByCallControl: 0x05,
  limitedService: 0x06,
  performedWithModification: 0x07,
  naaNotActive: 0x08,
  toneNotPlayed: 0x09,
  terminatedByUser: 0x10,
  backwardMove: 0x11,
  noResponseFromUser: 0x12,
  helpRequired: 0x13,
  ussdTerminatedByUser: 0x14,
  terminalBusy: 0x20,
  networkBusy: 0x21,
  userRefused: 0x22,
  callClearedBeforeConnection: 0x23,
  timerStateContradiction: 0x24,
  callControlTemporaryProblem: 0x25,
  browserError: 0x26,
  mmsTemporaryProblem: 0x27,
  beyondCapabilities: 0x30,
  typeNotUnderstood: 0x31,
  dataNotUnderstood: 0x32,
  numberNotKnown: 0x33,
  supplementaryServiceError: 0x34,
  smsRpError: 0x35,
  valuesMissing: 0x36,
  ussdError: 0x37,
  multipleCardError: 0x38,
  callControlPermanentProblem: 0x39,
  bearerIndependentProtocolError: 0x3a,
  accessTechnologyError: 0x3b,
  framesError: 0x3c,
  mmsError: 0x3d,
} as const;

/** Additional information after `terminalBusy` (TS 102 223 8.12.2). */
export const TERMINAL_PROBLEM = {
  noSpecificCause: 0x00,
  screenBusy: 0x01,
  onCall: 0x02,
  noService: 0x04,
  accessClassBarred: 0x05,
  noRadioResource: 0x06,
  notInSpeechCall: 0x07,
  noNaaActive: 0x10,
} as const;

/** Additional information after `multipleCardError` (TS 102 223 8.12.9). */
export const CARD_READER_PROBLEM = {
  noSpecificCause: 0x00,
  readerRemoved: 0x01,
  cardRemoved: 0x02,
  readerBusy: 0x03,
  cardPoweredOff: 0x04,
  commandFormatError: 0x05,
  mute: 0x06,
  transmissionError: 0x07,
  protocolNotSupported: 0x08,
  readerNotValid: 0x09,
} as const;

/** What a general result tells the UICC to do next (TS 102 223 8.12): 0X and 1X, 2X, 3X. */
export type ResultClass = 'done' | 'tryAgainLater' | 'doNotRepeat';

/** Class of a general result. Reserved values from 40 on say nothing good: not to be repeated. */
export function resultClass(general: number): ResultClass {
  if (general < 0x20) return 'done';
  return general < 0x30 ? 'tryAgainLater' : 'doNotRepeat';
}
