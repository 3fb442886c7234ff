import { CodecError, type Format, format, rest, struct, u16, u32 } from '#base/codec/index.ts';
import { type Avp, type AvpBudget, AvpFault } from './avp.ts';
import { RESULT } from './result-code.ts';

/** How the data of an AVP is read and written (RFC 6733 4.2, 4.3). */
export interface AvpType<T> {
  /** The value of an AVP's data, or why there is none. */
  read(avp: Avp, budget: AvpBudget): T | AvpFault;
  write(value: T): Uint8Array;
  /** Octets of the shortest data: a Failed-AVP that names a missing AVP holds as many zeros (RFC 6733 7.1.5, 5005). */
  readonly least: number;
}

/** A type of one value. `exact` octets, when the type has a fixed length: any other is 5014, where a bad value is 5004. */
function basic<T>(inner: Format<T>, least: number, exact?: number): AvpType<T> {
  return {
    least,
    write: (value) => inner.encode(value),
    read(avp) {
      if (exact !== undefined && avp.data.length !== exact)
        return new AvpFault(
          RESULT.INVALID_AVP_LENGTH,
          avp,
          `AVP ${avp.code}: expected ${exact} octets, got ${avp.data.length}`,
        );
      try {
        return inner.decode(avp.data);
      } catch (error) {
        if (!(error instanceof CodecError)) throw error;
        return new AvpFault(RESULT.INVALID_AVP_VALUE, avp, `AVP ${avp.code}: ${error.message}`);
      }
    },
  };
}

/** Unsigned32 (RFC 6733 4.2). */
export const Unsigned32: AvpType<number> = basic(u32, 4, 4);

/** Enumerated (RFC 6733 4.3.1): one of these values, or 5004. */
export function Enumerated<N extends number>(...values: readonly N[]): AvpType<N> {
  const isOne = (value: number): value is N => (values as readonly number[]).includes(value);
  return basic(
    format(
      (reader) => {
        const value = reader.uint(4);
        if (!isOne(value)) throw reader.error(`expected ${values.join(', ')}, got ${value}`);
        return value;
      },
      (writer, value) => writer.uint(4, value),
    ),
    4,
    4,
  );
}

const LONGEST_STRING = 0xffff;

/** OctetString (RFC 6733 4.2): a copy of the octets. */
export const OctetString: AvpType<Uint8Array> = basic(rest(0, LONGEST_STRING), 0);

const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** UTF8String (RFC 6733 4.3.1) of at least `least` octets; octets that are no UTF-8 are 5004. */
export function UTF8String(least = 0): AvpType<string> {
  return basic(
    format(
      (reader) => {
        if (reader.remaining < least) throw reader.error(`expected at least ${least} octets, got ${reader.remaining}`);
        try {
          return fromUtf8.decode(reader.rest());
        } catch {
          throw reader.error('expected UTF-8');
        }
      },
      (writer, text) => writer.put(toUtf8.encode(text)),
    ),
    least,
  );
}

/** A UTF8String of decimal digits only, `least` to `most` of them. */
export function Digits(least: number, most: number): AvpType<string> {
  return basic(
    format(
      (reader) => {
        const { remaining } = reader;
        if (remaining < least || remaining > most)
          throw reader.error(`expected ${least} to ${most} digits, got ${remaining}`);
        let text = '';
        while (reader.remaining > 0) {
          const octet = reader.u8();
          if (octet < 0x30 || octet > 0x39) throw reader.error('expected a digit 0-9', reader.position - 1);
          text += String.fromCharCode(octet);
        }
        return text;
      },
      (writer, text) => writer.put(toUtf8.encode(text)),
    ),
    least,
  );
}

/** Most characters of a DiameterIdentity: those of a domain name. */
export const LONGEST_IDENTITY = 255;

/** DiameterIdentity (RFC 6733 4.3.1): a host's or realm's name in ASCII, 1 to 255 characters without blanks. */
export const DiameterIdentity: AvpType<string> = basic(
  format(
    (reader) => {
      const { remaining } = reader;
      if (remaining < 1 || remaining > LONGEST_IDENTITY)
        throw reader.error(`expected 1 to ${LONGEST_IDENTITY} characters, got ${remaining}`);
      let text = '';
      while (reader.remaining > 0) {
        const octet = reader.u8();
        if (octet < 0x21 || octet > 0x7e) throw reader.error('expected ASCII without blanks', reader.position - 1);
        text += String.fromCharCode(octet);
      }
      return text;
    },
    (writer, text) => writer.put(toUtf8.encode(text)),
  ),
  1,
);

/** Address (RFC 6733 4.3.1): a family of IANA's list (1 is IPv4, 2 is IPv6) and its octets. */
export interface AddressValue {
  readonly family: number;
  readonly octets: Uint8Array;
}
/** The type Address. */
export const Address: AvpType<AddressValue> = basic(struct({ family: u16, octets: rest(1, 64) }), 2 + 4);
