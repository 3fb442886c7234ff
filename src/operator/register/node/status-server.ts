import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { healthMetrics, healthView, type NodeHealth, whyNotReady } from './node-health.ts';
import type { StatusAddress } from './status-messages.ts';

/** Whoever asks is a supervisor, a load balancer, a Prometheus: few, with small requests. */
const SERVER = {
  requestTimeout: 5000,
  headersTimeout: 5000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 8192,
  connectionsCheckingInterval: 1000,
};
const MOST_CONNECTIONS = 64;

const JSON_TYPE = 'application/json; charset=utf-8';
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, value: object): Page => ({ status, type: JSON_TYPE, body: `${JSON.stringify(value)}\n` });

/** What there is to ask, by path. */
const PAGES: Readonly<Record<string, (health: NodeHealth) => Page>> = {
  '/healthz': () => json(200, { alive: true }),
  '/readyz': (health) => {
    const notReady = whyNotReady(health);
    const ready = notReady.length === 0;
    return json(ready ? 200 : 503, ready ? { ready } : { ready, notReady });
  },
  '/metrics': (health) => ({ status: 200, type: METRICS_TYPE, body: healthMetrics(health) }),
  '/status': (health) => json(200, healthView(health)),
};

/** The status of a node, listening. */
export interface StatusServer {
  readonly address: StatusAddress;
  /** Stops listening and cuts who is connected. */
  close(): Promise<void>;
}

/** Answers by what `health` says at the moment of each question. Rejects with what to do when the port cannot be had. */
export async function listenStatus({ host, port }: StatusAddress, health: () => NodeHealth): Promise<StatusServer> {
  const server = createServer(SERVER, (request, response) => answer(request, response, health));
  server.maxConnections = MOST_CONNECTIONS;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.listen({ host, port });
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(`cannot listen for --status on ${host} port ${port}: ${whyNot(error)}`, { cause: error });
  });
  return { address: { host, port: portOf(server) }, close: () => closed(server) };
}

function answer(request: IncomingMessage, response: ServerResponse, health: () => NodeHealth): void {
  const { method = '', url = '' } = request;
  const [path = ''] = url.split('?', 1);
  const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
  const isRead = method === 'GET' || method === 'HEAD';
  const { status, type, body } =
    page === undefined
      ? json(404, { expected: Object.keys(PAGES), got: 'another path' })
      : isRead
        ? page(health())
        : json(405, { expected: 'GET or HEAD', got: 'another method' });
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...(status === 405 && { Allow: 'GET, HEAD' }),
    // A body that nobody reads must not keep the connection busy.
    ...(!isRead && { Connection: 'close' }),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

const whyNot = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'another program uses it; choose another port (0 takes a free one)';
  return code === 'EACCES' ? 'ports below 1024 need rights you do not have; choose a higher one' : message;
};

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closed(server: Server): Promise<void> {
  const over = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await over;
}
