/** Les parties de l’opérateur qui signent elles-mêmes ; un nom de personne reste tel qu’il est. */
export const author = {
  network: 'le réseau',
  UICC: 'l’UICC',
  register: 'le registre',
  evidence: 'l’examen des preuves',
  operator: 'l’opérateur',
  retention: 'la purge automatique',
  loopback: 'cette machine',
  anyone: 'un inconnu',
  laboratory: 'le laboratoire',
  'laboratory 2': 'le laboratoire 2',
  'assay demo': 'la démonstration',
};
