import { connect, type Socket } from 'node:net';

/** How long an answer may take before the other side counts as silent. */
const SILENCE_MILLISECONDS = 5000;

/** Cuts what arrives into messages and gives each to `take`. */
export interface Framing {
  push(octets: Uint8Array, take: (message: Uint8Array) => void): void;
}

/** How a protocol opens a connection, and which of the messages that come is the answer. */
export interface Protocol<A> {
  framing(): Framing;
  /** Sent first; `true`: nothing is asked until a message came that `isGreeting`. */
  readonly greeting: Uint8Array;
  isGreeting?(message: Uint8Array): boolean;
  /** What a message means to who asked: the answer, something to send back, that this connection is to be left, or nothing. */
  read(message: Uint8Array): { readonly answer?: A; readonly reply?: Uint8Array; readonly isLast?: boolean };
}

/** A core network's side of a front over TCP: one question at a time, the connection opened again when it broke. */
export class Line<A> {
  readonly #port: number;
  readonly #protocol: Protocol<A>;
  #socket: Socket | undefined;
  #ready: Promise<boolean> = Promise.resolve(false);
  /** Who waits for an answer, and on which connection. */
  #waiting: { readonly socket: Socket; hear(answer: A | undefined): void } | undefined;

  constructor(port: number, protocol: Protocol<A>) {
    this.#port = port;
    this.#protocol = protocol;
  }

  /** The answer; undefined when the connection broke or the other side was silent for five seconds. */
  async ask(question: Uint8Array): Promise<A | undefined> {
    if (this.#socket === undefined) this.#open();
    const socket = this.#socket;
    if (!(await this.#ready) || socket === undefined || socket !== this.#socket) return undefined;
    return new Promise((resolve) => {
      const silent = setTimeout(() => socket.destroy(), SILENCE_MILLISECONDS);
      this.#waiting = {
        socket,
        hear: (answer) => {
          clearTimeout(silent);
          this.#waiting = undefined;
          resolve(answer);
        },
      };
      socket.write(question);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): void {
    const { framing, greeting, isGreeting, read } = this.#protocol;
    const stream = framing();
    const socket = connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    socket.setNoDelay(true);
    this.#ready = new Promise((resolve) => {
      let isReady = isGreeting === undefined;
      const silent = setTimeout(() => socket.destroy(), SILENCE_MILLISECONDS);
      const ready = (is: boolean) => {
        clearTimeout(silent);
        resolve(is);
      };
      socket.once('connect', () => {
        socket.write(greeting);
        if (isReady) ready(true);
      });
      socket.on('data', (octets) =>
        stream.push(octets, (message) => {
          if (!isReady && isGreeting?.(message) === true) {
            isReady = true;
            ready(true);
            return;
          }
          const { answer, reply, isLast } = read(message);
          if (reply !== undefined) socket.write(reply);
          if (answer !== undefined) this.#hear(socket, answer);
          if (isLast === true) this.#leave(socket);
        }),
      );
      socket.on('error', () => {});
      socket.once('close', () => {
        ready(false);
        this.#forget(socket);
        this.#hear(socket, undefined);
      });
    });
  }

  #hear(socket: Socket, answer: A | undefined): void {
    if (this.#waiting?.socket === socket) this.#waiting.hear(answer);
  }

  /** Nothing more is asked on this connection; an answer that is on its way is still heard. */
  #leave(socket: Socket): void {
    socket.end();
    this.#forget(socket);
  }

  #forget(socket: Socket): void {
    if (this.#socket === socket) this.#socket = undefined;
  }
}
