import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openOperator } from '#operator/index.ts';
import { temporaryDirectory } from '#test/operator/databases.ts';
import { CLIENT, startProvider, throughProvider } from '#test/operator/openid-provider.ts';

const CALLBACK = '/api/v1/open-id/callback';

/** An operator whose people a real provider knows. */
async function world(context: TestContext) {
  // The port has to be known before the provider is told of it.
  const probe = openOperator({ dataDirectory: temporaryDirectory(context) });
  const { port } = await probe.api.listen({ port: 0 });
  await probe.close();
  const origin = `http://127.0.0.1:${port}`;
  const issuer = await startProvider(context, origin);
  const failures: string[] = [];
  const operator = openOperator({
    dataDirectory: temporaryDirectory(context),
    onFailure: (error) => failures.push(String(error)),
    openId: {
      ...{ issuer, ...CLIENT, roleClaim: 'roles', nameClaim: 'preferred_username', label: 'Example' },
      roles: { 'fraud-team': 'analyst', leads: 'approver' },
    },
  });
  context.after(() => operator.close());
  await operator.api.listen({ port });
  const get = (path: string, cookie = '') => fetch(new URL(path, origin), { redirect: 'manual', headers: { cookie } });
  /** Begins at the operator; what its cookie is, and where the provider led back to. */
  const begin = async (login: string, brought = '') => {
    const begun = await get('/api/v1/open-id', brought);
    assert.equal(begun.status, 303);
    const [cookie = ''] = begun.headers.getSetCookie()[0]?.split(';') ?? [];
    const back = await throughProvider(begun.headers.get('location') ?? '', login, origin);
    return { cookie, back, begun };
  };
  return { operator, origin, failures, get, begin };
}

const sessionOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => /^assay=./.test(cookie))
    ?.split(';')[0] ?? '';

test('whoever a real provider knows, and who has a role, is signed in; signing out leads to the provider', async (context) => {
  const { operator, origin, get, begin } = await world(context);
  const { cookie, back, begun } = await begin('ada');
  assert.match(begun.headers.getSetCookie()[0] ?? '', /; HttpOnly; SameSite=Lax; Max-Age=600$/);
  assert.match(begun.headers.get('location') ?? '', /code_challenge_method=S256/);
  assert.ok(back.startsWith(`${origin}${CALLBACK}?`));
  const entered = await get(back, cookie);
  assert.deepEqual([entered.status, entered.headers.get('location')], [303, '/']);
  const session = sessionOf(entered);
  const { caller } = (await (await get('/api/v1/session', session)).json()) as { caller: Record<string, unknown> };
  assert.deepEqual([caller['name'], caller['role'], caller['kind']], ['Ada L', 'analyst', 'session']);
  assert.equal(operator.people.users.named('ada l')?.hasPassword, false);
  const out = await fetch(new URL('/api/v1/session/end', origin), {
    method: 'POST',
    headers: { cookie: session, 'Sec-Fetch-Site': 'same-origin' },
  });
  const { continueAt } = (await out.json()) as { continueAt: string };
  assert.match(continueAt, /\/session\/end\?.*id_token_hint=/);
  assert.equal((await get('/api/v1/status', session)).status, 401);
});

test('the session that a browser had ends when it comes back from the provider, which brings no strict cookie', async (context) => {
  const { operator, get, begin } = await world(context);
  const first = await begin('ada');
  const session = sessionOf(await get(first.back, first.cookie));
  const second = await begin('ada', session);
  assert.ok(
    !second.cookie.includes(session.slice('assay='.length)),
    'no secret stands in a cookie that other sites bring',
  );
  assert.equal((await get('/api/v1/status', session)).status, 200);
  assert.notEqual(sessionOf(await get(second.back, second.cookie)), '');
  assert.equal((await get('/api/v1/status', session)).status, 401);
  assert.equal(operator.people.sessions.of(operator.people.users.named('ada l')?.id ?? 0).length, 1);
});

test('no role, another browser, the same answer twice, a forged state, a disabled user: nobody is signed in', async (context) => {
  const { operator, get, begin, failures } = await world(context);
  const refusedAt = async (path: string, cookie: string) => {
    const response = await get(path, cookie);
    assert.deepEqual([response.status, sessionOf(response)], [303, '']);
    return response.headers.get('location');
  };
  const eve = await begin('eve');
  assert.equal(await refusedAt(eve.back, eve.cookie), '/?signIn=noRole');
  const ada = await begin('ada');
  assert.equal(await refusedAt(ada.back, ''), '/?signIn=refused');
  const other = await begin('ada');
  assert.equal(await refusedAt(ada.back, other.cookie), '/?signIn=refused');
  assert.equal(await refusedAt(ada.back.replace(/state=[^&]+/, 'state=forged'), ada.cookie), '/?signIn=refused');
  assert.equal(await refusedAt(`${CALLBACK}?error=access_denied`, ada.cookie), '/?signIn=refused');
  assert.equal((await get(ada.back, ada.cookie)).headers.get('location'), '/');
  assert.equal(await refusedAt(ada.back, ada.cookie), '/?signIn=refused');
  const id = operator.people.users.named('Ada L')?.id ?? 0;
  await operator.people.users.change(id, { isEnabled: false, author: 'root', reason: 'left' });
  const again = await begin('ada');
  assert.equal(await refusedAt(again.back, again.cookie), '/?signIn=disabled');
  assert.ok(failures.length > 0 && failures.every((failure) => failure.startsWith('Error: OpenID: ')));
});

test('a cookie whose nonce or verifier is of another sign-in, an answer of another issuer, a code of another browser: nobody is signed in', async (context) => {
  const { get, begin } = await world(context);
  /** State, nonce, verifier and earlier session, as the browser keeps them. */
  const parts = (cookie: string) => cookie.slice('assay-openid='.length).split('.');
  const refused = async (path: string, cookie: string) => {
    const response = await get(path, cookie);
    assert.deepEqual(
      [response.status, response.headers.get('location'), sessionOf(response)],
      [303, '/?signIn=refused', ''],
    );
  };
  const mine = await begin('ada');
  const theirs = await begin('ada');
  const [state = '', nonce = '', verifier = ''] = parts(mine.cookie);
  const [, otherNonce = '', otherVerifier = ''] = parts(theirs.cookie);
  await refused(mine.back, `assay-openid=${state}.${nonce}.${otherVerifier}.`);
  // The provider takes a code once, so each try is a sign-in of its own.
  const second = await begin('ada');
  const [state2 = '', , verifier2 = ''] = parts(second.cookie);
  await refused(second.back, `assay-openid=${state2}.${otherNonce}.${verifier2}.`);
  const third = await begin('ada');
  assert.match(third.back, /[?&]iss=/, 'the provider says who it is (RFC 9207)');
  await refused(third.back.replace(/([?&]iss=)[^&]+/, '$1https%3A%2F%2Fevil.example'), third.cookie);
  // The code of one browser, carried into the sign-in of another.
  const fourth = await begin('ada');
  const code = new URL(theirs.back).searchParams.get('code') ?? '';
  const carried = new URL(fourth.back);
  carried.searchParams.set('code', code);
  await refused(carried.href, fourth.cookie);
  for (const pending of ['', '..', `${state}..${verifier}.`, 'a'.repeat(4000)])
    await refused(theirs.back, `assay-openid=${pending}`);
  assert.equal((await get(theirs.back, theirs.cookie)).headers.get('location'), '/', 'who began it still gets in');
});

test('where the browser goes after it is not for the provider, nor for a link, to say', async (context) => {
  const { get, begin } = await world(context);
  for (const path of ['/api/v1/open-id?next=//evil.example', '/api/v1/open-id?redirect_uri=https://evil.example'])
    assert.equal((await get(path)).status, 400, path);
  const { back, cookie } = await begin('ada');
  const entered = await get(`${back}&next=https%3A%2F%2Fevil.example&returnTo=%2F%2Fevil.example`, cookie);
  assert.ok(['/', '/?signIn=refused'].includes(entered.headers.get('location') ?? ''));
});

test('without a provider there is no such way', async (context) => {
  const operator = openOperator({ dataDirectory: temporaryDirectory(context) });
  context.after(() => operator.close());
  const { url } = await operator.api.listen({ port: 0 });
  for (const path of ['/api/v1/open-id', CALLBACK]) {
    const response = await fetch(new URL(path, url), { redirect: 'manual' });
    assert.equal(response.status, path === CALLBACK ? 303 : 404);
  }
});
