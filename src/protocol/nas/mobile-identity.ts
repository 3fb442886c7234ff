import { type Format, format, type Reader } from '#base/codec/index.ts';
import { IdentityError, Imei, ImeiSv, Imsi } from '#base/identity/index.ts';

/** Type of identity asked for by IDENTITY REQUEST (TS 24.008 10.5.3.4). */
export const IDENTITY_TYPE = { imsi: 1, imei: 2, imeiSv: 3 } as const;

/** A mobile identity of TS 24.008 10.5.1.4. `none` is type 0: no identity available. */
export type MobileIdentity =
  | { readonly type: 'imsi'; readonly imsi: Imsi }
  | { readonly type: 'imei'; readonly imei: Imei }
  | { readonly type: 'imeiSv'; readonly imeiSv: ImeiSv }
  | { readonly type: 'none' };

const NO_IDENTITY = Uint8Array.of(0xf0);

function readIdentity(reader: Reader): MobileIdentity {
  const at = reader.position;
  const octets = reader.rest();
  try {
    switch ((octets[0] ?? 0xff) & 7) {
      case 0:
        return { type: 'none' };
      case IDENTITY_TYPE.imsi:
        return { type: 'imsi', imsi: Imsi.fromOctets(octets) };
      case IDENTITY_TYPE.imei:
        return { type: 'imei', imei: Imei.fromOctets(octets) };
      case IDENTITY_TYPE.imeiSv:
        return { type: 'imeiSv', imeiSv: ImeiSv.fromOctets(octets) };
      default:
        throw reader.error('expected a type of identity 0 to 3', at);
    }
  } catch (error) {
    if (error instanceof IdentityError) throw reader.error(error.message, at);
    throw error;
  }
}

function identityOctets(identity: MobileIdentity): Uint8Array {
  switch (identity.type) {
    case 'none':
      return NO_IDENTITY;
    case 'imsi':
      return identity.imsi.toOctets();
    case 'imei':
      return identity.imei.toOctets();
    case 'imeiSv':
      return identity.imeiSv.toOctets();
  }
}

/** Value part of a mobile identity. Example: `1A 32 54 76 98 10 32 54` is IMEI 123456789012345. */
export const mobileIdentity: Format<MobileIdentity> = format(readIdentity, (writer, identity) =>
  writer.put(identityOctets(identity)),
);
