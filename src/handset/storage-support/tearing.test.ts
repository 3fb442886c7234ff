import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { type Card, type CommandApdu, encodeCommand } from '#protocol/apdu/index.ts';
import {
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  SUPPORT_KEY_VERSION,
  SUPPORT_LIFE_CYCLE,
} from '#protocol/imei-lock/index.ts';
import {
  type HostHandshake,
  type HostSession,
  putKey,
  type StaticKeyOctets,
  staticCommand,
  staticModeKeys,
} from '#protocol/secure-channel/index.ts';
import { commandsIn } from '#test/trust/command-rows.ts';
import { type CardKind, guess, tearBoth, titleOf, type WritingCommand } from '#test/trust/tearing.ts';
import { blankSupport, provision, SUPPORT_MEMORY_SIZE, storageSupport } from './index.ts';
import { APPLICATION_STATUS, PERSONALISE_INS, READ_BACK_TAG } from './personalisation.ts';
import { personalisationData, RECORD } from './records.ts';
import {
  agreement,
  attempt,
  authority,
  factory,
  factorySet,
  get,
  IDENTITY,
  IMEI,
  openAnew,
  order,
  SELECT,
  scp03,
  staticKey,
  uicc,
} from './support.fixture.ts';

const key = (octet: string) => fromHex(octet.repeat(16));
const FACTORY: StaticKeyOctets = { version: SUPPORT_KEY_VERSION.factory, ...factorySet };
/** What the first UICC agreed at its meeting, and what a second one puts. */
const PAIRED: StaticKeyOctets = { version: 0x30, enc: key('a0'), mac: key('a1'), dek: key('a2') };
const SECOND: StaticKeyOctets = { version: 0x31, enc: key('b0'), mac: key('b1'), dek: key('b2') };
const [first, second] = [uicc(21), uicc(22)];

const storeData = (items: Parameters<typeof personalisationData.encode>[0]): CommandApdu => ({
  ...{ cla: 0x80, ins: PERSONALISE_INS.storeData, p1: 0, p2: 0, le: 256 },
  data: personalisationData.encode(items),
});
const setStatus = (state: number): CommandApdu => ({
  ...{ cla: 0x80, ins: PERSONALISE_INS.setStatus, p1: APPLICATION_STATUS, p2: state, le: 256 },
  data: STORAGE_SUPPORT_AID,
});
const keyPair: CommandApdu = {
  ...{ cla: 0x80, ins: PERSONALISE_INS.generateKeyPair, p1: 0x80, p2: 0, le: 256 },
  data: new Uint8Array(0),
};

/** One command inside a session: its data and status word, or what came instead of a proved answer. */
function inside(card: Card, session: HostSession, command: CommandApdu): string {
  const response = card.transmit(session.wrap(command));
  const answer = session.unwrap(response);
  return toHex(
    answer.kind === 'notProven'
      ? response
      : concat(answer.data, Uint8Array.of(answer.statusWord >> 8, answer.statusWord)),
  );
}

/** Opens a session; it must succeed. */
function opened(card: Card, handshake: HostHandshake): HostSession {
  card.transmit(SELECT);
  const session = attempt(card, handshake);
  assert.ok(typeof session === 'object', 'expected a session');
  return session;
}

const powerOn: CardKind['powerOn'] = (memory) => {
  const card = storageSupport({ memory, random: seededRandom('torn'), aes: tableAes });
  card.reset();
  return card;
};

/** All that can be read: outside a session; inside one of the factory; and what a UICC that met the support is told. */
function dump(card: Card): string {
  const send = (command: string) => toHex(card.transmit(fromHex(command)));
  card.transmit(SELECT);
  const open = ['80CA9F7000', '80CA006600', '80CA00E000', '80CADF2000'].map(send);
  const by = (keys: StaticKeyOctets, ...tags: readonly number[]) => {
    card.transmit(SELECT);
    const session = attempt(card, scp03(keys));
    if (typeof session !== 'object') return [`${session}`];
    return tags.map((tag) => inside(card, session, get(tag)));
  };
  const told = Object.values(SUPPORT_DATA);
  return [...open, ...by(FACTORY, READ_BACK_TAG), ...by(PAIRED, ...told), ...by(SECOND, ...told)].join('\n');
}

function blankMedium(): NonVolatile {
  const medium = ramMemory(SUPPORT_MEMORY_SIZE);
  blankSupport(cardMemory(medium), factorySet);
  return medium;
}
function pairedMedium(): NonVolatile {
  const medium = blankMedium();
  const card = powerOn(cardMemory(medium));
  provision(card, factorySet, order, factory);
  const session = openAnew(card, agreement(first));
  assert.ok(session.dek);
  assert.match(inside(card, session, putKey(tableAes, session.dek, 0, PAIRED, seededRandom('filler'))), /9000$/);
  return medium;
}
const kindOf = (medium: NonVolatile): CardKind => ({ personalised: () => medium, powerOn, dump });
const [BLANK, SUPPORT] = [kindOf(blankMedium()), kindOf(pairedMedium())];

/** Inside a session: commands that must succeed, then the one that is torn. */
const inSession =
  (handshake: () => HostHandshake, prepared: readonly CommandApdu[], command: CommandApdu): WritingCommand['ready'] =>
  (card) => {
    const session = opened(card, handshake());
    for (const one of prepared) assert.match(inside(card, session, one), /9000$/);
    return () => inside(card, session, command);
  };
const byFactory = (command: CommandApdu, ...prepared: readonly CommandApdu[]) =>
  inSession(() => scp03(FACTORY), prepared, command);

const initializeUpdate =
  (version: string): WritingCommand['ready'] =>
  (card) => {
    card.transmit(SELECT);
    return () => toHex(card.transmit(fromHex(`8050${version}0008010203040506070800`)));
  };

/** EXTERNAL AUTHENTICATE of the factory after an honest challenge, with the right cryptogram or a wrong one. */
const authenticating =
  (isRight: boolean): WritingCommand['ready'] =>
  (card) => {
    card.transmit(SELECT);
    const host = scp03(FACTORY);
    const step = host.receive(card.transmit(host.start()));
    // A key set that was closed gives no challenge.
    const right = step.kind === 'send' ? step.command : fromHex('8482330010'.padEnd(42, '0'));
    const command = isRight ? right : Uint8Array.from(right, (octet, i) => (i === 6 ? octet ^ 1 : octet));
    return () => toHex(card.transmit(command));
  };

const identities = { imei: IMEI.toOctets(), identity: IDENTITY };
/** What the factory does to a blank support. */
const PERSONALISING: readonly WritingCommand[] = [
  { command: 'INITIALIZE UPDATE', case: 'of the factory', ready: initializeUpdate('3F'), answer: /9000$/ },
  {
    ...{ command: 'EXTERNAL AUTHENTICATE', case: 'of the factory' },
    ready: authenticating(true),
    answer: /^9000$/,
    changes: 2,
  },
  {
    ...{ command: 'EXTERNAL AUTHENTICATE', case: 'of the factory, a wrong one' },
    ready: authenticating(false),
    answer: /^6300$/,
  },
  { command: 'GENERATE ASYMMETRIC KEY PAIR', ready: byFactory(keyPair), answer: /^7F49.*9000$/ },
  { command: 'STORE DATA', ready: byFactory(storeData(identities)), answer: /^9000$/ },
  { command: 'STORE DATA', case: 'of an authority', ready: byFactory(storeData({ authority })), answer: /^9000$/ },
  {
    command: 'SET STATUS',
    case: 'terminated',
    ready: byFactory(setStatus(SUPPORT_LIFE_CYCLE.terminated)),
    answer: /^9000$/,
  },
];

/** What UICCs, and later the factory, do to a personalised one. */
const IN_THE_FIELD: readonly WritingCommand[] = [
  { command: 'INITIALIZE UPDATE', ready: initializeUpdate('30'), answer: /9000$/ },
  ...(['imei', 'secondImei', 'imeiSv', 'identity'] as const).map((item) => ({
    ...{ command: 'GET DATA', case: item },
    ready: inSession(() => scp03(PAIRED), [], get(SUPPORT_DATA[item])),
    answer: /9000$/,
  })),
  {
    command: 'PUT KEY',
    ready(card) {
      const session = opened(card, agreement(second));
      assert.ok(session.dek);
      const command = putKey(tableAes, session.dek, 0, SECOND, seededRandom('filler'));
      return () => inside(card, session, command);
    },
    answer: /9000$/,
  },
  {
    command: 'INTERNAL AUTHENTICATE',
    ready(card) {
      card.transmit(SELECT);
      const keys = staticModeKeys(tableAes, tableAes.key(staticKey), SUPPORT_KEY_VERSION.static, new Uint8Array(10));
      return () => toHex(card.transmit(encodeCommand(staticCommand(keys, key('5a')))));
    },
    answer: /9000$/,
  },
  {
    command: 'SET STATUS',
    case: 'terminated in the field',
    ready: byFactory(setStatus(SUPPORT_LIFE_CYCLE.terminated)),
    answer: /^9000$/,
  },
];

/** They agree keys in volatile memory: nothing is written before PUT KEY. */
const READING = ['PERFORM SECURITY OPERATION', 'MUTUAL AUTHENTICATE'];

test('EXTERNAL AUTHENTICATE of the factory: a guess is counted before it is judged, wherever the power is cut (T22, T32)', () =>
  guess(BLANK, {
    ...{ what: 'EXTERNAL AUTHENTICATE', ready: authenticating },
    tries: (memory) => 10 - (memory.get(RECORD.factoryFailures)?.[0] ?? 0),
  }));

for (const command of PERSONALISING) test(titleOf(command), () => tearBoth(BLANK, command));
for (const command of IN_THE_FIELD) test(titleOf(command), () => tearBoth(SUPPORT, command));

test('the last SET STATUS of personalisation, torn: blank and still to be closed, or personalised (T22)', () => {
  const medium = blankMedium();
  const memory = cardMemory(medium);
  const card = powerOn(memory);
  provision(card, factorySet, order, factory);
  // As it was before the last command: the same records, the life cycle and Key-DEK of before.
  const before = ramMemory(SUPPORT_MEMORY_SIZE);
  const copied = cardMemory(before);
  for (let record = 2; record < 0x100; record++) {
    const value = record === 0x0a ? cardMemory(blankMedium()).get(record) : memory.get(record);
    if (value !== undefined) copied.commit([[record, value.slice()]]);
  }
  tearBoth(kindOf(before), {
    ...{ command: 'SET STATUS', case: 'personalised' },
    ready: byFactory(setStatus(SUPPORT_LIFE_CYCLE.personalised)),
    answer: /^9000$/,
  });
});

test('every command that a storage support has a row for is torn here, or writes nothing', () => {
  const handshake = ['INITIALIZE UPDATE', 'EXTERNAL AUTHENTICATE', 'SET STATUS'];
  const rows = ['./applet.ts', './personalisation.ts'].flatMap((source) =>
    commandsIn(new URL(source, import.meta.url)),
  );
  const named = new Set([...[...PERSONALISING, ...IN_THE_FIELD].map(({ command }) => command), ...READING]);
  assert.deepEqual([...named].sort(), [...new Set([...rows, ...handshake])].sort());
});
