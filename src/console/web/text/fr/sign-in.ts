import type { Texts } from '../texts.ts';

/** The sign-in, and who is signed in, in French. */
export const signIn: Texts['signIn'] = {
  title: 'Connexion',
  name: 'Nom',
  password: 'Mot de passe',
  submit: 'Se connecter',
  missing: 'Remplissez ce champ.',
  nobody: 'Personne ne peut encore se connecter ici.',
  nobodyHow:
    'Là où l’opérateur fonctionne, un lien a été affiché au démarrage : il crée le premier administrateur. Ou exécutez là-bas : {command}',
  noWay:
    'Il y a ici des jetons pour des programmes, et pas d’utilisateur. Là où l’opérateur fonctionne, créez le premier : {command}',
  firstTitle: 'Créer le premier administrateur',
  firstText: 'Ce lien ne sert qu’une fois. La personne créée ici peut tout faire, et crée les autres.',
  firstPassword: 'Au moins {shortest} caractères, et pas le nom.',
  firstSubmit: 'Créer l’administrateur et se connecter',
  firstGone: 'Ce lien n’est pas complet.',
  firstGoneText:
    'Ouvrez-le exactement comme il a été affiché là où l’opérateur fonctionne : ce qui suit # en fait partie.',
  account: 'Mot de passe et sessions',
  openId: 'Se connecter avec {label}',
  'openId-noRole':
    'Vous y êtes connu, mais aucun rôle ne vous est destiné ici. Adressez-vous à qui attribue les rôles chez votre fournisseur.',
  'openId-nameTaken': 'Un autre utilisateur porte déjà votre nom ici. Adressez-vous à un administrateur.',
  'openId-disabled': 'Votre compte est désactivé ici. Adressez-vous à un administrateur.',
  'openId-refused': 'Le fournisseur ne vous a pas connecté, ou la connexion a pris trop de temps. Réessayez.',
  'openId-unreachable': 'Le fournisseur ne répond pas. Réessayez plus tard.',
  signOut: 'Se déconnecter',
  signedInAs: 'Connecté : {name}, {role}.',
  loopback: 'Vous regardez en tant que personne sur cette machine, tant que personne n’a de compte.',
  laboratory:
    'Le laboratoire se connecte seul, sur cette machine uniquement. Deux personnes, pour que l’une approuve ce que l’autre propose.',
  person: 'Vous agissez en tant que',
  laboratoryOne: 'première personne',
  laboratoryTwo: 'seconde personne',
};
