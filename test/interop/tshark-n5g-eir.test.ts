// Wireshark as the judge of our N5g-eir front: every kind of answer over HTTP/2 decoded, with the status, cause and fields that were meant.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { jwsKeyFromPem } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { type EquipmentAnswer, type N5gEir, type N5gEirOptions, openN5gEir } from '#operator/register/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { type Judge, judge, missing } from './tshark-judge.ts';

const START_MS = 1_790_000_000_000;
const PORT = 7777;
const RESOURCE = '/n5g-eir-eic/v1/equipment-status';
const NF_INSTANCE = '4947a69a-f61b-4bc1-b9da-47c9c5d14b64';
const ANSWERS: Readonly<Record<string, EquipmentAnswer>> = {
  '35342009123450': { kind: 'status', equipmentStatus: 'permitted' },
  '86650704004053': { kind: 'status', equipmentStatus: 'prohibited' },
  '35342009123452': { kind: 'status', equipmentStatus: 'tracking' },
  '35342009123453': { kind: 'unavailable', retryAfterSeconds: 7 },
};
const FAULT = '35342009123454';

/** Fronts, and connections to them whose every octet is in `capture`. */
class Network {
  readonly capture = new TcpCapture();
  private readonly context: TestContext;

  constructor(context: TestContext) {
    this.context = context;
  }
  async start(more: Partial<N5gEirOptions> = {}): Promise<{ front: N5gEir; amf: Amf }> {
    const { context, capture } = this;
    const time = manualScheduler(START_MS);
    const front = await openN5gEir({
      ...{ clock: time, scheduler: time, random: seededRandom('tshark'), port: 0 },
      check({ imei }) {
        if (imei?.equipment === FAULT) throw new Error('the register failed');
        return ANSWERS[imei?.equipment ?? ''] ?? { kind: 'unknown' };
      },
      ...more,
    });
    context.after(() => front.destroy());
    const port = await recordingProxy(context, { capture, servicePort: front.port, shownPort: PORT });
    return { front, amf: await Amf.connect(context, port) };
  }
  judge(): Judge {
    return judge(this.context, this.capture.octets(), [`tcp.port==${PORT},http2`]);
  }
}

/** A client that asks one question after another, as an AMF does. */
class Amf {
  private readonly session: ClientHttp2Session;
  constructor(session: ClientHttp2Session) {
    this.session = session;
  }
  static async connect(context: TestContext, port: number): Promise<Amf> {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', () => {}); // A cut connection is one of the cases.
    context.after(() => session.destroy());
    await once(session, 'remoteSettings');
    return new Amf(session);
  }
  /** The status of the answer, once it is whole. */
  async ask(query: string, headers: OutgoingHttpHeaders = {}, body?: Uint8Array): Promise<number> {
    const fields = { ':path': query.startsWith('/') ? query : `${RESOURCE}?${query}`, ...AS_OPEN5GS, ...headers };
    const stream = this.session.request(fields, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    let status = 0;
    stream.on('response', (answer) => {
      status = answer[':status'] ?? 0;
    });
    stream.on('error', () => {});
    stream.resume();
    await once(stream, 'close');
    return status;
  }
  async ping(): Promise<void> {
    await new Promise<void>((resolve, reject) => this.session.ping((error) => (error ? reject(error) : resolve())));
  }
  async closed(): Promise<void> {
    if (!this.session.destroyed) await once(this.session, 'close');
  }
  async end(): Promise<void> {
    this.session.close();
    await this.closed();
  }
}

/** What the AMF of Open5GS (pull request 4708) sends. */
const AS_OPEN5GS = {
  accept: 'application/json,application/problem+json',
  '3gpp-sbi-sender-timestamp': 'Mon, 21 Sep 2026 14:13:20.000 GMT',
  '3gpp-sbi-max-rsp-time': '10000',
  'user-agent': 'AMF',
};
const nrf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const NRF_KEY = nrf.publicKey.export({ type: 'spki', format: 'pem' }).toString();
/** An access token for this register, as an NRF signs it (TS 29.510 6.3.5.2.4). */
function token(scope: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'nrf-1', sub: 'amf-7', aud: '5G_EIR', scope, exp: START_MS / 1000 + 60 };
  const input = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(input), { key: nrf.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}
const pei = (imei: string) => `pei=imeisv-${imei}01&supi=imsi-999700000021309`;

/** A question, and what its answer must be decoded as: status code, media type, and a word of its JSON (nothing: no body). */
type Case = readonly [ask: (amf: Amf) => Promise<number>, status: number, word: string];
const json = 'application/json';
const problem = 'application/problem+json';

/** Asks every question, and asserts what tshark reads in the answers of that connection. */
async function assertAnswers(network: Network, amf: Amf, stream: number, cases: readonly Case[]): Promise<void> {
  const statuses = [];
  for (const [ask] of cases) statuses.push(await ask(amf));
  await amf.end();
  assert.deepEqual(
    statuses,
    cases.map(([, status]) => status),
  );
  const frames = network
    .judge()
    .rows(
      `(http2.headers.status || json) && ip.src == 192.0.2.2 && tcp.stream == ${stream}`,
      ...['http2.headers.status', 'http2.headers.content_type', 'json.value.string'],
    );
  // A body may come in a frame behind its fields.
  const answers: string[][] = [];
  for (const [code = '', type = '', words = ''] of frames) {
    if (code !== '') answers.push([code, type, words]);
    else answers.at(-1)?.splice(2, 1, words);
  }
  assert.equal(answers.length, cases.length);
  for (const [i, [, status, word]] of cases.entries()) {
    const [code, type, words = ''] = answers[i] ?? [];
    assert.deepEqual([code, type], [`${status}`, status < 400 ? json : problem]);
    assert.ok(words.split('|').includes(word), `${status}: expected ${word}, got ${words}`);
  }
}

test('tshark reads N5g-eir: each status, unknown equipment, every refusal', { skip: missing }, async (context) => {
  const network = new Network(context);
  const { amf } = await network.start();
  const late = { '3gpp-sbi-sender-timestamp': 'Mon, 21 Sep 2026 14:13:05.000 GMT' };
  const known = pei('35342009123450');
  await assertAnswers(network, amf, 0, [
    [(one) => one.ask(known), 200, 'WHITELISTED'],
    [(one) => one.ask(pei('86650704004053')), 200, 'BLACKLISTED'],
    [(one) => one.ask(pei('35342009123452')), 200, 'GREYLISTED'],
    [(one) => one.ask(pei('35342009123453')), 503, 'NF_CONGESTION'],
    [(one) => one.ask(pei(FAULT)), 500, 'SYSTEM_FAILURE'],
    [(one) => one.ask('pei=imei-490154203237518&gpsi=extid-a%40b.example'), 404, 'ERROR_EQUIPMENT_UNKNOWN'],
    [(one) => one.ask('pei=mac-00-11-22-33-44-55&supported-features=0'), 404, 'ERROR_EQUIPMENT_UNKNOWN'],
    [(one) => one.ask('supi=imsi-999700000021309'), 400, 'MANDATORY_QUERY_PARAM_MISSING'],
    [(one) => one.ask('pei=imei-1234'), 400, 'MANDATORY_QUERY_PARAM_INCORRECT'],
    [(one) => one.ask(known + '&x'.repeat(20)), 400, 'INVALID_QUERY_PARAM'],
    [(one) => one.ask('/n5g-eir-eic/v2/equipment-status?pei=imei-353420091234503'), 400, 'INVALID_API'],
    [(one) => one.ask('/n5g-eir-eic/v1/else'), 404, 'RESOURCE_URI_STRUCTURE_NOT_FOUND'],
    [(one) => one.ask(`pei=${'x'.repeat(1100)}`), 414, 'INCORRECT_URI_LENGTH'],
    [(one) => one.ask(known, { ':method': 'POST' }, new TextEncoder().encode('{}')), 405, 'Method not allowed'],
    [(one) => one.ask(known, { 'content-length': '20000' }, new Uint8Array(20_000)), 413, 'Content too large'],
    [(one) => one.ask(known, { accept: 'text/plain' }), 406, 'Not acceptable'],
    [(one) => one.ask(known, late), 504, 'TIMED_OUT_REQUEST'],
  ]);
  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'http2' });
  assert.deepEqual(wireshark.rows('http2.headers.retry_after', 'http2.headers.status', 'http2.headers.retry_after'), [
    ['503', '7'],
  ]);
  const [asked] = wireshark.rows('http2.headers.path', 'http2.headers.path', 'http2.headers.user_agent');
  assert.deepEqual(asked, [`${RESOURCE}?${known}`, 'AMF']);
});

test('tshark reads N5g-eir: redirection, tokens, too many requests, a status for the unknown, HEAD', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  const known = pei('35342009123450');
  const redirecting = await network.start({ policy: { redirect: () => 'http://192.0.2.9:7777' } });
  assert.equal(await redirecting.amf.ask(known), 307);
  await redirecting.amf.end();

  const guarded = await network.start({ tokens: { keys: [jwsKeyFromPem(NRF_KEY)], nfInstanceId: NF_INSTANCE } });
  await assertAnswers(network, guarded.amf, 1, [
    [(one) => one.ask(known), 401, 'Token missing'],
    [(one) => one.ask(known, { authorization: 'Bearer a.b.c' }), 401, 'Token invalid'],
    [(one) => one.ask(known, { authorization: `Bearer ${token('nudm-sdm')}` }), 403, 'Insufficient scope'],
    [(one) => one.ask(known, { authorization: `Bearer ${token('n5g-eir-eic')}` }), 200, 'WHITELISTED'],
  ]);

  const limited = await network.start({ rateLimit: { perSecond: 1 }, policy: { whenUnknown: 'tracking' } });
  await assertAnswers(network, limited.amf, 2, [
    [(one) => one.ask('pei=imei-490154203237518'), 200, 'GREYLISTED'],
    [(one) => one.ask(known), 429, 'NF_CONGESTION_RISK'],
  ]);

  const { amf } = await network.start();
  assert.equal(await amf.ask(known, { ':method': 'HEAD' }), 405);
  await amf.end();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'http2' });
  const named = (name: string) =>
    wireshark.rows(`http2.headers.${name}`, 'http2.headers.status', `http2.headers.${name}`);
  const challenge = 'Bearer realm="n5g-eir-eic"';
  assert.deepEqual(named('location'), [['307', `http://192.0.2.9:7777${RESOURCE}?${known}`]]);
  assert.deepEqual(named('www_authenticate'), [
    ['401', challenge],
    ['401', `${challenge}, error="invalid_token"`],
    ['403', `${challenge}, error="insufficient_scope", scope="n5g-eir-eic"`],
  ]);
  assert.deepEqual(named('retry_after'), [['429', '1']]);
  assert.deepEqual(named('allow'), [['405', 'GET']]);
});

test('tshark reads N5g-eir: the settings, a ping, GOAWAY of a register that stops and of one answer each', {
  skip: missing,
}, async (context) => {
  const network = new Network(context);
  const { amf, front } = await network.start();
  await amf.ping();
  await amf.ask(pei('35342009123450'));
  await front.drain();
  await amf.closed();
  const once = await network.start({ limits: { isOneAnswerEach: true } });
  await once.amf.ask(pei('86650704004053'));
  await once.amf.closed();

  const wireshark = network.judge();
  wireshark.isSound({ protocol: 'http2' });
  // A server may leave ENABLE_PUSH out (RFC 9113 6.5.2).
  const settings = ['max_concurrent_streams', 'initial_window_size', 'max_header_list_size'];
  const offered = wireshark.rows(
    'http2.settings && ip.src == 192.0.2.2 && http2.settings.id',
    ...settings.map((name) => `http2.settings.${name}`),
  );
  const limits = ['512', '16384', '16384'];
  assert.deepEqual(offered, [limits, limits]);
  const pings = wireshark.rows('http2.type == 6', 'ip.src');
  assert.deepEqual(pings, [['192.0.2.1'], ['192.0.2.2']]);
  const goodbyes = wireshark.rows('http2.type == 7 && ip.src == 192.0.2.2', 'tcp.stream', 'http2.goaway.error');
  assert.deepEqual([...new Set(goodbyes.map(([stream]) => stream))], ['0', '1']);
  for (const [, errors = ''] of goodbyes) assert.match(errors, /^0(\|0)*$/, 'NO_ERROR');
});
