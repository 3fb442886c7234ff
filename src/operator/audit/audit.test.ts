import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { fixedClock } from '#base/port/index.ts';
import { openDatabase, onBothDatabases as test } from '#test/operator/databases.ts';
import { openAudit } from './index.ts';

function log(context: TestContext) {
  const opened = openDatabase(context);
  const clock = fixedClock(1_700_000_000_000);
  const audit = openAudit({ ...opened, clock });
  for (const list of ['black', 'grey', 'white'])
    audit.append({ kind: 'list', author: 'Ada', subject: '35693803564380', detail: { list, reason: 'stolen' } });
  return { ...opened, audit, clock };
}

test('entries come back in order, count without a gap, and the chain holds', (context) => {
  const { audit } = log(context);
  assert.deepEqual(
    audit.after(1).map(({ id, detail }) => [id, detail?.['list']]),
    [
      [2, 'grey'],
      [3, 'white'],
    ],
  );
  assert.deepEqual(audit.newest(1)[0]?.id, 3);
  assert.deepEqual(audit.newest(5, 'order'), []);
  assert.equal(audit.verify(), undefined);
});

test('every change of an entry is found, with its number', (context) => {
  const { audit, database } = log(context);
  for (const [column, value] of Object.entries({
    at: 1,
    kind: 'order',
    author: 'Eve',
    subject: '1',
    detail: '{}',
    detail_digest: Uint8Array.of(0),
    chain: new Uint8Array(16),
  })) {
    const stop = new Error('as it was');
    const change = () => {
      database.command(`UPDATE audit_entry SET ${column} = ? WHERE id = 2`).run(value);
      assert.equal(audit.verify()?.id, 2, column);
      throw stop;
    };
    assert.throws(() => database.transaction(change), stop);
  }
  assert.equal(audit.verify(), undefined);
});

test('a log of many pages is verified in steps; what is appended meanwhile is verified too', (context) => {
  const { audit, database } = log(context);
  const append = () => audit.append({ kind: 'list', author: 'Ada', subject: '1', detail: {} });
  database.transaction(() => {
    for (let entry = 0; entry < 2000; entry++) append();
  });
  const steps = audit.verification();
  assert.deepEqual(steps.next(), { done: false, value: 1000 });
  append();
  assert.deepEqual(
    [steps.next().value, steps.next().value, steps.next()],
    [2000, 2004, { done: true, value: undefined }],
  );
  database.execute("UPDATE audit_entry SET author = 'Eve' WHERE id = 1500");
  assert.equal(audit.verify()?.id, 1500);
});

test('a cut log is found by a head noted earlier; an entry cannot be deleted by mistake', (context) => {
  const { audit, database } = log(context);
  const head = audit.head();
  assert.throws(() => database.execute('DELETE FROM audit_entry WHERE id = 3'), /never deleted/);
  const trigger = database.path.startsWith('postgres:') ? 'audit_entry_stays ON audit_entry' : 'audit_entry_stays';
  database.execute(`DROP TRIGGER ${trigger}; DELETE FROM audit_entry WHERE id = 3`);
  assert.equal(audit.verify(), undefined);
  assert.match(audit.verify(head)?.problem ?? '', /the log was cut/);
  audit.append({ kind: 'list', author: 'Eve', subject: '2', detail: {} });
  assert.match(audit.verify(head)?.problem ?? '', /not the entry that was noted/);
});

test('an erased detail leaves the chain whole and says who erased', (context) => {
  const { audit } = log(context);
  assert.equal(audit.erase('35693803564380', 'Ada', 'request 7'), 3);
  assert.equal(audit.after(0)[0]?.detail, undefined);
  assert.deepEqual(audit.newest(1)[0]?.detail, { reason: 'request 7', entries: 3 });
  assert.equal(audit.verify(), undefined);
});

test('property: a search finds what fits, the newest first, page by page', (context) => {
  const { audit, clock } = log(context);
  const [kinds, authors, subjects] = [
    ['list', 'order', 'read'],
    ['Ada', 'Bob'],
    ['1', '2', '3'],
  ] as const;
  for (let number = 0; number < 60; number++) {
    if (number % 4 === 0) clock.advance(1000);
    audit.append({
      kind: kinds[number % 3] ?? 'list',
      author: authors[(number >> 1) % 2] ?? '',
      subject: subjects[(number >> 2) % 3] ?? '',
      detail: { number },
    });
  }
  const all = audit.newest(1000);
  const [first, last] = [all.at(-1)?.at ?? 0, all[0]?.at ?? 0];
  const moment = fc.integer({ min: first - 1500, max: last + 1500 });
  const wanted = fc.record(
    {
      kind: fc.constantFrom(...kinds),
      author: fc.constantFrom(...authors),
      subjects: fc.constantFrom<[string, string]>(['1', '2'], ['3', '3']),
      from: moment,
      to: moment,
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  fc.assert(
    fc.property(wanted, fc.integer({ min: 1, max: 20 }), (search, most) => {
      const { kind, author, subjects: some, from, to } = search;
      const expected = all.filter(
        (entry) =>
          (kind === undefined || entry.kind === kind) &&
          (author === undefined || entry.author === author) &&
          (some === undefined || some.includes(entry.subject)) &&
          (from === undefined || entry.at >= from) &&
          (to === undefined || entry.at <= to),
      );
      const pages = [];
      for (let page = audit.found(search, most); page.length > 0; ) {
        pages.push(...page);
        page = audit.found({ ...search, before: page.at(-1)?.id ?? 0 }, most);
      }
      assert.deepEqual(pages, expected);
    }),
    { numRuns: 60 },
  );
});
