import { concat } from '#base/codec/index.ts';
import type { DateField } from './date-field.ts';
import { FLAG, FRAME, HEADER_LENGTH, putFrameHeader, putU32 } from './frame.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import type { PreparedResponse } from './prepared-response.ts';

/** Answers that one connection keeps coded. */
const MOST_KEPT = 64;

/** Octets of a body that is kept behind its fields; longer ones are sent from where they lie. */
const LONGEST_WHOLE_BODY = 1024;

/** An answer as it goes out, but for the number of its stream. */
export interface CodedAnswer {
  /** A HEADERS frame, and right behind it a DATA frame with the whole body, if there is one and it is short. */
  readonly octets: Uint8Array;
  /** Where the DATA frame begins: the length of the HEADERS frame. */
  readonly dataAt: number;
  /** Whether nothing is missing: these frames end the stream. */
  readonly isWhole: boolean;
}

interface Kept extends CodedAnswer {
  readonly insertions: number;
  readonly date: number;
}

/** Codes answers for one connection, and keeps what it coded as long as that is right. */
export class ResponseEncoder {
  readonly #hpack = new HpackEncoder();
  readonly #kept = new Map<PreparedResponse, Kept>();
  readonly #date: DateField;

  /** `date` is shared; it must be set before an answer is coded. */
  constructor(date: DateField) {
    this.#date = date;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  resize(headerTableSize: number): void {
    this.#hpack.resize(headerTableSize);
  }

  /** The frames of an answer that has a body to be sent. */
  encode(response: PreparedResponse): CodedAnswer {
    const kept = this.#kept.get(response);
    const isRight = kept?.insertions === this.#hpack.insertions && kept.date === this.#date.generation;
    return isRight ? kept : this.#code(response);
  }

  /** The HEADERS frame of an answer whose body is not sent: the request was HEAD. */
  encodeHead(response: PreparedResponse): CodedAnswer {
    const frame = headersFrame(this.#block(response, false), FLAG.END_HEADERS | FLAG.END_STREAM);
    return { octets: frame, dataAt: frame.length, isWhole: true };
  }

  #code(response: PreparedResponse): CodedAnswer {
    const isWorthKeeping = response.uses++ > 0 && (this.#kept.has(response) || this.#kept.size < MOST_KEPT);
    const before = this.#hpack.insertions;
    const block = this.#block(response, isWorthKeeping);
    const { body } = response;
    const flags = FLAG.END_HEADERS | (body.length === 0 ? FLAG.END_STREAM : 0);
    const headers = headersFrame(block, flags);
    const isWhole = body.length <= LONGEST_WHOLE_BODY;
    const octets = isWhole && body.length > 0 ? concat(headers, dataFrame(body)) : headers;
    const answer = { octets, dataAt: headers.length, isWhole };
    // A block that put something into the table says it only once.
    if (isWorthKeeping && this.#hpack.insertions === before) {
      this.#kept.set(response, { ...answer, insertions: before, date: this.#date.generation });
    }
    return answer;
  }

  #block(response: PreparedResponse, isIndexed: boolean): Uint8Array {
    const updates = this.#hpack.takeUpdates();
    const fields = isIndexed
      ? concat(...response.fields.map(([name, value]) => this.#hpack.encode(name, value)))
      : response.plainBlock;
    return concat(updates, fields, response.isUndated ? this.#date.octets : new Uint8Array(0));
  }
}

function headersFrame(block: Uint8Array, flags: number): Uint8Array {
  const frame = new Uint8Array(HEADER_LENGTH + block.length);
  putFrameHeader(frame, 0, block.length, FRAME.HEADERS, flags, 0);
  frame.set(block, HEADER_LENGTH);
  return frame;
}

function dataFrame(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_LENGTH + body.length);
  putFrameHeader(frame, 0, body.length, FRAME.DATA, FLAG.END_STREAM, 0);
  frame.set(body, HEADER_LENGTH);
  return frame;
}

/** Writes the number of the stream into the frames of an answer, which begin at `at`. */
export function putStreamId(octets: Uint8Array, at: number, { octets: coded, dataAt }: CodedAnswer, id: number): void {
  putU32(octets, at + 5, id);
  if (coded.length > dataAt) putU32(octets, at + dataAt + 5, id);
}
