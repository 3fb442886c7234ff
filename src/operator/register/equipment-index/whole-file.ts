import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sameOctets } from '#base/codec/index.ts';
import { crc32 } from '#base/crypto/index.ts';

/** 01020304 as this processor stores it. */
export const BYTE_ORDER: Uint8Array = new Uint8Array(Int32Array.of(0x01020304).buffer);
/** Octets of a CRC-32. */
export const CHECK = 4;
/** Octets with their CRC-32 after them. */
export function checked(octets: Uint8Array): Uint8Array {
  const whole = new Uint8Array(octets.length + CHECK);
  whole.set(octets);
  whole.set(crc32(octets), octets.length);
  return whole;
}

/** Whether octets end with the CRC-32 of those before it. */
export const isWhole = (octets: Uint8Array): boolean =>
  sameOctets(crc32(octets.subarray(0, -CHECK)), octets.subarray(-CHECK));

/**
 * Writes a file whole or not at all: to `PATH.unfinished`, flushed, then renamed. Rejects with the file system's error; what stood there
 * before is then still there.
 */
export async function writeWholeFile(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await write(file);
    await file.sync();
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncDirectory(dirname(path));
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; its file system needs no such flush.
  if (process.platform === 'win32') return;
  const file = await open(directory, 'r');
  await file.sync();
  await file.close();
}

/** A file to read; undefined when there is none. Rejects with the file system's error when it is there and cannot be read. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Reads as many octets as there is room. False: the file ends before. */
export async function fill(file: FileHandle, octets: Uint8Array): Promise<boolean> {
  for (let at = 0; at < octets.length; ) {
    const { bytesRead } = await file.read(octets, at, octets.length - at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}
