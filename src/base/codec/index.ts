// Declared wire formats: one value is decoder, encoder and type; octets, numbers, bit fields, digits, BER-TLV, COMPREHENSION-TLV.
// Standards: ITU-T X.690 8.1, ISO/IEC 7816-4 5.2.2, ETSI TS 101 220 7.1; the formats themselves live in their rooms, with their clauses.
// Must never: throw anything but CodecError on hostile octets, read past an end, or put octets (they may be secret) in an error.
export { CodecError } from './codec-error.ts';
export { bcd, swappedBcd } from './digits.ts';
export { type Format, format, type Infer, map } from './format.ts';
export { type BitField, bitFlag, bitNames, bitNumber, bits, enumeration, u8, u16, u24, u32, uint } from './number.ts';
export { concat, fromHex, NO_OCTETS, partOf, sameOctets, toHex } from './octets.ts';
export { Reader } from './reader.ts';
export { constant, lengthPrefixed, listOf, octets, optionalAtEnd, rest, type StructOf, struct } from './sequence.ts';
export {
  berTlv,
  berTlvSet,
  berTlvs,
  COMPREHENSION_REQUIRED,
  comprehensionTlv,
  comprehensionTlvSet,
  comprehensionTlvs,
  many,
  optional,
  readBerTlv,
  required,
  type Tlv,
  type TlvField,
  type TlvSetOf,
  tagged,
  type UnknownTags,
} from './tlv.ts';
export { lengthOctets, Writer } from './writer.ts';
