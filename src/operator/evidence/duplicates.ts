import { Imei } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { type Database, integer, nullable, text } from '#operator/database/index.ts';
import { CONFLICT_PERIOD, newCauses, type UseFacts } from './duplicate-judgement.ts';
import { type DuplicateSettings, duplicateSettings } from './duplicate-settings.ts';
import type { NewFinding } from './finding.ts';
import { FINDING_SENTENCES, type FindingSaid } from './finding-sentences.ts';
import type { Genuine } from './genuine.ts';
import { ImeiUse, MOST_EXACT, type Travel } from './imei-use.ts';
import type { Duplicate, DuplicateCause, Position } from './sighting.ts';

/** IMEIs of several subscribers that are followed in memory, at most. */
export const MOST_FOLLOWED = 4096;
/** Of those followed longest without growing, so many are looked at for one to forget. */
const EVICTION_SAMPLE = 16;
/** Rows of one IMEI looked at when it is first followed. */
const MOST_ROWS = 1000;
const MINUTE = 60_000;
const AVERAGE_PERIOD = 30 * 24 * 3_600_000;

/** An IMSI as a number: the 1 before it keeps its leading zeros. */
const subscriberNumber = (imsi: string): number => Number(`1${imsi}`);

/** What duplicates are found with. */
export interface DuplicateOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Which handset is genuine. */
  genuine(imei: Imei): Genuine;
  /** Records a finding, inside the transaction. */
  found(finding: NewFinding): void;
  /** Tells whoever follows the evidence, inside the transaction. */
  tell(duplicate: Duplicate): void;
}

/**
 * Finds IMEIs that are in several handsets (ITU-T Q.5052 7.1, 7.4), in memory that neither their number nor that of their subscribers makes
 * grow. The database remembers every pair: an IMEI is followed in memory from its second subscriber on, and taken up again from there when
 * it was forgotten. It only finds: what follows is for people to decide.
 */
export class Duplicates {
  readonly #options: DuplicateOptions;
  readonly #readSettings: () => DuplicateSettings;
  /** Followed, the one that grew last at the end. */
  readonly #uses = new Map<number, ImeiUse>();
  readonly #grown = new Set<number>();
  /** IMEIs that were where no handset travels, until that is told. */
  readonly #travels = new Map<number, Travel>();
  readonly #seed;
  readonly #announced;
  readonly #announce;
  #read: DuplicateSettings | undefined;

  constructor(options: DuplicateOptions) {
    const { database } = options;
    this.#options = options;
    this.#readSettings = duplicateSettings(database);
    this.#seed = database.query(
      'SELECT imsi, last_at FROM (SELECT imsi, last_at FROM observation WHERE imei = ? LIMIT ?) AS seen WHERE last_at >= ? LIMIT ?',
      { imsi: text, lastAt: integer },
    );
    this.#announced = database.query('SELECT * FROM imei_cluster WHERE imei = ?', {
      subscribers: integer,
      subscribersAt: nullable(integer),
      conflicts: integer,
      conflictsAt: nullable(integer),
    });
    this.#announce = database.command(
      `INSERT INTO imei_cluster (imei, subscribers, subscribers_at, conflicts, conflicts_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (imei) DO UPDATE SET subscribers = excluded.subscribers, subscribers_at = excluded.subscribers_at,
         conflicts = excluded.conflicts, conflicts_at = excluded.conflicts_at`,
    );
  }

  /** As they were when something was judged last: read when they are first needed, not when the database may still be away. */
  get #settings(): DuplicateSettings {
    this.#read ??= this.#readSettings();
    return this.#read;
  }

  /** IMEIs followed now. */
  get followed(): number {
    return this.#uses.size;
  }

  /** Takes one sighting; costs a look-up unless the IMEI is followed. */
  see(imei: Imei, imsi: string, at: number, position?: Position): void {
    const use = this.#uses.get(imei.number);
    if (use === undefined) return;
    const {
      'duplicate.period': period,
      'duplicate.conflictTime': milliseconds,
      'duplicate.speed': speed,
    } = this.#settings;
    if (use.see({ subscriber: subscriberNumber(imsi), at, position }, period, { milliseconds, speed }))
      this.#grown.add(imei.number);
    if (use.travel !== undefined) this.#travels.set(imei.number, use.travel);
  }

  /** An IMEI was seen with a subscriber who never had it: from its second one on it is followed. */
  admit(imei: number): void {
    let use = this.#uses.get(imei);
    if (use?.isExact !== false) {
      const period = this.#settings['duplicate.period'];
      const known = this.#seed.all(imei, MOST_ROWS, this.#options.clock.now() - period, MOST_EXACT + 1);
      if (known.length < 2) return;
      use ??= new ImeiUse();
      for (const { imsi, lastAt } of known) use.remember(subscriberNumber(imsi), lastAt, period);
    }
    if (this.#uses.size >= MOST_FOLLOWED && !this.#uses.has(imei)) this.#forgetOne();
    this.#uses.delete(imei);
    this.#uses.set(imei, use);
    this.#grown.add(imei);
  }

  /** Whether there is something to judge. */
  get hasGrown(): boolean {
    return this.#grown.size > 0;
  }

  /** Judges what grew; inside a transaction. */
  judge(): void {
    if (this.#grown.size === 0) return;
    this.#read = this.#readSettings();
    for (const imei of this.#grown) this.#judgeOne(imei);
    for (const [imei, travel] of this.#travels) this.#tellTravel(Imei.fromNumber(imei), travel);
  }

  /** What was judged is durable. */
  settled(): void {
    this.#grown.clear();
    this.#travels.clear();
  }

  #judgeOne(imei: number): void {
    const use = this.#uses.get(imei);
    if (use === undefined) return;
    const { clock } = this.#options;
    const now = clock.now();
    const facts: UseFacts = {
      subscribers: use.subscribers(now - this.#settings['duplicate.period']),
      dailyAverage: use.dailyAverage(now - AVERAGE_PERIOD),
      conflicts: use.conflicts(now - CONFLICT_PERIOD),
    };
    const before = this.#announced.first(imei);
    const causes = newCauses(facts, before, this.#settings, now);
    if (causes.length === 0) return;
    const byNumber = causes.some((cause) => cause !== 'conflicts');
    const byConflicts = causes.includes('conflicts');
    this.#announce.run(
      ...[imei, byNumber ? facts.subscribers : (before?.subscribers ?? 0), byNumber ? now : before?.subscribersAt],
      ...[byConflicts ? facts.conflicts : (before?.conflicts ?? 0), byConflicts ? now : before?.conflictsAt],
    );
    for (const cause of causes) this.#tell(Imei.fromNumber(imei), cause, facts, now, use.isExact);
  }

  #tell(imei: Imei, cause: DuplicateCause, facts: UseFacts, at: number, isExact: boolean): void {
    const { genuine, found, tell } = this.#options;
    const { imsi, said, argument } = genuine(imei);
    const why = because(String(imei), cause, facts, isExact);
    found({ kind: 'duplicateImei', key: `${imei.equipment} ${cause}`, imei, said: [why, ...said] });
    const { subscribers, conflicts } = facts;
    tell({ imei, at, cause, subscribers, conflicts, genuine: imsi, argument });
  }

  #tellTravel(imei: Imei, { kilometres, milliseconds }: Travel): void {
    const { genuine, found } = this.#options;
    const travel = FINDING_SENTENCES.say('travel', {
      imei: String(imei),
      kilometres: Math.round(kilometres),
      minutes: Math.round(milliseconds / MINUTE),
    });
    found({ kind: 'impossibleTravel', key: imei.equipment, imei, said: [travel, ...genuine(imei).said] });
  }

  /** The smallest of those that did not grow for longest; the database still knows it. */
  #forgetOne(): void {
    let smallest: number | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    let looked = 0;
    for (const [imei, use] of this.#uses) {
      if (looked++ >= EVICTION_SAMPLE) break;
      const count = use.subscribers(0);
      if (count >= fewest) continue;
      fewest = count;
      smallest = imei;
    }
    if (smallest === undefined) return;
    this.#uses.delete(smallest);
    this.#grown.delete(smallest);
  }
}

function because(imei: string, cause: DuplicateCause, facts: UseFacts, isExact: boolean): FindingSaid {
  const { say } = FINDING_SENTENCES;
  const { subscribers, dailyAverage = 0, conflicts } = facts;
  switch (cause) {
    case 'subscribers':
      return say(isExact ? 'severalSubscribers' : 'aboutSubscribers', { imei, subscribers });
    case 'dailyAverage':
      return say('severalADay', { imei, subscribers: Number(dailyAverage.toFixed(1)) });
    case 'conflicts':
      return say('conflicts', { imei, conflicts });
  }
}
