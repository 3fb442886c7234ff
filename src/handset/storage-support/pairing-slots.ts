import { sameOctets } from '#base/codec/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import { SUPPORT_KEY_VERSION } from '#protocol/imei-lock/index.ts';
import { type PairingKeys, pairingKeys, RECORD, sequence } from './records.ts';

/** All key versions of pairing slots. */
const VERSIONS = Array.from(
  { length: SUPPORT_KEY_VERSION.pairings },
  (_, slot) => SUPPORT_KEY_VERSION.firstPairing + slot,
);
const FIRST = SUPPORT_KEY_VERSION.firstPairing;

/** True for the key version of a pairing slot. */
export function isPairingVersion(keyVersion: number): boolean {
  return keyVersion >= FIRST && keyVersion < FIRST + SUPPORT_KEY_VERSION.pairings;
}

/** The record of the sequence counter of a key version: a pairing's, or the factory's. */
export function sequenceRecord(keyVersion: number): number {
  return isPairingVersion(keyVersion) ? RECORD.firstSequence + keyVersion - FIRST : RECORD.factorySequence;
}

/** The keys in a slot, and whose they are; undefined when it is free or no slot. */
export function pairingAt(memory: CardMemory, keyVersion: number): PairingKeys | undefined {
  const stored = isPairingVersion(keyVersion) ? memory.get(RECORD.firstPairing + keyVersion - FIRST) : undefined;
  return stored && pairingKeys.decode(stored);
}

/** Key versions whose slots are taken. */
export function takenVersions(memory: CardMemory): readonly number[] {
  return VERSIONS.filter((version) => memory.get(RECORD.firstPairing + version - FIRST) !== undefined);
}

/** The key version reserved for a UICC: that of its own slot, else of a free one, else of the one used longest ago. */
export function versionFor(memory: CardMemory, uicc: Uint8Array): number {
  const own = VERSIONS.find((version) => {
    const stored = pairingAt(memory, version);
    return stored !== undefined && sameOctets(stored.uicc, uicc);
  });
  const free = VERSIONS.find((version) => memory.get(RECORD.firstPairing + version - FIRST) === undefined);
  return (
    own ?? free ?? VERSIONS.reduce((oldest, one) => (lastUse(memory, one) < lastUse(memory, oldest) ? one : oldest))
  );
}

function lastUse(memory: CardMemory, keyVersion: number): number {
  const stored = memory.get(sequenceRecord(keyVersion));
  return stored === undefined ? 0 : sequence.decode(stored).lastUse;
}

/** The changes that put keys into a slot; its sequence counter starts anew (GPC Amendment D). `proofs` is the time by which slots age. */
export function pairingChanges(keyVersion: number, keys: PairingKeys, proofs: number): Changes {
  return [
    [RECORD.firstPairing + keyVersion - FIRST, pairingKeys.encode(keys)],
    [sequenceRecord(keyVersion), sequence.encode({ counter: 0, lastUse: proofs })],
  ];
}
