import { CodecError, lengthPrefixed, listOf, rest, u16 } from '#base/codec/index.ts';

/** Most layer 3 messages that one uplink message can bring back. */
const MOST_FRAMES = 64;

const frames = listOf(lengthPrefixed(u16, rest(0, 251)), MOST_FRAMES);

/** Several layer 3 messages in one octet string: two octets of length before each. None: no octets. */
export function airFrames(messages: readonly Uint8Array[]): Uint8Array {
  return frames.encode(messages);
}

/** The layer 3 messages in an octet string made by `airFrames`. Octets that are none are no messages: the air is hostile. */
export function messagesOf(octets: Uint8Array): readonly Uint8Array[] {
  try {
    return octets.length === 0 ? [] : frames.decode(octets);
  } catch (error) {
    if (error instanceof CodecError) return [];
    throw error;
  }
}
