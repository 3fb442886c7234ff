import type { AnswerOf } from '../../api/client.ts';
import { type TextName, t } from '../../text/index.ts';

/** One order as the operator tells it. */
export type OrderAnswer = AnswerOf<'GET /api/v1/outbox'>['orders'][number];
/** All of one device. */
export type DeviceAnswer = AnswerOf<'GET /api/v1/devices/{id}'>;

const wordsIn =
  (names: Readonly<Record<string, TextName>>) =>
  (code: string): string => {
    const name = names[code];
    return name === undefined ? code : t(name);
  };

/** An order's name. */
export const orderWords = wordsIn({
  block: 'devices.block',
  unblock: 'devices.unblock',
  stopKeys: 'devices.stopKeys',
  rePair: 'devices.rePair',
  reportNow: 'devices.reportNow',
  permit: 'devices.permit',
  track: 'devices.track',
  setPolicy: 'devices.setPolicy',
  setRoots: 'devices.setRoots',
  rotateKeys: 'devices.rotateKeys',
  script: 'devices.script',
});

/** The outcome of steps 101 and 102. */
export const resultWords = wordsIn({
  proved: 'devices.resultProved',
  provedOther: 'devices.resultProvedOther',
  notProven: 'devices.resultNotProven',
  refuted: 'devices.resultRefuted',
});

/** The state of the lock. */
export const lockWords = wordsIn({
  unproven: 'devices.lockUnproven',
  grace: 'devices.lockGrace',
  enabled: 'devices.lockEnabled',
  tracked: 'devices.lockTracked',
  blockedLocally: 'devices.lockBlockedLocally',
  blockedByOperator: 'devices.lockBlockedByOperator',
  keysStopped: 'devices.lockKeysStopped',
});

/** Why a proof came out as it did. */
export const reasonWords = wordsIn({
  none: 'devices.whyNone',
  noCardReader: 'devices.whyNoCardReader',
  noAnswer: 'devices.whyNoAnswer',
  errorStatusWord: 'devices.whyErrorStatusWord',
  brokenProtection: 'devices.whyBrokenProtection',
  badOctets: 'devices.whyBadOctets',
  profileTooSmall: 'devices.whyProfileTooSmall',
  commandRefused: 'devices.whyCommandRefused',
  terminalBusy: 'devices.whyTerminalBusy',
  userRefused: 'devices.whyUserRefused',
  terminalContradicts: 'devices.whyTerminalContradicts',
  claimedImeiDiffers: 'devices.whyClaimedImeiDiffers',
  pairedImeiDiffers: 'devices.whyPairedImeiDiffers',
  foreignRoot: 'devices.whyForeignRoot',
  counterWentBack: 'devices.whyCounterWentBack',
  pairingLocked: 'devices.whyPairingLocked',
  revoked: 'devices.whyRevoked',
  wrongCryptogram: 'devices.whyWrongCryptogram',
});

/** What an entry of the log is about. */
export const logWords = (kind: string): string => (LOG[kind] === undefined ? t('devices.logOther') : t(LOG[kind]));
const LOG: Readonly<Record<string, TextName>> = {
  issue: 'devices.logIssue',
  list: 'devices.logList',
  setting: 'devices.logSetting',
  check: 'devices.logCheck',
  order: 'devices.logOrder',
  erasure: 'devices.logErasure',
  read: 'devices.logRead',
  alarm: 'devices.logAlarm',
};
