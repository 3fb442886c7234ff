import type { Texts } from '../texts.ts';

/** The sign-in, in French. */
export const signIn: Texts['signIn'] = {
  title: 'Connexion',
  name: 'Nom',
  password: 'Mot de passe',
  submit: 'Se connecter',
  missing: 'Remplissez ce champ.',
};
