import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Imei } from '#base/identity/index.ts';
import { type Decision, type EquipmentStatus, reasonFor } from '#operator/register/index.ts';
import { answer, type ProofReason, type ProofResult, type Report } from '#protocol/imei-lock/index.ts';
import {
  answerTo,
  changedOrder,
  decide,
  imeiOf,
  LONGEST_PERSON_TEXT,
  orderCommand,
  type PolicyFacts,
  personText,
  textOctets,
} from './index.ts';

const IMEI = Imei.parse('00888801000001');
const FALSE_IMEI = Imei.parse('00888801000002');

const reportOf = (result: ProofResult, reason: ProofReason = 'none'): Report => ({
  version: 'one',
  direction: 'report',
  nonce: new Uint8Array(8).fill(7),
  result,
  reason,
  trigger: 'boot',
  state: 'enabled',
  unanswered: 0,
  provedImei: IMEI.toOctets(),
});

function decisionOf(equipmentStatus: EquipmentStatus): Decision {
  const code = { permitted: 'notListed', tracking: 'greyList', prohibited: 'blackList' } as const;
  const reason = reasonFor(code[equipmentStatus], equipmentStatus, [], equipmentStatus === 'prohibited' ? 'A-7' : '');
  return {
    imei: IMEI,
    imsi: undefined,
    isUnknown: false,
    normalised: [],
    equipmentStatus,
    reasons: [reason],
    evidence: 'attested',
    provedImei: IMEI,
  };
}

const facts = (more: Partial<PolicyFacts> = {}): PolicyFacts => ({
  mode: 'enforce',
  decision: decisionOf('permitted'),
  pairing: 'free',
  movedFrom: undefined,
  contradictedClaim: undefined,
  commanded: undefined,
  contact: '12345',
  ...more,
});

const commanded = { order: 'block', reason: 'court', caseReference: 'C-1' } as const;
for (const [what, report, more, order, code] of [
  ['proved, nothing known', reportOf('proved'), {}, 'permit', 'notListed'],
  ['proved, grey list', reportOf('proved'), { decision: decisionOf('tracking') }, 'track', 'greyList'],
  ['proved, black list', reportOf('proved'), { decision: decisionOf('prohibited') }, 'block', 'blackList'],
  ['moved, free pairing', reportOf('provedOther'), { movedFrom: FALSE_IMEI }, 'permit', 'notListed'],
  [
    'moved, locked pairing',
    reportOf('provedOther'),
    { movedFrom: FALSE_IMEI, pairing: 'locked' },
    'block',
    'pairingLocked',
  ],
  [
    'proved, but the network heard another',
    reportOf('proved'),
    { contradictedClaim: FALSE_IMEI },
    'block',
    'lyingHandset',
  ],
  ['silence', reportOf('notProven', 'noAnswer'), {}, 'track', 'notProven'],
  [
    'silence of a listed one',
    reportOf('notProven', 'noAnswer'),
    { decision: decisionOf('prohibited') },
    'block',
    'blackList',
  ],
  ['silence, no IMEI at all', reportOf('notProven', 'noCardReader'), { decision: undefined }, 'track', 'notProven'],
  ['refuted', reportOf('refuted', 'claimedImeiDiffers'), {}, 'block', 'refutedProof'],
  ['refuted by a foreign root', reportOf('refuted', 'foreignRoot'), {}, 'block', 'refutedProof'],
  ['refuted, pairing locked', reportOf('refuted', 'pairingLocked'), {}, 'block', 'pairingLocked'],
  ['refuted, support revoked', reportOf('refuted', 'revoked'), {}, 'stopKeys', 'revoked'],
  ['a person blocked it', reportOf('proved'), { commanded }, 'block', 'commanded'],
  ['a person blocked it, register off', reportOf('proved'), { commanded, mode: 'off' }, 'block', 'commanded'],
  [
    'a person permits what is listed',
    reportOf('proved'),
    { decision: decisionOf('prohibited'), commanded: { ...commanded, order: 'permit' } },
    'permit',
    'commanded',
  ],
  ['track mode, refuted', reportOf('refuted', 'claimedImeiDiffers'), { mode: 'track' }, 'track', 'trackOnly'],
  ['track mode, nothing known', reportOf('proved'), { mode: 'track' }, 'permit', 'notListed'],
  ['register off, refuted', reportOf('refuted', 'claimedImeiDiffers'), { mode: 'off' }, 'permit', 'registerOff'],
] as const satisfies readonly (readonly [string, Report, Partial<PolicyFacts>, string, string])[])
  test(`decision: ${what} -> ${order}`, () => {
    const decision = decide(report, facts(more));
    assert.deepEqual([decision.order, decision.reasons[0].code], [order, code]);
    assert.equal(
      decision.text !== '',
      order === 'block' || order === 'stopKeys',
      'a text when and only when it blocks',
    );
  });

for (const [last, reason, status, order] of [
  ['permit', 'proved', 'prohibited', 'block'],
  [undefined, undefined, 'prohibited', 'block'],
  ['block', 'blackList', 'prohibited', undefined],
  ['block', 'blackList', 'permitted', 'unblock'],
  ['block', 'blackList', 'tracking', 'unblock'],
  ['block', 'lyingHandset', 'permitted', undefined],
  ['block', 'commanded', 'permitted', undefined],
  ['stopKeys', 'revoked', 'permitted', undefined],
  ['permit', 'proved', 'tracking', 'reportNow'],
  ['track', 'greyList', 'permitted', 'reportNow'],
  ['permit', 'proved', 'permitted', undefined],
  ['unblock', 'blackList', 'permitted', undefined],
] as const)
  test(`after ${last ?? 'nothing'} (${reason ?? 'no reason'}) the register says ${status}: ${order ?? 'nothing to do'}`, () => {
    assert.equal(changedOrder({ order: last, reason }, status), order);
  });

test('an answer repeats the nonce, carries the date, and fits one short message at its longest', () => {
  const report = reportOf('proved');
  const text = 'x'.repeat(100);
  const made = answerTo(report, 'block', { at: Date.UTC(2026, 10, 24), text });
  assert.deepEqual([made.nonce, made.date, made.text?.length], [report.nonce, 20261124, LONGEST_PERSON_TEXT]);
  assert.ok(answer.encode(made).length <= 98, `${answer.encode(made).length}`);
  const alone = orderCommand('reportNow', { at: 0, text: '' });
  assert.deepEqual([alone.nonce, alone.imeiDigest, alone.text], [undefined, undefined, undefined]);
});

test('an IMEI of a report that is none is no IMEI', () => {
  assert.equal(imeiOf(IMEI.toOctets())?.equipment, IMEI.equipment);
  assert.equal(imeiOf(new Uint8Array(8).fill(0xff)), undefined);
  assert.equal(imeiOf(undefined), undefined);
});

test('property: the text for a person fits and is plain ASCII, the contact kept before the case', () => {
  assert.deepEqual(textOctets('Café №5 @€'), new TextEncoder().encode('Cafe ?5 ??'));
  const long = reasonFor('blackList', 'prohibited', [], 'X'.repeat(40));
  assert.equal(personText(long, '12345'), 'This handset is reported. Objections: 12345');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (caseReference, contact) => {
      const text = personText(reasonFor('blackList', 'prohibited', [], caseReference), contact);
      assert.ok(text.length <= LONGEST_PERSON_TEXT && text.startsWith('This handset is reported.'));
      assert.ok(textOctets(caseReference + contact)?.every((octet) => octet >= 0x20 && octet < 0x7f) !== false);
    }),
  );
});
