import { type Said, sentences } from '#base/sentence/index.ts';
import { STATUS_WORDS } from '#protocol/apdu/index.ts';

/** Results of a proactive command (TS 102 223 8.12). */
const RESULTS = {
  'general-performed': 'performed',
  'general-partialComprehension': 'performed, understood in part',
  'general-missingInformation': 'performed, information is missing',
  'general-additionalEfsRead': 'refresh performed, more files read',
  'general-iconNotDisplayed': 'performed, the icon could not be shown',
  'general-modifiedByCallControl': 'performed, changed by call control',
  'general-limitedService': 'performed, limited service',
  'general-performedWithModification': 'performed, with a change',
  'general-naaNotActive': 'refresh performed, the application was not active',
  'general-toneNotPlayed': 'performed, the tone was not played',
  'general-terminatedByUser': 'the user ended it',
  'general-backwardMove': 'the user went back',
  'general-noResponseFromUser': 'the user did not answer',
  'general-helpRequired': 'the user asks for help',
  'general-ussdTerminatedByUser': 'the user ended the USSD or SS transaction',
  'general-terminalBusy': 'the terminal cannot do it now',
  'general-networkBusy': 'the network cannot do it now',
  'general-userRefused': 'the user refused',
  'general-callClearedBeforeConnection': 'the user cleared the call before it was connected',
  'general-timerStateContradiction': 'contradicts the state of the timer',
  'general-callControlTemporaryProblem': 'call control had a temporary problem',
  'general-browserError': 'the browser failed',
  'general-mmsTemporaryProblem': 'MMS had a temporary problem',
  'general-beyondCapabilities': 'beyond what the terminal can do',
  'general-typeNotUnderstood': 'the terminal does not know the type of command',
  'general-dataNotUnderstood': 'the terminal does not understand the data',
  'general-numberNotKnown': 'the terminal does not know the command number',
  'general-supplementaryServiceError': 'supplementary service: error',
  'general-smsRpError': 'short message: RP-ERROR',
  'general-valuesMissing': 'required values are missing',
  'general-ussdError': 'USSD: error',
  'general-multipleCardError': 'card reader: error',
  'general-callControlPermanentProblem': 'call control had a permanent problem',
  'general-bearerIndependentProtocolError': 'bearer independent protocol: error',
  'general-accessTechnologyError': 'the access technology cannot do it',
  'general-framesError': 'frames: error',
  'general-mmsError': 'MMS: error',
  'general-other': 'another result',
} as const;

/** Status of a response packet (TS 102 225 5.2). */
const PACKET_STATUS = {
  'por-ok': 'the packet was accepted',
  'por-checkFailed': 'the checksum is wrong',
  'por-counterLow': 'the counter is too low: an old packet',
  'por-counterHigh': 'the counter is too high',
  'por-counterBlocked': 'the counter is blocked',
  'por-cipheringError': 'deciphering failed',
  'por-unidentifiedSecurityError': 'a security error of no known kind',
  'por-insufficientMemory': 'not enough memory',
  'por-moreTimeNeeded': 'more time is needed',
  'por-tarUnknown': 'no application has this TAR',
  'por-insufficientSecurityLevel': 'not protected as it has to be',
  'por-responseFollowsBySubmit': 'the response follows in an SMS-SUBMIT',
  'por-responseFollowsByUssd': 'the response follows by USSD',
  'por-other': 'a status that the standard does not name',
} as const;

/** What the codes of a report, an answer and an acknowledgement say (docs/protocol.md). */
const PAYLOAD_VALUES = {
  'direction-report': 'from the UICC to the operator',
  'direction-answer': 'from the operator to the UICC',
  'direction-acknowledgement': 'the UICC has done it',
  'evidence-scp11a': 'a first meeting: certificates of both',
  'evidence-scp03': 'a later meeting: the pairing keys',
  'evidence-static': 'one exchange under a static key',
  'result-proved': 'the IMEI is proved',
  'result-provedOther': 'the IMEI is proved by another storage support than the paired one',
  'result-notProven': 'nothing is proved, and nothing refuted',
  'result-refuted': 'the proof contradicts: the handset lies',
  'reason-none': 'there is nothing to say against it',
  'reason-noCardReader': 'the terminal says it has no card reader',
  'reason-noAnswer': 'the storage support did not answer',
  'reason-errorStatusWord': 'an error came in the place of the proof',
  'reason-brokenProtection': 'a MAC was wrong: somebody changed the octets on the way',
  'reason-badOctets': 'the octets cannot be read',
  'reason-profileTooSmall': 'the terminal says it cannot carry APDUs',
  'reason-commandRefused': 'the terminal refused the command',
  'reason-terminalBusy': 'the terminal was busy',
  'reason-userRefused': 'the user refused',
  'reason-terminalContradicts': 'the terminal contradicts itself',
  'reason-claimedImeiDiffers': 'the operating system claims another IMEI than was proved',
  'reason-pairedImeiDiffers': 'the paired storage support proved another IMEI than before',
  'reason-foreignRoot': 'the certificate is of no known maker',
  'reason-counterWentBack': 'the counter is not above the last one',
  'reason-pairingLocked': 'another storage support than the one it is locked to',
  'reason-revoked': 'the certificate is revoked',
  'reason-wrongCryptogram': 'the storage support does not hold the keys',
  'trigger-boot': 'the handset was switched on',
  'trigger-call': 'a call is made',
  'trigger-authentications': 'after so many authentications',
  'trigger-operator': 'the operator asked',
  'trigger-interval': 'it is time for one',
  'trigger-silence': 'an earlier power-on brought no proof or no report',
  'state-unproven': 'nothing is proved',
  'state-grace': 'served for a time without a proof',
  'state-enabled': 'proved: service',
  'state-tracked': 'proved, and tracked: service',
  'state-blockedLocally': 'the UICC blocked by itself: no service',
  'state-blockedByOperator': 'the operator blocked: no service',
  'state-keysStopped': 'the keys are stopped: no service',
  'order-permit': 'the handset is served',
  'order-track': 'the handset is served and watched',
  'order-block': 'the UICC refuses service',
  'order-stopKeys': 'the UICC uses its network keys no more',
  'order-unblock': 'the UICC gives service again',
  'order-rePair': 'the UICC forgets its pairing and meets the storage support anew',
  'order-reportNow': 'the UICC proves and reports at once',
  'order-setPolicy': 'the UICC follows other rules',
  'order-setRoots': 'the UICC believes these makers and no other',
  'terminalCannotProve-grace': 'the gate decides, as for silence',
  'terminalCannotProve-permit': 'it is served',
  'terminalCannotProve-block': 'it is not served',
  'gate-open': 'service without a proof',
  'gate-enable': 'no service before a proof',
} as const;

const DEVICES = {
  'device-1': 'keypad',
  'device-2': 'display',
  'device-17': 'card reader 1: the storage support (2)',
  'device-23': 'card reader 7: a link to another handset',
  'device-129': 'UICC (31)',
  'device-130': 'terminal: the operating system (4)',
  'device-131': 'network',
  'device-other': 'another device',
} as const;

const SEALS = {
  cipherOfSession: 'AES-CBC under the session key S-ENC; the operating system cannot read it',
  cipherOfPacket: 'AES-CBC under the OTA key KIc; nobody between UICC and operator can read it',
  macVerified: 'verified: these octets are the storage support’s, made for this command',
  macNotChecked: 'not checked: the octets never reached a holder of the keys',
  macFailed: 'FAILED: over the octets received the UICC computes {computed}',
  keysInside: 'each enciphered once more under the key S-DEK, with its check value',
  uiccHoldsKeys: 'the UICC shows that it holds the keys',
  counterOfPacket: 'an old packet is refused',
  checksum: 'cryptographic checksum: AES-CMAC, 8 octets',
  integrity: 'integrity: {integrity}',
  ciphered: 'ciphered',
  notCiphered: 'not ciphered',
  'counter-none': 'no counter',
  'counter-unchecked': 'the counter is not checked',
  'counter-higher': 'the counter must be higher than the last one',
  'counter-exactlyOneHigher': 'the counter must be the next one',
  'proof-never': 'no proof of receipt',
  'proof-always': 'a proof of receipt is wanted',
  'proof-onError': 'a proof of receipt is wanted if it fails',
  algorithm: '{algorithm}, key set {set}',
} as const;

const FIELDS = {
  /** A standard’s own term, or the number of a clause. */
  term: '{term}',
  classInterindustry: 'interindustry class',
  classProprietary: 'proprietary class',
  channel: 'logical channel {channel}',
  secureMessaging: 'secure messaging',
  octetsOfData: 'octets of data',
  octetsOfPadding: 'octets of padding',
  octetsWanted: 'up to {octets} octets wanted',
  supportImei: 'the IMEI in the storage support',
  toldImei: 'what the network was told',
  saidImei: 'what the operating system says',
  forSupport: 'for the storage support',
  commandPacketLength: 'command packet length',
  commandHeaderLength: 'command header length',
  responsePacketLength: 'response packet length',
  responseHeaderLength: 'response header length',
  applicationItIsFor: 'the application it is for',
  applicationThatAnswers: 'the application that answers',
  commandFollows: '70: a secured command packet follows',
  responseFollows: '71: a secured response packet follows',
  noIdentity: 'no identity',
} as const;

/** What the values of elements mean. */
export const OCTET_MEANINGS = sentences({
  ...FIELDS,
  ...SEALS,
  ...DEVICES,
  ...RESULTS,
  ...PACKET_STATUS,
  ...PAYLOAD_VALUES,
  ...STATUS_WORDS,
});

/** Code of a meaning. */
export type MeaningCode = (typeof OCTET_MEANINGS.codes)[number];
/** A meaning: one or more of the sentences above. */
export type OctetMeaning = Said<MeaningCode> | readonly Said<MeaningCode>[];

/** Says what something means. */
export const means = OCTET_MEANINGS.say;

/** A standard’s own term as a meaning. */
export const term = (words: string): Said<MeaningCode> => means('term', { term: words });

/** The meaning of a code in a table of the protocol: `general-performed` for `performed`; `other` of that table when there is none. */
export function codeMeaning(table: 'general' | 'por' | 'device', name: string | number | undefined): Said<MeaningCode> {
  const code = `${table}-${name}`;
  return { code: OCTET_MEANINGS.has(code) ? code : `${table}-other`, values: {} };
}

/** A meaning as it is answered: its sentences, and all of them in English. */
export function saidMeaning(meaning: OctetMeaning): {
  readonly meaning: string;
  readonly said: readonly Said<MeaningCode>[];
} {
  const said = [meaning].flat();
  return { meaning: said.map((one) => OCTET_MEANINGS.words(one)).join(', '), said };
}
