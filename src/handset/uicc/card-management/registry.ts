import { sameOctets } from '#base/codec/index.ts';
import type { AesProvider } from '#base/crypto/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import { APPLICATION_STATE } from '#protocol/card-management/index.ts';
import { DomainKeys } from './key-sets.ts';
import { type DomainEntry, domainEntry, entryKey, keysOfDomain, MOST_DOMAINS } from './memory.ts';

/** Number of the issuer security domain. */
export const ISSUER = 0;

/** A security domain on the card. */
export interface Domain extends DomainEntry {
  readonly number: number;
  readonly keys: DomainKeys;
}

/** The registry of a card: its security domains (GPC 2.3.1 6.1). What it hands out is as the memory has it now. */
export class Registry {
  readonly #memory: CardMemory;
  readonly #aes: AesProvider;
  readonly #domains: (Domain | undefined)[] = [];

  constructor(memory: CardMemory, aes: AesProvider) {
    this.#memory = memory;
    this.#aes = aes;
    for (let number = 0; number < MOST_DOMAINS; number++) this.#domains.push(this.#load(number));
  }

  /** The issuer security domain first. */
  domains(): readonly Domain[] {
    return this.#domains.flatMap((domain) => domain ?? []);
  }

  at(number: number): Domain | undefined {
    return this.#domains[number];
  }

  byAid(aid: Uint8Array): Domain | undefined {
    return this.domains().find((domain) => sameOctets(domain.aid, aid));
  }

  /** A number that no security domain has; undefined when there is none left. */
  freeNumber(): number | undefined {
    const number = this.#domains.indexOf(undefined);
    return number < 0 ? undefined : number;
  }

  /** Domains that belong to another. */
  belongingTo(number: number): readonly Domain[] {
    return this.domains().filter((domain) => domain.number !== ISSUER && domain.parent === number);
  }

  /** Writes entries with whatever else is to change, all or nothing. */
  keep(entries: readonly (DomainEntry & { readonly number: number })[], more: Changes = []): void {
    this.#memory.commit([...entries.map(entryChange), ...more]);
    for (const { number } of entries) this.#domains[number] = this.#load(number);
  }

  /** Takes a domain away with its keys and data, all or nothing. */
  remove(number: number): void {
    const stored = keysOfDomain(number).filter((key) => this.#memory.get(key) !== undefined);
    this.#memory.commit(stored.map((key) => [key, undefined] as const));
    this.#domains[number] = undefined;
  }

  #load(number: number): Domain | undefined {
    const stored = this.#memory.get(entryKey(number));
    if (stored === undefined) return undefined;
    const keys = this.#domains[number]?.keys ?? new DomainKeys(this.#memory, this.#aes, number);
    return { ...domainEntry.decode(stored), number, keys };
  }
}

function entryChange(domain: DomainEntry & { readonly number: number }): Changes[number] {
  const { number, aid, lifeCycle, privileges, parent } = domain;
  return [entryKey(number), domainEntry.encode({ aid, lifeCycle, privileges, parent })];
}

/** True for a security domain that is locked (GPC 2.3.1 5.3.2). */
export const isLocked = ({ lifeCycle }: DomainEntry): boolean => (lifeCycle & APPLICATION_STATE.locked) !== 0;
