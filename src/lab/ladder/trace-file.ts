import { closeSync, openSync, writeSync } from 'node:fs';
import { fromHex, toHex } from '#base/codec/index.ts';
import type { Trace, TraceRecord } from '#base/trace/index.ts';

/** A trace that keeps each record as a line of JSON in a file that only its owner can read; octets are hexadecimal. */
export interface TraceFile extends Trace {
  close(): void;
}

/** Writes a trace file anew. Errors are the file system's. */
export function traceFile(path: string): TraceFile {
  const file = openSync(path, 'w', 0o600);
  return {
    enabled: true,
    record(record) {
      const { octets, response, ...words } = record;
      writeSync(
        file,
        `${JSON.stringify({ ...words, octets: toHex(octets), ...(response && { response: toHex(response) }) })}\n`,
      );
    },
    close: () => closeSync(file),
  };
}

/** A line that is no record of a trace file. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
}

const WORDS = ['from', 'to', 'protocol', 'name', 'octets'] as const;

/** The record in a line of a trace file. Throws TraceFileError with the line's number. */
export function traceRecordOf(line: string, number: number): TraceRecord {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    read = undefined;
  }
  const isRecord =
    typeof read === 'object' &&
    read !== null &&
    WORDS.every((word) => typeof (read as Record<string, unknown>)[word] === 'string');
  if (!isRecord || typeof (read as { at?: unknown }).at !== 'number')
    throw new TraceFileError(`line ${number}: expected a record of an Assay trace file, got something else`);
  // Written by `traceFile`, or it only spoils the line it is shown in.
  const { octets, response, ...words } = read as Omit<TraceRecord, 'octets' | 'response'> & {
    octets: string;
    response?: string;
  };
  return { ...words, octets: fromHex(octets), ...(response !== undefined && { response: fromHex(response) }) };
}
