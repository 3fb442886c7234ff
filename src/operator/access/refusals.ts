import { refusals } from '#base/sentence/index.ts';

/** Why tokens, users and sessions are not changed so. */
export const ACCESS_REFUSALS = refusals({
  badName: ['1 to {longest} letters, digits, spaces or . _ @ -', 'another name', 'correct the name'],
  reservedName: ["a person's name", "'{name}', as which a part of the operator signs", 'choose another'],
  noAuthor: ['a name', 'nothing', 'say who does it'],
  badReason: ['1 to {longest} characters', '{came}', 'say why, in a few words'],
  badPassword: [
    'at least {shortest} characters, at most {longest} octets in UTF-8, and not the name',
    'another',
    'choose a longer one; several words are easy to keep in mind',
  ],
  passwordChangedMeanwhile: ['that the present one stands', 'one changed meanwhile', 'sign in again'],
  tooManyPasswords: ['at most {most} at the same time', 'one more', 'try again'],
  badTokenExpiry: ['a time to come, at most {days} days ahead', 'another', 'choose a day within that time'],
  userExists: ['a name that no user has', "'{name}'", 'choose another'],
  livingTokenExists: ['a name that no living token has', "'{name}'", 'revoke that token first, or choose another name'],
  userMakesToken: ['the name of nobody else', "'{name}', a user who makes a token of this name", 'choose another'],
  lastAdministrator: ['another administrator who can sign in', 'the last one', 'make another administrator first'],
  noSuchUser: ['the number of a user', '{id}, which is of none', 'look at the list of users'],
  noSuchToken: ['the number of a token', '{id}, which is of none', 'look at the list of tokens'],
  noSuchSession: ['the number of a session of this user', '{id}, which is of none', 'look at the list of sessions'],
  tokenRevokedAlready: ['a token that is not revoked yet', 'one that is', 'look at the list of tokens'],
  firstLinkEnded: ['the newest link, used once and within a day', 'another', 'start the operator again for another'],
});
