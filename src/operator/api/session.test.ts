import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { type TestContext, test } from 'node:test';
import { DatabaseError } from '#operator/database/index.ts';
import { DAY } from '#test/operator/operator.ts';
import { eventually, type Sent, servedApi } from './api.fixture.ts';

const PASSWORD = 'correct horse battery';
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

/** An API with users of these roles, and what signs one of them in. */
async function withUsers(context: TestContext, options: Parameters<typeof servedApi>[1] = {}) {
  const made = await servedApi(context, { withTokens: false, ...options });
  for (const role of ['administrator', 'approver', 'analyst', 'viewer'] as const)
    await made.people.users.create({ name: `the ${role}`, role, password: PASSWORD, author: 'root', reason: 'test' });
  const signIn = async (name: string, headers: Readonly<Record<string, string>> = SAME_ORIGIN) => {
    const answer = await made.ask('/api/v1/session', { json: { name, password: PASSWORD }, headers });
    const [cookie = ''] = (answer.response.headers.get('set-cookie') ?? '').split(';');
    /** Asks as a page of this site does. */
    const ask = (path: string, sent: Sent = {}) =>
      made.ask(path, { ...sent, headers: { Cookie: cookie, ...SAME_ORIGIN, ...sent.headers } });
    return { answer, cookie, ask };
  };
  return { ...made, signIn };
}

const caller = (json: Readonly<Record<string, unknown>>) => json['caller'] as Record<string, unknown> | undefined;

test('whoever signs in is known by a cookie that no script reads and no other site brings; signing out ends it', async (context) => {
  const { ask, signIn } = await withUsers(context);
  assert.equal(caller((await ask('/api/v1/session')).json), undefined);
  assert.equal((await ask('/api/v1/status')).code, 'token-needed');
  const { answer, cookie, ask: asked } = await signIn('The Analyst');
  const [session, browser] = answer.response.headers.getSetCookie();
  assert.match(session ?? '', /^assay=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.match(browser ?? '', /^assay-browser=[0-9A-F]{48}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=15552000$/);
  assert.deepEqual(
    [caller(answer.json)?.['kind'], caller(answer.json)?.['name'], caller(answer.json)?.['role']],
    ['session', 'the analyst', 'analyst'],
  );
  assert.ok(!answer.body.includes(cookie.slice('assay='.length)));
  assert.equal((await asked('/api/v1/status')).status, 200);
  assert.equal((await asked('/api/v1/caller')).json['name'], 'the analyst');
  assert.equal((await asked('/api/v1/users')).code, 'not-permitted');
  const out = await asked('/api/v1/session/end', { method: 'POST' });
  assert.deepEqual([out.json['ended'], out.response.headers.get('set-cookie')?.includes('Max-Age=0')], [true, true]);
  assert.equal((await asked('/api/v1/status')).code, 'session-ended');
  assert.equal(caller((await asked('/api/v1/session')).json), undefined);
  assert.equal((await asked('/api/v1/session/end', { method: 'POST' })).json['ended'], false);
});

test('a wrong password says nothing of what was wrong; a pause says how long', async (context) => {
  const { ask } = await withUsers(context);
  const enter = (name: string) => ask('/api/v1/session', { json: { name, password: 'wrong' } });
  const wrong = await enter('the viewer');
  const unknown = await enter('nobody');
  assert.deepEqual([wrong.status, wrong.code, wrong.body], [401, 'sign-in-refused', unknown.body]);
  await enter('the viewer');
  await enter('the viewer');
  const paused = await enter('the viewer');
  assert.deepEqual(
    [paused.status, paused.code, paused.response.headers.get('retry-after')],
    [429, 'rate-limited', '1'],
  );
});

test('a change by a session needs a page of this site: Sec-Fetch-Site, or Origin where a browser has no better', async (context) => {
  const { signIn, url } = await withUsers(context);
  const { cookie, ask } = await signIn('the administrator');
  const origin = new URL(url).origin;
  const change = (headers: Readonly<Record<string, string>>) =>
    fetch(new URL('/api/v1/sessions/end', url), { method: 'POST', headers: { Cookie: cookie, ...headers } });
  const codeOf = async (headers: Readonly<Record<string, string>>) => {
    const response = await change(headers);
    return response.status === 200 ? 'done' : ((await response.json()) as { code: string }).code;
  };
  for (const headers of [SAME_ORIGIN, { Origin: origin }, { ...SAME_ORIGIN, Origin: origin }])
    assert.equal(await codeOf(headers), 'done', JSON.stringify(headers));
  for (const headers of [
    {},
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
    { 'Sec-Fetch-Site': 'cross-site', Origin: origin },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: origin.replace('http:', 'https:') },
    { Origin: origin.replace(/:\d+$/, ':1') },
  ])
    assert.equal(await codeOf(headers), 'foreign-origin', JSON.stringify(headers));
  // Reading needs none of it, and a link may lead here; but no page of another site loads anything into itself.
  // By hand: fetch writes a Sec-Fetch-Mode of its own.
  const read = (headers: Readonly<Record<string, string>>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = httpRequest(
        new URL('/api/v1/users', url),
        { headers: { Cookie: cookie, ...headers } },
        (answer) => {
          answer.resume().on('end', () => resolve(answer.statusCode));
        },
      );
      asked.on('error', reject).end();
    });
  assert.equal((await fetch(new URL('/api/v1/users', url), { headers: { Cookie: cookie } })).status, 200);
  assert.equal(await read({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }), 200);
  for (const from of ['cross-site', 'same-site'])
    assert.equal(await read({ 'Sec-Fetch-Site': from, 'Sec-Fetch-Mode': 'no-cors' }), 403, from);
  const plain = await ask('/api/v1/users', { body: '{}', headers: { 'Content-Type': 'text/plain' } });
  assert.equal(plain.code, 'unsupported-media-type');
});

test('another site cannot sign a browser in as somebody else', async (context) => {
  const { signIn } = await withUsers(context);
  assert.equal((await signIn('the viewer', { 'Sec-Fetch-Site': 'cross-site' })).answer.code, 'foreign-origin');
  assert.equal((await signIn('the viewer', { Origin: 'https://evil.example' })).answer.code, 'foreign-origin');
  assert.equal((await signIn('the viewer', {})).answer.status, 200, 'a program says nothing of it');
});

test('a token and a session apart: the token counts, and needs no page', async (context) => {
  const { signIn, access, ask } = await withUsers(context);
  const { cookie } = await signIn('the viewer');
  const { token } = access.create({ name: 'desk', role: 'administrator', author: 'root', reason: 'r' });
  const made = await ask('/api/v1/caller', { token, headers: { Cookie: cookie } });
  assert.deepEqual([made.json['name'], made.json['kind']], ['desk', 'token']);
  assert.equal((await ask('/api/v1/users/1/sessions/end', { token, json: { reason: 'r' } })).status, 200);
});

test('a user sees the own sessions, ends one or all others, and changes the own password', async (context) => {
  const { signIn } = await withUsers(context);
  const [first, second, third] = [await signIn('the viewer'), await signIn('the viewer'), await signIn('the viewer')];
  const listed = (await third.ask('/api/v1/sessions')).json['sessions'] as readonly Record<string, unknown>[];
  assert.deepEqual(
    listed.map(({ isThis, method }) => [isThis, method]),
    [
      [false, 'password'],
      [false, 'password'],
      [true, 'password'],
    ],
  );
  const end = (id: unknown) => third.ask(`/api/v1/sessions/${String(id)}/end`, { method: 'POST' });
  assert.equal((await end(listed[0]?.['id'])).status, 200);
  assert.equal((await end(listed[0]?.['id'])).code, 'no-such-resource');
  assert.equal((await first.ask('/api/v1/status')).code, 'session-ended');
  const change = (current: string, next: string) => third.ask('/api/v1/session/password', { json: { current, next } });
  assert.equal((await change('wrong', 'another long password')).code, 'sign-in-refused');
  assert.equal((await change(PASSWORD, 'short')).code, 'invalid-value');
  const changed = await change(PASSWORD, 'another long password');
  assert.equal(changed.status, 200);
  for (const old of [second, third]) assert.equal((await old.ask('/api/v1/status')).code, 'session-ended');
  const [Cookie = ''] = changed.response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
  assert.equal((await third.ask('/api/v1/status', { headers: { Cookie } })).status, 200);
  assert.equal((await signIn('the viewer')).answer.code, 'sign-in-refused');
  const others = await third.ask('/api/v1/sessions/end', { method: 'POST', headers: { Cookie } });
  assert.deepEqual(others.json, { ended: 0 });
});

test('signing in again in the same browser ends the session it had, whoever it was', async (context) => {
  const { signIn } = await withUsers(context);
  const first = await signIn('the administrator');
  const second = await signIn('the viewer', { ...SAME_ORIGIN, Cookie: first.cookie });
  assert.equal((await first.ask('/api/v1/status')).code, 'session-ended');
  assert.equal((await second.ask('/api/v1/status')).status, 200);
});

test('a session that somebody else laid into the browser is not taken over: signing in makes a new one', async (context) => {
  const { ask, signIn } = await withUsers(context);
  const laid = `assay=${'A'.repeat(43)}`;
  const { cookie } = await signIn('the analyst', { ...SAME_ORIGIN, Cookie: laid });
  assert.notEqual(cookie, laid);
  assert.equal((await ask('/api/v1/status', { headers: { Cookie: laid } })).code, 'session-ended');
  // Nor does a second cookie of that name count: the first one does, and a page of ours never sets two.
  const both = await ask('/api/v1/caller', { headers: { Cookie: `${laid}; ${cookie}` } });
  assert.equal(both.code, 'session-ended');
});

test('guesses at sessions and links cost, and open nothing', async (context) => {
  const { ask } = await servedApi(context, { withTokens: false, limits: { address: { burst: 12, perSecond: 1 } } });
  const codes = new Set<unknown>();
  for (let guess = 0; guess < 12; guess++) {
    const secret = `${guess}`.padStart(43, 'A');
    const json = { secret, name: 'Eve', password: PASSWORD };
    codes.add((await ask('/api/v1/first-administrator', { json, headers: SAME_ORIGIN })).code);
  }
  assert.deepEqual([...codes], ['no-such-resource', 'rate-limited']);
});

test('a browser in which somebody has signed in does not wait for what strangers try', async (context) => {
  const { ask, signIn } = await withUsers(context);
  const { answer } = await signIn('the viewer');
  const marks = answer.response.headers.getSetCookie()[1]?.split(';')[0] ?? '';
  for (let guesses = 0; guesses < 4; guesses++)
    await ask('/api/v1/session', { json: { name: 'the viewer', password: 'wrong' } });
  assert.equal((await signIn('the viewer')).answer.code, 'rate-limited');
  assert.equal((await signIn('the viewer', { ...SAME_ORIGIN, Cookie: marks })).answer.status, 200);
});

test('an administrator who is let in no more while a password is kept does not set it', async (context) => {
  let lock = () => {};
  const { signIn, people, ask } = await withUsers(context, {
    sources: ({ people }) => ({
      people: {
        ...people,
        users: {
          ...people.users,
          async keep(password, name) {
            const kept = await people.users.keep(password, name);
            lock();
            return kept;
          },
        },
      },
    }),
  });
  const { ask: asked } = await signIn('the administrator');
  const id = people.users.named('the viewer')?.id ?? 0;
  lock = () =>
    void people.users.endSessions(people.users.named('the administrator')?.id ?? 0, { author: 'root', reason: 'r' });
  const change = await asked(`/api/v1/users/${id}/change`, {
    json: { password: 'another long password', reason: 'r' },
  });
  assert.equal(change.code, 'session-ended');
  assert.equal((await signIn('the viewer')).answer.status, 200);
  const { ask: again } = await signIn('the administrator');
  const json = { name: 'Eve', role: 'administrator', password: PASSWORD, reason: 'r' };
  assert.equal((await again('/api/v1/users', { json })).code, 'session-ended');
  assert.equal(people.users.named('Eve'), undefined);
  assert.equal((await ask('/api/v1/users')).code, 'token-needed');
});

test('an administrator makes and changes users; what cannot be is said', async (context) => {
  const { signIn, audit } = await withUsers(context);
  const { ask } = await signIn('the administrator');
  const order = { name: 'Ada', role: 'analyst', password: PASSWORD, reason: 'new colleague' };
  const made = await ask('/api/v1/users', { json: order });
  assert.equal(made.status, 201);
  assert.ok(!made.body.includes('scrypt'));
  const { id } = made.json['user'] as { id: number };
  assert.equal((await ask('/api/v1/users', { json: order })).code, 'conflict');
  const { ask: asAda } = await signIn('Ada');
  const change = (json: object) => ask(`/api/v1/users/${id}/change`, { json });
  assert.equal((await change({ reason: 'r' })).code, 'invalid-value');
  assert.equal((await change({ role: 'machine', reason: 'r' })).code, 'invalid-value');
  assert.equal((await change({ isEnabled: false, reason: 'left' })).status, 200);
  assert.equal((await asAda('/api/v1/status')).code, 'session-ended');
  assert.equal((await signIn('Ada')).answer.code, 'sign-in-refused');
  assert.equal(
    (await ask('/api/v1/users/99/change', { json: { role: 'viewer', reason: 'r' } })).code,
    'no-such-resource',
  );
  assert.equal((await ask('/api/v1/users/1/change', { json: { isEnabled: false, reason: 'r' } })).code, 'conflict');
  assert.deepEqual(
    [audit.newest(1, 'user')[0]?.author, audit.newest(1, 'user')[0]?.subject],
    ['the administrator', 'Ada'],
  );
  const listed = (await ask('/api/v1/users?limit=2')).json;
  assert.deepEqual([(listed['users'] as unknown[]).length, listed['next']], [2, 2]);
});

test('a stream of events ends with the session it was opened with', async (context) => {
  const { url, signIn, people, clock, timers } = await withUsers(context);
  const { cookie } = await signIn('the viewer');
  const response = await fetch(new URL('/api/v1/events/stream', url), { headers: { Cookie: cookie } });
  assert.equal(response.status, 200);
  const ended = response.text();
  let isEnded = false;
  void ended.then(() => {
    isEnded = true;
  });
  const before = timers.length;
  await eventually(() => timers.length >= before, 'the stream waits');
  // Whoever signs in next does not get the number by which the stream knows its own.
  people.users.endSessions(people.users.named('the viewer')?.id ?? 0, { author: 'root', reason: 'r' });
  await signIn('the administrator');
  clock.advance(2000);
  await eventually(() => isEnded, 'the stream has ended');
});

test('a session that was used here in the hour before reads the metrics also while the database is away', async (context) => {
  let isAway = false;
  const { signIn } = await withUsers(context, {
    sources: ({ people }) => ({
      people: {
        ...people,
        sessions: {
          ...people.sessions,
          authenticate(secret) {
            if (isAway) throw new DatabaseError('away', { temporary: true });
            return people.sessions.authenticate(secret);
          },
        },
      },
    }),
  });
  const { ask } = await signIn('the viewer');
  const { ask: other } = await signIn('the analyst');
  assert.equal((await ask('/metrics')).status, 200);
  isAway = true;
  assert.deepEqual([(await ask('/metrics')).status, (await other('/metrics')).status], [200, 503]);
  assert.equal((await ask('/api/v1/status')).status, 503);
});

test('the first administrator comes by the link, is signed in, and the link is used up', async (context) => {
  const { ask, people } = await servedApi(context, { withTokens: false });
  const secret = people.firstLink.issue() ?? '';
  const ways = async () => (await ask('/api/v1/session')).json['ways'];
  assert.deepEqual(await ways(), { password: false, firstAdministrator: true, laboratory: [] });
  const make = (json: object) => ask('/api/v1/first-administrator', { json, headers: SAME_ORIGIN });
  assert.equal((await make({ secret: 'x', name: 'Ada', password: PASSWORD })).code, 'no-such-resource');
  assert.equal((await make({ secret, name: 'Ada', password: 'short' })).code, 'invalid-value');
  const made = await make({ secret, name: 'Ada', password: PASSWORD });
  assert.deepEqual([made.status, caller(made.json)?.['role']], [201, 'administrator']);
  assert.match(made.response.headers.get('set-cookie') ?? '', /^assay=/);
  assert.equal((await make({ secret, name: 'Eve', password: PASSWORD })).code, 'no-such-resource');
  assert.deepEqual(await ways(), { password: true, firstAdministrator: false, laboratory: [] });
  assert.equal((await ask('/api/v1/status')).code, 'token-needed');
});

test('behind a proxy with TLS the cookie has the prefix __Host-, and the address is the one that the proxy names', async (context) => {
  const { people, port } = await withUsers(context, { site: { publicUrl: 'https://assay.example' } });
  const body = JSON.stringify({ name: 'the viewer', password: PASSWORD });
  const headers = {
    ...{ Host: 'assay.example', 'X-Forwarded-For': '198.51.100.7, 203.0.113.5', Origin: 'https://assay.example' },
    ...{ 'Content-Type': 'application/json', 'Content-Length': String(body.length) },
  };
  const cookies = await new Promise<readonly string[]>((resolve, reject) => {
    const asked = httpRequest({ port, path: '/api/v1/session', method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.headers['set-cookie'] ?? []);
    });
    asked.on('error', reject).end(body);
  });
  assert.match(String(cookies[0]), /^__Host-assay=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  const [session] = people.sessions.of(people.users.named('the viewer')?.id ?? 0);
  assert.equal(session?.address, '203.0.113.5');
});

test('over plain http from elsewhere nobody signs in', async (context) => {
  const { ask, people } = await servedApi(context, { withTokens: false });
  await people.users.create({ name: 'Ada', role: 'viewer', password: PASSWORD, author: 'root', reason: 'r' });
  const proxied = { 'X-Forwarded-For': '198.51.100.7' };
  const made = await ask('/api/v1/session', { json: { name: 'Ada', password: PASSWORD }, headers: proxied });
  assert.deepEqual([made.status, made.code], [403, 'not-permitted']);
});

test('in the laboratory this machine is an administrator, and a second person for what two must agree on', async (context) => {
  const { ask, register } = await servedApi(context, { withTokens: false, site: { laboratory: true } });
  assert.deepEqual(caller((await ask('/api/v1/session')).json)?.['name'], 'laboratory');
  const entry = { imei: '00888801000001', reason: 'stolen', note: '' };
  register.settings.set('approval', 'always', 'root', 'test');
  const proposed = await ask('/api/v1/lists/black/entries', { json: entry });
  assert.equal(proposed.status, 202, proposed.body);
  const { id } = proposed.json['waiting'] as { id: number };
  const approve = (headers = {}) => ask(`/api/v1/approvals/${id}/approval`, { json: { reason: 'seen' }, headers });
  assert.equal((await approve()).code, 'not-permitted', 'not by the same person');
  const chosen = await ask('/api/v1/session/person', { json: { name: 'laboratory 2' }, headers: SAME_ORIGIN });
  const [cookie = ''] = (chosen.response.headers.get('set-cookie') ?? '').split(';');
  assert.equal(caller(chosen.json)?.['name'], 'laboratory 2');
  assert.equal((await approve({ Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' })).code, 'foreign-origin');
  assert.equal((await approve({ Cookie: cookie })).status, 200);
});

test('a laboratory is for its own machine: not for a proxy, not for another name, and it listens nowhere else', async (context) => {
  const { ask, api, url } = await servedApi(context, { withTokens: true, site: { laboratory: true } });
  assert.equal((await ask('/api/v1/users')).status, 200);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Forwarded-Host'])
    assert.equal((await ask('/api/v1/users', { headers: { [name]: '192.0.2.1' } })).code, 'token-needed', name);
  const foreign = await fetch(new URL('/api/v1/tokens', url), {
    method: 'POST',
    headers: { Origin: 'https://evil.example' },
  });
  assert.equal(foreign.status, 403);
  await api.close();
  for (const host of ['0.0.0.0', '::', '192.0.2.1'])
    await assert.rejects(api.listen({ host, port: 0 }), /laboratory: expected to listen on this machine only/);
});

test('elsewhere than in a laboratory nobody is chosen', async (context) => {
  const { signIn, clock } = await withUsers(context);
  const { ask } = await signIn('the viewer');
  assert.equal((await ask('/api/v1/session/person', { json: { name: 'laboratory' } })).code, 'conflict');
  const { ask: forged } = await signIn('the viewer');
  const made = await forged('/api/v1/caller', { headers: { Cookie: 'assay-person=2' } });
  assert.equal(made.code, 'token-needed');
  clock.advance(DAY);
  assert.equal((await ask('/api/v1/status')).code, 'session-ended');
});

test('an address that is no https is no public address', async (context) => {
  for (const publicUrl of [
    'http://assay.example',
    'assay.example',
    'https://assay.example/path',
    'https://u@assay.example',
  ])
    await assert.rejects(servedApi(context, { site: { publicUrl } }), /public address: expected https/);
  await assert.rejects(
    servedApi(context, { site: { publicUrl: 'https://a.example', laboratory: true } }),
    /laboratory/,
  );
});
