import type { AnswerOf } from '../../../api/client.ts';
import { reason as reasons } from '../reason.ts';

type Said = NonNullable<AnswerOf<'GET /api/v1/audit'>['entries'][number]['said']>;
type Code = NonNullable<Said['reason']>[number]['code'];

/** What reasons of decisions, orders and changes of users say, in French. */
export const reason: Readonly<Record<Code, string>> = {
  ...reasons,
  note: '({note})',
  listReason: '({listReason})',
  listReasonNote: '({listReason} : {note})',
  ofTac: '(TAC {tac})',
  ofRange: '({first} à {last})',
  byPrefix: '({prefix} : {status})',
  byPrefixNote: '({prefix} : {status}, {note})',
  byProof: '({proofReason})',
  provedImei: '(prouvé : {imei})',
  provedBefore: '(prouvé auparavant : {imei})',
  claimedImei: '(déclaré : {imei})',
  toldOther: '(un autre IMEI a été annoncé au réseau)',
  orderExpired: 'L’ordre ({order}) a pris fin.',
  written: '{words}',
  certificateRevoked: 'le certificat {serial} est révoqué : {words}',
  rootsChanged: 'les fabricants reconnus par l’UICC ont changé : elle peut prouver à nouveau',
  byTheUser: 'par l’utilisateur',
  firstLink: 'lien de première connexion',
  asProviderSays: 'selon le fournisseur OpenID',
};
