import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { systemClock } from '#base/port/index.ts';
import { startSmsc } from '#lab/smsc/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { testCertificate } from '#test/certificate.ts';
import { assayIn, dataDirectory } from './assay.fixture.ts';
import { checkApi, checkPort, ownUrl } from './doctor-network.ts';
import type { Finding } from './finding.ts';

/** A data directory with a subscriber and a list, and what the doctor says of it. */
async function patient(context: TestContext) {
  const data = dataDirectory(context);
  await assayIn(data, ['uicc', 'personalise', '--imsi', '001010000000020', '--msisdn', '99970000020']);
  await assayIn(data, ['list', 'import', 'data/stolen-list.csv', '--list', 'black']);
  // Nothing of this machine's own ports is looked at.
  const env = {
    ASSAY_DATA: data,
    ASSAY_HTTP_PORT: '0',
    ASSAY_SMPP_PORT: '0',
    ASSAY_AIR_PORT: '0',
    ASSAY_ABROAD_PORT: '0',
  };
  const doctor = async (more: Readonly<Record<string, string>> = {}, ...args: readonly string[]) => {
    const { status, out, err } = await assayIn(data, ['doctor', '--json', ...args], 'doctor', {
      env: { ...env, ...more },
    });
    assert.equal(err, '');
    const { well, findings } = JSON.parse(out) as { well: boolean; findings: readonly Finding[] };
    assert.equal(status, well ? 0 : 1);
    const of = (check: string) => findings.filter((one) => one.check === check);
    const states = (check: string) => of(check).map(({ state }) => state);
    return { well, findings, of, states };
  };
  return { data, doctor };
}

/** Every file below a directory, with its size and time. */
const filesOf = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, ...statSync(join(directory, name)) }))
    .map(({ name, size, mtimeMs, mode }) => `${name} ${size} ${mtimeMs} ${mode}`)
    .sort();

test('a deployment that is well: every part is looked at, and nothing is changed', async (context) => {
  const { data, doctor } = await patient(context);
  const before = filesOf(data);
  const { well, findings, of } = await doctor({}, '--full');
  assert.ok(well, JSON.stringify(findings));
  for (const check of [
    'Node',
    'console',
    'clock',
    'disk',
    'rights',
    'database',
    'integrity',
    'keys',
    'audit',
    'lists',
    'memory',
    'port',
  ])
    assert.ok(of(check).length > 0, check);
  assert.match(of('keys')[0]?.found ?? '', /1 of 1 UICCs' secrets open/);
  assert.match(of('audit')[0]?.found ?? '', /the chain is whole/);
  assert.deepEqual(filesOf(data), before);
});

test('a directory without data is no fault, and is not made into one', async (context) => {
  const data = join(dataDirectory(context), 'none');
  const { status, out } = await assayIn(data, ['doctor', '--data', data]);
  assert.match(out, /warn {2}database +.*expected a database, got none: the first start makes it/);
  assert.ok([0, 1].includes(status));
  assert.throws(() => statSync(data), /ENOENT/);
});

test('what is wrong with keys, rights and files is found, with what to do', async (context) => {
  const { data, doctor } = await patient(context);
  const key = join(data, 'operator', 'master.key');
  chmodSync(key, 0o644);
  const open = await doctor();
  assert.deepEqual([open.states('rights'), open.states('keys')], [['fail'], ['fail']]);
  assert.match(open.of('rights')[0]?.advice ?? '', /chmod go= /);
  chmodSync(key, 0o600);
  const right = readFileSync(key);
  writeFileSync(key, Buffer.alloc(32, 7));
  assert.match((await doctor()).of('keys')[0]?.found ?? '', /another database’s/);
  writeFileSync(key, right);
  const file = join(data, 'operator', 'operator.sqlite');
  const octets = readFileSync(file);
  octets.fill(0xff, 8192, 12_288);
  writeFileSync(file, octets);
  const damaged = await doctor();
  assert.ok(
    !damaged.well &&
      damaged.findings.some(({ check, state }) => ['integrity', 'database'].includes(check) && state === 'fail'),
  );
  assert.ok(damaged.findings.every(({ state, advice }) => state === 'ok' || advice !== undefined));
});

test('old lists are told by their age, and ports by who holds them', async (context) => {
  const { data, doctor } = await patient(context);
  const later = { now: () => Date.UTC(2026, 10, 27) };
  const { out } = await assayIn(data, ['doctor', '--json'], 'late', { clock: later, env: { ASSAY_DATA: data } });
  const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
  assert.match(findings.find(({ check }) => check === 'lists')?.found ?? '', /is 72 hours old$/);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const held = await doctor({ ASSAY_N5G_EIR_PORT: String(port) });
  const [finding] = held.of('port').filter(({ found }) => found.startsWith('N5g-eir'));
  assert.match(finding?.found ?? '', new RegExp(`is held by process ${process.pid}$`));
  assert.equal(held.well, false);
});

test('the SMSC is reached and bound to, with its latency; wrong names and silence are told', async (context) => {
  const { doctor } = await patient(context);
  const accounts = [{ systemId: 'assay', password: 'secret', numbers: [] }];
  const smsc = await startSmsc({ accounts, port: 0, clock: systemClock, scheduler: systemScheduler });
  const where = `127.0.0.1:${smsc.port}`;
  const asked = async (password: string) =>
    (await doctor({ ASSAY_SMSC: where, ASSAY_SMSC_PASSWORD: password })).of('SMSC')[0];
  assert.match(
    (await asked('secret'))?.found ?? '',
    /^127\.0\.0\.1:\d+ answers after [\d.]+ ms, binds assay after [\d.]+ ms$/,
  );
  const refused = await asked('wrong');
  assert.deepEqual([refused?.state, /refused/.test(refused?.found ?? '')], ['fail', true]);
  await smsc.close();
  assert.match((await asked('secret'))?.found ?? '', /does not answer$/);
});

test('an address that this machine does not have is told, and an operator that speaks https is found whatever its certificate', async (context) => {
  assert.deepEqual(
    (await checkPort('console', { host: '192.0.2.1', port: 8080 })).map(({ state, found }) => [state, found]),
    [['fail', 'console 192.0.2.1:8080: this machine has no such address']],
  );
  const { key, cert } = testCertificate('elsewhere', 'https://elsewhere.example/');
  const server = createTlsServer({ key, cert }, (_request, answer) => answer.end('{"ready":true,"parts":[]}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const [found] = await checkApi(ownUrl({ host: '0.0.0.0', port }, true));
  assert.equal(found?.found, `it runs at https://127.0.0.1:${port}/ and is ready`);
  assert.equal(ownUrl({ host: '::', port: 80 }, false), 'http://[::1]:80/');
});
