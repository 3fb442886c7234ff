import { CodecError } from '#base/codec/index.ts';

/** Most layer 3 messages that one uplink message can bring back. */
const MOST_FRAMES = 64;
const LONGEST_MESSAGE = 251;
const LENGTH = 2;

/**
 * Several layer 3 messages in one octet string: two octets of length before each. None: no octets. Throws CodecError for a message over
 * 251 octets.
 */
export function airFrames(messages: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const message of messages) length += LENGTH + message.length;
  const frames = new Uint8Array(length);
  let at = 0;
  for (const message of messages) {
    if (message.length > LONGEST_MESSAGE)
      throw new CodecError('layer 3 message', at, `expected 0 to ${LONGEST_MESSAGE} octets, got ${message.length}`);
    frames[at + 1] = message.length;
    frames.set(message, at + LENGTH);
    at += LENGTH + message.length;
  }
  return frames;
}

/** The layer 3 messages in an octet string made by `airFrames`. Octets that are none are no messages: the air is hostile. */
export function messagesOf(octets: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < octets.length; ) {
    const from = at + LENGTH;
    const length = ((octets[at] as number) << 8) | (octets[at + 1] ?? 0);
    at = from + length;
    if (at > octets.length || length > LONGEST_MESSAGE || messages.length === MOST_FRAMES) return [];
    messages.push(octets.slice(from, at));
  }
  return messages;
}
