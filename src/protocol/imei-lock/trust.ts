import { berTlvSet, concat, fromHex, type Infer, many, octets, required, rest, toHex } from '#base/codec/index.ts';
import { digest } from '#base/crypto/index.ts';

/** Roots of makers that a UICC keeps at most, once an order changed them. */
export const MOST_ROOTS = 8;
/** Octets of the name of a root and of a certificate in a report. */
export const FINGERPRINT_LENGTH = 6;
/** Octets of the digest of a trust. */
const TRUST_DIGEST_LENGTH = 8;
/** A point on P-256, compressed (SEC 1 2.3.3). */
const COMPRESSED_POINT_LENGTH = 33;

/** A maker's root on its way to a UICC. */
export const sentRoot = berTlvSet({
  /** CA identifier of the certificates it signs. */
  caIdentifier: required(0x42, rest(1, 16)),
  /** On P-256, compressed: half as long as it is kept. */
  publicPoint: required(0x86, octets(COMPRESSED_POINT_LENGTH)),
});

/** All makers' roots that a UICC is to believe from now on, in the place of those before. */
export const sentRoots = berTlvSet({ roots: many(0xa2, sentRoot) });
/** All makers' roots that a UICC is to believe. */
export type SentRoots = Infer<typeof sentRoots>;

/** A maker's root: CA identifier, and its point on P-256, uncompressed. */
export interface Root {
  readonly caIdentifier: Uint8Array;
  readonly publicPoint: Uint8Array;
}

/** What identifies a root: its point alone would be the same under another identifier, by which no certificate finds it. */
const rootDigest = ({ caIdentifier, publicPoint }: Root): Uint8Array =>
  digest('sha256', concat(caIdentifier, publicPoint));

/** The name of a root in a report: 6 octets of SHA-256 over CA identifier and uncompressed point. */
export const rootName = (root: Root): Uint8Array => rootDigest(root).slice(0, FINGERPRINT_LENGTH);

/** The name of a certificate in a report: 6 octets of SHA-256 over it. */
export const certificateName = (certificate: Uint8Array): Uint8Array =>
  digest('sha256', certificate).slice(0, FINGERPRINT_LENGTH);

/** The digest of a trust, 8 octets, whatever the order of its roots: SHA-256 over the sorted SHA-256 of each. */
export function trustDigest(roots: readonly Root[]): Uint8Array {
  const sorted = roots.map((root) => toHex(rootDigest(root))).sort();
  return digest('sha256', fromHex(sorted.join(''))).slice(0, TRUST_DIGEST_LENGTH);
}
