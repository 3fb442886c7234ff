import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '#base/port/index.ts';
import { type Database, text } from '#operator/database/index.ts';
import { testOperator } from '#test/operator/operator.ts';
import { openOutbox } from './outbox.ts';

test('what can be built is found along the index of open orders: no round goes through all that waits', (context) => {
  const { operator, audit, clock, subscribers, evidence } = testOperator(context);
  const { database } = operator;
  const asked: string[] = [];
  const watched: Database = Object.assign(Object.create(database) as Database, {
    query(sql: string, columns: Parameters<Database['query']>[1]) {
      asked.push(sql);
      return database.query(sql, columns);
    },
    command: (sql: string) => database.command(sql),
  });
  openOutbox({ database: watched, audit, clock, subscribers, evidence, random: seededRandom('outbox') });
  const buildable = asked.filter((sql) => sql.includes('GROUP BY iccid'));
  assert.equal(buildable.length, 1);
  const steps = database.query(`EXPLAIN QUERY PLAN ${buildable[0]}`, { detail: text }).all(1);
  assert.deepEqual(
    steps.map(({ detail }) => detail),
    ['SCAN outbox USING INDEX outbox_open'],
  );
});
