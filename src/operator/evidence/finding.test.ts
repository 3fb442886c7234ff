import assert from 'node:assert/strict';
import { onBothDatabases as test } from '#test/operator/databases.ts';
import { testImei, testOperator } from '#test/operator/operator.ts';
import { FINDING_SENTENCES } from './index.ts';

const { say } = FINDING_SENTENCES;
const MOVED = say('movedHandset', { imei: String(testImei(1)), before: String(testImei(2)) });
const NOBODY = say('nobodyProves');

test('what a finding says is kept in English and by codes and values; the audit log holds both', (context) => {
  const { evidence, audit } = testOperator(context);
  evidence.recordFinding({ kind: 'movedHandset', key: 'a', imei: testImei(1), said: [MOVED, NOBODY] });
  const [alarm] = evidence.findings(1);
  assert.equal(alarm?.text, `${FINDING_SENTENCES.words(MOVED)} ${FINDING_SENTENCES.words(NOBODY)}`);
  assert.deepEqual(alarm?.said, [MOVED, NOBODY]);
  const [entry] = audit.newest(1, 'finding');
  assert.deepEqual([entry?.detail?.['text'], entry?.said], [alarm?.text, { text: [MOVED, NOBODY] }]);
  assert.equal(audit.verify(), undefined);
  // It happens again, and says something else.
  evidence.recordFinding({ kind: 'movedHandset', key: 'a', said: [NOBODY] });
  assert.deepEqual(evidence.findings(1)[0]?.said, [NOBODY]);
});

test('a finding that is older than its code, or of a code that nobody knows, keeps its text', (context) => {
  const { evidence, database } = testOperator(context);
  evidence.recordFinding({ kind: 'movedHandset', key: 'a', said: [MOVED] });
  const change = database.command('UPDATE finding SET said = ?');
  for (const kept of [undefined, '[{"code":"gone","values":{}}]', '[{"code":"nobodyProves"}]', '{}']) {
    change.run(kept);
    const [alarm] = evidence.findings(1);
    assert.deepEqual([alarm?.text, alarm?.said], [FINDING_SENTENCES.words(MOVED), undefined]);
  }
});
