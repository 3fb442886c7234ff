import type { CardMemory } from '#handset/card/index.ts';
import { CARD_LIFE_CYCLE } from '#protocol/card-management/index.ts';
import { MANAGEMENT_KEY } from './memory.ts';

/**
 * The life cycle of the card as a whole (GPC 2.3.1 5.1.1): read from the memory once, for every command asks for it, and changed here
 * alone. A card whose state nobody changed is secured, as it was issued.
 */
export class CardLifeCycle {
  readonly #memory: CardMemory;
  #state: number;

  constructor(memory: CardMemory) {
    this.#memory = memory;
    this.#state = memory.get(MANAGEMENT_KEY.lifeCycle)?.[0] ?? CARD_LIFE_CYCLE.secured;
  }

  /** One of CARD_LIFE_CYCLE. */
  get state(): number {
    return this.#state;
  }

  /** True when the card is locked or ended as a whole (GPC 2.3.1 5.1.1.4). */
  get isLocked(): boolean {
    return this.#state === CARD_LIFE_CYCLE.locked || this.isTerminated;
  }

  /** True when the card is ended (GPC 2.3.1 5.1.1.5). */
  get isTerminated(): boolean {
    return this.#state === CARD_LIFE_CYCLE.terminated;
  }

  /** Keeps a new state; it is safe, and rules, when this returns. Throws as the memory does, with the state as it was. */
  keep(state: number): void {
    this.#memory.commit([[MANAGEMENT_KEY.lifeCycle, Uint8Array.of(state)]]);
    this.#state = state;
  }
}
