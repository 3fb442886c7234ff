import { type Said, sentences } from '#base/sentence/index.ts';

/** How an order to a UICC can fail, as the gateway says it. */
export const ORDER_FAILURES = {
  noProof: 'no proof of receipt after {attempts} attempts',
  notDelivered: 'never said to be delivered in {attempts} attempts: the handset seems to have had no service',
  notUnderstood: 'the UICC does not understand it',
  keysNotTaken: 'the UICC did not take the keys',
  refusedByUicc: 'the UICC refused it with status {status}',
  refusedByCentre: 'the SMSC refused it: {status}',
  olderCopy: 'an older copy of the database was put back: give it again if it is wanted',
} as const;

/** What findings say: one of these, or several after each other, each with what is in it. */
export const FINDING_SENTENCES = sentences({
  // Of a report.
  refutedProof: 'The UICC refuted the IMEI of its handset: {proofReason}.',
  lyingHandset: 'The handset told the network IMEI {claimed}; its storage support proves {proved}.',
  movedHandset: 'The UICC moved to the handset with IMEI {imei} from the one with {before}.',
  counterWentBack:
    'Storage support {support} reports counter {counter} after {before}: a copy, or an old state restored.',
  supportShared:
    'Storage support {support} proves IMEI {imei} to {uiccs} UICCs: a SIM that moved, a second SIM, or a relay.',
  imeiInTwoSupports: 'IMEI {imei} is proved by two storage supports, {support} and {other}: ask their maker.',
  silentTerminal:
    'A terminal authenticated with this UICC and carried neither a proof nor a report; the next terminal told. It has no toolkit, or suppresses it.',
  // Of many handsets with one IMEI; one of the arguments below follows.
  severalSubscribers: 'IMEI {imei} is in several handsets: {subscribers} subscribers use it (ITU-T Q.5052 7.1.1).',
  aboutSubscribers: 'IMEI {imei} is in several handsets: about {subscribers} subscribers use it (ITU-T Q.5052 7.1.1).',
  severalADay:
    'IMEI {imei} is in several handsets: {subscribers} subscribers use it on an average day (ITU-T Q.5052 7.1.2).',
  conflicts:
    'IMEI {imei} is in several handsets: {conflicts} times within a day it was used by one subscriber in between two uses by another, or too far away (ITU-T Q.5052 7.4).',
  travel:
    'IMEI {imei} was used {kilometres} km apart within {minutes} minutes, by two subscribers (ITU-T Q.5052 7.4): it is in two handsets.',
  nobodyProves: 'No handset proves this IMEI: which one is genuine is not known.',
  severalProve: 'Storage supports {supports} all prove this IMEI: nobody is named genuine; ask their maker.',
  provedSession: 'Its storage support {support} proved the IMEI with session keys on {at}; the others only claim it.',
  provedStatic: 'Its storage support {support} proved the IMEI with static keys on {at}; the others only claim it.',
  provedOnce: 'Its storage support {support} proved the IMEI; the others only claim it.',
  provedToSeveral: 'It proved it to {uiccs} UICCs, this one last: one handset whose SIM was changed.',
  // Of silence.
  neverReported:
    'The network sees this UICC, but it never reported: its reports are suppressed, or its handset cannot carry them.',
  notSince:
    'The network is told another IMEI than this UICC proved; it was asked and does not report: its reports are suppressed, or its handset cannot carry them.',
  reportGap:
    'Report {counter} of this UICC came after report {before}: {missing} between them never arrived. They were lost on the way, or withheld.',
  replayedReport: 'An old report of this UICC was sent again.',
  unreadableReport: 'A report of this UICC cannot be read: {problem}',
  // How it failed follows.
  orderFailed: 'Order {number} ({order}) did not succeed:',
  ...ORDER_FAILURES,
  // Of webhooks.
  eventsTooOld: 'Webhook {webhook} ({address}): {events} events became too old before they could be queued.',
  answeredOther:
    'Webhook {webhook} ({address}): event {event} was not taken in {attempts} attempts: it answered {status}.',
  notReached: 'Webhook {webhook} ({address}): event {event} was not taken in {attempts} attempts: {trouble}.',
});

/** The code of a sentence of findings. */
export type FindingCode = (typeof FINDING_SENTENCES.codes)[number];
/** A sentence of a finding. */
export type FindingSaid = Said<FindingCode>;
