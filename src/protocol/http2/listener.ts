import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { Clock } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { type ConnectionEnd, Http2Connection, type Http2Handler, type Shared } from './connection.ts';
import { DateField } from './date-field.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './limits.ts';
import { Output, type Transport } from './output.ts';

/** A server's certificate and, when clients must show one of theirs, who signs those. All in PEM. */
export interface Http2Tls {
  readonly key: string;
  readonly cert: string;
  /** Certificates of the authorities that sign clients' certificates; when given, a client without one is refused. */
  readonly clientCa?: string | readonly string[];
}

/** Limits of a listener and of each of its connections. */
export interface Http2Limits extends ConnectionLimits {
  /** Connections at a time; more are refused. */
  readonly mostConnections: number;
  /** Milliseconds for the TLS handshake. */
  readonly handshakeMs: number;
  /** Milliseconds a drain may take at most; then everything is cut. */
  readonly drainMs: number;
}

/** For some hundred peers with a few connections each. */
export const HTTP2_LIMITS: Http2Limits = {
  ...CONNECTION_LIMITS,
  mostConnections: 1024,
  handshakeMs: 5000,
  drainMs: 10_000,
};

/** What happens to connections: `connection`: one came; `refused`: one too many; `tls error`: no handshake; others: why it was ended. */
export type Http2Event = ConnectionEnd | 'connection' | 'refused' | 'tls error' | 'server error';

/** What a listener needs. */
export interface Http2ListenerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Other threads or processes of this user may listen on the same port; the system deals connections out (SO_REUSEPORT). Default false. */
  readonly sharesPort?: boolean;
  /** TLS with ALPN `h2`; absent: in clear with prior knowledge (RFC 9113 3.3). */
  readonly tls?: Http2Tls;
  readonly limits?: Partial<Http2Limits>;
  /** Answers every request. When it throws, the stream is reset with INTERNAL_ERROR. */
  readonly handler: Http2Handler;
  /** Who is at the other end: `peer` of its requests. Default: the address. */
  readonly peerOf?: (socket: Socket) => string;
  /** What listens, for error messages. Default `HTTP/2`. */
  readonly what?: string;
  /** Told of every event. Must not throw. */
  readonly onEvent?: (event: Http2Event) => void;
}

/** A listening server. */
export interface Http2Listener {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  /** Connections there are now. */
  readonly connections: number;
  /** Stops listening, sends GOAWAY to everybody, lets them read their answers. Kept when the last connection is gone. */
  drain(): Promise<void>;
  /** Cuts everything at once, as a crash would. */
  destroy(): void;
}

const SWEEP_MS = 1000;

function newServer(limits: Http2Limits, tls: Http2Tls | undefined): Server {
  if (tls === undefined) return createServer({ noDelay: true });
  const { key, cert, clientCa } = tls;
  return createTlsServer({
    key,
    cert,
    ...(clientCa !== undefined && { ca: [clientCa].flat(), requestCert: true, rejectUnauthorized: true }),
    ALPNProtocols: ['h2'],
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.handshakeMs,
    noDelay: true,
  });
}

function listening(server: Server, what: string, host: string, port: number, reusePort: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const advice = isBusy
        ? 'another program uses it. Stop that program, or choose another port (0 takes a free one)'
        : error.message;
      reject(new Error(`cannot listen for ${what} on ${host} port ${port}: ${advice}`, { cause: error }));
    };
    server.once('error', refuse);
    server.listen({ host, port, reusePort }, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function transportOf(socket: Socket): Transport {
  const isTls = socket instanceof TLSSocket;
  return {
    write(octets) {
      if (!socket.writable) return true;
      // What must wait is copied, and so is what TLS takes: the memory of all connections is not to wait for one of them.
      const isCopied = isTls || socket.writableLength > 0;
      socket.write(isCopied ? Buffer.from(octets) : octets);
      // Nothing is left: the kernel has its own copy.
      return isCopied || socket.writableLength === 0;
    },
    unsent: () => socket.writableLength,
    hear(isWanted) {
      if (isWanted === socket.isPaused()) isWanted ? socket.resume() : socket.pause();
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
  };
}

/** Joins a socket to a connection. */
function join(socket: Socket, shared: Shared, peer: string): Http2Connection {
  const connection = new Http2Connection(shared, transportOf(socket), peer);
  socket.on('data', (chunk: Buffer) => connection.take(chunk));
  socket.on('drain', () => connection.drained());
  socket.once('close', () => connection.gone());
  return connection;
}

/** Calls `run` about every second until the function returned is called. */
function everySecond(scheduler: Scheduler, run: () => void): () => void {
  let stop = (): void => {};
  const again = (): void => {
    run();
    stop = scheduler.after(SWEEP_MS, again);
  };
  stop = scheduler.after(SWEEP_MS, again);
  return () => stop();
}

/** The connections of a server, and its sockets: in TLS a socket is there before its connection. */
class Connections {
  readonly live = new Set<Http2Connection>();
  readonly #sockets = new Set<Socket>();
  #isClosing = false;

  /** Serves every new connection of a server. */
  constructor(server: Server, options: Http2ListenerOptions, limits: Http2Limits) {
    const { clock, handler, tls, peerOf = (socket) => socket.remoteAddress ?? 'unknown', onEvent } = options;
    const tell = (event: Http2Event): void => onEvent?.(event);
    const shared: Shared = { limits, clock, handler, date: new DateField(), output: new Output(), onEnd: tell };
    const serve = (socket: Socket): void => {
      tell('connection');
      const connection = join(socket, shared, peerOf(socket));
      this.live.add(connection);
      socket.once('close', () => this.live.delete(connection));
      if (this.#isClosing) connection.close();
    };
    server.maxConnections = limits.mostConnections;
    server.on('drop', () => tell('refused'));
    server.on('error', () => tell('server error'));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // 'close' follows.
      socket.once('close', () => this.#sockets.delete(socket));
      if (tls === undefined) serve(socket);
    });
    if (tls === undefined) return;
    server.on('tlsClientError', (_, socket: TLSSocket) => {
      tell('tls error');
      socket.destroy();
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => {});
      socket.disableRenegotiation(); // RFC 9113 9.2.1
      if (socket.alpnProtocol === 'h2') serve(socket);
      else {
        tell('tls error');
        socket.destroy();
      }
    });
  }

  close(): void {
    this.#isClosing = true;
    for (const connection of this.live) connection.close();
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Listens for HTTP/2 clients. Rejects with what to do when the port cannot be had. */
export async function listenHttp2(options: Http2ListenerOptions): Promise<Http2Listener> {
  const { scheduler, tls, host = '127.0.0.1', what = 'HTTP/2', sharesPort = false } = options;
  const limits = { ...HTTP2_LIMITS, ...options.limits };
  const server = newServer(limits, tls);
  const port = await listening(server, what, host, options.port, sharesPort);
  const connections = new Connections(server, options, limits);
  const stopSweeping = everySecond(scheduler, () => {
    for (const connection of connections.live) connection.sweep();
  });

  function destroy(): void {
    stopSweeping();
    server.close();
    connections.destroy();
  }

  function closeAll(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    connections.close();
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
    get connections() {
      return connections.live.size;
    },
    drain() {
      drained ??= closeAll();
      return drained;
    },
    destroy,
  };
}
