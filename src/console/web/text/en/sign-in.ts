import type { Catalogue } from '../catalogue.ts';

/** The sign-in, and who is signed in. */
export const signIn = {
  title: 'Sign in',
  name: 'Name',
  password: 'Password',
  submit: 'Sign in',
  missing: 'Fill this in.',
  nobody: 'Nobody can sign in here yet.',
  nobodyHow:
    'Where the operator runs, a link was printed when it started: it makes the first administrator. Or run there: {command}',
  noWay: 'There are tokens for programs here, and no users. Where the operator runs, make the first one: {command}',
  firstTitle: 'Make the first administrator',
  firstText: 'This link works once. Whoever you make here may do everything, and makes the others.',
  firstPassword: 'At least {shortest} characters, and not the name.',
  firstSubmit: 'Make the administrator and sign in',
  firstGone: 'This link is not complete.',
  firstGoneText: 'Open it exactly as it was printed where the operator runs: what stands behind # belongs to it.',
  account: 'Password and sessions',
  openId: 'Sign in with {label}',
  'openId-noRole': 'You are known there, but no role here is meant for you. Ask whoever gives roles at your provider.',
  'openId-nameTaken': 'Another user here has your name already. An administrator can change that.',
  'openId-disabled': 'Your user is disabled here. Ask an administrator.',
  'openId-refused': 'The provider did not sign you in, or the sign-in took too long. Try again.',
  'openId-unreachable': 'The provider does not answer. Try again later.',
  signOut: 'Sign out',
  signedInAs: 'Signed in as {name}, {role}.',
  loopback: 'You look on as somebody on this machine, while nobody has an account.',
  laboratory:
    'The laboratory signs in by itself, on this machine only. Two people, so that one can approve what the other proposes.',
  person: 'You act as',
  laboratoryOne: 'first person',
  laboratoryTwo: 'second person',
} as const satisfies Catalogue;
