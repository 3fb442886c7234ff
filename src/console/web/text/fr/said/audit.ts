import type { AnswerOf } from '../../../api/client.ts';

type Subject = NonNullable<NonNullable<AnswerOf<'GET /api/v1/audit'>['entries'][number]['said']>['subject']>[number];
type Fault = NonNullable<AnswerOf<'GET /api/v1/audit/verification'>['fault']>['said'];

/** Ce sur quoi porte une entrée du journal, quand cela n’a ni nom ni chiffres à soi. */
export const auditSubject: Readonly<Record<Subject['code'], string>> = {
  alarm: 'alarme {number}',
  batch: 'import {batch}',
  certificate: 'certificat {serial}',
  database: 'base de données',
  fleet: 'parc d’UICC',
  imsiPrefix: 'IMSI {prefix}',
  maker: 'fabricant {identifier}',
  makers: 'fabricants',
  olderThanKept: 'données arrivées à échéance',
  person: 'une personne',
  range: '{first} à {last}',
  run: 'édition {run} des listes',
  tac: 'TAC {tac}',
  tacTable: 'table des TAC',
  webhook: 'webhook {webhook}',
};

/** Pourquoi la chaîne du journal ne tient pas à une entrée. */
export const auditFault: Readonly<Record<Fault['code'], string>> = {
  detailChanged: 'son détail a été modifié',
  changedOrInserted: 'elle a été modifiée ou insérée',
  missing: 'l’entrée {entry} manque',
  notTheNoted: 'ce n’est pas l’entrée qui avait été notée',
  cut: 'le journal a été coupé : l’entrée {entry} avait été notée et n’y est plus',
};
