import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as alone, type TestContext } from 'node:test';
import fc from 'fast-check';
import type { Imei, Imsi } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import { loaderOf } from './away.fixture.ts';
import { RegisterImage } from './image.ts';
import { readKeptParts, writeKeptParts } from './kept-parts.ts';
import type { ImageLoader } from './loader.ts';
import { ruleOfPlain } from './plain-rule.ts';
import { imsiNumber, ProofTable } from './proof-table.ts';
import { rangeTable } from './range-table.ts';

/** An operator, a node's memory that was saved, and what a loader needs to start from there. */
async function saved(context: TestContext) {
  const made = testOperator(context);
  const { operator, clock, register } = made;
  const sources = {
    ...{ database: operator.database, subscribers: operator.subscribers, feed: register.feed, clock },
    ...{ settings: register.settings, tacs: register.tacs, imsiDefaults: register.imsiDefaults },
    random: seededRandom('kept'),
  };
  const directory = temporaryDirectory(context);
  const first = loaderOf(sources, directory);
  await first.loader.start();
  const save = async () => {
    first.loader.follow();
    await first.loader.save();
  };
  const startAway = async () => {
    const started = loaderOf(sources, directory, true);
    return { ...started, loaded: await started.loader.start() };
  };
  const check = (loader: ImageLoader, imei: Imei, imsi?: Imsi) => {
    const question = { front: 'api', imei, imsi, softwareVersion: undefined, peer: 'test' } as const;
    const answer = new RegisterImage(loader.parts, ruleOfPlain).check(question, clock.now());
    return answer.kind === 'status' ? answer.equipmentStatus : answer.kind;
  };
  const add = (serial: number, more: { expiresAt?: number } = {}) =>
    register.lists.add({ imei: testImei(serial), list: 'black', reason: 'stolen', author: 'Ada', ...more });
  return { ...made, directory, sources, first, save, startAway, check, add };
}

test('without its database a node answers as with it: entries, ranges, pairs, proofs, contests, copies, codes, settings', async (context) => {
  const { register, issue, receive, evidence, save, startAway, check, add } = await saved(context);
  const phones = [issue(), issue()] as const;
  const other = testImei(8);
  await receive(phones[0], phones[0].uicc.report(testImei(7)));
  await receive(phones[1], phones[1].uicc.report(other, { result: 'refuted', reason: 'pairedImeiDiffers' }));
  register.check({ imei: testImei(9), imsi: phones[0].imsi });
  evidence.flush();
  add(1);
  const author = 'Ada';
  register.lists.add({ imei: testImei(7), list: 'black', reason: 'duplicate', author });
  register.ranges.add({ first: testImei(100), last: testImei(199), list: 'grey', reason: 'malformed', author });
  const { imsi } = phones[1];
  register.pairRules.add({
    kind: 'allow',
    first: testImei(1),
    last: testImei(1),
    firstImsi: imsi,
    lastImsi: imsi,
    author,
  });
  const tacs = [new TextEncoder().encode('tac,maker\n00888801,Nobody\n')];
  await register.tacs.load(tacs, { author, name: 'tacs.csv', isShrinkAllowed: true });
  register.set('cloneStatus', 'prohibited', author, 'test');
  register.imsiDefaults.set({ prefix: phones[1].imsi.digits.slice(0, 14), answer: 'tracking', note: '', author });
  await save();
  const { loader, loaded } = await startAway();
  assert.equal(loaded.from, 'snapshot');
  assert.match(loaded.because, new RegExp(`^as of change ${register.feed.newest()}, 2026-11-24T`));
  const seen = new Set<string>();
  for (const serial of [1, 2, 7, 8, 9, 150])
    for (const phone of [undefined, ...phones]) {
      const explained = register.explain({ imei: testImei(serial), ...(phone && { imsi: phone.imsi }) });
      assert.equal(check(loader, testImei(serial), phone?.imsi), explained.equipmentStatus, `${serial} ${phone?.imsi}`);
      for (const { code } of explained.reasons) seen.add(code);
    }
  // The life that was compared has met what it should.
  assert.ok(seen.size > 6, [...seen].join());
});

test('how old the lists are goes on from the snapshot, also when nothing changed since; too old is answered as set', async (context) => {
  const { register, clock, save, startAway, check, add } = await saved(context);
  add(1);
  register.set('failure.listTooOld', 'unavailable', 'Ada', 'test');
  register.set('oldestList', String(DAY), 'Ada', 'test');
  await save();
  clock.advance(3 * DAY);
  // Nothing is new but that nothing is.
  await save();
  clock.advance(DAY - MINUTE);
  const { loader, ...started } = await startAway();
  assert.equal(clock.now() - loader.completeAt, DAY - MINUTE);
  assert.equal(check(loader, testImei(1)), 'prohibited');
  clock.advance(2 * MINUTE);
  assert.equal(check(loader, testImei(1)), 'unavailable');
  assert.throws(() => loader.follow(), { name: 'DatabaseError' });
  started.switch.isAway = false;
  loader.follow();
  assert.equal(check(loader, testImei(1)), 'prohibited');
});

test('the database comes back: what changed and expired meanwhile is taken in; after a gap, or with less than was known, all is read anew', async (context) => {
  const { register, clock, save, startAway, check, add, operator } = await saved(context);
  add(1, { expiresAt: clock.now() + MINUTE });
  add(2);
  await save();
  add(3);
  const statuses = (loader: ImageLoader) => [1, 2, 3].map((serial) => check(loader, testImei(serial)));
  const later = await startAway();
  clock.advance(2 * MINUTE);
  assert.deepEqual(statuses(later.loader), ['prohibited', 'prohibited', 'permitted']);
  later.switch.isAway = false;
  later.loader.follow();
  assert.deepEqual(statuses(later.loader), ['permitted', 'prohibited', 'prohibited']);

  const gap = await startAway();
  register.feed.prune(0);
  gap.switch.isAway = false;
  gap.loader.follow();
  assert.deepEqual(statuses(gap.loader), ['permitted', 'prohibited', 'prohibited']);

  const restored = await startAway();
  operator.database.execute('DELETE FROM list_entry; UPDATE change_counter SET last = 0; DELETE FROM register_change');
  restored.switch.isAway = false;
  restored.loader.follow();
  assert.deepEqual([statuses(restored.loader), restored.loader.sequence], [['permitted', 'permitted', 'permitted'], 0]);
});

test('what expired after the last change stays expired, and a snapshot of another database is not taken for this one', async (context) => {
  const { clock, save, startAway, check, add, sources, directory } = await saved(context);
  add(1, { expiresAt: clock.now() + MINUTE });
  await save();
  clock.advance(2 * MINUTE);
  await save();
  assert.equal(check((await startAway()).loader, testImei(1)), 'permitted');
  const { loader } = loaderOf(sources, directory, true, 'postgres://other/database');
  await assert.rejects(
    loader.start(),
    /says the test; nor can this node answer from a snapshot: .*node.snapshot is of /,
  );
  renameSync(join(directory, 'node.snapshot.parts'), join(directory, 'moved'));
  await assert.rejects(startAway(), /node.snapshot.parts: there is no such file/);
});

alone('every flipped bit, every missing or added octet of the kept parts is found', async (context) => {
  const path = join(temporaryDirectory(context), 'parts');
  const proofs = ProofTable.forSubscribers(3);
  proofs.set(imsiNumber('001010000000042'), { provedImei: 5, isRefuted: false, isPairingLocked: true });
  const parts = {
    ...{ database: 'here', sequence: 7, completeAt: 8, settings: { mode: 'track' }, pairs: [], tacs: undefined },
    imsiDefaults: [['262', 'tracking']] as const,
    contests: [['001010000000042', [{ imei: 6, since: 9, isRefuted: true }]]] as const,
    ranges: rangeTable([{ first: 10, last: 20, list: 'grey' }]),
    proofs,
  };
  await writeKeptParts(path, parts);
  const whole = readFileSync(path);
  const answer = await readKeptParts(path);
  assert.ok(answer.kind === 'loaded');
  const { proofs: readProofs, ranges, ...small } = answer.parts;
  const { proofs: _proofs, ranges: _ranges, ...smallBefore } = parts;
  assert.deepEqual(small, smallBefore);
  assert.deepEqual(readProofs.standing(imsiNumber('001010000000042')), proofs.standing(imsiNumber('001010000000042')));
  assert.deepEqual([readProofs.size, [...readProofs.provedImeis()]], [1, [5]]);
  assert.deepEqual(new Uint8Array(ranges.tags), new Uint8Array(parts.ranges.tags));
  const kindOf = async (octets: Uint8Array) => {
    writeFileSync(path, octets);
    return (await readKeptParts(path)).kind;
  };
  assert.equal(await kindOf(Buffer.concat([whole, Uint8Array.of(0)])), 'refused');
  const somewhere = fc.oneof(fc.nat(whole.length - 1), fc.nat(400));
  await fc.assert(
    fc.asyncProperty(somewhere, fc.nat(7), async (at, bit) => {
      assert.equal(await kindOf(whole.subarray(0, at)), 'refused');
      const flipped = Uint8Array.from(whole);
      flipped[at]! ^= 1 << bit;
      assert.equal(await kindOf(flipped), 'refused');
    }),
    { numRuns: 60 },
  );
});
