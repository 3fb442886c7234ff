import type { Operations } from '../../../api/document.ts';

/** Why an erasure leaves something. */
export const remains: Readonly<
  Record<Operations['GET /api/v1/erasures']['answer']['remains'][number]['said']['code'], string>
> = {
  aboutHandset: 'l’inscription concerne le terminal, quel qu’en soit le détenteur ; elle se retire pour elle-même',
  subscriptionLives:
    'l’abonnement est actif : le réseau, la carte et l’opérateur ont besoin de la fiche jusqu’à sa résiliation',
  cardNeedsKeys: 'perdre les clés d’une carte, c’est perdre la carte',
  orderStands: 'ce qu’une personne a ordonné à l’UICC vaut jusqu’à son terme ou son retrait',
  cardWasTold:
    'cela dit ce que la carte a reçu l’ordre de ne plus reconnaître, et l’on ne peut pas interroger la carte',
  orderUnderWay: 'les ordres en cours sont d’abord remis',
  ruleStands: 'la règle vaut jusqu’à ce qu’on la retire elle-même',
  givenToOthers: 'la ligne a été donnée à d’autres opérateurs, et la liste suivante doit dire ce qui a changé',
  goneInSeconds: 'travail en cours, terminé en quelques secondes',
  chainHolds:
    'qui a fait quoi et quand reste avec l’objet de l’entrée, tel que la chaîne du journal le tient ; les détails sont effacés',
  olderCopies: 'les copies faites avant sont plus anciennes que l’effacement ; elles disparaissent à leur échéance',
};
