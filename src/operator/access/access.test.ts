import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { lockWriters, openDatabase, onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, START, temporaryDirectory } from '#test/operator/operator.ts';
import { AccessError, mayUse, openAccess, PERMISSIONS, permissionsOf, ROLES } from './index.ts';

function room(context: TestContext) {
  const directory = temporaryDirectory(context);
  const random = seededRandom(`access ${directory}`);
  const { database, masterKey } = openDatabase(context, { directory, random, busyMilliseconds: 5 });
  const clock = fixedClock(START);
  const audit = openAudit({ database, masterKey, clock });
  const access = openAccess({ database, audit, clock, random });
  const made = access.create({ name: 'Ada', role: 'analyst', author: 'root', reason: 'new colleague' });
  return {
    directory,
    database,
    clock,
    audit,
    access,
    made,
    reopen: () => openAccess({ database, audit, clock, random }),
  };
}

const because = (wanted: AccessError['because'], words: RegExp) => (error: unknown) =>
  error instanceof AccessError && error.because === wanted && words.test(error.message);

test('a token is shown once, opens what its role opens, and is nowhere on the disk', (context) => {
  const { directory, access, made, reopen } = room(context);
  assert.match(made.token, /^assay_[A-Za-z0-9_-]{43}$/);
  const found = reopen().authenticate(made.token);
  assert.ok(typeof found === 'object');
  assert.deepEqual(
    [found.name, found.role, found.createdBy, found.expiresAt],
    ['Ada', 'analyst', 'root', START + 90 * DAY],
  );
  assert.ok(!JSON.stringify(access.page(0, 10)).includes(made.token));
  for (const file of readdirSync(directory))
    assert.ok(!readFileSync(join(directory, file)).includes(made.token.slice(6)), file);
});

test('an expired, a revoked and an unknown token open nothing; a revoked one does so at once in every process', (context) => {
  const { clock, access, made, reopen } = room(context);
  assert.equal(access.authenticate(`assay_${'A'.repeat(43)}`), 'unknown');
  clock.advance(90 * DAY);
  assert.equal(access.authenticate(made.token), 'expired');
  assert.equal(access.isLive(made.record.id), false);
  const second = access.create({
    name: 'Bob',
    role: 'viewer',
    author: 'root',
    reason: 'r',
    expiresAt: clock.now() + 1,
  });
  const other = reopen();
  assert.equal(access.isLive(second.record.id), true);
  other.revoke({ id: second.record.id, author: 'root', reason: 'left' });
  assert.equal(access.authenticate(second.token), 'revoked');
  assert.equal(access.isLive(second.record.id), false);
  assert.equal(access.isLive(99), false);
});

test('property: whatever else is presented is unknown, and nothing throws', (context) => {
  const { access, made } = room(context);
  const nearly = fc.nat(made.token.length - 1).map((at) => made.token.slice(0, at) + made.token.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), nearly), (presented) => {
      assert.equal(access.authenticate(presented), 'unknown');
    }),
  );
});

test('the last use is noted, once a minute', (context) => {
  const { clock, access, made } = room(context);
  const lastUse = () => access.page(0, 1)[0]?.lastUsedAt;
  assert.equal(lastUse(), undefined);
  access.authenticate(made.token);
  assert.equal(lastUse(), START);
  clock.advance(59_999);
  access.authenticate(made.token);
  assert.equal(lastUse(), START);
  clock.advance(1);
  access.authenticate(made.token);
  assert.equal(lastUse(), START + 60_000);
});

test('a database that another process holds keeps nobody from reading', (context) => {
  const { directory, access, made } = room(context);
  const unlock = lockWriters(context, directory);
  assert.ok(typeof access.authenticate(made.token) === 'object');
  unlock();
});

test('every change is in the audit log with who, what, why, before and after, and without the token', (context) => {
  const { audit, access, made } = room(context);
  access.revoke({ id: made.record.id, author: 'Bob', reason: 'lost laptop' });
  const [created, revoked] = audit.after(0);
  assert.deepEqual([created?.kind, created?.author, created?.subject], ['token', 'root', 'Ada']);
  assert.deepEqual(created?.detail, {
    ...{ change: 'created', token: 1, role: 'analyst', reason: 'new colleague', before: null },
    after: 'live',
    expiresAt: Date.UTC(2027, 1, 22, 12),
  });
  assert.deepEqual([revoked?.author, revoked?.subject], ['Bob', 'Ada']);
  assert.deepEqual(revoked?.detail, {
    ...{ change: 'revoked', token: 1, role: 'analyst', reason: 'lost laptop', before: 'live', after: 'revoked' },
  });
  assert.ok(!JSON.stringify(audit.after(0)).includes(made.token.slice(6)));
  assert.equal(audit.verify(), undefined);
});

test('a name stands for one living token; after its end it can be given again', (context) => {
  const { access, made } = room(context);
  const again = () => access.create({ name: 'Ada', role: 'viewer', author: 'root', reason: 'r' });
  assert.throws(again, because('conflict', /revoke that token first/));
  access.revoke({ id: made.record.id, author: 'root', reason: 'rotation' });
  assert.equal(again().record.id, 2);
  assert.throws(() => access.revoke({ id: 1, author: 'root', reason: 'r' }), because('conflict', /not revoked yet/));
  assert.throws(
    () => access.revoke({ id: 7, author: 'root', reason: 'r' }),
    because('missing', /got 7, which is of none/),
  );
  assert.deepEqual(
    access.page(1, 10).map(({ id, name }) => [id, name]),
    [[2, 'Ada']],
  );
});

test('a token needs a name of its own, a reason and an end', (context) => {
  const { access } = room(context);
  const order = { name: 'Eve', role: 'viewer', author: 'root', reason: 'r' } as const;
  for (const name of ['', ' Eve', 'Eve\n', '<b>', 'network', 'UICC', 'Register', 'e'.repeat(81)])
    assert.throws(() => access.create({ ...order, name }), because('invalid', /^name:/), name);
  for (const reason of ['', '  ', 'r'.repeat(201)])
    assert.throws(() => access.create({ ...order, reason }), because('invalid', /^reason:/));
  assert.throws(() => access.create({ ...order, author: '' }), because('invalid', /^author:/));
  for (const expiresAt of [0, START, START + 367 * DAY, Number.NaN])
    assert.throws(() => access.create({ ...order, expiresAt }), because('invalid', /^expiry:/));
});

test('before the first token nobody needs one; afterwards everybody does, even when all are dead', (context) => {
  const random = seededRandom('first');
  const { database, masterKey } = openDatabase(context, { random });
  const clock = fixedClock(START);
  const access = openAccess({ database, audit: openAudit({ database, masterKey, clock }), clock, random });
  assert.equal(access.hasTokens(), false);
  const { record } = access.create({ name: 'Ada', role: 'administrator', author: 'root', reason: 'first' });
  assert.equal(access.hasTokens(), true);
  access.revoke({ id: record.id, author: 'root', reason: 'r' });
  assert.equal(access.hasTokens(), true);
});

test('the table: a viewer changes nothing and sees no whole identity; only an administrator makes tokens', () => {
  const changing = PERMISSIONS.filter(
    (permission) => !permission.endsWith('.read') && permission !== 'equipment.check',
  );
  assert.deepEqual(
    changing.filter((permission) => mayUse('viewer', permission)),
    [],
  );
  assert.deepEqual(
    ROLES.filter((role) => mayUse(role, 'tokens.change')),
    ['administrator'],
  );
  assert.deepEqual(
    ROLES.filter((role) => mayUse(role, 'identities.whole')),
    ['analyst', 'approver', 'administrator'],
  );
  assert.deepEqual(
    ROLES.filter((role) => mayUse(role, 'approvals.decide')),
    ['approver', 'administrator'],
  );
  assert.deepEqual(
    ROLES.filter((role) => mayUse(role, 'webhooks.change')),
    ['administrator'],
  );
  assert.deepEqual(permissionsOf('administrator'), PERMISSIONS);
  assert.deepEqual(
    permissionsOf('machine').filter((permission) => !mayUse('viewer', permission)),
    ['equipment.claim', 'imports.upload', 'imeis.whole'],
  );
});
