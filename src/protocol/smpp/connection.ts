import { connect, type Socket } from 'node:net';
import type { Random } from '#base/port/index.ts';
import { backoffMs } from './backoff.ts';
import { commandStatusName, STATUS } from './command-status.ts';
import { type BindCommand, type BindRequest, INTERFACE_VERSION, type Message } from './pdu.ts';
import { type PduWatcher, SessionRunner, type SmppPorts } from './session-runner.ts';
import { SESSION_DEFAULTS, type SessionSettings, type SessionTimes, type SubmitResult } from './session-state.ts';

/** Octets that may lie unsent in a socket before nothing more is read from its peer. */
const MOST_UNSENT = 256 * 1024;

/** Joins a connected socket to a session; the octets it takes are those of this connection only. */
export function joinSocket(socket: Socket, runner: SessionRunner): void {
  socket.setNoDelay(true);
  const take = runner.connected();
  socket.on('data', (octets) => {
    take(octets);
    // A peer that asks without reading the answers is not heard until it has read them.
    if (socket.writableLength > MOST_UNSENT) socket.pause();
  });
  socket.on('drain', () => socket.resume());
  socket.on('close', () => runner.happen({ type: 'disconnected' }));
}

/** Ends a connection: what was written goes out, unless `isForced`; nothing more is read. */
export function endSocket(socket: Socket, isForced: boolean): void {
  socket.pause();
  if (isForced) socket.destroy();
  else socket.end(() => socket.destroy());
}

/** What an ESME needs. Times and limits have the defaults of SESSION_DEFAULTS. */
export interface EsmeOptions extends SmppPorts, Partial<SessionTimes> {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  readonly password: string;
  readonly systemType?: string;
  /** Numbers whose messages this ESME wants, as the SMSC understands it; often empty. */
  readonly addressRange?: string;
  readonly bindAs?: BindCommand;
  readonly window?: number;
  readonly mostWaiting?: number;
  /** Jitter of reconnection. */
  readonly random: Random;
  /**
   * A mobile-originated message or a delivery receipt. The SMSC is told that it arrived when the promise is kept, so keep it
   * after the write; when it breaks, the SMSC is asked to try again (64).
   */
  onDeliver(message: Message): Promise<void>;
  /** `bound`, or `not bound` with the reason, at every change. */
  onState?(state: 'bound' | 'not bound', because: string): void;
  readonly watch?: PduWatcher;
}

/** An ESME: binds, stays bound, binds again. */
export interface Esme {
  readonly isBound: boolean;
  /**
   * Sends a submit_sm within the window, after bind and throttling when these are in the way, at most `patienceMs` later. Never
   * rejects but with CodecError for fields that do not fit SMPP.
   */
  submit(message: Message): Promise<SubmitResult>;
  /** Kept when the ESME is bound, at once if it is. */
  bound(): Promise<void>;
  /** Waits for outstanding responses, unbinds, disconnects. Messages not yet sent are `not sent`. */
  close(): Promise<void>;
}

function settingsOf(options: EsmeOptions): SessionSettings {
  const body: BindRequest = {
    system_id: options.systemId,
    password: options.password,
    system_type: options.systemType ?? '',
    interface_version: INTERFACE_VERSION,
    addr_ton: 0,
    addr_npi: 0,
    address_range: options.addressRange ?? '',
  };
  return {
    ...SESSION_DEFAULTS,
    ...options,
    role: 'ESME',
    bind: { command: options.bindAs ?? 'bind_transceiver', body },
  };
}

/** Starts an ESME. It connects and binds on its own, again and again with growing pauses, until it is closed. */
export function connectEsme(options: EsmeOptions): Esme {
  const { host, port, scheduler, random, onState } = options;
  let socket: Socket | undefined;
  let stopConnecting = () => {};
  let because = 'not yet connected';
  let whenBound = Promise.withResolvers<void>();
  const whenClosed = Promise.withResolvers<void>();

  const settings = settingsOf(options);
  const runner: SessionRunner = new SessionRunner(settings, options, {
    connect(attempt) {
      onState?.('not bound', because);
      stopConnecting = scheduler.after(backoffMs(attempt, random), open);
    },
    disconnect: (isForced) => socket && endSocket(socket, isForced),
    write: (octets) => socket?.write(octets),
    async take(message) {
      await options.onDeliver(message);
      return { status: STATUS.ROK };
    },
    bound() {
      because = 'connection lost';
      whenBound.resolve();
      onState?.('bound', `to ${host} port ${port} as ${options.systemId}`);
    },
    bindRefused(status) {
      because = `bind refused by ${host} port ${port}: ${commandStatusName(status)}; check system id and password`;
    },
    unbound() {
      whenBound = Promise.withResolvers<void>();
    },
    closed() {
      stopConnecting();
      socket?.destroy();
      whenClosed.resolve();
    },
    ...(options.watch && { watch: options.watch }),
  });

  function open(): void {
    const opened = connect({ host, port });
    socket = opened;
    const isLate = new Error(`no connection within ${settings.responseMs} ms`);
    stopConnecting = scheduler.after(settings.responseMs, () => opened.destroy(isLate));
    opened.on('error', (error) => {
      because = `cannot reach ${host} port ${port}: ${error.message}`;
    });
    const lost = () => {
      stopConnecting();
      runner.happen({ type: 'disconnected' });
    };
    opened.once('close', lost);
    opened.once('connect', () => {
      stopConnecting();
      opened.off('close', lost);
      joinSocket(opened, runner);
    });
  }

  open();
  return {
    get isBound() {
      return runner.phase === 'bound';
    },
    submit: (message) => runner.submit('submit_sm', message),
    bound: () => whenBound.promise,
    close() {
      runner.happen({ type: 'close' });
      return whenClosed.promise;
    },
  };
}
