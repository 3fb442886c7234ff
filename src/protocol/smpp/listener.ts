import { createServer, type Server, type Socket } from 'node:net';
import { endSocket, joinSocket } from './connection.ts';
import { type BindCommand, type BindRequest, INTERFACE_VERSION, type Message, type PduOf } from './pdu.ts';
import { type MessageAnswer, type PduWatcher, SessionRunner, type SmppPorts } from './session-runner.ts';
import { SESSION_DEFAULTS, type SessionSettings, type SessionTimes, type SubmitResult } from './session-state.ts';

const MOST_CONNECTIONS = 256;

/** One bound ESME, as its SMSC sees it. */
export interface SmscSession {
  /** How it bound, with which system_id, password and address_range. */
  readonly bind: { readonly command: BindCommand; readonly body: BindRequest };
  /** Sends a deliver_sm within the window. Never rejects but with CodecError for fields that do not fit SMPP. */
  deliver(message: Message): Promise<SubmitResult>;
  /** Waits for outstanding responses, unbinds, disconnects. */
  close(): Promise<void>;
}

/** What an SMSC's listener needs. Times and limits have the defaults of SESSION_DEFAULTS. */
export interface SmppListenerOptions extends SmppPorts, Partial<SessionTimes> {
  /** Default 127.0.0.1: a lab listens to its own machine only. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** The SMSC's own system_id, in bind responses. */
  readonly systemId: string;
  readonly window?: number;
  readonly mostWaiting?: number;
  readonly mostUnanswered?: number;
  /** A command_status for a bind request: 0 lets it in. */
  authenticate(request: PduOf<BindCommand>): number | Promise<number>;
  /** A submit_sm: the response is sent when the promise is kept. */
  onSubmit(session: SmscSession, message: Message): Promise<MessageAnswer>;
  onBound?(session: SmscSession): void;
  onUnbound?(session: SmscSession): void;
  readonly watch?: PduWatcher;
}

/** A listening SMSC. */
export interface SmppListener {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  /** Stops listening, unbinds all sessions, and is kept when the last connection is gone. */
  close(): Promise<void>;
  /** Cuts everything at once, as a crash would. */
  destroy(): void;
}

function serve(socket: Socket, options: SmppListenerOptions): SessionRunner {
  let session: SmscSession | undefined;
  let request: PduOf<BindCommand> | undefined;
  const whenClosed = Promise.withResolvers<void>();
  const body: BindRequest = {
    system_id: options.systemId,
    password: '',
    system_type: '',
    interface_version: INTERFACE_VERSION,
    addr_ton: 0,
    addr_npi: 0,
    address_range: '',
  };
  const settings: SessionSettings = {
    ...SESSION_DEFAULTS,
    ...options,
    role: 'SMSC',
    bind: { command: 'bind_transceiver', body },
  };
  const runner: SessionRunner = new SessionRunner(settings, options, {
    disconnect: (isForced) => endSocket(socket, isForced),
    write: (octets) => void socket.write(octets),
    judge(asked) {
      request = asked;
      return options.authenticate(asked);
    },
    async take(message) {
      return options.onSubmit(session as SmscSession, message);
    },
    bound() {
      session = {
        bind: request as PduOf<BindCommand>,
        deliver: (message) => runner.submit('deliver_sm', message),
        close() {
          runner.happen({ type: 'close' });
          return whenClosed.promise;
        },
      };
      options.onBound?.(session);
    },
    unbound: () => session && options.onUnbound?.(session),
    closed: () => whenClosed.resolve(),
    ...(options.watch && { watch: options.watch }),
  });
  return runner;
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const advice = isBusy
        ? 'another program uses it. Stop that program, or choose another port (0 takes a free one)'
        : error.message;
      reject(new Error(`cannot listen for SMPP on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Listens for ESMEs. Rejects with what to do when the port cannot be had. */
export async function listenSmpp(options: SmppListenerOptions): Promise<SmppListener> {
  const host = options.host ?? '127.0.0.1';
  const live = new Map<Socket, SessionRunner>();
  const server = createServer((socket) => {
    const runner = serve(socket, options);
    live.set(socket, runner);
    socket.on('error', () => {}); // 'close' follows and says it to the session.
    socket.once('close', () => live.delete(socket));
    joinSocket(socket, runner);
  });
  server.maxConnections = MOST_CONNECTIONS;
  const port = await listening(server, host, options.port);
  return {
    host,
    port,
    close() {
      for (const runner of live.values()) runner.happen({ type: 'close' });
      return new Promise((resolve) => server.close(() => resolve()));
    },
    destroy() {
      server.close();
      for (const socket of live.keys()) socket.destroy();
    },
  };
}
