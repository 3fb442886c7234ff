import { SUPPORT_KEY_VERSION, SUPPORT_LIFE_CYCLE } from '#protocol/imei-lock/index.ts';
import { type SequenceCounter, type StaticKeys, staticKeys } from '#protocol/secure-channel/index.ts';
import type { SupportParts } from './applet.ts';
import { pairingAt, sequenceRecord } from './pairing-slots.ts';
import { factoryKeys, lifeCycleOf, proofsGiven, RECORD, sequence } from './records.ts';

/** What a session may do: a UICC reads the IMEI; one that met by certificates may also put its keys; the factory personalises. */
export type Peer =
  | { readonly role: 'uicc'; readonly identity: Uint8Array; readonly mayPutKeys: boolean }
  | { readonly role: 'factory' };

/** An SCP03 key set, and who holds the same. */
export interface KeySet {
  readonly keys: StaticKeys;
  readonly peer: Peer;
}

/** Failed factory authentications after which the factory key set is closed (T06, T32). */
const MOST_FACTORY_FAILURES = 10;
const HIGHEST_SEQUENCE = 0xffffff;
const { factory, firstPairing } = SUPPORT_KEY_VERSION;

/** The SCP03 key sets of a storage support, prepared when first used, and their sequence counters (GPC Amendment D). */
export class KeySets implements SequenceCounter {
  readonly #parts: SupportParts;
  readonly #prepared = new Map<number, KeySet>();

  constructor(parts: SupportParts) {
    this.#parts = parts;
  }

  /** The set of a key version; of the default set for 0: the factory's in a blank support, else the first pairing's. */
  of(asked: number): KeySet | undefined {
    const version = asked === 0 ? this.#defaultVersion() : asked;
    const known = this.#prepared.get(version);
    if (known !== undefined) return known;
    const set = version === factory ? this.#factory() : this.#pairing(version);
    if (set !== undefined) this.#prepared.set(version, set);
    return set;
  }

  /** Call it when the keys of a version are others than before. */
  forget(version: number): void {
    this.#prepared.delete(version);
  }

  next(version: number): number | undefined {
    const { memory } = this.#parts;
    const record = sequenceRecord(version);
    const stored = memory.get(record);
    const counter = stored === undefined ? 1 : sequence.decode(stored).counter + 1;
    if (counter > HIGHEST_SEQUENCE) return undefined;
    memory.commit([[record, sequence.encode({ counter, lastUse: proofsGiven(memory) })]]);
    return counter;
  }

  /** Takes a try before EXTERNAL AUTHENTICATE of the factory is judged: power lost in between counts as a failure. */
  takeFactoryTry(): void {
    this.#keepFactoryFailures(this.#factoryFailures() + 1);
    // The last failure closes the set.
    this.forget(factory);
  }

  /** It was the factory. */
  giveFactoryTryBack(): void {
    this.#keepFactoryFailures(this.#factoryFailures() - 1);
  }

  #keepFactoryFailures(failures: number): void {
    this.#parts.memory.commit([[RECORD.factoryFailures, Uint8Array.of(failures)]]);
  }

  #defaultVersion(): number {
    return lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.blank ? factory : firstPairing;
  }

  #factoryFailures(): number {
    return this.#parts.memory.get(RECORD.factoryFailures)?.[0] ?? 0;
  }

  #factory(): KeySet | undefined {
    const stored = this.#parts.memory.get(RECORD.factoryKeys);
    if (stored === undefined || this.#factoryFailures() >= MOST_FACTORY_FAILURES) return undefined;
    const keys = staticKeys(this.#parts.aes, { version: factory, ...factoryKeys.decode(stored) });
    return { keys, peer: { role: 'factory' } };
  }

  #pairing(version: number): KeySet | undefined {
    const stored = pairingAt(this.#parts.memory, version);
    if (stored === undefined) return undefined;
    const { uicc: identity, ...octets } = stored;
    const keys = staticKeys(this.#parts.aes, { version, ...octets });
    return { keys, peer: { role: 'uicc', identity, mayPutKeys: false } };
  }
}
