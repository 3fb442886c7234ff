import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

const PATH = '/api/v1/imports?list=black&source=partner&name=big.csv';
const file = (count: number) => `imei\n${Array.from({ length: count }, (_, i) => testImei(i).equipment).join('\n')}\n`;

test('a file under way is seen by others and cancelled by one of them: nothing of it counts, the sender hears who and why', async (context) => {
  const { ask, port, tokens, register, audit } = await servedApi(context);
  const socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  let came = '';
  socket.on('data', (octets) => {
    came += octets.toString();
  });
  const head = [`POST ${PATH} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${tokens.machine}`];
  socket.write([...head, 'Content-Type: text/csv', 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
  const text = file(5000);
  socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
  const runs = async () => (await ask('/api/v1/import-runs', { role: 'viewer' })).json;
  await eventually(() => (register.importRuns.newest(1)[0]?.done ?? 0) >= 4000, 'the lines are read');
  const [run] = (await runs())['runs'] as readonly Record<string, unknown>[];
  assert.deepEqual(
    [run?.['state'], run?.['phase'], run?.['name'], run?.['author'], run?.['isDryRun'], run?.['of']],
    ['running', 'receiving', 'big.csv', 'the machine', false, undefined],
  );
  const path = `/api/v1/import-runs/${run?.['run']}/cancel`;
  assert.equal((await ask(path, { role: 'viewer', json: { reason: 'no' } })).code, 'not-permitted');
  const done = await ask(path, { role: 'approver', json: { reason: 'wrong file' } });
  assert.equal((done.json['run'] as Record<string, unknown>)['cancelledBy'], 'the approver');
  await eventually(() => came.includes('importWasCancelled'), 'the sender hears of it');
  assert.match(came, /^HTTP\/1.1 409 [\s\S]*the approver[\s\S]*wrong file/);
  const [told] = audit.newest(1, 'list');
  assert.deepEqual(
    [told?.author, told?.detail?.['change'], told?.detail?.['reason']],
    ['the approver', 'import cancelled', 'wrong file'],
  );
  assert.equal(register.lists.counts()[0]?.entries, 0);
  const one = await ask(`/api/v1/import-runs/${run?.['run']}`, { role: 'viewer' });
  assert.equal((one.json['run'] as Record<string, unknown>)['state'], 'cancelled');
  const again = await ask(path, { role: 'approver', json: { reason: 'again' } });
  assert.deepEqual(
    [again.code, (again.json['said'] as Record<string, unknown>)['code']],
    ['conflict', 'importRunHasEnded'],
  );
  assert.equal((await ask('/api/v1/import-runs/99', { role: 'viewer' })).code, 'no-such-resource');
});

test('the batch of an import says how it went; one that counts is not cancelled', async (context) => {
  const { ask } = await servedApi(context);
  const headers = { 'Content-Type': 'text/csv' };
  const { json } = await ask(PATH, { role: 'machine', body: file(20), headers });
  const found = (await ask(`/api/v1/imports/${json['batch']}`, { role: 'viewer' })).json;
  const run = found['run'] as Record<string, unknown>;
  assert.deepEqual(
    [run['state'], run['phase'], run['done'], run['of'], run['batch']],
    ['applied', 'writing', 20, 20, json['batch']],
  );
  const late = await ask(`/api/v1/import-runs/${run['run']}/cancel`, { role: 'approver', json: { reason: 'late' } });
  assert.deepEqual([late.status, (late.json['said'] as Record<string, unknown>)['code']], [409, 'importCounts']);
});

test('whoever follows the stream hears of each change of a run, and goes on from where he was', async (context) => {
  const { url, tokens, register } = await servedApi(context);
  const before = register.importRuns.version();
  const lines = [new TextEncoder().encode(file(20))];
  const options = { list: 'black', source: 'partner', author: 'Ada', name: 'big.csv', dryRun: true } as const;
  await register.importList(lines, options);
  const stop = new AbortController();
  context.after(() => stop.abort());
  const { body } = await fetch(new URL(`/api/v1/import-runs/stream?after=${before}`, url), {
    headers: { Authorization: `Bearer ${tokens.viewer}` },
    signal: stop.signal,
  });
  assert.ok(body);
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('event: importRun')) break;
  }
  const [, data = ''] = /event: importRun\ndata: (.*)\n/.exec(text) ?? [];
  const run = JSON.parse(data) as Record<string, unknown>;
  assert.deepEqual([run['state'], run['isDryRun'], run['name']], ['dryRun', true, 'big.csv']);
  assert.match(text, new RegExp(`id: ${run['version']}\\nevent: importRun`));
});
