import {
  berTlvSet,
  CodecError,
  concat,
  constant,
  type Format,
  format,
  fromHex,
  type Infer,
  listOf,
  map,
  optional,
  readBerTlv,
  required,
  rest,
  sameOctets,
  struct,
  tagged,
} from '#base/codec/index.ts';
import {
  type Curve,
  type Hash,
  importPublicKey,
  type PrivateKey,
  type PublicKey,
  publicPoint,
  sign,
  verify,
} from '#base/crypto/index.ts';
import type { Certificate, CertificateRole } from './certificate.ts';

// X.509 version 3 as RFC 5280 4.1 lays it out, with EC keys (RFC 5480) and ECDSA signatures (RFC 5758) only: what SCP11 uses.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

const LONGEST_NAME = 512;
const LONGEST_EXTENSION = 512;
const MOST_EXTENSIONS = 16;

/** An OBJECT IDENTIFIER that stands for a name; any other is a CodecError. */
function identified<N extends string>(codes: Readonly<Record<N, Uint8Array>>): Format<N> {
  const names = Object.keys(codes) as N[];
  return tagged(
    OBJECT_IDENTIFIER,
    map(
      rest(1, 32),
      (octets, reader) => {
        const name = names.find((candidate) => sameOctets(codes[candidate], octets));
        if (name === undefined) throw reader.error(`expected the object identifier of ${names.join(', ')}`);
        return name;
      },
      (name) => codes[name],
    ),
  );
}

/** RFC 5758 3.2. The parameters are absent. */
const signatureAlgorithm = tagged(
  SEQUENCE,
  struct({
    hash: identified<Hash>({
      sha256: fromHex('2A8648CE3D040302'),
      sha384: fromHex('2A8648CE3D040303'),
      sha512: fromHex('2A8648CE3D040304'),
    }),
  }),
);

const bitString = (most: number) =>
  tagged(BIT_STRING, struct({ unusedBits: constant(Uint8Array.of(0)), octets: rest(1, most) }));

/** RFC 5480 2.1.1. */
const subjectPublicKeyInfo = tagged(
  SEQUENCE,
  struct({
    algorithm: tagged(
      SEQUENCE,
      struct({
        type: constant(fromHex('06072A8648CE3D0201')),
        curve: identified<Curve>({
          'P-256': fromHex('2A8648CE3D030107'),
          'P-384': fromHex('2B81040022'),
          brainpoolP256r1: fromHex('2B2403030208010107'),
        }),
      }),
    ),
    point: bitString(97),
  }),
);

/** UTCTime or GeneralizedTime in seconds, Zulu (RFC 5280 4.1.2.5), as the number YYYYMMDDHHMMSS. */
const time: Format<number> = format(
  (reader) => {
    const { tag, value, start } = readBerTlv(reader);
    const text = String.fromCharCode(...value);
    const digits = tag === UTC_TIME ? 12 : 14;
    if ((tag !== UTC_TIME && tag !== GENERALIZED_TIME) || text.length !== digits + 1 || !/^\d+Z$/.test(text))
      throw reader.error('expected UTCTime or GeneralizedTime to the second, ending in Z', start);
    const number = Number(text.slice(0, -1));
    if (tag === GENERALIZED_TIME) return number;
    return number + (number < 50e10 ? 20e12 : 19e12);
  },
  (writer, value) => {
    const short = value >= 1950e10 && value < 2050e10;
    const text = `${String(short ? value % 1e12 : value).padStart(short ? 12 : 14, '0')}Z`;
    writer.u8(short ? UTC_TIME : GENERALIZED_TIME);
    writer.u8(text.length);
    writer.put(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  },
);

const name = tagged(SEQUENCE, rest(0, LONGEST_NAME));

const extension = tagged(
  SEQUENCE,
  berTlvSet({
    identifier: required(OBJECT_IDENTIFIER, rest(1, 32)),
    critical: optional(0x01, constantTrue()),
    value: required(OCTET_STRING, rest(0, LONGEST_EXTENSION)),
  }),
);

/** DER leaves a FALSE out, so only TRUE is ever there. */
function constantTrue(): Format<true> {
  return map(
    rest(1, 1),
    (octets, reader) => {
      if (octets[0] !== 0xff) throw reader.error('expected TRUE (FF)');
      return true;
    },
    () => Uint8Array.of(0xff),
  );
}

/** The part that is signed (RFC 5280 4.1.2). */
const toBeSigned = tagged(
  SEQUENCE,
  struct({
    version: constant(fromHex('A003020102')),
    serial: tagged(INTEGER, rest(1, 21)),
    signatureAlgorithm,
    issuer: name,
    validity: tagged(SEQUENCE, struct({ notBefore: time, notAfter: time })),
    subject: name,
    publicKey: subjectPublicKeyInfo,
    extensions: tagged(0xa3, tagged(SEQUENCE, listOf(extension, MOST_EXTENSIONS))),
  }),
);

/** What an X.509 certificate says. Names are raw DER contents; times the number YYYYMMDDHHMMSS. */
export type X509Fields = Infer<typeof toBeSigned>;

/** One data object of a tag as it stands, header and all. */
const whole = (tag: number): Format<Uint8Array> =>
  format(
    (reader) => {
      const found = readBerTlv(reader);
      if (found.tag !== tag) throw reader.error(`expected tag ${tag.toString(16)}`, found.start);
      return reader.octets.slice(found.start, found.end);
    },
    (writer, octets) => writer.put(octets),
  );

/** An X.509 certificate: the signed octets as they stand, algorithm, signature in DER. */
export const x509Certificate = tagged(
  SEQUENCE,
  struct({ signed: whole(SEQUENCE), signatureAlgorithm, signature: bitString(139) }),
);

const KEY_USAGE = fromHex('551D0F');
const BASIC_CONSTRAINTS = fromHex('551D13');
const CERTIFICATE_POLICIES = fromHex('551D20');
/** 1.2.840.114283.100.0.10.2.1, GlobalPlatform's arc for SCP11 certificates; the next arc is the role. */
const SCP11_POLICY = fromHex('2A864886FC6B64000A0201');
const ROLE: Readonly<Record<number, CertificateRole>> = { 0: 'oce', 10: 'sd' };

/** KeyUsage (RFC 5280 4.2.1.3): the first octet of the bit string. */
const keyUsage = tagged(
  BIT_STRING,
  map(
    rest(2, 3),
    (octets) => octets[1] as number,
    (bits) => Uint8Array.of(0, bits),
  ),
);
const KEY_AGREEMENT = 0x08;
const KEY_CERT_SIGN = 0x04;

/** BasicConstraints (4.2.1.9): cA and the longest path below, which the limit of the chain bounds anyway. */
const basicConstraints = tagged(
  SEQUENCE,
  berTlvSet({ certifies: optional(0x01, constantTrue()), pathLength: optional(INTEGER, rest(1, 1)) }),
);

/** CertificatePolicies (4.2.1.4): identifiers, with qualifiers that are not read. */
const policies = tagged(
  SEQUENCE,
  listOf(
    tagged(SEQUENCE, berTlvSet({ identifier: required(OBJECT_IDENTIFIER, rest(1, 32)) }, 'ignore')),
    MOST_EXTENSIONS,
  ),
);

function roleOf(policy: Uint8Array): CertificateRole | undefined {
  const { length } = SCP11_POLICY;
  if (policy.length !== length + 1 || !sameOctets(policy.subarray(0, length), SCP11_POLICY)) return undefined;
  return ROLE[policy[length] as number];
}

/** What the extensions allow. A critical one that is not understood is a CodecError (RFC 5280 4.2). */
function rightsOf(extensions: X509Fields['extensions']) {
  let bits = 0;
  let certifies = false;
  let roles: CertificateRole[] | undefined;
  for (const { identifier, critical, value } of extensions) {
    if (sameOctets(identifier, KEY_USAGE)) bits = keyUsage.decode(value);
    else if (sameOctets(identifier, BASIC_CONSTRAINTS)) certifies = basicConstraints.decode(value).certifies === true;
    else if (sameOctets(identifier, CERTIFICATE_POLICIES))
      roles = policies.decode(value).flatMap((policy) => roleOf(policy.identifier) ?? []);
    else if (critical === true)
      throw new CodecError('extensions', 0, 'expected only critical extensions that are known here');
  }
  return { mayAgreeKeys: (bits & KEY_AGREEMENT) !== 0, mayCertify: certifies && (bits & KEY_CERT_SIGN) !== 0, roles };
}

/** An X.509 certificate as a chain sees it. Throws CodecError for octets that are none, CryptoError for a point off its curve. */
export function readX509Certificate(octets: Uint8Array): Certificate {
  const { signed, signatureAlgorithm: outer, signature } = x509Certificate.decode(octets);
  const fields = toBeSigned.decode(signed);
  if (fields.signatureAlgorithm.hash !== outer.hash)
    throw new CodecError('signatureAlgorithm', signed.length, 'expected the algorithm that is signed');
  const { publicKey, validity } = fields;
  return {
    kind: 'x509',
    serial: fields.serial,
    issuer: fields.issuer,
    subject: fields.subject,
    publicKey: importPublicKey(publicKey.algorithm.curve, publicKey.point.octets),
    ...rightsOf(fields.extensions),
    validFrom: Math.floor(validity.notBefore / 1e6),
    validTo: Math.floor(validity.notAfter / 1e6),
    isSignedBy: (authority) => verify(authority, signed, signature.octets, outer.hash, 'der'),
  };
}

/** What `issueX509Certificate` needs. Names are the contents of a DER Name; times the number YYYYMMDDHHMMSS. */
export interface X509Content {
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly publicKey: PublicKey;
  readonly notBefore: number;
  readonly notAfter: number;
  /** `authority` certifies others; a leaf agrees keys in its role. */
  readonly use: 'authority' | CertificateRole;
}

/** Issues an X.509 certificate as SCP11 wants it: critical key usage and policy, ECDSA with SHA-256. About 530 octets with full names. */
export function issueX509Certificate(authorityKey: PrivateKey, content: X509Content): Uint8Array {
  const { serial, issuer, subject, notBefore, notAfter, publicKey, use } = content;
  const algorithm = { hash: 'sha256' } as const;
  const isAuthority = use === 'authority';
  const critical = (identifier: Uint8Array, value: Uint8Array) => ({ identifier, critical: true, value }) as const;
  const usageBits = critical(KEY_USAGE, keyUsage.encode(isAuthority ? KEY_CERT_SIGN : KEY_AGREEMENT));
  const special = isAuthority
    ? critical(BASIC_CONSTRAINTS, basicConstraints.encode({ certifies: true }))
    : critical(
        CERTIFICATE_POLICIES,
        policies.encode([{ identifier: concat(SCP11_POLICY, Uint8Array.of(use === 'sd' ? 10 : 0)) }]),
      );
  const signed = toBeSigned.encode({
    serial,
    signatureAlgorithm: algorithm,
    issuer,
    validity: { notBefore, notAfter },
    subject,
    publicKey: { algorithm: { curve: publicKey.curve }, point: { octets: publicPoint(publicKey) } },
    extensions: [usageBits, special],
  });
  const signature = { octets: sign(authorityKey, signed, algorithm.hash, 'der') };
  return x509Certificate.encode({ signed, signatureAlgorithm: algorithm, signature });
}
