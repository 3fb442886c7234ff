import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#base/codec/index.ts';
import { Imsi } from '#base/identity/index.ts';
import { blob } from '#operator/database/index.ts';
import { onBothDatabases, onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, START, testImei, testOperator } from '#test/operator/operator.ts';
import { type Answering, startReceiver, taking } from '#test/operator/webhook-receiver.ts';
import { EVENT_KINDS, type EventSettings } from './index.ts';

const imsiOf = (number: number) => Imsi.parse(`26201${String(number).padStart(10, '0')}`);
const answering =
  (status: number, headers: Record<string, string> = {}): Answering =>
  (_received, answer) =>
    answer.writeHead(status, headers).end();

/** An operator with one webhook at a real receiver. */
async function subscribed(
  context: TestContext,
  {
    events: settings = {},
    answer = taking,
    identities = 'whole',
    directory,
  }: {
    readonly events?: Partial<EventSettings>;
    readonly answer?: Answering;
    readonly identities?: 'masked' | 'whole';
    readonly directory?: string;
  } = {},
) {
  const operator = testOperator(context, { events: settings, ...(directory !== undefined && { directory }) });
  const { events, evidence, clock } = operator;
  const started = await startReceiver(context, answer);
  const subscribe = {
    url: started.url,
    kinds: EVENT_KINDS,
    identities,
    allowPrivate: true,
    author: 'Ada',
    reason: 'trial',
  };
  const { id, secret } = events.subscribe(subscribe);
  started.receiver.secret = secret;
  const round = async () => {
    events.poll();
    await events.settled();
    events.poll();
  };
  return {
    ...operator,
    ...started,
    ...{ id, secret, subscribe, round },
    /** A subscriber is seen with a handset; from the second one on that is an event. */
    see(subscriber: number, handset: number) {
      evidence.recordClaim(testImei(handset), imsiOf(subscriber), clock.now(), false);
      evidence.flush();
    },
    /** Rounds until nothing is under way and nothing is due. */
    async rounds(count: number) {
      for (let round_ = 0; round_ < count; round_++) await round();
    },
    findings: () => operator.evidence.findings(99).filter(({ kind }) => kind === 'webhookUndelivered'),
    status: () => events.list()[0],
    /** What was received: subscriber and handset, by their last digits. */
    pairs: () =>
      started.received.map(({ body: { data } }) => `${String(data['imsi']).slice(-1)}:${String(data['to']).slice(-1)}`),
  };
}

onBothDatabases('a change is posted, signed, whole; taken once, and nothing waits then', async (context) => {
  const { see, round, received, status, id, rounds } = await subscribed(context);
  see(1, 1);
  see(1, 2);
  await round();
  assert.deepEqual(
    received.map(({ body, path }) => ({ body, path })),
    [
      {
        path: '/hook?token=secret',
        body: {
          type: 'imeiChanged',
          timestamp: new Date(START).toISOString(),
          sequence: 1,
          data: {
            ...{ imsi: '262010000000001', from: '00888801000001', to: '00888801000002' },
            ...{ by: 'claim', level: 'claimed' },
          },
        },
      },
    ],
  );
  const [headers] = received.map((one) => one.headers);
  assert.equal(headers?.['content-type'], 'application/json');
  assert.equal(headers?.['webhook-timestamp'], String(START / 1000));
  assert.match(String(headers?.['webhook-id']), new RegExp(`^evt_[0-9A-F]+_${id}_1$`));
  await rounds(3);
  assert.equal(received.length, 1);
  assert.deepEqual([status()?.waiting, status()?.dead, status()?.queuedTo, status()?.newest], [0, 0, 1, 1]);
});

test('identities are masked unless the webhook may have them whole; a duplicate names the genuine one', async (context) => {
  const { see, round, received, events, subscribe, evidence, receiver } = await subscribed(context, {
    identities: 'masked',
  });
  see(1, 1);
  see(1, 2);
  await round();
  assert.deepEqual(received[0]?.body.data, {
    ...{ imsi: '26201…001', from: '00888801…01', to: '00888801…02', by: 'claim', level: 'claimed' },
  });
  const whole = events.subscribe({
    ...subscribe,
    secret: receiver.secret,
    kinds: ['duplicateImei'],
    identities: 'whole',
  });
  for (let subscriber = 2; subscriber <= 12; subscriber++) see(subscriber, 9);
  evidence.flush();
  await round();
  const duplicates = received.filter(({ body }) => body.type === 'duplicateImei');
  assert.deepEqual(
    duplicates
      .map(({ id, body: { data } }) => [id.split('_')[2], data['imei'], data['cause'], data['subscribers']])
      .toSorted(),
    [
      ['1', '00888801…09', 'subscribers', 10],
      [String(whole.id), '00888801000009', 'subscribers', 10],
    ],
  );
  assert.match(String(duplicates[0]?.body.data['argument']), /not known/);
});

onBothDatabases(
  '500, then 200: the event comes again after a pause, a later one of its subscriber waits, others do not',
  async (context) => {
    const { see, round, rounds, pairs, receiver, clock, received, status } = await subscribed(context, {
      answer: answering(500),
    });
    see(1, 1);
    see(2, 1);
    see(1, 2);
    see(1, 3);
    await round();
    assert.deepEqual(pairs(), ['1:2']);
    receiver.answering = taking;
    see(2, 4);
    await rounds(2);
    assert.deepEqual(pairs(), ['1:2', '2:4']);
    clock.advance(2499);
    await round();
    assert.equal(received.length, 2, 'half of the pause is certain');
    clock.advance(2501);
    await rounds(2);
    assert.deepEqual(pairs(), ['1:2', '2:4', '1:2', '1:3']);
    assert.equal(received[0]?.id, received[2]?.id, 'a repetition can be known');
    assert.deepEqual([status()?.waiting, status()?.dead], [0, 0]);
  },
);

test('a receiver that asks for patience gets it', async (context) => {
  const { see, round, received, clock } = await subscribed(context, {
    answer: answering(429, { 'retry-after': '60' }),
  });
  see(1, 1);
  see(1, 2);
  await round();
  clock.advance(59_000);
  await round();
  assert.equal(received.length, 1);
  clock.advance(1000);
  await round();
  assert.equal(received.length, 2);
});

onBothDatabases(
  'after so many attempts an event is given up with a finding, and the next one of its subscriber goes',
  async (context) => {
    const { see, round, pairs, clock, findings, events, id, receiver, status } = await subscribed(context, {
      answer: (received, answer) => answer.writeHead(received.body.sequence === 1 ? 301 : 200, { location: '/' }).end(),
      events: { mostAttempts: 3 },
    });
    see(1, 1);
    see(1, 2);
    see(1, 3);
    for (let attempt = 0; attempt < 5; attempt++) {
      await round();
      clock.advance(DAY);
    }
    assert.deepEqual(pairs(), ['1:2', '1:2', '1:2', '1:3']);
    assert.deepEqual(events.deadLetters(id, 9), [{ sequence: 1, attempts: 3, trouble: 'it answered 301' }]);
    assert.deepEqual([status()?.waiting, status()?.dead], [0, 1]);
    const [finding] = findings();
    assert.match(
      finding?.text ?? '',
      /^Webhook 1 \(http:\/\/127\.0\.0\.1:\d+\): event 1 was not taken in 3 attempts: it answered 301\.$/,
    );
    assert.ok(!finding?.text.includes('token') && receiver.secret !== '');
  },
);

test('a receiver that hangs is left at the time-out; one that closes early has not taken it', async (context) => {
  const { see, round, receiver, clock, events, pairs, status } = await subscribed(context, { answer: () => {} });
  see(1, 1);
  see(1, 2);
  events.poll();
  await new Promise((resolve) => setTimeout(resolve, 50));
  clock.advance(10_000);
  await events.settled();
  events.poll();
  receiver.answering = (_received, _answer, request) => request.socket.destroy();
  clock.advance(MINUTE);
  await round();
  receiver.answering = taking;
  clock.advance(MINUTE);
  await round();
  assert.deepEqual(pairs(), ['1:2', '1:2', '1:2']);
  assert.equal(status()?.waiting, 0);
});

test('no more than so many attempts are under way at once, and one while the receiver fails', async (context) => {
  const { see, round, mostOpen, received, receiver, clock, events, rounds } = await subscribed(context, {
    answer: (_received, answer) => void setTimeout(() => answer.writeHead(500).end(), 20),
  });
  for (let subscriber = 10; subscriber < 30; subscriber++)
    for (const handset of [1, 2]) see(subscriber, 10 * subscriber + handset);
  await round();
  assert.deepEqual([mostOpen(), received.length], [8, 8]);
  await round();
  assert.ok(received.length <= 10, 'one at a time: the second poll of each round begins one more');
  receiver.answering = taking;
  await rounds(30);
  await events.settled();
  clock.advance(DAY);
  await rounds(30);
  assert.equal(new Set(received.map(({ id }) => id)).size, 20);
  assert.deepEqual([mostOpen(), events.list()[0]?.waiting], [8, 0]);
});

test('the queue is bounded: what does not fit waits in the log, in order; what became too old there is told', async (context) => {
  const { see, round, rounds, status, receiver, pairs, clock, findings, events } = await subscribed(context, {
    answer: answering(500),
    events: { mostQueued: 3, keepMilliseconds: 10 * DAY },
  });
  for (let handset = 1; handset <= 9; handset++) see(1, handset);
  await round();
  assert.deepEqual([status()?.waiting, status()?.queuedTo, status()?.newest], [3, 3, 8]);
  receiver.answering = taking;
  clock.advance(DAY);
  await rounds(4);
  assert.deepEqual(pairs(), ['1:2', '1:2', '1:3', '1:4', '1:5']);
  receiver.answering = answering(500);
  await round();
  clock.advance(11 * DAY);
  events.poll();
  await events.settled();
  receiver.answering = taking;
  for (let day = 0; day < 5; day++) {
    clock.advance(DAY);
    await rounds(2);
  }
  assert.deepEqual(
    findings().map(({ text }) => /too old/.test(text)),
    [true],
  );
  see(1, 1);
  await rounds(2);
  assert.equal(pairs().at(-1), '1:1');
});

test('subscribing and unsubscribing are audited; the secret is kept wrapped and shown nowhere', async (context) => {
  const { events, audit, database, id, secret, subscribe, see, url } = await subscribed(context, {
    answer: answering(500),
  });
  const row = database.query('SELECT wrapped_secret FROM webhook', { wrappedSecret: blob }).only();
  const octets = toHex(Buffer.from(secret.slice(6), 'base64'));
  assert.equal(octets.length, 64);
  assert.ok(!toHex(row.wrappedSecret).includes(octets));
  see(1, 1);
  see(1, 2);
  events.poll();
  await events.settled();
  assert.equal(events.unsubscribe(id, 'Ada', 'trial over'), true);
  assert.equal(events.unsubscribe(id, 'Ada', 'again'), false);
  events.poll();
  assert.deepEqual(events.list(), []);
  const told = JSON.stringify(audit.after(0));
  assert.ok(!told.includes(secret.slice(6)) && !told.includes('token=secret') && url.includes('token=secret'));
  assert.deepEqual(
    audit.newest(2, 'setting').map(({ subject, detail }) => [subject, detail?.['webhook'], detail?.['reason']]),
    [
      ['webhook 1', 'removed', 'trial over'],
      ['webhook 1', 'added', 'trial'],
    ],
  );
  assert.equal(events.subscribe(subscribe).id, 2, 'a number is never given twice');
});

test('what makes no sense is refused', async (context) => {
  const { events, subscribe } = await subscribed(context);
  for (const [wrong, expected] of [
    [{ kinds: [] }, /kinds: expected some of imeiChanged, duplicateImei, got none/],
    [{ kinds: ['imei' as 'imeiChanged'] }, /got imei/],
    [{ author: ' ' }, /author/],
    [{ reason: '' }, /reason/],
    [{ secret: 'secret' }, /whsec_/],
    [{ url: 'http://10.0.0.1/', allowPrivate: false }, /public internet/],
  ] as const)
    assert.throws(() => events.subscribe({ ...subscribe, ...wrong }), expected);
  for (let count = 2; count <= 100; count++) events.subscribe(subscribe);
  assert.throws(() => events.subscribe(subscribe), /at most 100/);
});

test('a test is sent at once and says how it went', async (context) => {
  const { events, id, received, receiver } = await subscribed(context);
  const good = await events.test(id);
  assert.deepEqual([good?.isTaken, good?.status, good?.text], [true, 204, 'it answered 204']);
  assert.deepEqual([received[0]?.body.type, received[0]?.body.data], ['test', {}]);
  receiver.answering = answering(404);
  assert.deepEqual([(await events.test(id))?.isTaken, await events.test(99)], [false, undefined]);
});

onBothDatabases('two processes share the deliveries: each is sent once, in order', async (context) => {
  const first = await subscribed(context);
  const second = testOperator(context, { directory: first.directory });
  for (let handset = 1; handset <= 6; handset++) for (const subscriber of [1, 2, 3]) first.see(subscriber, handset);
  for (let count = 0; count < 12; count++) {
    for (const { events } of [first, second]) events.poll();
    for (const { events } of [first, second]) await events.settled();
  }
  assert.equal(first.received.length, 15);
  for (const subscriber of [1, 2, 3])
    assert.deepEqual(
      first.pairs().filter((pair) => pair.startsWith(`${subscriber}:`)),
      [2, 3, 4, 5, 6].map((handset) => `${subscriber}:${handset}`),
    );
});

test('what a closing operator had begun is begun anew, and not counted', async (context) => {
  const first = await subscribed(context, { answer: () => {}, events: { closeMilliseconds: 1 } });
  first.see(1, 1);
  first.see(1, 2);
  first.events.poll();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = first.operator.close();
  await new Promise((resolve) => setTimeout(resolve, 10));
  first.clock.advance(1);
  await closed;
  first.receiver.answering = taking;
  const second = testOperator(context, { directory: first.directory, events: { mostAttempts: 1 }, at: START + MINUTE });
  second.events.poll();
  await second.events.settled();
  second.events.poll();
  assert.deepEqual([first.pairs(), second.events.list()[0]?.waiting], [['1:2', '1:2'], 0]);
});

test('however a receiver behaves, no later event of a subscriber comes before an earlier one was taken', async (context) => {
  const { see, round, received, receiver, clock, status, events } = await subscribed(context);
  let subscriber = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(2), { minLength: 1, maxLength: 12 }),
      fc.array(fc.constantFrom('take', 'fail', 'cut', 'take'), { minLength: 1, maxLength: 20 }),
      async (who, how) => {
        received.length = 0;
        subscriber += 3;
        const taken: (readonly [string, number])[] = [];
        receiver.answering = (one, answer, request) => {
          const does = how.shift() ?? 'take';
          if (does === 'cut') return void request.socket.destroy();
          if (does === 'take') taken.push([String(one.body.data['imsi']), one.body.sequence ?? 0]);
          answer.writeHead(does === 'take' ? 200 : 500).end();
        };
        const before = events.newest();
        for (const [handset, one] of who.entries()) see(subscriber + one, 100 * (subscriber + one) + handset);
        for (
          let count = 0;
          count < 60 && (status()?.waiting !== 0 || status()?.queuedTo !== status()?.newest);
          count++
        ) {
          await round();
          // An attempt that is under way would run out of time.
          await events.settled();
          clock.advance(120 * MINUTE);
        }
        const expected = events.after(before, 99).flatMap((event) => (event.kind === 'imeiChanged' ? [event] : []));
        assert.equal(taken.length, expected.length);
        for (const imsi of new Set(expected.map((event) => event.imsi)))
          assert.deepEqual(
            taken.filter(([found]) => found === imsi).map(([, sequence]) => sequence),
            expected.filter((event) => event.imsi === imsi).map(({ sequence }) => sequence),
          );
      },
    ),
    { numRuns: 15 },
  );
});
