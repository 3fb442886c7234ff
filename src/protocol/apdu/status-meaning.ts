import { type Said, sentences } from '#base/sentence/index.ts';

/** What status words say, by a code that other tables of sentences can take in. */
export const STATUS_WORDS = {
  'sw-normalEnd': 'normal end',
  'sw-toolkitBusy': 'the toolkit is busy: try again later',
  'sw-noInformation': 'no information given, memory unchanged',
  'sw-corrupted': 'part of the data may be corrupted',
  'sw-endReached': 'the end of file or record came before Le octets, or nothing was found',
  'sw-fileDeactivated': 'the selected file is deactivated',
  'sw-fileTerminated': 'the selected file is terminated',
  'sw-moreData': 'more data is available',
  'sw-moreDataAndCommand': 'more data is available, and a proactive command waits',
  'sw-responseData': 'response data is available',
  'sw-authenticationFailed': 'authentication failed',
  'sw-moreDataExpected': 'more data is expected',
  'sw-errorUnchanged': 'execution error, memory unchanged',
  'sw-errorChanged': 'execution error, memory changed',
  'sw-memoryProblem': 'memory problem',
  'sw-wrongLength': 'wrong length',
  'sw-noChannel': 'logical channel not supported',
  'sw-noSecureMessaging': 'secure messaging not supported',
  'sw-wrongStructure': 'the command does not fit the structure of the file',
  'sw-securityNotSatisfied': 'security status not satisfied: a PIN or key has to be verified first',
  'sw-methodBlocked': 'authentication method blocked: no tries left',
  'sw-dataInvalidated': 'the referenced data is invalidated',
  'sw-conditionsNotSatisfied': 'conditions of use not satisfied',
  'sw-noFileSelected': 'command not allowed: no EF selected',
  'sw-channelNotSatisfied': 'command not allowed: secure channel or security not satisfied',
  'sw-wrongData': 'wrong parameters in the data field',
  'sw-functionNotSupported': 'function not supported',
  'sw-fileNotFound': 'file not found',
  'sw-recordNotFound': 'record not found',
  'sw-noMemory': 'not enough memory',
  'sw-wrongP1P2': 'wrong P1 or P2',
  'sw-lcNotFitting': 'Lc does not fit P1 and P2',
  'sw-dataNotFound': 'referenced data not found',
  'sw-fileExists': 'the file exists already',
  'sw-nameExists': 'the name of the DF exists already',
  'sw-wrongOffset': 'wrong P1 or P2, or an offset outside the file',
  'sw-noInstruction': 'the card does not have this instruction',
  'sw-noClass': 'the card does not have this class',
  'sw-noDiagnosis': 'no diagnosis',
  'sw-maximumReached': 'INCREASE cannot be done: the maximum is reached',
  'sw-wrongMac': 'authentication error: the MAC is wrong',
  'sw-sessionExpired': 'security session or association expired',
  'sw-contextNotSupported': 'security context not supported',
  'sw-keyFreshness': 'key freshness failure',
  'sw-noMemoryForAuthentication': 'authentication error: no memory',
  'sw-responseWaits': '{octets} octets wait for GET RESPONSE',
  'sw-wrongLe': 'wrong Le: {octets} is right',
  'sw-commandWaits': 'normal end; a proactive command of {octets} octets waits for FETCH',
  'sw-aboutTransfer': 'normal end; about the transfer of data',
  'sw-triesLeft': 'verification failed, {tries} tries left; or done after as many internal tries',
  'sw-unnamed': 'a status word that the standards do not name',
} as const;

/** What status words say, as sentences. */
export const STATUS_MEANINGS = sentences(STATUS_WORDS);
/** Code of one of them. */
export type StatusCode = keyof typeof STATUS_WORDS;

/** What a status word says, for people, and where it is written. */
export interface StatusMeaning {
  readonly said: Said<StatusCode>;
  /** The same in English. */
  readonly text: string;
  readonly clause: string;
}

const ETSI = (clause: string) => `TS 102 221 ${clause}`;
/** Status words whose sentence has nothing to fill in. */
type Fixed = Exclude<StatusCode, 'sw-responseWaits' | 'sw-wrongLe' | 'sw-commandWaits' | 'sw-triesLeft'>;
const WORDS: ReadonlyMap<number, readonly [code: Fixed, clause: string]> = new Map([
  [0x9000, ['sw-normalEnd', ETSI('10.2.1.1')]],
  [0x9300, ['sw-toolkitBusy', ETSI('10.2.1.2')]],
  [0x6200, ['sw-noInformation', ETSI('10.2.1.3')]],
  [0x6281, ['sw-corrupted', ETSI('10.2.1.3')]],
  [0x6282, ['sw-endReached', ETSI('10.2.1.3')]],
  [0x6283, ['sw-fileDeactivated', ETSI('10.2.1.3')]],
  [0x6285, ['sw-fileTerminated', ETSI('10.2.1.3')]],
  [0x62f1, ['sw-moreData', ETSI('10.2.1.3')]],
  [0x62f2, ['sw-moreDataAndCommand', ETSI('10.2.1.3')]],
  [0x62f3, ['sw-responseData', ETSI('10.2.1.3')]],
  [0x6300, ['sw-authenticationFailed', 'GPC 2.3.1 11.1.3']],
  [0x63f1, ['sw-moreDataExpected', ETSI('10.2.1.3')]],
  [0x6400, ['sw-errorUnchanged', ETSI('10.2.1.4')]],
  [0x6500, ['sw-errorChanged', ETSI('10.2.1.4')]],
  [0x6581, ['sw-memoryProblem', ETSI('10.2.1.4')]],
  [0x6700, ['sw-wrongLength', ETSI('10.2.1.5')]],
  [0x6881, ['sw-noChannel', ETSI('10.2.1.6')]],
  [0x6882, ['sw-noSecureMessaging', ETSI('10.2.1.6')]],
  [0x6981, ['sw-wrongStructure', ETSI('10.2.1.7')]],
  [0x6982, ['sw-securityNotSatisfied', ETSI('10.2.1.7')]],
  [0x6983, ['sw-methodBlocked', ETSI('10.2.1.7')]],
  [0x6984, ['sw-dataInvalidated', ETSI('10.2.1.7')]],
  [0x6985, ['sw-conditionsNotSatisfied', ETSI('10.2.1.7')]],
  [0x6986, ['sw-noFileSelected', ETSI('10.2.1.7')]],
  [0x6989, ['sw-channelNotSatisfied', ETSI('10.2.1.7')]],
  [0x6a80, ['sw-wrongData', ETSI('10.2.1.8')]],
  [0x6a81, ['sw-functionNotSupported', ETSI('10.2.1.8')]],
  [0x6a82, ['sw-fileNotFound', ETSI('10.2.1.8')]],
  [0x6a83, ['sw-recordNotFound', ETSI('10.2.1.8')]],
  [0x6a84, ['sw-noMemory', ETSI('10.2.1.8')]],
  [0x6a86, ['sw-wrongP1P2', ETSI('10.2.1.8')]],
  [0x6a87, ['sw-lcNotFitting', ETSI('10.2.1.8')]],
  [0x6a88, ['sw-dataNotFound', ETSI('10.2.1.8')]],
  [0x6a89, ['sw-fileExists', 'TS 102 222 6.3']],
  [0x6a8a, ['sw-nameExists', 'TS 102 222 6.3']],
  [0x6b00, ['sw-wrongOffset', ETSI('10.2.1.5')]],
  [0x6d00, ['sw-noInstruction', ETSI('10.2.1.5')]],
  [0x6e00, ['sw-noClass', ETSI('10.2.1.5')]],
  [0x6f00, ['sw-noDiagnosis', ETSI('10.2.1.5')]],
  [0x9850, ['sw-maximumReached', ETSI('10.2.1.9')]],
  [0x9862, ['sw-wrongMac', 'TS 31.102 7.3.1']],
  [0x9863, ['sw-sessionExpired', 'TS 31.102 7.3.1']],
  [0x9864, ['sw-contextNotSupported', 'TS 31.102 7.3.1']],
  [0x9865, ['sw-keyFreshness', 'TS 31.102 7.3.1']],
  [0x9866, ['sw-noMemoryForAuthentication', 'TS 31.102 7.3.1']],
]);

const meaning = (said: Said<StatusCode>, clause: string): StatusMeaning => ({
  said,
  text: STATUS_MEANINGS.words(said),
  clause,
});

/** A status word in words (TS 102 221 10.2, TS 31.102 7.3, GPC 11.1.3). */
export function statusMeaning(statusWord: number): StatusMeaning {
  const { say } = STATUS_MEANINGS;
  const found = WORDS.get(statusWord);
  if (found !== undefined) return meaning(say(found[0]), found[1]);
  const [sw1, sw2] = [statusWord >> 8, statusWord & 0xff];
  const octets = sw2 === 0 ? 256 : sw2;
  if (sw1 === 0x61) return meaning(say('sw-responseWaits', { octets }), ETSI('10.2.1.1'));
  if (sw1 === 0x6c) return meaning(say('sw-wrongLe', { octets }), ETSI('10.2.1.5'));
  if (sw1 === 0x91) return meaning(say('sw-commandWaits', { octets }), ETSI('10.2.1.1'));
  if (sw1 === 0x92) return meaning(say('sw-aboutTransfer'), ETSI('10.2.1.1'));
  if (statusWord >> 4 === 0x63c) return meaning(say('sw-triesLeft', { tries: sw2 & 0x0f }), ETSI('10.2.1.3'));
  return meaning(say('sw-unnamed'), ETSI('10.2'));
}
