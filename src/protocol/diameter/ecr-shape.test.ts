import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex } from '#base/codec/index.ts';
import { avpsOf, ecr, NODE, withAvps } from './ecr.fixture.ts';
import { EcrReader } from './ecr-reader.ts';
import { EcrShape } from './ecr-shape.ts';
import { viewOf } from './header.ts';
import { EXAMPLE } from './messages.fixture.ts';

const without = (code: number) =>
  withAvps(
    ecr(),
    avpsOf(ecr()).filter((one) => one.code !== code),
  );
const BASES = [
  fromHex(EXAMPLE.relayedEcr),
  ecr(),
  without(1),
  ecr({ 'Session-Id': 's', 'Route-Record': ['a', 'b'], 'Terminal-Information': { IMEI: '3534200912345099' } }),
  ecr({ 'Proxy-Info': [{ 'Proxy-Host': 'p', 'Proxy-State': fromHex('01') }] }),
];

const fresh = () => new EcrReader(NODE.originHost, NODE.originRealm);

/** All that a reader says of a message that lies behind `before` other octets. */
function readBy(reader: EcrReader, octets: Uint8Array, before: number) {
  const all = concat(new Uint8Array(before), octets);
  if (!reader.read(all, before, all.length)) return undefined;
  const { sessionStart, sessionEnd, originHostStart, originHostEnd, proxyInfo } = reader;
  const { imei, equipment, softwareVersion, imsi } = reader;
  return {
    ...{ imei, equipment, softwareVersion, imsi, proxyInfo: proxyInfo.map((at) => at - before) },
    session: [sessionStart - before, sessionEnd - before],
    originHost: [originHostStart - before, originHostEnd - before],
  };
}

/** A reader that has met `base` says of these octets what one says that has met nothing. */
function agrees(experienced: EcrReader, octets: Uint8Array): void {
  assert.deepEqual(readBy(experienced, octets, 8), readBy(fresh(), octets, 0));
}

test('what a reader met before changes nothing that it reads: any octet of a message changed', () => {
  for (const base of BASES) {
    const experienced = fresh();
    assert.ok(readBy(experienced, base, 0) !== undefined);
    agrees(experienced, base);
    for (let at = 0; at < base.length; at++) {
      if (at > 0 && at < 4) continue; // The length of the message is the stream's to check.
      for (const change of [0x01, 0x02, 0x08, 0x0a, 0x10, 0x20, 0x40, 0x80]) {
        const octets = base.slice();
        octets[at] = (octets[at] as number) ^ change;
        agrees(experienced, octets);
      }
    }
  }
});

test('so it is for many different messages one after another', () => {
  const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
  const messages = fc.oneof(
    fc.constantFrom(...BASES),
    fc
      .record({
        session: fc.constantFrom('mme.test;1;2;s13', 'mme.test;9;8;s13', 'other.test;1'),
        host: fc.constantFrom('mme.test', 'sgsn.test'),
        imei: fc.oneof(digits(14), digits(15)),
        imsi: digits(15),
        flags: fc.constantFrom(0x80, 0xc0, 0x90, 0xd0),
        place: fc.nat(200),
        octet: fc.option(fc.constantFrom(0, 0x2f, 0x3a, 0x7f, 0x80, 0xff)),
      })
      .map(({ session, host, imei, imsi, flags, place, octet }) => {
        const body = { 'Session-Id': session, 'Origin-Host': host, 'User-Name': imsi };
        const octets = ecr({ ...body, 'Terminal-Information': { IMEI: imei } }, { flags: flags as 0xc0 });
        if (octet !== null) octets[20 + (place % (octets.length - 20))] = octet;
        return octets;
      }),
  );
  fc.assert(
    fc.property(fc.array(messages, { minLength: 1, maxLength: 60 }), (list) => {
      const experienced = fresh();
      for (const octets of list) agrees(experienced, octets);
    }),
    { numRuns: 200 },
  );
});

test('a shape fits what differs in identifiers, in the text of Session-Id, in digits and in the flags P and T; nothing else', () => {
  const base = ecr();
  const reader = fresh();
  assert.ok(reader.read(base, 0, base.length));
  const shape = new EcrShape(viewOf(base), 0, base.length, reader);
  const isLike = (octets: Uint8Array) => shape.fits(viewOf(octets), 0, octets.length);
  const terminal = (imei: string) => ({ 'Terminal-Information': { IMEI: imei, 'Software-Version': '99' } });
  for (const octets of [
    base,
    ecr({}, { hopByHop: 0xffff_ffff as 7, endToEnd: 0x8000_0000 as 9 }),
    ecr({}, { flags: 0x90 as 0xc0 }),
    ecr({ 'Session-Id': 'MME.TEST;9;~;s13' }),
    ecr({ ...terminal('99999999999999'), 'User-Name': '000000000000000' }),
  ])
    assert.ok(isLike(octets));
  for (const octets of [
    ecr({}, { flags: 0xe0 as 0xc0 }),
    ecr({ 'Session-Id': 'mme.test;1;2;s1' }),
    ecr({ 'Session-Id': 'mme.test;1;2;s\u00e9' }),
    ecr({ 'Origin-Host': 'mmf.test' }),
    ecr({ 'Origin-Realm': 'tesu' }),
    ecr(terminal('353420091234509')),
    without(1),
  ])
    assert.ok(!isLike(octets));
});
