import type { AnswerOf } from '../../api/client.ts';
import type { Tone } from '../../part/badge.tsx';
import type { IconName } from '../../part/icon.tsx';
import { language, type TextName, t } from '../../text/index.ts';
import { operatorWords } from '../said-words.ts';

/** One alarm as the operator tells it. */
export type Alarm = AnswerOf<'GET /api/v1/alarms'>['alarms'][number];

const NAMES: Readonly<Record<Alarm['kind'], TextName>> = {
  lyingHandset: 'alarms.kindLyingHandset',
  imeiInTwoSupports: 'alarms.kindImeiInTwoSupports',
  supportCounterWentBack: 'alarms.kindSupportCounterWentBack',
  refutedProof: 'alarms.kindRefutedProof',
  supportShared: 'alarms.kindSupportShared',
  duplicateImei: 'alarms.kindDuplicateImei',
  impossibleTravel: 'alarms.kindImpossibleTravel',
  reportWithheld: 'alarms.kindReportWithheld',
  replayedReport: 'alarms.kindReplayedReport',
  reportMissing: 'alarms.kindReportMissing',
  reportGap: 'alarms.kindReportGap',
  orderUnanswered: 'alarms.kindOrderUnanswered',
  unreadableReport: 'alarms.kindUnreadableReport',
  silentTerminal: 'alarms.kindSilentTerminal',
  movedHandset: 'alarms.kindMovedHandset',
  webhookUndelivered: 'alarms.kindWebhookUndelivered',
};
const MEANINGS: Readonly<Record<Alarm['kind'], TextName>> = {
  lyingHandset: 'alarms.meaningLyingHandset',
  imeiInTwoSupports: 'alarms.meaningImeiInTwoSupports',
  supportCounterWentBack: 'alarms.meaningSupportCounterWentBack',
  refutedProof: 'alarms.meaningRefutedProof',
  supportShared: 'alarms.meaningSupportShared',
  duplicateImei: 'alarms.meaningDuplicateImei',
  impossibleTravel: 'alarms.meaningImpossibleTravel',
  reportWithheld: 'alarms.meaningReportWithheld',
  replayedReport: 'alarms.meaningReplayedReport',
  reportMissing: 'alarms.meaningReportMissing',
  reportGap: 'alarms.meaningReportGap',
  orderUnanswered: 'alarms.meaningOrderUnanswered',
  unreadableReport: 'alarms.meaningUnreadableReport',
  silentTerminal: 'alarms.meaningSilentTerminal',
  movedHandset: 'alarms.meaningMovedHandset',
  webhookUndelivered: 'alarms.meaningWebhookUndelivered',
};

/** Every kind, the gravest first. */
export const KINDS = Object.keys(NAMES) as readonly Alarm['kind'][];
/** True for a kind of alarm. */
export const isKind = (text: string): text is Alarm['kind'] => Object.hasOwn(NAMES, text);
/** A kind in words. */
export const kindWords = (kind: Alarm['kind']): string => t(NAMES[kind]);

/** True when an alarm is older than the codes of what it says: in another language only its kind can be told. */
export const isOnlyEnglish = ({ said }: Pick<Alarm, 'said'>): boolean => said === undefined && language.get() !== 'en';

/** What is said of an alarm, with its numbers. */
export const alarmWords = (alarm: Pick<Alarm, 'kind' | 'text' | 'said'>): string =>
  isOnlyEnglish(alarm) ? t(MEANINGS[alarm.kind]) : operatorWords('finding', alarm.said, alarm.text);

/** Severities, the gravest first. */
export const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;
/** How each severity looks. */
export const SEVERITY_LOOK: Readonly<Record<Alarm['severity'], readonly [Tone, IconName]>> = {
  critical: ['bad', 'prohibited'],
  major: ['bad', 'tracking'],
  minor: ['watch', 'alarm'],
  warning: ['plain', 'claimed'],
};

/** States of an alarm. */
export const STATES = ['unsettled', 'open', 'acknowledged', 'closed', 'any'] as const;
const STATE_NAMES: Readonly<Record<(typeof STATES)[number], TextName>> = {
  unsettled: 'alarms.stateUnsettled',
  open: 'alarms.stateOpen',
  acknowledged: 'alarms.stateAcknowledged',
  closed: 'alarms.stateClosed',
  any: 'alarms.stateAny',
};
/** A state in words. */
export const stateWords = (state: (typeof STATES)[number]): string => t(STATE_NAMES[state]);
