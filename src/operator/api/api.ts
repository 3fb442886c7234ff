import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { allOperations } from './all-operations.ts';
import { openDoor } from './door.ts';
import { type EventStreams, openEventStreams } from './event-stream.ts';
import { type ApiLimits, STANDARD_LIMITS } from './limits.ts';
import { keepCounted, withKeptCounts } from './list-counts.ts';
import { openMetrics } from './metrics.ts';
import type { Operation } from './operation.ts';
import type { Pages } from './pages.ts';
import { openRoutes } from './routes.ts';
import { isLoopback, openSite } from './site.ts';
import type { ApiSources } from './sources.ts';

/** Where the API listens. */
export interface ApiAddress {
  readonly host: string;
  readonly port: number;
  readonly url: string;
}

/** Key and certificate of an API that speaks https itself, in PEM. */
export interface ApiTls {
  readonly key: string;
  readonly cert: string;
}

/** Where to listen, and with what beside the API's own operations. */
export interface ListenOptions {
  readonly host?: string;
  readonly port?: number;
  /** With it, https is spoken. */
  readonly tls?: ApiTls;
  /** Shown to people at `/`. */
  readonly pages?: Pages;
  /** Operations of a laboratory that runs in this process: on loopback only. */
  readonly laboratory?: (streams: EventStreams) => readonly Operation[];
}

/** The HTTP API. */
export interface Api {
  /**
   * Listens; port 0 takes a free one. Rejects with what to do when the port cannot be had, or when others would reach a laboratory.
   */
  listen(where?: ListenOptions): Promise<ApiAddress>;
  /** Stops listening, ends event streams and cuts what is open. */
  close(): Promise<void>;
}

/** Port of the API unless another is asked for. */
const STANDARD_PORT = 8080;
const LOOPBACK = '127.0.0.1';
/** Bodies have their own times (ApiLimits); the whole of a request may take as long as the longest upload. */
const SERVER = {
  requestTimeout: 1_900_000,
  headersTimeout: 5000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 8192,
  connectionsCheckingInterval: 1000,
};

/** What a system says of an address that is not its own, or is none. */
const NO_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

function whyNot(error: unknown, host: string, port: number): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice =
    code === 'EADDRINUSE'
      ? 'another program uses it; stop that program, or choose another port (0 takes a free one)'
      : code === 'EACCES'
        ? 'ports below 1024 need rights you do not have; choose a higher one'
        : NO_ADDRESS.has(code ?? '')
          ? `this machine has no such address; take one of its own, ${LOOPBACK} for itself alone, or 0.0.0.0 for all`
          : message;
  return new Error(`cannot listen for HTTP on ${host} port ${port}: ${advice}`, { cause: error });
}

/** What runs while the API listens on `host`. */
function opened(given: ApiSources, host: string, limits: ApiLimits, { pages, laboratory, tls }: ListenOptions) {
  const sources = withKeptCounts(given);
  const site = openSite(given.site ?? {}, host, {
    isTls: tls !== undefined,
    hasLaboratory: laboratory !== undefined,
  });
  const streams = openEventStreams(sources, limits, () => metrics.readerCut());
  const metrics = openMetrics(sources, () => streams.count());
  const app = openRoutes({
    sources,
    limits,
    metrics,
    door: openDoor(sources, host, limits, site),
    site,
    operations: allOperations(metrics, streams, site, laboratory?.(streams)),
    pages,
    serverFactory(handler) {
      const server = tls
        ? createTlsServer({ ...SERVER, ...tls, minVersion: 'TLSv1.2' }, handler)
        : createServer(SERVER, handler);
      server.maxConnections = limits.connections;
      server.on('clientError', (_error, socket) => socket.destroy());
      return server;
    },
  });
  return { app, streams, stopCounting: keepCounted(sources, sources.scheduler) };
}

/** The API over these sources; it listens when it is told to. */
export function openApi(sources: ApiSources, limits: Partial<ApiLimits> = {}): Api {
  let open: ReturnType<typeof opened> | undefined;
  return {
    async listen({ host = LOOPBACK, port = STANDARD_PORT, ...more } = {}) {
      if (open !== undefined) throw new Error('the API listens already; close it first');
      if (more.laboratory !== undefined && !isLoopback(host))
        throw new Error(`a laboratory is driven from its own machine only: expected a loopback address, got ${host}`);
      const made = opened(sources, host, { ...STANDARD_LIMITS, ...limits }, more);
      open = made;
      try {
        await made.app.listen({ host, port });
      } catch (error) {
        open = undefined;
        made.stopCounting();
        await made.app.close();
        throw whyNot(error, host, port);
      }
      const address = made.app.server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      return {
        host,
        port: taken,
        url: `${more.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${taken}/`,
      };
    },
    async close() {
      const made = open;
      open = undefined;
      made?.streams.close();
      made?.stopCounting();
      await made?.app.close();
    },
  };
}
