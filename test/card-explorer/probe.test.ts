// A card probed and compared: the tables of the standards against what our sample UICC, a damaged one and random octets say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import {
  type CardReport,
  CardSession,
  contentOf,
  differences,
  encodeContent,
  fileFacts,
  fileMeant,
  filesBelow,
  MASTER_FILE,
  MuteCardError,
  pathOf,
  probe,
  probeToolkit,
  ruleWords,
} from '#handset/card-explorer/index.ts';
import { uicc } from '#handset/uicc/index.ts';
import { SAMPLE, sampleCards } from '#lab/workshop/index.ts';
import { type Card, statusMeaning } from '#protocol/apdu/index.ts';
import { decodeTerminalResponse, GENERAL_RESULT } from '#protocol/usat/index.ts';
import { uiccMedium } from '#test/trust/pair.ts';

const sample = () => sampleCards({ random: seededRandom('probe'), clock: fixedClock(Date.UTC(2026, 10, 24)) }).uicc;
const probed = (card: Card, isRevealing = false) => probe(new CardSession(card), { isRevealing });
const fileOf = (report: CardReport, path: string) => report.files.find((file) => file.path === path);

test('the sample card: who it is, its applications, services, PINs; rules in words, contents with their meaning', async () => {
  const report = await probed(sample());
  assert.equal(report.iccid, SAMPLE.iccid.digits);
  assert.equal(report.imsi, '00101xxxxxxxxxx');
  assert.deepEqual(report.atrMeaning?.protocols, ['T=0']);
  assert.deepEqual(
    report.applications.map(({ name }) => name),
    ['ADF.USIM'],
  );
  assert.ok(report.services.some(({ number, name }) => number === 102 && name === 'USAT application pairing'));
  assert.deepEqual(
    report.pins.map(({ name, tries }) => [name, tries]),
    [
      ['PIN1', 3],
      ['ADM1', 10],
    ],
  );
  assert.deepEqual(fileOf(report, 'MF/EF.ICCID'), {
    ...{ path: 'MF/EF.ICCID', identifier: '2FE2', kind: 'transparent', size: 10, shortIdentifier: 2 },
    ...{ lifeCycle: 'activated', content: [toHex(SAMPLE.iccid.toEf())], meaning: [SAMPLE.iccid.digits] },
    access: { read: 'always', update: 'never', deactivate: 'ADM1', activate: 'ADM1' },
  });
  assert.equal(fileOf(report, 'MF/ADF.USIM/EF.FDN')?.access?.['deactivate'], 'PIN2 or ADM1');
  assert.equal(fileOf(report, 'MF/ADF.USIM/EF.IMSI')?.content, undefined);
  assert.doesNotMatch(JSON.stringify(report), new RegExp(SAMPLE.imsi.digits));
});

test('services by the names of both tables, a number without one said so; compared by number, however they were named', async () => {
  const card = uicc({ memory: cardMemory(uiccMedium({ ims: {} })), random: seededRandom('ims') });
  const report = await probed(card);
  assert.ok(
    report.imsServices?.some(({ number, name }) => number === 2 && name === 'generic bootstrapping architecture'),
  );
  assert.equal((await probed(sample())).imsServices, undefined);
  const older = { ...report, services: report.services.map(({ number }) => ({ number, name: 'as it was called' })) };
  assert.deepEqual(differences(older, report), []);
  const less = { ...report, imsServices: [] };
  assert.ok(differences(less, report).some(({ where, what }) => where === 'EF.IST' && what.startsWith('2 generic')));
});

test('booted as a handset does: the commands that the card sends, each answered; what can be read is told', async () => {
  const found = await probeToolkit(new CardSession(sample()));
  assert.equal(found[0]?.name, 'PROVIDE LOCAL INFORMATION');
  assert.deepEqual(found[0]?.meaning, { information: 'imei' });
  assert.ok(
    found.every(({ name }) => name !== 'PERFORM CARD APDU'),
    'no card reader was announced',
  );
  const answers: number[] = [];
  const queue = ['D00C810301050082028182990107', 'D009810301FF0082028182', 'D00B8103012100820281829900', 'D0048103'];
  const scripted = {
    reset: () => fromHex('3B00'),
    transmit(command: Uint8Array) {
      const announced = () =>
        queue[0] === undefined ? '9000' : `91${(queue[0].length / 2).toString(16).padStart(2, '0')}`;
      if (command[1] === 0x14) answers.push(decodeTerminalResponse(command.subarray(5)).general);
      return fromHex(command[1] === 0x12 ? `${queue.shift()}9000` : command[1] === 0xa4 ? '9000' : announced());
    },
  };
  const scriptedFound = await probeToolkit(new CardSession(scripted));
  assert.deepEqual(
    scriptedFound.map(({ name, answer }) => [name, answer]),
    [
      ['SET UP EVENT LIST', 'performed'],
      ['UNKNOWN', 'beyond capabilities'],
      ['not readable', 'beyond capabilities'],
    ],
  );
  assert.deepEqual(answers, [
    GENERAL_RESULT.performed,
    GENERAL_RESULT.beyondCapabilities,
    GENERAL_RESULT.beyondCapabilities,
  ]);
});

test('a card that never ends sending commands is left', async () => {
  const endless = {
    reset: () => fromHex('3B00'),
    transmit: (command: Uint8Array) =>
      fromHex(
        command[1] === 0x12 ? 'D009810301020082028182 9000'.replace(' ', '') : command[1] === 0xa4 ? '9000' : '910B',
      ),
  };
  assert.equal((await probeToolkit(new CardSession(endless))).length, 64);
});

test('told to reveal, the subscriber stands there; the same card has no differences, a changed one those', async () => {
  const card = sample();
  const before = await probed(card, true);
  assert.equal(before.imsi, SAMPLE.imsi.digits);
  assert.deepEqual(differences(before, await probed(card, true)), []);
  const session = new CardSession(card);
  await session.reset();
  const languages = session.meant('ADF.USIM/EF.LI');
  assert.ok(languages);
  await session.select(languages);
  assert.equal((await session.updateBinary(0, fromHex('656E66720000'))).statusWord, 0x9000);
  const found = differences(before, await probed(card, true));
  assert.deepEqual(
    found.map(({ where, what }) => [where, what]),
    [['MF/ADF.USIM/EF.LI', 'content']],
  );
});

test('files are meant by name, identifier and path, from where one is; what is meant twice is not meant', () => {
  const usim = fileMeant('usim', MASTER_FILE);
  assert.ok(usim);
  assert.equal(pathOf(usim), 'MF/ADF.USIM');
  for (const [text, path] of [
    ['6F07', 'MF/ADF.USIM/EF.IMSI'],
    ['imsi', 'MF/ADF.USIM/EF.IMSI'],
    ['EF.ICCID', 'MF/EF.ICCID'],
    ['..', 'MF'],
    ['/', 'MF'],
    ['DF.5GS/EF.5GS3GPPLOCI', 'MF/ADF.USIM/DF.5GS/EF.5GS3GPPLOCI'],
    ['/DF.GSM/6FAD', 'MF/DF.GSM/EF.AD'],
    ['7fff', 'MF/ADF.USIM'],
  ] as const) {
    const found = fileMeant(text, usim);
    assert.equal(found && pathOf(found), path, text);
  }
  for (const text of ['nonsense', '', 'EF.SDN/EF.X']) assert.equal(fileMeant(text, usim), undefined, text);
});

test('every coding of the tables survives the way to JSON and back; another shape is refused', () => {
  let count = 0;
  for (const file of filesBelow(MASTER_FILE)) {
    const { row } = file;
    if (row?.coding === undefined) continue;
    const octets = fromHex(row.coding.example);
    const length = Math.max(octets.length, row.recordLength);
    const content = contentOf(row.coding, octets);
    assert.notEqual(content, undefined, pathOf(file));
    const again = encodeContent(row.coding, JSON.parse(JSON.stringify(content)), length);
    assert.equal(toHex(again.subarray(0, octets.length)), toHex(octets), pathOf(file));
    assert.throws(
      () => encodeContent(row.coding as NonNullable<typeof row.coding>, { none: 1 }, length),
      { name: 'CodecError' },
      pathOf(file),
    );
    count += 1;
  }
  assert.ok(count > 100, `${count} codings`);
});

test('FCPs of others: no short identifier told, PINs, rules of their own', () => {
  const pins = fileFacts(fromHex('621E82027821 83023F00 8A0105 C60C 900180 830101 830181 83010A 8B032F0601'));
  assert.deepEqual(
    pins?.pins.map(({ reference, isEnabled }) => [reference, isEnabled]),
    [
      [1, true],
      [0x81, false],
      [0x0a, false],
    ],
  );
  assert.equal(fileFacts(fromHex('620B 82024121 83026F07 8A0105'))?.shortIdentifier, 7);
  assert.equal(fileFacts(fromHex('6F00')), undefined);
  assert.equal(fileFacts(fromHex('62FF')), undefined);
  const rule = fromHex('800101 A406830101950108 800102 9700');
  assert.deepEqual(ruleWords(rule, 'transparent'), {
    read: 'PIN1',
    update: 'never',
    deactivate: 'never',
    activate: 'never',
  });
});

test('status words in words, with their clause', () => {
  for (const [sw, words] of [
    [0x9000, /normal end/],
    [0x9110, /proactive command of 16 octets/],
    [0x6100, /256 octets/],
    [0x63c2, /2 tries left/],
    [0x6982, /PIN or key/],
    [0x9862, /MAC is wrong/],
    [0x6999, /do not name/],
  ] as const) {
    assert.match(statusMeaning(sw).text, words);
    assert.match(statusMeaning(sw).clause, /^(TS 102 221|TS 31\.102) /);
  }
});

test('a mute card is said with its reason; a card of random answers comes to an end and throws nothing else', async () => {
  const mute = new CardSession(
    { reset: () => fromHex(''), transmit: () => fromHex('') },
    () => 'no card in the reader',
  );
  await assert.rejects(probe(mute, { isRevealing: false }), {
    name: 'MuteCardError',
    message: 'no card in the reader',
  });
  assert.ok(new MuteCardError('x') instanceof Error);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 2, maxLength: 40 }), { minLength: 1, maxLength: 30 }),
      async (answers) => {
        let i = 0;
        // Most answers end normally, so that it goes on.
        const transmit = () => {
          const answer = answers[i++ % answers.length] as Uint8Array;
          return i % 3 === 0 ? answer : fromHex(`${toHex(answer)}9000`);
        };
        await probe(new CardSession({ reset: () => fromHex('3B00'), transmit }), { isRevealing: false });
      },
    ),
    { numRuns: 10 },
  );
});
