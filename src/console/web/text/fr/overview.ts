import type { Texts } from '../texts.ts';

/** Screen 1, in French. */
export const overview: Texts['overview'] = {
  title: 'Vue d’ensemble',
  uiccs: { one: 'UICC émise', other: 'UICC émises' },
  proved: 'Prouvés',
  claimed: 'Seulement déclarés',
  refuted: 'Réfutés',
  ordersWaiting: 'Ordres en cours',
  ordersFailed: 'Ordres en échec',
  lists: 'Listes',
  list: 'Liste',
  entries: 'Entrées',
  expired: 'Dont expirées',
  black: 'Interdit',
  grey: 'Suivi',
  white: 'Autorisé',
  trouble: 'La passerelle est en difficulté : {problem}',
};
