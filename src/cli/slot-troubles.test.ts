import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_OCTETS } from '#base/codec/index.ts';
import type { ForeignSlot } from '#handset/connector/index.ts';
import { SlotTroubles } from './slot-troubles.ts';

const OK = Uint8Array.of(0x90, 0x00);
const STATUS = Uint8Array.of(0x80, 0xf2, 0x00, 0x0c);

test('why a card went is kept, not what follows from it; a card that is reset can go again', async () => {
  let trouble: string | undefined;
  const answer = () => (trouble === undefined ? OK : NO_OCTETS);
  const slot: ForeignSlot = {
    place: 'Reader A',
    get trouble() {
      return trouble;
    },
    reset: async () => answer(),
    transmit: async () => answer(),
    close: async () => {},
  };
  const troubles = new SlotTroubles();
  const door = troubles.watched('UICC', { door: slot, slot, close: () => {} });
  await door.reset();
  await door.transmit(STATUS);
  assert.deepEqual(troubles.said, []);
  trouble = 'the card was taken out';
  await door.transmit(STATUS);
  trouble = 'Reader A: the card has no power';
  await door.transmit(STATUS);
  assert.deepEqual(troubles.said, ['UICC: the card was taken out']);
  trouble = undefined;
  await door.reset();
  trouble = 'the reader is gone: put it back';
  await door.transmit(STATUS);
  assert.equal(troubles.said.length, 2);
});
