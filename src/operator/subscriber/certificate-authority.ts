import { sameOctets } from '#base/codec/index.ts';
import {
  CryptoError,
  digest,
  importPrivateKey,
  type PrivateKey,
  publicPoint,
  type Signer,
} from '#base/crypto/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import { blob, type Database, type MasterKey, nullable, oneOf } from '#operator/database/index.ts';
import { calendarDate, issueGpCertificate } from '#protocol/secure-channel/index.ts';

/** A root and its public key. */
export interface CertificateAuthority {
  /** CA identifier (tag 42). */
  readonly identifier: Uint8Array;
  /** Uncompressed point on P-256, 65 octets. */
  readonly publicPoint: Uint8Array;
}

const CURVE = 'P-256';
const IDENTIFIER_OCTETS = 8;
const SERIAL_OCTETS = 8;
const YEAR_MILLISECONDS = 365.25 * 86_400_000;
/** A UICC has no clock and lives long; what ends its certificate's life is revocation. */
const VALID_YEARS = 20;
const PURPOSE = 'certificate authority';

/** One draw in 2^32 is no scalar; so many in a row mean a Random that is broken. */
const MOST_DRAWS = 8;

/** A fresh private key and its scalar of 32 octets, which the card or the database needs. */
function drawnKey(random: Random): { readonly key: PrivateKey; readonly scalar: Uint8Array } {
  for (let left = MOST_DRAWS; ; left--) {
    const scalar = random.octets(32);
    try {
      return { key: importPrivateKey(CURVE, scalar), scalar };
    } catch (error) {
      if (!(error instanceof CryptoError) || left === 0) throw error;
    }
  }
}

/** The roots of this operator: its own, made when it is first needed and kept wrapped, and the makers' that its UICCs believe. */
export function openAuthorities(options: {
  database: Database;
  masterKey: MasterKey;
  random: Random;
  clock: Clock;
  /** Signs certificates; default: `sign`. */
  signer?: Signer;
}) {
  const { database, masterKey, random, clock } = options;
  const columns = { identifier: blob, publicPoint: blob, wrappedScalar: nullable(blob) };
  const ofRole = database.query('SELECT * FROM certificate_authority WHERE role = ? ORDER BY identifier', columns);
  const named = database.query('SELECT role, public_point FROM certificate_authority WHERE identifier = ?', {
    role: oneOf('operator', 'maker'),
    publicPoint: blob,
  });
  const insert = database.command(
    'INSERT INTO certificate_authority (identifier, role, public_point, wrapped_scalar) VALUES (?, ?, ?, ?)',
  );
  const take = database.command("DELETE FROM certificate_authority WHERE identifier = ? AND role = 'maker'");
  let ownKey: PrivateKey | undefined;

  const own = () =>
    database.transaction(() => {
      const found = ofRole.first('operator');
      if (found !== undefined) return found;
      const { key, scalar } = drawnKey(random);
      const point = publicPoint(key);
      const identifier = digest('sha256', point).slice(0, IDENTIFIER_OCTETS);
      insert.run(identifier, 'operator', point, masterKey.wrap(PURPOSE, identifier, scalar));
      scalar.fill(0);
      return ofRole.only('operator');
    });

  const signingKey = () => {
    if (ownKey !== undefined) return ownKey;
    const { identifier, wrappedScalar } = own();
    const scalar = masterKey.unwrap(PURPOSE, identifier, wrappedScalar ?? new Uint8Array(0));
    ownKey = importPrivateKey(CURVE, scalar);
    scalar.fill(0);
    return ownKey;
  };

  return {
    /** This operator's root: storage supports keep its point to believe the operator's UICCs. */
    operatorRoot(): CertificateAuthority {
      const { identifier, publicPoint: point } = own();
      return { identifier, publicPoint: point };
    },
    /** The makers that the UICCs issued from now on believe. */
    makerRoots: (): readonly CertificateAuthority[] => ofRole.all('maker'),
    /** Adds a maker; false, and nothing is changed, when another root has this name: a maker's of another key, or this operator's own. */
    trustMaker({ identifier, publicPoint: point }: CertificateAuthority): boolean {
      const known = named.first(identifier);
      if (known !== undefined) return known.role === 'maker' && sameOctets(known.publicPoint, point);
      insert.run(identifier, 'maker', point, undefined);
      return true;
    },
    /** Takes a maker away; false when there is none of this name. */
    distrustMaker: (identifier: Uint8Array): boolean => take.run(identifier).changes === 1,
    /** A fresh key pair for a UICC with its certificate: subject is the content of EF.ICCID. */
    issueOce(iccid: Iccid): { certificate: Uint8Array; privateScalar: Uint8Array; caIdentifier: Uint8Array } {
      const authorityKey = signingKey();
      const { identifier } = own();
      const { key, scalar } = drawnKey(random);
      const now = clock.now();
      const content = {
        serial: random.octets(SERIAL_OCTETS),
        authority: identifier,
        subject: iccid.toEf(),
        usage: 'keyAgreement' as const,
        validFrom: calendarDate(now),
        validTo: calendarDate(now + VALID_YEARS * YEAR_MILLISECONDS),
        publicKey: { point: publicPoint(key), curve: CURVE } as const,
      };
      const certificate = issueGpCertificate(authorityKey, content, options.signer);
      return { certificate, privateScalar: scalar, caIdentifier: identifier };
    },
  };
}
