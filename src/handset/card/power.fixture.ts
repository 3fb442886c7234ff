import type { NonVolatile } from '#base/port/index.ts';

/** Power for so many octets, over all media it is given to: the write in which it ends stops there and throws, every later one does nothing and throws. */
export function powerSupply(octetsLeft: number): (inner: NonVolatile) => NonVolatile {
  let left = octetsLeft;
  return (inner) => ({
    size: inner.size,
    read: (offset, length) => inner.read(offset, length),
    write(offset, octets) {
      const written = octets.subarray(0, left);
      inner.write(offset, written);
      left -= written.length;
      if (written.length < octets.length) throw new Error('power lost');
    },
    flush: () => {},
  });
}
