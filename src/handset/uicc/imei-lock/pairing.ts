import { type Infer, octets, struct, u8, u24, Writer } from '#base/codec/index.ts';
import { SUPPORT_IDENTITY_LENGTH } from '#protocol/imei-lock/index.ts';

const KEY_LENGTH = 16;

/**
 * The storage support this UICC has met and expects (threats 3.4): its identity, the SCP03 keys agreed then, the IMEI it proved and the last
 * counter it showed. Keys are all zero when policy keeps none.
 */
export const pairing = struct({
  support: octets(SUPPORT_IDENTITY_LENGTH),
  imei: octets(8),
  counter: u24,
  keyVersion: u8,
  enc: octets(KEY_LENGTH),
  mac: octets(KEY_LENGTH),
  dek: octets(KEY_LENGTH),
});
/** The storage support this UICC expects. */
export type Pairing = Infer<typeof pairing>;

// Every proof is kept: the octets of a pairing are written where they were before.
const writer = new Writer();

/** The octets of a pairing for a memory that copies them: good until the next call. */
export function pairingRecord(kept: Pairing): Uint8Array {
  writer.length = 0;
  pairing.write(writer, kept);
  return writer.written();
}

/** Key version of a pairing without SCP03 keys. */
export const NO_PAIRING_KEYS = 0;
/** Octets of each pairing key: AES-128. */
export const PAIRING_KEY_LENGTH = KEY_LENGTH;
