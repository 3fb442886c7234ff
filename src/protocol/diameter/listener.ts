import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { Clock, Random } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { knownPeers, type Link, type PeerOptions } from './admission.ts';
import { Connection, type ConnectionLimits, type MessageWatcher, type PeerNews, type Shared } from './connection.ts';
import { addressValue, checkedIdentity, type LocalNode } from './local-node.ts';
import { OctetSink } from './octet-sink.ts';
import { PEER_TIMES, type PeerTimes } from './peer-state.ts';
import { S13, type S13Counts, type S13Options } from './s13.ts';

/** How much a listener holds and admits. */
export interface DiameterLimits extends ConnectionLimits {
  /** Connections in all. */
  readonly mostConnections: number;
  /** Connections from one address. */
  readonly mostFromAddress: number;
  /** Octets that may lie unread by a peer before nothing more is read from it. */
  readonly mostUnsent: number;
}

/** Limits that suit a register. */
export const DIAMETER_LIMITS: DiameterLimits = {
  longestMessage: 64 * 1024,
  mostAvps: 256,
  mostConnections: 256,
  mostFromAddress: 16,
  mostUnsent: 256 * 1024,
};

/** Certificate, key and authorities, PEM. Peers must show a certificate of these authorities that names their Origin-Host. */
export interface DiameterTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What a listener needs. */
export interface DiameterListenerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 3868 is usual, 5868 over TLS (RFC 6733 2.1); 0 takes a free one. */
  readonly port: number;
  /** Other threads or processes of this user may listen on the same port; the system deals connections out (SO_REUSEPORT). Default false. */
  readonly sharesPort?: boolean;
  /** TLS from the first octet; plain TCP when left out. */
  readonly tls?: DiameterTls;
  readonly node: LocalNode;
  readonly peers: readonly PeerOptions[];
  readonly check: S13Options['check'];
  readonly times?: Partial<PeerTimes>;
  readonly limits?: Partial<DiameterLimits>;
  onPeer?(news: PeerNews): void;
  readonly watch?: MessageWatcher;
}

/** How a listener has done so far. */
export interface DiameterCounts extends Readonly<S13Counts> {
  /** Connections there are now. */
  readonly connections: number;
  /** Connections cut at once because there were too many. */
  readonly cut: number;
}

/** A node that listens for peers. */
export interface DiameterListener {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  readonly counts: DiameterCounts;
  /** The peers that are let in now, as the configuration names them. */
  readonly peers: readonly string[];
  /** Stops listening, says DPR to every peer, answers what they sent before, and is kept when the last connection is gone. */
  close(): Promise<void>;
  /** Cuts everything at once, as a crash would. */
  destroy(): void;
}

const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

function linkOf(socket: Socket): Link {
  const address = (socket.remoteAddress ?? '').replace(MAPPED_IPV4, '');
  if (!(socket instanceof TLSSocket)) return { address, certifies: () => true };
  const certificate = socket.getPeerX509Certificate();
  // subjectAltName, and CN only when there is none; a wildcard names nobody (RFC 6733 13.1).
  const how = { wildcards: false, subject: 'default' } as const;
  return { address, certifies: (host) => certificate?.checkHost(host, how) !== undefined };
}

/** Joins a connected socket to a connection. A peer that asks without reading the answers is not heard until it has read them. */
function join(socket: Socket, shared: Shared, mostUnsent: number): Connection {
  socket.setNoDelay(true);
  const connection: Connection = new Connection(shared, linkOf(socket), {
    write: (octets) => void socket.write(octets),
    end(isForced) {
      if (isForced) socket.destroy();
      else socket.end();
    },
  });
  socket.on('data', (chunk) => {
    connection.take(chunk);
    if (socket.writableLength <= mostUnsent) return;
    socket.pause();
    connection.flow(true);
  });
  socket.on('drain', () => {
    connection.flow(false);
    socket.resume();
  });
  socket.once('close', () => connection.happen({ type: 'disconnected' }));
  return connection;
}

function listening(server: Server, host: string, port: number, reusePort: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isBusy = error.code === 'EADDRINUSE';
      const advice = isBusy
        ? 'another program uses it. Stop that program, or choose another port (0 takes a free one)'
        : error.message;
      reject(new Error(`cannot listen for Diameter on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port, reusePort }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Cuts connections beyond the limit for their address, and counts those it admits. */
class Doorkeeper {
  cut = 0;
  readonly sockets = new Set<Socket>();
  private readonly fromAddress = new Map<string, number>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  admit(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const count = (this.fromAddress.get(address) ?? 0) + 1;
    if (count > this.most) {
      this.cut++;
      socket.destroy();
      return;
    }
    this.fromAddress.set(address, count);
    this.sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows and says it.
    socket.once('close', () => {
      this.sockets.delete(socket);
      const left = (this.fromAddress.get(address) ?? 1) - 1;
      if (left === 0) this.fromAddress.delete(address);
      else this.fromAddress.set(address, left);
    });
  }
}

function sharedBy(options: DiameterListenerOptions, limits: DiameterLimits): Shared {
  const { clock, scheduler, random, node, peers, check, watch, onPeer } = options;
  checkedIdentity('originHost', node.originHost);
  checkedIdentity('originRealm', node.originRealm);
  if (node.addresses.length === 0) throw new Error('addresses: expected at least one, for Host-IP-Address');
  for (const address of node.addresses) addressValue(address);
  return {
    node,
    clock,
    scheduler,
    random,
    times: { ...PEER_TIMES, ...options.times },
    limits,
    peers: knownPeers(peers),
    s13: new S13({ node, check, mostAvps: limits.mostAvps }),
    sink: new OctetSink(),
    open: new Map(),
    watch,
    onPeer: (news) => onPeer?.(news),
  };
}

/** A server that gives every connection to `serve`: with TLS once the peer has shown its certificate. */
function serverOf(tls: DiameterTls | undefined, times: PeerTimes, serve: (socket: Socket) => void): Server {
  if (tls === undefined) return createServer(serve);
  const how = {
    ...tls,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: times.capabilitiesMs,
  } as const;
  return createTlsServer(how, serve);
}

/** Listens for peers. Rejects with what to do when the port cannot be had or the options cannot be. */
export async function listenDiameter(options: DiameterListenerOptions): Promise<DiameterListener> {
  const host = options.host ?? '127.0.0.1';
  const limits = { ...DIAMETER_LIMITS, ...options.limits };
  const shared = sharedBy(options, limits);
  const door = new Doorkeeper(limits.mostFromAddress);
  const live = new Set<Connection>();
  let isClosing = false;
  const server = serverOf(options.tls, shared.times, (socket) => {
    if (socket.destroyed) return; // The door was shut.
    socket.on('error', () => {}); // 'close' follows and says it.
    const connection = join(socket, shared, limits.mostUnsent);
    live.add(connection);
    socket.once('close', () => live.delete(connection));
    if (isClosing) connection.happen({ type: 'drain' });
  });
  server.maxConnections = limits.mostConnections;
  server.on('drop', () => door.cut++);
  server.prependListener('connection', (socket: Socket) => door.admit(socket));
  const port = await listening(server, host, options.port, options.sharesPort === true);
  return {
    host,
    port,
    get counts() {
      return { ...shared.s13.counts, connections: door.sockets.size, cut: door.cut };
    },
    get peers() {
      return [...shared.open.values()].flatMap(({ peerName }) => peerName ?? []);
    },
    close() {
      isClosing = true;
      for (const connection of live) connection.happen({ type: 'drain' });
      return new Promise((resolve) => server.close(() => resolve()));
    },
    destroy() {
      server.close();
      for (const socket of door.sockets) socket.destroy();
    },
  };
}
