import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { recordingApplication } from './application.fixture.ts';
import { STRUCTURE } from './file-system/elementary-file.ts';
import { STANDARD_SERVICES, standardTables } from './file-system/standard-image.ts';
import { personaliseUicc, uicc, type VitalRecord } from './index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { RECORD, SELECT_USIM } from './uicc.fixture.ts';

const APPLICATION_RECORD: VitalRecord = [0x4100, 300];
const COUNTERS: readonly VitalRecord[] = [
  ...Array.from({ length: 32 }, (_, index): VitalRecord => [MEMORY_KEY.sequenceNumber + index, 6]),
  [MEMORY_KEY.otaCounter + 1, 5],
  [MEMORY_KEY.otaCounter + 2, 5],
];

/** EFs of the USIM that a fresh card has. */
const FILES = standardTables(STANDARD_SERVICES, false).directories[0]?.files ?? [];

const octet = (value: number) => value.toString(16).padStart(2, '0');

/** Writes every file and record a handset may write, and gives the status words that came. */
function fillFiles(memory: CardMemory): ReadonlySet<string> {
  const { make } = recordingApplication({ vitalRecords: [APPLICATION_RECORD] });
  const card = uicc({ memory, random: seededRandom('reserve'), application: make });
  card.reset();
  const send = (command: string) => toHex(card.transmit(fromHex(command)));
  send(SELECT_USIM);
  const came = new Set<string>();
  for (const { identifier, structure, recordLength, records } of FILES) {
    send(`00A4000C02${octet(identifier >> 8)}${octet(identifier & 255)}`);
    const data = `${octet(recordLength)}${'5A'.repeat(recordLength)}`;
    if (structure === STRUCTURE.transparent) came.add(send(`00D60000${data}`));
    else
      for (let record = 1; record <= records; record++)
        came.add(send(structure === STRUCTURE.cyclic ? `00DC0003${data}` : `00DC${octet(record)}04${data}`));
  }
  return came;
}

test('whatever a handset fills files with, every sequence number, counter and record of the lock still fits', () => {
  const refusals: boolean[] = [];
  for (let size = 2400; size <= 24000; size += 1200) {
    const memory = cardMemory(ramMemory(size));
    personaliseUicc(memory, RECORD);
    const came = fillFiles(memory);
    refusals.push(came.has('6A84'));
    // 9000, no room, not without ADM: nothing else, and never a fault.
    for (const response of came) assert.ok(['9000', '6A84', '6982'].includes(response), response);
    for (const [key, octets] of [...COUNTERS, APPLICATION_RECORD]) memory.commit([[key, new Uint8Array(octets)]]);
  }
  assert.deepEqual([refusals[0], refusals.at(-1)], [true, false]);
});

test('a full card still writes over what a file holds already', () => {
  const memory = cardMemory(ramMemory(3300));
  personaliseUicc(memory, RECORD);
  const first = fillFiles(memory);
  assert.ok(first.has('6A84') && first.has('9000'));
  assert.deepEqual(fillFiles(memory), first);
});
