/** How much one sender may do. */
export interface BucketSize {
  /** Requests at once after a long silence. */
  readonly burst: number;
  /** Requests for each second in the long run. */
  readonly perSecond: number;
}

interface Bucket {
  level: number;
  at: number;
}

const SECOND = 1000;

/** A bucket for each sender, in bounded memory: the one unused longest is forgotten, which gives its sender a full bucket again. */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #most: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(size: BucketSize, most: number) {
    this.#size = size;
    this.#most = most;
  }

  /** How many senders are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes `cost` (at most the burst counts) from the bucket of `sender` at `now` milliseconds. Returns 0, or the seconds until there is enough; then nothing is
   * taken.
   */
  take(sender: string, now: number, cost = 1): number {
    const { burst, perSecond } = this.#size;
    const bucket = this.#buckets.get(sender) ?? { level: burst, at: now };
    // Written anew, it stands last: the first of the map is always the one unused longest.
    this.#buckets.delete(sender);
    if (this.#buckets.size >= this.#most) this.#forgetOne();
    this.#buckets.set(sender, bucket);
    bucket.level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) * perSecond) / SECOND);
    bucket.at = now;
    const wanted = Math.min(cost, burst);
    if (bucket.level < wanted) return Math.max(1, Math.ceil((wanted - bucket.level) / perSecond));
    bucket.level -= wanted;
    return 0;
  }

  #forgetOne(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** The sender an address stands for: an IPv4 address, or the /64 of an IPv6 address, of which one sender has all (RFC 6177). */
export function addressSender(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('%', 1)[0]?.split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}
