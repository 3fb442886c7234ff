import { fromHex } from '#base/codec/index.ts';
import { type CardMemory, cardRuntime } from '#handset/card/index.ts';
import { answerToReset, type Card } from '#protocol/apdu/index.ts';
import { StorageSupportApplet, type SupportParts } from './applet.ts';
import { type FactoryKeys, factoryKeys, RECORD } from './records.ts';

/** Answer to reset: T=0 and T=1, up to 32 times the first speed as the UICC (TA1 96); historical octets "ASSAY 02" (ISO/IEC 7816-3 8.2). */
const ATR = answerToReset.encode({
  convention: 'direct',
  groups: [{ ta: 0x96 }, { protocol: 0 }, { protocol: 1 }],
  historical: fromHex('4153534159203032'),
});

/** Octets of non-volatile memory that a storage support needs; two banks of this half. */
export const SUPPORT_MEMORY_SIZE = 8192;

/** Puts the factory keys into a memory that was never used; every storage support leaves the chip maker so. */
export function blankSupport(memory: CardMemory, keys: FactoryKeys): void {
  if (memory.get(RECORD.factoryKeys) !== undefined)
    throw new Error('storage support: expected an unused memory, got one with factory keys');
  memory.commit([[RECORD.factoryKeys, factoryKeys.encode(keys)]]);
}

/** A storage support (2) as a card, on its memory. `fault` hears of faults that the card must not show. */
export function storageSupport(parts: SupportParts, fault?: (error: unknown) => void): Card {
  return cardRuntime({ atr: ATR, applets: [new StorageSupportApplet(parts)], ...(fault && { fault }) });
}
