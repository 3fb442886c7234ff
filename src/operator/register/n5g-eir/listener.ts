import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerOptions,
} from 'node:http2';
import type { Clock } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { ABUSE_LIMITS } from './abuse.ts';
import type { EquipmentStatusService } from './equipment-status.ts';
import { EirSession, type SessionEnd, type SessionLimits } from './session.ts';

/** A server's certificate and, when clients must show one of theirs, who signs those. All in PEM. */
export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
  /** Certificates of the authorities that sign clients' certificates; when given, a client without one is refused. */
  readonly clientCa?: string | readonly string[];
}

/** Limits of the listener and of each of its connections. */
export interface ListenerLimits extends SessionLimits {
  /** Connections at a time; more are refused. */
  readonly mostSessions: number;
  /** Requests at a time on one connection (SETTINGS_MAX_CONCURRENT_STREAMS). */
  readonly mostStreams: number;
  /** Fields of a request. */
  readonly mostHeaderFields: number;
  /** Megabytes of memory that one connection may use. */
  readonly mostSessionMegabytes: number;
  /** Milliseconds for the TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds a drain may take at most; then everything is cut. */
  readonly drainMs: number;
}

/** For some hundred AMFs with a few connections each. */
export const LISTENER_LIMITS: ListenerLimits = {
  ...ABUSE_LIMITS,
  idleMs: 600_000,
  unreadMs: 10_000,
  mostBodyOctets: 16 * 1024,
  mostHeaderOctets: 16 * 1024,
  noiseOctetsPerSecond: 1024 * 1024,
  isOneAnswerEach: false,
  mostSessions: 1024,
  mostStreams: 512,
  mostHeaderFields: 64,
  mostSessionMegabytes: 8,
  handshakeMs: 5000,
  drainMs: 10_000,
};

/** What the listener needs. */
export interface ListenerOptions {
  readonly service: EquipmentStatusService;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Other threads or processes of this user may listen on the same port; the system deals connections out (SO_REUSEPORT). Default false. */
  readonly sharesPort?: boolean;
  /** Absent: HTTP/2 in clear with prior knowledge (RFC 9113 3.3), for the inside of a trust zone. */
  readonly tls?: TlsOptions;
  readonly limits?: Partial<ListenerLimits>;
}

/** A listening front. */
export interface N5gEirListener {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  /** `session`: connections so far; `refused`: over the limit; `tls error`: no handshake; others: why connections were ended. */
  readonly counters: ReadonlyMap<string, number>;
  /** Stops listening, sends GOAWAY to everybody, lets them read their answers. Kept when the last connection is gone. */
  drain(): Promise<void>;
  /** Cuts everything at once, as a crash would. */
  destroy(): void;
}

const SWEEP_MS = 1000;
const ignore = (): void => {};
/** Frames that break the protocol, and streams refused, before node:http2 ends a connection itself. */
const MOST_INVALID_FRAMES = 100;
const MOST_REJECTED_STREAMS = 100;
/** A second wall, inside nghttp2, behind our own count of resets, which says why. */
const RESET_BURST = 2000;

function serverOptions(limits: ListenerLimits): ServerOptions {
  return {
    settings: {
      enablePush: false,
      enableConnectProtocol: false,
      maxConcurrentStreams: limits.mostStreams,
      maxHeaderListSize: limits.mostHeaderOctets,
      // No request has a body; what comes in spite of that must be short.
      initialWindowSize: limits.mostBodyOctets,
    },
    maxHeaderListPairs: limits.mostHeaderFields,
    maxSessionMemory: limits.mostSessionMegabytes,
    maxSessionInvalidFrames: MOST_INVALID_FRAMES,
    maxSessionRejectedStreams: MOST_REJECTED_STREAMS,
    streamResetBurst: RESET_BURST,
    streamResetRate: limits.resetsPerSecond,
    unknownProtocolTimeout: limits.handshakeMs,
  };
}

function newServer(limits: ListenerLimits, tls: TlsOptions | undefined): Http2Server | Http2SecureServer {
  const options = serverOptions(limits);
  if (tls === undefined) return createServer(options);
  const { key, cert, clientCa } = tls;
  return createSecureServer({
    ...options,
    key,
    cert,
    ...(clientCa !== undefined && { ca: [clientCa].flat(), requestCert: true, rejectUnauthorized: true }),
    ALPNProtocols: ['h2'],
    allowHTTP1: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.handshakeMs,
  });
}

function listening(
  server: Http2Server | Http2SecureServer,
  host: string,
  port: number,
  reusePort: boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const advice = isBusy
        ? 'another program uses it. Stop that program, or choose another port (0 takes a free one)'
        : error.message;
      reject(new Error(`cannot listen for N5g-eir on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port, reusePort }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Serves every new connection of a server. The set holds those that live. */
function serveSessions(
  server: Http2Server | Http2SecureServer,
  options: ListenerOptions & { readonly limits: ListenerLimits },
  count: (what: string) => void,
): ReadonlySet<EirSession> {
  const live = new Set<EirSession>();
  server.on('session', (session) => {
    count('session');
    const one = new EirSession(session, options.service, options.limits, options.clock, (why: SessionEnd) =>
      count(why),
    );
    live.add(one);
    session.once('close', () => live.delete(one));
  });
  server.maxConnections = options.limits.mostSessions;
  server.on('drop', () => count('refused'));
  if (options.tls !== undefined) server.on('tlsClientError', () => count('tls error'));
  return live;
}

/** Listens for AMFs and SCPs. Rejects with what to do when the port cannot be had. */
export async function listenN5gEir(options: ListenerOptions): Promise<N5gEirListener> {
  const { scheduler, tls, host = '127.0.0.1' } = options;
  const limits = { ...LISTENER_LIMITS, ...options.limits };
  const counters = new Map<string, number>();
  const server = newServer(limits, tls);
  const live = serveSessions(server, { ...options, limits }, (what) =>
    counters.set(what, (counters.get(what) ?? 0) + 1),
  );
  const port = await listening(server, host, options.port, options.sharesPort === true);
  server.on('error', () => counters.set('server error', (counters.get('server error') ?? 0) + 1));

  let stopSweeping = ignore;
  const sweep = (): void => {
    for (const session of live) session.sweep();
    stopSweeping = scheduler.after(SWEEP_MS, sweep);
  };
  sweep();

  function destroy(): void {
    stopSweeping();
    server.close();
    for (const session of live) session.destroy();
  }

  function closeAll(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const session of live) session.close();
    const cancel = scheduler.after(limits.drainMs, destroy);
    return closed.finally(() => {
      cancel();
      stopSweeping();
    });
  }

  let drained: Promise<void> | undefined;
  return {
    host,
    port,
    counters,
    drain() {
      drained ??= closeAll();
      return drained;
    },
    destroy,
  };
}
