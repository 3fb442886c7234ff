import assert from 'node:assert/strict';
import { fromHex, toHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint, uncompressedPoint } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { asRoot, STANDARD_POLICY } from '#operator/subscriber/index.ts';
import { type Answer, MOST_ROOTS, rootName, trustDigest } from '#protocol/imei-lock/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { cardOrder, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';

const random = seededRandom('makers');
const maker = (number: number) => ({
  identifier: Uint8Array.of(0x4d, number),
  publicPoint: publicPoint(generateKeyPair('P-256', random).publicKey),
});
const [OLD, NEW] = [maker(1), maker(2)];
const WHY = { author: 'Ada', reason: 'a new maker' };

type Made = ReturnType<typeof testOperator>;
type Phone = ReturnType<Made['issue']>;

/** An operator whose UICCs came with the old maker. */
function withMaker(context: Parameters<typeof testOperator>[0]) {
  const made = testOperator(context);
  made.subscribers.trustMaker(OLD);
  /** What the order that is under way to this UICC says; it is opened once. */
  const open = ({ uicc, iccid }: Phone) => {
    const { packet } = made.gateway.outbox.newest(9, iccid.digits).find(({ state }) => state === 'sent') ?? {};
    const opened = packet && uicc.openPacket(packet);
    assert.ok(opened);
    return opened;
  };
  const digestOf = ({ trust }: Answer) =>
    trustDigest(
      (trust?.roots ?? []).map((one) => ({ ...one, publicPoint: uncompressedPoint('P-256', one.publicPoint) })),
    );
  /** The UICC does what the last message says. */
  const obey = async (phone: Phone) => {
    const opened = open(phone);
    const trust = opened.answer.order === 'setRoots' && { trustDigest: digestOf(opened.answer) };
    await made.receive(phone, phone.uicc.proof(opened, 'enabled', 0, trust || {}));
    return opened.answer;
  };
  const roots = ({ iccid }: Phone) => {
    const { trust, isFixed } = made.subscribers.trusts.of(iccid.digits);
    return [trust && made.subscribers.trusts.roots(trust).map(({ identifier }) => toHex(identifier)), isFixed];
  };
  return { ...made, ...{ open, obey, roots }, rollout: made.gateway.rootRollout };
}

test('each UICC is ordered once; what it acknowledges is what it believes', async (context) => {
  const { issue, poll, obey, roots, rollout, subscribers, gateway, clock, audit } = withMaker(context);
  const phone = issue();
  assert.deepEqual(roots(phone), [['4D01'], false]);
  subscribers.trustMaker(NEW, WHY);
  assert.deepEqual(roots(phone), [['4D01'], false], 'it came with the maker of its day');
  assert.equal(rollout.begin(WHY).kind, 'begun');
  clock.advance(1);
  const later = issue();
  await poll();
  await poll();
  assert.deepEqual(roots(phone), [['4D01'], false], 'not before it says so');
  const order = await obey(phone);
  assert.deepEqual(
    order.trust?.roots.map(({ caIdentifier, publicPoint: point }) => [toHex(caIdentifier), point.length]),
    [
      ['4D01', 33],
      ['4D02', 33],
    ],
  );
  assert.deepEqual(
    [roots(phone), roots(later)],
    [
      [['4D01', '4D02'], false],
      [['4D01', '4D02'], false],
    ],
  );
  assert.equal(gateway.outbox.newest(9).length, 1, 'the one that was issued later came with them');
  const { state, uiccs, holding, underWay } = rollout.newest() ?? {};
  assert.deepEqual([state, uiccs, holding, underWay], ['ordered', 2, 2, 0]);
  assert.equal(audit.verify(), undefined);
});

test('some hundreds are ordered in a round, and no more than the SMSC takes', async (context) => {
  const { poll, subscribers, gateway, rollout, answers, clock } = withMaker(context);
  const uiccs = 1100;
  subscribers.issueCards(Array.from({ length: uiccs }, (_, at) => cardOrder(at + 1, { withCertificate: false })));
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  const [counts, refused] = [[] as number[], { outcome: 'not sent', because: 'session closed' } as const];
  for (let round = 0; round < 7; round++) {
    // The SMSC is away.
    answers.push(...Array.from({ length: 500 }, () => refused));
    await poll();
    counts.push(rollout.newest()?.underWay ?? 0);
  }
  assert.deepEqual(counts, [200, 400, 600, 800, 1000, 1000, 1000]);
  answers.length = 0;
  clock.advance(MINUTE);
  for (let round = 0; round < 3; round++) await poll();
  assert.deepEqual([rollout.newest()?.underWay, rollout.newest()?.state], [uiccs, 'ordered']);
  assert.equal(gateway.outbox.counts().acknowledged, undefined);
});

test('a newer roll-out takes the place of an order that is still open', async (context) => {
  const { issue, poll, obey, roots, subscribers, gateway, rollout } = withMaker(context);
  const phone = issue();
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  await poll();
  assert.deepEqual(rollout.begin(WHY).kind, 'begun', 'all are ordered: it may be begun again');
  assert.equal(gateway.outbox.newest(9).length, 1);
  await poll();
  assert.equal(gateway.outbox.newest(9).length, 1, 'but its order is on the way');
  subscribers.distrustMaker(OLD.identifier, WHY);
  rollout.begin(WHY);
  await poll();
  assert.deepEqual(
    gateway.outbox.newest(9).map(({ state }) => state),
    ['sent', 'superseded'],
  );
  await obey(phone);
  assert.deepEqual(roots(phone), [['4D02'], false]);
});

test('what would change is told before: who would lose service, who is locked, of whom it is not known', async (context) => {
  const { issue, receive, obey, poll, subscribers, rollout, database, gateway } = withMaker(context);
  subscribers.trustMaker(NEW, WHY);
  const names = [OLD, NEW].map((root) => rootName(asRoot(root)));
  const certificate = fromHex('010203040506');
  const report = (phone: Phone, number: number, root?: Uint8Array, more = {}) =>
    receive(
      phone,
      phone.uicc.report(testImei(number), { ...(root && { version: 'two', root, certificate }), ...more }),
    );
  const [ofOld, locked, ofNew, unnamed, lastTime] = [
    issue(),
    issue({ policy: { ...STANDARD_POLICY, pairing: 'locked' } }),
    issue(),
    issue(),
    issue(),
  ];
  await report(ofOld, 1, names[0]);
  await report(locked, 2, names[0], { support: fromHex('A1A2A3A4A5A6A701') });
  await report(ofNew, 3, names[1], { support: fromHex('A1A2A3A4A5A6A702') });
  await report(unnamed, 4, undefined, { support: fromHex('A1A2A3A4A5A6A703') });
  await report(lastTime, 5, names[0], { support: fromHex('A1A2A3A4A5A6A704') });
  await report(lastTime, 5, undefined, { result: 'notProven', reason: 'noAnswer', support: undefined });
  issue();
  const before = database.query('SELECT count(*) AS number FROM trust', { number: (value) => Number(value) });
  const sets = before.only().number;
  const effect = await rollout.effect([NEW]);
  const rest = { uiccs: 6, holding: 0, fixed: 0, messages: 1 };
  assert.deepEqual(effect, { ...rest, ordered: 6, losing: 3, locked: 1, unknown: 1 });
  assert.equal(before.only().number, sets, 'nothing was kept');
  assert.deepEqual(await rollout.effect([OLD, NEW]), {
    ...effect,
    holding: 6,
    ordered: 0,
    messages: 2,
    losing: 0,
    locked: 0,
    unknown: 0,
  });
  // Whoever believes the set already loses nothing by it.
  subscribers.distrustMaker(OLD.identifier, WHY);
  rollout.begin(WHY);
  for (let round = 0; round < 3; round++) await poll();
  for (const phone of [ofOld, ofNew]) {
    // The answer to its report first.
    await obey(phone);
    await poll();
    await obey(phone);
  }
  assert.deepEqual(await rollout.effect([NEW]), { ...effect, holding: 2, ordered: 4, losing: 2 });
  assert.equal(gateway.rootRollout.newest()?.holding, 2);
});

test('a UICC whose order was given up is ordered again when it reports, one that knows no such order never', async (context) => {
  const { issue, receive, poll, open, obey, roots, subscribers, gateway, rollout, clock } = withMaker(context);
  const [phone, fixed] = [issue(), issue()];
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  await poll();
  await receive(
    fixed,
    fixed.uicc.proof({ ...open(fixed), answer: { version: 'one', direction: 'answer', order: 'permit' } }, 'enabled'),
  );
  assert.deepEqual(roots(fixed), [['4D01'], true]);
  const lost = gateway.outbox.newest(1, phone.iccid.digits)[0];
  assert.ok(lost);
  gateway.outbox.fail(lost.id, { code: 'noProof', values: { attempts: 20 } });
  clock.advance(1000);
  for (const one of [phone, fixed]) await receive(one, one.uicc.report(testImei(one === phone ? 1 : 2)));
  await obey(phone);
  await poll();
  assert.equal((await obey(phone)).order, 'setRoots');
  assert.deepEqual(roots(phone), [['4D01', '4D02'], false]);
  assert.deepEqual(
    gateway.outbox.newest(9, fixed.iccid.digits).map(({ order, state }) => [order, state]),
    [
      ['permit', 'sent'],
      ['setRoots', 'failed'],
    ],
  );
});

test('makers that are rolled out again in the place of others reach also a UICC that may have obeyed the order for those', async (context) => {
  const { issue, receive, poll, open, obey, roots, subscribers, gateway, rollout } = withMaker(context);
  const [early, late, unreachable] = [issue(), issue(), issue()];
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  await poll();
  const opened = open(early);
  const lost = gateway.outbox.newest(1, unreachable.iccid.digits)[0];
  assert.ok(lost);
  gateway.outbox.fail(lost.id, { code: 'noProof', values: { attempts: 20 } });
  subscribers.distrustMaker(NEW.identifier, WHY);
  assert.equal((await rollout.effect([OLD])).ordered, 3);
  assert.equal(rollout.begin({ ...WHY, reason: 'back' }).kind, 'begun');
  await poll();
  await receive(early, early.uicc.proof(opened, 'enabled', 0, { trustDigest: trustDigest([OLD, NEW].map(asRoot)) }));
  for (const phone of [early, late, unreachable]) {
    assert.equal((await obey(phone)).trust?.roots.length, 1);
    assert.deepEqual(roots(phone), [['4D01'], false]);
  }
  assert.equal((await rollout.effect([OLD])).ordered, 0);
});

test('an acknowledgement is heard once, and not after that of a later order', async (context) => {
  const { issue, receive, poll, open, roots, subscribers, rollout } = withMaker(context);
  const phone = issue();
  const proofOf = (made: ReturnType<typeof open>, believed: readonly (typeof OLD)[]) =>
    phone.uicc.proof(made, 'enabled', 0, { trustDigest: trustDigest(believed.map(asRoot)) });
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  await poll();
  const first = proofOf(open(phone), [OLD, NEW]);
  subscribers.distrustMaker(OLD.identifier, WHY);
  rollout.begin(WHY);
  await poll();
  const second = proofOf(open(phone), [NEW]);
  await receive(phone, second);
  await receive(phone, first);
  assert.deepEqual(roots(phone), [['4D02'], false], 'the handset had kept the first');
  await receive(phone, first);
  assert.deepEqual(roots(phone), [['4D02'], false]);
});

test('a block for an unknown root is lifted when the UICC believes others, unless a person decided', async (context) => {
  const { issue, receive, poll, open, obey, subscribers, gateway, rollout } = withMaker(context);
  const [phone, judged] = [issue(), issue()];
  const foreign = { result: 'refuted', reason: 'foreignRoot', state: 'blockedLocally' } as const;
  const told = async (phone: Phone) => {
    const opened = open(phone);
    const trust = { trustDigest: trustDigest([OLD, NEW].map(asRoot)) };
    const isRoots = opened.answer.order === 'setRoots';
    await receive(phone, phone.uicc.proof(opened, 'blockedByOperator', 0, isRoots ? trust : {}));
    return opened.answer.order;
  };
  for (const one of [phone, judged]) {
    await receive(one, one.uicc.report(testImei(1), foreign));
    assert.equal(await told(one), 'block');
  }
  gateway.command({ iccid: judged.iccid, order: 'block', author: 'Grace', reason: 'court' });
  await poll();
  await obey(judged);
  subscribers.trustMaker(NEW, WHY);
  rollout.begin(WHY);
  await poll();
  for (const one of [phone, judged]) assert.equal(await told(one), 'setRoots');
  assert.equal(gateway.outbox.newest(1, phone.iccid.digits)[0]?.order, 'unblock');
  assert.equal(gateway.outbox.newest(1, judged.iccid.digits)[0]?.order, 'setRoots');
});

test('a block stays when the UICC learns no other root, and when it says that it blocked itself for another reason', async (context) => {
  const { issue, receive, poll, open, subscribers, gateway, rollout } = withMaker(context);
  subscribers.trustMaker(NEW, WHY);
  const phone = issue();
  const foreign = { result: 'refuted', reason: 'foreignRoot', state: 'blockedLocally' } as const;
  await receive(phone, phone.uicc.report(testImei(1), foreign));
  await receive(phone, phone.uicc.proof(open(phone), 'blockedByOperator'));
  const rolledOut = async (state: 'blockedByOperator' | 'blockedLocally') => {
    rollout.begin(WHY);
    await poll();
    const trust = { trustDigest: trustDigest(subscribers.makerRoots().map(asRoot)) };
    await receive(phone, phone.uicc.proof(open(phone), state, 0, trust));
    return gateway.outbox.newest(1)[0]?.order;
  };
  subscribers.distrustMaker(OLD.identifier, WHY);
  assert.equal(await rolledOut('blockedByOperator'), 'setRoots');
  subscribers.trustMaker(maker(3), WHY);
  assert.equal(await rolledOut('blockedLocally'), 'setRoots');
  subscribers.trustMaker(maker(4), WHY);
  assert.equal(await rolledOut('blockedByOperator'), 'unblock');
});

test('what cannot be rolled out is refused with its reason, and nothing is begun', async (context) => {
  const { issue, subscribers, rollout } = withMaker(context);
  issue();
  const refusal = (by = WHY) => {
    const result = rollout.begin(by);
    return result.kind === 'refused' ? result.why : result.kind;
  };
  assert.equal(refusal({ ...WHY, author: ' ' }), 'noAuthorOrReason');
  assert.equal(refusal({ ...WHY, reason: '' }), 'noAuthorOrReason');
  subscribers.distrustMaker(OLD.identifier, WHY);
  assert.equal(refusal(), 'noRoot');
  const many = Array.from({ length: MOST_ROOTS + 1 }, (_, number) => maker(number + 10));
  for (const one of many) subscribers.trustMaker(one);
  assert.equal(refusal(), 'tooManyRoots');
  assert.equal(rollout.newest(), undefined);
  const { identifier: own } = subscribers.operatorRoot();
  for (const identifier of [many[1]?.identifier ?? own, own])
    assert.throws(() => subscribers.trustMaker({ ...maker(9), identifier }), /identifier that no other root has/);
  assert.deepEqual(subscribers.operatorRoot().identifier, own);
  subscribers.distrustMaker(many[0]?.identifier ?? OLD.identifier, WHY);
  assert.equal(refusal(), 'begun');
  assert.equal(refusal(), 'underWay');
});
