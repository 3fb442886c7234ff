import type { DateField } from './date-field.ts';
import {
  FIRST_MAX_FRAME_SIZE,
  FIRST_WINDOW,
  FLAG,
  FRAME,
  HEADER_LENGTH,
  LARGEST_31_BITS,
  putFrameHeader,
  putU32,
} from './frame.ts';
import type { Output, Transport } from './output.ts';
import type { PreparedResponse } from './prepared-response.ts';
import { putStreamId, ResponseEncoder } from './response-encoder.ts';
import type { Stream } from './stream.ts';

/** What a connection sends: frames into the shared output, answers as far as the peer's windows admit (RFC 9113 5.2, 6.9). */
export class SendSide {
  readonly #transport: Transport;
  readonly #output: Output;
  readonly #encoder: ResponseEncoder;
  readonly #mostUnsent: number;
  readonly #onSent: (stream: Stream) => void;
  /** Streams that may send as soon as the connection may, first come first served. */
  readonly #ready = new Set<Stream>();
  #window = FIRST_WINDOW;
  #initialWindow = FIRST_WINDOW;
  #unsent = 0;

  /** `onSent` is told when the last octet of an answer that had to wait is sent. */
  constructor(
    transport: Transport,
    output: Output,
    date: DateField,
    mostUnsent: number,
    onSent: (stream: Stream) => void,
  ) {
    this.#transport = transport;
    this.#output = output;
    this.#encoder = new ResponseEncoder(date);
    this.#mostUnsent = mostUnsent;
    this.#onSent = onSent;
  }

  /** What a new stream may send. */
  get initialWindow(): number {
    return this.#initialWindow;
  }

  /** Whether the peer has so much to read that it should not be asked for more. */
  get isCongested(): boolean {
    return this.#unsent > this.#mostUnsent;
  }

  /** Sends an answer: all of it, or only its fields (false) when the body must wait. `window` is what the stream may send. */
  answer(id: number, response: PreparedResponse, isHead: boolean, window: number): boolean {
    const coded = isHead ? this.#encoder.encodeHead(response) : this.#encoder.encode(response);
    const { octets, dataAt } = coded;
    const length = octets.length > dataAt ? response.body.length : 0;
    const isAll = coded.isWhole && (length === 0 || (length <= this.#window && length <= window && !this.isCongested));
    if (!isAll) {
      const at = this.#put(octets.subarray(0, dataAt));
      putU32(this.#output.octets, at + 5, id);
      return false;
    }
    const at = this.#put(octets);
    putStreamId(this.#output.octets, at, coded, id);
    this.#window -= length;
    return true;
  }

  /** Lets a stream whose `body` is set send it when it may. */
  wait(stream: Stream): void {
    if (stream.window > 0) this.#ready.add(stream);
    this.pump();
  }

  /** Forgets a stream. */
  forget(stream: Stream): void {
    this.#ready.delete(stream);
  }

  /** WINDOW_UPDATE for the connection. False: it grew too large (RFC 9113 6.9.1). */
  grow(increment: number): boolean {
    if (this.#window + increment > LARGEST_31_BITS) return false;
    this.#window += increment;
    this.pump();
    return true;
  }

  /** WINDOW_UPDATE for a stream. False: it grew too large. */
  growStream(stream: Stream, increment: number): boolean {
    if (stream.window + increment > LARGEST_31_BITS) return false;
    stream.window += increment;
    if (stream.body !== undefined) this.wait(stream);
    return true;
  }

  /** SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 6.9.2): all open streams change by the difference. False: one grew too large. */
  resizeWindows(size: number, streams: Iterable<Stream>): boolean {
    const difference = size - this.#initialWindow;
    this.#initialWindow = size;
    for (const stream of streams) {
      if (stream.window + difference > LARGEST_31_BITS) return false;
      stream.window += difference;
      if (stream.body === undefined || stream.window <= 0) this.#ready.delete(stream);
      else this.#ready.add(stream);
    }
    this.pump();
    return true;
  }

  /** SETTINGS_HEADER_TABLE_SIZE. */
  resizeTable(size: number): void {
    this.#encoder.resize(size);
  }

  /** Sends what may be sent, a frame of each stream in turn. */
  pump(): void {
    for (const stream of this.#ready) {
      if (this.#window <= 0 || this.isCongested) return;
      this.#ready.delete(stream);
      this.#some(stream);
      if (stream.body === undefined) this.#onSent(stream);
      else if (stream.window > 0) this.#ready.add(stream);
    }
  }

  #some(stream: Stream): void {
    const { body, sent } = stream;
    if (body === undefined) return;
    const length = Math.min(body.length - sent, stream.window, this.#window, FIRST_MAX_FRAME_SIZE);
    const isLast = sent + length === body.length;
    const at = this.#room(HEADER_LENGTH + length);
    putFrameHeader(this.#output.octets, at, length, FRAME.DATA, isLast ? FLAG.END_STREAM : 0, stream.id);
    this.#output.octets.set(body.subarray(sent, sent + length), at + HEADER_LENGTH);
    stream.window -= length;
    this.#window -= length;
    stream.sent += length;
    if (isLast) stream.body = undefined;
  }

  /** A whole frame of some other type. */
  frame(type: number, flags: number, streamId: number, payload: Uint8Array): void {
    const at = this.#room(HEADER_LENGTH + payload.length);
    putFrameHeader(this.#output.octets, at, payload.length, type, flags, streamId);
    this.#output.octets.set(payload, at + HEADER_LENGTH);
  }

  /** RST_STREAM (RFC 9113 6.4). */
  reset(streamId: number, code: number): void {
    this.#frameOfNumber(FRAME.RST_STREAM, streamId, code);
  }

  /** WINDOW_UPDATE (RFC 9113 6.9). */
  windowUpdate(streamId: number, increment: number): void {
    this.#frameOfNumber(FRAME.WINDOW_UPDATE, streamId, increment);
  }

  /** GOAWAY (RFC 9113 6.8). */
  goAway(lastStreamId: number, code: number): void {
    const payload = new Uint8Array(8);
    putU32(payload, 0, lastStreamId);
    putU32(payload, 4, code);
    this.frame(FRAME.GOAWAY, 0, 0, payload);
  }

  /** Writes what was collected. To be called before anything of another connection is heard. */
  flush(): void {
    const output = this.#output;
    if (output.length > 0) {
      if (!this.#transport.write(output.octets.subarray(0, output.length))) output.renew();
      output.length = 0;
    }
    this.#unsent = this.#transport.unsent();
  }

  #frameOfNumber(type: number, streamId: number, value: number): void {
    const at = this.#room(HEADER_LENGTH + 4);
    putFrameHeader(this.#output.octets, at, 4, type, 0, streamId);
    putU32(this.#output.octets, at + HEADER_LENGTH, value);
  }

  #put(octets: Uint8Array): number {
    const at = this.#room(octets.length);
    this.#output.octets.set(octets, at);
    return at;
  }

  /** Where the next `count` octets go; they are counted as written. */
  #room(count: number): number {
    const output = this.#output;
    if (output.length + count > output.octets.length) this.flush();
    const at = output.length;
    output.length = at + count;
    return at;
  }
}
