import { berTlvs, CodecError, concat, type Format, format, sameOctets, tagged, toHex } from '#base/codec/index.ts';
import { CryptoError, type Curve, digest, type PublicKey } from '#base/crypto/index.ts';
import type { Certificate, CertificateRole } from './certificate.ts';
import type { CertificateFault } from './certificate-fault.ts';
import { readGpCertificate } from './gp-certificate.ts';
import { readX509Certificate } from './x509.ts';

/** Most certificates in a store and in a chain below the pinned root. */
export const MOST_CERTIFICATES = 3;

const STORE_TAG = 0xbf21;
const GP_CERTIFICATE_TAG = 0x7f21;
const X509_TAG = 0x30;

const certificateList: Format<readonly Uint8Array[]> = format(
  (reader) => {
    const start = reader.position;
    const octets = reader.rest();
    const objects = berTlvs(octets);
    if (objects.length > MOST_CERTIFICATES)
      throw reader.error(`expected at most ${MOST_CERTIFICATES} certificates, got ${objects.length}`, start);
    return objects.map((object) => {
      if (object.tag !== GP_CERTIFICATE_TAG && object.tag !== X509_TAG)
        throw reader.error('expected 7F21 or 30, a certificate', start + object.start);
      return octets.slice(object.start, object.end);
    });
  },
  (writer, certificates) => writer.put(concat(...certificates)),
);
const wrapped = tagged(STORE_TAG, certificateList);

/**
 * Data of GET DATA BF21: certificates, 7F21 or 30 each, the leaf last, inside BF21. Written so; also read without the
 * wrapper, as YubiKey gives them (GPC Amendment F).
 */
export const certificateStore: Format<readonly Uint8Array[]> = format(
  (reader) => (reader.peek() === STORE_TAG >> 8 ? wrapped : certificateList).read(reader),
  wrapped.write,
);

/** An authority whose key is pinned. */
export interface TrustAnchor {
  /** CA identifier (42) of the certificates it signs, or its Name in DER (contents). */
  readonly identifier: Uint8Array;
  readonly publicKey: PublicKey;
}

/** What a chain must satisfy. */
export interface ChainPolicy {
  readonly roots: readonly TrustAnchor[];
  /** Today as the number YYYYMMDD. A UICC has no clock: `unknown` leaves dates unchecked, and the result says so. */
  readonly today: number | 'unknown';
  /** Serial numbers that are revoked, in upper-case hexadecimal. */
  readonly revoked?: ReadonlySet<string>;
  /** Whom the leaf must make. */
  readonly role: CertificateRole;
  /** Curves accepted in every certificate; P-256 only when left out. */
  readonly curves?: readonly Curve[];
  /** Take DER signatures and binary dates in GlobalPlatform certificates too. Off unless a real card needs it. */
  readonly compatible?: boolean;
}

/** A peer whose certificate chain verified. The same object is given again for the same chain when a cache is used. */
export interface VerifiedPeer {
  readonly kind: 'peer';
  readonly format: 'gp' | 'x509';
  /** Subject identifier 5F20, or the subject's Name in DER (contents): who it is. */
  readonly subject: Uint8Array;
  readonly serial: Uint8Array;
  /** The certified key for key agreement. */
  readonly publicKey: PublicKey;
  /** The leaf as it was sent. */
  readonly certificate: Uint8Array;
  /** The root to which it chained. */
  readonly root: TrustAnchor;
  /** False when the date was unknown. */
  readonly datesChecked: boolean;
}

/** A chain that was refused, and why. */
export interface RefusedChain {
  readonly kind: 'refused';
  readonly fault: CertificateFault;
}

/** Verifies the certificates a peer sent, in any order. Throws nothing. */
export type PeerVerifier = (certificates: readonly Uint8Array[]) => VerifiedPeer | RefusedChain;

/** The day of a time in milliseconds since 1970, UTC, as the number YYYYMMDD. */
export function calendarDate(milliseconds: number): number {
  const day = new Date(milliseconds);
  return day.getUTCFullYear() * 10000 + (day.getUTCMonth() + 1) * 100 + day.getUTCDate();
}

const refused = (fault: CertificateFault): RefusedChain => ({ kind: 'refused', fault });

/** Verifies chains to the pinned roots of a policy; read anew at each call, so that a policy may learn dates and revocations. */
export function chainVerifier(policy: ChainPolicy): PeerVerifier {
  return (certificates) => {
    if (certificates.length > MOST_CERTIFICATES) return refused('tooLong');
    try {
      const read = certificates.map((octets) => ({
        octets,
        certificate: readCertificate(octets, policy.compatible === true),
      }));
      return verifyChain(read, policy);
    } catch (error) {
      if (error instanceof CodecError) return refused('malformed');
      if (error instanceof CryptoError) return refused('wrongCurve');
      throw error;
    }
  };
}

/** A certificate of either format. Throws CodecError, or CryptoError for a point that is not on its curve. */
export function readCertificate(octets: Uint8Array, compatible = false): Certificate {
  return octets[0] === X509_TAG ? readX509Certificate(octets) : readGpCertificate(octets, compatible);
}

/** A certificate, and the octets it was read from. */
interface SentCertificate {
  readonly octets: Uint8Array;
  readonly certificate: Certificate;
}

/** Ordered by who issued whom, never by position (GPC Amendment F leaves the order of stores open in practice). */
function verifyChain(sent: readonly SentCertificate[], policy: ChainPolicy): VerifiedPeer | RefusedChain {
  const certificates = sent.map(({ certificate }) => certificate);
  const leaves = sent.filter(
    ({ certificate: one }) => !certificates.some((other) => other !== one && sameOctets(other.issuer, one.subject)),
  );
  const [found] = leaves;
  if (found === undefined || leaves.length !== 1) return refused('noLeaf');
  const leaf = found.certificate;
  const root = climb(leaf, certificates, policy);
  if (typeof root === 'string') return refused(root);
  if (!leaf.mayAgreeKeys || leaf.roles?.includes(policy.role) === false) return refused('wrongUsage');
  const { kind, subject, serial, publicKey } = leaf;
  const datesChecked = policy.today !== 'unknown';
  const certificate = found.octets.slice();
  return { kind: 'peer', format: kind, subject, serial, publicKey, certificate, root, datesChecked };
}

/** From the leaf to a pinned root, checking each certificate on the way: that root, or what is wrong. */
function climb(
  leaf: Certificate,
  certificates: readonly Certificate[],
  policy: ChainPolicy,
): CertificateFault | TrustAnchor {
  let current = leaf;
  for (let depth = 0; depth < MOST_CERTIFICATES; depth++) {
    const { issuer } = current;
    const root = policy.roots.find((anchor) => sameOctets(anchor.identifier, issuer));
    const next = root ?? certificates.find((one) => one !== current && sameOctets(one.subject, issuer));
    if (next === undefined) return 'foreignRoot';
    if (!current.isSignedBy(next.publicKey)) return 'wrongSignature';
    const fault = ownFault(current, policy);
    if (fault !== undefined) return fault;
    if (!('issuer' in next)) return next;
    if (!next.mayCertify) return 'wrongUsage';
    current = next;
  }
  return 'tooLong';
}

function ownFault(certificate: Certificate, policy: ChainPolicy): CertificateFault | undefined {
  const { today, revoked, curves = ['P-256'] } = policy;
  if (!curves.includes(certificate.publicKey.curve)) return 'wrongCurve';
  if (revoked?.has(toHex(certificate.serial)) === true) return 'revoked';
  if (today === 'unknown') return undefined;
  if (certificate.validFrom !== undefined && today < certificate.validFrom) return 'notYetValid';
  return today > certificate.validTo ? 'expired' : undefined;
}

/** A verifier that remembers. */
export interface CachedVerifier {
  readonly verify: PeerVerifier;
  /** Forgets everything: call it when a date, a revocation or a root changes. */
  clear(): void;
}

/**
 * Remembers verified chains by the SHA-256 of their octets, the `capacity` last used ones. Refusals are not remembered.
 * Saves the signature checks of a known peer; what the peer can do it must prove again each time.
 */
export function cachedVerifier(verify: PeerVerifier, capacity: number): CachedVerifier {
  const known = new Map<string, VerifiedPeer>();
  const remember = (key: string, peer: VerifiedPeer) => {
    known.delete(key);
    known.set(key, peer);
    const [oldest] = known.keys();
    if (known.size > capacity && oldest !== undefined) known.delete(oldest);
  };
  return {
    verify(certificates) {
      const key = toHex(digest('sha256', concat(...certificates)));
      const result = known.get(key) ?? verify(certificates);
      if (result.kind === 'peer') remember(key, result);
      return result;
    },
    clear: () => known.clear(),
  };
}
