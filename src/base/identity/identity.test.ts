import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, fromHex, toHex } from '#base/codec/index.ts';
import { Iccid, IdentityError, Imei, ImeiSv, Imsi, luhnDigit, Msisdn, suci, Tac } from './index.ts';

test('an IMEI is its 14 digits, however many a network writes', () => {
  const fourteen = Imei.parse('49015420323751');
  assert.equal(fourteen.checkDigit, 8);
  for (const text of ['490154203237518', '490154203237510', '4901542032375123'])
    assert.ok(Imei.parse(text).equals(fourteen));
  assert.equal(Imei.parse('00100100000001').withCheckDigit, '001001000000015');
  assert.equal(Imei.fromNumber(100100000001).equipment, '00100100000001');
  assert.equal(Imei.parse('00100100000001').tac.digits, '00100100');
  assert.throws(() => Imei.parse('4901542032375'), { name: 'IdentityError', message: /14 or 15 or 16 digits, got 13/ });
  assert.throws(() => Imei.parse('4901542032375A'), /'A' at place 14/);
  assert.throws(() => Imei.parseChecked('490154203237510'), /check digit 8/);
  assert.throws(() => Imei.fromNumber(1e14), IdentityError);
});

test('IMEI and IMEISV octets are those of TS 24.008 10.5.1.4 and TS 102 384', () => {
  assert.equal(Imei.fromOctets(fromHex('1A32547698103254')).equipment, '12345678901234');
  assert.equal(toHex(ImeiSv.parse('1234567890123456').toOctets()), '1332547698103254F6');
  assert.equal(ImeiSv.fromOctets(fromHex('1332547698103254F6')).softwareVersion, '56');
  assert.throws(() => Imei.fromOctets(fromHex('1332547698103254F6')), /8 octets/);
  assert.throws(() => Imei.fromOctets(fromHex('1B32547698103254')), /type and parity/);
  assert.throws(() => Imei.fromOctets(fromHex('1AF2547698103254')), /nibble/);
});

test('IMSI, ICCID, MSISDN as their files hold them', () => {
  assert.equal(toHex(Imsi.parse('001010000000001').toEf()), '080910100000000010');
  assert.equal(Imsi.fromEf(fromHex('080910100000000010')).digits, '001010000000001');
  assert.equal(Iccid.fromEf(fromHex('98100000000000000014')).digits, '89010000000000000041');
  assert.equal(Iccid.issue('891010000000000000').digits.length, 19);
  assert.equal(luhnDigit('7992739871'), 3);
  assert.equal(Msisdn.parse('+12345').digits, '12345');
  assert.throws(() => Imsi.parse('12'), /6 to 15 digits/);
  assert.throws(() => Tac.parse('1234567'), IdentityError);
  assert.throws(() => Imsi.fromEf(fromHex('00')), IdentityError);
});

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });

test('property: every identity survives its octets; random octets throw only the declared errors', () => {
  fc.assert(
    fc.property(digits(14, 14), (text) => assert.equal(Imei.fromOctets(Imei.parse(text).toOctets()).equipment, text)),
  );
  fc.assert(
    fc.property(digits(16, 16), (text) =>
      assert.equal(ImeiSv.fromOctets(ImeiSv.parse(text).toOctets()).toString(), text),
    ),
  );
  fc.assert(fc.property(digits(6, 15), (text) => assert.equal(Imsi.fromEf(Imsi.parse(text).toEf()).digits, text)));
  fc.assert(fc.property(digits(18, 20), (text) => assert.equal(Iccid.fromEf(Iccid.parse(text).toEf()).digits, text)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (octets) => {
      for (const read of [Imei.fromOctets, ImeiSv.fromOctets, Imsi.fromOctets, Imsi.fromEf, Iccid.fromEf]) {
        try {
          read(octets);
        } catch (error) {
          assert.ok(error instanceof IdentityError || error instanceof CodecError, String(error));
        }
      }
    }),
  );
});

test('SUCI of an IMSI: home network, routing indicator, scheme, key, output (TS 24.501 9.11.3.4)', () => {
  const three = fromHex('01 722410 F0FF 00 00 00012080F6');
  assert.deepEqual(suci.decode(three), {
    homeNetwork: { mcc: '274', mnc: '012' },
    routingIndicator: '0',
    protectionScheme: 0,
    keyIdentifier: 0,
    schemeOutput: fromHex('00012080F6'),
  });
  assert.deepEqual(suci.encode(suci.decode(three)), three);
  const two = fromHex('01 00F110 2143 01 1B 0102');
  assert.deepEqual(suci.decode(two).homeNetwork, { mcc: '001', mnc: '01' });
  assert.equal(suci.decode(two).routingIndicator, '1234');
  assert.deepEqual(suci.encode(suci.decode(two)), two);
});

test('property: octets that are no SUCI are a CodecError and nothing else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (octets) => {
      try {
        assert.deepEqual(suci.encode(suci.decode(octets)), octets);
      } catch (error) {
        assert.ok(error instanceof CodecError);
      }
    }),
  );
  assert.throws(
    () => suci.encode({ ...suci.decode(fromHex('0100F110F0FF0000AA')), homeNetwork: { mcc: '1', mnc: '01' } }),
    CodecError,
  );
});
