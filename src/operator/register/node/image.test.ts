import assert from 'node:assert/strict';
import { test as onSqlite, type TestContext } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { Imei, Imsi, Tac } from '#base/identity/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { FLEET_POLICY } from '#operator/subscriber/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import { rangeOfTac } from '../ranges.ts';
import { type ImageChange, RegisterImage } from './image.ts';
import { ImageLoader } from './loader.ts';
import { ruleOfPlain } from './plain-rule.ts';

const SUPPORTS = ['A1A2A3A4A5A6A7A8', 'B1B2B3B4B5B6B7B8'].map(fromHex);

/** An operator, and a memory of its register beside it, as another thread would have it. */
async function followed(context: TestContext) {
  const made = testOperator(context);
  const { operator, clock, register } = made;
  const changes: ImageChange[] = [];
  const sources = {
    database: operator.database,
    subscribers: operator.subscribers,
    feed: register.feed,
    settings: register.settings,
    tacs: register.tacs,
    imsiDefaults: register.imsiDefaults,
    clock,
    random: seededRandom('image'),
  };
  const loader = new ImageLoader(sources, (change) => changes.push(change));
  loader.load();
  changes.length = 0;
  const image = new RegisterImage(loader.parts, ruleOfPlain);
  const follow = () => {
    loader.follow();
    for (const change of changes.splice(0)) image.take(change);
  };
  const check = (imei: Imei, imsi?: Imsi) => {
    const answer = image.check({ front: 'api', imei, imsi, softwareVersion: undefined, peer: 'test' }, clock.now());
    return answer.kind === 'status' ? answer.equipmentStatus : answer.kind;
  };
  return { ...made, loader, image, follow, check };
}

/** Deterministic choices. */
function chooser(seed: string) {
  const random = seededRandom(seed);
  const number = (below: number) => {
    const [a = 0, b = 0] = random.octets(2);
    return (a * 256 + b) % below;
  };
  return { number, of: <T>(...values: readonly T[]): T => values[number(values.length)] as T };
}

for (const seed of ['one', 'two', 'three', 'four', 'five', 'six'])
  (seed === 'one' ? test : onSqlite)(
    `memory answers as the database explains, whatever happens (${seed})`,
    async (context) => {
      const { register, issue, receive, clock, follow, check, evidence, loader } = await followed(context);
      const { number, of } = chooser(seed);
      const phones = [issue(), issue(), issue({ policy: FLEET_POLICY })];
      const imeis = [1, 2, 3, 4].map(testImei);
      const anyImei = () => of(...imeis);
      const anyPhone = () => of(...phones);
      const expiry = () => (number(3) === 0 ? { expiresAt: clock.now() + 3 * MINUTE } : {});
      const list = () => of('black', 'grey', 'white');
      const range = () =>
        of(
          rangeOfTac(Tac.parse('00888801')),
          { first: imeis[0] as Imei, last: imeis[1] as Imei },
          { first: imeis[1] as Imei, last: imeis[3] as Imei },
        );
      const statuses = ['permitted', 'tracking', 'prohibited'] as const;
      /** Of a country, a network or more digits, of one of the phones or of a stranger. */
      const prefix = () => of(anyPhone().imsi.digits, '262019876543210').slice(0, 3 + number(12));
      const loadTacs = (tacs: readonly string[]) =>
        register.tacs.load([new TextEncoder().encode(`tac,maker\n${tacs.join('\n')}\n`)], {
          ...{ author: 'Ada', name: 'tacs.csv', isShrinkAllowed: true },
        });
      const steps: readonly (() => unknown)[] = [
        () =>
          register.lists.add({
            imei: anyImei(),
            list: list(),
            reason: of('stolen', 'duplicate'),
            author: 'Ada',
            ...expiry(),
          }),
        () => register.lists.remove({ imei: anyImei(), list: list(), author: 'Ada', reason: 'test' }),
        () => register.ranges.add({ ...range(), list: list(), reason: 'other', author: 'Ada', ...expiry() }),
        () => register.ranges.remove({ ...range(), list: list(), author: 'Ada', reason: 'test' }),
        () => {
          const firstImsi = anyPhone().imsi;
          const rule = {
            kind: of('allow', 'lock'),
            firstImsi,
            lastImsi: firstImsi,
            author: 'Ada',
            ...expiry(),
          } as const;
          register.pairRules.add({ ...rule, ...range() });
        },
        () => {
          const phone = anyPhone();
          const result = of('proved', 'provedOther', 'refuted', 'notProven');
          const reason = result === 'refuted' ? 'pairedImeiDiffers' : result === 'notProven' ? 'noAnswer' : 'none';
          return receive(phone, phone.uicc.report(anyImei(), { result, reason, support: of(...SUPPORTS) }));
        },
        () => register.check({ imei: anyImei(), imsi: anyPhone().imsi }),
        () => clock.advance(number(5) * MINUTE),
        () => register.setMode(of('enforce', 'enforce', 'track', 'off'), 'Ada', 'test'),
        () => register.setCloneStatus(of('tracking', 'prohibited'), 'Ada', 'test'),
        () => loadTacs(of(['35342009'], ['35342009', '00888801'], ['12345678'])),
        () => register.tacs.clear('Ada', 'test'),
        () => register.set('unknown.api', of('permitted', 'tracking', 'prohibited'), 'Ada', 'test'),
        () => register.imsiDefaults.set({ prefix: prefix(), answer: of(...statuses), note: '', author: 'Ada' }),
        () => register.imsiDefaults.set({ prefix: prefix(), answer: of(...statuses), note: '', author: 'Ada' }),
        () => register.imsiDefaults.remove({ prefix: prefix(), author: 'Ada', reason: 'test' }),
      ];
      for (let round = 0; round < 60; round++) {
        await of(...steps)();
        evidence.flush();
        follow();
        if (round % 20 === 19) loader.load();
        for (const imei of [...imeis, testImei(500), Imei.parse('35342009000001'), Imei.parse('00000000000000')])
          for (const imsi of [undefined, Imsi.parse('262019876543219'), ...phones.map((phone) => phone.imsi)]) {
            const explained = register.explain({ imei, ...(imsi && { imsi }) });
            assert.equal(
              check(imei, imsi),
              explained.equipmentStatus,
              `${round} ${imei.equipment} ${imsi} ${explained.reasons.map(({ code }) => code)}`,
            );
          }
      }
    },
  );

test('a batch is seen whole: from the feed, after a crash in its middle, and when it is undone', async (context) => {
  const { register, follow, check } = await followed(context);
  const lines = Array.from({ length: 2500 }, (_, i) => testImei(i).equipment);
  const file = new TextEncoder().encode(`imei\n${lines.join('\n')}\n`);
  const result = await register.importList([file], {
    list: 'black',
    source: 'regulator',
    author: 'Ada',
    name: 'big.csv',
  });
  assert.ok(result.outcome === 'applied');
  assert.equal(check(testImei(7)), 'permitted');
  follow();
  for (const i of [0, 999, 1000, 2499]) assert.equal(check(testImei(i)), 'prohibited');
  await register.undoImport({ batch: result.batch, author: 'Ada', reason: 'wrong' });
  assert.equal(check(testImei(7)), 'prohibited');
  follow();
  for (const i of [0, 999, 1000, 2499]) assert.equal(check(testImei(i)), 'permitted');
});

test('what is not loaded, too old, or no IMEI is answered as the operator set it', async (context) => {
  const { register, image, follow, clock } = await followed(context);
  const ask = (imei: Imei | undefined, imsi?: Imsi) =>
    image.check({ front: 's13', imei, imsi, softwareVersion: undefined, peer: 'mme' }, clock.now());
  assert.deepEqual(ask(undefined), { kind: 'unknown' });
  register.set('failure.notAnImei', 'tracking', 'Ada', 'test');
  register.set('failure.listTooOld', 'unavailable', 'Ada', 'test');
  register.set('oldestList', '1000', 'Ada', 'test');
  register.set('unknown.s13', 'unknown', 'Ada', 'test');
  follow();
  assert.deepEqual(ask(undefined), { kind: 'status', equipmentStatus: 'tracking' });
  assert.deepEqual(ask(testImei(1)), { kind: 'unknown' });
  register.imsiDefaults.set({ prefix: '26201', answer: 'tracking', note: '', author: 'Ada' });
  register.imsiDefaults.set({ prefix: '262', answer: 'unknown', note: '', author: 'Ada' });
  follow();
  const of = (digits: string) => ask(testImei(1), Imsi.parse(digits));
  assert.deepEqual(of('262010000000001'), { kind: 'status', equipmentStatus: 'tracking' });
  assert.deepEqual([of('262020000000001').kind, of('310150000000001').kind], ['unknown', 'unknown']);
  clock.advance(1001);
  assert.equal(ask(testImei(1)).kind, 'unavailable');
  follow();
  assert.equal(ask(testImei(1)).kind, 'unknown');
});
