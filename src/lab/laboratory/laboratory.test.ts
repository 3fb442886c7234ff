import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { toHex } from '#base/codec/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { silentTrace } from '#base/trace/index.ts';
import { describeHop, type Hop, OCTET_NAMES, type OctetNode } from '#protocol/exchange/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { type Done, isRefusal, type OpenLaboratory, openLaboratory, type Refusal } from './index.ts';

// One laboratory for all: each test has handsets of its own.

let open: OpenLaboratory;
const directory = mkdtempSync(join(tmpdir(), 'assay-laboratory-'));

before(async () => {
  open = await openLaboratory({
    ...{ directory, clock: systemClock, random: seededRandom('laboratory'), scheduler: systemScheduler },
    ...{ trace: silentTrace, smppPort: 0, gateway: { pollMilliseconds: 20, contact: '' } },
  });
});
after(async () => {
  await open.close();
  rmSync(directory, { recursive: true });
});

const made = (name: string, more = {}) => {
  assert.deepEqual(open.laboratory.make({ name, ...more }), { kind: 'done', exchange: undefined });
  return open.laboratory;
};

/** The exchange of something that was done. */
async function exchangeOf(result: Promise<Done | Refusal> | Done | Refusal) {
  const done = await result;
  assert.ok(!isRefusal(done), JSON.stringify(done));
  const exchange = open.laboratory.exchangeOf(done);
  assert.ok(exchange);
  return exchange;
}
const hopsOf = (exchange: number): readonly Hop[] => open.laboratory.exchanges.after(0, 10_000, { exchange });
const refusalOf = (result: Done | Refusal) => (isRefusal(result) ? result.why : 'none');

test('a handset that is made proves its IMEI, attaches and calls; every step is in its exchange', async () => {
  const laboratory = made('ada');
  const boot = await exchangeOf(laboratory.powerOn('ada'));
  assert.deepEqual([boot.kind, boot.outcome, boot.steps], ['powerOn', { kind: 'attached' }, [101, 102, 103, 104]]);
  assert.equal(laboratory.handset('ada')?.service, 'registered');
  const call = await exchangeOf(laboratory.call('ada', '0301234567'));
  assert.deepEqual([call.kind, call.outcome], ['call', { kind: 'connected' }]);
  assert.equal((await exchangeOf(laboratory.call('ada', '112'))).kind, 'emergencyCall');
  assert.deepEqual((await exchangeOf(laboratory.powerOff('ada'))).outcome, { kind: 'off' });
  assert.equal(refusalOf(await laboratory.call('ada', '112')), 'conflict');
});

test('forging the IMEI: the altered octets, what was given, and the MAC that fails are told', async () => {
  const laboratory = made('eve');
  await exchangeOf(laboratory.powerOn('eve'));
  await laboratory.flash('eve', 'forges-imei');
  const forged = await exchangeOf(laboratory.powerOn('eve'));
  assert.equal(forged.isAltered, true);
  assert.deepEqual(forged.outcome, { kind: 'uiccRefused', code: 0x6985 });
  const hop = hopsOf(forged.number).find(({ isAltered }) => isAltered);
  assert.ok(hop?.carried);
  const { alteration, brokenSeals, sheets } = describeHop(hop, laboratory.opened);
  assert.ok(alteration);
  const [range] = alteration.ranges;
  assert.ok(range);
  const sheet = sheets.find(({ id }) => id === alteration.sheet);
  assert.notEqual(
    toHex(sheet?.octets.slice(range.from, range.to) ?? new Uint8Array(0)),
    toHex(alteration.given.slice(range.from - alteration.at, range.to - alteration.at)),
  );
  const [seal] = brokenSeals;
  assert.ok(seal?.computed);
  assert.notEqual(toHex(seal.received), toHex(seal.computed));
  // What the storage support really said stands beside its own hop: the laboratory's card enciphered it.
  const asked = hopsOf(forged.number).find(({ record }) => record.name === 'GET DATA (IMEI, protected)');
  assert.ok(asked);
  const plain = describeHop(asked, laboratory.opened).sheets.find(({ id }) => id === 'plain1');
  const imei = plain?.nodes.find(({ name }) => name === 'imei');
  assert.equal(imei?.value, laboratory.handset('eve')?.support?.imei.withCheckDigit);
});

test('every hop of a whole life can be described, with ranges inside its octets', async () => {
  const laboratory = made('life');
  await exchangeOf(laboratory.powerOn('life'));
  await exchangeOf(laboratory.reportStolen('life', '4711'));
  for (const hop of laboratory.exchanges.after(0, 10_000)) {
    const { sheets, meaning } = describeHop(hop, laboratory.opened);
    assert.notEqual(meaning.code, 'other', hop.record.name);
    for (const { nodes, octets, title } of sheets) {
      for (const { from, to } of nodes) assert.ok(from < to && to <= octets.length, `${hop.record.name}: ${title}`);
      // What describes has a code, so that it can be said in another language.
      for (const name of [title, ...flat(nodes).map(([one]) => one)])
        assert.ok(OCTET_NAMES.has(name) || STANDARD_TERM.test(name), `${hop.record.name}: ${name}`);
    }
  }
});

/** Names of elements as standards write them: CLA, KIc, TP-UD, SW1 SW2, command_status. */
const STANDARD_TERM = /^([A-Z][A-Z0-9-]*[a-z]?|SW1 SW2|TP-[A-Z]+|[a-z]+(_[a-z]+)+|password)$/;

/** Names and values of all elements of a tree. */
const flat = (nodes: readonly OctetNode[]): readonly (readonly [string, string | undefined])[] =>
  nodes.flatMap(({ name, value, children }) => [[name, value] as const, ...flat(children ?? [])]);

test('what crosses sealed can be read behind it: report, answer, proof of receipt, pairing keys', async () => {
  const laboratory = made('read');
  const boot = await exchangeOf(laboratory.powerOn('read'));
  const plainOf = (name: string) => {
    const hop = hopsOf(boot.number).find(({ record }) => record.name === name);
    assert.ok(hop, name);
    const { sheets } = describeHop(hop, laboratory.opened);
    return new Map(flat(sheets.find(({ id }) => id === 'plain1')?.nodes ?? []));
  };
  const imei = laboratory.handset('read')?.support?.imei.withCheckDigit;
  const report = plainOf('report');
  assert.deepEqual([report.get('provedImei'), report.get('claimedImei'), report.get('result')], [imei, imei, 'proved']);
  assert.equal(plainOf('answer: permit').get('order'), 'permit');
  assert.equal(plainOf('proof of receipt').get('state'), 'enabled');
  // The same packet inside each message that carries it: TPDU, PDU, envelope.
  for (const name of ['SMS-SUBMIT', 'submit_sm', 'SEND SHORT MESSAGE', 'ENVELOPE: SMS-PP DOWNLOAD', 'CP-DATA'])
    assert.ok(plainOf(name).has('CNTR'), name);
  assert.ok([...plainOf('PUT KEY (pairing keys)').keys()].length > 0);
});

test('a report of theft blocks through the UICC, a recovery lifts it', async () => {
  const laboratory = made('grace');
  await exchangeOf(laboratory.powerOn('grace'));
  const theft = await exchangeOf(laboratory.reportStolen('grace', '4711'));
  assert.ok(hopsOf(theft.number).some(({ record }) => record.name === 'answer: block'));
  assert.match(laboratory.handset('grace')?.shown.at(-1) ?? '', /4711/);
  const boot = await exchangeOf(laboratory.powerOn('grace'));
  assert.deepEqual(boot.outcome, { kind: 'uiccRefused', code: 0x6985 });
  assert.equal((await exchangeOf(laboratory.call('grace', '112'))).outcome?.kind, 'connected');
  const found = await exchangeOf(laboratory.reportFound('grace'));
  assert.equal(found.kind, 'message');
  assert.equal(refusalOf(await laboratory.reportFound('grace')), 'conflict');
});

test('a message that is dropped does not arrive; one that is repeated is refused by its counter', async () => {
  const laboratory = made('kim');
  laboratory.messages.drop('kim', 'toOperator', 1);
  const boot = await exchangeOf(laboratory.powerOn('kim'));
  const names = hopsOf(boot.number).map(({ record }) => record.name);
  assert.ok(names.includes('DROPPED short message'));
  assert.equal(laboratory.messages.drops.length, 0);
  const [dropped] = laboratory.messages.before(Number.MAX_SAFE_INTEGER, 10, 'kim').filter(({ isDropped }) => isDropped);
  assert.ok(dropped);
  const replayed = laboratory.messages.replay(dropped.number);
  assert.ok(typeof replayed === 'number' && replayed > dropped.number);
  const [copy] = laboratory.messages.before(replayed + 1, 1, 'kim');
  assert.deepEqual([copy?.replayOf, toHex(copy?.octets ?? new Uint8Array(0))], [dropped.number, toHex(dropped.octets)]);
  assert.equal(typeof laboratory.messages.replay(999_999), 'object');
});

test('an answer that no card saw is opened by the operator’s keys', async () => {
  const laboratory = made('sealed');
  laboratory.messages.drop('sealed', 'toHandset', 1);
  const boot = await exchangeOf(laboratory.powerOn('sealed'));
  const dropped = hopsOf(boot.number).find(({ record }) => record.name === 'DROPPED short message');
  assert.ok(dropped);
  const { sheets } = describeHop(dropped, laboratory.opened);
  const inside = new Map(flat(sheets.find(({ id }) => id === 'plain1')?.nodes ?? []));
  assert.equal(inside.get('order'), 'permit');
});

test('a power cut ends what runs; the cards are as sound as before', async () => {
  const laboratory = made('cut');
  for (const questions of [0, 5, 25]) {
    const torn = await exchangeOf(laboratory.powerOn('cut', questions));
    assert.deepEqual(torn.outcome, { kind: 'powerCut' });
    assert.equal(laboratory.handset('cut')?.isOn, false);
  }
  assert.deepEqual((await exchangeOf(laboratory.powerOn('cut'))).outcome, { kind: 'attached' });
  laboratory.cutPower('cut');
  assert.equal(laboratory.handset('cut')?.isOn, false);
});

test('cards change handsets: a UICC that meets another storage support proves and reports it', async () => {
  const laboratory = made('one');
  made('two');
  await exchangeOf(laboratory.powerOn('one'));
  await exchangeOf(laboratory.powerOn('two'));
  const before = laboratory.handset('one')?.uicc;
  assert.ok(!isRefusal(await laboratory.swap('one', 'two', 'uicc')));
  assert.deepEqual(laboratory.handset('two')?.uicc, before);
  const boot = await exchangeOf(laboratory.powerOn('two'));
  assert.ok(boot.steps.includes(103), 'the new pair is reported');
  assert.equal(refusalOf(await laboratory.swap('one', 'one', 'support')), 'conflict');
});

test('one thing at a time in a handset; names that are there or not there are refused', async () => {
  const laboratory = made('busy');
  const running = laboratory.powerOn('busy');
  assert.equal(refusalOf(await laboratory.powerOn('busy')), 'busy');
  assert.equal(refusalOf(await laboratory.reset()), 'busy');
  await running;
  assert.equal(refusalOf(laboratory.make({ name: 'busy' })), 'conflict');
  assert.equal(refusalOf(laboratory.make({ name: 'replay' })), 'conflict', 'replays are kept under this name');
  assert.equal(refusalOf(await laboratory.powerOn('nobody')), 'unknown');
  assert.equal(refusalOf(laboratory.cutPower('nobody')), 'unknown');
});

test('an old handset has no storage support; a reset puts everything back', async () => {
  const laboratory = made('old', { hasSupport: false });
  assert.deepEqual((await exchangeOf(laboratory.powerOn('old'))).outcome, { kind: 'attached' });
  laboratory.messages.drop('old', 'toHandset', 3);
  assert.ok(!isRefusal(await laboratory.reset()));
  assert.equal(laboratory.handset('old'), undefined);
  assert.deepEqual(laboratory.messages.drops, []);
});
