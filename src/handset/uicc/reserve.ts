import type { CardMemory } from '#handset/card/index.ts';
import { OTA_KEY_SET } from '#protocol/imei-lock/index.ts';
import { BOOTSTRAPPED_OCTETS } from './bootstrapping.ts';
import { MANAGEMENT_KEY } from './card-management/memory.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { MOST_IND_BITS, SQN_OCTETS } from './sequence-array.ts';

/** A record that must always fit: its key, and the most octets it takes. */
export type VitalRecord = readonly [key: number, octets: number];

/** What a record takes besides its octets. */
export const RECORD_OVERHEAD = 5;
const COUNTER_OCTETS = 5;

const OWN: readonly VitalRecord[] = [
  ...Array.from({ length: 2 ** MOST_IND_BITS }, (_, i): VitalRecord => [MEMORY_KEY.sequenceNumber + i, SQN_OCTETS]),
  [MEMORY_KEY.bootstrapped, BOOTSTRAPPED_OCTETS],
  [MEMORY_KEY.otaCounter + OTA_KEY_SET.answer, COUNTER_OCTETS],
  [MEMORY_KEY.otaCounter + OTA_KEY_SET.report, COUNTER_OCTETS],
  // The issuer can always lock the card.
  [MANAGEMENT_KEY.lifeCycle, 1],
];

/** What a card with an ISIM stores beside. */
export const ISIM_VITAL: VitalRecord = [MEMORY_KEY.isimBootstrapped, BOOTSTRAPPED_OCTETS];

/**
 * Room that files must leave: whoever fills files (the handset's operating system may write most of them, T22) cannot keep the card from
 * storing a sequence number, a counter or a block. Made of what this card stores itself and what its application says is vital.
 */
export class Reserve {
  readonly #memory: CardMemory;
  readonly #applicationRecords: readonly VitalRecord[];

  constructor(memory: CardMemory, applicationRecords: readonly VitalRecord[]) {
    this.#memory = memory;
    this.#applicationRecords = applicationRecords;
  }

  /** True when records of files may grow by so many octets (5 for a new record included) and all that is vital still fits. */
  leaves(growth: number): boolean {
    return growth <= 0 || this.#memory.free - growth >= this.#stillToCome();
  }

  /** Octets by which records of files may grow. */
  get room(): number {
    return Math.max(0, this.#memory.free - this.#stillToCome());
  }

  #stillToCome(): number {
    let octets = 0;
    for (const records of [OWN, this.#applicationRecords])
      for (const [key, most] of records) {
        const stored = this.#memory.get(key);
        octets += stored === undefined ? most + RECORD_OVERHEAD : Math.max(0, most - stored.length);
      }
    return octets;
  }
}
