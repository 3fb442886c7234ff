import { sameOctets } from '#base/codec/index.ts';
import { blob, type Database, integer, nullable } from '#operator/database/index.ts';
import { trustDigest } from '#protocol/imei-lock/index.ts';
import type { CertificateAuthority } from './certificate-authority.ts';

/** What is known of the roots that a UICC believes. */
export interface BelievedRoots {
  /** Number of the set; undefined: the UICC is older than what is kept of it. */
  readonly trust: number | undefined;
  /** It said that it knows no order to change them. */
  readonly isFixed: boolean;
}

/** How many UICCs believe a maker's root, as far as is known. */
export interface RootHolders extends CertificateAuthority {
  readonly uiccs: number;
}

/** How many UICCs believe what. */
export interface TrustCounts {
  readonly roots: readonly RootHolders[];
  /** UICCs issued before their roots were kept, that acknowledged none since. */
  readonly unknown: number;
  /** UICCs whose roots no order changes. */
  readonly fixed: number;
}

/** Sets of makers' roots, and which UICC believes which: as it came, or as it acknowledged. */
export interface Trusts {
  /** The number of the set of these roots; undefined when no UICC was ever to believe it. */
  find(roots: readonly CertificateAuthority[]): number | undefined;
  /** The same, kept when it is new. Joins a transaction. */
  numberOf(roots: readonly CertificateAuthority[]): number;
  /** The roots of a set, in order of their identifiers. */
  roots(trust: number): readonly CertificateAuthority[];
  /** Whether a UICC was ever to believe this root. */
  wasBelieved(root: CertificateAuthority): boolean;
  of(iccid: string): BelievedRoots;
  /**
   * Keeps the set that a UICC said it believes, unless it is none that is kept here. True when a root is in it that the UICC was not known to
   * believe before.
   */
  keep(iccid: string, digest: Uint8Array): boolean;
  /** Keeps that a UICC does not know the order. */
  keepFixed(iccid: string): void;
  /** Which sets UICCs believe is not known any more: until they acknowledge one. */
  forget(): void;
  counts(): TrustCounts;
  /** UICCs that believe this set. */
  holding(trust: number): number;
}

/** The sets of roots in this database. */
export function openTrusts(database: Database): Trusts {
  const root = { identifier: blob, publicPoint: blob };
  const byDigest = database.query('SELECT id FROM trust WHERE digest = ?', { id: integer });
  const insert = database.query('INSERT INTO trust (digest) VALUES (?) RETURNING id', { id: integer });
  const insertRoot = database.command('INSERT INTO trust_root (trust, identifier, public_point) VALUES (?, ?, ?)');
  const roots = database.query(
    'SELECT identifier, public_point FROM trust_root WHERE trust = ? ORDER BY identifier',
    root,
  );
  const anyOf = database.query('SELECT trust FROM trust_root WHERE identifier = ? AND public_point = ? LIMIT 1', {
    trust: integer,
  });
  const of = database.query('SELECT trust, roots_fixed FROM uicc WHERE iccid = ?', {
    trust: nullable(integer),
    rootsFixed: integer,
  });
  const keep = database.command('UPDATE uicc SET trust = ?, roots_fixed = 0 WHERE iccid = ?');
  const forget = database.command('UPDATE uicc SET trust = NULL');
  const fix = database.command('UPDATE uicc SET roots_fixed = 1 WHERE iccid = ?');
  const held = database.query(
    'SELECT trust, roots_fixed, count(*) AS uiccs FROM uicc GROUP BY trust, roots_fixed ORDER BY trust',
    { trust: nullable(integer), rootsFixed: integer, uiccs: integer },
  );
  const holding = database.query('SELECT count(*) AS uiccs FROM uicc WHERE trust = ?', { uiccs: integer });

  const read = (iccid: string): BelievedRoots => {
    const row = of.first(iccid);
    return { trust: row?.trust, isFixed: row?.rootsFixed === 1 };
  };

  return {
    find: (given) => byDigest.first(trustDigest(given.map(asRoot)))?.id,
    numberOf: (given) =>
      database.transaction(() => {
        const digest = trustDigest(given.map(asRoot));
        const found = byDigest.first(digest);
        if (found !== undefined) return found.id;
        const { id } = insert.only(digest);
        for (const { identifier, publicPoint } of given) insertRoot.run(id, identifier, publicPoint);
        return id;
      }),
    roots: (trust) => roots.all(trust),
    wasBelieved: ({ identifier, publicPoint }) => anyOf.first(identifier, publicPoint) !== undefined,
    of: read,
    keep: (iccid, digest) =>
      database.transaction(() => {
        const found = byDigest.first(digest);
        const before = read(iccid);
        if (found === undefined || (found.id === before.trust && !before.isFixed)) return false;
        const old = before.trust === undefined ? [] : roots.all(before.trust);
        const isKept = keep.run(found.id, iccid).changes === 1;
        return isKept && roots.all(found.id).some((one) => !old.some((known) => sameRoot(one, known)));
      }),
    keepFixed: (iccid) => {
      fix.run(iccid);
    },
    forget: () => {
      forget.run();
    },
    counts() {
      const counts = new Map<string, RootHolders>();
      let [unknown, fixed] = [0, 0];
      for (const { trust, rootsFixed, uiccs } of held.all()) {
        if (rootsFixed === 1) fixed += uiccs;
        if (trust === undefined) unknown += uiccs;
        else
          for (const one of roots.all(trust)) {
            const key = trustDigest([asRoot(one)]).join();
            counts.set(key, { ...one, uiccs: (counts.get(key)?.uiccs ?? 0) + uiccs });
          }
      }
      return { roots: [...counts.values()], unknown, fixed };
    },
    holding: (trust) => holding.only(trust).uiccs,
  };
}

/** True for the same root: a point under another identifier is found by no certificate. */
export const sameRoot = (a: CertificateAuthority, b: CertificateAuthority): boolean =>
  sameOctets(a.identifier, b.identifier) && sameOctets(a.publicPoint, b.publicPoint);

/** A root as the protocol says it. */
export const asRoot = ({ identifier, publicPoint }: CertificateAuthority) => ({
  caIdentifier: identifier,
  publicPoint,
});
