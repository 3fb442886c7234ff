import type { AnswerOf } from '../../api/client.ts';
import type { Tone } from '../../part/badge.tsx';
import type { IconName } from '../../part/icon.tsx';
import { type TextName, t } from '../../text/index.ts';

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

/** Every kind, the gravest first. */
export const KINDS = Object.keys(NAMES) as readonly Alarm['kind'][];
/** A kind in words. */
export const kindWords = (kind: Alarm['kind']): string => t(NAMES[kind]);

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
