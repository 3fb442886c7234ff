import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

const PATH = '/api/v1/imports?list=black&source=partner';
const REPORT = `${PATH}&dryRun=true&report=full`;
const CSV = { 'Content-Type': 'text/csv' };
const good = `${testImei(1).equipment},stolen`;
const bad = (count: number) => Array.from({ length: count }, (_, at) => `bad${at},"=1+1"`).join('\n');

test('columns of a foreign file are said in the query; what is no mapping is refused before the file is read', async (context) => {
  const { ask, register } = await servedApi(context);
  const body = `H|x|20261124|\nD|deleted|${testImei(1).equipment}|gone\nD|new|${testImei(2).equipment}|theft\n`;
  const mapping = 'imei=3,note=4,remove=2:deleted|withdrawn,ignore=1:H,header=no,separator=bar';
  const upload = (query: string) => ask(`${PATH}&${query}`, { role: 'machine', body, headers: CSV });
  const applied = await upload(`mapping=${encodeURIComponent(mapping)}`);
  const effect = applied.json['effect'] as Record<string, unknown>;
  assert.deepEqual(
    [applied.json['outcome'], effect['added'], effect['notThere'], effect['bad']],
    ['applied', 1, 1, 0],
    applied.body,
  );
  assert.equal(register.lists.all(testImei(2))[0]?.note, 'theft');
  for (const [query, expected] of [
    ['mapping=colour=2', /NAME=COLUMN/],
    ['mapping=imei=1,header=maybe', /yes or no/],
    ['mapping=imei=1&format=csv', /either/],
    ['mapping=', /a text/],
    [`mapping=${'x'.repeat(1001)}`, /at most 1000/],
  ] as const) {
    const refused = await upload(query);
    assert.deepEqual([refused.code, refused.json['at']], ['invalid-value', 'mapping'], query);
    assert.match(String(refused.json['expected']), expected);
  }
  assert.equal((await upload('mapping=note=1')).code, 'unusable-file', 'no column has IMEIs');
});

test('all bad lines of a dry run as CSV, more than the answer of an import shows; nothing is changed', async (context) => {
  const { ask, register, faults } = await servedApi(context);
  const body = `imei,note\n${good}\n${bad(1500)}\n`;
  const { status, body: report, response } = await ask(REPORT, { role: 'machine', body, headers: CSV });
  assert.deepEqual([status, response.headers.get('content-type')], [200, 'text/csv; charset=utf-8']);
  assert.match(response.headers.get('content-disposition') ?? '', /^attachment/);
  const lines = report.split('\r\n');
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [1502, 'line,problem,text,code', '']);
  assert.match(lines[1] ?? '', /^3,".*","bad0,""=1\+1""",imeiSign$/);
  assert.match(lines[1500] ?? '', /^1502,/);
  const first = await ask(`${PATH}&dryRun=true&report=first`, { role: 'machine', body, headers: CSV });
  const effect = first.json['effect'] as Record<string, unknown>;
  assert.deepEqual([effect['bad'], (effect['badLines'] as readonly unknown[]).length], [1500, 1000]);
  const none = await ask(REPORT, { role: 'machine', body: `imei,note\n${good}`, headers: CSV });
  assert.deepEqual([none.status, none.body], [200, 'line,problem,text,code\r\n']);
  assert.deepEqual([register.lists.counts()[0]?.entries, faults], [0, []]);
});

test('a file in which nothing can be used has a report all the same; what is no list has none', async (context) => {
  const { ask, faults } = await servedApi(context);
  const whole = await ask(REPORT, { role: 'machine', body: `imei,note\n${bad(2)}`, headers: CSV });
  assert.match(whole.body, /^line,problem,text,code\r\n2,.*\r\n3,.*\r\n0,"?no line can be used.*\r\n$/);
  const broken = await ask(REPORT, {
    role: 'machine',
    body: `imei,note\n${bad(1)}\n${good}\n${testImei(2).equipment},"x\n`,
    headers: CSV,
  });
  assert.match(broken.body, /\r\n2,[^\r]*\r\n/);
  for (const body of ['hello', '\u0000'])
    assert.equal((await ask(REPORT, { role: 'machine', body, headers: CSV })).code, 'unusable-file');
  for (const query of ['&report=full', '&report=full&dryRun=false'])
    assert.equal(
      (await ask(`${PATH}${query}`, { role: 'machine', body: good, headers: CSV })).code,
      'invalid-value',
      query,
    );
  assert.deepEqual(faults, []);
});

/** An upload in pieces on a connection of its own, which reads only when it is told to. */
function uploader(context: TestContext, { port, tokens }: Awaited<ReturnType<typeof servedApi>>) {
  const socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  let came = '';
  let isOver = false;
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
  });
  socket.on('data', (octets) => {
    came += octets.toString();
  });
  const head = [`POST ${REPORT}&format=csv HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${tokens.machine}`];
  socket.write([...head, 'Content-Type: text/csv', 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
  const chunk = (text: string) => socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  return { socket, chunk, end: () => socket.write('0\r\n\r\n'), came: () => came, isOver: () => isOver };
}

test('a report too large to be held comes while the file is read, and is whole', async (context) => {
  const served = await servedApi(context, { limits: { reportOctets: 10_000 } });
  const { chunk, end, came, isOver, socket } = uploader(context, served);
  chunk(`imei,note\n${good}\n${bad(300)}\n`);
  chunk(`${good}\n`);
  await eventually(() => came().includes('bad299'), 'the report has begun');
  assert.match(came(), /^HTTP\/1.1 200 [\s\S]*line,problem,text,code/);
  chunk(`${bad(1)}\n`);
  end();
  await eventually(() => came().endsWith('\r\n0\r\n\r\n'), 'its end');
  assert.equal(came().match(/bad\d+,/g)?.length, 301);
  assert.equal(isOver(), false, 'the connection serves on');
  socket.end();
  assert.equal((await served.ask('/healthz')).status, 200);
  assert.deepEqual(served.faults, []);
});

test('a sender that goes away in the middle of a report is no fault, and makes room for the next', async (context) => {
  const served = await servedApi(context, { limits: { reportOctets: 1000, uploads: 1 } });
  const gone = uploader(context, served);
  gone.chunk(`imei,note\n${bad(50)}\n`);
  gone.chunk('x');
  await eventually(() => gone.came().includes('bad48'), 'the report has begun');
  gone.socket.destroy();
  const body = `imei\n${testImei(2).equipment}`;
  let status = 503;
  for (let tries = 0; status === 503 && tries < 500; tries++)
    status = (await served.ask(PATH, { role: 'machine', body, headers: CSV })).status;
  assert.deepEqual([status, served.faults], [200, []]);
});

test('a fault in the middle of a report is told to whoever runs the server, and the report is cut', async (context) => {
  const fault = new Error('the disk is gone');
  const served = await servedApi(context, {
    limits: { reportOctets: 1000 },
    sources: ({ register }) => ({
      register: {
        ...register,
        async importList(chunks, { onBadLine }) {
          for await (const _chunk of chunks)
            for (let number = 1; number < 100; number++)
              onBadLine?.({ number, problem: 'p', said: { code: 'imeiMissing', values: {} }, line: 'l'.repeat(20) });
          throw fault;
        },
      },
    }),
  });
  const cut = uploader(context, served);
  cut.chunk('imei\n');
  await eventually(() => cut.came().includes('99,p'), 'the report has begun');
  cut.end();
  await eventually(cut.isOver, 'it is cut');
  assert.doesNotMatch(cut.came(), /\r\n0\r\n\r\n$/);
  assert.deepEqual(served.faults, [fault]);
});

test('half a report is cut: when its sender falls silent, and when it is not read', async (context) => {
  const served = await servedApi(context, { limits: { reportOctets: 1000, slowReaderMilliseconds: 7000, uploads: 1 } });
  const silent = uploader(context, served);
  silent.chunk(`imei,note\n${bad(50)}\n`);
  silent.chunk('x');
  await eventually(() => silent.came().includes('bad49'), 'the report has begun');
  await eventually(() => served.timers.filter((one) => one === 10_000).length >= 3, 'the next piece is waited for');
  served.clock.advance(10_000);
  await eventually(silent.isOver, 'it is cut');
  assert.doesNotMatch(silent.came(), /\r\n0\r\n\r\n$/);

  const deaf = uploader(context, served);
  deaf.socket.pause();
  const large = `${bad(20_000)}\n`;
  deaf.chunk('imei,note\n');
  // Until nothing moves any more in either direction.
  let [written, still] = [-1, 0];
  for (let tries = 0; still < 20 && tries < 2000; tries++) {
    if (!deaf.socket.writableNeedDrain) deaf.chunk(large);
    still = deaf.socket.bytesWritten === written ? still + 1 : 0;
    written = deaf.socket.bytesWritten;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  served.clock.advance(7000);
  let status = 503;
  for (let tries = 0; status === 503 && tries < 500; tries++)
    status = (await served.ask(PATH, { role: 'machine', body: `imei\n${testImei(2).equipment}`, headers: CSV })).status;
  assert.equal(status, 200, 'there is room for the next file');
  assert.deepEqual(served.faults, []);
});
