import { Imei } from '#base/identity/index.ts';
import { type Database, integer, nullable } from '#operator/database/index.ts';
import type { ErasedSubjects, Sighting } from '#operator/evidence/index.ts';
import type { EventLog } from './event-log.ts';
import { LastClaims } from './last-claims.ts';

/** Sightings that wait for the database, at most. */
const MOST_WAITING = 2000;
/** Events of other processes taken in at once. */
const MOST_FOLLOWED = 1000;

const ROW = { imei: integer, claimedImei: nullable(integer), provedImei: nullable(integer) };

/**
 * Finds subscribers who are seen with another IMEI than last time. What the network is told and what UICCs prove are two tracks: a handset
 * that lies is told of once, and not again at every attach. A claim costs no write at once, and none at all while nothing changes.
 */
export class ImeiChanges {
  readonly #database: Database;
  readonly #log: EventLog;
  readonly #erased: Pick<ErasedSubjects, 'judge'>;
  readonly #last = new LastClaims();
  #waiting: Sighting[] = [];
  /** Number of the last event that memory knows of; undefined: nothing was remembered yet, the database may still be away. */
  #followed: number | undefined;
  readonly #find;
  readonly #first;
  readonly #claimed;
  readonly #proved;
  readonly #change;

  constructor(database: Database, log: EventLog, erased: Pick<ErasedSubjects, 'judge'>) {
    this.#database = database;
    this.#log = log;
    this.#erased = erased;
    this.#find = database.query('SELECT imei, claimed_imei, proved_imei FROM subscriber_equipment WHERE imsi = ?', ROW);
    this.#first = database.command(
      'INSERT INTO subscriber_equipment (imsi, imei, claimed_imei, proved_imei, changed_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#claimed = database.command('UPDATE subscriber_equipment SET claimed_imei = ? WHERE imsi = ?');
    this.#proved = database.command('UPDATE subscriber_equipment SET proved_imei = ? WHERE imsi = ?');
    this.#change = database.command('UPDATE subscriber_equipment SET imei = ?, changed_at = ? WHERE imsi = ?');
  }

  /** Sightings that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Takes a sighting. A proof is written at once, in the transaction that is open; a claim waits for `flush`. */
  take(sighting: Sighting): void {
    if (sighting.by === 'proof') {
      this.#write(sighting);
      return;
    }
    if (this.#last.isLast(sighting.imsi, sighting.imei.number)) return;
    this.#followed ??= this.#log.newest();
    if (this.#waiting.length >= MOST_WAITING) this.flush();
    this.#last.put(sighting.imsi, sighting.imei.number);
    this.#waiting.push(sighting);
  }

  /** Writes what waits, all or nothing. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#database.transaction(() => {
      const isErased = this.#erased.judge();
      for (const sighting of this.#waiting)
        if (!isErased(sighting.imsi, sighting.imei.number, sighting.at)) this.#write(sighting);
    });
    this.#waiting = [];
  }

  /** Forgets what events of other processes have made untrue. */
  follow(): void {
    for (;;) {
      this.#followed ??= this.#log.newest();
      const events = this.#log.after(this.#followed, MOST_FOLLOWED);
      for (const event of events) {
        this.#followed = event.sequence;
        if (event.kind !== 'imeiChanged' || this.#last.isLast(event.imsi, event.to.number)) continue;
        this.#last.forget(event.imsi);
      }
      if (events.length < MOST_FOLLOWED) return;
    }
  }

  #write({ imsi, imei, at, by, level = 'claimed', equipmentStatus }: Sighting): void {
    const { number } = imei;
    const isClaim = by === 'claim';
    const row = this.#find.first(imsi);
    if (row === undefined) {
      this.#first.run(imsi, number, isClaim ? number : undefined, isClaim ? undefined : number, at);
      return;
    }
    if ((isClaim ? row.claimedImei : row.provedImei) === number) return;
    (isClaim ? this.#claimed : this.#proved).run(number, imsi);
    // The other track told it before.
    if (row.imei === number) return;
    this.#change.run(number, at, imsi);
    this.#log.append({
      kind: 'imeiChanged',
      at,
      imsi,
      from: Imei.fromNumber(row.imei),
      to: imei,
      by,
      level,
      equipmentStatus,
    });
  }
}
