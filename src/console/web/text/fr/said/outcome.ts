import type { AnswerOf } from '../../../api/client.ts';

type Code = NonNullable<AnswerOf<'GET /api/v1/outbox'>['orders'][number]['outcomeSaid']>[number]['code'];

/** How an order can fail, in French. */
export const failure = {
  noProof: 'aucune preuve de réception après {attempts} essais',
  notDelivered: 'jamais annoncé comme remis en {attempts} essais : le terminal semble n’avoir pas eu de service',
  notUnderstood: 'l’UICC ne le comprend pas',
  keysNotTaken: 'l’UICC n’a pas pris les clés',
  refusedByUicc: 'l’UICC l’a refusé avec l’état {status}',
  refusedByCentre: 'le SMSC l’a refusé : {status}',
  olderCopy: 'une copie plus ancienne de la base de données a été remise : redonnez-le s’il est voulu',
} as const;

/** How an order ended, or its last trouble, in French. */
export const outcome: Readonly<Record<Code, string>> = {
  ...failure,
  noUicc: 'aucune UICC de ce numéro',
  keysNotTakenMeanwhile: 'l’UICC a prouvé entre-temps qu’elle n’a pas pris ces clés : demandez-en de nouvelles',
  lockIs: 'état du verrou : {lock}',
  received: 'reçu, sans état',
  holdsKeys: 'l’UICC détient la génération {generation}',
  executed: 'exécuté',
  answerLost: 'était déjà arrivé ; sa réponse est perdue, et aucune norme ne la redonne',
  askedAgain: 'était déjà arrivé, sa réponse est perdue : demandé de nouveau',
  sentAgain: 'était déjà arrivé sans rien changer : envoyé de nouveau',
  replaced: 'l’ordre {number} l’a remplacé',
  afterNewer: 'envoyé de nouveau après un ordre plus récent',
  centreSaid: 'le SMSC a répondu {status}',
  expiredAtCentre: 'son temps au SMSC était écoulé avant que le terminal ait du service : il est envoyé de nouveau',
  notDeliveredByCentre: 'le SMSC y a renoncé ({receipt}) : il est envoyé de nouveau',
  noResponse: 'pas de réponse à temps',
  connectionLost: 'connexion perdue',
  sessionClosed: 'session fermée',
  tooManyWait: 'trop de messages attendent',
  waitedTooLong: 'a attendu trop longtemps',
  otherDirection: 'session ouverte pour l’autre sens',
};
