import assert from 'node:assert/strict';
import { onBothDatabases } from '#test/operator/databases.ts';
import { MINUTE, testImei, testOperator } from '#test/operator/operator.ts';
import { FINDING_SENTENCES, type FindingKind } from './index.ts';

const gap = (counter: number) => FINDING_SENTENCES.say('reportGap', { counter, before: 0, missing: counter - 1 });
const SILENT = [FINDING_SENTENCES.say('neverReported')];

onBothDatabases(
  'an alarm is acknowledged, given to somebody, closed, and open again when it happens again; all in the log',
  (context) => {
    const { evidence, clock, audit } = testOperator(context);
    const { alarms } = evidence;
    const happen = () =>
      evidence.recordFinding({ kind: 'reportMissing', key: 'x', imsi: '001010000000001', said: SILENT });
    happen();
    const [made] = alarms.page({}, undefined, 9);
    assert.ok(made !== undefined && made.state === 'open');
    const by = { author: 'Ada', reason: 'looked' };
    const decide = (what: Parameters<typeof alarms.decide>[1]) => {
      clock.advance(MINUTE);
      const found = alarms.decide(made.id, what);
      return [found?.isChanged, found?.alarm.state, found?.alarm.assignee, found?.alarm.changedBy];
    };
    assert.deepEqual(decide({ act: 'assign', assignee: 'Bob', ...by }), [true, 'open', 'Bob', 'Ada']);
    assert.deepEqual(decide({ act: 'assign', assignee: 'Bob', ...by }), [false, 'open', 'Bob', 'Ada']);
    assert.deepEqual(decide({ act: 'acknowledge', ...by }), [true, 'acknowledged', 'Bob', 'Ada']);
    assert.deepEqual(decide({ act: 'acknowledge', ...by, author: 'Eve' }), [false, 'acknowledged', 'Bob', 'Ada']);
    happen();
    assert.equal(alarms.byId(made.id)?.state, 'acknowledged');
    assert.deepEqual(decide({ act: 'close', ...by }), [true, 'closed', 'Bob', 'Ada']);
    assert.deepEqual(alarms.counts(), []);
    happen();
    const again = alarms.byId(made.id);
    assert.deepEqual([again?.state, again?.times, again?.reopened, again?.note], ['open', 3, 1, 'looked']);
    assert.deepEqual(alarms.counts(), [{ kind: 'reportMissing', state: 'open', number: 1 }]);
    assert.equal(alarms.decide(made.id + 1, { act: 'close', ...by }), undefined);
    assert.deepEqual(
      audit
        .newest(9)
        .flatMap(({ kind, detail }) =>
          kind === 'finding' || kind === 'alarm' ? [detail?.['act'] ?? detail?.['happened'] ?? 'found'] : [],
        ),
      ['again', 'close', 'acknowledge', 'assign', 'found'],
    );
  },
);

onBothDatabases('alarms come in pages, the last first, by kind, severity, state and person', (context) => {
  const { evidence, clock } = testOperator(context);
  const { alarms } = evidence;
  const kinds: readonly FindingKind[] = ['lyingHandset', 'movedHandset', 'reportGap'];
  for (let number = 0; number < 30; number++) {
    // Three at each moment: their numbers tell them apart.
    if (number % 3 === 0) clock.advance(MINUTE);
    evidence.recordFinding({ kind: kinds[number % 3] ?? 'reportGap', key: String(number), said: [gap(number)] });
  }
  const every = (filter: Parameters<typeof alarms.page>[0]) => {
    const found: string[] = [];
    let after: Parameters<typeof alarms.page>[1];
    for (;;) {
      const page = alarms.page(filter, after, 4);
      found.push(...page.map(({ said }) => String(said?.[0]?.values['counter'])));
      after = page.at(-1);
      if (page.length < 4) return found;
    }
  };
  const numbers = Array.from({ length: 30 }, (_, at) => 29 - at);
  assert.deepEqual(every({}), numbers.map(String));
  assert.deepEqual(every({ kinds: ['reportGap'] }), numbers.filter((one) => one % 3 === 2).map(String));
  assert.deepEqual(every({ severities: ['critical', 'warning'] }), numbers.filter((one) => one % 3 < 2).map(String));
  assert.deepEqual(every({ kinds: ['reportGap'], severities: ['critical'] }), []);
  for (const alarm of alarms.page({ kinds: ['reportGap'] }, undefined, 5)) {
    alarms.decide(alarm.id, { act: 'assign', assignee: 'Bob', author: 'Ada', reason: 'test' });
    alarms.decide(alarm.id, { act: 'close', author: 'Ada', reason: 'test' });
  }
  assert.deepEqual(every({ states: ['closed'] }), ['29', '26', '23', '20', '17']);
  assert.deepEqual(every({ assignee: 'Bob', states: ['closed'] }), ['29', '26', '23', '20', '17']);
  assert.deepEqual([every({ assignee: 'Bob', states: ['open'] }), every({ assignee: 'Eve' })], [[], []]);
});

onBothDatabases('findings about one subscriber and about one IMEI are found by either, once', (context) => {
  const { evidence } = testOperator(context);
  const [imsi, imei] = ['001010000000001', testImei(1)];
  evidence.recordFinding({ kind: 'lyingHandset', key: 'a', imsi, imei, said: SILENT });
  evidence.recordFinding({ kind: 'duplicateImei', key: 'b', imei, said: SILENT });
  evidence.recordFinding({ kind: 'reportGap', key: 'c', imsi, said: SILENT });
  const kinds = (found: readonly { readonly kind: FindingKind }[]) => found.map(({ kind }) => kind);
  assert.deepEqual(kinds(evidence.alarms.about({ imsi, imei }, 9)), ['reportGap', 'duplicateImei', 'lyingHandset']);
  assert.deepEqual(kinds(evidence.alarms.about({ imei }, 1)), ['duplicateImei']);
  const [newest] = evidence.alarms.about({ imsi }, 1);
  assert.deepEqual(kinds(evidence.alarms.history({ imsi }, newest?.id ?? 0, 9)), ['lyingHandset']);
});
