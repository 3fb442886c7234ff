import type { Server } from 'node:http';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactory,
} from 'fastify';
import { type Answering, openAnswering } from './answering.ts';
import type { Caller } from './caller.ts';
import type { Door } from './door.ts';
import type { ApiLimits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { type Operation, queryOf } from './operation.ts';
import { answerWithPage, type Pages } from './pages.ts';
import { ProblemError } from './problem.ts';
import { REQUEST } from './refusals.ts';
import { closed } from './schema.ts';
import type { Site } from './site.ts';
import type { ApiSources } from './sources.ts';
import { tooSlow } from './streamed-body.ts';
import { checkOf, typedTexts } from './validation.ts';

const LONGEST_PARAMETER = 100;
const NO_QUERY = closed({});
const JSON_TYPE = 'application/json';

/** What the routes are made of. */
export interface RouteOptions {
  readonly sources: ApiSources;
  readonly limits: ApiLimits;
  readonly metrics: Metrics;
  readonly door: Door;
  readonly site: Site;
  readonly operations: readonly Operation[];
  readonly pages: Pages | undefined;
  readonly serverFactory: FastifyServerFactory<Server>;
}

/** The error that `step` throws, as fastify's hooks want it. */
function failing(step: () => void): Error | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A fastify that knows these operations and nothing else. */
export function openRoutes(options: RouteOptions): FastifyInstance<Server> {
  const { limits, operations, serverFactory, door } = options;
  const answering = openAnswering(options);
  const app = fastify<Server>({
    serverFactory,
    bodyLimit: limits.bodyOctets,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // No hook runs for an address that cannot be read.
    frameworkErrors: (error, request, reply) =>
      answering.fail(failing(() => door.receive(request.raw)) ?? error, request, reply),
  });
  readBodies(app);
  app.addHook('onRequest', (request, reply, done) => {
    answering.begin(request, reply);
    done(failing(() => door.receive(request.raw)));
  });
  app.setErrorHandler((error, request, reply) => answering.fail(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    if (!answerWithPage(options.pages, request, reply)) answering.fail(notFound(operations, request), request, reply);
  });
  app.addHook('onResponse', (request, reply, done) => {
    answering.count(request, reply);
    done();
  });
  for (const operation of operations) addRoute(app, options, answering, operation);
  return app;
}

/** JSON in UTF-8 and nothing else; what an operation reads by itself is left to it. */
function readBodies(app: FastifyInstance<Server>): void {
  app.removeAllContentTypeParsers();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, octets: Buffer, done) => {
    let text: string;
    try {
      text = decoder.decode(octets);
    } catch {
      done(new ProblemError('malformed-request', REQUEST.say('notUtf8')));
      return;
    }
    parse(request, text, done);
  });
  app.addContentTypeParser('*', (_request, _payload, done) => done(null, undefined));
}

/** One operation: who may, what type its body has, whether its values fit; then it runs. */
function addRoute(
  app: FastifyInstance<Server>,
  options: RouteOptions,
  answering: Answering,
  operation: Operation,
): void {
  const { door, limits, sources } = options;
  const asked = queryOf(operation) ?? NO_QUERY;
  const checks = {
    params: operation.params === undefined ? undefined : checkOf(operation.params, 'path'),
    query: checkOf(asked, 'query'),
    body: operation.body === undefined ? undefined : checkOf(operation.body, ''),
  };
  // Kept by the request it belongs to; gone with it.
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: operation.method,
    url: operation.path,
    exposeHeadRoute: operation.method === 'GET' && operation.mediaType !== 'text/event-stream',
    config: { operation },
    ...(operation.bodyLimit !== undefined && { bodyLimit: operation.bodyLimit }),
    onRequest(request, _reply, done) {
      done(
        failing(() => {
          callers.set(request, door.admit(request.raw, operation));
          checkType(request, operation);
        }),
      );
    },
    preParsing(request, reply, payload, done) {
      if (operation.body !== undefined) limitTime(request, reply, sources, limits.bodyMilliseconds);
      done(null, payload);
    },
    handler(request, reply) {
      const params = operation.params && typedTexts(operation.params, request.params as Record<string, unknown>);
      const query = typedTexts(asked, request.query as Record<string, unknown>);
      checks.params?.(params);
      checks.query(query);
      checks.body?.(request.body);
      const caller = callers.get(request) ?? { kind: 'anyone' };
      return answering.run({ operation, request, reply, caller, params, query });
    },
  });
}

/** Refuses a body of another type before it is read (RFC 9110 8.3). */
function checkType({ headers }: FastifyRequest, { body, streamed }: Operation): void {
  const types = streamed?.types ?? (body === undefined ? undefined : [JSON_TYPE]);
  if (types === undefined) return;
  const [type = ''] = (headers['content-type'] ?? '').toLowerCase().split(';', 1);
  const isCoded = (headers['content-encoding'] ?? 'identity') !== 'identity';
  if (types.includes(type.trim()) && !isCoded) return;
  throw new ProblemError(
    'unsupported-media-type',
    REQUEST.say(isCoded ? 'packedBody' : type === '' ? 'noContentType' : 'wrongContentType', {
      types: types.join(' or '),
    }),
  );
}

/** A body that does not come in time is answered with 408, and its connection ends. */
function limitTime(
  request: FastifyRequest,
  reply: FastifyReply,
  { scheduler }: ApiSources,
  milliseconds: number,
): void {
  const stop = scheduler.after(milliseconds, () => {
    if (!request.raw.complete && !reply.sent) reply.send(tooSlow(milliseconds));
  });
  request.raw.once('end', stop);
  request.raw.once('close', stop);
}

/** The methods that there are for a path (RFC 9110 10.2.1). */
function methodsFor(operations: readonly Operation[], path: string): readonly string[] {
  const found = operations.filter((operation) =>
    new RegExp(`^${operation.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path),
  );
  return found.flatMap(({ method, mediaType }) =>
    method === 'GET' && mediaType !== 'text/event-stream' ? ['GET', 'HEAD'] : [method],
  );
}

function notFound(operations: readonly Operation[], request: FastifyRequest): ProblemError {
  const [path = ''] = request.url.split('?', 1);
  const methods = methodsFor(operations, path);
  if (methods.length === 0) return new ProblemError('no-such-resource', REQUEST.say('addressUnknown'));
  const allowed = methods.join(', ');
  return new ProblemError('method-not-allowed', {
    ...REQUEST.say('wrongMethod', { methods: allowed }),
    headers: { Allow: allowed },
  });
}
