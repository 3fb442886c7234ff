import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#base/port/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { equipmentStatusService } from './equipment-status.ts';
import { listenN5gEirFast } from './fast-listener.ts';
import { listenerCases } from './listener-cases.fixture.ts';

listenerCases('own HTTP/2', listenN5gEirFast);

const PATH = '/n5g-eir-eic/v1/equipment-status?pei=imei-353420091234503';

/** A front on a free port whose service hears authorization fields, and a way to ask it; `retries` seconds are in every second answer. */
async function start(context: TestContext) {
  const heard: (string | undefined)[] = [];
  let asked = 0;
  const service = equipmentStatusService({
    check: () => (asked++ % 2 === 0 ? { kind: 'unknown' } : { kind: 'unavailable', retryAfterSeconds: asked }),
    clock: systemClock,
    authorise(field) {
      heard.push(field);
      return { kind: 'accepted', subject: 'amf' };
    },
  });
  const listener = await listenN5gEirFast({ service, clock: systemClock, scheduler: systemScheduler, port: 0 });
  const session = connect(`http://127.0.0.1:${listener.port}`);
  context.after(() => {
    session.destroy();
    listener.destroy();
  });
  const ask = (fields: Record<string, string | string[]> = {}): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':path': PATH, ...fields });
      stream.on('response', resolve).on('error', reject).resume();
    });
  return { heard, ask };
}

test('own HTTP/2: the service hears the fields of the request it is asked, and no other', async (context) => {
  const { heard, ask } = await start(context);
  for (const fields of [{ authorization: 'Bearer a' }, {}, { authorization: 'Bearer b' }]) await ask(fields);
  assert.deepEqual(heard, ['Bearer a', undefined, 'Bearer b']);
  const refused = await ask({ accept: ['text/html', 'image/jpeg'] });
  assert.equal(refused[':status'], 406);
  assert.notEqual((await ask({ accept: ['text/html', 'application/*;q=0.5'] }))[':status'], 406);
});

test('own HTTP/2: answers have the fields the service gave them, constant ones and others', async (context) => {
  const { ask } = await start(context);
  for (let turn = 0; turn < 6; turn++) {
    const answer = await ask();
    const isUnknown = turn % 2 === 0;
    assert.equal(answer[':status'], isUnknown ? 404 : 503);
    assert.equal(answer['content-type'], 'application/problem+json');
    assert.equal(answer['retry-after'], isUnknown ? undefined : String(turn + 1));
    assert.ok(String(answer['date']).endsWith('GMT'));
  }
});
