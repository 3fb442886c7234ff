import type { EquipmentStatus } from '../decision.ts';
import type { Front } from '../front.ts';
import { imsiNumber } from './proof-table.ts';

/** Who was seen with what: a check as it goes to the thread that remembers. */
export interface SeenPair {
  readonly front: Front;
  readonly imei: string;
  readonly imsi: string;
  readonly at: number;
  /** The status that was answered when nothing was known of the pair: such a sighting needs no decision, only to be remembered. */
  readonly plainStatus: EquipmentStatus | undefined;
}

const SLOTS = 1 << 18;
/** Subscriber, IMEI, time. */
const SLOT_NUMBERS = 3;
/** The same pair is told again after so long. */
const REPEAT_MILLISECONDS = 60_000;

/**
 * Which checks are worth remembering: a subscriber seen with another IMEI than last, or again after a minute. It holds the last IMEI of a
 * quarter of a million subscribers in 6 MiB; two who share a place are told more often than needed, never less.
 */
export class ClaimFilter {
  readonly #seen = new Float64Array(SLOTS * SLOT_NUMBERS);

  /** True when this pair is news at `at` (milliseconds since 1970). */
  isNews(equipment: number, imsi: string, at: number): boolean {
    const key = imsiNumber(imsi);
    const slot = (key % SLOTS) * SLOT_NUMBERS;
    const seen = this.#seen;
    const isSame = seen[slot] === key && seen[slot + 1] === equipment;
    if (isSame && at - (seen[slot + 2] as number) < REPEAT_MILLISECONDS) return false;
    seen[slot] = key;
    seen[slot + 1] = equipment;
    seen[slot + 2] = at;
    return true;
  }
}
