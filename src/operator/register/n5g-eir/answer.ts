import type { EquipmentStatus } from '../decision.ts';
import type { QueryRefusal } from './query.ts';
import { SERVICE_NAME } from './service.ts';

/** An answer of the service. Answers that do not depend on the request are one object each, so a transport may keep them encoded. */
export interface SbiAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For counters: the status on the wire, or the cause (or status code) of a refusal. */
  readonly outcome: string;
}

/** Causes of ProblemDetails that this service gives: TS 29.511 6.1.7.3 and TS 29.500 table 5.2.7.2-1. */
export type Cause =
  | QueryRefusal['cause']
  | 'INVALID_API'
  | 'RESOURCE_URI_STRUCTURE_NOT_FOUND'
  | 'ERROR_EQUIPMENT_UNKNOWN'
  | 'INCORRECT_URI_LENGTH'
  | 'NF_CONGESTION_RISK'
  | 'NF_CONGESTION'
  | 'SYSTEM_FAILURE'
  | 'TIMED_OUT_REQUEST';

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly cause?: Cause;
  readonly detail?: string;
  /** `param` as TS 29.571 5.2.4.2 writes it: `query pei`. */
  readonly invalidParams?: readonly { readonly param: string; readonly reason: string }[];
}

/** The longest Retry-After, in seconds: an hour. */
const LONGEST_RETRY_SECONDS = 3600;

function answer(
  status: number,
  outcome: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): SbiAnswer {
  return { status, headers: { ...headers, 'content-length': String(body.length) }, body, outcome };
}

/** A ProblemDetails (TS 29.571 5.2.4.1, RFC 9457). */
function problem(what: Problem, headers: Readonly<Record<string, string>> = {}): SbiAnswer {
  const { status, title, cause, detail, invalidParams } = what;
  const body = Buffer.from(JSON.stringify({ title, status, detail, cause, invalidParams }));
  return answer(status, cause ?? String(status), body, { 'content-type': 'application/problem+json', ...headers });
}

function statusAnswer(status: string): SbiAnswer {
  return answer(200, status, Buffer.from(JSON.stringify({ status })), { 'content-type': 'application/json' });
}

/** EirResponseData (TS 29.511 6.1.6.2.2) by what people are told. */
export const STATUS_ANSWERS: Readonly<Record<EquipmentStatus, SbiAnswer>> = {
  permitted: statusAnswer('WHITELISTED'),
  tracking: statusAnswer('GREYLISTED'),
  prohibited: statusAnswer('BLACKLISTED'),
};

/** 404: without this cause an AMF takes it for a failure of the register. */
export const EQUIPMENT_UNKNOWN = problem({
  status: 404,
  title: 'Equipment unknown',
  cause: 'ERROR_EQUIPMENT_UNKNOWN',
});

/** 400: another service, or a version of this one that does not exist. */
export const INVALID_API = problem({
  status: 400,
  title: 'Unknown API or version',
  cause: 'INVALID_API',
  detail: `expected ${SERVICE_NAME}/v1, got another API name or version; ask the NRF for the address`,
});

/** 404: no resource of this service. */
export const NO_RESOURCE = problem({
  status: 404,
  title: 'No such resource',
  cause: 'RESOURCE_URI_STRUCTURE_NOT_FOUND',
  detail: `expected ${SERVICE_NAME}/v1/equipment-status, got another path; see TS 29.511 6.1.3`,
});

/** 405, with a body and, for HEAD, without. */
export const METHOD_NOT_ALLOWED = problem(
  { status: 405, title: 'Method not allowed', detail: 'expected GET, got another method; ask with GET' },
  { allow: 'GET' },
);
/** As METHOD_NOT_ALLOWED, for HEAD, whose answers have no body (RFC 9110 9.3.2). */
export const HEAD_NOT_ALLOWED: SbiAnswer = { ...METHOD_NOT_ALLOWED, body: new Uint8Array(0) };

/** 406: the peer takes no application/json. */
export const NOT_ACCEPTABLE = problem({
  status: 406,
  title: 'Not acceptable',
  detail: 'expected an accept field that admits application/json, got another; accept application/json',
});

/** 413: a body, longer than is read and thrown away. */
export const CONTENT_TOO_LARGE = problem({
  status: 413,
  title: 'Content too large',
  detail: 'expected a request without a body, got a long one; ask with GET and no body',
});

/** 500: the check failed; a fault of ours. */
export const SYSTEM_FAILURE = problem({ status: 500, title: 'The register failed', cause: 'SYSTEM_FAILURE' });

/** 504: the sender stopped waiting before we came to its request (TS 29.500 6.11.2). */
export const TIMED_OUT_REQUEST = problem({
  status: 504,
  title: 'Timed out request',
  cause: 'TIMED_OUT_REQUEST',
  detail: 'the time to answer was over when the request was read; compare the clocks if this happens often',
});

/** 414: a URI of more than `longest` characters. */
export function uriTooLong(longest: number): SbiAnswer {
  return problem({
    status: 414,
    title: 'URI too long',
    cause: 'INCORRECT_URI_LENGTH',
    detail: `expected at most ${longest} characters, got more; send pei, supi, gpsi and supported-features only`,
  });
}

const QUERY_TITLES: Readonly<Record<QueryRefusal['cause'], string>> = {
  MANDATORY_QUERY_PARAM_MISSING: 'Query parameter missing',
  MANDATORY_QUERY_PARAM_INCORRECT: 'Query parameter incorrect',
  INVALID_QUERY_PARAM: 'Invalid query',
};
const queryProblems = new WeakMap<QueryRefusal, SbiAnswer>();

/** 400 for a query that names no equipment. The refusals are constants, so each is written once. */
export function queryProblem(refusal: QueryRefusal): SbiAnswer {
  const { cause, reason } = refusal;
  const known = queryProblems.get(refusal);
  if (known !== undefined) return known;
  const made =
    cause === 'INVALID_QUERY_PARAM'
      ? problem({ status: 400, title: QUERY_TITLES[cause], cause, detail: reason })
      : problem({ status: 400, title: QUERY_TITLES[cause], cause, invalidParams: [{ param: 'query pei', reason }] });
  queryProblems.set(refusal, made);
  return made;
}

const CHALLENGE = `Bearer realm="${SERVICE_NAME}"`;

/** 401 for a request without a token (RFC 6750 3: no error code then). */
export const TOKEN_MISSING = problem(
  {
    status: 401,
    title: 'Token missing',
    detail: `expected a bearer token with scope ${SERVICE_NAME}; get one from the NRF`,
  },
  { 'www-authenticate': CHALLENGE },
);

/** 403 for a token that is good, but for something else (RFC 6750 3.1). */
export const INSUFFICIENT_SCOPE = problem(
  {
    status: 403,
    title: 'Insufficient scope',
    detail: `expected a token with scope ${SERVICE_NAME}; get one from the NRF`,
  },
  { 'www-authenticate': `${CHALLENGE}, error="insufficient_scope", scope="${SERVICE_NAME}"` },
);

/** 401 for a token that is none, too old, for others, or not signed by the NRF (RFC 6750 3.1). `because` is one of our own sentences. */
export function tokenInvalid(because: string): SbiAnswer {
  return problem(
    { status: 401, title: 'Token invalid', detail: because },
    { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  );
}

const RETRY_PROBLEMS = {
  429: {
    title: 'Too many requests',
    cause: 'NF_CONGESTION_RISK',
    detail: 'this peer asks more often than it may; ask again later, or raise its limit',
  },
  503: { title: 'Not available', cause: 'NF_CONGESTION', detail: 'the register does not answer now; ask again later' },
} as const;
const retryAnswers = new Map<number, SbiAnswer>();

/** 429 or 503 with Retry-After: whole seconds, 1 to 3600 (RFC 9110 10.2.3). */
export function retryLater(status: 429 | 503, seconds: number): SbiAnswer {
  const whole = Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_RETRY_SECONDS);
  const key = status * (LONGEST_RETRY_SECONDS + 1) + whole;
  const known = retryAnswers.get(key);
  if (known !== undefined) return known;
  const made = problem({ status, ...RETRY_PROBLEMS[status] }, { 'retry-after': String(whole) });
  retryAnswers.set(key, made);
  return made;
}

/** 307 to the same resource of another register (TS 29.511 6.1.3.2.3.1, RedirectResponse of TS 29.571 5.2.4.37, all of it optional). */
export function temporaryRedirect(location: string): SbiAnswer {
  return answer(307, 'REDIRECTED', Buffer.from('{}'), { 'content-type': 'application/json', location });
}
