import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionMark } from '#operator/access/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { type Caller, callerName } from './caller.ts';
import type { Door } from './door.ts';
import { faultProblem, problemOf } from './failure.ts';
import type { Identities } from './identities.ts';
import { type IdentitiesAsked, identitiesFor } from './identities-asked.ts';
import type { ApiLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import type { Call, MediaType, Operation } from './operation.ts';
import { ProblemError } from './problem.ts';
import { REQUEST } from './refusals.ts';
import type { Site } from './site.ts';
import type { ApiSources } from './sources.ts';
import { goneAway } from './streamed-body.ts';
import { STYLE_SOURCE } from './style.ts';
import { addressSender } from './token-bucket.ts';

/** Nothing is loaded or run but the style of the document's page, nothing is kept, nobody may frame it. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A browser that has been here comes by https alone from then on (RFC 6797): for the name that people use, not for what else has that name's subdomains. */
const HTTPS_ALONE = { 'Strict-Transport-Security': 'max-age=31536000' };

const TYPES: Readonly<Record<MediaType, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/x-pcapng': 'application/x-pcapng',
  'text/csv': 'text/csv; charset=utf-8',
  'text/event-stream': 'text/event-stream; charset=utf-8',
  'text/html': 'text/html; charset=utf-8',
  'text/plain': 'text/plain; version=0.0.4; charset=utf-8',
};

const ACCEPTED = 202;
const SECOND = 1000;
/** Seconds after which a place for a file may be free. */
const FILE_PAUSE = 30;

/** A request that was let in, with its values checked. */
export interface Admitted {
  readonly operation: Operation;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly caller: Caller;
  readonly params: unknown;
  readonly query: unknown;
}

/** How requests are answered. */
export interface Answering {
  /** What every answer has. */
  begin(request: FastifyRequest, reply: FastifyReply): void;
  /** Runs the operation and sends what it gives. */
  run(admitted: Admitted): Promise<FastifyReply>;
  /** Answers an error; a fault is told to whoever runs the server, and not to whoever asked. */
  fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply;
  /** Counts what was answered. */
  count(request: FastifyRequest, reply: FastifyReply): void;
}

const operationOf = (request: FastifyRequest): Operation | undefined =>
  (request.routeOptions.config as { readonly operation?: Operation }).operation;

const hasBody = ({ raw: { headers } }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** The answers of an API. */
export function openAnswering(options: {
  readonly sources: ApiSources;
  readonly limits: ApiLimits;
  readonly metrics: Metrics;
  readonly door: Door;
  readonly site: Site;
}): Answering {
  const { sources, limits, metrics, door, site } = options;
  const always = { ...HEADERS, ...(site.isHttpsAlone && HTTPS_ALONE) };
  const begun = new WeakMap<FastifyRequest, number>();
  const takeUpload = places(limits.uploads);
  const takeDownload = places(limits.downloads);

  /** Whole identities are shown only when it is in the log that they were. */
  const noteRead = ({ operation, request, caller }: Admitted, identities: Identities) => {
    if (!identities.isToBeRecorded) return;
    const [path = ''] = request.url.split('?', 1);
    const why = identities.reason === undefined ? {} : { reason: identities.reason };
    const detail = { operation: operation.id, identities: identities.shown, ...why };
    sources.audit.append({ kind: 'read', author: callerName(caller), subject: path, detail });
  };

  const callOf = (admitted: Admitted, identities: Identities, setStatus: (status: number) => void): Call => {
    const { operation, request, reply, caller, params, query } = admitted;
    return {
      ...{ sources, params, query, body: request.body, caller, author: callerName(caller) },
      get identities() {
        if (operation.showsIdentities !== true)
          throw new Error(`${operation.id}: expected showsIdentities of an operation that shows some`);
        return identities;
      },
      request: request.raw,
      limits,
      visitor: visitorOf(request, site),
      setCookie: (name, value) => void reply.header('set-cookie', site.setCookie(name, value)),
      redirect: (location) => void reply.header('location', location),
      ...{ takeUpload, takeDownload },
      refuse() {
        if (operation.refusal !== undefined) setStatus(operation.refusal.status);
      },
      accept: () => setStatus(ACCEPTED),
      spend: (cost) => door.spend(caller, request.raw, cost),
      takeOver(headers) {
        reply.hijack();
        metrics.answered(operation.id, 200, 0);
        return reply.raw.writeHead(200, { ...always, ...headers });
      },
    };
  };

  return {
    begin(request, reply) {
      begun.set(request, sources.clock.now());
      reply.headers(always);
      // A body that nobody waits for must not keep the connection busy.
      if ((request.method === 'GET' || request.method === 'HEAD') && hasBody(request))
        reply.header('connection', 'close');
    },
    async run(admitted) {
      const { operation, reply, caller, query } = admitted;
      // The query was checked by the schema that these are of.
      const identities = identitiesFor(caller, query as IdentitiesAsked);
      let status: number = operation.status ?? 200;
      const call = callOf(admitted, identities, (other) => {
        status = other;
      });
      let answer: unknown;
      try {
        answer = await operation.run(call);
      } catch (error) {
        if (!reply.sent) throw error;
        // It was taken over: nobody can be told any more, but nobody shall wait either.
        sources.onFailure(error);
        reply.raw.destroy();
      }
      if (reply.sent) return reply;
      noteRead(admitted, identities);
      const { mediaType = 'application/json' } = operation;
      const text = mediaType === 'application/json' ? `${JSON.stringify(answer)}\n` : String(answer);
      return reply.code(status).header('content-type', TYPES[mediaType]).send(text);
    },
    fail(error, request, reply) {
      const operation = operationOf(request);
      const limit = operation?.bodyLimit ?? limits.bodyOctets;
      const isGone = request.raw.destroyed && !request.raw.complete;
      const known = problemOf(error, limit, operation) ?? (isGone ? goneAway() : undefined);
      if (known === undefined || error instanceof DatabaseError) sources.onFailure(error);
      const problem = known ?? faultProblem();
      const { retryAfter, headers = {} } = problem.words;
      const document = problem.document();
      reply.headers({ ...always, ...headers });
      if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
      if (!request.raw.complete || hasBody(request)) reply.header('connection', 'close');
      return reply
        .code(document.status)
        .header('content-type', 'application/problem+json; charset=utf-8')
        .send(`${JSON.stringify(document)}\n`);
    },
    count(request, reply) {
      const seconds = Math.max(0, sources.clock.now() - (begun.get(request) ?? sources.clock.now())) / SECOND;
      metrics.answered(operationOf(request)?.id ?? 'none', reply.statusCode, seconds);
    },
  };
}

const visitorOf = (request: FastifyRequest, site: Site) => ({
  address: addressSender(site.addressOf(request.raw)),
  agent: request.headers['user-agent'] ?? '',
  marks: site.cookie(request.raw, 'assay-browser'),
  earlier: earlierOf(site.cookie(request.raw, 'assay')),
});

const earlierOf = (secret: string | undefined) => (secret === undefined ? undefined : sessionMark(secret));

/** So many places for files: each is taken, and given back once. */
function places(most: number): () => () => void {
  let taken = 0;
  return () => {
    if (taken >= most) throw tooManyFiles(most);
    taken++;
    return () => {
      taken--;
    };
  };
}

const tooManyFiles = (most: number) =>
  new ProblemError('unavailable', { ...REQUEST.say('tooManyFiles', { most }), retryAfter: FILE_PAUSE });
