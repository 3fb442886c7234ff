import { FIELD_KIND, type Field } from './field.ts';
import type { FieldList } from './hpack-decoder.ts';

/** A request, as a handler sees it. One object serves all requests of a connection: it says this only until the handler returns. */
export interface Http2Request {
  readonly method: string;
  /** With its query, still percent-encoded; '' for CONNECT. */
  readonly path: string;
  /** Who is at the other end of the connection. */
  readonly peer: string;
  /** Whether a body follows, which is thrown away. */
  readonly hasBody: boolean;
  /** Its length as the peer announced it; undefined if it did not. */
  readonly contentLength: number | undefined;
  /** The value of a field by its name in lower case; of several with commas between (RFC 9110 5.3). Pseudo-fields are none. */
  header(name: string): string | undefined;
}

const { ORDINARY, METHOD, SCHEME, AUTHORITY, PATH, CONTENT_LENGTH, HOST, TE, COOKIE, MALFORMED } = FIELD_KIND;

/** Reads requests out of field lists (RFC 9113 8.3.1). */
export class RequestReader implements Http2Request {
  readonly peer: string;
  method = '';
  path = '';
  hasBody = false;
  contentLength: number | undefined;
  readonly #list: FieldList;
  /** Bits: pseudo-fields that came, by kind. */
  #seen = 0;

  /** `list` is where blocks are decoded to. */
  constructor(peer: string, list: FieldList) {
    this.peer = peer;
    this.#list = list;
  }

  /** Reads the request in the list. False for a malformed one (RFC 9113 8.1.1): then its stream is to be reset. */
  read(hasBody: boolean): boolean {
    const { fields, count } = this.#list;
    this.method = '';
    this.path = '';
    this.hasBody = hasBody;
    this.contentLength = undefined;
    this.#seen = 0;
    let isPseudo = true;
    for (let at = 0; at < count; at++) {
      const field = fields[at] as Field;
      const { kind } = field;
      if (kind === ORDINARY) isPseudo = false;
      else if (kind >= METHOD && kind <= PATH) {
        if (!isPseudo || !this.#pseudo(field)) return false;
      } else {
        isPseudo = false;
        if (!this.#special(field)) return false;
      }
    }
    return this.#isComplete() && (hasBody || (this.contentLength ?? 0) === 0);
  }

  #pseudo({ kind, value }: Field): boolean {
    const bit = 1 << kind;
    if ((this.#seen & bit) !== 0) return false;
    this.#seen |= bit;
    if (kind === METHOD) this.method = value;
    else if (kind === PATH) this.path = value;
    return true;
  }

  #special({ kind, value }: Field): boolean {
    if (kind === MALFORMED) return false;
    if (kind === HOST) this.#seen |= 1 << HOST;
    if (kind !== CONTENT_LENGTH) return kind === HOST || kind === TE || kind === COOKIE;
    const length = Number(value);
    if (this.contentLength !== undefined && this.contentLength !== length) return false;
    this.contentLength = length;
    return true;
  }

  /** Whether all pseudo-fields are there: also an authority or host, without which nobody knows who is asked. */
  #isComplete(): boolean {
    const seen = this.#seen;
    const all = (1 << METHOD) | (1 << SCHEME) | (1 << PATH);
    if (this.method === 'CONNECT') return (seen & (all | (1 << AUTHORITY))) === ((1 << METHOD) | (1 << AUTHORITY));
    if ((seen & all) !== all || (seen & ((1 << AUTHORITY) | (1 << HOST))) === 0) return false;
    return this.path.charCodeAt(0) === 0x2f || (this.path === '*' && this.method === 'OPTIONS');
  }

  header(name: string): string | undefined {
    const { fields, count } = this.#list;
    let value: string | undefined;
    for (let at = 0; at < count; at++) {
      const field = fields[at] as Field;
      if (field.name !== name) continue;
      if (value === undefined) value = field.value;
      else value += (field.kind === COOKIE ? '; ' : ', ') + field.value;
    }
    return name.startsWith(':') ? undefined : value;
  }
}

/** Whether a list is one of trailers (RFC 9113 8.1): fields, and no pseudo-field among them. */
export function areTrailers({ fields, count }: FieldList): boolean {
  for (let at = 0; at < count; at++) {
    const { kind } = fields[at] as Field;
    if (kind === MALFORMED || (kind >= METHOD && kind <= PATH)) return false;
  }
  return true;
}
