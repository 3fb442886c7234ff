import type { Catalogue } from '../catalogue.ts';

/** The sign-in. */
export const signIn = {
  title: 'Sign in',
  name: 'Name',
  password: 'Password',
  submit: 'Sign in',
  missing: 'Fill this in.',
} as const satisfies Catalogue;
