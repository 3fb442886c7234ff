import { manualScheduler } from '#protocol/smpp/index.ts';
import { type ConnectionEnd, Http2Connection, type Http2Handler } from './connection.ts';
import { DateField } from './date-field.ts';
import { FLAG, FRAME, frameHeader, HEADER_LENGTH, PREFACE, settingFormat } from './frame.ts';
import { FieldList, HpackDecoder } from './hpack-decoder.ts';
import { encodePlainField } from './hpack-encoder.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './limits.ts';
import { Output } from './output.ts';
import { type PreparedResponse, prepareResponse } from './prepared-response.ts';

/** A frame that came from the server. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** One frame. */
export function frame(type: number, flags: number, streamId: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  return Buffer.concat([frameHeader.encode({ length: payload.length, type, flags, streamId }), payload]);
}

/** Cuts octets into frames. */
export function framesOf(octets: Buffer): Frame[] {
  const found: Frame[] = [];
  for (let at = 0; at < octets.length; ) {
    const { length, type, flags, streamId } = frameHeader.decode(octets.subarray(at, at + HEADER_LENGTH));
    const payload = octets.subarray(at + HEADER_LENGTH, at + HEADER_LENGTH + length);
    found.push({ type, flags, streamId, payload });
    at += HEADER_LENGTH + length;
  }
  return found;
}

/** A block of fields, without any table. */
export function block(fields: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => encodePlainField(name, value)));
}

/** The fields of a GET. */
export const GET: readonly (readonly [string, string])[] = [
  [':method', 'GET'],
  [':scheme', 'http'],
  [':authority', 'eir'],
  [':path', '/a'],
];

/** A request without a body. */
export function get(id: number, fields = GET): Buffer {
  return frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, id, block(fields));
}

/** A request whose body follows. */
export function post(id: number, more: readonly (readonly [string, string])[] = []): Buffer {
  return frame(FRAME.HEADERS, FLAG.END_HEADERS, id, block([[':method', 'POST'], ...GET.slice(1), ...more]));
}

/** A number of 32 bits. */
export function u32(...values: readonly number[]): Buffer {
  return Buffer.concat(
    values.map((value) => {
      const octets = Buffer.alloc(4);
      octets.writeUInt32BE(value);
      return octets;
    }),
  );
}

/** SETTINGS. */
export function settings(...list: readonly (readonly [number, number])[]): Buffer {
  return frame(
    FRAME.SETTINGS,
    0,
    0,
    Buffer.concat(list.map(([identifier, value]) => settingFormat.encode({ identifier, value }))),
  );
}

/** RST_STREAM, WINDOW_UPDATE: frames of one number. */
export const reset = (id: number, code = 8): Buffer => frame(FRAME.RST_STREAM, 0, id, u32(code));
/** WINDOW_UPDATE. */
export const windowUpdate = (id: number, increment: number): Buffer =>
  frame(FRAME.WINDOW_UPDATE, 0, id, u32(increment));
/** DATA. */
export const data = (id: number, length: number, isLast = false): Buffer =>
  frame(FRAME.DATA, isLast ? FLAG.END_STREAM : 0, id, Buffer.alloc(length));
/** The acknowledgement of SETTINGS. */
export const SETTINGS_ACK = frame(FRAME.SETTINGS, FLAG.ACK, 0);

/** A connection without sockets, and its peer. */
export class Peer {
  readonly time = manualScheduler(Date.UTC(2026, 10, 24));
  readonly connection: Http2Connection;
  readonly ends: ConnectionEnd[] = [];
  readonly paths: string[] = [];
  isEnded = false;
  isDestroyed = false;
  isHeard = true;
  /** Whether the peer reads: if not, octets lie unsent. */
  isReading = true;
  unsent = 0;
  writes = 0;
  readonly #written: Buffer[] = [];
  readonly #decoder = new HpackDecoder();

  constructor(limits: Partial<ConnectionLimits> = {}, handler?: Http2Handler) {
    const shared = {
      limits: { ...CONNECTION_LIMITS, ...limits },
      clock: this.time,
      date: new DateField(),
      output: new Output(),
      handler: (request: Parameters<Http2Handler>[0]): PreparedResponse => {
        this.paths.push(request.path);
        return handler === undefined ? ANSWER : handler(request);
      },
      onEnd: (why: ConnectionEnd) => this.ends.push(why),
    };
    this.connection = new Http2Connection(
      shared,
      {
        write: (octets) => {
          this.writes++;
          this.#written.push(Buffer.from(octets));
          if (!this.isReading) this.unsent += octets.length;
          return this.isReading;
        },
        unsent: () => this.unsent,
        hear: (isWanted) => {
          this.isHeard = isWanted;
        },
        end: () => {
          this.isEnded = true;
        },
        destroy: () => {
          this.isDestroyed = true;
        },
      },
      'peer',
    );
  }

  /** Sends preface, SETTINGS and the acknowledgement; what came in return is forgotten. */
  greet(...list: readonly (readonly [number, number])[]): this {
    this.send(Buffer.from(PREFACE), settings(...list), SETTINGS_ACK);
    this.frames();
    return this;
  }

  /** Sends octets, as one chunk. */
  send(...octets: readonly Buffer[]): this {
    this.connection.take(Buffer.concat(octets));
    return this;
  }

  /** The peer reads all that lies unsent. */
  read(): void {
    this.isReading = true;
    this.unsent = 0;
    this.connection.drained();
  }

  /** Time passes; the connection is swept every second. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.time.advance(1000);
      this.connection.sweep();
    }
  }

  /** The frames that came since the last call. */
  frames(): Frame[] {
    return framesOf(Buffer.concat(this.#written.splice(0)));
  }

  /** The fields of a HEADERS frame; every such frame must be read, in order. */
  fields({ payload }: Frame): Record<string, string> {
    const list = new FieldList(100, 100_000);
    this.#decoder.decode(payload, 0, payload.length, list);
    return Object.fromEntries(list.fields.slice(0, list.count).map(({ name, value }) => [name, value]));
  }

  /** The error code of the GOAWAY that came, and why the connection was ended; undefined when it was not. */
  goAway(): { readonly last: number; readonly code: number; readonly why: ConnectionEnd | undefined } | undefined {
    const found = this.frames().find(({ type }) => type === FRAME.GOAWAY);
    if (found === undefined) return undefined;
    return { last: found.payload.readUInt32BE(0), code: found.payload.readUInt32BE(4), why: this.ends[0] };
  }

  /** Streams that were reset since frames were read last, with their codes. */
  resets(): [number, number][] {
    return this.frames()
      .filter(({ type }) => type === FRAME.RST_STREAM)
      .map(({ streamId, payload }) => [streamId, payload.readUInt32BE(0)]);
  }
}

/** What a Peer answers if nothing else was said. */
export const ANSWER = prepareResponse({
  status: 200,
  headers: { 'content-type': 'application/json', 'content-length': '2' },
  body: Buffer.from('{}'),
});

/** An answer with a body of so many octets. */
export function answerOf(length: number): PreparedResponse {
  return prepareResponse({ status: 200, headers: {}, body: Buffer.alloc(length, 0x61) });
}
