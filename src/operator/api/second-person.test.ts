import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { testOperator } from '#test/operator/operator.ts';
import { type Sent, servedApi } from './api.fixture.ts';
import type { ApiSources } from './sources.ts';

const PASSWORD = 'correct horse battery';
const OTHER_PASSWORD = 'another horse battery';
const DAY = 24 * 3_600_000;

/** An operator with two administrators, Ada and Bob, and an approver, Cleo, who are signed in; the settings ask for a second person. */
async function two(
  context: TestContext,
  { isAlone = false, ...given }: { isAlone?: boolean; sources?: (sources: ApiSources) => Partial<ApiSources> } = {},
) {
  const made = await servedApi(context, { withTokens: false, ...given });
  const { people, register } = made;
  const person = async (name: string, role: 'administrator' | 'approver' | 'viewer') => {
    const user = await people.users.create({ name, role, password: PASSWORD, author: 'root', reason: 'test' });
    const { secret } = people.sessions.begin({ user, method: 'password', address: '127.0.0.1', agent: 'test' });
    const headers = { Cookie: `assay=${secret}`, 'Sec-Fetch-Site': 'same-origin' };
    return { user, ask: (path: string, sent: Sent = {}) => made.ask(path, { ...sent, headers }) };
  };
  const ada = await person('Ada', 'administrator');
  const others = isAlone
    ? undefined
    : { bob: await person('Bob', 'administrator'), cleo: await person('Cleo', 'approver') };
  register.set('approval.users', 'always', 'root', 'test');
  register.set('approval.fleet', 'always', 'root', 'test');
  const { bob = ada, cleo = ada } = others ?? {};
  const waiting = async () =>
    (await ada.ask('/api/v1/approvals')).json['proposed'] as readonly Record<string, unknown>[];
  const enters = async (name: string, password: string) =>
    (await made.ask('/api/v1/session', { json: { name, password } })).status === 200;
  return { ...made, ada, bob, cleo, person, waiting, enters };
}

const idOf = ({ json }: { readonly json: Readonly<Record<string, unknown>> }): number =>
  (json['waiting'] as { readonly id: number }).id;
const say = (reason = 'seen'): Sent => ({ json: { reason } });

test('a new user waits: nobody enters before another person agrees, and nobody is shown as what the password is kept', async (context) => {
  const { ada, bob, waiting, enters, people, audit, database } = await two(context);
  const json = { name: 'Eve', role: 'administrator', password: OTHER_PASSWORD, reason: 'new colleague' };
  const made = await ada.ask('/api/v1/users', { json });
  assert.equal(made.status, 202, made.body);
  assert.equal(people.users.named('Eve'), undefined);
  assert.equal(await enters('Eve', OTHER_PASSWORD), false);
  const [one] = await waiting();
  assert.deepEqual(one?.['change'], {
    ...{ about: 'user', change: 'add', name: 'Eve', role: 'administrator', isPasswordNew: true },
  });
  assert.deepEqual(
    [audit.newest(1, 'user')[0]?.detail?.['change'], audit.newest(1, 'user')[0]?.author],
    ['proposed', 'Ada'],
  );
  assert.equal(
    (await ada.ask(`/api/v1/approvals/${idOf(made)}/approval`, say())).code,
    'not-permitted',
    'not by herself',
  );
  const agreed = await bob.ask(`/api/v1/approvals/${idOf(made)}/approval`, say());
  assert.equal(agreed.status, 200, agreed.body);
  assert.equal(await enters('Eve', OTHER_PASSWORD), true);
  assert.equal(people.users.named('Eve')?.createdBy, 'Ada');
  for (const body of [made.body, agreed.body, JSON.stringify(audit.newest(20))])
    assert.doesNotMatch(body, /scrypt|kept/);
  const rows = database.query('SELECT change FROM pending_change', { change: String });
  assert.doesNotMatch(JSON.stringify(rows.all()), /kept/, 'what is decided is forgotten');
});

test('what gives somebody more waits, and what takes a deciding one away; to stop an account is left to one', async (context) => {
  const { ada, cleo, bob, person, people } = await two(context);
  const vera = await person('Vera', 'viewer');
  const change = (who: number, json: object) =>
    ada.ask(`/api/v1/users/${who}/change`, { json: { reason: 'r', ...json } });
  for (const [who, json] of [
    [vera.user.id, { role: 'analyst' }],
    [vera.user.id, { role: 'approver' }],
    [vera.user.id, { password: OTHER_PASSWORD }],
    [bob.user.id, { role: 'viewer' }],
    [bob.user.id, { isEnabled: false }],
    [cleo.user.id, { role: 'analyst' }],
  ] as const) {
    const made = await change(who, json);
    assert.equal(made.status, 202, `${JSON.stringify(json)} ${made.body}`);
  }
  assert.deepEqual(
    [people.users.existing(vera.user.id).role, people.users.existing(bob.user.id).isEnabled],
    ['viewer', true],
  );
  assert.equal((await change(vera.user.id, { isEnabled: false })).status, 200, 'at once');
  assert.equal((await change(vera.user.id, { isEnabled: true })).status, 202);
});

test('a reset of a password counts from the approval on; one that was refused never does', async (context) => {
  const { ada, bob, cleo, enters } = await two(context);
  const reset = (password: string) =>
    ada.ask(`/api/v1/users/${bob.user.id}/change`, { json: { password, reason: 'forgotten' } });
  const refused = await reset(OTHER_PASSWORD);
  assert.equal((await cleo.ask(`/api/v1/approvals/${idOf(refused)}/rejection`, say('not asked for'))).status, 200);
  const made = await reset('third horse battery');
  assert.equal(await enters('Bob', PASSWORD), true);
  assert.equal((await cleo.ask(`/api/v1/approvals/${idOf(made)}/approval`, say())).status, 200);
  assert.deepEqual([await enters('Bob', OTHER_PASSWORD), await enters('Bob', 'third horse battery')], [false, true]);
});

test('a change is made only while its person is as it was shown, and within 30 days', async (context) => {
  const { ada, cleo, person, people, clock, directory } = await two(context);
  const vera = await person('Vera', 'viewer');
  const raise = () => ada.ask(`/api/v1/users/${vera.user.id}/change`, { json: { role: 'approver', reason: 'r' } });
  const made = await raise();
  await people.users.change(vera.user.id, { role: 'analyst', author: 'root', reason: 'meanwhile' });
  const late = await cleo.ask(`/api/v1/approvals/${idOf(made)}/approval`, say());
  assert.deepEqual([late.status, (late.json['said'] as { code: string }).code], [409, 'stateIsAnother']);
  assert.equal(people.users.existing(vera.user.id).role, 'analyst');
  const old = idOf(await raise());
  const later = testOperator(context, { directory, at: clock.now() + 31 * DAY });
  const decide = () => later.register.approvals.decide(old, { approver: 'Cleo', verdict: 'approve', reason: 'r' });
  assert.throws(decide, /one that is expired/);
  later.register.approvals.forgetSettled();
  assert.equal(people.users.existing(vera.user.id).role, 'analyst');
});

test('whoever is alone is not locked out: where nobody else could decide, it is made at once', async (context) => {
  const { ada, people, register, person } = await two(context, { isAlone: true });
  const json = { name: 'Vera', role: 'viewer', password: OTHER_PASSWORD, reason: 'first colleague' };
  assert.equal((await ada.ask('/api/v1/users', { json })).status, 201);
  const id = people.users.named('Vera')?.id;
  assert.equal((await ada.ask(`/api/v1/users/${id}/change`, { json: { role: 'approver', reason: 'r' } })).status, 200);
  // From now on there are two.
  const bob = { ...json, name: 'Bob', role: 'administrator' };
  assert.equal((await ada.ask('/api/v1/users', { json: bob })).status, 202);
  const last = await ada.ask('/api/v1/users/1/change', { json: { isEnabled: false, reason: 'r' } });
  assert.equal(last.code, 'conflict', 'the last administrator stays, before anybody is asked');
  const lower = (value: string) =>
    ada.ask('/api/v1/settings/approval.users', { method: 'PUT', json: { value, reason: 'r' } });
  assert.equal((await lower('never')).status, 202, 'nobody turns it off alone');
  assert.equal(register.settings.value('approval.users'), 'always');
  const { ask } = await person('Cleo', 'approver');
  const [one] = register.approvals.newest(1);
  assert.equal((await ask(`/api/v1/approvals/${one?.id}/approval`, say())).status, 200);
  assert.equal(register.settings.value('approval.users'), 'never');
  assert.equal((await ada.ask('/api/v1/users', { json: bob })).status, 201);
});

test('a token that may decide waits and opens nothing until then; one that only reads is made at once', async (context) => {
  const { ada, bob, ask, database } = await two(context);
  const order = (name: string, role: string) => ada.ask('/api/v1/tokens', { json: { name, role, reason: 'r' } });
  assert.equal((await order('reader', 'viewer')).status, 201);
  const made = await order('helper', 'approver');
  assert.equal(made.status, 202, made.body);
  const token = String(made.json['token']);
  assert.equal((await ask('/api/v1/status', { token })).code, 'token-refused');
  assert.equal((await bob.ask(`/api/v1/approvals/${idOf(made)}/approval`, say())).status, 200);
  assert.equal((await ask('/api/v1/caller', { token })).json['role'], 'approver');
  assert.doesNotMatch(
    JSON.stringify(database.query('SELECT change FROM pending_change', { change: String }).all()),
    /kept/,
  );
});

test('an order to a fleet waits with its effect, is looked at again when somebody agrees, and is carried out in its proposer’s name', async (context) => {
  const { ada, bob, cleo, issue, waiting, audit, clock, register } = await two(context);
  const [first] = [issue(), issue()];
  const json = { select: {}, change: { gate: 'open' }, reason: 'roaming', caseReference: 'C-1' };
  const made = await ada.ask('/api/v1/policies/fleet', { json });
  assert.equal(made.status, 202, made.body);
  const numbers = { selected: 2, changed: 2, losing: 0, gaining: 0 };
  const shown = { about: 'fleet', select: {}, rules: { gate: 'open' }, caseReference: 'C-1' };
  assert.deepEqual((await waiting())[0]?.['change'], { ...shown, ...numbers });
  assert.equal(audit.newest(10, 'order').length, 1, 'nothing is ordered');
  const path = `/api/v1/approvals/${idOf(made)}`;
  assert.equal((await ada.ask(`${path}/orders`, { json: {} })).code, 'conflict', 'not before');
  issue();
  const grown = await cleo.ask(`${path}/approval`, say());
  const said = grown.json['said'] as { code: string; values: object };
  assert.deepEqual(
    [grown.status, said.code, said.values],
    [409, 'fleetGrew', { shown: 2, shownLosing: 0, changed: 3, losing: 0 }],
  );
  assert.deepEqual((await waiting())[0]?.['change'], { ...shown, ...numbers, selected: 3, changed: 3 }, 'shown anew');
  assert.equal(audit.newest(1, 'order')[0]?.detail?.['change'], 'shown again');
  assert.equal((await ada.ask(`${path}/approval`, say())).code, 'not-permitted');
  assert.equal((await cleo.ask(`${path}/approval`, say())).status, 200);
  const ordered = await bob.ask(`${path}/orders`, { json: {} });
  assert.deepEqual([ordered.status, ordered.json], [201, { queued: 3, unchanged: 0 }]);
  const entry = audit.newest(10, 'order').find(({ subject }) => subject === first.iccid.digits);
  assert.equal(entry?.author, 'Ada');
  assert.deepEqual((await bob.ask(`${path}/orders`, { json: {} })).json['next'], undefined, 'again does no harm');
  clock.advance(DAY);
  assert.throws(() => register.approvals.carryOut(idOf(made), () => assert.fail('too late')), /an older one/);
});

test('an approved order is no order to do it again, nor to UICCs that nobody was shown', async (context) => {
  const { ada, cleo, issue, gateway, register } = await two(context);
  const [first] = [issue(), issue()];
  const json = { select: {}, change: { gate: 'open' }, reason: 'roaming' };
  const made = await ada.ask('/api/v1/policies/fleet', { json });
  const path = `/api/v1/approvals/${idOf(made)}`;
  assert.equal((await cleo.ask(`${path}/approval`, say())).status, 200);
  const order = async (body = {}) => (await ada.ask(`${path}/orders`, { json: body })).json;
  assert.deepEqual(await order(), { queued: 2, unchanged: 0 });
  // Issued since, and one that somebody has given other rules since.
  issue();
  const { iccid } = first;
  assert.equal(gateway.policy({ iccid, change: { gate: 'enable' }, author: 'Bob', reason: 'not here' }).kind, 'queued');
  const before = gateway.outbox.counts();
  assert.deepEqual(await order(), { queued: 0, unchanged: 0 });
  assert.deepEqual(gateway.outbox.counts(), before);
  assert.equal(register.approvals.find(idOf(made))?.state, 'approved');
  assert.doesNotMatch((await ada.ask(path)).body, /"ordered"/);
});

test('whoever agrees to an order to a fleet agrees to the numbers on his own screen, not to those that another was shown since', async (context) => {
  const { ada, bob, cleo, issue } = await two(context);
  issue();
  const json = { select: {}, change: { gate: 'open' }, reason: 'roaming' };
  const path = `/api/v1/approvals/${idOf(await ada.ask('/api/v1/policies/fleet', { json }))}/approval`;
  issue();
  assert.equal((await bob.ask(path, say())).status, 409, 'shown anew, to Bob');
  const agree = (changed: number) => cleo.ask(path, { json: { reason: 'seen', shown: { changed, losing: 0 } } });
  const said = (await agree(1)).json['said'] as { code: string; values: object };
  assert.deepEqual([said.code, said.values], ['fleetGrew', { shown: 1, shownLosing: 0, changed: 2, losing: 0 }]);
  assert.equal((await agree(2)).status, 200);
});

test('an approver who is stopped while the fleet is looked at agrees to nothing', async (context) => {
  let stop = () => {};
  const sources = ({ gateway }: ApiSources): Partial<ApiSources> => ({
    gateway: {
      ...gateway,
      previewPolicy(...what) {
        stop();
        return gateway.previewPolicy(...what);
      },
    },
  });
  const { ada, cleo, issue, people, register } = await two(context, { sources });
  issue();
  const json = { select: {}, change: { gate: 'open' }, reason: 'roaming' };
  const id = idOf(await ada.ask('/api/v1/policies/fleet', { json }));
  stop = () => people.users.endSessions(cleo.user.id, { author: 'root', reason: 'stolen' });
  assert.equal((await cleo.ask(`/api/v1/approvals/${id}/approval`, say())).code, 'session-ended');
  assert.equal(register.approvals.find(id)?.state, 'waiting');
  stop = () => people.users.endSessions(ada.user.id, { author: 'root', reason: 'stolen' });
  assert.equal((await ada.ask('/api/v1/policies/fleet', { json })).code, 'session-ended');
  assert.equal(register.approvals.waiting(10).length, 1);
});

test('a token counts as whoever made it, on both sides; so does whoever made that one', async (context) => {
  const { ada, bob, access, ask, register } = await two(context);
  register.set('approval', 'always', 'root', 'test');
  const entry = { imei: '35332510990022', reason: 'stolen' };
  const propose = async (token: string) => idOf(await ask('/api/v1/lists/black/entries', { token, json: entry }));
  const agrees = async (who: { ask: typeof ask }, id: number, more: Sent = {}) => {
    const { status, json } = await who.ask(`/api/v1/approvals/${id}/approval`, { ...say(), ...more });
    return status === 200 || (json['said'] as { code: string }).code;
  };
  // One that may not decide is made at once, by one.
  const made = (await ada.ask('/api/v1/tokens', { json: { name: 'helper', role: 'analyst', reason: 'r' } })).json;
  const id = await propose(String(made['token']));
  const { id: number } = made['record'] as { id: number };
  assert.equal(await agrees(ada, id), 'samePerson');
  await ada.ask(`/api/v1/tokens/${number}/revocation`, { json: { reason: 'to hide it' } });
  assert.notEqual(await agrees(ada, id), true, 'nor when it is revoked by then');
  // One that may decide was made before anybody asked for two.
  const old = access.create({ name: 'old', role: 'administrator', author: 'Ada', reason: 'r' }).token;
  const own = idOf(await ada.ask('/api/v1/lists/black/entries', { json: entry }));
  assert.equal(await agrees({ ask }, own, { token: old }), 'samePerson');
  const child = access.create({ name: 'child', role: 'analyst', author: 'old', reason: 'r' }).token;
  const third = await propose(child);
  assert.equal(await agrees(ada, third), 'samePerson');
  assert.equal(await agrees(bob, third), true);
});

test('a person whose password another has given is no second person for that one until it is changed', async (context) => {
  const { ada, bob, cleo, ask, people } = await two(context);
  const eve = { name: 'Eve', role: 'approver', password: OTHER_PASSWORD, reason: 'new colleague' };
  assert.equal(
    (await cleo.ask(`/api/v1/approvals/${idOf(await ada.ask('/api/v1/users', { json: eve }))}/approval`, say())).status,
    200,
  );
  const enter = async (password: string) => {
    const { response } = await ask('/api/v1/session', { json: { name: 'Eve', password } });
    const cookie =
      response.headers
        .getSetCookie()
        .find((one) => one.startsWith('assay='))
        ?.split(';')[0] ?? '';
    return { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' };
  };
  const vera = { name: 'Vera', role: 'viewer', password: OTHER_PASSWORD, reason: 'r' };
  const path = `/api/v1/approvals/${idOf(await ada.ask('/api/v1/users', { json: vera }))}/approval`;
  const headers = await enter(OTHER_PASSWORD);
  const refused = await ask(path, { ...say(), headers });
  assert.deepEqual([refused.code, (refused.json['said'] as { code: string }).code], ['not-permitted', 'samePerson']);
  assert.equal(people.users.passwordFrom('eve'), 'Ada');
  const bobs = { ...vera, name: 'Walt' };
  const other = `/api/v1/approvals/${idOf(await bob.ask('/api/v1/users', { json: bobs }))}/approval`;
  assert.equal((await ask(other, { ...say(), headers })).status, 200, 'for others he is');
  const next = 'a password of her own';
  const json = { current: OTHER_PASSWORD, next };
  assert.equal((await ask('/api/v1/session/password', { json, headers })).status, 200);
  assert.equal((await ask(path, { ...say(), headers: await enter(next) })).status, 200);
});

test('what somebody proposed who was stopped since is not made; it can be rejected', async (context) => {
  const { bob, cleo, people, waiting, access, ask } = await two(context);
  const json = { name: 'Eve', role: 'administrator', password: OTHER_PASSWORD, reason: 'new colleague' };
  const made = await bob.ask('/api/v1/users', { json });
  const { token, record } = access.create({ name: 'robot', role: 'administrator', author: 'root', reason: 'r' });
  const byToken = await ask('/api/v1/users', { token, json: { ...json, name: 'Mallory' } });
  await people.users.change(bob.user.id, { isEnabled: false, author: 'root', reason: 'stolen account' });
  access.revoke({ id: record.id, author: 'root', reason: 'leaked' });
  for (const one of [made, byToken]) {
    const { status, json: said } = await cleo.ask(`/api/v1/approvals/${idOf(one)}/approval`, say());
    assert.deepEqual([status, (said['said'] as { code: string }).code], [409, 'proposerStopped']);
    assert.equal((await cleo.ask(`/api/v1/approvals/${idOf(one)}/rejection`, say())).status, 200);
  }
  assert.deepEqual(
    [people.users.named('Eve'), people.users.named('Mallory'), await waiting()],
    [undefined, undefined, []],
  );
});

test('a change of people says why before it waits', async (context) => {
  const { register, access } = await two(context);
  const change = {
    about: 'token',
    change: 'add',
    name: 'n',
    role: 'approver',
    expiresAt: access.standardEnd(),
  } as const;
  assert.throws(() => register.propose({ ...change, kept: access.draw().kept }, 'Ada', ' '), /1 to 200 characters/);
});
