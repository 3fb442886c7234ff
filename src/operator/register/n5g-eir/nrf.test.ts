import assert from 'node:assert/strict';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '#base/port/index.ts';
import { manualScheduler, systemScheduler } from '#protocol/smpp/index.ts';
import { testCertificate } from '#test/certificate.ts';
import { type NfProfileOptions, nfProfile } from './nf-profile.ts';
import { apiRootOf, type NrfOptions, registerWithNrf } from './nrf.ts';
import { nrfClient } from './nrf-client.ts';
import { type NrfEvent, type NrfState, notRegistered, nrfStep } from './nrf-registration.ts';

const ID = '4947a69a-f61b-4bc1-b9da-47c9c5d14b64';
const PATH = `/nnrf-nfm/v1/nf-instances/${ID}`;
const PROFILE: NfProfileOptions = { nfInstanceId: ID, scheme: 'http', ipv4Addresses: ['192.0.2.3'], port: 7777 };

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
type Answer = (asked: Asked, stream: ServerHttp2Stream) => void;

/** An NRF as Open5GS' is: 201 with a relative Location, then 200; 204; 404 for whom it does not know. `answer` may take its place. */
async function fakeNrf(context: TestContext, answer?: Answer, tls?: { key: string; cert: string }) {
  const asked: Asked[] = [];
  const known = new Set<string>();
  const waiting: (() => void)[] = [];
  const reply: Answer = ({ method, path, body }, stream) => {
    const say = (status: number, headers: Record<string, string> = {}, text = '') => {
      stream.respond({ ':status': status, ...headers });
      stream.end(text);
    };
    if (method === 'PUT') {
      const stored = JSON.stringify({ ...JSON.parse(body), heartBeatTimer: 5 });
      say(known.has(path) ? 200 : 201, { location: path, 'content-type': 'application/json' }, stored);
      known.add(path);
    } else if (!known.has(path)) say(404, { 'content-type': 'application/problem+json' }, '{"status":404}');
    else {
      if (method === 'DELETE') known.delete(path);
      say(204);
    }
  };
  const server: Http2Server | Http2SecureServer =
    tls === undefined ? createServer() : createSecureServer({ ...tls, ALPNProtocols: ['h2'] });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => void sessions.add(session));
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      const one = {
        method: headers[':method'] ?? '',
        path: headers[':path'] ?? '',
        headers,
        body: Buffer.concat(chunks).toString(),
      };
      asked.push(one);
      (answer ?? reply)(one, stream);
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.close();
    for (const session of sessions) session.destroy();
  };
  context.after(stop);
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    known,
    stop,
    reply,
    apiRoot: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    /** Kept when so many requests have come. */
    async came(count: number): Promise<void> {
      while (asked.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

/** A registration in a time that stands still, and a promise for its next change. */
function start(context: TestContext, options: Partial<NrfOptions> & Pick<NrfOptions, 'apiRoots'>) {
  const time = manualScheduler(0);
  const told: string[] = [];
  let wake = () => {};
  const registration = registerWithNrf({
    profile: PROFILE,
    scheduler: time,
    random: seededRandom('nrf'),
    onState(state, because) {
      told.push(`${state}: ${because}`);
      wake();
    },
    ...options,
  });
  context.after(() => {
    void registration.stop();
    time.advance(10_000);
  });
  const changes = async (count: number) => {
    while (told.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { time, told, registration, changes };
}

/** Lets answers arrive that nothing waits for. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

test('the profile has what TS 29.510 requires', () => {
  const profile = nfProfile({ ...PROFILE, prefix: '/eir', isTokenRequired: true, ipv6Addresses: ['2001:db8::1'] });
  assert.deepEqual(profile, {
    nfInstanceId: ID,
    nfType: '5G_EIR',
    nfStatus: 'REGISTERED',
    heartBeatTimer: 10,
    ipv4Addresses: ['192.0.2.3'],
    ipv6Addresses: ['2001:db8::1'],
    allowedNfTypes: ['AMF', 'SCP'],
    priority: 0,
    capacity: 100,
    load: 0,
    nfServices: [
      {
        serviceInstanceId: 'n5g-eir-eic-1',
        serviceName: 'n5g-eir-eic',
        versions: [{ apiVersionInUri: 'v1', apiFullVersion: '1.4.0' }],
        scheme: 'http',
        nfServiceStatus: 'REGISTERED',
        ipEndPoints: [
          { ipv4Address: '192.0.2.3', port: 7777 },
          { ipv6Address: '2001:db8::1', port: 7777 },
        ],
        apiPrefix: '/eir',
        oauth2Required: true,
        allowedNfTypes: ['AMF', 'SCP'],
        priority: 0,
        capacity: 100,
        load: 0,
      },
    ],
  });
  const { ipv4Addresses: _, ...nowhere } = PROFILE;
  assert.deepEqual((nfProfile({ ...nowhere, fqdn: 'eir.example' })['nfServices'] as object[])[0], {
    ...(nfProfile(PROFILE)['nfServices'] as object[])[0],
    fqdn: 'eir.example',
    ipEndPoints: [{ port: 7777 }],
  });
  for (const [bad, expected] of [
    [{ ...PROFILE, nfInstanceId: 'eir-1' }, /UUID/],
    [nowhere, /fqdn or an address/],
    [{ ...PROFILE, port: 0 }, /port/],
    [{ ...PROFILE, heartBeatTimer: 0.5 }, /heartBeatTimer/],
  ] as const)
    assert.throws(() => nfProfile(bad), expected);
});

test('registers, beats by the timer of the answer, deregisters', async (context) => {
  const nrf = await fakeNrf(context);
  const { time, told, registration, changes } = start(context, { apiRoots: [nrf.apiRoot], load: () => 6.6 });
  await changes(1);
  assert.equal(registration.isRegistered, true);
  const [put] = nrf.asked;
  assert.deepEqual([put?.method, put?.path, put?.headers['content-type']], ['PUT', PATH, 'application/json']);
  assert.deepEqual(JSON.parse(put?.body ?? ''), nfProfile(PROFILE));
  assert.match(String(put?.headers['user-agent']), /^5G_EIR-/);
  time.advance(1999); // 5 s of the NRF, not 10 of ours, and more than twice in that time
  await turn();
  assert.equal(nrf.asked.length, 1);
  for (let beat = 2; beat < 5; beat++) {
    time.advance(beat === 2 ? 1 : 2000);
    await nrf.came(beat);
    await turn();
  }
  const patch = nrf.asked[3];
  assert.deepEqual(
    [patch?.method, patch?.path, patch?.headers['content-type']],
    ['PATCH', PATH, 'application/json-patch+json'],
  );
  assert.deepEqual(JSON.parse(patch?.body ?? ''), [
    { op: 'replace', path: '/nfStatus', value: 'REGISTERED' },
    { op: 'replace', path: '/load', value: 7 },
  ]);
  await Promise.all([registration.stop(), registration.stop()]);
  assert.deepEqual([nrf.asked.length, nrf.asked[4]?.method, nrf.known.size], [5, 'DELETE', 0]);
  assert.deepEqual(told, [`registered: with ${nrf.apiRoot}`, 'stopped: deregistered']);
  assert.equal(registration.isRegistered, false);
});

test('an NRF that forgot us is told again at once', async (context) => {
  const nrf = await fakeNrf(context);
  const { time, told, changes } = start(context, { apiRoots: [nrf.apiRoot] });
  await changes(1);
  nrf.known.clear();
  time.advance(2000);
  await changes(3);
  assert.deepEqual(
    nrf.asked.map(({ method }) => method),
    ['PUT', 'PATCH', 'PUT'],
  );
  assert.deepEqual(told.slice(1), ['not registered: the NRF forgot us', `registered: with ${nrf.apiRoot}`]);
});

test('an NRF that is not there yet is tried again with growing pauses, then the next one', async (context) => {
  const gone = await fakeNrf(context);
  gone.stop();
  const nrf = await fakeNrf(context);
  const { time, told, changes } = start(context, { apiRoots: [gone.apiRoot, nrf.apiRoot] });
  await changes(1);
  assert.match(told[0] ?? '', /^not registered: .*ECONNREFUSED/);
  time.advance(200);
  await turn();
  assert.equal(told.length, 1);
  time.advance(300);
  await changes(2);
  assert.equal(told[1], `registered: with ${nrf.apiRoot}`);
});

test('an NRF that says nothing is given up after a while', async (context) => {
  const nrf = await fakeNrf(context, () => {});
  const { time, told, changes, registration } = start(context, { apiRoots: [nrf.apiRoot], answerMs: 700 });
  await nrf.came(1);
  time.advance(700);
  await changes(1);
  assert.equal(told[0], 'not registered: no answer within 700 ms');
  await registration.stop();
  assert.equal(told[1], 'stopped: not registered');
});

test('refused, overloaded, lost in the middle, too much said: it keeps trying and waits as long as it is told', async (context) => {
  const say =
    (headers: Record<string, string | number>, body = ''): Answer =>
    (_, stream) => {
      stream.respond(headers);
      stream.end(body);
    };
  const answers: Answer[] = [
    say({ ':status': 403 }),
    say({ ':status': 503, 'retry-after': '30' }),
    (_, stream) => stream.session?.destroy(),
    say({ ':status': 201 }, ' '.repeat(300_000)),
    say({ ':status': 201 }, 'no JSON'),
  ];
  const nrf = await fakeNrf(context, (asked, stream) => answers.shift()?.(asked, stream));
  const { time, told, changes } = start(context, { apiRoots: [nrf.apiRoot] });
  await changes(1);
  time.advance(500); // pauses double; half of each is chance
  await changes(2);
  time.advance(29_999);
  await turn();
  assert.equal(told.length, 2);
  time.advance(1);
  await changes(3);
  time.advance(2000);
  await changes(4);
  time.advance(4000);
  await changes(5);
  assert.deepEqual(
    [told[0], told[1], told[4]],
    ['not registered: the NRF answered 403', 'not registered: the NRF answered 503', `registered: with ${nrf.apiRoot}`],
  );
  assert.match(told[2] ?? '', /^not registered: /);
  assert.match(told[3] ?? '', /at most 262144 octets/);
});

test('a redirection is followed, and the heartbeat goes where it led', async (context) => {
  const second = await fakeNrf(context);
  const first = await fakeNrf(context, ({ path }, stream) => {
    stream.respond({ ':status': 307, location: second.apiRoot + path });
    stream.end();
  });
  const { time, told, changes, registration } = start(context, { apiRoots: [first.apiRoot] });
  await changes(1);
  time.advance(2000);
  await second.came(2);
  await turn();
  await registration.stop();
  assert.deepEqual(
    second.asked.map(({ method }) => method),
    ['PUT', 'PATCH', 'DELETE'],
  );
  assert.equal(told[0], `registered: with ${second.apiRoot}`);
});

test('an NRF that sends us round in circles is an NRF that failed', async (context) => {
  const nrf = await fakeNrf(context, ({ path }, stream) => {
    stream.respond({ ':status': 308, location: path });
    stream.end();
  });
  const { told, changes } = start(context, { apiRoots: [nrf.apiRoot] });
  await changes(1);
  assert.deepEqual([told[0], nrf.asked.length], ['not registered: the NRF answered 308', 4]);
});

test('a Location: absolute, absolute path, of others, worse protected', () => {
  const asked = `https://nrf.example:8443${PATH}`;
  assert.equal(apiRootOf(PATH, PATH, asked), 'https://nrf.example:8443');
  assert.equal(apiRootOf(`https://two.example/x${PATH.toUpperCase()}`, PATH, asked), 'https://two.example/x');
  assert.equal(apiRootOf(`http://two.example${PATH}`, PATH, `http://one.example${PATH}`), 'http://two.example');
  for (const bad of [
    undefined,
    '',
    `http://two.example${PATH}`,
    PATH.slice(1),
    'https://two.example/',
    'https://[',
    `${PATH}2`,
    `ftp://x${PATH}`,
    `https://${'x'.repeat(600)}${PATH}`,
  ])
    assert.equal(apiRootOf(bad, PATH, asked), undefined, bad);
});

test('over TLS the NRF is recognised, and another is not believed', async (context) => {
  const ca = testCertificate('authority', 'urn:x:ca');
  const own = testCertificate('nrf', 'urn:x:nrf', ca);
  const nrf = await fakeNrf(context, undefined, own);
  const trusting = start(context, { apiRoots: [nrf.apiRoot], tls: { ca: ca.cert } });
  await trusting.changes(1);
  assert.equal(trusting.told[0], `registered: with ${nrf.apiRoot}`);
  const doubting = start(context, { apiRoots: [nrf.apiRoot], tls: { ca: testCertificate('other', 'urn:x:ca').cert } });
  await doubting.changes(1);
  assert.match(doubting.told[0] ?? '', /^not registered: .*certificate/);
  assert.equal(nrf.asked.length, 1);
});

test('the client fails, and never throws, for an address that is none and when it is closed', async () => {
  const client = nrfClient({ scheduler: systemScheduler });
  const request = { apiRoot: 'nrf:7777', method: 'DELETE', path: PATH, headers: {}, body: undefined } as const;
  for (const apiRoot of ['nrf', 'nrf:7777', 'ftp://127.0.0.1'])
    assert.equal((await client.ask({ ...request, apiRoot })).kind, 'failure', apiRoot);
  client.close();
  assert.deepEqual(await client.ask({ ...request, apiRoot: 'http://127.0.0.1:1' }), {
    kind: 'failure',
    because: 'the client is closed',
  });
});

// The state machine by itself.

function run(events: readonly NrfEvent[], from: NrfState = notRegistered(['http://a', 'http://b'])) {
  let state = from;
  const done: string[] = [];
  for (const event of events) {
    const [next, actions] = nrfStep(state, event);
    state = next;
    for (const action of actions)
      done.push(
        'apiRoot' in action ? `${action.do} ${action.apiRoot}` : action.do === 'tell' ? action.state : action.do,
      );
  }
  return { state, done };
}
const answer = (status: number, more: object = {}): NrfEvent => ({ type: 'answered', status, ...more });
const [START, TIME, STOP, FAILED]: readonly NrfEvent[] = [
  { type: 'start' },
  { type: 'time' },
  { type: 'stop' },
  { type: 'failed', because: 'lost' },
] as const;

test('three lost heartbeats, and the next NRF is asked', () => {
  const events = [START, answer(201), TIME, FAILED, TIME, answer(500), TIME, FAILED, TIME, answer(201)] as NrfEvent[];
  assert.deepEqual(run(events).done, [
    'register http://a',
    'registered',
    'wait',
    'beat http://a',
    'retry',
    'beat http://a',
    'retry',
    'beat http://a',
    'not registered',
    'retry',
    'register http://b',
    'registered',
    'wait',
  ]);
});

test('a stop at any moment ends in a deregistration when we may be registered', () => {
  for (const [events, expected] of [
    [[], ['stopped']],
    [[START], ['register http://a']],
    [
      [START, FAILED],
      ['register http://a', 'not registered', 'retry', 'stop waiting', 'stopped'],
    ],
    [
      [START, answer(201)],
      ['register http://a', 'registered', 'wait', 'stop waiting', 'deregister http://a'],
    ],
    [
      [START, answer(201), TIME],
      ['register http://a', 'registered', 'wait', 'beat http://a'],
    ],
  ] as [NrfEvent[], string[]][])
    assert.deepEqual(run([...events, STOP as NrfEvent]).done, expected);
  const after = (events: readonly (NrfEvent | undefined)[]) => run(events as NrfEvent[]).done.slice(-2);
  assert.deepEqual(after([START, STOP, answer(201), answer(204)]), ['deregister http://a', 'stopped']);
  assert.deepEqual(after([START, STOP, FAILED, FAILED]), ['deregister http://a', 'stopped']);
  assert.deepEqual(after([START, STOP, answer(403)]), ['register http://a', 'stopped']);
  assert.deepEqual(after([START, answer(201), TIME, STOP, answer(204), answer(404)]), [
    'deregister http://a',
    'stopped',
  ]);
  assert.deepEqual(after([START, answer(201), TIME, STOP, answer(404)]), ['beat http://a', 'stopped']);
  assert.deepEqual(after([START, answer(201), TIME, STOP, FAILED, answer(500)]), ['deregister http://a', 'stopped']);
});

test('the timer of the answer counts, if it is one', () => {
  for (const [heartBeatTimer, expected] of [
    [10, 4000],
    [1, 400],
    [0, 4000],
    [-1, 4000],
    [Number.NaN, 4000],
    [1e9, 1_440_000],
    [undefined, 4000],
  ] as const)
    assert.equal(
      run([START as NrfEvent, answer(201, { heartBeatTimer })]).state.beatMs,
      expected,
      String(heartBeatTimer),
    );
});

test('whatever happens in whatever order, at most one answer or timer is awaited, and a stop ends it', () => {
  const event: fc.Arbitrary<NrfEvent> = fc.oneof(
    fc.constantFrom(START, TIME, FAILED) as fc.Arbitrary<NrfEvent>,
    fc.constantFrom(200, 201, 204, 307, 308, 400, 403, 404, 429, 500, 503).map((status) => answer(status)),
    fc.constant(answer(307, { apiRoot: 'http://c' })),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state = notRegistered(['http://a', 'http://b']);
      for (const one of events) {
        const [next, actions] = nrfStep(state, one);
        const awaited = actions.filter((action) => action.do !== 'tell' && action.do !== 'stop waiting');
        assert.ok(awaited.length <= 1);
        assert.equal(next.phase === state.phase && awaited.length === 0, next === state, `${state.phase} ${one.type}`);
        state = next;
      }
      for (const one of [STOP, FAILED, FAILED] as NrfEvent[]) [state] = nrfStep(state, one);
      assert.equal(state.phase, 'stopped');
    }),
  );
  assert.throws(() => notRegistered([]), /expected the apiRoot of an NRF/);
});
