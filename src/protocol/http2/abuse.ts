import type { AbuseLimits } from './limits.ts';

/** What a connection did that it should not. */
export type Abuse = 'reset' | 'control frame' | 'empty frame' | 'unauthorised' | 'unread answer' | 'noise';

/** Octets of small frames that come along with a request: a window each way, a priority. */
const NOISE_OF_A_REQUEST = 64;

/** Counts what a connection does in a second, and says when it is too much. */
export class AbuseMeter {
  readonly #limits: AbuseLimits;
  #sinceMs: number;
  #resets = 0;
  #controlFrames = 0;
  #emptyFrames = 0;
  #unauthorised = 0;
  #unreadAnswers = 0;
  #noise = 0;
  #requests = 0;

  /** `nowMs`: milliseconds since 1970. */
  constructor(limits: AbuseLimits, nowMs: number) {
    this.#limits = limits;
    this.#sinceMs = nowMs;
  }

  /** To be called before anything is counted: begins a new second when one is over, or the clock was set back. */
  at(nowMs: number): void {
    if (nowMs >= this.#sinceMs && nowMs < this.#sinceMs + 1000) return;
    this.#sinceMs = nowMs;
    this.#resets = this.#controlFrames = this.#emptyFrames = this.#unauthorised = this.#noise = this.#requests = 0;
  }

  /** A request that was heard. */
  request(): void {
    this.#requests++;
  }
  /** A stream that was reset, by either side. */
  reset(): void {
    this.#resets++;
  }
  /** A PING, SETTINGS or GOAWAY. */
  controlFrame(): void {
    this.#controlFrames++;
  }
  /** A DATA or CONTINUATION frame with nothing in it. */
  emptyFrame(): void {
    this.#emptyFrames++;
  }
  /** An answer 401 or 403. */
  unauthorised(): void {
    this.#unauthorised++;
  }
  /** An answer that was not read in time. */
  unreadAnswer(): void {
    this.#unreadAnswers++;
  }
  /** Octets that belong to no request. */
  noise(octets: number): void {
    this.#noise += octets;
  }

  /** What there was too much of, or undefined: then the connection ends with ENHANCE_YOUR_CALM (RFC 9113 7). */
  get excess(): Abuse | undefined {
    const limits = this.#limits;
    if (this.#resets > limits.resetsPerSecond) return 'reset';
    if (this.#controlFrames > limits.controlFramesPerSecond) return 'control frame';
    if (this.#emptyFrames > limits.emptyFramesPerSecond) return 'empty frame';
    if (this.#unauthorised > limits.unauthorisedPerSecond) return 'unauthorised';
    if (this.#unreadAnswers > limits.unreadAnswers) return 'unread answer';
    return this.#noise > limits.noiseOctetsPerSecond + this.#requests * NOISE_OF_A_REQUEST ? 'noise' : undefined;
  }
}
