import type { Texts } from '../texts.ts';

/** Titles of the API's problems, by code, in French. */
export const problem: Texts['problem'] = {
  'malformed-request': 'La demande ne peut pas être lue.',
  'invalid-value': 'Une valeur n’est pas celle attendue.',
  'token-needed': 'Vous n’êtes pas connecté.',
  'token-refused': 'Ce jeton ne donne aucun accès.',
  'session-ended': 'Votre session est terminée. Connectez-vous de nouveau.',
  'sign-in-refused': 'Nom ou mot de passe incorrect.',
  'foreign-origin': 'La demande venait d’une autre page.',
  'not-permitted': 'Votre rôle ne le permet pas.',
  'no-such-resource': 'Cela n’existe pas.',
  'method-not-allowed': 'Cela ne peut pas être fait ici.',
  'too-slow': 'La demande n’est pas arrivée à temps.',
  conflict: 'La demande est incompatible avec l’état actuel.',
  'change-refused': 'La modification dépasse ce qui est permis.',
  'too-large': 'C’est trop volumineux.',
  'unsupported-media-type': 'Le fichier est d’un autre type.',
  'wrong-host': 'La demande était destinée à quelqu’un d’autre.',
  'unusable-file': 'Le fichier n’est pas une liste.',
  'rate-limited': 'Trop de demandes. Attendez un peu.',
  fault: 'Une panne interne de l’opérateur.',
  unavailable: 'Impossible pour le moment.',
  unreachable: 'L’opérateur ne répond pas.',
  other: 'Cela n’a pas fonctionné.',
};
