import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '#base/codec/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { readPersonalisation } from '#handset/uicc/index.ts';
import { cardOn, issuedBy, mediumOf, octetsOf, subscribersOf } from './card-profile.fixture.ts';
import { documentFrom, EXAMPLE_PROFILE, profileOf, withoutSecrets } from './index.ts';

const IDENTITIES = {
  profile: 1,
  iccid: '8988211000000000300',
  imsi: '001010000000030',
  msisdn: '99970000030',
};
const SELECT_USIM = '00A4040410A0000000871002FFFFFFFF890709000000';
const example = (): Record<string, unknown> => JSON.parse(EXAMPLE_PROFILE) as Record<string, unknown>;

test('the example makes a card whose files are as it says', (context) => {
  const send = cardOn(mediumOf(issuedBy(subscribersOf(context), documentFrom(example()))));
  const expect = (...pairs: readonly (readonly [string, string])[]) => {
    for (const [command, answer] of pairs) assert.equal(send(command), answer.replaceAll(' ', ''), command);
  };
  expect(
    ['00A4000C022F00', '9000'],
    [
      '00B2030426',
      '61184F10A0000000871002FFFFFFFF8907090001 5004 576F726B FFFFFFFFFFFFFFFFFFFFFFFF 9000'.replaceAll(' ', ''),
    ],
  );
  send(SELECT_USIM);
  expect(
    ['00200001 08 31323334FFFFFFFF', '9000'],
    ['00A4000C026F46', '9000'],
    ['00B0000011', `014578616D706C65${'FF'.repeat(9)}9000`],
    ['00A4000C026F61', '9000'],
    ['00B000000A', '00F110C08000F120C0809000'],
    ['00A4000C026F3C', '9000'],
    ['00B21404B0', `00${'FF'.repeat(175)}9000`],
    ['00A4000C026F3E', '6A82'],
    ['00A40800047F666F01', '611C'],
    ['00B2010410', `0102${'FF'.repeat(14)}9000`],
    [`00DC010410${'00'.repeat(16)}`, '6982'],
    ['00A40800047F666F02', '612F'],
    ['00D600000155', '6982'],
    ['00200081 08 32333435FFFFFFFF', '9000'],
    ['00D600000155', '9000'],
    ['00B0000002', '55FF9000'],
  );
  send('00A4040410A0000000871002FFFFFFFF890709000100');
  expect(['00A4000C026F46', '9000'], ['00B0000011', `01576F726B${'FF'.repeat(12)}9000`]);
});

test('a card from a document is octet for octet the card of the same order', (context) => {
  const document = documentFrom({ ...IDENTITIES, algorithm: { kind: 'tuak' }, pins: { pin1: '1234' } });
  const { iccid, imsi, msisdn } = document;
  assert.ok(iccid && imsi && msisdn);
  const plain = { iccid, imsi, msisdn, algorithm: 'tuak', pin: '1234', author: 'Ada' } as const;
  const byDocument = issuedBy(subscribersOf(context), document);
  const order = subscribersOf(context).issueCard({
    ...plain,
    serviceCentre: byDocument.serviceCentre,
    operatorAddress: byDocument.operatorAddress,
  });
  // Signatures of ECDSA differ each time.
  const { oce } = byDocument;
  assert.equal(octetsOf(mediumOf({ ...order, ...(oce && { oce }) })), octetsOf(mediumOf(byDocument)));
});

test('what is shown of a card makes the same card again', (context) => {
  for (const document of [
    example(),
    { ...IDENTITIES, algorithm: { kind: 'xor' }, gsmAlgorithm: { kind: 'comp128v3' } },
  ]) {
    const medium = mediumOf(issuedBy(subscribersOf(context), documentFrom(document)));
    const shown = readPersonalisation(cardMemory(medium));
    assert.ok(shown);
    const written: unknown = JSON.parse(JSON.stringify(profileOf(shown)));
    const { oce, makerRoots, suci } = shown;
    // Certificate, makers and the network's keys for the SUCI come from the workshop and the operator.
    const again = { ...issuedBy(subscribersOf(context, 'another'), documentFrom(written)), makerRoots };
    assert.equal(octetsOf(mediumOf({ ...again, ...(oce && { oce }), ...(suci && { suci }) })), octetsOf(medium));
  }
});

test('the operator of a card with keys of its own makes vectors, packets and key sets with them', (context) => {
  const subscribers = subscribersOf(context);
  const keys = { kic: '11'.repeat(16), kid: '22'.repeat(16) };
  const keySet = (version: string) => ({
    version,
    first: '33'.repeat(16),
    second: '44'.repeat(16),
    dek: '55'.repeat(16),
  });
  const document = documentFrom({
    ...IDENTITIES,
    algorithm: { kind: 'tuak', k: '66'.repeat(16), topc: '77'.repeat(32), res: 16, iterations: 2 },
    pins: { adm: '3132333435363738' },
    lock: { policy: { gate: 'open' } },
    otaKeys: { answer: keys, report: keys },
    management: { keySets: [keySet('30'), keySet('03')] },
  });
  const issued = issuedBy(subscribers, document);
  assert.equal(toHex(issued.adm), '3132333435363738');
  assert.deepEqual(issued.otaKeys.answer.kic, issued.otaKeys.report.kic);
  assert.equal(toHex(issued.management?.keySets[1]?.dek ?? new Uint8Array()), '55'.repeat(16));
  const send = cardOn(mediumOf(issued));
  send(SELECT_USIM);
  const vector = subscribers.authenticationVector(issued.imsi);
  assert.ok(vector);
  const answer = send(`008800812210${toHex(vector.rand)}10${toHex(vector.autn)}00`);
  assert.ok(answer.startsWith(`DB10${toHex(vector.xres)}`), answer);
});

test('what makes no card is refused with its place, what was expected, what came, and without secrets', () => {
  const refused = (change: object, message: RegExp) =>
    assert.throws(() => documentFrom({ ...IDENTITIES, ...change }), { name: 'ProfileError', message });
  refused({ imzi: '1' }, /^imzi: expected one of profile, iccid, imsi.*, got another name$/);
  refused({ imsi: 1010000000030 }, /^imsi: expected digits in quotes, got number/);
  refused({ algorithm: { kind: 'milenage', k: '00'.repeat(15) } }, /^algorithm.k: expected 16 octets.*30 characters$/);
  refused({ algorithm: { kind: 'milenage', k: '00'.repeat(16) } }, /all of its secrets, or none of them, got some/);
  refused({ algorithm: { kind: 'md5' } }, /^algorithm.kind: expected one of milenage, tuak, xor, got a text of 3/);
  refused({ pins: { pin1: '12' } }, /^pins.pin1: expected 4 to 8 digits in quotes/);
  refused(
    { files: { 'ADF.USIM/EF.NONE': {} } },
    /^files\["ADF.USIM\/EF.NONE"\]: expected names of files.*got 'EF.NONE'$/,
  );
  refused(
    { files: { 'ADF.USIM/EF.SPN': { value: { display: 1, name: 'x' } } } },
    /EF.SPN"\]: expected a value such as \{/,
  );
  refused({ files: { 'ADF.USIM/EF.SPN': { hex: '00', value: 1 } } }, /expected hex or value, got both/);
  refused({ files: { 'ADF.USIM/6F99': { value: 1 } } }, /expected hex, as no table says what this file means/);
  refused({ files: { 'ADF.USIM/EF.SPN': { rule: 1, security: '8B032F0601' } } }, /one of rule, access and security/);
  refused({ files: [] }, /^files: expected an object, got a list of 0/);
  refused({ management: { minimumSession: '02' } }, /minimumSession: expected a level of SCP03/);
  refused({ profile: 2 }, /^profile: expected one of 1/);
  assert.throws(() => documentFrom(null), /the document: expected an object, got null/);
});

test('whatever JSON comes, it is a profile or a ProfileError', () => {
  const names = fc.constantFrom(...Object.keys(example()), 'x', '__proto__', 'constructor');
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), fc.jsonValue(), (members, value) => {
      for (const document of [members, { ...IDENTITIES, ...members }, value, { ...example(), files: value }])
        try {
          documentFrom(document);
        } catch (error) {
          assert.equal((error as Error).name, 'ProfileError', String(error));
        }
    }),
    { numRuns: 300 },
  );
});

test('secrets are hidden wherever they stand', (context) => {
  const shown = issuedBy(subscribersOf(context), documentFrom(example()));
  const text = JSON.stringify(withoutSecrets(profileOf(shown)));
  assert.equal(shown.algorithm.kind, 'milenage');
  for (const secret of [shown.algorithm.k, shown.adm, shown.otaKeys.answer.kic, shown.otaKeys.report.kid])
    assert.ok(!text.includes(toHex(secret)));
  assert.ok(!text.includes('"1234"') && text.includes('(hidden)') && text.includes('8988211000000000300'));
});
