import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { openDataDirectory } from '#operator/database/index.ts';
import { openAudit } from './index.ts';

function log(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'assay-audit-'));
  const opened = openDataDirectory({ directory, random: seededRandom('audit') });
  context.after(() => {
    opened.database.close();
    rmSync(directory, { recursive: true, force: true });
  });
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
    at: '1',
    kind: "'order'",
    author: "'Eve'",
    subject: "'1'",
    detail: "'{}'",
    detail_digest: "x'00'",
    chain: `x'${'00'.repeat(16)}'`,
  })) {
    database.execute('SAVEPOINT before');
    database.execute(`UPDATE audit_entry SET ${column} = ${value} WHERE id = 2`);
    assert.equal(audit.verify()?.id, 2, column);
    database.execute('ROLLBACK TO before; RELEASE before');
  }
  assert.equal(audit.verify(), undefined);
});

test('a cut log is found by a head noted earlier; an entry cannot be deleted by mistake', (context) => {
  const { audit, database } = log(context);
  const head = audit.head();
  assert.throws(() => database.execute('DELETE FROM audit_entry WHERE id = 3'), /never deleted/);
  database.execute('DROP TRIGGER audit_entry_stays; DELETE FROM audit_entry WHERE id = 3');
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
