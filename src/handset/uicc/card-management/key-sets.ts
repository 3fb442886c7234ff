import { type AesProvider, equalOctets } from '#base/crypto/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import type { OtaKeys } from '#protocol/ota/index.ts';
import { type SequenceCounter, type StaticKeys, staticKeys } from '#protocol/secure-channel/index.ts';
import { channelState, type KeySetRecord, keySetKey, keySetRecord, keyStateKey, packetCounter } from './memory.ts';

/** Key versions (GPC UICC Configuration 1.0.1): SCP80, whose number stands in KIc and KID, and SCP03. */
export const VERSIONS = { firstPacket: 0x01, lastPacket: 0x0f, firstChannel: 0x30, lastChannel: 0x3f } as const;
/** EXTERNAL AUTHENTICATE that may fail in a row under a key set before it is closed. */
export const MOST_FAILURES = 10;
const LAST_SEQUENCE = 0xffffff;

/** What a key version is for; undefined when it is for nothing here. */
export function purposeOf(version: number): 'packet' | 'channel' | undefined {
  if (version >= VERSIONS.firstPacket && version <= VERSIONS.lastPacket) return 'packet';
  return version >= VERSIONS.firstChannel && version <= VERSIONS.lastChannel ? 'channel' : undefined;
}

/** The records of a new or replaced key set: keys, and counters from the beginning. One commit writes both. */
export function keySetChanges(
  domain: number,
  version: number,
  keys: KeySetRecord,
): readonly [Changes[number], Changes[number]] {
  const state =
    purposeOf(version) === 'packet'
      ? packetCounter.encode(0)
      : channelState.encode({ sequence: 0, tries: MOST_FAILURES });
  return [
    [keySetKey(domain, version), keySetRecord.encode(keys)],
    [keyStateKey(domain, version), state],
  ];
}

/** The key sets of a domain that a memory holds, those of sessions first, as personalisation names them. */
export function storedKeySets(memory: CardMemory, domain: number): readonly (KeySetRecord & { version: number })[] {
  const { firstPacket, lastPacket, firstChannel, lastChannel } = VERSIONS;
  const read = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i).flatMap((version) => {
      const stored = memory.get(keySetKey(domain, version));
      return stored === undefined ? [] : [{ version, ...keySetRecord.decode(stored) }];
    });
  return [...read(firstChannel, lastChannel), ...read(firstPacket, lastPacket)];
}

/** The records of a key set that goes. */
export const withoutKeySet = (domain: number, version: number): Changes => [
  [keySetKey(domain, version), undefined],
  [keyStateKey(domain, version), undefined],
];

/** The key sets of one security domain: prepared when first used, counters stored before they count. No key leaves. */
export class DomainKeys implements SequenceCounter {
  readonly #memory: CardMemory;
  readonly #aes: AesProvider;
  readonly #domain: number;
  readonly #channelKeys = new Map<number, StaticKeys>();
  readonly #packetKeys = new Map<number, OtaKeys & { readonly dek: StaticKeys['dek'] }>();

  constructor(memory: CardMemory, aes: AesProvider, domain: number) {
    this.#memory = memory;
    this.#aes = aes;
    this.#domain = domain;
  }

  /** All versions here, and the octets of their keys. */
  versions(): readonly { readonly version: number; readonly length: number }[] {
    const found: { version: number; length: number }[] = [];
    for (let version = VERSIONS.firstPacket; version <= VERSIONS.lastChannel; version++) {
      const record = purposeOf(version) === undefined ? undefined : this.#record(version);
      if (record !== undefined) found.push({ version, length: record.first.length });
    }
    return found;
  }

  /** Versions that open a session. */
  channelVersions(): readonly number[] {
    return this.versions().flatMap(({ version }) => (purposeOf(version) === 'channel' ? version : []));
  }

  /**
   * The records of keys that are put in place of those of version `old`, or of none. Their counters begin anew, but not for the very same keys: what was
   * recorded under them, a session or a packet, would be new once more.
   */
  replacing(old: number, version: number, keys: KeySetRecord): Changes {
    const [record, state] = keySetChanges(this.#domain, version, keys);
    const before = this.#record(old);
    const isSame =
      before !== undefined &&
      equalOctets(before.first, keys.first) &&
      equalOctets(before.second, keys.second) &&
      equalOctets(before.dek, keys.dek);
    if (!isSame) return [record, state];
    const kept =
      purposeOf(version) === 'packet'
        ? packetCounter.encode(this.lastCounter(old))
        : channelState.encode({ sequence: this.sequence(old), tries: MOST_FAILURES });
    return [record, [state[0], kept]];
  }

  has(version: number): boolean {
    return this.#memory.get(keySetKey(this.#domain, version)) !== undefined;
  }

  /** Call it when the keys of a version are others than before. */
  forget(version: number): void {
    this.#channelKeys.delete(version);
    this.#packetKeys.delete(version);
  }

  /** The key set for a session. */
  forChannel(version: number): StaticKeys | undefined {
    if (purposeOf(version) !== 'channel') return undefined;
    const known = this.#channelKeys.get(version);
    if (known !== undefined) return known;
    const record = this.#record(version);
    if (record === undefined) return undefined;
    const keys = staticKeys(this.#aes, { version, enc: record.first, mac: record.second, dek: record.dek });
    this.#channelKeys.set(version, keys);
    return keys;
  }

  /** The key set for packets, with the key that enciphers keys in them. */
  forPackets(version: number): (OtaKeys & { readonly dek: StaticKeys['dek'] }) | undefined {
    if (purposeOf(version) !== 'packet') return undefined;
    const known = this.#packetKeys.get(version);
    if (known !== undefined) return known;
    const record = this.#record(version);
    if (record === undefined) return undefined;
    const { first, second, dek } = record;
    const keys = { cipher: this.#aes.key(first), check: this.#aes.key(second), dek: this.#aes.key(dek) };
    this.#packetKeys.set(version, keys);
    return keys;
  }

  next(version: number): number | undefined {
    const { sequence, tries } = this.#state(version);
    if (sequence >= LAST_SEQUENCE) return undefined;
    this.#keep(version, sequence + 1, tries);
    return sequence + 1;
  }

  /** The last counter of INITIALIZE UPDATE under a version. */
  sequence(version: number): number {
    return this.#state(version).sequence;
  }

  /** True when EXTERNAL AUTHENTICATE failed too often under a version. */
  isClosed(version: number): boolean {
    return this.#state(version).tries === 0;
  }

  /** Takes a try before EXTERNAL AUTHENTICATE is judged (T32): power lost in between counts as a failure. */
  takeTry(version: number): void {
    const { sequence, tries } = this.#state(version);
    this.#keep(version, sequence, Math.max(0, tries - 1));
  }

  /** What came was refused without a look at the keys: it was no failure. */
  giveTryBack(version: number): void {
    const { sequence, tries } = this.#state(version);
    this.#keep(version, sequence, tries + 1);
  }

  /** The host proved itself: all tries are there again. */
  giveTriesBack(version: number): void {
    this.#keep(version, this.#state(version).sequence, MOST_FAILURES);
  }

  /** The last counter of a packet under a version. */
  lastCounter(version: number): number {
    const stored = this.#memory.get(keyStateKey(this.#domain, version));
    return stored === undefined ? 0 : packetCounter.decode(stored);
  }

  /** Keeps a packet's counter; safe when it returns. */
  storeCounter(version: number, counter: number): void {
    this.#memory.commit([[keyStateKey(this.#domain, version), packetCounter.encode(counter)]]);
  }

  #record(version: number): KeySetRecord | undefined {
    const stored = this.#memory.get(keySetKey(this.#domain, version));
    return stored && keySetRecord.decode(stored);
  }

  #state(version: number): { readonly sequence: number; readonly tries: number } {
    const stored = this.#memory.get(keyStateKey(this.#domain, version));
    return stored === undefined ? { sequence: LAST_SEQUENCE, tries: 0 } : channelState.decode(stored);
  }

  #keep(version: number, sequence: number, tries: number): void {
    this.#memory.commit([[keyStateKey(this.#domain, version), channelState.encode({ sequence, tries })]]);
  }
}
