import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import fc from 'fast-check';
import { Imei } from '#base/identity/index.ts';
import { fixedClock } from '#base/port/index.ts';
import { openAudit } from '#operator/audit/index.ts';
import { changeFeed } from '#operator/database/index.ts';
import { type OpenDatabase, onBothDatabases as test } from '#test/operator/databases.ts';
import { EntryCensus } from './entry-census.ts';
import type { EntryFilter } from './entry-search.ts';
import { LISTS, type ListEntry } from './list-entry.ts';
import { openListPositions } from './list-positions.ts';
import { openLists } from './lists.ts';

const HIGHEST = 99_999_999_999_999;

/** Sections of three entries, unless told otherwise: a dozen entries are many of them. */
function store(open: OpenDatabase, section = 3) {
  const { database, masterKey } = open();
  const clock = fixedClock(Date.UTC(2026, 10, 24));
  const feed = changeFeed(database, clock);
  const census = new EntryCensus({ database, feed, section });
  const lists = openLists({ database, audit: openAudit({ database, masterKey, clock }), clock, feed, census });
  const positions = openListPositions({ feed, search: lists.search, census });
  return { database, feed, lists, positions };
}

type Store = ReturnType<typeof store>;

/** A change of the lists. Batch 1 is done, batch 2 is being written: what it added does not count, what it took does. */
const change = fc.record({
  imei: fc.oneof(
    fc.integer({ min: 0, max: 7 }),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: HIGHEST - 5, max: HIGHEST }),
  ),
  list: fc.constantFrom(...LISTS),
  source: fc.constantFrom('police', 'regulator'),
  reason: fc.constantFrom('stolen' as const, 'fraud' as const),
  caseReference: fc.constantFrom('', 'K-1'),
  kind: fc.constantFrom('add', 'add', 'add', 'remove', 'file', 'taken', 'unfinished', 'settling'),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function apply({ database, feed, lists }: Store, { imei: number, list, source, reason, caseReference, kind }: Change) {
  const imei = Imei.fromNumber(number);
  if (kind === 'add') lists.add({ imei, list, source, reason, caseReference, author: 'Ada' });
  if (kind === 'remove') lists.remove({ imei, list, source, author: 'Ada', reason: 'found' });
  const row = [number, list, source, reason, '', caseReference, 'Ada', 1, undefined];
  const columns = ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at', 'expires_at'];
  const take = (entryBatch?: number) =>
    database.copyIn('list_history', [...columns, 'entry_batch', 'batch'], [[...row, entryBatch, 2]]);
  const isListed = lists.all(imei).some((entry) => entry.list === list && entry.source === source);
  // An undoing that is being written: what it gives back was listed anew meanwhile, or came with what is undone.
  if (kind === 'settling') take(isListed ? undefined : 2);
  if (isListed) return;
  if (kind === 'taken') take();
  if (kind === 'file' || kind === 'unfinished')
    database.copyIn(
      'list_entry',
      [...columns, 'batch'],
      [[...row, kind === 'file' ? 1 : 2]],
      ['imei', 'list', 'source'],
    );
  if (kind === 'file' || kind === 'taken' || kind === 'settling')
    feed.note({ kind: 'imei', key: imei.equipment, lastKey: Imei.fromNumber(HIGHEST).equipment, batch: 1 });
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const filters = fc
  .record({
    list: fc.constantFrom(...LISTS),
    first: maybe(fc.integer({ min: 0, max: 31 })),
    last: maybe(fc.integer({ min: 0, max: 31 })),
    source: maybe(fc.constantFrom('police', 'regulator', 'nobody')),
    reason: maybe(fc.constantFrom('stolen' as const, 'fraud' as const)),
    caseReference: maybe(fc.constantFrom('', 'K-1')),
    batch: maybe(fc.constant(1)),
  })
  .map(
    (filter) =>
      Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as unknown as EntryFilter,
  );

const nameOf = ({ imei, list, source }: ListEntry) => `${imei.equipment} ${list} ${source}`;

/** What a filter lets through, by looking at every entry. */
function fitting({ lists }: Store, { list, first = 0, last = HIGHEST, ...filter }: EntryFilter): readonly ListEntry[] {
  return [...lists.each(list)].filter(
    (entry) =>
      entry.imei.number >= first &&
      entry.imei.number <= last &&
      Object.entries(filter).every(([name, value]) => Reflect.get(entry, name) === value),
  );
}

function checkPages(made: Store, filter: EntryFilter, expected: readonly ListEntry[], most: number) {
  const { search } = made.lists;
  const up: string[] = [];
  for (let above = -1; ; ) {
    const page = search.page(filter, { above }, most);
    up.push(...page.entries.map(nameOf));
    if (page.entries.length < most && page.lookedTo === undefined) break;
    above = (page.lookedTo ?? page.entries.at(-1)?.imei)?.number ?? HIGHEST;
  }
  assert.deepEqual(up, expected.map(nameOf), 'upwards');
  const down: string[] = [];
  for (let below = HIGHEST + 1; ; ) {
    const page = search.page(filter, { below }, most);
    down.unshift(...page.entries.map(nameOf));
    if (page.entries.length < most && page.lookedTo === undefined) break;
    below = (page.lookedTo ?? page.entries[0]?.imei)?.number ?? 0;
  }
  assert.deepEqual(down, expected.map(nameOf), 'downwards');
  assert.equal(search.count(filter), expected.length);
}

function checkPositions({ positions }: Store, filter: EntryFilter, expected: readonly ListEntry[]) {
  for (let tries = 0; !positions.count(); tries++) assert.ok(tries < 100, 'it ends');
  const rowOf = (imei: number) => expected.filter((entry) => entry.imei.number < imei).length;
  for (const imei of [0, 7, 30, HIGHEST]) {
    const position = { row: rowOf(imei), total: expected.length, isExact: true };
    assert.deepEqual(positions.rowOf(filter, Imei.fromNumber(imei)), position, `the row of ${imei}`);
  }
  for (const row of [0, 1, 2, 5, expected.length - 1, expected.length, 1000]) {
    const at = positions.at(filter, Math.max(0, row));
    assert.equal(at === undefined, expected.length === 0);
    if (at === undefined) continue;
    assert.deepEqual([at.row, at.total, at.isExact], [rowOf(at.imei.number), expected.length, true]);
    assert.ok(expected[at.row]?.imei.equals(at.imei));
  }
}

/** Everything as it was at the beginning. */
function forget({ database, feed }: Store) {
  database.execute('DELETE FROM list_entry; DELETE FROM list_history; DELETE FROM list_batch');
  feed.note({ kind: 'imei', key: Imei.fromNumber(0).equipment, lastKey: Imei.fromNumber(HIGHEST).equipment });
}

const RUNS = { numRuns: 12 };

test('property: pages, numbers and rows are those of a walk through all entries, whatever changed', (_context: TestContext, open) => {
  const made = store(open);
  fc.assert(
    fc.property(
      fc.array(fc.array(change, { maxLength: 25 }), { minLength: 1, maxLength: 3 }),
      fc.array(filters, { minLength: 3, maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      (rounds, asked, most) => {
        forget(made);
        made.database.execute(`INSERT INTO list_batch (id, at, list, source, author, name, state) VALUES
          (1, 1, 'black', 'police', 'Ada', 'a.csv', 'done'), (2, 1, 'black', 'police', 'Ada', 'b.csv', 'running')`);
        for (const changes of rounds) {
          // A file has one source.
          for (const one of changes)
            apply(made, /^(?:file|taken|unf|settl)/.test(one.kind) ? { ...one, source: 'police' } : one);
          for (const filter of asked) {
            const expected = fitting(made, filter);
            checkPages(made, filter, expected, most);
            if (made.lists.search.count({ list: filter.list, batch: 2 })) continue;
            checkPositions(made, filter, expected);
            checkPages(made, filter, expected, most);
          }
        }
      },
    ),
    RUNS,
  );
});

test('a list that nobody counted has no positions yet; it has them after some steps, and during a new count the old ones', (_context, open) => {
  const made = store(open);
  const add = (first: number, last: number) => {
    const columns = ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at', 'batch'];
    const rows = Array.from({ length: last - first + 1 }, (_, at) => [
      first + at,
      'black',
      'police',
      'stolen',
      '',
      '',
      'Ada',
      1,
      1,
    ]);
    made.database.copyIn('list_entry', columns, rows);
    made.feed.note({
      kind: 'imei',
      key: Imei.fromNumber(0).equipment,
      lastKey: Imei.fromNumber(HIGHEST).equipment,
      batch: 1,
    });
  };
  add(1, 100);
  const [filter, imei] = [{ list: 'black' } as const, Imei.fromNumber(90)];
  assert.equal(made.positions.rowOf(filter, imei), undefined);
  assert.equal(made.positions.entries(), undefined);
  while (!made.positions.count());
  assert.deepEqual(made.positions.rowOf(filter, imei), { row: 89, total: 100, isExact: true });
  assert.equal(made.positions.entries()?.get('black'), 100);
  add(101, 300);
  assert.deepEqual(made.positions.rowOf(filter, imei), { row: 89, total: 100, isExact: false });
  while (!made.positions.count());
  assert.deepEqual(made.positions.at(filter, 250), { imei: Imei.fromNumber(251), row: 250, total: 300, isExact: true });
});

test('before the first count a page stops looking, and says where; once counted it goes straight to the entry', (_context, open) => {
  const made = store(open, 1024);
  const columns = ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at'];
  const row = (imei: number, source: string) => [imei, 'black', source, 'stolen', '', '', 'Ada', 1];
  const others = Array.from({ length: 210_000 }, (_, at) => row(at, 'police'));
  made.database.copyIn('list_entry', columns, [...others, row(HIGHEST, 'regulator')]);
  const { search } = made.lists;
  const filter = { list: 'black', source: 'regulator' } as const;
  const first = search.page(filter, { above: -1 }, 10);
  assert.deepEqual([first.entries.length, first.lookedTo?.number], [0, 199_999]);
  const next = search.page(filter, { above: 199_999 }, 10);
  assert.deepEqual([next.entries.map(nameOf), next.lookedTo], [['99999999999999 black regulator'], undefined]);
  const down = search.page({ ...filter, last: HIGHEST - 1 }, { below: HIGHEST }, 10);
  assert.deepEqual([down.entries.length, down.lookedTo?.number], [0, 10_000]);
  while (!made.positions.count());
  const counted = search.page(filter, { above: -1 }, 10);
  assert.deepEqual([counted.entries.length, counted.lookedTo], [1, undefined]);
});
