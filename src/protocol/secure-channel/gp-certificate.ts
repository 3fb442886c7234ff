import {
  bcd,
  berTlv,
  berTlvSet,
  berTlvs,
  CodecError,
  enumeration,
  type Format,
  octets as fixedOctets,
  format,
  type Infer,
  map,
  optional,
  required,
  rest,
  tagged,
  u8,
} from '#base/codec/index.ts';
import {
  type Curve,
  type Hash,
  importPublicKey,
  type PrivateKey,
  type Signer,
  sign,
  verify,
} from '#base/crypto/index.ts';
import type { Certificate } from './certificate.ts';

/** Longest serial number, CA identifier and subject identifier, in octets: GPC says 16, published certificates use 20. */
const LONGEST_IDENTIFIER = 32;
/** Longest discretionary data and authorizations, in octets. */
const LONGEST_OPAQUE = 255;
const LONGEST_POINT = 133;
const LONGEST_SIGNATURE = 139;
const SIGNATURE_TAG = 0x5f37;
const CERTIFICATE_TAG = 0x7f21;

const identifier = rest(1, LONGEST_IDENTIFIER);

/** Key usage 95: 82 verifies certificates, 00 80 agrees keys (GPC Amendment F). */
const usage = map(
  rest(1, 2),
  (value, reader): 'verification' | 'keyAgreement' => {
    if (value.length === 1 && value[0] === 0x82) return 'verification';
    if (value.length === 2 && value[0] === 0x00 && value[1] === 0x80) return 'keyAgreement';
    throw reader.error('expected usage 82 (verification) or 0080 (key agreement)');
  },
  (name) => (name === 'verification' ? Uint8Array.of(0x82) : Uint8Array.of(0x00, 0x80)),
);

const isDate = (date: number) => {
  const month = Math.floor(date / 100) % 100;
  const day = date % 100;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
};

/** BCD YYYYMMDD as the number YYYYMMDD. */
const date: Format<number> = map(
  bcd(4),
  (digits, reader) => {
    const value = Number(digits);
    if (digits.length !== 8 || !isDate(value)) throw reader.error('expected a date YYYYMMDD');
    return value;
  },
  (value) => String(value).padStart(8, '0'),
);

/** A date each of whose four numbers is one binary octet (14 1C 0C 1F = 2028-12-31), as Samsung/OpenSCP-Java publishes them. */
const binaryDate: Format<number> = map(
  fixedOctets(4),
  (value, reader) => {
    const number = value.reduce((sum, octet) => sum * 100 + octet, 0);
    if (value.some((octet) => octet > 99) || !isDate(number)) throw reader.error('expected a date of four octets');
    return number;
  },
  (value) => Uint8Array.of(value / 1e6, (value / 1e4) % 100, (value / 100) % 100, value % 100),
);

/** Curve of a public key: F0 (GPC 2.3.1 table B-2). */
const curve = enumeration<Curve>(u8, { 'P-256': 0x00, 'P-384': 0x01, brainpoolP256r1: 0x03 });

/** The objects that are signed, 93 to 7F49, in this order (GPC Amendment F). */
const fields = (when: Format<number>) =>
  berTlvSet({
    serial: required(0x93, identifier),
    authority: required(0x42, identifier),
    subject: required(0x5f20, identifier),
    usage: required(0x95, usage),
    validFrom: optional(0x5f25, when),
    validTo: required(0x5f24, when),
    discretionary: optional(0x53, rest(0, LONGEST_OPAQUE)),
    discretionaryTemplate: optional(0x73, rest(0, LONGEST_OPAQUE)),
    authorizations: optional(0xbf20, rest(0, LONGEST_OPAQUE)),
    publicKey: required(
      0x7f49,
      berTlvSet({ point: required(0xb0, rest(1, LONGEST_POINT)), curve: required(0xf0, curve) }),
    ),
  });

const STANDARD = fields(date);
const BINARY_DATES = fields(binaryDate);

/** What a GlobalPlatform certificate says: identifiers as octets, dates as the number YYYYMMDD, the point uncompressed. */
export type GpCertificateFields = Infer<typeof STANDARD>;

/** A certificate as received: its fields, the very octets that are signed, and the signature. */
export interface GpCertificate {
  readonly fields: GpCertificateFields;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

function certificateFormat(content: Format<GpCertificateFields>): Format<GpCertificate> {
  return tagged(
    CERTIFICATE_TAG,
    format(
      (reader) => {
        const octets = reader.rest();
        const last = berTlvs(octets).at(-1);
        if (last?.tag !== SIGNATURE_TAG || last.value.length > LONGEST_SIGNATURE)
          throw new CodecError('signature', last?.start ?? 0, 'expected 5F37 as the last object');
        const signed = octets.slice(0, last.start);
        return { fields: content.decode(signed), signed, signature: last.value.slice() };
      },
      (writer, certificate) => {
        writer.put(certificate.signed);
        writer.put(berTlv(SIGNATURE_TAG, certificate.signature));
      },
    ),
  );
}

/** A GlobalPlatform certificate: `7F21{ 93 42 5F20 95 [5F25] 5F24 [53] [73] [BF20] 7F49{B0 F0} 5F37 }` (GPC Amendment F). */
export const gpCertificate: Format<GpCertificate> = certificateFormat(STANDARD);
const binaryDateCertificate = certificateFormat(BINARY_DATES);

/** Hash of a signature by a key on this curve (GPC 2.3.1 table B-3). */
const HASH: Readonly<Record<Curve, Hash>> = { 'P-256': 'sha256', brainpoolP256r1: 'sha256', 'P-384': 'sha384' };

/** Issues a certificate: the fields signed by the authority's key, r | s in plain (GPC 2.3.1 B.4.3). About 210 octets on P-256. */
export function issueGpCertificate(
  authorityKey: PrivateKey,
  content: GpCertificateFields,
  signer: Signer = sign,
): Uint8Array {
  const signed = STANDARD.encode(content);
  const signature = signer(authorityKey, signed, HASH[authorityKey.curve], 'plain');
  return gpCertificate.encode({ fields: content, signed, signature });
}

function decode(octets: Uint8Array, compatible: boolean): GpCertificate {
  try {
    return gpCertificate.decode(octets);
  } catch (error) {
    if (compatible && error instanceof CodecError) return binaryDateCertificate.decode(octets);
    throw error;
  }
}

/**
 * A GlobalPlatform certificate as a chain sees it. Throws CodecError for octets that are none, CryptoError for a point off
 * its curve. `compatible` also takes signatures in DER and dates in binary, as published cards have them.
 */
export function readGpCertificate(octets: Uint8Array, compatible: boolean): Certificate {
  const { fields: content, signed, signature } = decode(octets, compatible);
  const { point, curve: curveName } = content.publicKey;
  return {
    kind: 'gp',
    serial: content.serial,
    issuer: content.authority,
    subject: content.subject,
    publicKey: importPublicKey(curveName, point),
    mayAgreeKeys: content.usage === 'keyAgreement',
    mayCertify: content.usage === 'verification',
    roles: undefined,
    validFrom: content.validFrom,
    validTo: content.validTo,
    isSignedBy(authority) {
      const hash = HASH[authority.curve];
      if (verify(authority, signed, signature, hash, 'plain')) return true;
      return compatible && verify(authority, signed, signature, hash, 'der');
    },
  };
}
