import type { AnswerOf } from '../../../api/client.ts';
import { failure } from './outcome.ts';

type Code = NonNullable<AnswerOf<'GET /api/v1/alarms'>['alarms'][number]['said']>[number]['code'];

/** What findings say, in French. */
export const finding: Readonly<Record<Code, string>> = {
  refutedProof: 'L’UICC a réfuté l’IMEI de son terminal : {proofReason}.',
  lyingHandset: 'Le terminal a annoncé au réseau l’IMEI {claimed} ; son support de stockage prouve {proved}.',
  movedHandset: 'L’UICC est passée dans le terminal à l’IMEI {imei} ; elle était dans celui à l’IMEI {before}.',
  counterWentBack:
    'Le support de stockage {support} annonce le compteur {counter} après {before} : une copie, ou un ancien état rétabli.',
  supportShared:
    'Le support de stockage {support} prouve l’IMEI {imei} à {uiccs} UICC : une SIM déplacée, une seconde SIM, ou un relais.',
  imeiInTwoSupports:
    'L’IMEI {imei} est prouvé par deux supports de stockage, {support} et {other} : demandez à leur fabricant.',
  silentTerminal:
    'Un terminal s’est authentifié avec cette UICC sans porter ni preuve ni rapport ; le terminal suivant l’a révélé. Il ne gère pas le SIM Toolkit, ou le restreint.',
  severalSubscribers:
    'L’IMEI {imei} est dans plusieurs terminaux : {subscribers} abonnés l’utilisent (ITU-T Q.5052 7.1.1).',
  aboutSubscribers:
    'L’IMEI {imei} est dans plusieurs terminaux : environ {subscribers} abonnés l’utilisent (ITU-T Q.5052 7.1.1).',
  severalADay:
    'L’IMEI {imei} est dans plusieurs terminaux : {subscribers} abonnés l’utilisent un jour moyen (ITU-T Q.5052 7.1.2).',
  conflicts:
    'L’IMEI {imei} est dans plusieurs terminaux : {conflicts} fois en un jour, un abonné l’a utilisé entre deux usages par un autre, ou trop loin (ITU-T Q.5052 7.4).',
  travel:
    'L’IMEI {imei} a été utilisé à {kilometres} km de distance en {minutes} minutes, par deux abonnés (ITU-T Q.5052 7.4) : il est dans deux terminaux.',
  nobodyProves: 'Aucun terminal ne prouve cet IMEI : on ne sait pas lequel est authentique.',
  severalProve:
    'Les supports de stockage {supports} prouvent tous cet IMEI : aucun n’est désigné comme authentique ; demandez à leur fabricant.',
  provedSession:
    'Son support de stockage {support} a prouvé l’IMEI par des clés de session le {at} ; les autres ne font que le déclarer.',
  provedStatic:
    'Son support de stockage {support} a prouvé l’IMEI par des clés statiques le {at} ; les autres ne font que le déclarer.',
  provedOnce: 'Son support de stockage {support} a prouvé l’IMEI ; les autres ne font que le déclarer.',
  provedToSeveral: 'Il l’a prouvé à {uiccs} UICC, celle-ci la dernière : un seul terminal dont la SIM a changé.',
  neverReported:
    'Le réseau voit cette UICC, mais elle n’a jamais envoyé de rapport : ses rapports sont supprimés, ou son terminal ne peut pas les porter.',
  notSince:
    'Le réseau entend un autre IMEI que celui que cette UICC a prouvé ; interrogée, elle n’envoie pas de rapport : ses rapports sont supprimés, ou son terminal ne peut pas les porter.',
  reportGap:
    'Le rapport {counter} de cette UICC est arrivé après le rapport {before} ; entre les deux, il en manque {missing}. Ils ont été perdus en route, ou retenus.',
  replayedReport: 'Un ancien rapport de cette UICC a été envoyé de nouveau.',
  unreadableReport: 'Un rapport de cette UICC est illisible : {problem}',
  orderFailed: 'L’ordre {number} ({order}) a échoué :',
  ...failure,
  eventsTooOld: 'Webhook {webhook} ({address}) : {events} événements, trop anciens avant d’avoir pu être mis en file.',
  answeredOther:
    'Webhook {webhook} ({address}) : l’événement {event} n’a pas été accepté en {attempts} essais ; réponse {status}.',
  notReached:
    'Webhook {webhook} ({address}) : l’événement {event} n’a pas été accepté en {attempts} essais : {trouble}.',
};
