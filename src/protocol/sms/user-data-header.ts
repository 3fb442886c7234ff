import { CodecError, type Format, format } from '#base/codec/index.ts';

/** An element of a user data header (TS 23.040 9.2.3.24): identifier and data. */
export interface InformationElement {
  readonly identifier: number;
  readonly data: Uint8Array;
}

/** Identifiers of information elements (TS 23.040 9.2.3.24). */
export const ELEMENT = {
  concatenation8Bit: 0x00,
  applicationPort16Bit: 0x05,
  concatenation16Bit: 0x08,
  /** A secured command packet follows (TS 31.115 4.2). */
  commandPacket: 0x70,
  /** A secured response packet follows. */
  responsePacket: 0x71,
} as const;

/** The user data header with its length octet: elements one after another. Elements are views of what was received. */
export const userDataHeader: Format<readonly InformationElement[]> = format(
  (reader) => {
    reader.field = 'user data header';
    return reader.within(reader.u8(), () => {
      const elements: InformationElement[] = [];
      while (reader.remaining > 0) {
        const identifier = reader.u8();
        elements.push({ identifier, data: reader.take(reader.u8()) });
      }
      return elements;
    });
  },
  (writer, elements) => {
    writer.field = 'user data header';
    writer.withFixedLength(
      (at, length) => at.uint(1, length),
      () => {
        for (const { identifier, data } of elements) {
          writer.uint(1, identifier);
          writer.uint(1, data.length);
          writer.put(data);
        }
      },
    );
  },
);

/** Which message a part belongs to (TS 23.040 9.2.3.24.1 and .8). `sequence` is 1 to `total`. */
export interface Concatenation {
  readonly reference: number;
  /** True for a reference of 16 bits. */
  readonly wide: boolean;
  readonly total: number;
  readonly sequence: number;
}

/**
 * The concatenation element among these; the last one counts when there are several (TS 23.040 9.2.3.24). Undefined
 * when there is none or when its numbers make no sense: such an element is to be ignored (9.2.3.24.1).
 */
export function concatenationOf(elements: readonly InformationElement[]): Concatenation | undefined {
  let found: Concatenation | undefined;
  for (const { identifier, data } of elements) {
    const wide = identifier === ELEMENT.concatenation16Bit;
    if (!wide && identifier !== ELEMENT.concatenation8Bit) continue;
    if (data.length !== (wide ? 4 : 3)) continue;
    const total = data[data.length - 2] as number;
    const sequence = data[data.length - 1] as number;
    if (sequence === 0 || sequence > total) continue;
    const reference = wide ? ((data[0] as number) << 8) | (data[1] as number) : (data[0] as number);
    found = { reference, wide, total, sequence };
  }
  return found;
}

/** The element that says which message a part belongs to. Throws CodecError when a number does not fit. */
export function concatenationElement({ reference, wide, total, sequence }: Concatenation): InformationElement {
  if (!Number.isInteger(reference) || reference < 0 || reference > (wide ? 0xffff : 0xff))
    throw new CodecError('concatenation reference', 0, `expected ${wide ? 16 : 8} bits, got ${reference}`);
  if (total > 0xff || sequence < 1 || sequence > total)
    throw new CodecError('concatenation', 0, `expected part 1 to ${total} of at most 255, got ${sequence}`);
  return wide
    ? { identifier: ELEMENT.concatenation16Bit, data: Uint8Array.of(reference >> 8, reference & 0xff, total, sequence) }
    : { identifier: ELEMENT.concatenation8Bit, data: Uint8Array.of(reference, total, sequence) };
}
