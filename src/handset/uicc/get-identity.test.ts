import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { type EciesProfile, eciesPublicKey, eciesReveal, tableAes } from '#base/crypto/index.ts';
import { Imsi, suci, suciCalculation } from '#base/identity/index.ts';
import { loadVectors } from '#test/vectors.ts';
import type { UiccPersonalisation } from './index.ts';
import { SELECT_USIM, type Subject, subject, withData } from './uicc.fixture.ts';

const GET_IDENTITY = '8078000100';
const PRIVATE = fromHex('f1ab1074477ebcc7f554ea1c5fc368b1616730155e0041ac447d6301975fecda');
const keyA = { identifier: 27, key: eciesPublicKey('A', PRIVATE) };
const keyB = { identifier: 28, key: eciesPublicKey('B', PRIVATE) };
type Suci = NonNullable<UiccPersonalisation['suci']>;
const byUsim = (calculation: Suci['calculation'], routingIndicator = '17'): Suci => ({
  by: 'usim',
  calculation,
  routingIndicator,
});
const allowed = (...schemes: readonly (readonly [scheme: number, keyIndex: number])[]): Suci =>
  byUsim({ schemes: schemes.map(([scheme, keyIndex]) => ({ scheme, keyIndex })), keys: [keyA, keyB] });

function selected(suciOf: Suci | undefined, change: Partial<UiccPersonalisation> = {}): Subject {
  const card = subject({ ...change, ...(suciOf && { suci: suciOf }) });
  card.send(SELECT_USIM);
  return card;
}

/** The SUCI in a response: A1, its length, its octets, 9000. */
function suciIn(response: string) {
  const octets = fromHex(response);
  assert.equal(octets[0], 0xa1, response);
  assert.equal(octets[1], octets.length - 4);
  assert.equal(response.slice(-4), '9000');
  return suci.decode(octets.slice(2, -2));
}

for (const vector of loadVectors('suci'))
  test(`GET IDENTITY with the keys of ${vector.id} (TS 33.501 C.4)`, () => {
    const isA = vector['profile'] === 'A';
    const { cipher, tag } = vector['expected'];
    const key = { identifier: 27, key: fromHex(vector['home_network_public']) };
    const card = subject(
      {
        imsi: Imsi.parse(vector['imsi']),
        mncLength: vector['mnc_length'],
        suci: byUsim({ schemes: [{ scheme: isA ? 1 : 2, keyIndex: 1 }], keys: [key] }, '0'),
      },
      { random: { octets: () => fromHex(vector['ephemeral_private']) } },
    );
    card.send(SELECT_USIM);
    const output = vector['ephemeral_public'] + cipher + tag;
    const value = `01722410F0FF0${isA ? 1 : 2}1B${output}`;
    card.expect([GET_IDENTITY, `A1${(value.length / 2).toString(16)}${value}9000`]);
  });

test('the null-scheme tells the subscriber number as it is (TS 33.501 C.4.2), with MNC of 2 and 3 digits', () => {
  const three = selected(byUsim({ schemes: [{ scheme: 0, keyIndex: 0 }], keys: [] }, '0'), {
    imsi: Imsi.parse('274012001002086'),
    mncLength: 3,
  });
  three.expect([GET_IDENTITY, 'A10D 01722410F0FF000000012080F6 9000']);
  const two = selected(byUsim({ schemes: [{ scheme: 0, keyIndex: 0 }], keys: [] }, '1234'));
  two.expect([GET_IDENTITY, 'A10D 0100F1102143000000 00000010 9000']);
});

test('the first scheme that is known and whose key is there is taken; proprietary ones are passed over', () => {
  const takes = (suciOf: Suci, scheme: number, keyIdentifier: number) => {
    const { protectionScheme, keyIdentifier: named } = suciIn(selected(suciOf).send(GET_IDENTITY));
    assert.deepEqual([protectionScheme, named], [scheme, keyIdentifier]);
  };
  takes(allowed([1, 1], [2, 2]), 1, 27);
  takes(allowed([2, 2], [1, 1]), 2, 28);
  takes(allowed([12, 1], [2, 2], [0, 0]), 2, 28);
  takes(allowed([1, 3], [2, 2]), 2, 28);
  takes(allowed([0, 0], [1, 1]), 0, 0);
});

test('without a scheme and key that serve there is no SUCI, and no IMSI in clear: 6A88', () => {
  for (const suciOf of [
    allowed(),
    allowed([12, 1]),
    allowed([1, 0]),
    allowed([1, 3]),
    // A key of the other profile.
    allowed([1, 2]),
    allowed([2, 1]),
    byUsim({ schemes: [{ scheme: 1, keyIndex: 1 }], keys: [{ identifier: 1, key: new Uint8Array(32) }] }),
  ])
    selected(suciOf).expect([GET_IDENTITY, '6A88']);
});

test('GET IDENTITY needs the USIM, PIN1, service 125, the SUCI context, its class, no data', () => {
  const card = subject({ pin: '4711', suci: allowed([1, 1]) });
  card.expect([GET_IDENTITY, '6985']);
  card.send(SELECT_USIM);
  card.expect([GET_IDENTITY, '6982'], ['002000010834373131FFFFFFFF', '9000']);
  card.expect(
    ['8078000000', '6A86'],
    ['8078000200', '6A86'],
    ['8078010100', '6A86'],
    ['0078000100', '6E00'],
    ['807800010100', '6700'],
  );
  assert.equal(suciIn(card.send(GET_IDENTITY)).routingIndicator, '17');
  selected(undefined).expect([GET_IDENTITY, '6985']);
  selected({ ...allowed([1, 1]), by: 'terminal' }).expect([GET_IDENTITY, '6985']);
});

test('what is needed to calculate stands with him who does it, and EF.UST says who (TS 31.102 4.4.11.8, 5.3.47)', () => {
  const read = (card: Subject) => ({
    terminal: card.send('00A4080C067FFF5FC04F07') + card.send('00B0000000').slice(0, 16),
    services: card.send('00A4080C047FFF6F38') + card.send('00B0000000').slice(30, 32),
    routing: card.send('00A4080C067FFF5FC04F0A') + card.send('00B0000000'),
    usim: card.send('00A4080C067FFF5FD04F01') + card.send('00B0000000'),
  });
  assert.deepEqual(read(selected(undefined)), {
    terminal: '9000A0020000FFFFFFFF',
    services: '90002E',
    routing: '9000F0FFFFFF9000',
    usim: '90006982',
  });
  assert.equal(read(selected({ ...allowed([1, 1]), by: 'terminal' })).terminal, '9000A0020101A14B8001');
  const own = read(selected(allowed([1, 1])));
  assert.deepEqual(own, {
    terminal: '9000FFFFFFFFFFFFFFFF',
    services: '90003E',
    routing: '900071FFFFFF9000',
    usim: '90006982',
  });
});

test('keys of the home network that an administrator changes are those used next', () => {
  const card = selected(allowed([1, 1]));
  const content = suciCalculation.encode({
    schemes: [{ scheme: 2, keyIndex: 1 }],
    keys: [{ ...keyB, identifier: 99 }],
  });
  card.expect(
    ['00A4080C067FFF5FD04F01', '9000'],
    [withData('00D60000', content), '6982'],
    ['0020000A080102030405060708', '9000'],
    [withData('00D60000', content), '9000'],
  );
  assert.equal(suciIn(card.send(GET_IDENTITY)).keyIdentifier, 99);
});

test('property: whatever stands in the file, the answer is a SUCI or a status word', () => {
  const card = selected(allowed([1, 1]));
  card.expect(['00A4080C067FFF5FD04F01', '9000'], ['0020000A080102030405060708', '9000']);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(40), (octets, offset) => {
      card.expect([withData(`00D600${offset.toString(16).padStart(2, '0')}`, octets), '9000']);
      const response = card.send(GET_IDENTITY);
      assert.ok(response === '6A88' || suciIn(response).schemeOutput.length > 0, response);
    }),
  );
});

test('property: the home network reveals of every SUCI the IMSI that the card was made with, and no two are alike', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 6, maxLength: 15 });
  const profile = fc.constantFrom<EciesProfile>('A', 'B');
  fc.assert(
    fc.property(digits, fc.constantFrom<2 | 3>(2, 3), profile, (text, mncLength, name) => {
      const imsi = Imsi.parse(text.length === 6 && mncLength === 3 ? `${text}1` : text);
      const card = selected(allowed(name === 'A' ? [1, 1] : [2, 2]), { imsi, mncLength });
      const [first, second] = [suciIn(card.send(GET_IDENTITY)), suciIn(card.send(GET_IDENTITY))];
      assert.notDeepEqual(first.schemeOutput, second.schemeOutput);
      const plain = eciesReveal(name, PRIVATE, first.schemeOutput, tableAes) ?? new Uint8Array(0);
      const msin = toHex(plain)
        .replaceAll(/(.)(.)/g, '$2$1')
        .replace('F', '');
      assert.equal(first.homeNetwork.mcc + first.homeNetwork.mnc + msin, imsi.digits);
    }),
    { numRuns: 40 },
  );
});
