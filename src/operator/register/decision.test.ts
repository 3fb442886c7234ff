import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type DecisionFacts,
  decide,
  type EquipmentStatus,
  type EvidenceFacts,
  type ListedFact,
  REASON_SENTENCES,
  statusOf,
} from './decision.ts';
import { equipmentNumber } from './equipment-number.ts';

const NOTHING: EvidenceFacts = { provesIt: false, contest: undefined, contestDetails: [], provedByOthers: false };
const facts = (more: Partial<DecisionFacts> = {}): DecisionFacts => ({
  mode: 'enforce',
  entries: [],
  ranges: [],
  allowedPair: undefined,
  brokenLock: undefined,
  evidence: NOTHING,
  cloneStatus: 'tracking',
  suspicion: undefined,
  unknownStatus: 'permitted',
  imsiDefault: undefined,
  ...more,
});
const entry = (list: ListedFact['list'], reason: ListedFact['reason'] = 'stolen'): ListedFact => ({
  list,
  reason,
  note: '',
  caseReference: '',
});
const OF_TAC = [REASON_SENTENCES.say('ofTac', { tac: '35342009' })];
const BY_PREFIX = [REASON_SENTENCES.say('byPrefix', { prefix: '26201', status: 'prohibited' })];
const range = (list: ListedFact['list'], width: number) => ({ ...entry(list), width, details: OF_TAC });

/** The chain as `code` or `code<overruler`. */
const chain = (more: Partial<DecisionFacts>) => {
  const { equipmentStatus, reasons } = decide(facts(more));
  const codes = reasons.map(({ code, overruledBy }) => (overruledBy === undefined ? code : `${code}<${overruledBy}`));
  return [equipmentStatus, ...codes];
};

for (const [what, more, expected] of [
  ['nothing known', {}, ['permitted', 'notListed']],
  ['nothing known, where the unknown is tracked', { unknownStatus: 'tracking' }, ['tracking', 'notListed']],
  [
    'nothing known, where such subscribers are prohibited',
    { unknownStatus: 'prohibited', imsiDefault: BY_PREFIX },
    ['prohibited', 'imsiDefault'],
  ],
  [
    'known: no default counts',
    { unknownStatus: 'prohibited', imsiDefault: BY_PREFIX, entries: [entry('white')] },
    ['permitted', 'whiteList'],
  ],
  [
    'the IMEI before the range',
    { entries: [entry('white')], ranges: [range('black', 999_999)] },
    ['permitted', 'whiteList', 'blackRange<whiteList'],
  ],
  [
    'within one level the most severe',
    { entries: [entry('white'), entry('black')] },
    ['prohibited', 'blackList', 'whiteList'],
  ],
  [
    'the narrow range before the wide one',
    { ranges: [range('white', 99), range('black', 999_999)] },
    ['permitted', 'whiteRange', 'blackRange<whiteRange'],
  ],
  [
    'ranges of one width, the most severe',
    { ranges: [range('white', 99), range('grey', 99)] },
    ['tracking', 'greyRange', 'whiteRange'],
  ],
  [
    'an allowed pair before every list',
    { allowedPair: [], entries: [entry('black')] },
    ['permitted', 'allowedPair', 'blackList<allowedPair'],
  ],
  [
    'a lie before an allowed pair',
    { allowedPair: [], evidence: { ...NOTHING, contest: 'lyingHandset' } },
    ['prohibited', 'lyingHandset', 'allowedPair'],
  ],
  [
    'a broken lock before a white list',
    { entries: [entry('white')], brokenLock: { code: 'lockedHandset', details: [] } },
    ['prohibited', 'lockedHandset', 'whiteList'],
  ],
  ['a copy is prohibited', { entries: [entry('black', 'duplicate')] }, ['prohibited', 'blackList']],
  [
    'the handset that proves it is spared',
    { entries: [entry('black', 'duplicate')], evidence: { ...NOTHING, provesIt: true } },
    ['permitted', 'spared', 'proved'],
  ],
  [
    'a copy of a proved IMEI',
    { evidence: { ...NOTHING, provedByOthers: true }, cloneStatus: 'prohibited' },
    ['prohibited', 'clone'],
  ],
  [
    'an allowed pair is no copy',
    { allowedPair: [], evidence: { ...NOTHING, provedByOthers: true } },
    ['permitted', 'allowedPair'],
  ],
  [
    'a SIM on its way into a proved handset is tracked, whatever copies get',
    { evidence: { ...NOTHING, provedByOthers: true, contest: 'proofExpected' }, cloneStatus: 'prohibited' },
    ['tracking', 'proofExpected', 'clone'],
  ],
  ['a bogus number is tracked', { suspicion: 'bogusImei' }, ['tracking', 'bogusImei']],
  ['only tracking', { mode: 'track', entries: [entry('black')] }, ['tracking', 'trackOnly', 'blackList']],
  ['switched off', { mode: 'off', entries: [entry('black')] }, ['permitted', 'registerOff']],
] as const satisfies readonly (readonly [string, Partial<DecisionFacts>, readonly string[]])[])
  test(`decision: ${what}`, () => assert.deepEqual(chain(more), expected));

const status = fc.constantFrom<EquipmentStatus>('permitted', 'tracking', 'prohibited');
const listed = fc.record({
  list: fc.constantFrom<ListedFact['list']>('black', 'grey', 'white'),
  reason: fc.constantFrom<ListedFact['reason']>('stolen', 'duplicate', undefined),
  note: fc.constant(''),
  caseReference: fc.constant(''),
});
const anyFacts: fc.Arbitrary<DecisionFacts> = fc.record({
  mode: fc.constantFrom('enforce', 'track', 'off'),
  entries: fc.array(listed, { maxLength: 3 }),
  ranges: fc
    .array(fc.record({ listed, width: fc.constantFrom(0, 99, 999_999) }), { maxLength: 3 })
    .map((ranges) =>
      ranges.map((one) => ({ ...one.listed, width: one.width, details: [] })).toSorted((a, b) => a.width - b.width),
    ),
  allowedPair: fc.constantFrom(undefined, []),
  brokenLock: fc.constantFrom(undefined, { code: 'lockedSubscriber' as const, details: [] }),
  evidence: fc.record({
    provesIt: fc.boolean(),
    contest: fc.constantFrom(undefined, 'refutedProof', 'proofExpected', 'proofMissing'),
    contestDetails: fc.constant([]),
    provedByOthers: fc.boolean(),
  }),
  cloneStatus: fc.constantFrom('tracking', 'prohibited'),
  suspicion: fc.constantFrom(undefined, 'bogusImei', 'unallocatedTac'),
  unknownStatus: status,
  imsiDefault: fc.constantFrom(undefined, BY_PREFIX),
});

test('property: the first reason has the status of the answer; only mode track softens; off permits all; nothing is lost from the chain', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const { equipmentStatus, reasons, isUnknown } = decide(given);
      assert.equal(reasons[0].status, equipmentStatus);
      assert.equal(reasons[0].overruledBy, undefined);
      if (given.mode === 'track') assert.notEqual(equipmentStatus === 'prohibited' && !isUnknown, true);
      if (given.mode === 'off') assert.equal(equipmentStatus, 'permitted');
      else {
        const lists = reasons.filter(({ code }) => /List|Range|spared/.test(code) && code !== 'notListed');
        assert.equal(lists.length, given.entries.length + given.ranges.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test('property: the status for fronts is that of the decision', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const { equipmentStatus, isUnknown } = decide(given);
      assert.equal(statusOf(given), isUnknown ? undefined : equipmentStatus);
    }),
    { numRuns: 5000 },
  );
});

test('an equipment number in every spelling, and what was done to it', () => {
  const read = (written: string) => {
    const found = equipmentNumber(written);
    return found && [found.imei.equipment, found.softwareVersion, ...found.normalised];
  };
  assert.deepEqual(read('49015420323751'), ['49015420323751', undefined]);
  assert.deepEqual(read('490154203237518'), ['49015420323751', undefined, 'check digit 8 taken off']);
  assert.deepEqual(read('490154203237510'), ['49015420323751', undefined, 'spare digit 0 taken off']);
  assert.match(read('490154203237511')?.[2] ?? '', /last digit 1 taken off, expected check digit 8/);
  assert.deepEqual(read('4901542032375186'), ['49015420323751', '86', 'software version 86 taken off']);
  assert.deepEqual(read('imeisv-4901542032375186')?.slice(0, 2), ['49015420323751', '86']);
  assert.deepEqual(read('49-015420-323751-8')?.[0], '49015420323751');
  assert.match(read('440015202000')?.[2] ?? '', /2 leading zeros put back/);
  assert.equal(equipmentNumber('440015202000')?.lostZeros, true);
  for (const nothing of [
    '',
    '1234567890',
    '12345678901234567',
    '4901542032375A',
    'mac-00-11-22-33-44-55',
    '4'.repeat(99),
  ])
    assert.equal(read(nothing), undefined, nothing);
});
