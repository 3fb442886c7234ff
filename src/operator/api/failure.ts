import { IdentityError } from '#base/identity/index.ts';
import { AccessError } from '#operator/access/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { identityProblem } from './given.ts';
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

/** `expected …, got …` of a message made by another room, as words. */
export function wordsIn(message: string): ProblemWords {
  const [, at = '', expected = message, got = 'another value'] =
    /^(?:([\w ]+): )?expected (.*?)(?:, got (.*))?$/s.exec(message) ?? [];
  return { expected: at === '' ? expected : `${at}: ${expected}`, got, advice: 'correct the value' };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** The problem that an error is for whoever asked; undefined when it is a fault of this program. `limit`: octets that the body may have. */
export function problemOf(error: unknown, limit: number): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof IdentityError) return identityProblem(error, error.identity);
  if (error instanceof AccessError) return new ProblemError(ACCESS_CODES[error.because], accessWords(error));
  if (error instanceof DatabaseError)
    return new ProblemError('unavailable', {
      ...REQUEST.say(error.temporary ? 'databaseLocked' : 'databaseUnusable'),
      retryAfter: DATABASE_PAUSE,
    });
  // The rooms refuse values that make no sense this way, and say what they expected.
  if (error instanceof RangeError && error.message.includes('expected '))
    return new ProblemError('invalid-value', wordsIn(error.message));
  const framework = FRAMEWORK[codeOf(error)];
  if (framework !== undefined) return framework(limit);
  // secure-json-parse: a member named __proto__.
  if (error instanceof SyntaxError && 'statusCode' in error) return unreadable('strangeMembers');
  return undefined;
}

function accessWords({ message, because }: AccessError): ProblemWords {
  if (because === 'invalid') return wordsIn(message);
  if (because === 'busy') return { ...wordsIn(message), advice: 'try again', retryAfter: DATABASE_PAUSE };
  return { expected: 'another state of tokens and users', got: message, advice: 'look at the list of them' };
}

/** The problem of a fault inside, which tells nothing of it. */
export const faultProblem = (): ProblemError => new ProblemError('fault', REQUEST.say('faultInside'));
