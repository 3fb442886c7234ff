import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Random } from '#base/port/index.ts';
import { type GsupCounts, Link, type LinkOptions, type Scheduler } from './link.ts';
import { LINK_TIMES, type LinkTimes } from './link-state.ts';
import type { CheckImeiPolicy } from './verdict.ts';

const MOST_CONNECTIONS = 64;
const MOST_PER_ADDRESS = 32;
/** The TCP port of GSUP in Osmocom. */
export const GSUP_PORT = 4222;

/** What the GSUP front of the register needs. Times have the defaults of LINK_TIMES. */
export interface GsupProxyOptions extends Pick<CheckImeiPolicy, 'check'>, Partial<LinkTimes> {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Jitter of dialling. */
  readonly random: Random;
  /** Where clients connect. Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. Default 4222. */
  readonly port?: number;
  /** Other threads or processes of this user may listen on the same port; the system deals connections out (SO_REUSEPORT). Default false. */
  readonly sharesPort?: boolean;
  /** The HLR; its port defaults to 4222. */
  readonly hlr: { readonly host: string; readonly port?: number };
  /** The answer for an IMEI the register does not know; default ACK. */
  readonly unknown?: 'ACK' | 'NACK';
  /** Also gives what was answered ACK to the HLR, which keeps the IMEI; its answer is swallowed. Default false. */
  readonly alsoStore?: boolean;
  /** Clients at one time, over all and from one address; further ones are refused. Defaults 64 and 32. */
  readonly mostConnections?: number;
  readonly mostPerAddress?: number;
  /** `relaying`, or `closed` with the reason; `peer` is the routing name, the address as long as that is not known. */
  onState?(peer: string, state: 'relaying' | 'closed', because: string): void;
}

/** A running GSUP front. */
export interface GsupProxy {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  /** Clients connected now, and what happened since the start. */
  counts(): Readonly<GsupCounts> & { readonly connections: number; readonly refused: number };
  /** Takes no more clients and no more requests, passes on what the HLR still answers, and is kept when the last connection is gone. */
  close(): Promise<void>;
  /** Cuts everything at once, as a crash would. */
  destroy(): void;
}

const noCounts = (): GsupCounts => ({
  ACK: 0,
  NACK: 0,
  error: 0,
  unavailable: 0,
  unreadable: 0,
  stored: 0,
  swallowed: 0,
  unreached: 0,
});

/** The clients of a proxy, within their limits. */
class Clients {
  readonly links = new Map<Socket, Link>();
  refused = 0;
  private readonly options: GsupProxyOptions;
  private readonly linkOptions: LinkOptions;

  constructor(options: GsupProxyOptions, counts: GsupCounts) {
    this.options = options;
    const { hlr, unknown = 'ACK', alsoStore = false } = options;
    const times = { ...LINK_TIMES, ...options };
    this.linkOptions = { ...options, unknown, alsoStore, counts, times, hlr: { port: GSUP_PORT, ...hlr } };
  }

  take(socket: Socket): void {
    const { mostConnections = MOST_CONNECTIONS, mostPerAddress = MOST_PER_ADDRESS } = this.options;
    const { remoteAddress } = socket;
    const same = [...this.links.keys()].filter((one) => one.remoteAddress === remoteAddress).length;
    socket.on('error', () => {}); // 'close' follows and says it.
    if (this.links.size >= mostConnections || same >= mostPerAddress) {
      this.refused += 1;
      socket.destroy();
      return;
    }
    socket.once('close', () => this.links.delete(socket));
    this.links.set(socket, new Link(socket, this.linkOptions));
  }
}

function listening(server: Server, host: string, port: number, reusePort: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const advice = isBusy
        ? 'another program uses it, often osmo-hlr itself. Bind that to another address, or choose another port (0 takes a free one)'
        : error.message;
      reject(new Error(`cannot listen for GSUP on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port, reusePort }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * Stands between GSUP clients (MSC, SGSN) and their HLR: each client gets a connection to the HLR of its own, over which everything goes
 * untouched, the exchange of identities too; only Check-IMEI is answered here. While the HLR is away, clients are kept for `patienceMs` and
 * then closed. Rejects with what to do when the port cannot be had.
 */
export async function listenGsup(options: GsupProxyOptions): Promise<GsupProxy> {
  const { host = '127.0.0.1' } = options;
  const counts = noCounts();
  const clients = new Clients(options, counts);
  const server = createServer({ pauseOnConnect: true }, (socket) => clients.take(socket));
  const port = await listening(server, host, options.port ?? GSUP_PORT, options.sharesPort === true);
  return {
    host,
    port,
    counts: () => ({ ...counts, connections: clients.links.size, refused: clients.refused }),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const link of clients.links.values()) link.drain();
      return closed;
    },
    destroy() {
      server.close();
      for (const link of clients.links.values()) link.destroy();
    },
  };
}
