import type { CardMemory } from '#handset/card/index.ts';
import { SUPPORT_KEY_VERSION } from '#protocol/imei-lock/index.ts';
import { certificateFor, type Factory, itemsOf, type SupportOrder } from './factory.ts';
import { pairingChanges, sequenceRecord } from './pairing-slots.ts';
import { authorityRecord, closingRecords, freshScalar, itemRecords, pointOf } from './personalisation.ts';
import { type FactoryKeys, type PairingKeys, RECORD, sequence } from './records.ts';

/** The factory opens one session: its INITIALIZE UPDATE raised the counter once. */
const AFTER_PROVISION = sequence.encode({ counter: 1, lastUse: 0 });

/**
 * Fills an unused memory with what `blankSupport` and `provision` leave there, without a single APDU: for fleets of thousands. `pairings`
 * (at most 8) are put as if those UICCs had met it already, in key versions 30, 31 …, so that a fleet need not agree keys by certificates.
 * Throws FactoryError as `provision` does, CardMemoryFull when the memory is too small.
 */
export function personalisedMemory(
  memory: CardMemory,
  keys: FactoryKeys,
  order: SupportOrder,
  factory: Pick<Factory, 'root' | 'random'>,
  pairings: readonly PairingKeys[] = [],
): void {
  const { root, random } = factory;
  const scalar = freshScalar(random);
  memory.commit([
    ...itemRecords({ ...itemsOf(order), certificate: certificateFor(order, pointOf(scalar), root) }),
    [RECORD.privateScalar, scalar],
    ...order.authorities.map(authorityRecord),
    [sequenceRecord(SUPPORT_KEY_VERSION.factory), AFTER_PROVISION],
    ...closingRecords(keys, random),
    ...pairings.flatMap((pairing, slot) => pairingChanges(SUPPORT_KEY_VERSION.firstPairing + slot, pairing, 0)),
  ]);
}
