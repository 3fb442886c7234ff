import { closeSync, constants, openSync } from 'node:fs';
import { isatty, ReadStream } from 'node:tty';
import { SlotError } from './card-door.ts';

/** Octets to a modem and from it. */
export interface ModemLine {
  write(octets: Uint8Array): void;
  /** Takes what comes, and the end of the line with its reason. */
  listen(onOctets: (octets: Uint8Array) => void, onEnd: (reason: string) => void): void;
  close(): void;
}

const PACKAGE_ADVICE =
  "a rate of its own needs the package serialport: 'npm install --no-save serialport@13.0.0'; or set it with 'stty -F DEVICE RATE' and leave it out here";

/** A serial line at a rate, by the package `serialport`. */
async function byPackage(path: string, baudRate: number): Promise<ModemLine> {
  let found: typeof import('serialport');
  try {
    found = await import('serialport');
  } catch (error) {
    throw new SlotError(`${path}@${baudRate}: ${PACKAGE_ADVICE}`, { cause: error });
  }
  const { SerialPort } = found;
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate }, (error) => {
      if (error !== null) reject(new SlotError(`${path}: ${error.message}`));
      else
        resolve({
          write: (octets) => void port.write(octets),
          listen: (onOctets, onEnd) =>
            void port
              .on('data', onOctets)
              .on('error', (problem) => onEnd(problem.message))
              .on('close', () => onEnd('the device is gone')),
          close: () => port.close(),
        });
    });
  });
}

/** Opens a terminal device without waiting for a carrier, and without making it the terminal of this process. */
function opened(path: string): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT')
      throw new SlotError(`${path}: no such device: is the modem connected? Try 'ls /dev/ttyUSB* /dev/ttyACM*'`);
    if (code === 'EACCES')
      throw new SlotError(`${path}: this user may not use it: join the group of the device (dialout)`);
    if (code === 'EBUSY') throw new SlotError(`${path}: another program uses it: stop it (often ModemManager)`);
    throw error;
  }
}

/**
 * The line of a modem's AT port. Without a rate the device is used as it is set, which is all that a modem on USB needs; with one the package
 * `serialport` sets it. Rejects with SlotError.
 */
export async function openModemLine(path: string, baudRate?: number): Promise<ModemLine> {
  if (baudRate !== undefined) return byPackage(path, baudRate);
  const descriptor = opened(path);
  if (!isatty(descriptor)) {
    closeSync(descriptor);
    throw new SlotError(`${path}: expected a serial device or pseudo terminal`);
  }
  const stream = new ReadStream(descriptor);
  stream.setRawMode(true);
  return {
    write: (octets) => void stream.write(octets),
    listen: (onOctets, onEnd) =>
      void stream
        .on('data', onOctets)
        .on('error', (error) => onEnd(error.message))
        .on('close', () => onEnd('the device is gone')),
    close: () => stream.destroy(),
  };
}
