// Wireshark as the judge of our side of Nnrf_NFManagement: registration, heartbeats, a forgetful NRF, deregistration.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '#base/port/index.ts';
import { openN5gEir } from '#operator/register/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { judge, missing } from './tshark-judge.ts';

const PORT = 7777;
const NF_INSTANCE = '4947a69a-f61b-4bc1-b9da-47c9c5d14b64';
const PATH = `/nnrf-nfm/v1/nf-instances/${NF_INSTANCE}`;
const JSON_TYPE = { 'content-type': 'application/json' };

/** An NRF that answers as Open5GS' does: a relative Location, a timer of five seconds, 404 for whom it has forgotten. */
class Nrf {
  /** Requests answered so far. */
  answered = 0;
  isForgetful = false;
  private isKnown = false;
  private readonly sessions: ServerHttp2Session[] = [];
  private readonly server = createServer();

  constructor(context: TestContext) {
    context.after(() => {
      for (const session of this.sessions) session.destroy();
      this.server.close();
    });
    this.server.on('session', (session) => this.sessions.push(session));
    this.server.on('stream', async (stream, { ':method': method }) => {
      let body = '';
      for await (const chunk of stream.setEncoding('utf8')) body += chunk;
      const [headers, text] = this.answer(method ?? '', body);
      stream.respond(headers, { endStream: text === '' });
      if (text !== '') stream.end(text);
      this.answered += 1;
    });
  }
  private answer(method: string, body: string): readonly [Record<string, string | number>, string] {
    const wasKnown = this.isKnown && !this.isForgetful;
    this.isForgetful = false;
    this.isKnown = method !== 'DELETE' && (wasKnown || method === 'PUT');
    if (method === 'PUT') {
      const stored = JSON.stringify({ ...JSON.parse(body), heartBeatTimer: 5 });
      return [{ ':status': wasKnown ? 200 : 201, location: PATH, ...JSON_TYPE }, stored];
    }
    if (wasKnown) return [{ ':status': 204 }, ''];
    return [{ ':status': 404, 'content-type': 'application/problem+json' }, '{"status":404,"title":"Not found"}'];
  }
  async listen(): Promise<number> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return (this.server.address() as { port: number }).port;
  }
}

/** Waits until it is so, for five seconds. */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !isSo(); await pause(5)) assert.ok(Date.now() < end, 'it did not happen');
}

test('tshark reads our registration with an NRF: PUT, heartbeats, PUT again when forgotten, DELETE', {
  skip: missing,
}, async (context) => {
  const capture = new TcpCapture();
  const nrf = new Nrf(context);
  const recording = { capture, servicePort: await nrf.listen(), shownPort: PORT, client: 2, service: 4 };
  const port = await recordingProxy(context, recording);
  const time = manualScheduler(1_790_000_000_000);
  const states: string[] = [];
  const front = await openN5gEir({
    ...{ clock: time, scheduler: time, random: seededRandom('tshark'), port: 0 },
    check: () => ({ kind: 'unknown' }),
    nrf: {
      apiRoots: [`http://127.0.0.1:${port}`],
      profile: { nfInstanceId: NF_INSTANCE, ipv4Addresses: ['192.0.2.2'], port: PORT },
      onState: (state) => states.push(state),
    },
  });
  context.after(() => front.destroy());
  await until(() => states.length === 1);
  for (const isForgetful of [false, true]) {
    nrf.isForgetful = isForgetful;
    const before = nrf.answered;
    await until(() => {
      time.advance(10);
      return nrf.answered > before;
    });
  }
  await until(() => states.length === 3);
  await front.drain();

  const wireshark = judge(context, capture.octets(), [`tcp.port==${PORT},http2`]);
  wireshark.isSound({ protocol: 'http2' });
  const asked = wireshark.rows(
    'http2.headers.method',
    ...['method', 'path', 'content_type', 'user_agent'].map((name) => `http2.headers.${name}`),
  );
  const request = (method: string, type = '') => [method, PATH, type, `5G_EIR-${NF_INSTANCE}`];
  assert.deepEqual(asked, [
    request('PUT', 'application/json'),
    request('PATCH', 'application/json-patch+json'),
    request('PATCH', 'application/json-patch+json'),
    request('PUT', 'application/json'),
    request('DELETE'),
  ]);
  assert.deepEqual(wireshark.rows('http2.headers.status', 'http2.headers.status').flat(), [
    '201',
    '204',
    '404',
    '201',
    '204',
  ]);
  const bodies = wireshark
    .rows('json && ip.src == 192.0.2.2', 'json.value.string')
    .map(([texts = '']) => texts.split('|'));
  const [profile = [], beat] = bodies;
  assert.deepEqual(beat, ['replace', '/nfStatus', 'REGISTERED', 'replace', '/load']);
  for (const text of [NF_INSTANCE, '5G_EIR', 'n5g-eir-eic', 'v1', '192.0.2.2', 'AMF', 'SCP'])
    assert.ok(profile.includes(text), text);
  assert.deepEqual(bodies, [profile, beat, beat, profile]);
});
