import {
  enumeration,
  type Format,
  format,
  type Infer,
  lengthPrefixed,
  listOf,
  rest,
  struct,
  swappedBcd,
  u8,
  u32,
} from '#base/codec/index.ts';

const MOST_ELEMENTS = 64;

const gsupElement = struct({ tag: u8, value: lengthPrefixed(u8, rest(0, 0xff)) });
/** One information element as it stands: tag (1), length (1), value. Elements that nobody here knows are kept like all others. */
export type GsupElement = Infer<typeof gsupElement>;

/** A GSUP message: type (1), then information elements in the order received; the IMSI comes first. */
export const gsupMessage = struct({ type: u8, elements: listOf(gsupElement, MOST_ELEMENTS) });
/** A GSUP message: type (1), then information elements in the order received. */
export type GsupMessage = Infer<typeof gsupMessage>;

/** Digits two an octet, first in the low nibble, F after an odd number of them (TBCD-STRING, TS 29.002 17.7.8), up to the end. */
const tbcd: Format<string> = format(
  (reader) => swappedBcd(reader.remaining).read(reader),
  (writer, digits) => swappedBcd((digits.length + 1) >> 1).write(writer, digits),
);

/** The elements that are read here: tag and value (OsmoHLR user manual, chapter GSUP, information elements). */
const ELEMENTS = {
  imsi: { tag: 0x01, value: tbcd },
  /** A GMM cause, TS 24.008 10.5.5.14. */
  cause: { tag: 0x02, value: u8 },
  messageClass: { tag: 0x0a, value: u8 },
  sessionId: { tag: 0x30, value: u32 },
  sessionState: { tag: 0x31, value: enumeration(u8, { begin: 1, continue: 2, end: 3 }) },
  // The value carries a length of its own: `50 08 07 …` for the 14 digits of an IMEI.
  imei: { tag: 0x50, value: lengthPrefixed(u8, tbcd) },
  // On the wire 0 and 1, whatever libosmocore's enumeration says.
  imeiResult: { tag: 0x51, value: enumeration(u8, { ACK: 0, NACK: 1 }) },
  sourceName: { tag: 0x60, value: rest(0, 0xff) },
  destinationName: { tag: 0x61, value: rest(0, 0xff) },
} as const;

/** The name of an element with a declared value. */
export type ElementName = keyof typeof ELEMENTS;
/** The value of a declared element. */
export type ElementValue<N extends ElementName> = Infer<(typeof ELEMENTS)[N]['value']>;

/** The first element `name` as it stands, or undefined. */
export function rawElementOf(message: GsupMessage, name: ElementName): GsupElement | undefined {
  return message.elements.find(({ tag }) => tag === ELEMENTS[name].tag);
}

/** The format of an element's value; the table pairs every name with its own. */
const formatOf = <N extends ElementName>(name: N) => ELEMENTS[name].value as Format<unknown> as Format<ElementValue<N>>;

/** The value of the first element `name`, undefined when it is not there. Throws CodecError for a bad value. */
export function elementOf<N extends ElementName>(message: GsupMessage, name: N): ElementValue<N> | undefined {
  const found = rawElementOf(message, name);
  return found && formatOf(name).decode(found.value);
}

/** An element of a declared value. Throws CodecError when the value does not fit. */
export function element<N extends ElementName>(name: N, content: ElementValue<N>): GsupElement {
  return { tag: ELEMENTS[name].tag, value: formatOf(name).encode(content) };
}
