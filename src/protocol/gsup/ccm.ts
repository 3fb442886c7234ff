import {
  CodecError,
  type Format,
  type Infer,
  lengthPrefixed,
  listOf,
  rest,
  struct,
  u8,
  u16,
} from '#base/codec/index.ts';

/** CCM message types (libosmocore ipa.h, `IPAC_MSGT_…`). */
export const CCM = { PING: 0x00, PONG: 0x01, ID_GET: 0x04, ID_RESP: 0x05, ID_ACK: 0x06, ID_NACK: 0x07 } as const;
/** Identity tag of the serial number, which is the routing name in GSUP (libosmocore ipa.h, `IPAC_IDTAG_SERNR`). */
export const ROUTING_NAME = 0x00;
const MOST_IDENTITIES = 32;

/** A CCM message: its type and what belongs to it. */
export const ccm = struct({ type: u8, body: rest() });

/** The body of ID_GET: the tags asked for, each behind a length of 1. */
export const identityRequest: Format<readonly number[]> = listOf(lengthPrefixed(u8, u8), MOST_IDENTITIES);

/** The body of ID_RESP: length (2, counts the tag too), tag (1), value; the values of known peers end in 00. */
export const identities = listOf(lengthPrefixed(u16, struct({ tag: u8, value: rest() })), MOST_IDENTITIES);

const LONGEST_NAME = 64;

function nameOf(list: Infer<typeof identities>): string | undefined {
  const value = list.find(({ tag }) => tag === ROUTING_NAME)?.value;
  if (value === undefined) return undefined;
  const text = value.at(-1) === 0 ? value.subarray(0, -1) : value;
  if (text.length === 0) return undefined;
  // For people and counters only: whatever a peer writes, it stays one short printable word.
  return Array.from(text.subarray(0, LONGEST_NAME), (code) =>
    code > 0x20 && code < 0x7f ? String.fromCharCode(code) : '?',
  ).join('');
}

/**
 * The routing name in the payload of a CCM frame, when that is an ID_RESP that carries one: at most 64 printable characters without
 * spaces, others replaced by `?`. Undefined for anything else, malformed octets included.
 */
export function routingNameOf(payload: Uint8Array): string | undefined {
  if (payload[0] !== CCM.ID_RESP) return undefined;
  try {
    return nameOf(identities.decode(payload.subarray(1)));
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
