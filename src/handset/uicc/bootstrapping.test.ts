import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import {
  authenticationVector,
  bootstrappingAutn,
  bootstrappingRes,
  milenage,
  nafKeys,
  readAuts,
  tableAes,
} from '#base/crypto/index.ts';
import { type NonVolatile, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { recordingApplication } from './application.fixture.ts';
import type { ApplicationFiles } from './application-files.ts';
import { Authentication } from './authenticate.ts';
import { uicc } from './index.ts';
import { MEMORY_KEY } from './memory-key.ts';
import { uiccProfile } from './profile.ts';
import { Reserve } from './reserve.ts';
import {
  failing,
  personalisedMedium,
  SELECT_USIM,
  type Subject,
  subject,
  subjectOn,
  withData,
} from './uicc.fixture.ts';

const home = milenage(
  tableAes.key(fromHex('465b5ce8b199b49faa5f0a2ee238a6bc')),
  fromHex('cd63cb71954a9f4e48a5994e37a02baf'),
);
const IMPI = new TextEncoder().encode('001010000000001@ims.mnc001.mcc001.3gppnetwork.org');
const B_TID = new TextEncoder().encode('I1U8vpY3qJ0hikrmTa5HvzU=@bsf.mnc001.mcc001.pub.3gppnetwork.org');
const nafId = (name: string) => concat(new TextEncoder().encode(name), fromHex('0100000000'));

/** What the bootstrapping server does (TS 33.220 5.3.2): RAND, AUTN made for GBA_U, the RES it waits for, Ks. */
function bootstrapping(sqn: number, seed = 'rand') {
  const rand = seededRandom(seed).octets(16);
  const { autn, xres, ck, ik } = authenticationVector(home, rand, sqn, 0x8000);
  const command = `0088008423DD10${toHex(rand)}10${toHex(bootstrappingAutn(autn, ik))}00`;
  return { rand, autn, command, answer: `DB08${toHex(bootstrappingRes(xres))}9000`, ks: concat(ck, ik) };
}

const derivation = (id: Uint8Array, impi = IMPI) =>
  `${withData('00880084', concat(Uint8Array.of(0xde, id.length), id, Uint8Array.of(impi.length), impi))}00`;

/** The terminal ends the bootstrapping: B-TID and lifetime into EF.GBABP (TS 31.102 5.3.34). */
function endBootstrapping(card: Subject, rand: Uint8Array): void {
  const content = concat(Uint8Array.of(16), rand, Uint8Array.of(B_TID.length), B_TID, Uint8Array.of(2, 0x31, 0x32));
  card.expect(['00A4000C026FD6', '9000'], [withData('00D60000', content), '9000']);
}

const keyOf = ({ ks, rand }: { ks: Uint8Array; rand: Uint8Array }, id: Uint8Array) =>
  `DB20${toHex(nafKeys(ks, rand, IMPI, id).external)}9000`;

/** The records of EF.GBANL that are not empty. */
function servers(card: Subject): readonly string[] {
  card.send('00A4000C026FDA');
  return [1, 2, 3, 4, 5]
    .map((record) => card.send(`00B2${record.toString(16).padStart(2, '0')}0400`))
    .filter((one) => !one.startsWith('FF'));
}

test('bootstrapping: the RES of GBA, RAND in EF.GBABP; then keys of servers, each with its record in EF.GBANL', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  card.send(SELECT_USIM);
  const run = bootstrapping(64);
  card.expect([run.command, run.answer], ['00A4000C026FD6', '9000'], ['00B0000013', `10${toHex(run.rand)}00009000`]);
  assert.deepEqual(app.heard, ['poweredOn', 'authenticateRequested', 'authenticated']);
  endBootstrapping(card, run.rand);
  const [one, other] = [nafId('naf.example'), nafId('other.example')];
  card.expect(
    [derivation(one), keyOf(run, one)],
    [derivation(other), keyOf(run, other)],
    [derivation(one), keyOf(run, one)],
  );
  const entry = (id: Uint8Array) =>
    `80${id.length.toString(16)}${toHex(id)}81${B_TID.length.toString(16)}${toHex(B_TID)}`;
  const listed = servers(card);
  assert.equal(listed.length, 2);
  assert.ok(listed[0]?.startsWith(entry(one).toUpperCase()) && listed[1]?.startsWith(entry(other).toUpperCase()));
  // A key of a server is no authentication: the application is asked, but hears of no success.
  assert.equal(app.heard.filter((what) => what === 'authenticated').length, 1);
});

test('AUTN of one domain is a wrong MAC in the other; SQN is one for both; an old one is a resynchronisation', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const { command, rand, autn, answer } = bootstrapping(64);
  const inThreeG = (token: string) => `008800812210${toHex(rand)}10${token}00`;
  const forGba = command.slice(-34, -2);
  card.expect(
    [inThreeG(forGba), '9862'],
    [`0088008423DD10${toHex(rand)}10${toHex(autn)}00`, '9862'],
    [command, answer],
  );
  for (const again of [command, inThreeG(toHex(autn))]) {
    const response = fromHex(card.send(again));
    assert.equal(toHex(response.subarray(0, 2)), 'DC0E');
    assert.equal(readAuts(home, rand, response.slice(2, 16)), 64);
  }
});

test('no key of a server without a bootstrapping, nor when EF.GBABP names another one: 6985 (TS 31.102 7.1.1.5)', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const id = nafId('naf.example');
  card.expect([derivation(id), '6985']);
  const run = bootstrapping(64);
  card.expect([run.command, run.answer], [derivation(id), keyOf(run, id)]);
  endBootstrapping(card, new Uint8Array(16));
  card.expect([derivation(id), '6985']);
  card.expect(['00A4000C026FD6', '9000'], ['00D6000001FF', '9000'], [derivation(id), '6985']);
  endBootstrapping(card, run.rand);
  card.expect([derivation(id), keyOf(run, id)]);
});

test('a new bootstrapping replaces the keys; a full list gives up the server used longest ago', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const first = bootstrapping(64);
  card.expect([first.command, first.answer]);
  endBootstrapping(card, first.rand);
  const ids = ['a', 'b', 'c', 'd', 'e'].map(nafId);
  for (const id of ids) card.expect([derivation(id), keyOf(first, id)]);
  card.expect([derivation(ids[0]!), keyOf(first, ids[0]!)]);
  const sixth = nafId('sixth');
  card.expect([derivation(sixth), keyOf(first, sixth)]);
  const listed = servers(card).join();
  assert.ok(listed.includes(toHex(sixth)) && listed.includes(toHex(ids[0]!)) && !listed.includes(toHex(ids[1]!)));
  const second = bootstrapping(128, 'another');
  card.expect([second.command, second.answer], [derivation(sixth), keyOf(second, sixth)]);
  assert.equal(servers(card).length, 5);
});

test('a server whose name EF.GBANL cannot hold is refused with 9866', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const run = bootstrapping(64);
  card.expect([run.command, run.answer]);
  endBootstrapping(card, run.rand);
  card.expect([derivation(new Uint8Array(190).fill(0x61)), '9866']);
  assert.deepEqual(servers(card), []);
});

test('an ISIM bootstraps by its own EF.IST, with files and keys of its own (TS 31.103 4.2.7, 4.2.9, 4.2.10, 7.1)', () => {
  const card = subject({ ims: {} });
  const selectIsim = '00A4040C07A0000000871004';
  card.send(SELECT_USIM);
  const ofUsim = bootstrapping(64);
  card.expect([ofUsim.command, ofUsim.answer]);
  endBootstrapping(card, ofUsim.rand);
  const id = nafId('naf.example');
  card.expect([derivation(id), keyOf(ofUsim, id)]);
  card.expect([selectIsim, '9000'], [derivation(id), '6985']);
  const ofIsim = bootstrapping(128, 'another');
  card.expect([ofIsim.command, ofIsim.answer]);
  card.expect(['00A4000C026FD5', '9000'], ['00B0000013', `10${toHex(ofIsim.rand)}00009000`]);
  card.expect([derivation(id), keyOf(ofIsim, id)]);
  card.expect(['00A4000C026FD7', '9000']);
  assert.ok(card.send('00B2010400').startsWith(`80${id.length.toString(16)}${toHex(id)}`.toUpperCase()));
  // What the USIM has is as it was.
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026FD6', '9000'],
    ['00B0000011', `10${toHex(ofUsim.rand)}9000`],
    [derivation(id), keyOf(ofUsim, id)],
  );
  // Without the service in EF.IST the context is not supported, whatever EF.UST says.
  card.expect([selectIsim, '9000'], ['0020000A080102030405060708', '9000'], ['00A4000C026F07', '9000']);
  card.expect(['00D600000109', '9000'], [derivation(id), '9864'], [bootstrapping(192).command, '9864']);
});

test('a card without room for EF.GBABP refuses a bootstrapping with 9866, and its SQN is as it was', () => {
  const memory = cardMemory(personalisedMedium());
  let hasRoom = false;
  const read = () => new Uint8Array(200).fill(0xff);
  const files: ApplicationFiles = { read, write: () => hasRoom, records: () => 5, keep: () => hasRoom };
  const profile = uiccProfile.decode(memory.get(MEMORY_KEY.profile) as Uint8Array);
  const authentication = new Authentication(memory, () => profile, tableAes, { usim: files, isim: files });
  const { rand, command, answer } = bootstrapping(64);
  const run = () =>
    toHex(authentication.run({ context: 'bootstrapping', rand, autn: fromHex(command.slice(-34, -2)) }, () => {}));
  const { free } = memory;
  assert.equal(run(), '9866');
  assert.equal(memory.free, free);
  hasRoom = true;
  assert.equal(run(), answer);
});

test('a key of a server that would use up the room of what is vital is refused with 9866, and not kept', () => {
  const inner = cardMemory(personalisedMedium());
  let taken = 0;
  const memory: CardMemory = {
    get: (key) => inner.get(key),
    commit: (changes) => inner.commit(changes),
    get free() {
      return inner.free - taken;
    },
  };
  const card = subjectOn(personalisedMedium(), { memory });
  card.send(SELECT_USIM);
  const run = bootstrapping(64);
  card.expect([run.command, run.answer]);
  const id = nafId('naf.example');
  // Room for the record of EF.GBANL, and not for the key as well.
  taken = new Reserve(memory, []).room - 210;
  card.expect([derivation(id), '9866']);
  assert.equal(memory.get(MEMORY_KEY.internalKeys), undefined);
  taken = 0;
  card.expect([derivation(id), keyOf(run, id)]);
});

test('property: hostile data of the GBA context is a status word, and tells no key', () => {
  const card = subject();
  card.send(SELECT_USIM);
  const run = bootstrapping(64);
  card.expect([run.command, run.answer]);
  fc.assert(
    fc.property(fc.constantFrom(0xdd, 0xde, 0x00), fc.uint8Array({ maxLength: 60 }), (tag, data) => {
      const response = card.send(`${withData('00880084', concat(Uint8Array.of(tag), data))}00`);
      assert.ok(response.length === 4 || response.startsWith('DB20'), response);
      assert.ok(!response.includes(toHex(run.ks.subarray(0, 16))));
    }),
  );
});

/** Runs commands on a card until its power fails after so many octets; the last response, and what is left of it. */
function cutAt(source: NonVolatile, octets: number, commands: readonly string[]) {
  const { medium, survivor } = failing(source, octets);
  const card = uicc({ memory: cardMemory(medium), random: seededRandom('cut') });
  card.reset();
  const responses = commands.map((command) => toHex(card.transmit(fromHex(command))));
  const after = subjectOn(survivor);
  after.send(SELECT_USIM);
  return { last: responses.at(-1), after };
}

test('power cut at every octet of a bootstrapping: either the old keys, or the new ones, or none; an answer never twice', () => {
  const source = personalisedMedium();
  const id = nafId('naf.example');
  const [old, fresh] = [bootstrapping(64), bootstrapping(128, 'another')];
  const before = subjectOn(source);
  before.send(SELECT_USIM);
  before.expect([old.command, old.answer]);
  const seen = new Set<string>();
  for (let octets = 0; ; octets++) {
    const { last, after } = cutAt(source, octets, [SELECT_USIM, fresh.command]);
    const key = after.send(derivation(id));
    const kind = key === keyOf(old, id) ? 'old' : key === keyOf(fresh, id) ? 'new' : key;
    seen.add(kind);
    const again = after.send(fresh.command);
    if (last === fresh.answer) {
      assert.equal(kind, 'new');
      assert.ok(again.startsWith('DC0E'));
      break;
    }
    assert.equal(again === fresh.answer, kind !== 'new', `${octets}: ${kind}`);
  }
  assert.deepEqual([...seen].sort(), ['6985', 'new', 'old']);
});
