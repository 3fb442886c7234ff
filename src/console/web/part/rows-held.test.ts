import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_ROWS, type ScrollPage, wantedOf, withPage } from './rows-held.ts';

const keyOf = (row: number) => String(row);
const numbers = (first: number, many: number) => Array.from({ length: many }, (_, at) => first + at);
const page = (first: number, many: number, next?: string): ScrollPage<number> => ({
  ...{ rows: numbers(first, many), next },
  place: { row: first, total: 10_000, isExact: true },
});

test('a page without rows that says where to go on is not the end: more is wanted from there', () => {
  const empty: ScrollPage<number> = { rows: [], next: 'from here' };
  const { rows } = withPage<number>(NO_ROWS, { after: undefined }, empty, keyOf);
  assert.deepEqual([rows.isEnd, rows.next], [false, 'from here']);
  assert.deepEqual(wantedOf(rows, { first: 0, last: 10 }), { after: undefined });
  const { rows: found } = withPage<number>(rows, { after: undefined }, page(0, 3), keyOf);
  assert.deepEqual([found.rows, found.isEnd], [[0, 1, 2], true]);
});

test('where rows behind are let go, the next page begins behind the last one that is kept', () => {
  const { rows: held } = withPage<number>(NO_ROWS, { row: 2000 }, page(2000, 2400, 'far below'), keyOf);
  const { rows, by } = withPage<number>(held, { before: 2000 }, page(1800, 200, 'not asked'), keyOf);
  assert.deepEqual([rows.first, rows.rows.length, rows.rows.at(-1), by], [1800, 2400, 4199, 0]);
  assert.deepEqual([rows.next, rows.isEnd], [undefined, false]);
  assert.deepEqual(wantedOf(rows, { first: 4190, last: 4210 }), { after: 4199 });
});
