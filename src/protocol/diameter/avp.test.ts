import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import { type Avp, AvpFault, avp, avps, readAvps } from './avp.ts';
import { CER, ECR } from './command.ts';
import { APPLICATION, AVP } from './dictionary.ts';
import { avpsOf, ecr, REQUEST } from './ecr.fixture.ts';
import { avpOf, Grouped, grammar } from './grammar.ts';
import { header } from './header.ts';
import { addressValue, checkedIdentity } from './local-node.ts';

const anyAvp: fc.Arbitrary<Avp> = fc
  .record(
    {
      code: fc.nat(0xffffffff),
      flags: fc.nat(0xff),
      vendor: fc.nat(0xffffffff),
      data: fc.uint8Array({ maxLength: 40 }),
    },
    { noNullPrototype: true },
  )
  .map((one) => ((one.flags & 0x80) === 0 ? { ...one, vendor: 0 } : one));

test('AVPs: what was written is read, padded to fours', () => {
  fc.assert(
    fc.property(fc.array(anyAvp, { maxLength: 8 }), (list) => {
      const octets = avps.encode(list);
      assert.equal(octets.length % 4, 0);
      assert.deepEqual(avps.decode(octets), list);
      const read: Avp[] = [];
      assert.equal(readAvps(octets, 0, octets.length, { avps: 8, depth: 1 }, read), undefined);
      assert.deepEqual(read, list);
    }),
  );
});

test('any octets are AVPs or a fault, and both readers agree on which', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
      const read: Avp[] = [];
      const fault = readAvps(octets, 0, octets.length, { avps: 99, depth: 1 }, read);
      let decoded: readonly Avp[] | undefined;
      try {
        decoded = avps.decode(octets);
      } catch (error) {
        assert.ok(error instanceof CodecError);
      }
      // A message is a multiple of four long, so only there padding cannot be missing.
      if (octets.length % 4 === 0) assert.equal(fault === undefined, decoded !== undefined);
      if (decoded !== undefined) assert.deepEqual(read, decoded);
    }),
  );
});

test('header: what was written is read; the length is behind the version', () => {
  const value = { version: 1, length: 252, flags: 0xc0, command: 324, application: 16777252, hopByHop: 1, endToEnd: 2 };
  assert.equal(toHex(header.encode(value)), '010000FCC0000144010000240000000100000002');
  assert.deepEqual(header.decode(header.encode(value)), value);
  assert.throws(() => header.decode(new Uint8Array(19)), CodecError);
});

function faultOf(list: readonly Avp[], budget = { avps: 256, depth: 4 }): AvpFault {
  const fault = ECR.read(list, budget);
  assert.ok(fault instanceof AvpFault, 'expected a fault');
  return fault;
}
const USUAL = avpsOf(ecr());
const without = (code: number) => USUAL.filter((one) => one.code !== code);
const changed = (code: number, change: Partial<Avp>) =>
  USUAL.map((one) => (one.code === code ? { ...one, ...change } : one));

test('5005: each AVP that is required, named with the least data there could be', () => {
  for (const [code, least] of [
    [263, 1],
    [277, 4],
    [264, 1],
    [296, 1],
    [283, 1],
    [1401, 0],
  ] as const) {
    const { resultCode, failed } = faultOf(without(code));
    assert.equal(resultCode, 5005);
    assert.equal(failed?.code, code);
    assert.deepEqual(failed?.data, new Uint8Array(least));
  }
  const { resultCode, failed } = faultOf(changed(1401, { data: avp.encode(avpOf(AVP['Software-Version'], '01')) }));
  assert.deepEqual([resultCode, failed?.code, failed?.vendor, failed?.data.length], [5005, 1402, 10415, 14]);
});

test('5001: an unknown AVP with the M flag, on top or inside; without the flag it is passed over', () => {
  const stranger = { code: 1, flags: 0xc0, vendor: 99, data: Uint8Array.of(1, 2) };
  const inside = concat(...avps.decode(USUAL[6]?.data ?? new Uint8Array()).map((one) => avp.encode(one)));
  assert.deepEqual(faultOf([...USUAL, stranger]).failed, stranger);
  assert.equal(faultOf([...USUAL, stranger]).resultCode, 5001);
  const nested = faultOf(changed(1401, { data: concat(inside, avp.encode(stranger)) }));
  assert.deepEqual([nested.resultCode, nested.failed], [5001, stranger]);
  for (const list of [
    [...USUAL, { ...stranger, flags: 0x80 }],
    changed(1401, { data: concat(inside, avp.encode({ ...stranger, flags: 0x80 })) }),
  ])
    assert.deepEqual(ECR.read(list, { avps: 256, depth: 4 }), REQUEST);
});

test('5004: digits that are none, too few or too many; identities; enumerations; UTF-8', () => {
  const imei = (digits: string) => {
    const data = avp.encode({ code: 1402, flags: 0xc0, vendor: 10415, data: new TextEncoder().encode(digits) });
    return changed(1401, { data });
  };
  for (const digits of ['', '3534200912345', '35342009123450123', '3534200912345A', '35342009123450 ']) {
    const fault = faultOf(imei(digits));
    assert.deepEqual([fault.resultCode, fault.failed?.code], [5004, 1402]);
    assert.ok(digits === '' || !fault.problem.includes(digits), 'an identity in an error');
  }
  for (const [code, data] of [
    [1, '12345'],
    [1, '26201123456789X'],
    [264, ''],
    [264, 'a b'],
    [283, 'x'.repeat(256)],
    [263, ''],
  ] as const) {
    const fault = faultOf(changed(code, { data: new TextEncoder().encode(data) }));
    assert.deepEqual([fault.resultCode, fault.failed?.code], [5004, code]);
  }
  assert.equal(faultOf(changed(277, { data: fromHex('00000002') })).resultCode, 5004);
  assert.equal(faultOf(changed(263, { data: fromHex('C328') })).resultCode, 5004);
});

test('5009, 5014, 3009: too often, a number of the wrong length, flags that are not defined', () => {
  assert.equal(faultOf([...USUAL, ...USUAL]).resultCode, 5009);
  assert.equal(faultOf(changed(277, { data: fromHex('000001') })).resultCode, 5014);
  assert.equal(faultOf(changed(264, { flags: 0x41 })).resultCode, 3009);
  assert.equal(faultOf(changed(264, { flags: 0xc0, vendor: 0 })).resultCode, 3009);
});

test('5014: a length beyond the message or below the header, shown with a header filled up with zeros', () => {
  const cases = [
    ['00000107400000FF 61626364', '000001074000000800'],
    ['0000010740000007 61626364', '000001074000000800'],
    ['0000057AC000000B 000028AF', '0000057AC000000C000028AF'],
    ['00000107', '000001070000000800'],
  ] as const;
  for (const [hex, shown] of cases) {
    const fault = readAvps(fromHex(hex), 0, fromHex(hex).length, { avps: 9, depth: 1 }, []);
    assert.equal(fault?.resultCode, 5014);
    const failed = toHex(avp.encode(fault?.failed as Avp));
    assert.equal(failed, shown.length === 18 ? shown.slice(0, 16) : shown);
  }
});

test('too many AVPs and too deep a nesting end the reading', () => {
  const list: Avp[] = [];
  const many = concat(...Array.from({ length: 300 }, () => fromHex('0000FFFF00000008')));
  const fault = readAvps(many, 0, many.length, { avps: 256, depth: 1 }, list);
  assert.deepEqual([fault?.resultCode, fault?.failed, list.length], [5012, undefined, 256]);
  assert.equal(faultOf(USUAL, { avps: 256, depth: 0 }).resultCode, 5012);
  // AVPs inside count with those outside.
  assert.equal(faultOf(USUAL, { avps: 1, depth: 4 }).resultCode, 5012);
  const inner = grammar(AVP, { 'Proxy-Info': '*' });
  const deep = { code: 1, flags: 0, vendor: 0, data: inner.write({}) };
  assert.deepEqual(Grouped(inner).read(deep, { avps: 1, depth: 1 }), {});
});

test('a grammar reads what it wrote', () => {
  const identity = fc.stringMatching(/^[a-z0-9.-]{1,40}$/);
  const word = fc.nat(0xffffffff);
  const cer = fc.record(
    {
      'Origin-Host': identity,
      'Origin-Realm': identity,
      'Host-IP-Address': fc.constantFrom([addressValue('192.0.2.1')], [addressValue('::1'), addressValue('10.0.0.1')]),
      'Vendor-Id': word,
      'Product-Name': fc.string(),
      'Origin-State-Id': word,
      'Auth-Application-Id': fc.array(word, { minLength: 1, maxLength: 5 }),
      'Vendor-Specific-Application-Id': fc.constant([
        { 'Vendor-Id': 10415, 'Auth-Application-Id': APPLICATION.S13 },
        { 'Vendor-Id': 10415, 'Acct-Application-Id': 3 },
      ]),
    },
    {
      noNullPrototype: true,
      requiredKeys: ['Origin-Host', 'Origin-Realm', 'Host-IP-Address', 'Vendor-Id', 'Product-Name'],
    },
  );
  fc.assert(
    fc.property(cer, (value) => {
      const octets = CER.write(value);
      const list: Avp[] = [];
      assert.equal(readAvps(octets, 0, octets.length, { avps: 256, depth: 4 }, list), undefined);
      assert.deepEqual(CER.read(list, { avps: 256, depth: 4 }), value);
    }),
  );
});

test('addresses and identities of our own are checked before they are sent', () => {
  assert.deepEqual(addressValue('192.0.2.3'), { family: 1, octets: fromHex('C0000203') });
  assert.equal(toHex(addressValue('2001:db8::3').octets), '20010DB8000000000000000000000003');
  assert.equal(toHex(addressValue('1:2:3:4:5:6:7:8').octets), '00010002000300040005000600070008');
  assert.equal(toHex(addressValue('::').octets), '00'.repeat(16));
  for (const text of ['', '192.0.2', '192.0.2.256', ':::', '1::2::3', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7::8', 'g::'])
    assert.throws(() => addressValue(text), CodecError, text);
  assert.equal(checkedIdentity('originHost', 'eir.test'), 'eir.test');
  for (const text of ['', 'a b', 'é', 'x'.repeat(256)])
    assert.throws(() => checkedIdentity('originHost', text), CodecError);
});
