import type { NonVolatile } from '#base/port/index.ts';

/** Power that ends by octets written, over all media it is given to. */
export interface PowerSource {
  /** A medium on this power: the write in which it ends stops there and throws, every later one does nothing and throws. */
  readonly feed: (inner: NonVolatile) => NonVolatile;
  /** From now on it lasts for so many octets. */
  endAfter(octets: number): void;
  /** Octets written so far. */
  readonly written: number;
  /** True once a write was cut. */
  readonly isLost: boolean;
}

/** A source that lasts until it is told when to end. */
export function powerSource(): PowerSource {
  let left = Number.POSITIVE_INFINITY;
  let written = 0;
  let isLost = false;
  return {
    feed: (inner) => ({
      size: inner.size,
      read: (offset, length) => inner.read(offset, length),
      write(offset, octets) {
        const reached = octets.subarray(0, left);
        inner.write(offset, reached);
        left -= reached.length;
        written += reached.length;
        if (reached.length === octets.length) return;
        isLost = true;
        throw new Error('power lost');
      },
      flush: () => {},
    }),
    endAfter(octets) {
      left = octets;
    },
    get written() {
      return written;
    },
    get isLost() {
      return isLost;
    },
  };
}

/** Power for so many octets, over all media it is given to. */
export function powerSupply(octetsLeft: number): (inner: NonVolatile) => NonVolatile {
  const source = powerSource();
  source.endAfter(octetsLeft);
  return source.feed;
}
