import type { Operations } from '../../../api/document.ts';

type Effect = Extract<Operations['POST /api/v1/imports']['answer'], { readonly outcome: string }>['effect'];

/** Ce qui est fait à une valeur avant de la garder. */
export const normalisation: Readonly<Record<Effect['normalisations'][number]['said']['code'], string>> = {
  checkDigitDropped: 'chiffre de contrôle retiré',
  spareDigitDropped: '15e chiffre réservé (0) retiré',
  separatorsDropped: 'préfixe ou séparateurs retirés',
  softwareVersionDropped: 'version du logiciel retirée',
  zerosPutBack: 'zéros initiaux rétablis',
  patternOne: 'motif lu comme un seul IMEI',
  patternRange: 'motif lu comme une plage',
  patternImsis: 'motif lu comme des IMSI de 15 chiffres',
};
