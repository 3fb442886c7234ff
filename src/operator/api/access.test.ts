import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { ROLES, type Role } from '#operator/access/index.ts';
import { testImei } from '#test/operator/operator.ts';
import { servedApi } from './api.fixture.ts';

/** Which token may, written out once more and apart from the code: v(iewer) a(nalyst) (a)p(prover) A(dministrator) m(achine), `*` anyone, '' none: for sessions. */
const EXPECTED: Readonly<Record<string, string>> = {
  'GET /api/v1/imei/{imei}': 'vapAm',
  'POST /api/v1/checks': 'vapAm',
  'POST /api/v1/claims': 'Am',
  'GET /api/v1/clusters': 'vapA',
  'GET /api/v1/clusters/{imei}/claimants': 'vapA',
  'GET /api/v1/alarms': 'vapA',
  'GET /api/v1/alarms/counts': 'vapA',
  'GET /api/v1/alarms/{id}': 'vapA',
  'POST /api/v1/alarms/{id}/acknowledgement': 'apA',
  'POST /api/v1/alarms/{id}/closure': 'apA',
  'POST /api/v1/alarms/{id}/reopening': 'apA',
  'POST /api/v1/alarms/{id}/assignment': 'apA',
  'GET /api/v1/search': 'vapA',
  'GET /api/v1/devices': 'vapA',
  'GET /api/v1/devices/{id}': 'vapA',
  'GET /api/v1/devices/{id}/timeline': 'vapA',
  'GET /api/v1/overview': 'vapAm',
  'GET /api/v1/overview/series': 'vapAm',
  'GET /api/v1/lists': 'vapAm',
  'POST /api/v1/lists/{list}/entries': 'apA',
  'POST /api/v1/lists/{list}/removals': 'apA',
  'GET /api/v1/ranges': 'vapAm',
  'POST /api/v1/ranges': 'apA',
  'POST /api/v1/ranges/removals': 'apA',
  'GET /api/v1/pair-rules': 'vapAm',
  'POST /api/v1/pair-rules': 'apA',
  'POST /api/v1/pair-rules/removals': 'apA',
  'GET /api/v1/list-runs': 'vapAm',
  'POST /api/v1/list-runs': 'apA',
  'GET /api/v1/imports': 'vapAm',
  'POST /api/v1/imports': 'apAm',
  'GET /api/v1/imports/{batch}': 'vapAm',
  'GET /api/v1/imports/{batch}/undo': 'vapAm',
  'GET /api/v1/import-runs': 'vapAm',
  'GET /api/v1/import-runs/stream': 'vapAm',
  'GET /api/v1/import-runs/{run}': 'vapAm',
  'POST /api/v1/import-runs/{run}/cancel': 'apAm',
  'POST /api/v1/imports/{batch}/undo': 'pA',
  'GET /api/v1/approvals': 'vapAm',
  'GET /api/v1/approvals/{id}': 'vapAm',
  'POST /api/v1/approvals/{id}/approval': 'pA',
  'POST /api/v1/approvals/{id}/rejection': 'pA',
  'POST /api/v1/approvals/{id}/orders': 'pA',
  'GET /api/v1/equipment-events': 'vapAm',
  'GET /api/v1/equipment-events/stream': 'vapAm',
  'GET /api/v1/webhooks': 'vapA',
  'POST /api/v1/webhooks': 'A',
  'POST /api/v1/webhooks/{id}/removal': 'A',
  'POST /api/v1/webhooks/{id}/test': 'A',
  'GET /api/v1/webhooks/{id}/dead-letters': 'vapA',
  'GET /api/v1/subscribers': 'vapA',
  'GET /api/v1/subscribers/{iccid}': 'vapA',
  'GET /api/v1/findings': 'vapA',
  'GET /api/v1/exchanges': 'vapA',
  'GET /api/v1/exchanges/{exchange}': 'vapA',
  'GET /api/v1/exchanges/{exchange}/hops': 'vapA',
  'GET /api/v1/hops/{hop}': 'vapA',
  'GET /api/v1/hops/stream': 'vapA',
  // Octets are for who sees whole identities: exchanges.test.ts.
  'GET /api/v1/exchanges/{exchange}/capture': 'vapA',
  'GET /api/v1/exchanges/{exchange}/record': 'vapA',
  'GET /api/v1/outbox': 'vapA',
  'GET /api/v1/outbox/{id}': 'vapA',
  'POST /api/v1/commands': 'apA',
  'POST /api/v1/scripts': 'A',
  'GET /api/v1/scripts/{id}': 'A',
  'GET /api/v1/key-sets': 'vapA',
  'POST /api/v1/key-sets': 'A',
  'POST /api/v1/policies/preview': 'vapA',
  'POST /api/v1/policies': 'apA',
  'POST /api/v1/policies/fleet': 'pA',
  'GET /api/v1/makers': 'vapA',
  'POST /api/v1/makers': 'A',
  'POST /api/v1/makers/removals': 'A',
  'POST /api/v1/makers/rollouts/preview': 'vapA',
  'POST /api/v1/makers/rollouts': 'A',
  'GET /api/v1/revocations': 'vapA',
  'GET /api/v1/supports': 'vapA',
  'POST /api/v1/revocations/preview': 'vapA',
  'POST /api/v1/revocations': 'A',
  'GET /api/v1/lists/{list}/export': 'vapAm',
  'POST /api/v1/imports/proposal': 'apAm',
  'POST /api/v1/settings/{name}/preview': 'vapA',
  'GET /api/v1/events': 'vapAm',
  'GET /api/v1/events/stream': 'vapAm',
  'GET /api/v1/audit/verification': 'apA',
  'GET /api/v1/audit': 'vapAm',
  'GET /api/v1/settings': 'vapA',
  'PUT /api/v1/settings/{name}': 'A',
  'GET /api/v1/imsi-defaults': 'vapA',
  'POST /api/v1/imsi-defaults': 'A',
  'POST /api/v1/imsi-defaults/removals': 'A',
  'GET /api/v1/caller': 'vapAm',
  'GET /api/v1/session': '*',
  'POST /api/v1/session': '*',
  'POST /api/v1/session/end': '*',
  'GET /api/v1/open-id': '*',
  'GET /api/v1/open-id/callback': '*',
  'POST /api/v1/first-administrator': '*',
  'POST /api/v1/session/person': 'vapAm',
  'POST /api/v1/session/password': '',
  'GET /api/v1/sessions': '',
  'POST /api/v1/sessions/end': '',
  'POST /api/v1/sessions/{id}/end': '',
  'GET /api/v1/roles': 'vapAm',
  'GET /api/v1/retention': 'vapA',
  'GET /api/v1/erasures': 'A',
  'POST /api/v1/erasures': 'A',
  'POST /api/v1/subject-exports': 'A',
  'GET /api/v1/users': 'A',
  'POST /api/v1/users': 'A',
  'POST /api/v1/users/{id}/change': 'A',
  'POST /api/v1/users/{id}/sessions/end': 'A',
  'GET /api/v1/tokens': 'A',
  'POST /api/v1/tokens': 'A',
  'POST /api/v1/tokens/{id}/revocation': 'A',
  'GET /api/v1/status': 'vapAm',
  'GET /metrics': 'vapAm',
  'GET /healthz': '*',
  'GET /readyz': '*',
  'GET /api/v1/openapi.json': '*',
  'GET /api/v1/docs': '*',
};
const LETTERS: Readonly<Record<Role, string>> = {
  viewer: 'v',
  analyst: 'a',
  approver: 'p',
  administrator: 'A',
  machine: 'm',
};
const VALUES: Readonly<Record<string, string>> = {
  imei: testImei(1).equipment,
  list: 'black',
  batch: '1',
  run: '1',
  exchange: '1',
  hop: '1',
  iccid: '8988211000000000011',
  id: '999',
  name: 'mode',
};

const expectedOf = Object.entries(EXPECTED).map(([route, who]) => {
  const [method = '', template = ''] = route.split(' ');
  return {
    method,
    template,
    who,
    path: template.replaceAll(/\{(\w+)\}/g, (_found, name: string) => VALUES[name] ?? ''),
  };
});

/** Asks without a body that could change anything, and looks at the status only: an event stream has no end. */
async function statusOf(
  url: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const ended = new AbortController();
  const body = method === 'GET' ? {} : { body: '{}' };
  const response = await fetch(new URL(path, url), {
    ...{ method, ...body, signal: ended.signal },
    headers: { ...headers, ...(method !== 'GET' && { 'Content-Type': 'application/json' }) },
  });
  ended.abort();
  return response.status;
}

test('the document has every route of the table and no other', async (context) => {
  const { document } = await servedApi(context, { withTokens: false });
  const routes = Object.entries(document['paths'] as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(routes.toSorted(), Object.keys(EXPECTED).toSorted());
});

for (const role of ROLES)
  test(`${role}: every route is open or closed as the table says, before anything is read of the body`, async (context) => {
    const { url, tokens } = await servedApi(context);
    for (const { method, path, who, template } of expectedOf) {
      const status = await statusOf(url, method, path, { Authorization: `Bearer ${tokens[role]}` });
      const isOpen = who === '*' || who.includes(LETTERS[role]);
      assert.equal(status !== 401 && status !== 403, isOpen, `${role} ${method} ${template} -> ${status}`);
      assert.ok(status < 500 && (isOpen || status === 403), `${role} ${method} ${template} -> ${status}`);
      // The test of a webhook has no body, there is none with this number; to sign out needs none either, nor an order to a fleet.
      if (isOpen && method !== 'GET')
        assert.ok(
          [400, 415].includes(status) ||
            (status === 404 && /\/(test|orders)$/.test(template)) ||
            (status === 200 && template === '/api/v1/session/end'),
          `${method} ${template} -> ${status}: the empty body is refused`,
        );
    }
  });

test('on loopback before the first token everybody may look as a viewer may, and change nothing', async (context) => {
  const { url } = await servedApi(context, { withTokens: false });
  for (const { method, path, who, template } of expectedOf) {
    const status = await statusOf(url, method, path, {});
    assert.equal(status !== 401, who === '*' || who.includes('v'), `${method} ${template} -> ${status}`);
  }
});

test('whoever comes through a proxy on this machine is not on it: nobody looks before the first token', async (context) => {
  const { ask } = await servedApi(context, { withTokens: false });
  const expected = await servedApi(context, { withTokens: false, site: { publicUrl: 'https://assay.example' } });
  assert.equal((await ask('/api/v1/status')).status, 200);
  assert.equal((await expected.ask('/api/v1/status')).code, 'token-needed', 'a proxy may say nothing of itself');
  for (const header of ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via'])
    for (const path of ['/api/v1/status', '/api/v1/subscribers', '/api/v1/events'])
      assert.equal((await ask(path, { headers: { [header]: '198.51.100.7' } })).code, 'token-needed', header);
});

test('from the first token on, and on any other address, nobody gets in without one', async (context) => {
  const first = await servedApi(context);
  const other = await servedApi(context, { withTokens: false, host: '0.0.0.0' });
  for (const { url } of [first, { url: `http://127.0.0.1:${other.port}/` }])
    for (const { method, path, who, template } of expectedOf)
      assert.equal((await statusOf(url, method, path, {})) !== 401, who === '*', `${method} ${template}`);
});

test('a wrong, expired, revoked or mangled token is refused with a challenge, also where a viewer could look', async (context) => {
  const { ask, access, clock, tokens } = await servedApi(context);
  const short = access.create({
    name: 'short',
    role: 'viewer',
    author: 'root',
    reason: 'r',
    expiresAt: clock.now() + 1000,
  });
  const revoked = access.create({ name: 'gone', role: 'viewer', author: 'root', reason: 'r' });
  access.revoke({ id: revoked.record.id, author: 'root', reason: 'r' });
  clock.advance(1000);
  for (const [token, got] of [
    [`assay_${'A'.repeat(43)}`, /nobody has made/],
    [`${tokens.viewer}A`, /nobody has made/],
    [short.token, /expired/],
    [revoked.token, /revoked/],
  ] as const) {
    const { status, code, json, response, body } = await ask('/api/v1/status', { token });
    assert.deepEqual([status, code], [401, 'token-refused']);
    assert.match(String(json['got']), got);
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer realm="assay", error="invalid_token"$/);
    assert.ok(!body.includes(token));
  }
  for (const Authorization of ['Bearer', 'Basic x', `Token ${tokens.viewer}`, `bearer${tokens.viewer}`, 'Bearer a b'])
    assert.equal((await ask('/api/v1/status', { headers: { Authorization } })).code, 'token-refused', Authorization);
  assert.equal((await ask('/api/v1/status', { headers: { Authorization: `bearer ${tokens.viewer}` } })).status, 200);
});

test('a flood of one token or one address is answered with 429 and when to come back; time heals it', async (context) => {
  const { ask, clock } = await servedApi(context, { limits: { token: { burst: 5, perSecond: 1 } } });
  for (let asked = 0; asked < 5; asked++) assert.equal((await ask('/api/v1/status', { role: 'viewer' })).status, 200);
  const limited = await ask('/api/v1/status', { role: 'viewer' });
  assert.deepEqual(
    [limited.status, limited.code, limited.response.headers.get('retry-after')],
    [429, 'rate-limited', '1'],
  );
  assert.equal((await ask('/api/v1/status', { role: 'analyst' })).status, 200, 'another token is free');
  clock.advance(1000);
  assert.equal((await ask('/api/v1/status', { role: 'viewer' })).status, 200);

  const narrow = await servedApi(context, { limits: { address: { burst: 10, perSecond: 1 } } });
  for (let asked = 0; asked < 9; asked++) await narrow.ask('/healthz');
  assert.equal((await narrow.ask('/healthz')).code, 'rate-limited');
  assert.equal((await narrow.ask('/api/v1/%ff')).code, 'rate-limited', 'also where no hook runs');
});

test('guessing tokens costs much more than asking; many checks weigh more than one request', async (context) => {
  const { ask } = await servedApi(context, { limits: { address: { burst: 50, perSecond: 1 }, wrongTokenCost: 20 } });
  const token = `assay_${'B'.repeat(43)}`;
  const codes = [];
  for (let asked = 0; asked < 4; asked++) codes.push((await ask('/api/v1/status', { token })).code);
  assert.deepEqual(codes, ['token-refused', 'token-refused', 'rate-limited', 'rate-limited']);

  const other = await servedApi(context, { limits: { token: { burst: 25, perSecond: 1 } } });
  const checks = Array.from({ length: 1000 }, (_, serial) => ({ imei: testImei(serial).equipment }));
  assert.equal((await other.ask('/api/v1/checks', { role: 'machine', json: { checks } })).status, 200);
  assert.equal((await other.ask('/api/v1/checks', { role: 'machine', json: { checks } })).code, 'rate-limited');
});

test('a request under a foreign name is refused on loopback before its token is looked at', async (context) => {
  const { port, tokens } = await servedApi(context);
  const status = (host: string) =>
    new Promise((resolve, reject) => {
      const headers = { host, authorization: `Bearer ${tokens.administrator}` };
      const asked = request({ port, host: '127.0.0.1', path: '/api/v1/tokens', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
  assert.deepEqual(
    [await status('evil.example'), await status(`localhost:${port}`), await status('127.0.0.1')],
    [421, 200, 200],
  );
});

test('no answer lets another site read it, frame it, keep it or guess its type', async (context) => {
  const { ask } = await servedApi(context);
  for (const path of ['/api/v1/docs', '/api/v1/status', '/healthz', '/metrics', '/nothing', '/api/v1/%ff']) {
    const { response } = await ask(path, { headers: { Origin: 'https://evil.example' } });
    const header = (name: string) => response.headers.get(name);
    assert.deepEqual(
      [
        header('cache-control'),
        header('referrer-policy'),
        header('x-content-type-options'),
        header('access-control-allow-origin'),
      ],
      ['no-store', 'no-referrer', 'nosniff', null],
      path,
    );
    assert.match(header('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
  }
});
