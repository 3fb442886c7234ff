import type { Clock } from '#base/port/index.ts';
import type { EquipmentStatus } from '../decision.ts';
import type { EquipmentAnswer, EquipmentCheck } from '../front.ts';
import {
  EQUIPMENT_UNKNOWN,
  HEAD_NOT_ALLOWED,
  INSUFFICIENT_SCOPE,
  INVALID_API,
  METHOD_NOT_ALLOWED,
  NO_RESOURCE,
  NOT_ACCEPTABLE,
  queryProblem,
  retryLater,
  type SbiAnswer,
  STATUS_ANSWERS,
  SYSTEM_FAILURE,
  TIMED_OUT_REQUEST,
  TOKEN_MISSING,
  temporaryRedirect,
  tokenInvalid,
  uriTooLong,
} from './answer.ts';
import { type EquipmentQuery, readCommonQuery, readQuery } from './query.ts';
import {
  acceptJudge,
  type Correlation,
  headerValue,
  isTooLate,
  nfTypeOf,
  type Patience,
  parseCorrelationInfo,
  parseMessagePriority,
  type SbiHeaders,
} from './sbi-header.ts';
import { API_VERSION, RESOURCE, SERVICE_NAME } from './service.ts';
import type { TokenVerdict } from './token.ts';

/** A request as any HTTP/2 transport hands it on. */
export interface SbiRequest {
  readonly method: string;
  /** With its query, still percent-encoded. */
  readonly path: string;
  readonly headers: SbiHeaders;
  /** Who is at the other end of the connection: the name in its certificate, or its address. */
  readonly peer: string;
}

/** What is refused under load: requests of this priority and of all less important ones (0 to 32; 32: none). */
export interface Shedding {
  readonly refusedFrom: number;
  readonly retryAfterSeconds: number;
}

/** What became of a request, for metrics and traces. Correlation is personal data. */
export interface Exchange {
  readonly answer: SbiAnswer;
  readonly peer: string;
  /** The NF type the peer says it is; `other` if it says none. */
  readonly nfType: string;
  readonly correlation: readonly Correlation[];
}

/** What the service needs. */
export interface EquipmentStatusOptions {
  readonly check: EquipmentCheck;
  readonly clock: Clock;
  /** What stands before `/n5g-eir-eic` in our apiRoot (TS 29.501 4.4.1): '' or `/…` without a slash at its end. Default ''. */
  readonly prefix?: string;
  /** The answer for equipment the register does not know: 404 ERROR_EQUIPMENT_UNKNOWN, the default, or a status. */
  readonly whenUnknown?: EquipmentStatus | 'ERROR_EQUIPMENT_UNKNOWN';
  /** Judges the `authorization` field; absent: nobody needs a token. See token.ts. */
  readonly authorise?: (authorization: string | undefined) => TokenVerdict;
  /** Seconds until this peer may ask again; 0: now. See rate-limit.ts. */
  readonly mustWait?: (peer: string) => number;
  /** What is refused at the moment; see overload.ts. */
  readonly shedding?: () => Shedding;
  /** The apiRoot of another register to send everybody to, for draining; undefined: answer here. */
  readonly redirect?: () => string | undefined;
  /** The priority of a request that names none, 0 to 31. Default 24. */
  readonly defaultPriority?: number;
  /** Whether a request whose sender stopped waiting is refused (504 TIMED_OUT_REQUEST) or answered all the same. Default refuse. */
  readonly whenTooLate?: 'refuse' | 'answer';
  /** Default: 1 s tolerance; a clock more than 5 minutes off is not believed. */
  readonly patience?: Patience;
  /** Characters of a path with its query. Default 1024. */
  readonly longestPath?: number;
  /** Told of every exchange. Must not throw. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** The service, without a transport. */
export interface EquipmentStatusService {
  /** Answers at once; never throws, whatever the request. */
  answer(request: SbiRequest): SbiAnswer;
  /** Answers by outcome: a status on the wire, a cause, or a status code; and `malformed subscriber`, when supi or gpsi was not used. */
  readonly counters: ReadonlyMap<string, number>;
}

const DEFAULTS = {
  prefix: '',
  whenUnknown: 'ERROR_EQUIPMENT_UNKNOWN',
  defaultPriority: 24,
  whenTooLate: 'refuse',
  patience: { clockToleranceMs: 1000, believableMs: 300_000 },
  longestPath: 1024,
} as const;
const QUESTION_MARK = 0x3f;
const PREFIX = /^(\/[A-Za-z0-9._~-]+)*$/;
const MALFORMED_SUBSCRIBER = 'malformed subscriber';

/** Paths below our prefix that are not the resource: which answer they get. */
function wrongPath(path: string, prefix: string): SbiAnswer {
  if (!path.startsWith(`${prefix}/`)) return NO_RESOURCE;
  const [, api, version] = path.slice(prefix.length).split(/[/?]/, 3);
  return api === SERVICE_NAME && version === API_VERSION ? NO_RESOURCE : INVALID_API;
}

/** Percent-encoded characters that need none, as themselves (RFC 3986 6.2.2.2), in the part before the query. */
function normalised(path: string): string {
  const end = path.indexOf('?');
  const before = end < 0 ? path : path.slice(0, end);
  if (!before.includes('%')) return path;
  const plain = before.replace(/%(2[dDeE]|3\d|4[1-9a-fA-F]|5[\dfFaA]|6[1-9a-fA-F]|7[\daAeE])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return end < 0 ? plain : plain + path.slice(end);
}

/** The service N5g-eir_EquipmentIdentityCheck (TS 29.511 5.2.2.2). Throws for a prefix that is none. */
export function equipmentStatusService(options: EquipmentStatusOptions): EquipmentStatusService {
  const settings = { ...DEFAULTS, ...options };
  const { check, clock, prefix, defaultPriority, longestPath, patience } = settings;
  if (!PREFIX.test(prefix))
    throw new Error(`expected a prefix such as /eir, without a slash at its end, got '${prefix}'`);
  const resource = `${prefix}/${SERVICE_NAME}/${API_VERSION}/${RESOURCE}`;
  const tooLong = uriTooLong(longestPath);
  const unknown =
    settings.whenUnknown === 'ERROR_EQUIPMENT_UNKNOWN' ? EQUIPMENT_UNKNOWN : STATUS_ANSWERS[settings.whenUnknown];
  const admits = acceptJudge();
  const counters = new Map<string, number>();
  const count = (outcome: string): void => void counters.set(outcome, (counters.get(outcome) ?? 0) + 1);

  /** Where the query starts, 0 when there is none; or the refusal of another path. */
  function route(path: string): number | SbiAnswer {
    if (!path.startsWith(resource)) return wrongPath(path, prefix);
    if (path.length === resource.length) return 0;
    return path.charCodeAt(resource.length) === QUESTION_MARK ? resource.length + 1 : NO_RESOURCE;
  }

  /** Refusals that cost less than the check they save. */
  function notNow(headers: SbiHeaders, peer: string): SbiAnswer | undefined {
    const shed = settings.shedding?.();
    if (shed !== undefined && shed.refusedFrom < 32) {
      const named = headerValue(headers, '3gpp-sbi-message-priority');
      const priority = (named === undefined ? undefined : parseMessagePriority(named)) ?? defaultPriority;
      if (priority >= shed.refusedFrom) return retryLater(503, shed.retryAfterSeconds);
    }
    const seconds = settings.mustWait?.(peer) ?? 0;
    return seconds > 0 ? retryLater(429, seconds) : undefined;
  }

  /** The subject of the token, the peer when no token is needed, or a refusal. */
  function who({ headers, peer }: SbiRequest): string | SbiAnswer {
    const verdict = settings.authorise?.(headerValue(headers, 'authorization'));
    if (verdict === undefined) return peer;
    switch (verdict.kind) {
      case 'accepted':
        return verdict.subject;
      case 'missing':
        return TOKEN_MISSING;
      case 'insufficient scope':
        return INSUFFICIENT_SCOPE;
      case 'invalid':
        return tokenInvalid(verdict.because);
    }
  }

  function ask(query: EquipmentQuery, peer: string): SbiAnswer {
    const { imei, softwareVersion, imsi } = query;
    let said: EquipmentAnswer;
    try {
      said = check({ front: 'n5g-eir', imei, softwareVersion, imsi, peer });
    } catch {
      return SYSTEM_FAILURE;
    }
    if (said.kind === 'status') return STATUS_ANSWERS[said.equipmentStatus];
    return said.kind === 'unknown' ? unknown : retryLater(503, said.retryAfterSeconds);
  }

  function answerTo(request: SbiRequest): SbiAnswer {
    const { method, headers } = request;
    if (request.path.length > longestPath) return tooLong;
    const path = normalised(request.path);
    const at = route(path);
    if (typeof at !== 'number') return at;
    if (method !== 'GET') return method === 'HEAD' ? HEAD_NOT_ALLOWED : METHOD_NOT_ALLOWED;
    const elsewhere = settings.redirect?.();
    if (elsewhere !== undefined) return temporaryRedirect(elsewhere + path.slice(prefix.length));
    const refusal = notNow(headers, request.peer);
    if (refusal !== undefined) return refusal;
    const peer = who(request);
    if (typeof peer !== 'string') return peer;
    if (settings.whenTooLate === 'refuse' && isTooLate(headers, clock.now(), patience)) return TIMED_OUT_REQUEST;
    const accept = headerValue(headers, 'accept');
    if (accept !== undefined && !admits(accept)) return NOT_ACCEPTABLE;
    const query = readCommonQuery(path, at) ?? readQuery(at === 0 ? '' : path.slice(at));
    if ('cause' in query) return queryProblem(query);
    if (query.isSubscriberMalformed) count(MALFORMED_SUBSCRIBER);
    return ask(query, peer);
  }

  return {
    answer(request) {
      const answer = answerTo(request);
      count(answer.outcome);
      settings.onExchange?.({
        answer,
        peer: request.peer,
        nfType: nfTypeOf(headerValue(request.headers, 'user-agent')),
        correlation: parseCorrelationInfo(headerValue(request.headers, '3gpp-sbi-correlation-info') ?? ''),
      });
      return answer;
    },
    counters,
  };
}
