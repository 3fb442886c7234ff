import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { test } from 'node:test';
import { seededRandom } from '#base/port/index.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { startThread } from './front-thread.ts';
import { ImageLoader } from './loader.ts';

test('what changes while a thread starts is in its answers; it settles when it has taken that, and when it is gone', async (context) => {
  const { operator, register, clock } = testOperator(context);
  const { database, subscribers } = operator;
  const sources = { ...register, database, subscribers, clock, random: seededRandom('thread') };
  const loader = new ImageLoader(sources, (change) => thread.send({ kind: 'change', change }));
  const hear = { seen: async () => {}, news: () => {}, died: () => {} };
  const settings = { n5gEir: { host: '127.0.0.1', port: 0 } };
  const thread = startThread(hear);
  const listening = thread.begin(settings, loader.parts);
  context.after(() => thread.drain());
  // The thread does not listen yet, and was given an empty memory that it will not find changed.
  register.ranges.add({ first: testImei(0), last: testImei(9), list: 'black', reason: 'stolen', author: 'Ada' });
  loader.load();
  await thread.settled();
  const [address] = await listening;
  const client = connect(`http://127.0.0.1:${address?.port}`);
  const stream = client.request({ ':path': `/n5g-eir-eic/v1/equipment-status?pei=imei-${testImei(3).withCheckDigit}` });
  let body = '';
  for await (const chunk of stream.setEncoding('utf8')) body += chunk;
  client.close();
  assert.equal(body, '{"status":"BLACKLISTED"}');
  const settled = thread.settled();
  await thread.drain();
  await settled;
  await thread.settled();
});
