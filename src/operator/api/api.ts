import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { IdentityError } from '#base/identity/index.ts';
import { DatabaseError } from '#operator/database/index.ts';
import { statusPage } from './page.ts';
import {
  type ApiSources,
  clusterView,
  eventsView,
  findingsView,
  imeiView,
  listsView,
  outboxView,
  rowsOf,
  statusView,
  subscribersView,
} from './view.ts';

/** Where the API listens. */
export interface ApiAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** The HTTP API. */
export interface Api {
  /** Listens; port 0 takes a free one. Rejects with what to do when the port cannot be had. */
  listen(where?: { readonly host?: string; readonly port?: number }): Promise<ApiAddress>;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

/** Port of the API unless another is asked for. */
const STANDARD_PORT = 8080;
const LOOPBACK = '127.0.0.1';
const MOST_CONNECTIONS = 100;
const LIMITS = { requestTimeout: 10_000, headersTimeout: 5000, keepAliveTimeout: 5000, maxHeaderSize: 8192 };
const ALLOWED = 'GET, HEAD';

/** Nothing of a page is loaded from elsewhere, nothing is kept, nobody may frame it. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

interface Answer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html';
  readonly body: string;
}

type Route = (sources: ApiSources, query: URLSearchParams) => unknown;
const ROUTES: Readonly<Record<string, Route>> = {
  '/api/v1/status': statusView,
  '/api/v1/subscribers': subscribersView,
  '/api/v1/events': eventsView,
  '/api/v1/lists': listsView,
  '/api/v1/outbox': outboxView,
  '/api/v1/findings': findingsView,
  '/api/v1/clusters': ({ evidence }, query) => ({ clusters: evidence.clusters(rowsOf(query)).map(clusterView) }),
};
const IMEI_PATH = '/api/v1/imei/';

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
});
const failure = (status: number, error: string) => json(status, { error });

function answerTo(sources: ApiSources, target: string): Answer {
  const url = URL.parse(target, 'http://localhost');
  if (url === null) return failure(400, 'expected a path');
  const { pathname, searchParams } = url;
  if (pathname === '/') return { status: 200, type: 'text/html', body: statusPage(sources) };
  if (pathname.startsWith(IMEI_PATH))
    return json(200, imeiView(sources, pathname.slice(IMEI_PATH.length), searchParams));
  const route = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined;
  if (route === undefined)
    return failure(404, `no such resource; there are / ${Object.keys(ROUTES).join(' ')} ${IMEI_PATH}{imei}`);
  return json(200, route(sources, searchParams));
}

/** An answer for every request; an error of ours is said to be ours, without its inside. */
function safely(sources: ApiSources, target: string): Answer {
  try {
    return answerTo(sources, target);
  } catch (error) {
    if (error instanceof IdentityError) return failure(400, error.message);
    if (error instanceof DatabaseError) return failure(503, error.message);
    sources.onFailure(error);
    return failure(500, 'a fault inside the server; whoever runs it was told');
  }
}

/** A page elsewhere that has its name point to this machine must not read subscribers' data here (DNS rebinding). */
function isForUs(hostHeader: string | undefined, host: string): boolean {
  if (host !== LOOPBACK && host !== '::1' && host !== 'localhost') return true;
  const name = (hostHeader ?? '').replace(/:\d+$/, '');
  return [LOOPBACK, 'localhost', '[::1]'].includes(name);
}

function respond(request: IncomingMessage, response: ServerResponse, sources: ApiSources, host: string): void {
  // A body is of no use here and is not waited for.
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  const answer = !isReading
    ? failure(405, `expected ${ALLOWED}`)
    : isForUs(request.headers.host, host)
      ? safely(sources, request.url ?? '/')
      : failure(421, `expected a request for ${host} or localhost`);
  const body = new TextEncoder().encode(answer.body);
  response.writeHead(answer.status, {
    ...HEADERS,
    'Content-Type': `${answer.type}; charset=utf-8`,
    'Content-Length': body.length,
    ...(!isReading && { Allow: ALLOWED, Connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function listening(server: Server, host: string, port: number): Promise<ApiAddress> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const advice =
        error.code === 'EADDRINUSE'
          ? 'another program uses it; stop that program, or choose another port (0 takes a free one)'
          : error.code === 'EACCES'
            ? 'ports below 1024 need rights you do not have; choose a higher one'
            : error.message;
      reject(new Error(`cannot listen for HTTP on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ host, port: taken, url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/` });
    });
  });
}

/** The API over these sources; it listens when it is told to. */
export function openApi(sources: ApiSources): Api {
  let server: Server | undefined;
  return {
    async listen({ host = LOOPBACK, port = STANDARD_PORT } = {}) {
      if (server !== undefined) throw new Error('the API listens already; close it first');
      const made = createServer(LIMITS, (request, response) => respond(request, response, sources, host));
      made.maxConnections = MOST_CONNECTIONS;
      made.on('clientError', (_error, socket) => socket.destroy());
      const address = await listening(made, host, port);
      server = made;
      return address;
    },
    close() {
      const open = server;
      server = undefined;
      if (open === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        open.close(() => resolve());
        open.closeAllConnections();
      });
    },
  };
}
