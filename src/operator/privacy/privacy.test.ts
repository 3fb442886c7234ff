import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { seededRandom } from '#base/port/index.ts';
import { integer, text } from '#operator/database/index.ts';
import { FINDING_SENTENCES } from '#operator/evidence/index.ts';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { DAY, MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import { PLACES } from './index.ts';

const IMEI = testImei(1);
const BY = { author: 'Ada', reason: 'request of the subscriber' };

/** A life in which something stands in every place about the first subscriber, and something about another. */
async function life(context: TestContext) {
  const made = testOperator(context);
  const { operator, issue, register, evidence, gateway, events, database, clock } = made;
  const [first, second] = [issue(), issue()];
  for (const { card } of [first, second]) {
    register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
    clock.advance(MINUTE);
    register.check({ imei: testImei(2), imsi: card.imsi, front: 'api' });
    evidence.recordFinding({
      kind: 'movedHandset',
      key: card.imsi.digits,
      imsi: card.imsi.digits,
      imei: IMEI,
      said: [FINDING_SENTENCES.say('movedHandset', { imei: String(IMEI), before: String(testImei(2)) })],
    });
    gateway.command({ iccid: card.iccid, order: 'reportNow', ...BY, caseReference: '' });
  }
  evidence.flush();
  events.poll();
  register.lists.add({ imei: IMEI, list: 'black', reason: 'stolen', author: 'Ada' });
  const rows = (table: string, where = 'TRUE') =>
    database.query(`SELECT count(*) AS number FROM ${table} WHERE ${where}`, { number: integer }).only().number;
  return { ...made, operator, first, second, rows };
}

function exported(pieces: Iterable<string>): Record<string, readonly Record<string, unknown>[]> {
  return JSON.parse([...pieces].join('')) as Record<string, readonly Record<string, unknown>[]>;
}

test('every table in which an identity stands has its place, and every place is a table with these columns', (context) => {
  const { database } = testOperator(context);
  const isSqlite = database.path.endsWith('.sqlite');
  const columns = database
    .query(
      isSqlite
        ? "SELECT t.name AS place, c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
        : 'SELECT table_name AS place, column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = current_schema())',
      { place: text, name: text },
    )
    .all();
  assert.ok(columns.length > 100);
  const named = columns.filter(({ name }) => /(^|_)(imsi|msisdn|iccid|imei)$/.test(name));
  const places = new Set(PLACES.map(({ table }) => table));
  // Events keep their numbers: they are erased in their own way.
  const others = new Set(['operator_event']);
  assert.deepEqual(
    named.filter(({ place }) => !places.has(place) && !others.has(place)).map(({ place, name }) => `${place}.${name}`),
    [],
    'say in places.ts what becomes of it',
  );
  for (const { table, key, columns: given, imsi = [], msisdn = [], iccid = [], imei = [] } of PLACES) {
    const has = new Set(columns.filter(({ place }) => place === table).map(({ name }) => name));
    for (const name of [...key, ...given, ...imsi, ...msisdn, ...iccid, ...imei])
      assert.ok(has.has(name), `${table}.${name}`);
    for (const name of key) assert.ok(given.includes(name), `${table}: its key is given out`);
    for (const name of named.filter(({ place }) => place === table).map(({ name }) => name))
      assert.ok([...imsi, ...msisdn, ...iccid, ...imei].includes(name), `${table}.${name} finds nobody`);
    for (const name of given) assert.doesNotMatch(name, /secret|wrapped|digest|password/);
  }
});

test('a subject is given out whole, by any of its names, with nothing of another and no secret; that it was is in the log', async (context) => {
  const { privacy, first, second, audit } = await life(context);
  const { imsi, msisdn, iccid } = first.card;
  const names = [
    ['imsi', imsi.digits],
    ['msisdn', msisdn.digits],
    ['iccid', iccid.digits],
  ] as const;
  const documents = names.map(([identity, digits]) =>
    exported(privacy.export(privacy.subject(identity, digits), 'Ada', 'request')),
  );
  for (const document of documents) {
    assert.deepEqual(document['about'], { imsi: imsi.digits, msisdn: msisdn.digits, iccid: iccid.digits });
    assert.equal(document['uicc']?.length, 1);
    assert.equal(document['observation']?.length, 2);
    assert.equal(document['finding']?.length, 1);
    assert.equal(document['outbox']?.length, 1);
    assert.ok((document['auditEntry']?.length ?? 0) >= 2);
    assert.ok((document['operatorEvent']?.length ?? 0) >= 1);
    const written = JSON.stringify(document);
    assert.ok(!written.includes(second.card.imsi.digits));
    assert.ok(!/wrapped/i.test(written));
  }
  const [entry] = audit.newest(1, 'read');
  assert.deepEqual(
    [entry?.author, entry?.subject, entry?.detail],
    ['Ada', 'iccid 8988211…011', { what: 'subject export', reason: 'request' }],
  );
  const handset = exported(privacy.export(privacy.subject('imei', IMEI.withCheckDigit), 'Ada', 'request'));
  assert.deepEqual([handset['observation']?.length, handset['listEntry']?.length, handset['uicc']], [2, 1, []]);
  const nobody = exported(privacy.export(privacy.subject('imsi', '262019999999999'), 'Ada', 'request'));
  assert.deepEqual([nobody['about'], nobody['observation']], [{ imsi: '262019999999999' }, []]);
});

test('an erasure waits for a second person, erases one subject and nobody else, and leaves the chain whole', async (context) => {
  const { privacy, register, audit, database, first, second, rows } = await life(context);
  const imsi = first.card.imsi.digits;
  const about = { about: 'erasure', ...privacy.subject('imsi', imsi) } as const;
  const proposal = register.propose(about, BY.author, BY.reason);
  assert.ok(proposal.outcome === 'waiting');
  assert.throws(
    () => register.approvals.decide(proposal.id, { approver: 'Ada', verdict: 'approve', reason: 'r' }),
    /another person/,
  );
  privacy.run();
  assert.equal(rows('observation', `imsi = '${imsi}'`), 2);
  const other = () => [
    rows('observation', `imsi = '${second.card.imsi.digits}'`),
    rows('finding', `imsi = '${second.card.imsi.digits}'`),
    rows('operator_event', `imsi = '${second.card.imsi.digits}'`),
    rows('subscriber_equipment', `imsi = '${second.card.imsi.digits}'`),
  ];
  const before = other();
  register.approvals.decide(proposal.id, { approver: 'Bob', verdict: 'approve', reason: 'seen' });
  assert.equal(privacy.erasures(1)[0]?.doneAt, undefined);
  privacy.run();
  const [record] = privacy.erasures(1);
  assert.deepEqual([record?.subject, record?.author, record?.approvedBy], ['imsi 0010100…001', 'Ada', 'Bob']);
  assert.ok((record?.erased ?? 0) >= 5 && record?.doneAt !== undefined);
  for (const table of ['report', 'observation', 'finding', 'subscriber_equipment', 'operator_event', 'uicc_state'])
    assert.equal(rows(table, `imsi = '${imsi}'`), 0, table);
  assert.deepEqual(other(), before);
  // What remains: the subscription and its order, the entry about the handset; and nothing that was not said.
  assert.deepEqual([rows('uicc', `imsi = '${imsi}'`), rows('list_entry'), rows('outbox')], [1, 1, 2]);
  assert.equal(audit.verify(), undefined);
  for (const { kind, subject, detail } of audit.newest(1000))
    assert.ok(!JSON.stringify([subject, detail]).includes(imsi), `${kind} ${subject}`);
  for (const table of ['erasure', 'pending_change']) {
    const column = table === 'erasure' ? 'coalesce(keys, subject)' : 'change';
    assert.equal(rows(table, `${column} LIKE '%${imsi}%'`), 0, table);
  }
  assert.equal(register.approvals.find(proposal.id)?.change.about, 'erasure');
  assert.equal(database.integrityProblems().length, 0);
});

test('an IMEI in the values of a sentence is given out and erased as in its words, also where it is the other one', async (context) => {
  const { privacy, register, first, rows } = await life(context);
  const other = testImei(2);
  const about = { about: 'erasure', ...privacy.subject('imei', other.equipment) } as const;
  const { finding = [] } = exported(privacy.export(privacy.subject('imei', other.equipment), 'Ada', 'request'));
  assert.equal(finding.length, 2);
  for (const { text, said } of finding) assert.ok([text, said].every((kept) => String(kept).includes(other.equipment)));
  const proposal = register.propose(about, 'Ada', 'sold');
  register.approvals.decide(proposal.outcome === 'waiting' ? proposal.id : 0, {
    approver: 'Bob',
    verdict: 'approve',
    reason: 'r',
  });
  privacy.run();
  const names = (column: string) => `${column} LIKE '%${other.equipment}%'`;
  assert.deepEqual(
    [rows('finding', `${names('text')} OR ${names('said')}`), rows('audit_entry', names('detail'))],
    [0, 0],
  );
  assert.equal(rows('uicc', `imsi = '${first.card.imsi.digits}'`), 1);
});

test('sightings that waited in memory are given out, and do not come back behind an erasure', async (context) => {
  const { privacy, register, evidence, first, rows } = await life(context);
  const { imsi } = first.card;
  register.check({ imei: testImei(3), imsi, front: 'api' });
  const given = exported(privacy.export(privacy.subject('imsi', imsi.digits), 'Ada', 'request'));
  assert.equal(given['observation']?.length, 3);
  register.check({ imei: testImei(4), imsi, front: 'api' });
  const proposal = register.propose({ about: 'erasure', ...privacy.subject('imsi', imsi.digits) }, 'Ada', 'request');
  register.approvals.decide(proposal.outcome === 'waiting' ? proposal.id : 0, {
    approver: 'Bob',
    verdict: 'approve',
    reason: 'r',
  });
  privacy.run();
  evidence.flush();
  for (const table of ['observation', 'subscriber_equipment', 'operator_event'])
    assert.equal(rows(table, `imsi = '${imsi.digits}'`), 0, table);
});

test('events keep their numbers without a gap, and their readers see that somebody was there', async (context) => {
  const { privacy, register, events, first, second } = await life(context);
  const before = events.after(0, 100);
  for (const imei of [IMEI, testImei(2)]) {
    const proposal = register.propose({ about: 'erasure', ...privacy.subject('imei', imei.equipment) }, 'Ada', 'sold');
    register.approvals.decide(proposal.outcome === 'waiting' ? proposal.id : 0, {
      approver: 'Bob',
      verdict: 'approve',
      reason: 'r',
    });
  }
  privacy.run();
  const after = events.after(0, 100);
  assert.deepEqual(
    after.map(({ sequence, kind }) => [sequence, kind]),
    before.map(({ sequence, kind }) => [sequence, kind]),
  );
  const written = JSON.stringify(after);
  for (const digits of [first.card.imsi.digits, second.card.imsi.digits, IMEI.equipment])
    assert.ok(!written.includes(digits));
});

test('what is older than kept goes, step by step; what is younger, what is under way and the chain stay', async (context) => {
  const { privacy, register, audit, evidence, gateway, clock, rows, issue } = await life(context);
  const kept = rows('observation');
  assert.deepEqual(Object.values(privacy.run().erased), [0, 0, 0, 0, 0]);
  register.settings.set('retention.sightings', '10', 'Ada', 'officer');
  register.settings.set('retention.auditDetails', '10', 'Ada', 'officer');
  register.settings.set('retention.packets', '1', 'Ada', 'officer');
  clock.advance(11 * DAY);
  const { card } = issue();
  register.check({ imei: IMEI, imsi: card.imsi, front: 'api' });
  evidence.flush();
  const under = rows('outbox', "state IN ('queued', 'built', 'sent')");
  const { erased } = privacy.run();
  assert.deepEqual([erased['retention.sightings'], rows('observation')], [kept, 1]);
  assert.ok(erased['retention.auditDetails'] > 5);
  assert.equal(rows('outbox', "state IN ('queued', 'built', 'sent')"), under);
  assert.equal(gateway.outbox.newest(10).length, under);
  assert.equal(audit.verify(), undefined);
  assert.notEqual(audit.newest(3)[2]?.detail, undefined, 'younger details stay');
  assert.deepEqual(privacy.lastRun()?.erased, erased);
  assert.deepEqual(Object.values(privacy.run().erased), [0, 0, 0, 0, 0]);
  clock.advance(20 * DAY);
  assert.ok(privacy.run().erased['retention.events'] > 0);
});

test('settings of retention are days: others are refused, and the standard holds', (context) => {
  const { privacy, register } = testOperator(context);
  assert.deepEqual([privacy.days('retention.reports'), privacy.days('retention.events')], [365, 30]);
  for (const value of ['0', '-1', '1.5', '36501', 'never', ''])
    assert.throws(() => register.settings.set('retention.reports', value, 'Ada', 'r'), RangeError, value);
  assert.throws(() => register.settings.set('retention.events', '31', 'Ada', 'r'), RangeError);
  register.settings.set('retention.reports', '36500', 'Ada', 'r');
  assert.equal(privacy.days('retention.reports'), 36_500);
});

test('it works by itself each hour, and an erasure as soon as it is agreed to; a failure is told and tried again', async (context) => {
  const { privacy, register, clock, rows, first } = await life(context);
  const failures: unknown[] = [];
  privacy.start((error) => failures.push(error));
  clock.advance(1000);
  const imsi = first.card.imsi.digits;
  const proposal = register.propose({ about: 'erasure', ...privacy.subject('imsi', imsi) }, 'Ada', 'request');
  register.approvals.decide(proposal.outcome === 'waiting' ? proposal.id : 0, {
    approver: 'Bob',
    verdict: 'approve',
    reason: 'r',
  });
  clock.advance(5000);
  assert.equal(rows('observation', `imsi = '${imsi}'`), 0);
  const lastAt = privacy.lastRun()?.at ?? 0;
  clock.advance(3_600_000 + 5000);
  assert.ok((privacy.lastRun()?.at ?? 0) > lastAt);
  assert.deepEqual(failures, []);
});

/** Proposes an erasure; the second person's word on it. */
function proposedErasure(
  { register, privacy }: Pick<Awaited<ReturnType<typeof life>>, 'register' | 'privacy'>,
  imsi: string,
) {
  const made = register.propose({ about: 'erasure', ...privacy.subject('imsi', imsi) }, 'Ada', `request of ${imsi}`);
  const id = made.outcome === 'waiting' ? made.id : 0;
  const decide = (verdict: 'approve' | 'reject') =>
    register.approvals.decide(id, { approver: 'Bob', verdict, reason: 'seen' });
  return { id, decide };
}

test('what another process still holds in memory does not come back behind an erasure; what is seen later is kept', async (context) => {
  const made = await life(context);
  const { privacy, directory, rows, clock, first, second } = made;
  const other = testOperator(context, { directory });
  const { imsi } = first.card;
  const see = (serial: number) => other.register.check({ imei: testImei(serial), imsi, front: 'api' });
  const poll = () => {
    other.evidence.flush();
    other.events.poll();
  };
  const left = () => ['observation', 'subscriber_equipment'].map((table) => rows(table, `imsi = '${imsi.digits}'`));
  see(3);
  other.register.check({ imei: testImei(3), imsi: second.card.imsi, front: 'api' });
  proposedErasure(made, imsi.digits).decide('approve');
  privacy.run();
  poll();
  assert.deepEqual(left(), [0, 0]);
  assert.equal(rows('observation', `imsi = '${second.card.imsi.digits}'`), 3, 'what was seen of another stays');
  // While one goes on nothing is written either, however late its steps are.
  clock.advance(MINUTE);
  other.clock.advance(2 * MINUTE);
  see(4);
  proposedErasure(made, imsi.digits).decide('approve');
  clock.advance(MINUTE);
  made.evidence.erased.begin({ imsi: imsi.digits });
  poll();
  assert.deepEqual(left(), [0, 0]);
  privacy.run();
  other.clock.advance(3 * MINUTE);
  see(5);
  poll();
  assert.deepEqual(left(), [1, 1]);
  // Who it was is written nowhere, and the marks go after a week.
  assert.equal(rows('erased_subject'), 1);
  clock.advance(8 * DAY);
  proposedErasure(made, second.card.imsi.digits).decide('approve');
  privacy.run();
  assert.equal(rows('erased_subject'), 1);
});

test('an IMEI that was erased does not come back by what another process holds', async (context) => {
  const made = await life(context);
  const other = testOperator(context, { directory: made.directory });
  other.register.check({ imei: IMEI, imsi: made.first.card.imsi, front: 'api' });
  const proposal = made.register.propose({ about: 'erasure', identity: 'imei', digits: IMEI.equipment }, 'Ada', 'sold');
  assert.ok(proposal.outcome === 'waiting');
  made.register.approvals.decide(proposal.id, { approver: 'Bob', verdict: 'approve', reason: 'r' });
  made.privacy.run();
  other.evidence.flush();
  assert.equal(made.rows('observation', `imei = ${IMEI.number}`), 0);
});

test('proposed erasures keep no digits when they are approved, rejected or expired, also those of an older program', async (context) => {
  const made = await life(context);
  const { register, privacy, clock, database, audit, rows } = made;
  const imsis = ['001019999999901', '001019999999902', '001019999999903'] as const;
  const named = (imsi: string) => rows('pending_change', `change LIKE '%${imsi}%' OR reason LIKE '%${imsi}%'`);
  const [approved, rejected, expired] = imsis.map((imsi) => proposedErasure(made, imsi));
  assert.deepEqual(imsis.map(named), [1, 1, 1]);
  approved?.decide('approve');
  rejected?.decide('reject');
  assert.deepEqual(imsis.map(named), [0, 0, 1]);
  privacy.run();
  assert.equal(named(imsis[2]), 1, 'it waits: the second person has to know whom it is about');
  clock.advance(31 * DAY);
  const old = JSON.stringify({ about: 'erasure', identity: 'imsi', digits: imsis[0] });
  database.command('UPDATE pending_change SET change = ? WHERE id = ?').run(old, approved?.id);
  privacy.run();
  assert.deepEqual(imsis.map(named), [0, 0, 0]);
  assert.deepEqual(
    [approved, rejected, expired].map((one) => register.approvals.find(one?.id ?? 0)?.state),
    ['approved', 'rejected', 'expired'],
  );
  for (const { kind, subject, detail } of audit.newest(1000, 'erasure'))
    for (const imsi of imsis) assert.ok(!subject.includes(imsi) && detail?.['digits'] !== imsi, `${kind} ${subject}`);
});

test('after an erasure its digits stand nowhere in the files of SQLite, neither in free pages nor in the log', async (context) => {
  const made = await life(context);
  const { privacy, directory, database, rows } = made;
  if (!database.path.endsWith('.sqlite')) return;
  const imsi = '001019999999777';
  const found = () => readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(imsi));
  const chance = seededRandom('residue');
  const put = database.command(
    'INSERT OR IGNORE INTO observation (imei, imsi, first_at, last_at, times, level) VALUES (?, ?, 1, 1, 1, ?)',
  );
  const numberOf = (octets: Uint8Array) => Number(octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n));
  // Rows of this one among others in the order of chance: pages split, and copies of cells stay behind in them.
  database.transaction(() => {
    for (let row = 0; row < 20_000; row++) {
      const another = `00101${String(numberOf(chance.octets(4)) % 1e10).padStart(10, '0')}`;
      put.run(numberOf(chance.octets(5)), row % 50 === 0 ? imsi : another, 'claimed');
    }
  });
  assert.deepEqual(found().length > 0, true);
  proposedErasure(made, imsi).decide('approve');
  privacy.run();
  assert.equal(rows('observation', `imsi = '${imsi}'`), 0);
  // Nodes have a minute to follow.
  assert.equal(rows('register_change', `first_key = '${imsi}'`), 1);
  made.clock.advance(MINUTE);
  privacy.run();
  assert.deepEqual(found(), []);
  // The hot path deletes as before.
  assert.equal(database.query('PRAGMA secure_delete', { secureDelete: integer }).only().secureDelete, 2);
});

test('where a file is too large to be written anew, or somebody reads in it, the log is emptied when it can be', async (context) => {
  const { database, directory, rows } = await life(context);
  if (!database.path.endsWith('.sqlite')) return;
  assert.equal(database.scrub(0), 'larger');
  assert.equal(readFileSync(`${database.path}-wal`).length, 0);
  const reader = new DatabaseSync(join(directory, 'operator.sqlite'), { readOnly: true });
  const reading = reader.prepare('SELECT id FROM audit_entry').iterate();
  assert.equal(reading.next().done, false);
  database.command("INSERT INTO setting (name, value) VALUES ('written', 'meanwhile')").run();
  assert.equal(database.scrub(0), 'busy');
  reading.return?.();
  reader.close();
  assert.equal(database.scrub(1e9), 'done');
  assert.ok(rows('audit_entry') > 0);
});

test('of every column that names somebody it is known whether an index leads to it: the others are looked through in parts', (context) => {
  const { database } = testOperator(context);
  // The schema of both is made of one text.
  if (!database.path.endsWith('.sqlite')) return;
  const leading = database.query(
    `SELECT t.name || '.' || i.name AS name FROM sqlite_schema t, pragma_table_info(t.name) i WHERE t.type = 'table' AND i.pk = 1
     UNION SELECT t.name || '.' || i.name FROM sqlite_schema t, pragma_index_list(t.name) l, pragma_index_info(l.name) i WHERE i.seqno = 0`,
    { name: text },
  );
  const indexed = new Set(leading.all().map(({ name }) => name));
  for (const place of PLACES) {
    const columns = [place.imsi, place.msisdn, place.iccid, place.imei].flatMap((names) => names ?? []);
    const without = columns.filter((column) => !indexed.has(`${place.table}.${column}`));
    assert.deepEqual(place.unindexed ?? [], without, place.table);
  }
});
