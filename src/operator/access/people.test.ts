import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import type { ScryptCost } from '#base/crypto/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { openDatabase, onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, START, temporaryDirectory } from '#test/operator/operator.ts';
import {
  ACCESS_REFUSALS,
  AccessError,
  FIRST_LINK_MILLISECONDS,
  IDLE_MILLISECONDS,
  LONGEST_SESSION_MILLISECONDS,
  openAccess,
  openPeople,
  type Session,
  type SignIn,
  sessionMark,
  type Visitor,
} from './index.ts';

const CHEAP: ScryptCost = { logCost: 4, blockSize: 8, parallelism: 1 };
const PASSWORD = 'correct horse battery';
const HERE = { address: '192.0.2.1', agent: 'Firefox' };

function room(context: TestContext) {
  const directory = temporaryDirectory(context);
  const random = seededRandom(`people ${directory}`);
  const { database, masterKey } = openDatabase(context, { directory, random, busyMilliseconds: 5 });
  const clock = fixedClock(START);
  const audit = openAudit({ database, masterKey, clock });
  const access = openAccess({ database, audit, clock, random });
  const open = (cost = CHEAP) => openPeople({ database, masterKey, audit, clock, random, access, cost });
  const people = open();
  const add = (name: string, role: 'viewer' | 'analyst' | 'approver' | 'administrator' = 'administrator') =>
    people.users.create({ name, role, password: PASSWORD, author: 'root', reason: 'new colleague' });
  const enter = (name = 'Ada', password = PASSWORD, visitor: Visitor = HERE) =>
    people.signIn({ name, password }, visitor);
  return { directory, database, masterKey, clock, audit, access, people, open, add, enter };
}

const because = (wanted: AccessError['because'], words: RegExp) => (error: unknown) =>
  error instanceof AccessError && error.because === wanted && words.test(error.message);

function signedIn(made: SignIn): { readonly secret: string; readonly session: Session } {
  assert.equal(made.outcome, 'signedIn');
  return made;
}

test('a user signs in by name, whatever its capitals, and password; password and secret are nowhere on the disk', async (context) => {
  const { directory, people, add, enter, clock } = room(context);
  const ada = await add('Ada', 'analyst');
  assert.deepEqual([ada.role, ada.isEnabled, ada.hasPassword, ada.signedInAt], ['analyst', true, true, undefined]);
  const { secret, session } = signedIn(await enter('ADA'));
  assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
  assert.deepEqual([session.user.name, session.method, session.address], ['Ada', 'password', '192.0.2.1']);
  assert.equal(people.users.named('ada')?.signedInAt, clock.now());
  const found = people.sessions.authenticate(secret);
  assert.ok(typeof found === 'object');
  assert.deepEqual(found.user.role, 'analyst');
  for (const file of readdirSync(directory)) {
    const octets = readFileSync(join(directory, file));
    for (const word of [secret, PASSWORD]) assert.ok(!octets.includes(word), file);
  }
});

test('a wrong password, an unknown name and a disabled user are refused alike, and the log names only users', async (context) => {
  const { people, add, enter, audit } = room(context);
  await add('Ada');
  const bob = await add('Bob');
  await people.users.change(bob.id, { isEnabled: false, author: 'Ada', reason: 'left' });
  const from = (number: number) => ({ ...HERE, address: `192.0.2.${number}` });
  assert.deepEqual(await enter('Ada', `${PASSWORD}!`, from(2)), { outcome: 'refused' });
  assert.deepEqual(await enter('Nobody', PASSWORD, from(3)), { outcome: 'refused' });
  assert.deepEqual(await enter('Bob', PASSWORD, from(4)), { outcome: 'refused' });
  assert.deepEqual(await enter('Ada', 'x'.repeat(100_000), from(5)), { outcome: 'refused' });
  assert.ok(!JSON.stringify(audit.after(0)).includes('Nobody'));
});

test('failures make the next attempt wait longer and longer, 15 minutes at most; another address and time are free', async (context) => {
  const { add, enter, clock, audit } = room(context);
  await add('Ada');
  const waits: number[] = [];
  for (let failures = 0; failures < 16; failures++) {
    const made = await enter('Ada', 'wrong');
    if (made.outcome === 'pause') {
      waits.push(made.seconds);
      clock.advance(made.seconds * 1000);
      // The right password is judged when the pause is over, never before.
      assert.deepEqual(await enter('Ada', 'wrong'), { outcome: 'refused' });
    } else assert.equal(made.outcome, 'refused');
  }
  assert.deepEqual(waits.slice(0, 10), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  assert.ok(waits.slice(10).every((seconds) => seconds === 900));
  assert.equal((await enter('Ada')).outcome, 'pause');
  clock.advance(30_000);
  signedIn(await enter('Ada', PASSWORD, { ...HERE, address: '192.0.2.9' }));
  const noted = audit.after(0).filter(({ detail }) => detail?.['change'] === 'refused');
  assert.ok(noted.length >= 2 && noted.length <= 4, 'every fifth failure is noted');
  clock.advance(900_000);
  signedIn(await enter('Ada'));
  signedIn(await enter('Ada'));
});

test('guesses at once do not get past the pause: each is counted before it is judged', async (context) => {
  const { add, enter } = room(context);
  await add('Ada');
  const made = await Promise.all(Array.from({ length: 12 }, () => enter('Ada', 'wrong')));
  assert.equal(made.filter(({ outcome }) => outcome === 'refused').length, 3);
});

test('too many at once are told to try again; those who wait get their turn', async (context) => {
  const { people, add } = room(context);
  await add('Ada');
  const all = await Promise.allSettled(
    Array.from({ length: 60 }, (_, number) =>
      people.signIn({ name: `n${number}`, password: 'x' }, { ...HERE, address: `198.51.100.${number}` }),
    ),
  );
  const busy = all.filter(({ status }) => status === 'rejected');
  assert.equal(busy.length, 60 - 34);
  assert.ok(busy.every((one) => one.status === 'rejected' && because('busy', /at the same time/)(one.reason)));
  assert.equal((await people.signIn({ name: 'Ada', password: PASSWORD }, HERE)).outcome, 'signedIn');
});

test('a password kept at other costs still works, and is kept anew when its owner signs in', async (context) => {
  const { add, enter, open, database } = room(context);
  await add('Ada');
  const kept = database.query('SELECT password FROM user_account', { password: (value) => String(value) });
  assert.match(kept.only().password, /^\$scrypt\$ln=4,r=8,p=1\$/);
  const dearer = open({ logCost: 5, blockSize: 8, parallelism: 2 });
  assert.equal((await dearer.signIn({ name: 'Ada', password: 'wrong' }, HERE)).outcome, 'refused');
  assert.match(kept.only().password, /ln=4/);
  assert.equal((await dearer.signIn({ name: 'Ada', password: PASSWORD }, HERE)).outcome, 'signedIn');
  assert.match(kept.only().password, /^\$scrypt\$ln=5,r=8,p=2\$/);
  signedIn(await enter('Ada'));
});

test('what was changed while a password was kept at other costs counts: nothing old comes back, nobody enters', async (context) => {
  const { database, masterKey, audit, clock, access, people, add, enter } = room(context);
  const ada = await add('Ada');
  await add('Bob');
  const kept = database.query('SELECT password FROM user_account WHERE id = ?', { password: (value) => String(value) });
  const changes = [
    () => void database.command("UPDATE user_account SET password = 'another' WHERE id = ?").run(ada.id),
    () => void people.users.change(ada.id, { isEnabled: false, author: 'Bob', reason: 'left' }),
  ];
  for (const change of changes) {
    const before = kept.only(ada.id).password;
    const random = {
      octets(length: number) {
        // A salt is drawn when keeping begins.
        change();
        return new Uint8Array(length);
      },
    };
    const cost = { logCost: 5, blockSize: 8, parallelism: 2 };
    const slow = openPeople({ database, masterKey, audit, clock, random, access, cost });
    assert.deepEqual(await slow.signIn({ name: 'Ada', password: PASSWORD }, HERE), { outcome: 'refused' });
    assert.doesNotMatch(kept.only(ada.id).password, /ln=5/);
    database.command('UPDATE user_account SET password = ? WHERE id = ?').run(before, ada.id);
  }
  assert.equal((await enter('Ada')).outcome, 'refused', 'disabled');
});

test('a password has 12 characters, 256 octets at most, and is not the name; the same letters in another form are the same', async (context) => {
  const { people, add, enter } = room(context);
  await add('Ada');
  const order = { name: 'Christophe Martin', role: 'viewer', author: 'Ada', reason: 'r' } as const;
  for (const password of [
    '',
    'a'.repeat(11),
    '\u{1f600}'.repeat(11),
    'a'.repeat(257),
    '€'.repeat(86),
    'CHRISTOPHE MARTIN',
  ])
    await assert.rejects(
      people.users.create({ ...order, password }),
      because('invalid', /^password: expected at least 12/),
    );
  for (const name of ['', ' Eve', '<b>', 'network', 'Laboratory', 'retention'])
    await assert.rejects(
      people.users.create({ ...order, name, password: PASSWORD }),
      because('invalid', /^name:/),
      name,
    );
  await people.users.create({ ...order, password: 'e\u0301te\u0301 de la Saint-Martin' });
  signedIn(await enter('christophe martin', '\u00e9t\u00e9 de la Saint-Martin'));
  await people.users.create({ ...order, name: 'Zoë', password: '€'.repeat(85) });
  signedIn(await enter('zoe\u0308', '€'.repeat(85)));
});

test('property: no other password opens, however near', async (context) => {
  const { open, add } = room(context);
  await add('Ada');
  const nearly = fc.oneof(
    fc.nat(PASSWORD.length - 1).map((at) => PASSWORD.slice(0, at) + PASSWORD.slice(at + 1)),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ minLength: 1, maxLength: 9 }).map((more) => PASSWORD + more),
  );
  await fc.assert(
    fc.asyncProperty(nearly, async (password) => {
      if (password.normalize('NFC') === PASSWORD) return;
      assert.deepEqual(await open().signIn({ name: 'Ada', password }, HERE), { outcome: 'refused' });
    }),
    { numRuns: 40 },
  );
});

test('a session ends when nobody uses it for an hour, after twelve hours in any case, and when it is ended', async (context) => {
  const { people, add, enter, clock } = room(context);
  await add('Ada');
  const { sessions } = people;
  const idle = signedIn(await enter());
  clock.advance(IDLE_MILLISECONDS - 1);
  assert.equal(typeof sessions.authenticate(idle.secret), 'object');
  clock.advance(IDLE_MILLISECONDS - 1);
  assert.equal(sessions.isLive(idle.session.id), true, 'its use was noted');
  clock.advance(1);
  assert.deepEqual([sessions.authenticate(idle.secret), sessions.isLive(idle.session.id)], ['ended', false]);
  const busy = signedIn(await enter());
  for (let used = 0; used < LONGEST_SESSION_MILLISECONDS; used += 30 * MINUTE) {
    assert.equal(typeof sessions.authenticate(busy.secret), 'object');
    clock.advance(30 * MINUTE);
  }
  assert.equal(sessions.authenticate(busy.secret), 'ended');
  const left = signedIn(await enter());
  sessions.end(left.session.id, left.session.user.id);
  assert.equal(sessions.authenticate(left.secret), 'unknown');
  assert.throws(() => sessions.end(left.session.id, left.session.user.id), because('missing', /which is of none/));
});

test('nobody ends the session of another; one person has at most twenty, the oldest goes', async (context) => {
  const { people, add, enter } = room(context);
  const ada = await add('Ada');
  const bob = await add('Bob');
  const first = signedIn(await enter('Ada'));
  assert.throws(() => people.sessions.end(first.session.id, bob.id), because('missing', /a session of this user, got/));
  for (let more = 0; more < 20; more++) signedIn(await enter('Ada'));
  assert.equal(people.sessions.of(ada.id).length, 20);
  assert.equal(people.sessions.authenticate(first.secret), 'unknown');
});

test('another role, another password or no entry any more: the sessions of that person end at once', async (context) => {
  const { people, add, enter } = room(context);
  await add('Root');
  const ada = await add('Ada', 'analyst');
  const by = { author: 'Root', reason: 'r' };
  for (const change of [{ role: 'approver' }, { password: `${PASSWORD} new` }, { isEnabled: false }] as const) {
    const password =
      people.users.find(ada.id)?.role === 'analyst' || 'password' in change ? PASSWORD : `${PASSWORD} new`;
    const { secret, session } = signedIn(await enter('Ada', password));
    await people.users.change(ada.id, { ...change, ...by });
    assert.equal(people.sessions.isLive(session.id), false);
    assert.equal(people.sessions.authenticate(secret), 'unknown');
  }
  await people.users.change(ada.id, { isEnabled: true, ...by });
  const { session } = signedIn(await enter('Ada', `${PASSWORD} new`));
  assert.equal(people.users.endSessions(ada.id, by), 1);
  assert.equal(people.sessions.isLive(session.id), false);
});

test('a person changes the own password who knows it; all sessions end, another begins, guesses wait', async (context) => {
  const { people, add, enter, audit } = room(context);
  await add('Ada');
  const other = signedIn(await enter());
  const { session } = signedIn(await enter());
  const change = (current: string, by = session) =>
    people.changePassword(by, { current, next: 'another long password' }, HERE);
  assert.deepEqual(await change('wrong'), { outcome: 'refused' });
  const changed = await change(PASSWORD);
  assert.ok(changed.outcome === 'changed');
  assert.deepEqual([people.sessions.isLive(session.id), people.sessions.isLive(other.session.id)], [false, false]);
  const begun = people.sessions.authenticate(changed.secret);
  assert.ok(typeof begun === 'object');
  assert.deepEqual([begun.user.name, begun.method], ['Ada', 'password']);
  assert.equal((await enter()).outcome, 'refused');
  signedIn(await enter('Ada', 'another long password'));
  for (let guesses = 0; guesses < 5; guesses++) await change('wrong', begun);
  assert.equal((await change('wrong', begun)).outcome, 'pause');
  const entry = audit.newest(20, 'user').find(({ detail }) => detail?.['change'] === 'password');
  assert.deepEqual([entry?.author, entry?.subject], ['Ada', 'Ada']);
});

/** A room in which something happens just when a password begins to be kept: then its salt is drawn. */
async function meanwhile(context: TestContext) {
  const made = room(context);
  const { database, masterKey, audit, clock, access, add, enter, people } = made;
  await add('Root');
  const ada = await add('Ada', 'analyst');
  const { session } = signedIn(await enter());
  const acting = (act: () => void) => {
    const random = {
      octets(length: number) {
        act();
        return new Uint8Array(length);
      },
    };
    return openPeople({ database, masterKey, audit, clock, random, access, cost: CHEAP });
  };
  const kept = () =>
    database.query('SELECT password FROM user_account WHERE id = ?', { password: String }).only(ada.id);
  return { ...made, ada, session, acting, kept, people };
}

test('a reset that comes while somebody changes the own password stands: the change is refused', async (context) => {
  const { people, ada, session, acting, kept, database } = await meanwhile(context);
  const by = { author: 'Root', reason: 'lost the handset' };
  const changes = [
    () => void database.command("UPDATE user_account SET password = 'reset' WHERE id = ?").run(ada.id),
    () => void people.sessions.endAll(ada.id),
    () => void people.users.change(ada.id, { isEnabled: false, ...by }),
  ];
  const before = kept().password;
  for (const change of changes) {
    const slow = acting(change);
    const given = { current: PASSWORD, next: 'of somebody who no longer may' };
    await assert.rejects(slow.changePassword(session, given, HERE), because('conflict', /changed meanwhile/));
    assert.ok(['reset', before].includes(kept().password));
    assert.deepEqual(people.sessions.of(ada.id).length, change === changes[0] ? 1 : 0);
    database.command('UPDATE user_account SET password = ? WHERE id = ?').run(before, ada.id);
    if (change === changes[1])
      Object.assign(session, signedIn(await people.signIn({ name: 'Ada', password: PASSWORD }, HERE)).session);
  }
});

test('whoever may no longer set the password of another is asked again when it is kept', async (context) => {
  const { ada, acting, kept } = await meanwhile(context);
  const before = kept().password;
  let may = true;
  const slow = acting(() => {
    may = false;
  });
  const inTransaction = () => {
    if (!may) throw new AccessError('conflict', 'user', ACCESS_REFUSALS.say('lastAdministrator'));
  };
  const change = { password: 'another long password', author: 'Root', reason: 'r', inTransaction };
  await assert.rejects(slow.users.change(ada.id, change), because('conflict', /^user: expected another/));
  assert.equal(kept().password, before);
});

test('another sign-in in the same browser ends the session it brought, and no other', async (context) => {
  const { people, add, enter, audit } = room(context);
  await add('Ada');
  await add('Bob');
  const [first, elsewhere] = [signedIn(await enter()), signedIn(await enter())];
  const earlier = sessionMark(first.secret);
  assert.ok(!earlier.includes(first.secret));
  signedIn(await enter('Bob', PASSWORD, { ...HERE, earlier }));
  assert.deepEqual(
    [people.sessions.authenticate(first.secret), typeof people.sessions.authenticate(elsewhere.secret)],
    ['unknown', 'object'],
  );
  assert.deepEqual(
    audit.newest(2, 'session').map(({ author, detail }) => [author, detail?.['change']]),
    [
      ['Bob', 'signed in'],
      ['Ada', 'ended'],
    ],
  );
  // A wrong password ends nothing; nor does what is no mark.
  const last = signedIn(await enter());
  assert.equal((await enter('Bob', 'wrong', { ...HERE, earlier: sessionMark(last.secret) })).outcome, 'refused');
  signedIn(await enter('Bob', PASSWORD, { ...HERE, earlier: last.secret }));
  assert.equal(people.sessions.isLive(last.session.id), true);
});

test('strangers who guess do not make a known browser wait; its own wrong attempts do, and a forged mark is a stranger’s', async (context) => {
  const { people, add, enter, clock } = room(context);
  const ada = await add('Ada');
  await add('Bob');
  const made = await enter();
  assert.ok(made.outcome === 'signedIn');
  const { marks } = made;
  const guess = (address: string, more = {}) => enter('Ada', 'wrong', { ...HERE, address, ...more });
  for (let stranger = 0; stranger < 40; stranger++) await guess(`198.51.100.${stranger}`);
  for (let tries = 0; tries < 5; tries++) await guess(HERE.address);
  assert.equal((await enter()).outcome, 'pause');
  const forged = `${marks.slice(0, -1)}${marks.endsWith('0') ? '1' : '0'}`;
  assert.equal((await enter('Ada', PASSWORD, { ...HERE, marks: forged })).outcome, 'pause');
  // In the same browser somebody else is known too, each by a mark of his own.
  const bob = await people.signIn({ name: 'Bob', password: PASSWORD }, { ...HERE, address: '203.0.113.9', marks });
  assert.ok(bob.outcome === 'signedIn');
  assert.equal(bob.marks.split('.').length, 2);
  const again = await enter('Ada', PASSWORD, { ...HERE, marks: bob.marks });
  assert.ok(again.outcome === 'signedIn');
  assert.equal(again.marks.split('.').length, 2);
  assert.equal((await enter()).outcome, 'pause', 'what strangers tried stays counted');
  for (let tries = 0; tries < 5; tries++)
    assert.equal((await guess(HERE.address, { marks: again.marks })).outcome, 'refused');
  assert.equal((await guess(HERE.address, { marks: again.marks })).outcome, 'pause', 'a stolen mark is no free ride');
  await people.users.change(ada.id, { password: 'another long password', author: 'Bob', reason: 'reset' });
  assert.equal((await enter('Ada', 'another long password', { ...HERE, marks: again.marks })).outcome, 'pause');
  clock.advance(900_000);
  signedIn(await enter('Ada', 'another long password', { ...HERE, marks: again.marks }));
});

test('every change is in the audit log with who, what and why, and without the password', async (context) => {
  const { people, add, audit } = room(context);
  await add('Root');
  const ada = await add('Ada', 'viewer');
  await people.users.change(ada.id, { role: 'analyst', password: `${PASSWORD} 2`, author: 'Root', reason: 'promoted' });
  const entries = audit.after(0).filter(({ subject }) => subject === 'Ada');
  assert.deepEqual(
    entries.map(({ kind, author, detail }) => [
      kind,
      author,
      detail?.['change'],
      detail?.['reason'],
      detail?.['after'],
    ]),
    [
      ['user', 'root', 'created', 'new colleague', 'viewer'],
      ['user', 'Root', 'role', 'promoted', 'analyst'],
      ['user', 'Root', 'password', 'promoted', undefined],
    ],
  );
  assert.ok(!JSON.stringify(audit.after(0)).includes(PASSWORD));
  for (const reason of ['', ' ', 'r'.repeat(201)])
    await assert.rejects(
      people.users.change(ada.id, { role: 'viewer', author: 'Root', reason }),
      because('invalid', /^reason/),
    );
  await assert.rejects(
    people.users.change(99, { role: 'viewer', author: 'Root', reason: 'r' }),
    because('missing', /none/),
  );
});

test('somebody can always let others in: the last administrator stays one', async (context) => {
  const { people, add } = room(context);
  const ada = await add('Ada');
  await add('Bob', 'approver');
  const by = { author: 'Ada', reason: 'r' };
  for (const change of [{ role: 'viewer' }, { isEnabled: false }] as const)
    await assert.rejects(
      people.users.change(ada.id, { ...change, ...by }),
      because('conflict', /another administrator/),
    );
  const eve = await add('Eve');
  await people.users.change(ada.id, { role: 'viewer', ...by });
  await assert.rejects(
    people.users.change(eve.id, { isEnabled: false, ...by }),
    because('conflict', /another administrator/),
  );
});

test('a name stands for one person: no second user, and no token of a user but the own', async (context) => {
  const { add, access } = room(context);
  await add('Ada');
  await assert.rejects(add('ADA'), because('conflict', /choose another/));
  const token = (name: string, author: string) => access.create({ name, role: 'viewer', author, reason: 'r' });
  assert.throws(() => token('ada', 'root'), because('conflict', /a user who makes/));
  assert.equal(token('Ada', 'Ada').record.name, 'Ada');
  token('fraud desk', 'root');
  await assert.rejects(add('fraud desk'), because('conflict', /no living token/));
  await assert.rejects(add('Fraud Desk'), because('conflict', /no living token/), 'whatever its capitals');
});

test('the first administrator comes by a link: once, within a day, the newest only, and only while nobody is there', async (context) => {
  const { people, clock, audit, access } = room(context);
  const { firstLink } = people;
  const order = { name: 'Ada', password: PASSWORD };
  assert.equal(firstLink.isOpen(), false);
  const old = firstLink.issue() ?? '';
  const late = firstLink.issue() ?? '';
  assert.match(late, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(firstLink.isOpen(), true);
  await assert.rejects(firstLink.use(old, order), because('missing', /the newest link/));
  clock.advance(FIRST_LINK_MILLISECONDS);
  assert.equal(firstLink.isOpen(), false);
  await assert.rejects(firstLink.use(late, order), because('missing', /within a day/));
  const secret = firstLink.issue() ?? '';
  await assert.rejects(firstLink.use(secret, { ...order, password: 'short' }), because('invalid', /^password/));
  const both = await Promise.allSettled([
    firstLink.use(secret, order),
    firstLink.use(secret, { ...order, name: 'Eve' }),
  ]);
  // Which one comes first is the chance of two threads.
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.equal(['Ada', 'Eve'].filter((name) => people.users.named(name)?.role === 'administrator').length, 1);
  await assert.rejects(firstLink.use(secret, { ...order, name: 'Eve' }), because('missing', /once/));
  assert.deepEqual([firstLink.issue(), firstLink.isOpen()], [undefined, false]);
  assert.equal(audit.newest(1, 'user')[0]?.detail?.['reason'], 'first link');
  assert.equal(access.hasTokens(), false);
});

test('who has a token is somebody: then no link is made', (context) => {
  const { people, access } = room(context);
  assert.notEqual(people.firstLink.issue(), undefined);
  access.create({ name: 'Ada', role: 'administrator', author: 'root', reason: 'first' });
  assert.deepEqual([people.firstLink.isOpen(), people.firstLink.issue()], [false, undefined]);
});

test('an OpenID provider brings users: made once, with the role it says now; a name of somebody else is refused', async (context) => {
  const { people, add, clock } = room(context);
  await add('Ada');
  const given = { issuer: 'https://id.example', subject: '42', name: 'Eve', role: 'viewer' } as const;
  const eve = people.users.provided(given);
  assert.deepEqual([eve.hasPassword, eve.issuer, eve.role], [false, 'https://id.example', 'viewer']);
  const { secret } = people.sessions.begin({ user: eve, method: 'openId', ...HERE, providerToken: 'token' });
  assert.equal(people.users.provided({ ...given, name: 'Other' }).name, 'Eve');
  assert.equal(typeof people.sessions.authenticate(secret), 'object');
  assert.equal(people.users.provided({ ...given, role: 'analyst' }).role, 'analyst');
  assert.equal(people.sessions.authenticate(secret), 'unknown');
  assert.throws(
    () => people.users.provided({ ...given, subject: '43', name: 'ada' }),
    because('conflict', /choose another/),
  );
  clock.advance(DAY);
  assert.deepEqual(await people.signIn({ name: 'Eve', password: PASSWORD }, HERE), { outcome: 'refused' });
  const again = people.sessions.begin({ user: eve, method: 'openId', ...HERE, providerToken: 'token' });
  assert.deepEqual(people.sessions.end(again.session.id, eve.id), { providerToken: 'token' });
});
