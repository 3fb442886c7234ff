import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#base/codec/index.ts';
import { fuzz } from './fuzz/run.ts';
import { readStep, stepText } from './fuzz/subject.ts';
import { SUBJECTS } from './fuzz/subjects.ts';
import { type Spoil, uiccSubject } from './fuzz/uicc.ts';

/** What the suite has time for; `node test/trust/fuzz.ts --minutes N` plays more. */
const SEQUENCES = 400;

for (const subject of SUBJECTS)
  test(`fuzz of the ${subject.name}: no fault, no secret, every answer as the model beside it has it (T32)`, () => {
    const { found, apdus } = fuzz(subject, 'suite', (sequences) => sequences === SEQUENCES);
    const shown = found?.steps.map(stepText).join('\n');
    assert.equal(found?.finding.what, undefined, `sequence ${found?.seed}:\n${shown}`);
    assert.ok(apdus > 8000, `${apdus}`);
  });

/** Cards that are worse than ours, and the longest sequence that shows it. */
const SPOILT: readonly (readonly [what: string, spoilt: Spoil, longest: number])[] = [
  [
    'takes every PIN',
    (card) => ({
      reset: (offer) => card.reset(offer),
      powerOff: () => card.powerOff(),
      transmit: (command) =>
        command[1] === 0x20 && command.length === 13 ? Uint8Array.of(0x90, 0x00) : card.transmit(command),
    }),
    3,
  ],
  [
    'tells the IMSI to anyone',
    (card) => ({
      reset: (offer) => card.reset(offer),
      powerOff: () => card.powerOff(),
      transmit(command) {
        const response = card.transmit(command);
        const isRefusedRead = command[1] === 0xb0 && toHex(response) === '6982';
        return isRefusedRead ? Uint8Array.of(0x08, 0x09, 0x10, 0x10, 0, 0, 0, 0, 0x90, 0x00) : response;
      },
    }),
    3,
  ],
  [
    'forgets to close a channel',
    (card) => ({
      reset: (offer) => card.reset(offer),
      powerOff: () => card.powerOff(),
      transmit: (command) =>
        command[1] === 0x70 && command[2] === 0x80 ? Uint8Array.of(0x90, 0x00) : card.transmit(command),
    }),
    3,
  ],
  [
    'says that a file is deactivated, and goes on',
    (card) => ({
      reset: (offer) => card.reset(offer),
      powerOff: () => card.powerOff(),
      transmit: (command) =>
        command[1] === 0x04 && command.length <= 5 && toHex(card.transmit(command.with(1, 0x44))) === '9000'
          ? Uint8Array.of(0x90, 0x00)
          : card.transmit(command),
    }),
    5,
  ],
  [
    'forgets to begin anew where a short identifier selects',
    (card) => ({
      reset: (offer) => card.reset(offer),
      powerOff: () => card.powerOff(),
      transmit(command) {
        const isNext = command[1] === 0xb2 && ((command[3] as number) & 7) === 2 && command[3] !== 2;
        return card.transmit(isNext ? command.with(3, 2) : command);
      },
    }),
    4,
  ],
];
for (const [what, spoilt, longest] of SPOILT)
  test(`it can fail: a card that ${what} is found, in ${longest} APDUs at most, and the same way again from the seed`, () => {
    const subject = uiccSubject(spoilt);
    const { found } = fuzz(subject, 'spoilt', (sequences) => sequences === 400);
    assert.ok(found !== undefined);
    const commands = found.steps.filter(({ kind }) => kind === 'apdu');
    assert.ok(commands.length <= longest, found.steps.map(stepText).join('\n'));
    const again = fuzz(subject, 'spoilt', (sequences) => sequences === 400).found;
    assert.deepEqual(again?.steps.map(stepText), found.steps.map(stepText));
    const replayed = subject.play(found.steps.map(stepText).map(readStep));
    assert.equal(replayed.finding?.what, found.finding.what);
  });
