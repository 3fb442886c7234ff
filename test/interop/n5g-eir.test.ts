// nghttp2's own client and load generator, and curl, as judges of our N5g-eir front: HTTP/2 by other hands than Node's.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { seededRandom, systemClock } from '#base/port/index.ts';
import { type N5gEirOptions, openN5gEir } from '#operator/register/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';

const run = promisify(execFile);

// On a build machine a missing judge is a failure, elsewhere a visible skip.
function without(program: string, packageName: string): string | false {
  const isThere = spawnSync(program, ['--version']).status === 0;
  return isThere || process.env['CI'] ? false : `${program} is missing: install the package ${packageName}`;
}
const missing = without('nghttp', 'nghttp2-client') || without('h2load', 'nghttp2-client');

const RESOURCE = '/n5g-eir-eic/v1/equipment-status';
const PROHIBITED = '86650704004053';
const UNKNOWN = '49015420323751';

/** A front on a free port with one prohibited and one unknown IMEI; every other one, and what is no IMEI, is permitted. */
async function start(context: TestContext, more: Partial<N5gEirOptions> = {}) {
  const front = await openN5gEir({
    check({ imei }) {
      if (imei?.equipment === UNKNOWN) return { kind: 'unknown' };
      return { kind: 'status', equipmentStatus: imei?.equipment === PROHIBITED ? 'prohibited' : 'permitted' };
    },
    clock: systemClock,
    scheduler: systemScheduler,
    random: seededRandom('interop'),
    port: 0,
    ...more,
  });
  context.after(() => front.destroy());
  return { front, url: (query: string) => `http://127.0.0.1:${front.port}${RESOURCE}?${query}` };
}

test('nghttp: the answers of one connection, frame by frame', { skip: missing }, async (context) => {
  const { front, url } = await start(context);
  const asked = [
    `pei=imeisv-${PROHIBITED}01&supi=imsi-999700000021309`,
    'pei=imei-353420091234503',
    'pei=mac-00-11-22-33-44-55',
    `pei=imei-${UNKNOWN}8`,
    'supi=imsi-999700000021309',
  ];
  const { stdout } = await run('nghttp', ['-v', '--no-dep', ...asked.map(url)], { timeout: 20_000 });
  const count = (pattern: RegExp) => [...stdout.matchAll(pattern)].length;
  assert.equal(count(/ :status: 200/g), 3);
  assert.equal(count(/ :status: 404/g), 1);
  assert.equal(count(/ :status: 400/g), 1);
  assert.equal(count(/\{"status":"BLACKLISTED"\}/g), 1);
  assert.equal(count(/\{"status":"WHITELISTED"\}/g), 2);
  assert.equal(count(/"cause":"ERROR_EQUIPMENT_UNKNOWN"/g), 1);
  assert.equal(count(/"cause":"MANDATORY_QUERY_PARAM_MISSING"/g), 1);
  assert.equal(count(/recv RST_STREAM|recv GOAWAY/g), 0, stdout);
  assert.equal(front.connections.get('session'), 1);
});

test('nghttp: padding, a body, fields in CONTINUATION frames', { skip: missing }, async (context) => {
  // With --continuation nghttp sends 18 kB of fields: above our usual limit, so it is raised here.
  const { url } = await start(context, { limits: { mostHeaderOctets: 256 * 1024 } });
  for (const options of [
    ['--padding=200'],
    ['--data=/etc/hostname', '-H:method: GET'],
    ['--continuation'],
    ['--no-push', '--expect-continue'],
  ]) {
    const { stdout } = await run('nghttp', [...options, url('pei=imei-353420091234503')], { timeout: 20_000 });
    assert.equal(stdout, '{"status":"WHITELISTED"}', options.join(' '));
  }
});

test('h2load: five thousand questions on four connections, every one answered', { skip: missing }, async (context) => {
  const { front, url } = await start(context);
  const address = url(`pei=imeisv-${PROHIBITED}01&supi=imsi-999700000021309`);
  const { stdout } = await run('h2load', ['-n', '5000', '-c', '4', '-m', '32', address], { timeout: 60_000 });
  assert.match(stdout, /requests: 5000 total, 5000 started, 5000 done, 5000 succeeded, 0 failed, 0 errored/);
  assert.match(stdout, /status codes: 5000 2xx/);
  assert.deepEqual([...front.answers], [['BLACKLISTED', 5000]]);
  assert.deepEqual([...front.connections], [['session', 4]]);
});

test('curl that cannot send a second request is served with one answer for each connection', {
  skip: without('curl', 'curl'),
}, async (context) => {
  const { front, url } = await start(context, { limits: { isOneAnswerEach: true } });
  const addresses = ['pei=imei-353420091234503', `pei=imei-${PROHIBITED}4`].map(url);
  const { stdout } = await run('curl', ['-s', '--http2-prior-knowledge', ...addresses], { timeout: 20_000 });
  assert.equal(stdout, '{"status":"WHITELISTED"}{"status":"BLACKLISTED"}');
  assert.equal(front.connections.get('session'), 2);
});
