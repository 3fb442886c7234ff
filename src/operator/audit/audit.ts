import { toHex } from '#base/codec/index.ts';
import { digest, equalOctets, nodeAes } from '#base/crypto/index.ts';
import type { Clock } from '#base/port/index.ts';
import { blob, type Database, integer, type MasterKey, nullable, oneOf, text } from '#operator/database/index.ts';

/** What entries are about. */
export const AUDIT_KINDS = [
  /** A UICC was issued. */
  'issue',
  /** A list entry or a whole file was added, removed, changed or undone. */
  'list',
  /** The mode or another setting of the register changed. */
  'setting',
  /** The network asked about an IMEI and the answer is new. */
  'check',
  /** A UICC reported. */
  'report',
  /** An order was queued, sent, acknowledged, or failed. */
  'order',
  /** Evidence contradicts itself. */
  'finding',
  /** Details were erased. */
  'erasure',
  /** A token of the API was made or revoked. */
  'token',
  /** Somebody was shown whole identities of subscribers. */
  'read',
  /** A user was made or changed. */
  'user',
  /** Somebody signed in or out, or tried to. */
  'session',
] as const;

/** What an entry is about. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Plain facts of an entry, shown to people and programs as they are. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** One entry. `detail` is missing when it was erased. */
export interface AuditEntry {
  /** 1, 2, 3 … without a gap. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: AuditKind;
  readonly author: string;
  /** The IMEI, ICCID or setting it is about. */
  readonly subject: string;
  readonly detail: AuditDetail | undefined;
}

/** Where the chain breaks and how. */
export interface AuditFault {
  readonly id: number;
  readonly problem: string;
}

/** The log. */
export interface Audit {
  /** Appends one entry; inside a transaction it stands or falls with it. Returns its id. */
  append(entry: { kind: AuditKind; author: string; subject: string; detail: AuditDetail }): number;
  /** Entries with an id above `after`, oldest first, at most `most` (1000). */
  after(after: number, most?: number): readonly AuditEntry[];
  /** The newest entries, newest first, of one kind when `kind` is given. */
  newest(most: number, kind?: AuditKind): readonly AuditEntry[];
  /** Id and chain value of the newest entry: noted elsewhere, it proves later that the log was not cut. */
  head(): { readonly id: number; readonly chain: string };
  /** The first fault of the chain, or undefined. `head` is one noted earlier: the log must still contain it. */
  verify(head?: { readonly id: number; readonly chain: string }): AuditFault | undefined;
  /** The same in steps, each of a page of entries, yielding how many are sound so far: others get their turn in between. */
  verification(head?: { readonly id: number; readonly chain: string }): Generator<number, AuditFault | undefined>;
  /** Erases the details about one subject (privacy); who did so is itself an entry. Returns how many. */
  erase(subject: string, author: string, reason: string): number;
}

const MOST = 1000;
const encoder = new TextEncoder();
/** Chain value before the first entry. */
const ORIGIN = new Uint8Array(16);

interface Chained {
  readonly id: number;
  readonly at: number;
  readonly kind: string;
  readonly author: string;
  readonly subject: string;
  readonly detailDigest: Uint8Array;
}

interface ChainedRow extends Chained {
  readonly detail: string | undefined;
  readonly chain: Uint8Array;
}

/** The log in this database. Its chain is keyed: who can write the file but has no master key cannot make a false one. */
export function openAudit(options: { database: Database; masterKey: MasterKey; clock: Clock }): Audit {
  const { database, clock } = options;
  const key = nodeAes.key(options.masterKey.derive('audit chain', new Uint8Array(0), 32));
  const chainOf = (previous: Uint8Array, entry: Chained): Uint8Array => {
    // JSON keeps the fields apart whatever characters they hold.
    const fields = JSON.stringify([entry.id, entry.at, entry.kind, entry.author, entry.subject]);
    return key.cmac(previous, entry.detailDigest, encoder.encode(fields));
  };

  const last = database.query('SELECT id, chain FROM audit_entry ORDER BY id DESC LIMIT 1', {
    id: integer,
    chain: blob,
  });
  const insert = database.command(
    'INSERT INTO audit_entry (id, at, kind, author, subject, detail, detail_digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const columns = {
    id: integer,
    at: integer,
    kind: oneOf(...AUDIT_KINDS),
    author: text,
    subject: text,
    detail: nullable(text),
  };
  const entries = (where: string) => database.query(`SELECT * FROM audit_entry ${where} LIMIT ?`, columns);
  const forwards = entries('WHERE id > ? ORDER BY id');
  const backwards = entries('ORDER BY id DESC');
  const backwardsOfKind = entries('WHERE kind = ? ORDER BY id DESC');
  const erasing = database.command('UPDATE audit_entry SET detail = NULL WHERE subject = ? AND detail IS NOT NULL');
  const page = database.query('SELECT * FROM audit_entry WHERE id > ? ORDER BY id LIMIT ?', {
    ...columns,
    detailDigest: blob,
    chain: blob,
  });

  const append: Audit['append'] = ({ kind, author, subject, detail }) =>
    database.transaction(() => {
      const before = last.first();
      const written = JSON.stringify(detail);
      const detailDigest = digest('sha256', encoder.encode(written));
      const entry = { id: (before?.id ?? 0) + 1, at: clock.now(), kind, author, subject, detailDigest };
      const chain = chainOf(before?.chain ?? ORIGIN, entry);
      insert.run(entry.id, entry.at, kind, author, subject, written, detailDigest, chain);
      return entry.id;
    });

  /** What is wrong with an entry, given the chain value before it. */
  const problemOf = (entry: ChainedRow, previous: Uint8Array): string | undefined => {
    if (entry.detail !== undefined && !equalOctets(digest('sha256', encoder.encode(entry.detail)), entry.detailDigest))
      return 'its detail was changed';
    return equalOctets(chainOf(previous, entry), entry.chain) ? undefined : 'it was changed or inserted';
  };

  const verification: Audit['verification'] = function* (head) {
    let previous: Uint8Array = ORIGIN;
    let id = 0;
    let headSeen = head === undefined || head.id === 0;
    for (let rows = page.all(0, MOST); rows.length > 0; rows = page.all(id, MOST)) {
      for (const entry of rows) {
        if (entry.id !== ++id) return { id, problem: `entry ${id} is missing` };
        const problem = problemOf(entry, previous);
        if (problem !== undefined) return { id, problem };
        if (head !== undefined && id === head.id && toHex(entry.chain) !== head.chain)
          return { id, problem: 'it is not the entry that was noted' };
        headSeen ||= id === head?.id;
        previous = entry.chain;
      }
      yield id;
    }
    return headSeen ? undefined : { id: id + 1, problem: `the log was cut: entry ${head?.id} was noted and is gone` };
  };

  return {
    append,
    after: (after, most = MOST) => forwards.all(after, Math.min(most, MOST)).map(entryOf),
    newest: (most, kind) =>
      (kind === undefined ? backwards.all(Math.min(most, MOST)) : backwardsOfKind.all(kind, Math.min(most, MOST))).map(
        entryOf,
      ),
    head() {
      const newest = last.first();
      return { id: newest?.id ?? 0, chain: toHex(newest?.chain ?? ORIGIN) };
    },
    verification,
    verify(head) {
      const steps = verification(head);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
    erase: (subject, author, reason) =>
      database.transaction(() => {
        const { changes } = erasing.run(subject);
        append({ kind: 'erasure', author, subject: 'a person', detail: { reason, entries: changes } });
        return changes;
      }),
  };
}

function entryOf(row: { detail: string | undefined } & Omit<AuditEntry, 'detail'>): AuditEntry {
  const { id, at, kind, author, subject } = row;
  // The column is written by append() alone, from an AuditDetail.
  const detail = row.detail === undefined ? undefined : (JSON.parse(row.detail) as AuditDetail);
  return { id, at, kind, author, subject, detail };
}
