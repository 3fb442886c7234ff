/** How much one sender may send. */
export interface RateLimit {
  /** Messages at once after a long silence. */
  readonly burst: number;
  /** Milliseconds after which one more is allowed. */
  readonly refillMilliseconds: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** Senders remembered; a flood of invented senders makes the gateway forget all and begin anew. */
const MOST_SENDERS = 100_000;

/** One bucket of tokens for each sender. */
export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #buckets = new Map<string, Bucket>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** Takes a token; false when the sender has none left. `now` in milliseconds. */
  allows(sender: string, now: number): boolean {
    const { burst, refillMilliseconds } = this.#limit;
    let bucket = this.#buckets.get(sender);
    if (bucket === undefined) {
      if (this.#buckets.size >= MOST_SENDERS) this.#buckets.clear();
      bucket = { tokens: burst, at: now };
      this.#buckets.set(sender, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / refillMilliseconds);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
