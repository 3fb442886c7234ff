import type { TObject } from 'typebox';
import { IdentityError } from '#base/identity/index.ts';
import { type Refusal, RefusalError, refusalAbout } from '#base/sentence/index.ts';
import { AccessError } from '#operator/access/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { type Operation, queryOf } from './operation.ts';
import { ProblemError, type ProblemWords } from './problem.ts';
import { REQUEST } from './refusals.ts';
import { tooLarge } from './streamed-body.ts';

/** Seconds after which a locked or full database may be asked again. */
const DATABASE_PAUSE = 2;

const ACCESS_CODES = {
  invalid: 'invalid-value',
  conflict: 'conflict',
  missing: 'no-such-resource',
  busy: 'unavailable',
} as const;

const unreadable = (why: 'badAddress' | 'emptyBody' | 'notJson' | 'wrongContentLength' | 'strangeMembers') =>
  new ProblemError('malformed-request', REQUEST.say(why));

/** What fastify says about a request that it could not read. */
const FRAMEWORK: Readonly<Record<string, (limit: number) => ProblemError>> = {
  FST_ERR_BAD_URL: () => unreadable('badAddress'),
  FST_ERR_CTP_BODY_TOO_LARGE: tooLarge,
  FST_ERR_CTP_EMPTY_JSON_BODY: () => unreadable('emptyBody'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => unreadable('notJson'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => unreadable('wrongContentLength'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new ProblemError('unsupported-media-type', REQUEST.say('notJsonType')),
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Members by which operations call what a room refuses under a name of its own. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  password: ['password', 'next'],
  expiry: ['expiresAt'],
  change: ['id'],
  ICCID: ['iccid'],
  range: ['lastImei'],
  IMEIs: ['lastImei'],
  IMSIs: ['lastImsi'],
  IMEI: ['imei', 'id'],
  TAC: ['tac'],
  IMSI: ['imsi'],
  MSISDN: ['msisdn'],
};

/** Where in the request that is which a room refuses as `about`, when the operation has such a member. */
function placeOf(about: string | undefined, operation: Operation | undefined): string | undefined {
  if (about === undefined || operation === undefined) return undefined;
  const { body, params } = operation;
  for (const name of MEMBERS[about] ?? [about]) {
    if (Object.hasOwn((body as Partial<TObject> | undefined)?.properties ?? {}, name)) return `/${name}`;
    if (Object.hasOwn({ ...queryOf(operation)?.properties, ...params?.properties }, name)) return name;
  }
  return undefined;
}

/** What a room says, with the place it is about, or else with the room's own word for it. */
function placed(refusal: Refusal, about: string | undefined, operation: Operation | undefined): ProblemWords {
  const at = placeOf(about, operation);
  if (at !== undefined) return { ...refusal, at };
  return about === undefined ? refusal : refusalAbout(refusal, about);
}

/**
 * The problem that an error is for whoever asked for `operation`; undefined when it is a fault of this program. `limit`: octets that the body may
 * have.
 */
export function problemOf(error: unknown, limit: number, operation?: Operation): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof IdentityError)
    return new ProblemError('invalid-value', placed(error.refusal, error.identity, operation));
  if (error instanceof AccessError) {
    const words = placed(error.refusal, error.about, operation);
    const retryAfter = error.because === 'busy' ? { retryAfter: DATABASE_PAUSE } : {};
    return new ProblemError(ACCESS_CODES[error.because], { ...words, ...retryAfter });
  }
  if (error instanceof DatabaseError)
    return new ProblemError('unavailable', {
      ...REQUEST.say(error.temporary ? 'databaseLocked' : 'databaseUnusable'),
      retryAfter: DATABASE_PAUSE,
    });
  if (error instanceof RefusalError)
    return new ProblemError('invalid-value', placed(error.refusal, error.about, operation));
  const framework = FRAMEWORK[codeOf(error)];
  if (framework !== undefined) return framework(limit);
  // secure-json-parse: a member named __proto__.
  if (error instanceof SyntaxError && 'statusCode' in error) return unreadable('strangeMembers');
  return undefined;
}

/** The problem of a fault inside, which tells nothing of it. */
export const faultProblem = (): ProblemError => new ProblemError('fault', REQUEST.say('faultInside'));
