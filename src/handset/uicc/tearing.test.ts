import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { authenticationVector, bootstrappingAutn, milenage, tableAes } from '#base/crypto/index.ts';
import { type NonVolatile, seededRandom } from '#base/port/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { PROOF_BY_DELIVER_REPORT, securedCommand } from '#protocol/ota/index.ts';
import { commandsIn } from '#test/trust/command-rows.ts';
import { type CardKind, tearBoth, titleOf, type WritingCommand } from '#test/trust/tearing.ts';
import { recordingApplication, TAR } from './application.fixture.ts';
import { uicc } from './index.ts';
import { envelopes, keysOf } from './ota.fixture.ts';
import { readWhole } from './reading.fixture.ts';
import { AUTHENTICATE, personalisedMedium, RECORD, SELECT_USIM, withData } from './uicc.fixture.ts';

const PIN = '34373131FFFFFFFF';
const WRONG = '30303030FFFFFFFF';
const NEW = '39393939FFFFFFFF';
const PUK = '3837363534333231';
const PIN2 = '32323232FFFFFFFF';
const ADM1_IS = '0020000A080102030405060708';
const ADM2 = '1112131415161718';

const CODES = {
  ...{ pin: '4711', unblockCode: '87654321', pin2: '2222', unblockCode2: '12345678' },
  ...{ universalPin: '8888', furtherAdm: [fromHex(ADM2)] },
};
let medium: NonVolatile | undefined;
const UICC: CardKind = {
  personalised() {
    medium ??= personalisedMedium({ ...RECORD, ...CODES });
    return medium;
  },
  powerOn(memory) {
    const application = recordingApplication({ secured: () => fromHex('019000') }).make;
    const card = uicc({ memory, random: seededRandom('torn'), application });
    card.reset();
    return card;
  },
  dump: (card) => readWhole(card, '4711'),
};

const sender = (card: Card) => (command: string) => toHex(card.transmit(fromHex(command)));
/** Commands that must succeed, then the one that is torn. */
const after =
  (prepared: readonly string[], command: string): WritingCommand['ready'] =>
  (card) => {
    const send = sender(card);
    for (const one of prepared) assert.match(send(one), /^(90|91|61|9F|63F1)|9000$/, one);
    return () => send(command);
  };
const select = (identifier: string) => `00A4000C02${identifier}`;
const octet = (value: number) => value.toString(16).padStart(2, '0');
const withLength = (header: string, data: string) => `${header}${octet(data.length / 2)}${data}`;
const createFile = (identifier: string, descriptor = '4121', size = '0008') =>
  withLength(
    '00E00000',
    withLength('62', `82${octet(descriptor.length / 2)}${descriptor}8302${identifier}8A01058B036F06048002${size}8800`),
  );
const createDirectory = withLength(
  '00E00000',
  withLength('62', '8202782183025F708A01058B036F060407C606900100830101'.replace('0407', '04')),
);
const USIM = [SELECT_USIM, `0020000108${PIN}`];
const ADMINISTRATOR = [...USIM, ADM1_IS];
/** What is counted or used up first (a try, a sequence number, a key), then what it was for. */
const JUDGED = 2;

const OK = /^9000$/;
const home = milenage(
  tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
  fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
);
const bootstrap = (() => {
  const rand = seededRandom('bootstrap').octets(16);
  const { autn, ik } = authenticationVector(home, rand, 64, 0x8000);
  return { rand, command: `0088008423DD10${toHex(rand)}10${toHex(bootstrappingAutn(autn, ik))}00` };
})();
const text = (value: string) => new TextEncoder().encode(value);
const IDENTITY = text('001010000000001@ims.mnc001.mcc001.3gppnetwork.org');
const lv = (value: Uint8Array) => concat(Uint8Array.of(value.length), value);
const GBA_ENDED = concat(lv(bootstrap.rand), lv(text('id@bsf')), fromHex('023132'));
const SERVER = concat(text('naf.example'), fromHex('0100000000'));
const packet = securedCommand(
  { tar: TAR, counter: 1, counterMode: 'higher', keySet: 1, proof: PROOF_BY_DELIVER_REPORT },
  keysOf(RECORD.otaKeys.answer),
  NO_OCTETS,
);

/** The commands of the UICC that write. */
const WRITING: readonly WritingCommand[] = [
  { command: 'UPDATE BINARY', ready: after([...USIM, select('6F7E')], '00D600000411223344'), answer: OK },
  {
    command: 'UPDATE RECORD',
    ready: after([...USIM, '00A4080C047F106F3A'], withLength('00DC0204', `4142${'FF'.repeat(26)}`)),
    answer: OK,
  },
  {
    ...{ command: 'UPDATE RECORD', case: 'of a cyclic file' },
    ready: after([...ADMINISTRATOR, `0020008108${PIN2}`, select('6F39')], '00DC000303000009'),
    answer: OK,
  },
  {
    command: 'INCREASE',
    ready: after([...ADMINISTRATOR, `0020008108${PIN2}`, select('6F39')], '803200000300000500'),
    answer: /^0000050000059000$/,
  },
  { command: 'SET DATA', ready: after([...USIM, '00A4080C067F105F3B4F48'], '80DB0080058003010203'), answer: OK },
  {
    ...{ command: 'SET DATA', case: 'the last of two blocks' },
    ready: after([...USIM, '00A4080C067F105F3B4F48', '80DB00800480050102'], '80DB000003030405'),
    answer: OK,
  },
  { command: 'DEACTIVATE FILE', ready: after([...ADMINISTRATOR, select('6F46')], '00040000'), answer: OK },
  { command: 'ACTIVATE FILE', ready: after([...ADMINISTRATOR, select('6F46'), '00040000'], '00440000'), answer: OK },
  { command: 'CREATE FILE', ready: after(ADMINISTRATOR, createFile('6FA1')), answer: OK },
  {
    ...{ command: 'CREATE FILE', case: 'of records' },
    ready: after(ADMINISTRATOR, createFile('6FA2', '42210004', '000C')),
    answer: OK,
  },
  { ...{ command: 'CREATE FILE', case: 'of a directory' }, ready: after(ADMINISTRATOR, createDirectory), answer: OK },
  { command: 'DELETE FILE', ready: after(ADMINISTRATOR, '00E40000026F46'), answer: OK },
  {
    ...{ command: 'DELETE FILE', case: 'that a command created' },
    ready: after([...ADMINISTRATOR, createFile('6FA1'), SELECT_USIM], '00E40000026FA1'),
    answer: OK,
  },
  {
    command: 'RESIZE FILE',
    ready: after(
      [...ADMINISTRATOR, createFile('6FA1'), SELECT_USIM],
      withLength('80D40000', withLength('62', '83026FA180020004')),
    ),
    answer: OK,
  },
  { command: 'TERMINATE EF', ready: after([...ADMINISTRATOR, select('6F46')], '00E80000'), answer: OK },
  { command: 'TERMINATE DF', ready: after([...ADMINISTRATOR, select('5FC0')], '00E60000'), answer: OK },
  { command: 'TERMINATE CARD USAGE', ready: after([...ADMINISTRATOR, select('3F00')], '00FE0000'), answer: OK },
  { command: 'VERIFY PIN', ready: after([SELECT_USIM], `0020000108${PIN}`), answer: OK, changes: JUDGED },
  {
    ...{ command: 'VERIFY PIN', case: 'a wrong one' },
    ready: after([SELECT_USIM], `0020000108${WRONG}`),
    answer: /^63C2$/,
  },
  {
    ...{ command: 'VERIFY PIN', case: 'PIN2, a wrong one' },
    ready: after([SELECT_USIM], `0020008108${WRONG}`),
    answer: /^63C2$/,
  },
  {
    ...{ command: 'VERIFY PIN', case: 'the universal PIN' },
    ready: after([SELECT_USIM], '002000110838383838FFFFFFFF'),
    answer: OK,
    changes: JUDGED,
  },
  { ...{ command: 'VERIFY PIN', case: 'an ADM' }, ready: after([], ADM1_IS), answer: OK, changes: JUDGED },
  {
    ...{ command: 'VERIFY PIN', case: 'an ADM, a wrong one' },
    ready: after([], `0020000B08${'00'.repeat(8)}`),
    answer: /^63C9$/,
  },
  { command: 'CHANGE PIN', ready: after([SELECT_USIM], `0024000110${PIN}${NEW}`), answer: OK, changes: JUDGED },
  {
    ...{ command: 'CHANGE PIN', case: 'of an ADM' },
    ready: after([], `0024000B10${ADM2}${'55'.repeat(8)}`),
    answer: OK,
    changes: JUDGED,
  },
  { command: 'DISABLE PIN', ready: after([SELECT_USIM], `0026000108${PIN}`), answer: OK, changes: JUDGED },
  {
    ...{ command: 'DISABLE PIN', case: 'for the universal PIN' },
    ready: after([SELECT_USIM], `0026910108${PIN}`),
    answer: OK,
    changes: JUDGED,
  },
  {
    command: 'ENABLE PIN',
    ready: after([SELECT_USIM, `0026000108${PIN}`], `0028000108${PIN}`),
    answer: OK,
    changes: JUDGED,
  },
  { command: 'UNBLOCK PIN', ready: after([SELECT_USIM], `002C000110${PUK}${NEW}`), answer: OK, changes: JUDGED },
  {
    ...{ command: 'UNBLOCK PIN', case: 'a wrong code' },
    ready: after([SELECT_USIM], `002C000110${WRONG}${NEW}`),
    answer: /^63C9$/,
  },
  { command: 'AUTHENTICATE', ready: after(USIM, AUTHENTICATE), answer: /^DB08.*9000$/ },
  {
    ...{ command: 'AUTHENTICATE', case: 'bootstrapping' },
    ready: after(USIM, bootstrap.command),
    answer: /^DB08.*9000$/,
    changes: JUDGED,
  },
  {
    ...{ command: 'AUTHENTICATE', case: 'keys of a server' },
    ready: after(
      [...USIM, bootstrap.command, select('6FD6'), withData('00D60000', GBA_ENDED)],
      `${withData('00880084', concat(Uint8Array.of(0xde), lv(SERVER), lv(IDENTITY)))}00`,
    ),
    answer: /^DB20.*9000$/,
    changes: JUDGED,
  },
  {
    command: 'SUSPEND UICC',
    ready: after([...USIM, '80100000021FFF'], '80760000040105010A00'),
    answer: /^010A[0-9A-F]{16}9000$/,
  },
  {
    ...{ command: 'SUSPEND UICC', case: 'that resumes: the token serves no second time' },
    ready(card) {
      const send = sender(card);
      for (const one of USIM) send(one);
      const token = send('80760000040105010A00').slice(4, 20);
      card.reset();
      return () => send(`8076010008${token}`);
    },
    answer: OK,
  },
  {
    command: 'ENVELOPE',
    ready: after(['80100000021FFF'], envelopes({ kind: 'command', packet })[0] as string),
    answer: /^0271.*9000$/,
  },
];

const GSM = (...identifiers: readonly string[]) =>
  ['3F00', ...identifiers].map((identifier) => `A0A4000002${identifier}`);
const CHV1 = `A020000108${PIN}`;
const CHV2 = `A020000208${PIN2}`;
const ADMINISTRATOR_2G = 'A020000A080102030405060708';

/** The commands of the SIM that the UICC is to 2G terminals which write. */
const WRITING_2G: readonly WritingCommand[] = [
  { command: 'UPDATE BINARY', ready: after([...GSM('7F20', '6F7E'), CHV1], 'A0D600000411223344'), answer: OK },
  {
    command: 'UPDATE RECORD',
    ready: after([...GSM('7F10', '6F3A'), CHV1], withLength('A0DC0204', `4142${'FF'.repeat(26)}`)),
    answer: OK,
  },
  { command: 'INCREASE', ready: after([...GSM('7F20', '6F39'), CHV1, CHV2], 'A032000003000005'), answer: /^9F06$/ },
  { command: 'VERIFY CHV', ready: after(GSM(), CHV1), answer: OK, changes: JUDGED },
  { ...{ command: 'VERIFY CHV', case: 'a wrong one' }, ready: after(GSM(), `A020000108${WRONG}`), answer: /^9804$/ },
  { ...{ command: 'VERIFY CHV', case: 'CHV2' }, ready: after(GSM(), CHV2), answer: OK, changes: JUDGED },
  { command: 'CHANGE CHV', ready: after(GSM(), `A024000110${PIN}${NEW}`), answer: OK, changes: JUDGED },
  { command: 'DISABLE CHV', ready: after(GSM(), `A026000108${PIN}`), answer: OK, changes: JUDGED },
  {
    command: 'ENABLE CHV',
    ready: after([...GSM(), `A026000108${PIN}`], `A028000108${PIN}`),
    answer: OK,
    changes: JUDGED,
  },
  { command: 'UNBLOCK CHV', ready: after(GSM(), `A02C000010${PUK}${NEW}`), answer: OK, changes: JUDGED },
  {
    ...{ command: 'UNBLOCK CHV', case: 'a wrong code' },
    ready: after(GSM(), `A02C000010${WRONG}${NEW}`),
    answer: /^9804$/,
  },
  { command: 'INVALIDATE', ready: after([...GSM('7F20', '6F46'), CHV1, ADMINISTRATOR_2G], 'A004000000'), answer: OK },
  {
    command: 'REHABILITATE',
    ready: after([...GSM('7F20', '6F46'), CHV1, ADMINISTRATOR_2G, 'A004000000'], 'A044000000'),
    answer: OK,
  },
  {
    command: 'ENVELOPE',
    ready: after(
      ['A0100000021FFF'],
      (envelopes({ kind: 'command', packet })[0] as string).replace(/^80(.*)00$/, 'A0$1'),
    ),
    answer: /^9F/,
  },
];

/** Those that write nothing. Where the IMEI lock makes one of them write, test/trust/tearing-handset.test.ts has it. */
const READING = [
  ...['SELECT', 'READ BINARY', 'READ RECORD', 'SEARCH RECORD', 'RETRIEVE DATA', 'STATUS', 'GET IDENTITY'],
  ...['GET CHALLENGE', 'TERMINAL CAPABILITY', 'TERMINAL PROFILE', 'FETCH', 'TERMINAL RESPONSE'],
];
const READING_2G = [
  ...['SELECT', 'STATUS', 'READ BINARY', 'READ RECORD', 'SEEK', 'RUN GSM ALGORITHM', 'SLEEP'],
  ...['TERMINAL PROFILE', 'FETCH', 'TERMINAL RESPONSE'],
];

for (const command of WRITING) test(titleOf(command), () => tearBoth(UICC, command));
for (const command of WRITING_2G) test(`class A0: ${titleOf(command)}`, () => tearBoth(UICC, command));

for (const [source, writing, reading] of [
  ['./commands.ts', WRITING, READING],
  ['./gsm-commands.ts', WRITING_2G, READING_2G],
] as const)
  test(`every command that ${source} has a row for is torn here, or writes nothing`, () => {
    const named = new Set([...writing.map(({ command }) => command), ...reading]);
    assert.deepEqual([...named].sort(), [...commandsIn(new URL(source, import.meta.url))].sort());
  });
