import type { Catalogue } from '../catalogue.ts';

/** Titles of the API's problems, by code. */
export const problem = {
  'malformed-request': 'The request cannot be read.',
  'invalid-value': 'A value is not what was expected.',
  'token-needed': 'You are not signed in.',
  'token-refused': 'The token opens nothing.',
  'session-ended': 'Your session has ended. Sign in again.',
  'sign-in-refused': 'Name and password do not belong together.',
  'foreign-origin': 'The request came from another page.',
  'not-permitted': 'Your role may not do this.',
  'no-such-resource': 'It is not there.',
  'method-not-allowed': 'That cannot be done to it.',
  'too-slow': 'The request did not arrive in time.',
  conflict: 'It does not fit what stands there.',
  'change-refused': 'The change is larger than allowed.',
  'too-large': 'That is too large.',
  'unsupported-media-type': 'The file is of another type.',
  'wrong-host': 'The request was for somebody else.',
  'unusable-file': 'The file is no list.',
  'rate-limited': 'Too many requests. Wait a little.',
  fault: 'A fault inside the operator.',
  unavailable: 'It cannot be done now.',
  unreachable: 'The operator does not answer.',
  other: 'It did not work.',
} as const satisfies Catalogue;
