import { DistinctCount } from './distinct-count.ts';
import type { Position } from './sighting.ts';

/** Subscribers of one IMEI known one by one; beyond, they are only counted. */
export const MOST_EXACT = 64;
const DAY = 24 * 3_600_000;
/** Days whose numbers of subscribers are kept. */
const MOST_DAYS = 30;
/** Conflicts whose times are kept. */
const MOST_CONFLICTS = 64;
const EARTH_RADIUS_KM = 6371;
const HOUR = 3_600_000;

interface Use {
  readonly subscriber: number;
  readonly at: number;
  readonly position: Position | undefined;
}

/** What counts as two handsets at once (ITU-T Q.5052 7.4). */
export interface ConflictRule {
  /** Another subscriber between two uses by one, within so many milliseconds, is a conflict. */
  readonly milliseconds: number;
  /** Two uses farther apart than this speed allows are a conflict, in kilometres an hour. */
  readonly speed: number;
}

/** Two uses too far apart for the time between. */
export interface Travel {
  readonly kilometres: number;
  readonly milliseconds: number;
}

/** Kilometres between two positions on a sphere. */
export function kilometresBetween(one: Position, other: Position): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const latitude = radians(other.latitude - one.latitude) / 2;
  const longitude = radians(other.longitude - one.longitude) / 2;
  const chord =
    Math.sin(latitude) ** 2 +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * Math.sin(longitude) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/**
 * Who uses one IMEI, in memory that does not grow with their number: exact up to 64 subscribers, an estimate beyond. Subscribers are whole
 * numbers. Times may come a little out of order.
 */
export class ImeiUse {
  /** Subscriber to when it was seen last; undefined once there were too many. */
  #exact: Map<number, number> | undefined = new Map();
  /** Those seen in this half of the period, and in the half before. */
  #recent: DistinctCount | undefined;
  #before: DistinctCount | undefined;
  #turnedAt = 0;
  #last: Use | undefined;
  /** Number of a day to subscribers seen on it. */
  readonly #days = new Map<number, number>();
  readonly #conflicts: number[] = [];
  #travel: Travel | undefined;

  /** Whether every subscriber is known by number. */
  get isExact(): boolean {
    return this.#exact !== undefined;
  }

  /** Takes what the database remembers. */
  remember(subscriber: number, lastAt: number, period: number): void {
    if ((this.#exact?.get(subscriber) ?? 0) < lastAt) this.#keep(subscriber, lastAt, period);
  }

  /** Takes a use; true when there is more to judge than before: a subscriber, a day, or a conflict. */
  see(use: Use, period: number, rule: ConflictRule): boolean {
    const { subscriber, at } = use;
    const seenAt = this.#exact?.get(subscriber);
    const isConflict = this.#isConflict(use, seenAt, rule);
    if (isConflict) this.#noteConflict(at);
    const isNewToday = this.#exact !== undefined && (seenAt === undefined || dayOf(seenAt) < dayOf(at));
    if (isNewToday) this.#countDay(dayOf(at));
    const isNew = this.#keep(subscriber, at, period);
    if (this.#last === undefined || at >= this.#last.at) this.#last = use;
    return isNew || isNewToday || isConflict;
  }

  /** When the last use was too far from the one before it, as no handset travels; else undefined. */
  get travel(): Travel | undefined {
    return this.#travel;
  }

  /** Subscribers seen since then: exact, or an estimate over the last half to whole period. */
  subscribers(since: number): number {
    if (this.#exact === undefined) return Math.max(MOST_EXACT + 1, this.#recent?.estimate(this.#before) ?? 0);
    let count = 0;
    for (const at of this.#exact.values()) if (at >= since) count++;
    return count;
  }

  /** Subscribers a day, on average over the days since then on which it was used; undefined for fewer than five days. */
  dailyAverage(since: number): number | undefined {
    const counts = [...this.#days].filter(([day]) => (day + 1) * DAY > since).map(([, count]) => count);
    if (counts.length < FEWEST_DAYS) return undefined;
    return counts.reduce((sum, count) => sum + count, 0) / counts.length;
  }

  /** Conflicts since then; at most 64. */
  conflicts(since: number): number {
    return this.#conflicts.filter((at) => at >= since).length;
  }

  /** True when it is one more, as far as that is known. */
  #keep(subscriber: number, at: number, period: number): boolean {
    const exact = this.#exact;
    if (exact !== undefined) {
      const known = exact.get(subscriber);
      if (known === undefined && exact.size >= MOST_EXACT) forgetBefore(exact, at - period);
      if (known !== undefined || exact.size < MOST_EXACT) {
        exact.set(subscriber, Math.max(at, known ?? 0));
        return known === undefined;
      }
      this.#recent = new DistinctCount();
      this.#turnedAt = at;
      for (const other of exact.keys()) this.#recent.add(other);
      this.#exact = undefined;
    }
    if (at - this.#turnedAt > period / 2) {
      this.#before = this.#recent;
      this.#recent = new DistinctCount();
      this.#turnedAt = at;
    }
    return this.#recent?.add(subscriber) === true;
  }

  /** `seenAt`: when this subscriber used it before. */
  #isConflict({ subscriber, at, position }: Use, seenAt: number | undefined, rule: ConflictRule): boolean {
    const last = this.#last;
    this.#travel = undefined;
    if (last === undefined || last.subscriber === subscriber) return false;
    this.#travel = travelOf({ position, at }, last, rule.speed);
    if (this.#travel !== undefined) return true;
    return seenAt !== undefined && seenAt <= last.at && at >= last.at && at - seenAt <= rule.milliseconds;
  }

  #noteConflict(at: number): void {
    if (this.#conflicts.length >= MOST_CONFLICTS) this.#conflicts.shift();
    this.#conflicts.push(at);
  }

  #countDay(day: number): void {
    this.#days.set(day, (this.#days.get(day) ?? 0) + 1);
    if (this.#days.size > MOST_DAYS) this.#days.delete(Math.min(...this.#days.keys()));
  }
}

/** Days of use before an average says anything. */
const FEWEST_DAYS = 5;
/** Cells are this large: nearer than that is the same place. */
const NEAR_KM = 50;

/** The way between two uses, when no handset goes it in the time. `speed`: kilometres an hour. */
function travelOf({ position, at }: Pick<Use, 'position' | 'at'>, last: Use, speed: number): Travel | undefined {
  if (position === undefined || last.position === undefined) return undefined;
  const milliseconds = Math.abs(at - last.at);
  const kilometres = kilometresBetween(position, last.position);
  return kilometres > Math.max(NEAR_KM, (milliseconds / HOUR) * speed) ? { kilometres, milliseconds } : undefined;
}

const dayOf = (at: number): number => Math.floor(at / DAY);

function forgetBefore(exact: Map<number, number>, since: number): void {
  for (const [subscriber, at] of exact) if (at < since) exact.delete(subscriber);
}
