import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { RefusalError } from '#base/sentence/index.ts';
import { DEFAULT_CHANGE_LIMIT, REGISTER_REFUSALS } from '#operator/register/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { eventually, servedApi } from './api.fixture.ts';

type Served = Awaited<ReturnType<typeof servedApi>>;
const PATH = '/api/v1/imports?list=black&source=partner';
const CSV = { 'Content-Type': 'text/csv' };

const file = (first: number, count: number) =>
  ['imei,reason', ...Array.from({ length: count }, (_, serial) => `${testImei(first + serial).equipment},stolen`)].join(
    '\n',
  );
const IDLE = 10_000;

/** An upload on a connection of its own, chunk by chunk. */
async function slowUpload(context: TestContext, { port, tokens, timers }: Served, path = PATH) {
  const waited = () => timers.filter((milliseconds) => milliseconds === IDLE).length;
  let expected = waited() + 1;
  const taken = () => eventually(() => waited() >= expected, 'what was sent is taken');
  const socket = connect(port, '127.0.0.1');
  context.after(() => socket.destroy());
  let came = '';
  socket.on('data', (octets) => {
    came += octets.toString();
  });
  socket.on('error', () => {});
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${tokens.machine}`];
  socket.write([...head, 'Content-Type: text/csv', 'Transfer-Encoding: chunked', '', ''].join('\r\n'));
  await taken();
  return {
    socket,
    chunk: async (text: string, isTaken = true) => {
      expected++;
      socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
      if (isTaken) await taken();
    },
    end: () => socket.write('0\r\n\r\n'),
    answer: async () => {
      await over;
      return came;
    },
    came: () => came,
  };
}

test('what is done to values is told by kind, with the first lines of each, masked for who sees no whole IMEI', async (context) => {
  const { ask } = await servedApi(context);
  const imeis = [1, 2, 3, 4].map(testImei);
  const body = [
    ...['imei', ...imeis.map(({ withCheckDigit }) => withCheckDigit), `imei-${testImei(5).equipment}`],
    `${testImei(6).equipment}01`,
  ].join('\n');
  const tried = await ask(`${PATH}&dryRun=true`, { role: 'machine', body, headers: CSV });
  const { normalisations } = tried.json['effect'] as { normalisations: readonly Record<string, unknown>[] };
  assert.deepEqual(
    normalisations.map(({ text, count, examples }) => [text, count, examples]),
    [
      ['check digit dropped', 4, [1, 2, 3].map((at) => ({ number: at + 1, imei: testImei(at).equipment }))],
      ['prefix or separators dropped', 1, [{ number: 6, imei: testImei(5).equipment }]],
      ['software version dropped', 1, [{ number: 7, imei: testImei(6).equipment }]],
    ],
  );
});

test('a file is tried, applied, shown and undone, each step with its name in the log', async (context) => {
  const { ask, audit, register } = await servedApi(context);
  const body = `${file(1, 3)}\nnonsense`;
  const tried = await ask(`${PATH}&dryRun=true`, { role: 'machine', body, headers: CSV });
  assert.deepEqual(
    [tried.json['outcome'], tried.json['batch'], register.lists.counts()[0]?.entries],
    ['dryRun', undefined, 0],
  );
  const applied = await ask(`${PATH}&name=delta.csv&caseReference=A-1`, {
    role: 'machine',
    body,
    headers: { 'Content-Type': 'text/csv; charset=utf-8' },
  });
  const effect = applied.json['effect'] as Record<string, unknown>;
  assert.deepEqual([applied.json['outcome'], effect['added'], effect['bad']], ['applied', 3, 1]);
  assert.deepEqual(effect['badLines'], [
    {
      ...{ number: 5, problem: "imei: expected 14 to 16 digits, got 'n' at place 1", line: 'nonsense' },
      ...{ column: 'imei', said: { code: 'imeiSign', values: { sign: 'n', place: 1 } } },
    },
  ]);
  assert.deepEqual(effect['problems'], [{ code: 'imeiSign', column: 'imei', count: 1 }]);
  assert.deepEqual(effect['normalisations'], []);
  const [entry] = register.lists.all(testImei(1));
  assert.deepEqual([entry?.author, entry?.caseReference, entry?.source], ['the machine', 'A-1', 'partner']);
  const batch = applied.json['batch'];
  const one = (await ask(`/api/v1/imports/${batch}`, { role: 'viewer' })).json['import'] as Record<string, unknown>;
  assert.deepEqual([one['name'], one['author'], one['state'], one['added']], ['delta.csv', 'the machine', 'done', 3]);
  assert.equal(((await ask('/api/v1/imports', { role: 'viewer' })).json['imports'] as readonly unknown[]).length, 1);

  const undone = await ask(`/api/v1/imports/${batch}/undo`, { role: 'approver', json: { reason: 'wrong file' } });
  assert.deepEqual([undone.json['changed'], register.lists.all(testImei(1))], [3, []]);
  const [last] = audit.newest(1, 'list');
  assert.deepEqual([last?.author, last?.detail?.['reason']], ['the approver', 'wrong file']);
  assert.equal(
    (await ask(`/api/v1/imports/${batch}/undo`, { role: 'approver', json: { reason: 'again' } })).code,
    'conflict',
  );
  for (const path of ['/api/v1/imports/99', '/api/v1/imports/99/undo'])
    assert.equal(
      (await ask(path, path.endsWith('undo') ? { role: 'approver', json: { reason: 'r' } } : { role: 'viewer' })).code,
      'no-such-resource',
    );
});

test('a file that changes too much changes nothing and shows its effect; only an approver raises the limit', async (context) => {
  const { ask, register } = await servedApi(context);
  const body = file(1, DEFAULT_CHANGE_LIMIT + 1);
  const refused = await ask(PATH, { role: 'machine', body, headers: CSV });
  const effect = refused.json['effect'] as Record<string, unknown>;
  assert.deepEqual([refused.status, refused.code, effect['added']], [409, 'change-refused', DEFAULT_CHANGE_LIMIT + 1]);
  assert.equal(register.lists.counts()[0]?.entries, 0);
  const raised = `${PATH}&changeLimit=${DEFAULT_CHANGE_LIMIT + 1}`;
  for (const path of [raised, `${PATH}&kind=full&changeLimit=5`, `${PATH}&subscriberLimit=101`])
    assert.equal((await ask(path, { role: 'machine', body: file(1, 1), headers: CSV })).code, 'not-permitted', path);
  assert.equal((await ask(`${PATH}&changeLimit=5`, { role: 'machine', body: file(1, 1), headers: CSV })).status, 200);
  assert.equal((await ask(raised, { role: 'approver', body, headers: CSV })).status, 200);
});

test('handsets in use that a file would cut off are shown, masked for a machine', async (context) => {
  const { ask, issue, receive, tokens } = await servedApi(context);
  const phone = issue();
  await receive(phone, phone.uicc.report(testImei(1)));
  const hit = async (token: string) => {
    const { json } = await ask(`${PATH}&dryRun=true`, { token, method: 'POST', body: file(1, 2), headers: CSV });
    return ((json['effect'] as Record<string, unknown>)['hitHandsets'] as readonly Record<string, unknown>[])[0]?.[
      'imsi'
    ];
  };
  assert.deepEqual([await hit(tokens.machine), await hit(tokens.analyst)], ['00101…001', phone.imsi.digits]);
});

test('while another process writes an import, the answer says when to come again', async (context) => {
  const { ask } = await servedApi(context, {
    sources: ({ register }) => ({
      register: {
        ...register,
        importList: () =>
          Promise.reject(
            new RefusalError(REGISTER_REFUSALS.say('importUnderWay', { id: 3, name: 'a.csv', seconds: 8 })),
          ),
      },
    }),
  });
  const answer = await ask(PATH, { role: 'machine', body: file(1, 1), headers: CSV });
  assert.deepEqual(
    [answer.status, answer.code, answer.json['said'], answer.json['retryAfter']],
    [503, 'unavailable', { code: 'importUnderWay', values: { id: 3, name: 'a.csv', seconds: 8 } }, 10],
  );
});

test('what is no list, and a query that asks for something else, changes nothing', async (context) => {
  const { ask, register } = await servedApi(context);
  for (const body of ['hello', '\u0000\u0001', '{"imei":1}'])
    assert.equal((await ask(PATH, { role: 'machine', body, headers: CSV })).code, 'unusable-file');
  const utf16 = new Uint8Array([0xff, 0xfe, 0x31, 0x00, 0xd8]);
  assert.equal((await ask(PATH, { role: 'machine', body: utf16, headers: CSV })).code, 'unusable-file');
  for (const query of [
    'list=black',
    'source=x',
    'list=red&source=x',
    'list=black&source=x&dryrun=true',
    'list=black&source=x&dryRun=yes',
    'list=black&source=x&format=xls',
    'list=black&source=x&expiresAt=2027-02-30T00:00:00Z',
  ])
    assert.equal(
      (await ask(`/api/v1/imports?${query}`, { role: 'machine', body: file(1, 1), headers: CSV })).code,
      'invalid-value',
      query,
    );
  assert.equal(register.lists.counts()[0]?.entries, 0);
});

test('a file may take its time as long as octets come; silence is answered with 408 and changes nothing', async (context) => {
  const served = await servedApi(context);
  const slow = await slowUpload(context, served);
  await slow.chunk('imei\n');
  for (let serial = 0; serial < 5; serial++) {
    served.clock.advance(9000);
    await slow.chunk(`${testImei(serial).equipment}\n`);
  }
  slow.end();
  await eventually(() => /^HTTP\/1.1 200 [\s\S]*"added":5/.test(slow.came()), 'the answer');

  const silent = await slowUpload(context, served);
  await silent.chunk(`imei\n${testImei(90).equipment}\n`);
  served.clock.advance(10_000);
  assert.match(await silent.answer(), /^HTTP\/1.1 408 [\s\S]*"code":"too-slow"/);
  assert.deepEqual(served.register.lists.all(testImei(90)), []);
  assert.deepEqual(served.faults, []);
});

test('a sender that goes away in the middle of a file leaves nothing, and makes room for the next', async (context) => {
  const served = await servedApi(context, { limits: { uploads: 1 } });
  const gone = await slowUpload(context, served);
  await gone.chunk(`imei\n${testImei(1).equipment}\n`);
  const second = await served.ask(PATH, { role: 'machine', body: file(2, 1), headers: CSV });
  assert.deepEqual([second.status, second.code], [503, 'unavailable']);
  gone.socket.destroy();
  let status = 503;
  for (let tries = 0; status === 503 && tries < 500; tries++)
    status = (await served.ask(PATH, { role: 'machine', body: file(2, 1), headers: CSV })).status;
  assert.equal(status, 200);
  assert.deepEqual(served.register.lists.all(testImei(1)), []);
  assert.deepEqual(served.faults, []);
});

test('a file larger than allowed ends while it comes', async (context) => {
  const served = await servedApi(context, { limits: { uploadOctets: 1000 } });
  const large = await slowUpload(context, served);
  await large.chunk('imei\n');
  await large.chunk(`${testImei(1).equipment}\n`.repeat(100), false);
  assert.match(await large.answer(), /^HTTP\/1.1 413 [\s\S]*"code":"too-large"/);
  assert.deepEqual(served.register.lists.all(testImei(1)), []);
});
