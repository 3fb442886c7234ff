import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { authenticationVector, milenage, nodeAes } from '#base/crypto/index.ts';
import { Msisdn } from '#base/identity/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { readPersonalisation } from '#handset/uicc/index.ts';
import { STANDARD_POLICY } from '#operator/subscriber/index.ts';
import * as part from '#test/profile/package.ts';
import { cardOn, issuedBy, mediumOf, octetsOf, subscribersOf } from './card-profile.fixture.ts';
import { documentFrom, importPackage, profileOf } from './index.ts';

const SELECT_USIM = '00A4040410A0000000871002FFFFFFFF890709000000';

test('a package makes a card whose files, codes and keys are as it says', (context) => {
  const { document, findings } = importPackage(part.packageOf());
  assert.deepEqual(findings, []);
  assert.equal(document.imsi?.digits, '001010000000004');
  assert.equal(document.iccid?.digits, '89882110000000000402');
  assert.deepEqual(document.msisdn, Msisdn.parse('999700004'));
  const subscribers = subscribersOf(context);
  const send = cardOn(mediumOf(issuedBy(subscribers, document)));
  const expect = (...pairs: readonly (readonly [string, string])[]) => {
    for (const [command, answer] of pairs) assert.equal(send(command), answer.replaceAll(' ', ''), command);
  };
  expect(
    ['00A4000C022F00', '9000'],
    ['00B2010426', `61194F10A0000000871002FFFFFFFF890709000050055553696D31${'FF'.repeat(11)}9000`],
    ['00A4000C022F06', '9000'],
    ['00B2050420', `${part.ARR[4]}${'FF'.repeat(21)}9000`],
  );
  send(SELECT_USIM);
  expect(
    ['00B0870009', '6982'],
    ['0020000108 31323334FFFFFFFF', '9000'],
    ['00B0870009', '080910100000000040 9000'],
    ['00A4000C026F46', '9000'],
    ['00B0000011', `0141737361792031${'FF'.repeat(9)}9000`],
    ['00A4000C026F3B', '6A82'],
    ['00A4000C026F3C', '9000'],
    ['00B20504B0', `00${'FF'.repeat(175)}9000`],
    ['00B20604B0', '6A83'],
    ['00A4000C026F5B', '9000'],
    ['00B0000006', 'F00000F00000 9000'],
    ['00A4000C026F48', '6A82'],
    ['00B0840011', '000A142C21000000000010000000000000 9000'],
    ['00A40800047F206F07', '6A82'],
    ['00A4080C047FFF5F3B', '9000'],
    ['00B0810009', 'FFFFFFFFFFFFFFFF07 9000'],
  );
  expect(
    ['00A4080C047F666F01', '9000'],
    ['00B2010404', '0102FFFF 9000'],
    ['00B2020404', '0304FFFF 9000'],
    ['00A4080C047F666F02', '9000'],
    [`00DC0104B0${'07'.repeat(176)}`, '9000'],
    ['00A4040C07A0000000871002', '9000'],
    ['00A4000C026F3C', '9000'],
    ['00B20104B0', `${'07'.repeat(176)}9000`],
    ['002000810835363738FFFFFFFF', '9000'],
    ['0020000A084142434445464748', '9000'],
    ['0020000B084242434445464748', '9000'],
    ['002C0001', '63CA'],
  );
});

test('the card authenticates with the key of its package, and its operator knows it', (context) => {
  const { document } = importPackage(part.packageOf());
  const subscribers = subscribersOf(context);
  const issued = issuedBy(subscribers, {
    ...document,
    order: { ...document.order, policy: { ...STANDARD_POLICY, gate: 'open' } },
  });
  assert.deepEqual(
    issued.management?.keySets.map(({ version, first }) => [version, toHex(first)]),
    [
      [0x30, '31'.repeat(16)],
      [0x03, '01'.repeat(16)],
    ],
  );
  assert.deepEqual(
    issued.management?.remoteFiles?.map(({ tar, minimumLevel }) => [toHex(tar), minimumLevel]),
    [['B00010', 'level16']],
  );
  const send = cardOn(mediumOf(issued));
  send(SELECT_USIM);
  send('002000010831323334FFFFFFFF');
  const vector = subscribers.authenticationVector(issued.imsi);
  assert.ok(vector);
  const answer = send(`008800812210${toHex(vector.rand)}10${toHex(vector.autn)}00`);
  assert.ok(answer.startsWith(`DB08${toHex(vector.xres)}`), answer);
});

test('what is shown of a card of a package makes the same card again', (context) => {
  const initial = Array.from({ length: 32 }, () => '0406 000000000009').join('');
  for (const more of [
    [],
    [part.DF_GSM, part.LINKED_DIRECTORY, part.ISIM_PINS, part.FURTHER_PINS],
    [part.ISIM_SHARED_PINS, part.aka(undefined, `A582 0100 ${initial}`)],
  ])
    sameAgain(context, part.packageOf(...more));
});

function sameAgain(context: TestContext, octets: Uint8Array): void {
  const medium = mediumOf(issuedBy(subscribersOf(context), importPackage(octets).document));
  const shown = readPersonalisation(cardMemory(medium));
  assert.ok(shown?.oce);
  const written = documentFrom(JSON.parse(JSON.stringify(profileOf(shown))));
  const again = issuedBy(subscribersOf(context, 'another'), written);
  const { oce, makerRoots } = shown;
  assert.equal(octetsOf(mediumOf({ ...again, oce, makerRoots })), octetsOf(medium));
}

test('DF.GSM of a package serves a 2G terminal; a directory that is a link shows the files of the other', (context) => {
  const { document, findings } = importPackage(part.packageOf(part.DF_GSM, part.LINKED_DIRECTORY));
  assert.deepEqual(findings, []);
  const medium = mediumOf(issuedBy(subscribersOf(context), document));
  const sim = cardOn(medium);
  const serve = (...pairs: readonly (readonly [string, string])[]) => {
    for (const [command, answer] of pairs) assert.equal(sim(command), answer.replaceAll(' ', ''), command);
  };
  assert.match(sim('A0A40000027F20'), /^9F/);
  assert.match(sim('A0A40000026F07'), /^9F/);
  serve(['A0B0000009', '9804'], ['A020000108 31323334FFFFFFFF', '9000'], ['A0B0000009', '080910100000000040 9000']);
  assert.match(sim('A0A40000026FAE'), /^9F/);
  serve(['A0B0000001', '03 9000']);
  assert.match(sim('A0A40000026F20'), /^9F/);
  serve(['A0D6000009 010203040506070800', '9000']);
  const send = cardOn(medium);
  send(SELECT_USIM);
  send('002000010831323334FFFFFFFF');
  assert.equal(send('00A4080C047FFF5F3B'), '9000');
  assert.equal(send('00B0810009'), '0102030405060708009000');
  assert.equal(send('00A4080C047F676F01'), '9000');
  assert.equal(send('00B2020404'), '0304FFFF9000');
});

test('a second application has a PIN2 of its own, or that of the first with its tries; other codes keep their references', (context) => {
  const own = importPackage(part.packageOf(part.ISIM_PINS, part.FURTHER_PINS));
  assert.deepEqual(own.findings, []);
  const SELECT_ISIM = '00A4040C10A0000000871004FFFFFFFF890709000000';
  const card = (document: typeof own.document) => cardOn(mediumOf(issuedBy(subscribersOf(context), document)));
  const send = card(own.document);
  for (const [command, answer] of [
    [SELECT_USIM, undefined],
    ['002000810839393939FFFFFFFF', '63C2'],
    ['002000810835363738FFFFFFFF', '9000'],
    [SELECT_ISIM, '9000'],
    ['002000810835363738FFFFFFFF', '63C2'],
    ['002000810839393939FFFFFFFF', '9000'],
    ['002C0081103131313131313131 38383838FFFFFFFF', '9000'],
    ['002000810838383838FFFFFFFF', '9000'],
    ['0020000208 35353535FFFFFFFF', '6984'],
    ['0020000C', '6A88'],
    ['0020000D084444444444444444', '9000'],
    ['0020008B084545454545454545', '9000'],
  ] as const) {
    const got = send(command);
    if (answer !== undefined) assert.equal(got, answer, command);
  }
  const shared = card(importPackage(part.packageOf(part.ISIM_SHARED_PINS)).document);
  shared(SELECT_USIM);
  assert.equal(shared('002000810839393939FFFFFFFF'), '63C2');
  shared(SELECT_ISIM);
  assert.equal(shared('002000810839393939FFFFFFFF'), '63C1');
  assert.equal(shared('002000810835363738FFFFFFFF'), '9000');
});

test('sequence numbers begin where sqnInit says, index by index, and the operator goes on above the highest', (context) => {
  const initial = Array.from({ length: 32 }, (_, i) => `0406 ${(i === 3 ? 0x1000 : 7).toString(16).padStart(12, '0')}`);
  const more = `82010E A582 0100 ${initial.join('')}`;
  const { document, findings } = importPackage(
    concat(
      part.profileHeader(),
      part.MF,
      part.USIM,
      part.OPTIONAL,
      part.GSM_ACCESS,
      part.aka(undefined, more),
      part.END,
    ),
  );
  assert.deepEqual(findings, []);
  assert.equal(document.order.sequence?.initial?.[3], 0x1000);
  const subscribers = subscribersOf(context);
  const policy = { ...STANDARD_POLICY, gate: 'open' as const };
  const issued = issuedBy(subscribers, { ...document, order: { ...document.order, policy } });
  const medium = mediumOf(issued);
  const send = cardOn(medium);
  send(SELECT_USIM);
  const algorithm = milenage(nodeAes.key(fromHex(part.K)), fromHex(part.OPC));
  const authenticate = (sqn: number) => {
    const vector = authenticationVector(algorithm, new Uint8Array(16), sqn, 0x8000);
    return send(`008800812210${toHex(vector.rand)}10${toHex(vector.autn)}00`).slice(0, 2);
  };
  assert.deepEqual([7 * 32 + 2, 0x1000 * 32 + 3, 8 * 32 + 2, 0x1001 * 32 + 3].map(authenticate), [
    'DC',
    'DC',
    'DB',
    'DB',
  ]);
  const { autn, rand } = subscribers.authenticationVector(issued.imsi) ?? assert.fail('a vector');
  assert.equal(send(`008800812210${toHex(rand)}10${toHex(autn)}00`).slice(0, 2), 'DB');
});

test('TUAK and the test algorithm, limits on SQN by their option', () => {
  const order = (algorithm: string, more?: string) =>
    importPackage(concat(part.profileHeader(), part.MF, part.USIM, part.aka(algorithm, more), part.END)).document.order;
  const tuak = order(`800102 810102 8220 ${'11'.repeat(32)} 8320 ${'22'.repeat(32)} 870103`, '82010E 8306000000000010');
  assert.ok(typeof tuak.algorithm === 'object' && tuak.algorithm.kind === 'tuak');
  assert.deepEqual([tuak.algorithm.res, tuak.algorithm.iterations, tuak.algorithm.k.length], [16, 3, 32]);
  assert.deepEqual(tuak.sequence, { indBits: 5, delta: 16, ageLimit: 2 ** 28 });
  const xor = order(`800103 810102 8210 ${'33'.repeat(16)} 8310 ${'00'.repeat(16)}`);
  assert.ok(typeof xor.algorithm === 'object' && xor.algorithm.kind === 'xor');
  assert.deepEqual(xor.sequence, { indBits: 5 });
  const limits = '82010E 8306000000000010';
  const ignored = order(`800103 810102 8210 ${'33'.repeat(16)} 8310 ${'00'.repeat(16)}`, limits);
  assert.deepEqual(ignored.sequence, { indBits: 5 }, 'limits are not for the test algorithm');
});

test('what is not here refuses a package that makes it mandatory, and is listed otherwise', () => {
  const csim = [part.profileHeader(1, 3), part.MF, part.USIM, part.aka(), part.END] as const;
  assert.throws(() => importPackage(concat(...csim)), { name: 'ProfileError', message: /this card has no csim/ });
  assert.match(importPackage(concat(...csim), true).findings[0]?.problem ?? '', /no csim/);
  assert.throws(() => importPackage(part.packageOf(part.unknown(8, true))), /application at octet \d+: .*mandatory/);
  assert.deepEqual(
    importPackage(
      part.packageOf(part.unknown(8, false), part.unknown(25, false), part.unknown(33, false)),
    ).findings.map(({ element }) => element),
    ['application', 'csim', 'opt-iot'],
  );
  const other = part.aka(`800101 810101 8210 ${'44'.repeat(16)} 8310 ${'55'.repeat(16)}`);
  assert.throws(() => importPackage(part.packageOf(other)), /one key for all applications/);
  const constants = part.aka(`800101 810101 8210 ${part.K} 8310 ${part.OPC} 8405 0000204060`);
  assert.throws(
    () => importPackage(concat(part.profileHeader(), part.MF, part.USIM, constants, part.END)),
    /rotation and xoring constants of TS 35.206/,
  );
});

test('a package cut anywhere, or of wrong octets, gives an error with its position and nothing else', () => {
  const whole = part.packageOf();
  const isDeclared = (octets: Uint8Array) => {
    try {
      importPackage(octets, true);
    } catch (error) {
      assert.ok(error instanceof Error);
      assert.ok(['CodecError', 'ProfileError'].includes(error.name), `${error.name}: ${error.message}`);
      if (error.name === 'CodecError') assert.match(error.message, /at octet \d+/);
      return error.name;
    }
    return undefined;
  };
  for (let end = 0; end < whole.length; end++)
    assert.equal(isDeclared(whole.slice(0, end)), 'CodecError', `cut at ${end}`);
  for (let at = 0; at < whole.length; at++) {
    const changed = whole.slice();
    changed[at] = (changed[at] ?? 0) ^ (at % 3 === 0 ? 0xff : at % 3 === 1 ? 0x80 : 0x01);
    isDeclared(changed);
  }
  assert.equal(isDeclared(new Uint8Array(10 * 1024 * 1024)), 'CodecError');
  const nested = new Uint8Array(100_000).fill(0xa0);
  assert.equal(isDeclared(nested), 'CodecError');
  assert.equal(isDeclared(concat(part.profileHeader(), part.END)), 'ProfileError');
  assert.equal(isDeclared(part.profileHeader()), 'CodecError');
});
