import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

/**
 * A block of memory that keeps its octets without power. A write may be cut at any octet when power fails;
 * what was flushed before stays. Atomicity is made above this port (handset/card), never assumed of it.
 */
export interface NonVolatile {
  /** Capacity in octets; erased octets read FF. */
  readonly size: number;
  /** A copy of `length` octets from `offset`. */
  read(offset: number, length: number): Uint8Array;
  /** Writes all octets at `offset`, in ascending order; power may fail between any two. */
  write(offset: number, octets: Uint8Array): void;
  /** Returns when everything written has reached the medium. */
  flush(): void;
}

/** Memory of a virtual card that lives only as long as the process: for tests and fleets. */
export function ramMemory(size: number): NonVolatile {
  const octets = new Uint8Array(size).fill(0xff);
  return {
    size,
    read: (offset, length) => octets.slice(offset, offset + length),
    write: (offset, data) => octets.set(data, offset),
    flush: () => {},
  };
}

/**
 * Memory of a virtual card in a file that only its owner can read (mode 0600), made and filled with FF when it is missing.
 * Errors are those of the file system (full disk, no permission) with the path in the message.
 */
export function fileMemory(path: string, size: number): NonVolatile & { close(): void } {
  const isNew = !existsSync(path);
  const file = openSync(path, isNew ? 'wx+' : 'r+', 0o600);
  if (isNew) writeSync(file, new Uint8Array(size).fill(0xff), 0, size, 0);
  else if (fstatSync(file).size !== size) {
    const found = fstatSync(file).size;
    // A crash while the file was made leaves it short; nothing was acknowledged then, FF is its true content.
    if (found > size)
      throw new Error(`${path}: expected a card memory of ${size} octets, found ${found}: not made by this version`);
    ftruncateSync(file, size);
    writeSync(file, new Uint8Array(size - found).fill(0xff), 0, size - found, found);
  }
  return {
    size,
    read(offset, length) {
      const out = new Uint8Array(length);
      readSync(file, out, 0, length, offset);
      return out;
    },
    write(offset, octets) {
      for (let done = 0; done < octets.length; )
        done += writeSync(file, octets, done, octets.length - done, offset + done);
    },
    flush: () => fsyncSync(file),
    close: () => closeSync(file),
  };
}
