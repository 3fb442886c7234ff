import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#base/codec/index.ts';
import { CHECK_IMEI, element, elementOf, gsupMessage } from '#protocol/gsup/index.ts';
import type { EquipmentAnswer, EquipmentQuestion } from '../front.ts';
import { AwaitedAnswers } from './awaited-answers.ts';
import { judge, type Verdict } from './verdict.ts';

const IMSI = '001010000000001';
const ask = (imei: string, imsi = IMSI) =>
  gsupMessage.encode({ type: CHECK_IMEI.request, elements: [element('imsi', imsi), element('imei', imei)] });

function judged(
  message: Uint8Array,
  answer: EquipmentAnswer,
  more: { unknown?: 'NACK'; alsoStore?: true } = {},
): Verdict & { questions: readonly EquipmentQuestion[]; result: string | undefined; cause: number | undefined } {
  const questions: EquipmentQuestion[] = [];
  const check = (question: EquipmentQuestion) => {
    questions.push(question);
    return answer;
  };
  const verdict = judge(message, 'MSC', { unknown: 'ACK', alsoStore: false, ...more, check });
  const reply = verdict.toClient && gsupMessage.decode(verdict.toClient);
  const result = reply && elementOf(reply, 'imeiResult');
  return { ...verdict, questions, result, cause: reply && elementOf(reply, 'cause') };
}

const status = (equipmentStatus: 'permitted' | 'tracking' | 'prohibited'): EquipmentAnswer => ({
  kind: 'status',
  equipmentStatus,
});
const UNKNOWN: EquipmentAnswer = { kind: 'unknown' };
const UNAVAILABLE: EquipmentAnswer = { kind: 'unavailable', retryAfterSeconds: 1 };

test('permitted and tracking are ACK, prohibited is NACK, unknown as the operator says', () => {
  assert.equal(judged(ask('35342009123450'), status('permitted')).result, 'ACK');
  assert.equal(judged(ask('35342009123450'), status('tracking')).result, 'ACK');
  assert.equal(judged(ask('35342009123450'), status('prohibited')).result, 'NACK');
  assert.equal(judged(ask('35342009123450'), UNKNOWN).result, 'ACK');
  assert.equal(judged(ask('35342009123450'), UNKNOWN, { unknown: 'NACK' }).result, 'NACK');
  assert.equal(judged(ask('35342009123450'), status('permitted')).toHlr, undefined);
});

test('14, 15 and 16 digits are one IMEI; the version goes with the question', () => {
  for (const [digits, version] of [
    ['35342009123450', undefined],
    ['353420091234503', undefined],
    ['353420091234500', undefined],
    ['3534200912345042', '42'],
  ] as const) {
    const { questions } = judged(ask(digits), status('permitted'));
    assert.deepEqual(
      questions.map(({ front, imei, imsi, peer, softwareVersion }) => ({
        front,
        imei: imei?.equipment,
        imsi: imsi?.digits,
        peer,
        softwareVersion,
      })),
      [{ front: 'gsup', imei: '35342009123450', imsi: IMSI, peer: 'MSC', softwareVersion: version }],
    );
  }
  assert.equal(judged(ask('35342009123450', '12*'), status('permitted')).questions[0]?.imsi, undefined);
});

test('what is no IMEI is an error of cause 60, and the register is not asked', () => {
  for (const bad of ['', '3534200912345', '35342009123450424', '3534200912345*', '353420091234#0']) {
    const { outcome, cause, questions, toHlr } = judged(ask(bad), status('permitted'), { alsoStore: true });
    assert.deepEqual([outcome, cause, questions.length, toHlr], ['error', 0x60, 0, undefined], bad);
  }
});

test('unavailable goes to the HLR as it came, but with the 14 digits an HLR takes; a request without IMSI as it is', () => {
  const asked = ask('35342009123450');
  assert.deepEqual(judged(asked, UNAVAILABLE).toHlr, asked);
  assert.equal(judged(asked, UNAVAILABLE, { unknown: 'NACK' }).toClient, undefined);
  assert.deepEqual(judged(ask('3534200912345042'), UNAVAILABLE).toHlr, asked);
  const unreadable = fromHex('30 5008 07 53430290214305');
  const verdict = judged(unreadable, status('permitted'));
  assert.deepEqual([verdict.outcome, verdict.toHlr, verdict.toClient], ['unreadable', unreadable, undefined]);
});

test('alsoStore: the HLR gets what was answered ACK, nothing else', () => {
  const asked = ask('35342009123450');
  const permitted = judged(asked, status('permitted'), { alsoStore: true });
  assert.deepEqual([permitted.result, permitted.toHlr], ['ACK', asked]);
  assert.deepEqual(judged(ask('353420091234503'), status('tracking'), { alsoStore: true }).toHlr, asked);
  assert.equal(judged(asked, status('prohibited'), { alsoStore: true }).toHlr, undefined);
  const noDigits = fromHex('30 0102 f1f3 5008 07 53430290214305');
  assert.deepEqual(judged(noDigits, status('permitted'), { alsoStore: true }).toHlr, undefined);
});

test('property: any request has one answer or goes to the HLR, and never both unless stored', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (octets, hasImsi) => {
      const message = new Uint8Array([...fromHex(hasImsi ? '30 0102 21f3' : '30'), ...octets]);
      const { outcome, toClient, toHlr } = judged(message, status('prohibited'));
      assert.notEqual(toClient === undefined, toHlr === undefined, outcome);
      if (hasImsi) assert.ok(toClient);
    }),
  );
});

test('answers of the HLR to our own requests are told from those to the client, in order, with an end', () => {
  const awaited = new AwaitedAnswers();
  assert.equal(awaited.answered('1', 0), false, 'nothing of ours');
  awaited.clients('1', 0);
  assert.equal(awaited.answered('1', 0), false);
  awaited.clients('1', 0);
  assert.ok(awaited.ours('1', 0));
  awaited.clients('1', 1);
  awaited.ours('1', 2);
  awaited.ours('2', 3);
  assert.equal(awaited.answered('2', 3), true);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => awaited.answered('1', 3)),
    [false, true, false, true, false],
  );
  awaited.ours('1', 10);
  assert.equal(awaited.answered('1', 15_011), false, 'an HLR that did not answer must not cost a later answer');
  for (let i = 0; i < 256; i++) assert.ok(awaited.ours(`${i}`, 20_000));
  assert.equal(awaited.ours('more', 20_000), false);
  assert.equal(awaited.ours('more', 35_001), true);
});
