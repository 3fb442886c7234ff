import type { Said } from '#base/sentence/index.ts';

/** Who sends or receives in a trace; the numbers are the reference numerals of figure 1. */
export type TraceParty =
  | 'storage support (2)'
  | 'operating system (4)'
  | 'UICC (31)'
  | 'network'
  | 'SMSC'
  | 'operator (5)'
  | 'register (7)'
  | 'person';

/** What the octets are: `apdu` a C-APDU (with its R-APDU as `response`), `atr` an answer to reset, `local` no wire format. */
export type TraceProtocol = 'apdu' | 'atr' | 'usat' | 'sms' | 'ota' | 'smpp' | 'nas' | 'eir' | 'local';

/** One hop. */
export interface TraceRecord {
  /** Milliseconds since 1970-01-01T00:00:00Z, from the Clock port. */
  readonly at: number;
  /** Which handset of several, by the name its owner gave it. */
  readonly handset?: string;
  readonly from: TraceParty;
  readonly to: TraceParty;
  readonly protocol: TraceProtocol;
  /** The octets as sent; of an APDU pair the C-APDU. */
  readonly octets: Uint8Array;
  /** `apdu` only: the R-APDU, data and status word. */
  readonly response?: Uint8Array;
  /** The standard's name of the message: `SELECT`, `PERFORM CARD APDU`, `submit_sm`. */
  readonly name: string;
  /** Where the standard says so: `TS 102 221 11.1.1`. */
  readonly clause?: string;
  /** The step of figure 2 this hop belongs to. */
  readonly step?: 101 | 102 | 103 | 104;
  /** What it means here, in words. */
  readonly detail?: string;
  /** The same by its code, for whoever says it in another language. */
  readonly said?: Said;
}

/** Where records go. Look at `enabled` before building a record: it is false where nobody reads them. */
export interface Trace {
  readonly enabled: boolean;
  /** Takes one record; never throws. The octets must not change afterwards. */
  record(record: TraceRecord): void;
}

/** Nobody reads. */
export const silentTrace: Trace = { enabled: false, record: () => {} };

/** A trace that keeps what it was given, oldest first. */
export interface CollectingTrace extends Trace {
  readonly records: readonly TraceRecord[];
  /** Forgets all records. */
  clear(): void;
}

/** Keeps the newest `most` records in memory. */
export function collectingTrace(most = 10_000): CollectingTrace {
  const records: TraceRecord[] = [];
  return {
    enabled: true,
    records,
    record(record) {
      if (records.length >= most) records.shift();
      records.push(record);
    },
    clear() {
      records.length = 0;
    },
  };
}

/** Gives every record to all of these that are enabled. */
export function teeTrace(...traces: readonly Trace[]): Trace {
  return {
    get enabled() {
      return traces.some((trace) => trace.enabled);
    },
    record(record) {
      for (const trace of traces) if (trace.enabled) trace.record(record);
    },
  };
}
