import { concat } from '#base/codec/index.ts';
import { FIELD_KIND, fieldOfText } from './field.ts';
import { encodePlainField } from './hpack-encoder.ts';

/** A whole answer. */
export interface ResponseOptions {
  /** 200 to 599: no answer is interim. */
  readonly status: number;
  /** By name in lower case; `date` is added when it is missing. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Octets of the fields of an answer, as RFC 9113 6.5.2 counts them, at most: one frame holds them, coded in any way. */
const MOST_HEADER_OCTETS = 8192;
const NO_OCTETS = new Uint8Array(0);

/** An answer that is written once and sent as often as one likes; see `prepareResponse`. */
export class PreparedResponse {
  readonly status: number;
  /** Names and values, `:status` first. */
  readonly fields: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** Whether `date` must be added. */
  readonly isUndated: boolean;
  /** How many times any connection has sent it: what was sent once may never be again, and is not worth a place in a table. */
  uses = 0;
  #plain: Uint8Array | undefined;

  /** Takes fields that were checked. */
  constructor(status: number, fields: readonly (readonly [string, string])[], body: Uint8Array) {
    this.status = status;
    this.fields = fields;
    this.body = body;
    this.isUndated = fields.every(([name]) => name !== 'date');
  }

  /** The fields, coded without a dynamic table: the same on all connections. */
  get plainBlock(): Uint8Array {
    this.#plain ??= concat(...this.fields.map(([name, value]) => encodePlainField(name, value)));
    return this.#plain;
  }
}

/**
 * Prepares an answer. Throws Error, saying what is wrong, for a status that is not final, for fields that must not be sent (RFC 9113 8.2), and
 * for a body where there is none (RFC 9110 6.4.1).
 */
export function prepareResponse({ status, headers, body }: ResponseOptions): PreparedResponse {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new Error(`expected a final status, 200 to 599, got ${status}`);
  }
  if (body.length > 0 && (status === 204 || status === 304)) {
    throw new Error(`expected no body with status ${status}, got ${body.length} octets; leave it out`);
  }
  const fields: (readonly [string, string])[] = [[':status', String(status)]];
  let size = 0;
  for (const [name, value] of Object.entries(headers)) {
    const field = fieldOfText(name, value);
    if (field.kind === FIELD_KIND.MALFORMED || name.startsWith(':')) {
      throw new Error(
        `expected a field of RFC 9113 8.2, in lower case and of no connection, got '${name}'; leave it out`,
      );
    }
    size += field.size;
    fields.push([name, value]);
  }
  if (size > MOST_HEADER_OCTETS) {
    throw new Error(`expected fields of ${MOST_HEADER_OCTETS} octets at most, got ${size}; shorten them`);
  }
  return new PreparedResponse(status, fields, body.length > 0 ? Uint8Array.from(body) : NO_OCTETS);
}
