import { concat, type Infer, map, NO_OCTETS, octets, rest, struct, u8, u24, Writer } from '#base/codec/index.ts';
import { FINGERPRINT_LENGTH, SUPPORT_IDENTITY_LENGTH } from '#protocol/imei-lock/index.ts';

const KEY_LENGTH = 16;

const record = struct({
  support: octets(SUPPORT_IDENTITY_LENGTH),
  imei: octets(8),
  counter: u24,
  keyVersion: u8,
  enc: octets(KEY_LENGTH),
  mac: octets(KEY_LENGTH),
  dek: octets(KEY_LENGTH),
  /** Nothing on cards of before, and when no certificate was shown. */
  origin: rest(0, 2 * FINGERPRINT_LENGTH),
});

/** By what a storage support was believed when it was met: names of the root and of its certificate. */
export interface Origin {
  readonly root: Uint8Array;
  readonly certificate: Uint8Array;
}

const originOf = (octets: Uint8Array): Origin | undefined =>
  octets.length === 2 * FINGERPRINT_LENGTH
    ? { root: octets.slice(0, FINGERPRINT_LENGTH), certificate: octets.slice(FINGERPRINT_LENGTH) }
    : undefined;

/**
 * The storage support this UICC has met and expects (threats 3.4): its identity, the SCP03 keys agreed then, the IMEI it proved, the last
 * counter it showed, and by what it was believed. Keys are all zero when policy keeps none.
 */
export const pairing = map(
  record,
  ({ origin: kept, ...others }) => {
    const origin = originOf(kept);
    return { ...others, ...(origin && { origin }) };
  },
  ({ origin, ...others }: Omit<Infer<typeof record>, 'origin'> & { readonly origin?: Origin }) => ({
    ...others,
    origin: origin === undefined ? NO_OCTETS : concat(origin.root, origin.certificate),
  }),
);
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

const NO_KEY = new Uint8Array(KEY_LENGTH);
/** What stands in the place of keys where there are none. */
export const NO_KEYS = { keyVersion: NO_PAIRING_KEYS, enc: NO_KEY, mac: NO_KEY, dek: NO_KEY } as const;

/** The same support, to be met by certificates. */
export const withoutKeys = (kept: Pairing): Pairing => ({ ...kept, ...NO_KEYS });
