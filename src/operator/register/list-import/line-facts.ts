import { type Database, integer, nullable, oneOf, scratchDatabase, text } from '#operator/database/index.ts';
import { LIST_REASONS, type ListReason } from '../list-entry.ts';

/** What an entry says besides its IMEI and list. */
export interface EntryFacts {
  readonly reason: ListReason;
  readonly note: string;
  readonly caseReference: string;
  readonly expiresAt: number | undefined;
}

/** Different facts held in memory; a list with a case number of its own in each line has more, and those go to the disk. */
const MOST_IN_MEMORY = 250_000;
/** Rows of the private database written together. */
const ROWS_TOGETHER = 1000;

/** The facts of a file's lines under numbers from 0: the same facts have the same number as long as memory knows them. */
export class LineFactStore {
  readonly #numbers = new Map<string, number>();
  readonly #facts: EntryFacts[] = [];
  #last: { readonly facts: EntryFacts; readonly number: number } | undefined;
  #scratch: Database | undefined;
  #waiting: (readonly [number, string, string, string, number | undefined])[] = [];
  #count = 0;
  #find: (number: number) => EntryFacts | undefined = () => undefined;

  /** The number of these facts. */
  put(facts: EntryFacts): number {
    if (this.#last !== undefined && isSame(this.#last.facts, facts)) return this.#last.number;
    const key = `${facts.reason}\0${facts.note}\0${facts.caseReference}\0${facts.expiresAt ?? ''}`;
    const known = this.#numbers.get(key);
    const number = known ?? this.#add(key, facts);
    this.#last = { facts, number };
    return number;
  }

  get(number: number): EntryFacts {
    const facts = this.#facts[number] ?? this.#find(number);
    if (facts === undefined) throw new RangeError(`line facts: expected a number below ${this.#count}, got ${number}`);
    return facts;
  }

  /** To be called once all are in, before `get`. */
  settle(): void {
    this.#write();
    const found = this.#scratch?.query('SELECT reason, note, case_reference, expires_at FROM fact WHERE id = ?', {
      reason: oneOf(...LIST_REASONS),
      note: text,
      caseReference: text,
      expiresAt: nullable(integer),
    });
    if (found !== undefined) this.#find = (number) => found.first(number);
  }

  close(): void {
    this.#scratch?.close();
  }

  #add(key: string, facts: EntryFacts): number {
    const number = this.#count++;
    if (number < MOST_IN_MEMORY) {
      this.#numbers.set(key, number);
      this.#facts.push(facts);
      return number;
    }
    this.#waiting.push([number, facts.reason, facts.note, facts.caseReference, facts.expiresAt]);
    if (this.#waiting.length === ROWS_TOGETHER) this.#write();
    return number;
  }

  #write(): void {
    if (this.#waiting.length === 0) return;
    this.#scratch ??= scratchDatabase(
      `CREATE TABLE fact (id INTEGER PRIMARY KEY, reason TEXT NOT NULL, note TEXT NOT NULL, case_reference TEXT NOT NULL,
         expires_at INTEGER) STRICT`,
    );
    this.#scratch.copyIn('fact', ['id', 'reason', 'note', 'case_reference', 'expires_at'], this.#waiting);
    this.#waiting = [];
  }
}

const isSame = (a: EntryFacts, b: EntryFacts): boolean =>
  a.reason === b.reason && a.note === b.note && a.caseReference === b.caseReference && a.expiresAt === b.expiresAt;
