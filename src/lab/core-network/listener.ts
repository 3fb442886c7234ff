import { createServer, type Server, type Socket } from 'node:net';
import { CodecError } from '#base/codec/index.ts';
import { AIR_FRAME, AirLinkStream, airLinkFrame, LONGEST_UPLINK } from '#handset/connector/index.ts';
import type { CoreNetwork } from './core-network.ts';

/** Most handsets connected at once; further ones are turned away. */
const MOST_HANDSETS = 256;
/** Where the type stands in a frame. */
const TYPE_AT = 2;
/** Uplink messages of one handset being answered at once; more are not read until there is room. */
const MOST_UNANSWERED = 8;

/** Where a network listens for handsets of other processes. */
export interface AirListenerOptions {
  readonly network: Pick<CoreNetwork, 'connect'>;
  /** 0 takes a free port. */
  readonly port: number;
  /** Default 127.0.0.1: a lab listens to its own machine only. */
  readonly host?: string;
  /** Most handsets at once; default 256. */
  readonly mostHandsets?: number;
}

/** A listening network. */
export interface AirListener {
  readonly host: string;
  /** The port it listens on: the one taken, when 0 was asked. */
  readonly port: number;
  /** Handsets connected now. */
  readonly connected: number;
  /** Cuts all links and stops listening; kept when the last one is gone. */
  close(): Promise<void>;
}

/** Joins a handset's link to a connection of the network. Answers go out in the order of the messages they answer. */
function serve(socket: Socket, handset: string, network: Pick<CoreNetwork, 'connect'>): void {
  const connection = network.connect(handset);
  const stream = new AirLinkStream(LONGEST_UPLINK);
  let unanswered = 0;
  let answers: Promise<void> = Promise.resolve();
  const write = (type: number, content: Uint8Array): void => {
    if (socket.writable) socket.write(airLinkFrame.encode({ type, content }));
  };
  // A handset that asks faster than it is answered, or without reading the answers, is not heard meanwhile.
  const flow = (): void => {
    if (unanswered >= MOST_UNANSWERED || socket.writableNeedDrain) socket.pause();
    else socket.resume();
  };
  const answerTo = (message: Uint8Array): void => {
    unanswered++;
    const answer = connection.air(message);
    answers = answers
      .then(() => answer)
      .then((frames) => {
        write(AIR_FRAME.answer, frames);
        unanswered--;
        flow();
      });
  };
  connection.onDownlink((message) => write(AIR_FRAME.downlink, message));
  socket.setNoDelay(true);
  socket.on('drain', flow);
  socket.on('error', () => {}); // 'close' follows.
  socket.once('close', () => connection.disconnect());
  socket.on('data', (octets) => {
    try {
      stream.push(octets, (type, content) => {
        if (type !== AIR_FRAME.uplink) throw new CodecError('air link frame', TYPE_AT, `expected type 1, got ${type}`);
        answerTo(content);
      });
      flow();
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      socket.destroy();
    }
  });
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const advice =
        error.code === 'EADDRINUSE'
          ? 'another program uses it. Stop that program, or choose another port (0 takes a free one)'
          : error.message;
      reject(new Error(`cannot listen for handsets on ${host} port ${port}: ${advice}`, { cause: error }));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Listens for handsets of other processes (`connectAir`). Rejects with what to do when the port cannot be had. */
export async function listenAir(options: AirListenerOptions): Promise<AirListener> {
  const { network, host = '127.0.0.1', mostHandsets = MOST_HANDSETS } = options;
  const live = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    live.add(socket);
    socket.once('close', () => live.delete(socket));
    serve(socket, `handset ${++count}`, network);
  });
  server.maxConnections = mostHandsets;
  const port = await listening(server, host, options.port);
  return {
    host,
    port,
    get connected() {
      return live.size;
    },
    async close() {
      const cut = [...live].map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy()));
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(cut);
    },
  };
}
