import type { Texts } from '../texts.ts';

/** Why the register decides as it does, in French. */
export const reason: Texts['reason'] = {
  registerOff: 'Le registre est arrêté.',
  trackOnly: 'Le registre ne fait que suivre : ce qui serait interdit est admis et consigné.',
  blackList: 'L’IMEI est sur la liste noire.',
  greyList: 'L’IMEI est sur la liste grise.',
  whiteList: 'L’IMEI est sur la liste blanche.',
  blackRange: 'L’IMEI est dans une plage de la liste noire.',
  greyRange: 'L’IMEI est dans une plage de la liste grise.',
  whiteRange: 'L’IMEI est dans une plage de la liste blanche.',
  spared: 'L’inscription vise les copies de cet IMEI ; ce terminal est celui qui le prouve.',
  allowedPair: 'Cet abonné peut utiliser ce terminal quoi que disent les listes.',
  lockedHandset: 'Le terminal est réservé à d’autres abonnés.',
  lockedSubscriber: 'L’abonné est limité à d’autres terminaux.',
  lyingHandset: 'Le support de stockage de ce terminal prouve un autre IMEI que celui déclaré.',
  proofExpected:
    'L’UICC a prouvé un autre IMEI auparavant : la SIM a changé de terminal, ou le terminal ment. Son rapport est attendu.',
  proofMissing: 'L’UICC a prouvé un autre IMEI auparavant, et aucun rapport n’est arrivé à temps.',
  refutedProof: 'L’UICC a réfuté l’IMEI de ce terminal.',
  notProven: 'Le terminal n’a pas prouvé son IMEI.',
  revoked: 'Le support de stockage de ce terminal est révoqué.',
  pairingLocked: 'Cette UICC appartient à un autre terminal et lui est verrouillée.',
  clone: 'Un autre terminal prouve cet IMEI ; celui-ci ne le prouve pas.',
  genuine: 'Ce terminal prouve l’IMEI ; les autres ne font que le déclarer.',
  bogusImei: 'Ce numéro n’est l’IMEI d’aucun fabricant.',
  unallocatedTac: 'Le code d’attribution de type (TAC) de cet IMEI n’a été attribué à aucun fabricant.',
  commanded: 'Une personne de l’opérateur l’a ordonné.',
  proved: 'L’UICC a prouvé cet IMEI.',
  notListed: 'Rien n’est connu contre cet IMEI.',
  imsiDefault:
    'Rien n’est connu contre cet IMEI ; ce qui vaut pour de tels abonnés d’après les premiers chiffres de leur IMSI s’applique.',
};
