import type { PreparedResponse } from './prepared-response.ts';

/** A stream that outlives the chunk it came in: its body still comes, or its answer waits for a window (RFC 9113 5.1). */
export class Stream {
  readonly id: number;
  /** When it came: milliseconds since 1970. */
  readonly sinceMs: number;
  /** The body's length as announced. */
  readonly contentLength: number | undefined;
  /** Whether the peer has not ended it. */
  isHearing: boolean;
  /** Octets of the body that came. */
  received = 0;
  /** What the peer may still send, padding included (RFC 9113 6.9). */
  receiveWindow: number;
  /** What of that was taken away and not given back yet. */
  consumed = 0;
  /** What we may still send. Below zero after a smaller SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 6.9.2). */
  window: number;
  /** The answer, as long as it waits for the end of the request; and whether it goes without its body. */
  held: PreparedResponse | undefined;
  isHead = false;
  /** The answer's body, and how much of it was sent; undefined when all was. */
  body: Uint8Array | undefined;
  sent = 0;

  /** A stream with both windows at their first sizes. */
  constructor(
    id: number,
    sinceMs: number,
    request: { readonly hasBody: boolean; readonly contentLength: number | undefined },
    receiveWindow: number,
    window: number,
  ) {
    this.id = id;
    this.sinceMs = sinceMs;
    this.isHearing = request.hasBody;
    this.contentLength = request.contentLength;
    this.receiveWindow = receiveWindow;
    this.window = window;
  }
}

/** Streams that we reset lately: what the peer sent before it knew is no error (RFC 9113 5.1). */
export class ResetStreams {
  readonly #ids = new Set<number>();
  readonly #most: number;

  /** Remembers at most so many. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Remembers one, and forgets the oldest if need be. */
  add(id: number): void {
    this.#ids.add(id);
    if (this.#ids.size <= this.#most) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  /** Whether it is remembered. */
  has(id: number): boolean {
    return this.#ids.has(id);
  }
}
