import { connect, type Socket } from 'node:net';
import { CodecError, lengthPrefixed, NO_OCTETS, rest, struct, u8, u16 } from '#base/codec/index.ts';
import { FrameStream } from './frame-stream.ts';

/** Types of an air link's frames. */
export const AIR_FRAME = {
  /** To the network: one layer 3 message. */
  uplink: 0x01,
  /** To the handset: what an uplink message brought (`airFrames`), one answer for each, in their order. */
  answer: 0x02,
  /** To the handset: one layer 3 message that the network begins. */
  downlink: 0x03,
} as const;

/** Longest layer 3 message (TS 44.006: N201), and longest content of an answer with 64 of them, in octets. */
export const LONGEST_UPLINK = 251;
/** See LONGEST_UPLINK. */
export const LONGEST_ANSWER: number = 64 * (2 + LONGEST_UPLINK);

/**
 * A frame of an air link over TCP: two octets of length, one of type (AIR_FRAME), the content. `00 04 01 05 08 72` would be an uplink
 * message of three octets.
 */
export const airLinkFrame = lengthPrefixed(u16, struct({ type: u8, content: rest(0, LONGEST_ANSWER) }));

/** Cuts the octets of a connection into air link frames. Holds at most one. */
export class AirLinkStream {
  readonly #frames: FrameStream;

  /** `longest` is the limit for one frame's content in octets. */
  constructor(longest: number) {
    this.#frames = new FrameStream('air link frame', 1, longest + 1);
  }

  /**
   * Takes received octets, in pieces of any size, and gives every frame that is whole to `take`. Throws CodecError at a frame that is
   * empty or longer than the limit: the connection cannot be read any further.
   */
  push(octets: Uint8Array, take: (type: number, content: Uint8Array) => void): void {
    this.#frames.push(octets, (frame) => take(frame[0] as number, frame.subarray(1)));
  }
}

/** A handset's radio link to a network in another process. */
export interface AirLink {
  /** False while the network cannot be reached. */
  readonly isOpen: boolean;
  /**
   * A layer 3 message up (at most 251 octets, or CodecError), the network's messages down (`airFrames`). No octets when the link is cut or
   * the network silent, which is how a handset meets "no network"; the next message tries to open the link again.
   */
  air(message: Uint8Array): Promise<Uint8Array>;
  /** Takes layer 3 messages that the network begins; they may come in the middle of a procedure and are for after it. */
  onDownlink(handler: (message: Uint8Array) => void): void;
  /** Ends the link for good; kept when it is down. */
  close(): Promise<void>;
}

/** How long a network may take for an answer: longer than it waits for its own register. */
const ANSWER_MS = 20_000;

class TcpAirLink implements AirLink {
  readonly #host: string;
  readonly #port: number;
  readonly #answerMs: number;
  readonly #waiting: ((answer: Uint8Array) => void)[] = [];
  #socket: Socket | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;
  #handler: (message: Uint8Array) => void = () => {};

  constructor(host: string, port: number, answerMs: number) {
    this.#host = host;
    this.#port = port;
    this.#answerMs = answerMs;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Opens the link unless it is open. Rejects with what to do. */
  open(): Promise<void> {
    if (this.#socket !== undefined) return Promise.resolve();
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async air(message: Uint8Array): Promise<Uint8Array> {
    if (message.length > LONGEST_UPLINK)
      throw new CodecError('layer 3 message', 0, `expected at most ${LONGEST_UPLINK} octets, got ${message.length}`);
    const frame = airLinkFrame.encode({ type: AIR_FRAME.uplink, content: message });
    if (!this.#isClosed) await this.open().catch(() => {});
    const socket = this.#socket;
    if (socket === undefined) return NO_OCTETS;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      socket.setTimeout(this.#answerMs);
      socket.write(frame);
    });
  }

  onDownlink(handler: (message: Uint8Array) => void): void {
    this.#handler = handler;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    const socket = this.#socket;
    if (socket === undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.once('close', () => resolve());
    socket.destroy();
    return promise;
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: this.#host, port: this.#port });
      socket.setNoDelay(true);
      socket.setTimeout(this.#answerMs, () => socket.destroy(new Error(`no answer within ${this.#answerMs} ms`)));
      socket.on('error', (error) =>
        reject(
          new Error(
            `no network at ${this.#host} port ${this.#port}: ${error.message}. Start the network, or give its port`,
            { cause: error },
          ),
        ),
      );
      socket.once('connect', () => {
        this.#join(socket);
        resolve();
      });
    });
  }

  #join(socket: Socket): void {
    this.#socket = socket;
    socket.setTimeout(0);
    const stream = new AirLinkStream(LONGEST_ANSWER);
    socket.on('data', (octets) => {
      try {
        stream.push(octets, (type, content) => this.#take(socket, type, content));
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        socket.destroy();
      }
    });
    socket.once('close', () => {
      this.#socket = undefined;
      for (const answer of this.#waiting.splice(0)) answer(NO_OCTETS);
    });
  }

  #take(socket: Socket, type: number, content: Uint8Array): void {
    if (type === AIR_FRAME.downlink) this.#handler(content);
    else if (type === AIR_FRAME.answer && this.#waiting.length > 0) {
      this.#waiting.shift()?.(content);
      if (this.#waiting.length === 0) socket.setTimeout(0);
    } else socket.destroy();
  }
}

/**
 * Connects a handset's baseband to a network in another process (lab/core-network's listener). Rejects with what to do when there is none.
 * `answerMs` is how long the network may take for an answer, in milliseconds.
 */
export async function connectAir(host: string, port: number, answerMs: number = ANSWER_MS): Promise<AirLink> {
  const link = new TcpAirLink(host, port, answerMs);
  await link.open();
  return link;
}
