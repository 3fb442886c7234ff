import assert from 'node:assert/strict';
import { generateKeyPair, publicPoint } from '#base/crypto/index.ts';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { changeFeed } from '#operator/database/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { recovered } from './recovered.ts';

const BY = { author: 'Ada', reason: 'disk lost' };

test('every number leaps: counters, sequence numbers, events and changes; sessions and open orders end; the log says who did it', async (context) => {
  const operator = testOperator(context);
  const { subscribers, database, people, gateway, events, audit, evidence, register } = operator;
  const { iccid, imsi } = operator.issue();
  const feed = changeFeed(database, systemClock);
  register.settings.set('mode', 'track', 'Ada', 'a change that nodes follow');
  const user = await people.users.create({ ...BY, name: 'grace', role: 'viewer', password: 'a long enough password' });
  people.sessions.begin({ user, method: 'password', address: '::1', agent: 'test' });
  const ordered = gateway.command({ ...BY, iccid, order: 'block' });
  const before = {
    counter: subscribers.nextAnswerCounter(iccid),
    sequence: subscribers.authenticationVector(imsi),
    change: feed.newest(),
    event: events.newest(),
  };
  assert.ok(before.change > 0);
  const done = recovered(operator, BY);
  assert.deepEqual([done.uiccs, done.orders, done.sessions], [1, [ordered.order], 1]);
  assert.equal(subscribers.nextAnswerCounter(iccid), before.counter + done.leap + 1);
  assert.ok(subscribers.authenticationVector(imsi), 'the USIM takes the leap: SEQ is far below its 43 bits');
  assert.deepEqual([feed.newest(), feed.oldest()], [before.change + done.leap, before.change + done.leap + 1]);
  assert.equal(events.newest(), before.event + done.leap);
  assert.deepEqual(people.sessions.of(user.id), []);
  assert.equal(gateway.outbox.counts().queued, undefined);
  assert.match(evidence.findings(1)[0]?.text ?? '', /give it again if it is wanted/);
  const [entry] = audit.newest(1);
  assert.deepEqual([entry?.author, entry?.subject, entry?.detail?.['reason']], ['Ada', 'database', 'disk lost']);
});

test('which makers UICCs believe is not known any more: a roll-out spares none for what it believed when the copy was made', async (context) => {
  const operator = testOperator(context);
  const { subscribers, gateway } = operator;
  const publicKey = publicPoint(generateKeyPair('P-256', seededRandom('maker')).publicKey);
  subscribers.trustMaker({ identifier: Uint8Array.of(0x4d), publicPoint: publicKey });
  const { iccid } = operator.issue();
  const { holding } = await gateway.rootRollout.effect(subscribers.makerRoots());
  assert.equal(holding, 1);
  recovered(operator, BY);
  assert.equal(subscribers.trusts.of(iccid.digits).trust, undefined);
  gateway.rootRollout.begin(BY);
  await operator.poll();
  assert.equal(gateway.outbox.newest(1)[0]?.order, 'setRoots');
});

test('reports that were taken in after the copy was made count as forgotten, not as withheld; later gaps are told', async (context) => {
  const operator = testOperator(context);
  const { evidence, clock } = operator;
  const { uicc, ...rest } = operator.issue();
  const card = { ...rest, card: rest.card };
  const gaps = () => evidence.findings(10).filter(({ kind }) => kind === 'reportGap').length;
  await operator.receive(card, uicc.report(testImei(1)));
  clock.advance(1);
  recovered(operator, BY);
  clock.advance(1);
  await operator.receive(card, uicc.report(testImei(1), {}, 9));
  assert.equal(gaps(), 0);
  await operator.receive(card, uicc.report(testImei(1), {}, 12));
  assert.equal(gaps(), 1);
});
