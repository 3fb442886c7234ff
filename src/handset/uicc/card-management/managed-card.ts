import type { AesProvider } from '#base/crypto/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import type { CardLifeCycle } from './card-life-cycle.ts';
import type { DataObjects } from './data-objects.ts';
import { type Domain, ISSUER, type Registry } from './registry.ts';
import type { Requester } from './requester.ts';

/** What the commands of card management work on. */
export interface ManagedCard {
  readonly memory: CardMemory;
  readonly aes: AesProvider;
  readonly lifeCycle: CardLifeCycle;
  readonly registry: Registry;
  readonly data: DataObjects;
  /** True when records may grow by so many octets and all that is vital still fits. */
  leaves(growth: number): boolean;
  /** True while a security domain is selected on some logical channel. */
  isSelected(domain: number): boolean;
}

/** What a new record takes besides its octets. */
const RECORD_OVERHEAD = 5;

/** Octets by which records would grow. */
export function growthOf(memory: CardMemory, changes: Changes): number {
  let octets = 0;
  for (const [key, value] of changes) {
    const before = memory.get(key);
    octets += value === undefined ? 0 : value.length + RECORD_OVERHEAD;
    octets -= before === undefined ? 0 : before.length + RECORD_OVERHEAD;
  }
  return octets;
}

/** Whether a requester may change a domain: the issuer any, another itself and what belongs to it. */
export function mayChange(target: Domain, { domain }: Requester): boolean {
  return domain === ISSUER || target.number === domain || target.parent === domain;
}
