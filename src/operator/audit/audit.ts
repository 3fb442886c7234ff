import { toHex } from '#base/codec/index.ts';
import { digest, equalOctets, nodeAes } from '#base/crypto/index.ts';
import type { Clock } from '#base/port/index.ts';
import type { Said } from '#base/sentence/index.ts';
import {
  blob,
  type Database,
  integer,
  type MasterKey,
  nullable,
  oneOf,
  type Query,
  type RowOf,
  settings,
  text,
} from '#operator/database/index.ts';
import { AUDIT_FAULTS, AUDIT_SUBJECTS, type AuditFaultCode, type AuditSubject } from './sentences.ts';

/** What entries are about. */
export const AUDIT_KINDS = [
  /** A UICC was issued. */
  'issue',
  /** Keys of a UICC's remote management were made, taken by it, replaced or dropped. */
  'keys',
  /** A UICC said that its lock has another policy than before. */
  'policy',
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
  /** A person took, gave, ended or opened again an alarm. */
  'alarm',
] as const;

/** What an entry is about. */
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** Plain facts of an entry, shown to people and programs as they are. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** What facts of an entry, and its `subject`, say in sentences: the same as their English, by codes and values. */
export type AuditSaid = Readonly<Record<string, readonly Said[]>>;

/** One entry. `detail` is missing when it was erased. */
export interface AuditEntry {
  /** 1, 2, 3 … without a gap. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: AuditKind;
  /** A person's name, or a code of PROGRAM_AUTHORS. */
  readonly author: string;
  /** The IMEI, ICCID, setting or name it is about, or a sentence of AUDIT_SUBJECTS. */
  readonly subject: string;
  readonly detail: AuditDetail | undefined;
  /** Erased with the detail. */
  readonly said: AuditSaid | undefined;
}

/** Which entries somebody looks for; what is left out is not looked at. */
export interface AuditSearch {
  /** Entries with a smaller id: the last one of the page before. */
  readonly before?: number;
  readonly kind?: AuditKind;
  readonly author?: string;
  /** Any of these. */
  readonly subjects?: readonly [string, string];
  /** Not before and not after, in milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
}

/** Where the chain breaks and how. */
export interface AuditFault {
  readonly id: number;
  readonly problem: string;
  readonly said: Said<AuditFaultCode>;
}

/** The log. */
export interface Audit {
  /** Appends one entry; inside a transaction it stands or falls with it. Returns its id. */
  append(entry: {
    kind: AuditKind;
    author: string;
    /** A sentence is kept in English and by its code. */
    subject: AuditSubject;
    detail: AuditDetail;
    said?: AuditSaid | undefined;
  }): number;
  /** Entries with an id above `after`, oldest first, at most `most` (1000). */
  after(after: number, most?: number): readonly AuditEntry[];
  /** The newest entries, newest first, of one kind when `kind` is given. */
  newest(most: number, kind?: AuditKind): readonly AuditEntry[];
  /** Entries that fit, the newest first, at most `most` (1000). */
  found(wanted: AuditSearch, most: number): readonly AuditEntry[];
  /** Entries about one subject with an id below `before`, newest first; at most `most` (1000). */
  about(subject: string, before: number, most: number): readonly AuditEntry[];
  /** Id and chain value of the newest entry: noted elsewhere, it proves later that the log was not cut. */
  head(): { readonly id: number; readonly chain: string };
  /** Whether the log holds an entry that was noted. The chain before it is not looked at. */
  holds(head: { readonly id: number; readonly chain: string }): boolean;
  /** The first fault of the chain, or undefined. `head` is one noted earlier: the log must still contain it. */
  verify(head?: { readonly id: number; readonly chain: string }): AuditFault | undefined;
  /** The same in steps, each of a page of entries, yielding how many are sound so far: others get their turn in between. */
  verification(head?: { readonly id: number; readonly chain: string }): Generator<number, AuditFault | undefined>;
  /** Erases the details about one subject (privacy); who did so is itself an entry. Returns how many. */
  erase(subject: string, author: string, reason: string): number;
  /** Erases details that name somebody by one of these words, among the `most` entries behind `from`; `to`: the last of those, `from` at the end. */
  eraseNaming(words: readonly string[], from: number, most: number): { readonly to: number; readonly erased: number };
  /** Erases details of at most `most` entries older than `time`, going on where it stopped; undefined when there are no more. */
  eraseBefore(time: number, most: number): number | undefined;
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

const COLUMNS = {
  id: integer,
  at: integer,
  kind: oneOf(...AUDIT_KINDS),
  author: text,
  subject: text,
  detail: nullable(text),
};

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
  const chainAt = database.query('SELECT chain FROM audit_entry WHERE id = ?', { chain: blob });
  const insert = database.command(
    'INSERT INTO audit_entry (id, at, kind, author, subject, detail, detail_digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const entries = (where: string) => database.query(`SELECT * FROM audit_entry ${where} LIMIT ?`, COLUMNS);
  const forwards = entries('WHERE id > ? ORDER BY id');
  const backwards = entries('ORDER BY id DESC');
  const backwardsOfKind = entries("WHERE kind = ? AND author <> '' ORDER BY id DESC");
  const backwardsAbout = entries('WHERE subject = ? AND id < ? ORDER BY id DESC');
  const erasing = database.command('UPDATE audit_entry SET detail = NULL WHERE subject = ? AND detail IS NOT NULL');
  const page = database.query('SELECT * FROM audit_entry WHERE id > ? ORDER BY id LIMIT ?', {
    ...COLUMNS,
    detailDigest: blob,
    chain: blob,
  });

  const append: Audit['append'] = ({ kind, author, subject: about, detail, said }) =>
    database.transaction(() => {
      const before = last.first();
      const isName = typeof about === 'string';
      const subject = isName ? about : AUDIT_SUBJECTS.words(about);
      const written = JSON.stringify({ ...detail, said: isName ? said : { ...said, subject: [about] } });
      const detailDigest = digest('sha256', encoder.encode(written));
      const entry = { id: (before?.id ?? 0) + 1, at: clock.now(), kind, author, subject, detailDigest };
      const chain = chainOf(before?.chain ?? ORIGIN, entry);
      insert.run(entry.id, entry.at, kind, author, subject, written, detailDigest, chain);
      return entry.id;
    });

  /** What is wrong with an entry, given the chain value before it. */
  const problemOf = (entry: ChainedRow, previous: Uint8Array): Said<AuditFaultCode> | undefined => {
    if (entry.detail !== undefined && !equalOctets(digest('sha256', encoder.encode(entry.detail)), entry.detailDigest))
      return AUDIT_FAULTS.say('detailChanged');
    return equalOctets(chainOf(previous, entry), entry.chain) ? undefined : AUDIT_FAULTS.say('changedOrInserted');
  };

  const verification: Audit['verification'] = function* (head) {
    let previous: Uint8Array = ORIGIN;
    let id = 0;
    let headSeen = head === undefined || head.id === 0;
    for (let rows = page.all(0, MOST); rows.length > 0; rows = page.all(id, MOST)) {
      for (const entry of rows) {
        if (entry.id !== ++id) return faultAt(id, AUDIT_FAULTS.say('missing', { entry: id }));
        const problem = problemOf(entry, previous);
        if (problem !== undefined) return faultAt(id, problem);
        if (head !== undefined && id === head.id && toHex(entry.chain) !== head.chain)
          return faultAt(id, AUDIT_FAULTS.say('notTheNoted'));
        headSeen ||= id === head?.id;
        previous = entry.chain;
      }
      yield id;
    }
    return headSeen ? undefined : faultAt(id + 1, AUDIT_FAULTS.say('cut', { entry: head?.id ?? 0 }));
  };

  return {
    append,
    found: auditSearch(database),
    after: (after, most = MOST) => forwards.all(after, Math.min(most, MOST)).map(entryOf),
    newest: (most, kind) =>
      (kind === undefined ? backwards.all(Math.min(most, MOST)) : backwardsOfKind.all(kind, Math.min(most, MOST))).map(
        entryOf,
      ),
    about: (subject, before, most) => backwardsAbout.all(subject, before, Math.min(most, MOST)).map(entryOf),
    head() {
      const newest = last.first();
      return { id: newest?.id ?? 0, chain: toHex(newest?.chain ?? ORIGIN) };
    },
    holds(head) {
      const found = chainAt.first(head.id);
      return head.id === 0 || (found !== undefined && toHex(found.chain) === head.chain);
    },
    verification,
    verify(head) {
      const steps = verification(head);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
      }
    },
    ...auditErasing(database),
    erase: (subject, author, reason) =>
      database.transaction(() => {
        const { changes } = erasing.run(subject);
        append({
          kind: 'erasure',
          author,
          subject: AUDIT_SUBJECTS.say('person'),
          detail: { reason, entries: changes },
        });
        return changes;
      }),
  };
}

const faultAt = (id: number, said: Said<AuditFaultCode>): AuditFault => ({
  ...{ id, problem: AUDIT_FAULTS.words(said), said },
});

/** Name under which it is kept how far details were erased for their age. */
const ERASED_TO = 'audit details erased to';

/** Erases details; their digests stay in the chain. */
function auditErasing(database: Database): Pick<Audit, 'eraseNaming' | 'eraseBefore'> {
  const kept = settings(database);
  const page = database.query('SELECT id, subject, detail FROM audit_entry WHERE id > ? ORDER BY id LIMIT ?', {
    id: integer,
    subject: text,
    detail: nullable(text),
  });
  const older = database.query('SELECT id FROM audit_entry WHERE id > ? AND at < ? ORDER BY id LIMIT ?', {
    id: integer,
  });
  const erase = database.command('UPDATE audit_entry SET detail = NULL WHERE id = ? AND detail IS NOT NULL');
  return {
    eraseNaming: (words, from, most) =>
      database.transaction(() => {
        const rows = page.all(from, most);
        let erased = 0;
        for (const { id, subject, detail } of rows)
          if (words.some((word) => subject.includes(word) || detail?.includes(word) === true))
            erased += erase.run(id).changes;
        return { to: rows.at(-1)?.id ?? from, erased };
      }),
    eraseBefore: (time, most) =>
      database.transaction(() => {
        const rows = older.all(Number(kept.get(ERASED_TO) ?? 0), time, most);
        const last = rows.at(-1);
        if (last === undefined) return undefined;
        let erased = 0;
        for (const { id } of rows) erased += erase.run(id).changes;
        kept.set(ERASED_TO, String(last.id));
        return erased;
      }),
  };
}

/** Looks for entries along the index of what is asked for. */
function auditSearch(database: Database): Audit['found'] {
  const first = database.query('SELECT id FROM audit_entry WHERE at >= ? ORDER BY at, id LIMIT 1', { id: integer });
  const last = database.query('SELECT id FROM audit_entry WHERE at <= ? ORDER BY at DESC, id DESC LIMIT 1', {
    id: integer,
  });
  const prepared = new Map<string, Query<RowOf<typeof COLUMNS>>>();
  const query = (where: string) => {
    const made =
      prepared.get(where) ??
      database.query(`SELECT * FROM audit_entry WHERE ${where} ORDER BY id DESC LIMIT ?`, COLUMNS);
    prepared.set(where, made);
    return made;
  };
  return ({ before, kind, author, subjects, from, to }, wanted) => {
    const rows = Math.min(wanted, MOST);
    // Times become numbers of entries, so that every search goes along an index of one of its words and the number.
    const lowest = from === undefined ? 0 : first.first(from)?.id;
    const highest = to === undefined ? Number.MAX_SAFE_INTEGER : last.first(to)?.id;
    if (lowest === undefined || highest === undefined) return [];
    const [least, most] = [lowest, Math.min(highest, (before ?? Number.MAX_SAFE_INTEGER) - 1)];
    const search = (words: string, ...values: readonly string[]) =>
      query(`${words}id >= ? AND id <= ?`).all(...values, least, most, rows);
    // A subject has few entries; beside it nothing else may lead the search.
    if (subjects !== undefined) {
      const others = [
        ...(kind === undefined ? [] : [["kind || '' = ? AND ", kind] as const]),
        ...(author === undefined ? [] : [["author || '' = ? AND ", author] as const]),
      ];
      const words = ['subject IN (?, ?) AND ', ...others.map(([one]) => one)].join('');
      return search(words, ...subjects, ...others.map(([, value]) => value)).map(entryOf);
    }
    if (author !== undefined) {
      // The newest of all kinds are among the newest of each.
      const kinds = kind === undefined ? AUDIT_KINDS : [kind];
      const found = kinds.flatMap((one) => search('author = ? AND kind = ? AND ', author, one));
      return found
        .toSorted((a, b) => b.id - a.id)
        .slice(0, rows)
        .map(entryOf);
    }
    return (kind === undefined ? search('') : search("kind = ? AND author <> '' AND ", kind)).map(entryOf);
  };
}

function entryOf(row: { detail: string | undefined } & Omit<AuditEntry, 'detail' | 'said'>): AuditEntry {
  const { id, at, kind, author, subject } = row;
  if (row.detail === undefined) return { id, at, kind, author, subject, detail: undefined, said: undefined };
  // The column is written by append() alone, from an AuditDetail; what is said stands in it, so that the digest holds both.
  const { said, ...detail } = JSON.parse(row.detail) as AuditDetail & { readonly said?: AuditSaid };
  return { id, at, kind, author, subject, detail, said };
}
