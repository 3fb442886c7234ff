import { berTlvs, CodecError, toHex } from '#base/codec/index.ts';

/** The data objects in octets, a line each; none when the octets are not BER-TLV. */
export function tlvLines(data: Uint8Array): readonly string[] {
  if (data.length < 2) return [];
  try {
    return berTlvs(data).map(({ tag, value }) => `  ${tag.toString(16).toUpperCase()} ${toHex(value)}`);
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}
