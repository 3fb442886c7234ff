import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { integer, text } from '#operator/database/index.ts';
import { type Asked, type Came, openWholeSite, type Route } from './whole-site.ts';

type Site = Awaited<ReturnType<typeof openWholeSite>>;

/** Asserts what holds for every answer; `isPage`: a file that anyone may load and keep. */
function assertGuarded({ status, headers }: Came, where: string, isPage = false): void {
  assert.ok(status >= 200 && status < 500, `${where} -> ${status}`);
  const policy = String(headers['content-security-policy']);
  for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
    assert.ok(policy.split('; ').includes(part), `${where}: ${part} in ${policy}`);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/, where);
  assert.match(policy, /form-action '(none|self)'/, where);
  assert.deepEqual(
    ['x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy'].map((name) => headers[name]),
    ['nosniff', 'no-referrer', 'same-origin'],
    where,
  );
  if (!isPage) assert.equal(headers['cache-control'], 'no-store', where);
  for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-headers'])
    assert.equal(headers[name], undefined, `${where}: ${name}`);
}

const SECRET = `assay_${'S'.repeat(43)}`;
const OTHER_METHODS = ['OPTIONS', 'TRACE', 'DELETE', 'PATCH'];

/** Every way in which a route is asked: as it should be, and as it should not. */
function asksOf({ method, path, types }: Route, token: string): readonly Asked[] {
  const Authorization = `Bearer ${token}`;
  const [type] = types;
  const body = type === undefined ? {} : { body: '{', headers: { 'Content-Type': type, Authorization } };
  return [
    { method, path },
    { method, path, headers: { Authorization } },
    { method, path, headers: { Authorization: `Bearer ${SECRET}` } },
    { method, path, headers: { Authorization, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } },
    { method, path, headers: { Host: 'evil.example', Authorization } },
    { method, path, ...body },
    { method, path: `${path}?${'x'.repeat(20)}=1&__proto__=1`, headers: { Authorization } },
    { method: 'HEAD', path, headers: { Authorization } },
    ...OTHER_METHODS.map((other) => ({ method: other, path, headers: { Authorization: `Bearer ${SECRET}` } })),
  ];
}

async function administrator(context: TestContext) {
  const site = await openWholeSite(context, {});
  const { token } = site.operator.access.create({ name: 'desk', role: 'administrator', author: 'root', reason: 'r' });
  return { ...site, token };
}

test('every answer of every route, right or wrong, is guarded: policy, type, referrer, cache; no banner, no way for other sites', async (context) => {
  const { routes, send, token } = await administrator(context);
  assert.ok(routes.length > 90, `${routes.length} routes`);
  const seen = new Set<number | string>();
  for (const route of routes)
    for (const asked of asksOf(route, token)) {
      const where = `${asked.method} ${asked.path} ${JSON.stringify(asked.headers ?? {})}`;
      const came = await send(asked);
      seen.add(came.status);
      if (came.status === 200) seen.add(String(came.headers['content-type']).split(';')[0] ?? '');
      assertGuarded(came, where);
      // Nothing that was sent comes back: a TRACE would show a script what it must not see.
      assert.ok(!came.body.includes(SECRET), where);
      if (came.headers['location'] !== undefined) assert.match(String(came.headers['location']), /^\/(\?|$)/, where);
      if (OTHER_METHODS.includes(asked.method ?? '')) assert.equal(came.status, 405, where);
    }
  const types = ['application/json', 'text/csv', 'text/event-stream', 'text/html', 'text/plain'];
  for (const one of [200, 303, 400, 401, 403, 404, 405, 415, 421, ...types])
    assert.ok(seen.has(one), `${one} was seen`);
});

/** Addresses that are no route, as they stand in the first line of a request. */
const STRANGE = [
  ...['/nothing', '/api/v1/nothing', '/api/v1/%ff', '/%00', '/%', '/assets/none.js', '/devices/%2e%2e/x'],
  ...[
    '//evil.example',
    '//evil.example/%2f..',
    '/\\evil.example',
    '/%5cevil.example',
    '/.evil.example',
    '/@evil.example',
  ],
  ...[
    '/../../etc/passwd',
    '/assets/../../../etc/passwd',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/..%5c..%5cpackage.json',
  ],
  ...[
    '/assets/....//....//package.json',
    '/assets/%252e%252e%252fpackage.json',
    '/.git/config',
    '/operator/master.key',
  ],
  ...['/constructor', '/__proto__', '/assets/__proto__', '/?next=//evil.example', '/?signIn=https://evil.example'],
  ...['http://evil.example/', 'http://evil.example/api/v1/users', '*'],
];

test('pages, files and what is none of them: guarded too; nothing leads elsewhere, and no file comes but those of the page', async (context) => {
  const { pages, send } = await openWholeSite(context, {});
  const browser = { Accept: 'text/html', Host: 'localhost' };
  for (const path of ['/', ...pages.paths]) {
    const came = await send({ path });
    assertGuarded(came, path, true);
    assert.equal(came.status, 200, path);
    const known = await send({ path, headers: { 'If-None-Match': String(came.headers['etag']) } });
    assertGuarded(known, `${path} again`, true);
    assert.deepEqual([known.status, known.body], [304, ''], path);
    for (const method of [...OTHER_METHODS, 'POST', 'PUT'])
      assertGuarded(await send({ method, path }), `${method} ${path}`);
  }
  const start = (await send({ path: '/' })).body;
  for (const path of STRANGE)
    for (const headers of [{ Host: 'localhost' }, browser]) {
      const came = await send({ path, headers });
      const isPage = came.status === 200;
      assertGuarded(came, path, isPage);
      assert.equal(came.headers['location'], undefined, path);
      assert.ok(!isPage || came.body === start, `${path}: another file`);
    }
});

test('a name that every object has opens nothing: as a part of an address, as a parameter, as a member', async (context) => {
  const { routes, send, token } = await administrator(context);
  const headers = { Authorization: `Bearer ${token}` };
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    for (const { method, template, path, types } of routes) {
      const hostile = template.replaceAll(/\{\w+\}/g, name);
      const body = { [name]: { isAdmin: true } };
      const json = `{"${name}":${JSON.stringify(body[name])}}`;
      const typed = types.length === 0 ? headers : { ...headers, 'Content-Type': types[0] ?? '' };
      for (const asked of [
        { method, path: `${path}?${name}=1`, headers },
        { method, path: `${path}?${name}[isAdmin]=1`, headers },
        ...(hostile === template ? [] : [{ method, path: hostile, headers }]),
        ...(types.includes('application/json') ? [{ method, path, headers: typed, body: json }] : []),
      ]) {
        const { status } = await send(asked);
        const isWide = template === '/api/v1/open-id/callback' || (types.length === 0 && method !== 'GET');
        assert.ok(isWide || (status >= 400 && status < 500), `${method} ${asked.path} ${name} -> ${status}`);
      }
    }
  assert.equal(Reflect.get({}, 'isAdmin'), undefined);
});

/** How much there is of everything, and how far the log has come. */
function standOf({ operator: { database, audit, register } }: Pick<Site, 'operator'>) {
  const tables = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", { name: text });
  const rows = tables
    .all()
    // The operator keeps notes of its own there; the register's settings are compared as they are.
    .filter(({ name }) => name !== 'setting')
    .map(({ name }) => [
      name,
      database.query(`SELECT count(*) AS number FROM "${name}"`, { number: integer }).only().number,
    ]);
  return JSON.stringify([audit.head().id, register.settings.read(), rows]);
}

/** What a page of another site can make a browser send. */
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
  { 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:1' },
  { 'Sec-Fetch-Site': 'none' },
  { 'Sec-Fetch-Site': 'same-origin, cross-site' },
  { Origin: 'https://evil.example' },
  { Origin: 'null' },
  { Origin: 'http://localhost' },
  { Origin: 'http://localhost.evil.example' },
];
/** Bodies that a form, or a script without asking first, can send (Fetch 2.2.2); and what a script asks for first. */
const BODIES: readonly (readonly [type: string, body: string])[] = [
  ['text/plain', '{"reason":"r"}'],
  ['application/x-www-form-urlencoded', '%7B%22reason%22:%22r%22%7D='],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="reason"\r\n\r\nr\r\n--x--\r\n'],
  ['application/json', '{"reason":"r"}'],
];

/** For anyone, and programs that say nothing of a page may use them. */
const FOR_PROGRAMS = ['/api/v1/session', '/api/v1/first-administrator'];

/** Sends every change there is, as `headers` say, and asserts that each is refused and that nothing has changed. */
async function assertRefused(site: Site, headers: Readonly<Record<string, string>>, codes: readonly string[]) {
  const { routes, send } = site;
  const before = standOf(site);
  const changes = routes.filter(({ method }) => method !== 'GET');
  assert.ok(changes.length > 45, `${changes.length} changes`);
  for (const { method, path } of changes)
    for (const [type, body] of BODIES) {
      const came = await send({ method, path, headers: { ...headers, 'Content-Type': type }, body });
      const { code } = JSON.parse(came.body) as { code: string };
      const where = `${method} ${path} ${type} ${JSON.stringify(headers)} -> ${came.status} ${code}`;
      assert.ok(codes.includes(code) || (FOR_PROGRAMS.includes(path) && came.status >= 400), where);
      assert.equal(came.headers['set-cookie'], undefined, where);
    }
  assert.equal(standOf(site), before, `nothing has changed: ${JSON.stringify(headers)}`);
}

/** Gives a site where the administrator Ada has signed in, and her cookie. */
async function signedIn(context: TestContext) {
  const site = await openWholeSite(context, {});
  const { users, sessions } = site.operator.people;
  const password = 'correct horse battery';
  const user = await users.create({ name: 'Ada', role: 'administrator', password, author: 'root', reason: 'r' });
  const { secret } = sessions.begin({ user, method: 'password', address: '127.0.0.1', agent: 'test' });
  return { ...site, Cookie: `assay=${secret}` };
}

test('with the cookie of an administrator no page of another site changes anything, by any operation, with any body', async (context) => {
  const { Cookie, ...site } = await signedIn(context);
  for (const foreign of [...FOREIGN, {}])
    await assertRefused(site, { ...foreign, Cookie }, ['foreign-origin', 'unsupported-media-type']);
  const proof = { Cookie, 'Sec-Fetch-Site': 'same-origin' };
  const { status } = await site.send({ method: 'POST', path: '/api/v1/sessions/end', headers: proof });
  assert.equal(status, 200, 'with the proof it is done');
});

test('a page of ours, too, changes nothing with a body that a form could send', async (context) => {
  const { Cookie, ...site } = await signedIn(context);
  const before = standOf(site);
  const headers = { Cookie, 'Sec-Fetch-Site': 'same-origin' };
  for (const { method, path, types } of site.routes.filter((route) => route.types.length > 0))
    for (const [type, body] of BODIES) {
      if (types.includes(type)) continue;
      const { status } = await site.send({ method, path, headers: { ...headers, 'Content-Type': type }, body });
      assert.equal(status, 415, `${method} ${path} ${type}`);
    }
  assert.equal(standOf(site), before);
});

test('the laboratory, which signs in by itself, obeys no page of another site, and no other name that leads to this machine', async (context) => {
  const site = await openWholeSite(context, { laboratory: true });
  // Its people have no passwords and no sessions to end.
  const codes = ['foreign-origin', 'unsupported-media-type', 'not-permitted'];
  for (const foreign of FOREIGN) await assertRefused(site, foreign, codes);
  // After DNS rebinding the browser believes that the page is of the same origin.
  for (const Host of [
    'evil.example',
    `evil.example:${site.port}`,
    'localhost.evil.example',
    '127.0.0.1.nip.example',
    '0.0.0.0',
    '[::]',
  ])
    await assertRefused(site, { Host, Origin: `http://${Host}`, 'Sec-Fetch-Site': 'same-origin' }, ['wrong-host']);
  for (const { path } of site.routes.filter(({ method }) => method === 'GET')) {
    const rebound = await site.send({ path, headers: { Host: 'evil.example', 'Sec-Fetch-Site': 'same-origin' } });
    assert.equal(rebound.status, 421, path);
  }
});
