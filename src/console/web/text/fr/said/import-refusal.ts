import type { Problem } from '../../../api/document.ts';

/** Pourquoi un fichier lisible n’est pas importé. */
export const importRefusal: Readonly<Record<NonNullable<Problem['refusal']>['code'], string>> = {
  changesMany:
    'le fichier modifie {changes} entrées, la limite est {most} ; regardez l’effet, puis relevez la limite s’il est juste',
  shrinks:
    'le fichier retire {removed} des {before} entrées ; est-il abîmé ? S’il est juste, fixez la limite des modifications',
  hitsMany:
    'le fichier touche {hits} de nos propres abonnés, la limite est {most} ; regardez-le, puis relevez la limite',
  deltaGap:
    'le fichier différentiel mène du passage {base} au passage {run}, mais le dernier de {source} menait au passage {last} ; importez la liste entière du passage {run}, ou les fichiers intermédiaires',
  tacsShrink: 'la table passerait de {before} à {after} TAC ; le fichier est-il abîmé ? Autorisez-le s’il est juste',
};
