import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { type ClientHttp2Session, connect, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { jwsKeyFromPem } from '#base/crypto/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import type { EquipmentQuestion } from '../front.ts';
import { type N5gEirOptions, openN5gEir } from './n5g-eir.ts';

const ID = '4947a69a-f61b-4bc1-b9da-47c9c5d14b64';
const PATH = '/eir/n5g-eir-eic/v1/equipment-status?pei=imei-353420091234503';
const NOW = 1_790_000_000_000;

/** An NRF that notes what it is told and agrees. */
async function agreeingNrf(context: TestContext) {
  const asked: { readonly method: string; readonly body: string }[] = [];
  const server = createServer();
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.on('data', (chunk) => {
      body += String(chunk);
    });
    stream.on('end', () => {
      const method = headers[':method'] ?? '';
      asked.push({ method, body });
      stream.respond({ ':status': method === 'PUT' ? 201 : 204 }, { endStream: method !== 'PUT' });
      if (method === 'PUT') stream.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  return { asked, apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function token(key: ReturnType<typeof generateKeyPairSync>['privateKey']): string {
  const claims = { sub: 'amf-7', aud: '5G_EIR', scope: 'n5g-eir-eic', exp: NOW / 1000 + 60 };
  const input = [{ alg: 'ES256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

function ask(session: ClientHttp2Session, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': PATH, ...headers });
    stream.on('response', (fields) => resolve(fields[':status'] ?? 0));
    stream.on('error', reject);
    stream.resume();
  });
}

async function start(context: TestContext, more: Partial<N5gEirOptions>) {
  const questions: EquipmentQuestion[] = [];
  const front = await openN5gEir({
    check(question) {
      questions.push(question);
      return { kind: 'unknown' };
    },
    clock: fixedClock(NOW),
    scheduler: systemScheduler,
    random: seededRandom('front'),
    port: 0,
    policy: { prefix: '/eir' },
    ...more,
  });
  context.after(() => front.destroy());
  const session = connect(`http://127.0.0.1:${front.port}`);
  session.on('error', () => {});
  context.after(() => session.destroy());
  return { front, questions, session };
}

test('a front: registered as it is, asked with a token, drained in the right order', async (context) => {
  const nrf = await agreeingNrf(context);
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const known = jwsKeyFromPem(keys.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  const states: string[] = [];
  const registered = Promise.withResolvers<void>();
  const { front, questions, session } = await start(context, {
    tokens: { keys: [known], nfInstanceId: ID },
    nrf: {
      apiRoots: [nrf.apiRoot],
      profile: { nfInstanceId: ID, ipv4Addresses: ['127.0.0.1'] },
      onState(state) {
        states.push(state);
        registered.resolve();
      },
    },
  });
  await registered.promise;
  const profile = JSON.parse(nrf.asked[0]?.body ?? '');
  const { scheme, apiPrefix, oauth2Required, ipEndPoints } = profile.nfServices[0];
  assert.deepEqual([scheme, apiPrefix, oauth2Required], ['http', '/eir', true]);
  assert.deepEqual(ipEndPoints, [{ ipv4Address: '127.0.0.1', port: front.port }]);
  const authorization = `Bearer ${token(keys.privateKey)}`;
  assert.deepEqual([await ask(session), await ask(session, { authorization })], [401, 404]);
  assert.equal(questions[0]?.peer, 'amf-7');
  front.replaceTokenKeys([]);
  assert.equal(await ask(session, { authorization }), 401);
  assert.deepEqual(
    [...front.answers],
    [
      ['401', 2],
      ['ERROR_EQUIPMENT_UNKNOWN', 1],
    ],
  );
  assert.equal(front.isRegistered, true);
  const goaway = new Promise<string>((resolve) =>
    session.once('goaway', () => resolve(nrf.asked.map(({ method }) => method).join(' '))),
  );
  await front.drain();
  assert.equal(await goaway, 'PUT DELETE');
  assert.deepEqual([states, front.isRegistered], [['registered', 'stopped'], false]);
});

test('a front without NRF and token: a peer that asks too often waits', async (context) => {
  const { front, session } = await start(context, { rateLimit: { perSecond: 2 } });
  assert.deepEqual([await ask(session), await ask(session), await ask(session)], [404, 404, 429]);
  assert.equal(front.isRegistered, undefined);
  front.replaceTokenKeys([]);
  assert.equal(front.connections.get('session'), 1);
  await front.drain();
});

test('a front that is cut says nothing to the NRF', async (context) => {
  const nrf = await agreeingNrf(context);
  const registered = Promise.withResolvers<void>();
  const profile = { nfInstanceId: ID, ipv4Addresses: ['127.0.0.1'], port: 80 };
  const { front } = await start(context, {
    nrf: { apiRoots: [nrf.apiRoot], profile, onState: () => registered.resolve() },
  });
  await registered.promise;
  assert.equal(JSON.parse(nrf.asked[0]?.body ?? '').nfServices[0].ipEndPoints[0].port, 80);
  front.destroy();
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.deepEqual(
    nrf.asked.map(({ method }) => method),
    ['PUT'],
  );
  assert.equal(front.isRegistered, false);
});

test('a front whose port cannot be had says so', async () => {
  const check = () => ({ kind: 'unknown' }) as const;
  const ports = { clock: fixedClock(NOW), scheduler: systemScheduler, random: seededRandom('front') };
  await assert.rejects(
    openN5gEir({ ...ports, check, host: '192.0.2.1', port: 7777 }),
    /cannot listen for N5g-eir on 192\.0\.2\.1 port 7777/,
  );
});
