import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { headerFault } from './answer.ts';
import { type Avp, AvpFault, avp, avps } from './avp.ts';
import { ECA, ERROR_ANSWER } from './command.ts';
import { AVP } from './dictionary.ts';
import { ME_IDENTITY_OUTCOMES } from './eca-writer.ts';
import { avpsOf, ecr, HEAD, NODE, REQUEST, withAvps } from './ecr.fixture.ts';
import { avpOf } from './grammar.ts';
import { headerAt } from './header.ts';
import { EXAMPLE } from './messages.fixture.ts';
import { OctetSink } from './octet-sink.ts';
import { type MeIdentityCheck, S13, type S13Peer } from './s13.ts';

const STRICT: S13Peer = { originHost: 'mme.test', isLenient: false };
const LENIENT: S13Peer = { originHost: 'mme.test', isLenient: true };

/** One S13 with what it was asked; the outcome follows the IMEI, so that every one occurs. */
class Bench {
  readonly asked: MeIdentityCheck[] = [];
  readonly s13: S13;
  now = 1000;
  constructor(node = NODE) {
    this.s13 = new S13({
      node,
      answersKept: 256,
      check: (request) => {
        this.asked.push(request);
        const digit = Number(request.imei[13]);
        return ME_IDENTITY_OUTCOMES[digit % ME_IDENTITY_OUTCOMES.length] ?? 'too busy';
      },
    });
  }
  usual(octets: Uint8Array, peer = STRICT): Uint8Array | undefined {
    const sink = new OctetSink();
    return this.s13.answerUsual(octets, 0, octets.length, peer, this.now, sink) ? sink.taken() : undefined;
  }
  general(octets: Uint8Array, peer = STRICT): Uint8Array {
    const sink = new OctetSink();
    this.s13.answer(octets, 0, octets.length, peer, this.now, sink);
    return sink.taken();
  }
}

function eca(octets: Uint8Array) {
  const value = ECA.read(avpsOf(octets), { avps: 256, depth: 4 });
  assert.ok(!(value instanceof AvpFault));
  return value;
}
function errorOf(octets: Uint8Array) {
  const value = ERROR_ANSWER.read(avpsOf(octets), { avps: 256, depth: 4 });
  assert.ok(!(value instanceof AvpFault));
  const { flags, hopByHop, endToEnd } = headerAt(octets);
  assert.deepEqual([hopByHop, endToEnd], [HEAD.hopByHop, HEAD.endToEnd]);
  return { flags, code: value['Result-Code'], failed: value['Failed-AVP']?.[0], value };
}

const proxyInfo = (host: string, state: string) => ({ 'Proxy-Host': host, 'Proxy-State': fromHex(state) });

test('each outcome, with the AVPs that belong to it, the P flag and the identifiers of the request', () => {
  const bench = new Bench();
  const answers = ME_IDENTITY_OUTCOMES.map((_, i) => {
    const octets = bench.usual(ecr({ 'Terminal-Information': { IMEI: `3534200912345${i}` } }, { endToEnd: i as 9 }));
    return octets as Uint8Array;
  });
  assert.deepEqual(
    answers.map((octets) => headerAt(octets).flags),
    [0x40, 0x40, 0x40, 0x40, 0x60, 0x40],
  );
  const numbers = (code: number) =>
    answers.map((octets) => avpsOf(octets).find((one) => one.code === code)?.data[3] ?? undefined);
  assert.deepEqual(
    numbers(268),
    [2001, 2001, 2001, undefined, 3004, 5012].map((code) => code && code & 0xff),
  );
  assert.deepEqual(numbers(1445), [0, 1, 2, undefined, undefined, undefined]);
  assert.equal(
    errorOf(bench.usual(ecr({ 'Terminal-Information': { IMEI: '35342009123454' } })) as Uint8Array).code,
    3004,
  );
  assert.equal(eca(answers[3] as Uint8Array)['Experimental-Result']?.['Experimental-Result-Code'], 5422);
  assert.equal(headerAt(bench.usual(ecr({}, { flags: 0x80 as 0xc0 })) as Uint8Array).flags, 0);
});

test('Proxy-Info comes back as it was, Route-Record does not', () => {
  const request = ecr({
    'Proxy-Info': [proxyInfo('a.test', '010203'), proxyInfo('b.test', '')],
    'Route-Record': ['mme.test', 'a.test'],
  });
  const bench = new Bench();
  const answer = bench.usual(request) as Uint8Array;
  assert.equal(toHex(bench.general(request)), toHex(answer));
  assert.deepEqual(eca(answer)['Proxy-Info'], [proxyInfo('a.test', '010203'), proxyInfo('b.test', '')]);
  assert.equal(eca(answer)['Route-Record'], undefined);
  const refused = errorOf(bench.general(ecr({ 'Proxy-Info': [proxyInfo('a.test', '01')], 'Destination-Realm': 'x' })));
  assert.deepEqual(refused.value['Proxy-Info'], [proxyInfo('a.test', '01')]);
  assert.equal(refused.value['Session-Id'], REQUEST['Session-Id']);
});

const USUAL = [
  EXAMPLE.relayedEcr,
  toHex(ecr()),
  toHex(ecr({ 'Proxy-Info': [proxyInfo('proxy.test', '0102030405')], 'Route-Record': ['a', 'b'] })),
  toHex(ecr({ 'Destination-Host': 'eir.test', 'Terminal-Information': { IMEI: '3534200912345099' } })),
  toHex(withAvps(ecr(), avpsOf(ecr()).slice(0, 1).concat(avpsOf(ecr()).slice(1).reverse()))),
].map(fromHex);

test('usual requests take the short way, in any order of AVPs', () => {
  const bench = new Bench();
  for (const octets of USUAL) assert.ok(bench.usual(octets) !== undefined);
  const { usual, unusual } = bench.s13.counts;
  assert.deepEqual([usual, unusual], [USUAL.length, 0]);
});

const OTHER_AVPS: readonly Avp[] = [
  ...USUAL.flatMap(avpsOf),
  { code: 278, flags: 0x40, vendor: 0, data: fromHex('00000001') },
  { code: 301, flags: 0, vendor: 0, data: fromHex('00000001') },
  { code: 264, flags: 0x40, vendor: 0, data: fromHex('') },
  ...[
    [avpOf(AVP['Proxy-Host'], 'x')],
    [avpOf(AVP['Proxy-Host'], 'x'), avpOf(AVP['Proxy-State'], fromHex('01')), avpOf(AVP['Proxy-Host'], 'x')],
    [avpOf(AVP['Proxy-State'], fromHex('')), avpOf(AVP['Proxy-Host'], 'x')],
  ].map((members) => ({ code: 284, flags: 0x40, vendor: 0, data: avps.encode(members) })),
  { code: 260, flags: 0x40, vendor: 0, data: avp.encode(avpOf(AVP['Vendor-Id'], 1)) },
  { code: 1471, flags: 0xc0, vendor: 10415, data: fromHex('0102') },
];
/** Requests that are nearly right: AVPs left out, put in, turned round; octets changed anywhere. */
const nearlyRight = fc
  .record({
    base: fc.constantFrom(...USUAL),
    order: fc.array(fc.nat(12), { maxLength: 6 }),
    more: fc.array(fc.constantFrom(...OTHER_AVPS), { maxLength: 2 }),
    changes: fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 2 }),
    isShuffled: fc.boolean(),
  })
  .map(({ base, order, more, changes, isShuffled }) => {
    const list = avpsOf(base);
    if (isShuffled)
      for (const [i, j] of order.entries()) list.splice(1 + (j % list.length), 0, ...list.splice(1 + i, 1));
    const octets = withAvps(base, [...list, ...more]);
    for (const [at, octet] of changes) {
      // The length of the message is the stream's to check.
      const place = 4 + (at % (octets.length - 4));
      octets[place] = octet;
    }
    return octets;
  });

/** Whether the short way took a request; what it answered, the grammar must answer too, after the same question. */
function agreed(octets: Uint8Array, peer: S13Peer, [one, other]: readonly [Bench, Bench]): boolean {
  const answer = one.usual(octets, peer);
  if (answer === undefined) return false;
  assert.equal(headerFault(headerAt(octets)), undefined);
  assert.equal(toHex(other.general(octets, peer)), toHex(answer));
  assert.deepEqual(other.asked.splice(0), one.asked.splice(0));
  return true;
}

test('what the short way answers, the grammar answers with the same octets, after the same question', () => {
  let short = 0;
  fc.assert(
    fc.property(nearlyRight, fc.boolean(), (octets, isLenient) => {
      if (agreed(octets, isLenient ? LENIENT : STRICT, [new Bench(), new Bench()])) short++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(short > 300, `only ${short} of 3000 took the short way`);
});

test('so it is for every usual request with one octet changed, and for one AVP more', () => {
  const benches = [new Bench(), new Bench()] as const;
  for (const base of USUAL) {
    for (const more of OTHER_AVPS) agreed(withAvps(base, [...avpsOf(base), more]), STRICT, benches);
    for (let at = 0; at < base.length; at++) {
      if (at > 0 && at < 4) continue; // The length of the message is the stream's to check.
      const old = base[at] as number;
      for (const octet of [
        0,
        0x20,
        0x7f,
        0xff,
        old ^ 1,
        old ^ 2,
        old ^ 8,
        old ^ 0x10,
        old ^ 0x20,
        old ^ 0x80,
        old + 4,
      ]) {
        const octets = base.slice();
        octets[at] = octet;
        agreed(octets, STRICT, benches);
      }
    }
  }
});

test('any octets behind a header get one whole answer and no exception', () => {
  const body = fc.uint8Array({ minLength: 0, maxLength: 120 }).map((octets) => octets.slice(0, octets.length & ~3));
  fc.assert(
    fc.property(
      fc.oneof(
        nearlyRight,
        body.map((octets) => concat(ecr().slice(0, 20), octets)),
      ),
      (octets) => {
        const bench = new Bench();
        const answer = bench.usual(octets) ?? bench.general(octets);
        const head = headerAt(answer);
        assert.equal(head.length, answer.length);
        assert.equal(head.flags & 0x80, 0);
        assert.deepEqual([head.hopByHop, head.endToEnd], [headerAt(octets).hopByHop, headerAt(octets).endToEnd]);
        assert.ok(bench.asked.length <= 1);
      },
    ),
    { numRuns: 500 },
  );
});

test('refusals: what is wrong, and the AVP that it is about', () => {
  const bench = new Bench();
  const without = (code: number) =>
    withAvps(
      ecr(),
      avpsOf(ecr()).filter((one) => one.code !== code),
    );
  const stranger = { code: 999, flags: 0x40, vendor: 0, data: fromHex('0102') };
  const cases: readonly (readonly [Uint8Array, number, number | undefined])[] = [
    [without(1401), 5005, 1401],
    [without(263), 5005, 263],
    [withAvps(ecr(), [...avpsOf(ecr()), stranger]), 5001, 999],
    [ecr({ 'Destination-Realm': 'elsewhere' }), 3003, undefined],
    [ecr({ 'Destination-Host': 'hss.test' }), 3002, undefined],
    [ecr({}, { command: 325 as 324 }), 3001, undefined],
  ];
  for (const [octets, code, failed] of cases) {
    assert.equal(bench.usual(octets), undefined);
    const error = errorOf(bench.general(octets));
    assert.deepEqual([error.code, error.failed?.code], [code, failed]);
    assert.equal(error.flags, code < 4000 ? 0x60 : 0x40, 'E for protocol errors only');
    assert.equal(error.value['Auth-Session-State'], code < 4000 ? undefined : 1);
    if (code !== 5005 || failed !== 263) assert.equal(error.value['Session-Id'], REQUEST['Session-Id']);
  }
  assert.equal(bench.asked.length, 0);
  assert.equal(bench.s13.counts.refused, cases.length);
});

test('hosts and realms are compared without case; a lenient peer may name others', () => {
  const bench = new Bench();
  assert.equal(
    eca(bench.general(ecr({ 'Destination-Realm': 'TEST', 'Destination-Host': 'EIR.test' })))['Result-Code'],
    2001,
  );
  assert.equal(eca(bench.general(ecr({ 'Destination-Realm': 'other' }), LENIENT))['Result-Code'], 2001);
});

test('a request that comes again with the T flag gets the first answer, unasked; another one is asked', () => {
  const bench = new Bench();
  const again = (change = {}, head = {}) => ecr(change, { flags: 0xd0 as 0xc0, ...head });
  const first = bench.usual(ecr()) as Uint8Array;
  assert.equal(toHex(bench.usual(again()) as Uint8Array), toHex(first));
  assert.equal(toHex(bench.general(again())), toHex(first));
  assert.deepEqual([bench.asked.length, bench.s13.counts.repeated], [1, 2]);
  bench.usual(again({}, { endToEnd: 10 as 9 }));
  bench.usual(again({ 'Origin-Host': 'other.test' }));
  bench.usual(again({ 'Terminal-Information': { IMEI: '35342009123451' } }));
  assert.equal(bench.asked.length, 4);
  // Without the flag it is a new question, though the identifier is the same.
  bench.usual(ecr());
  assert.equal(bench.asked.length, 5);
  // The identifier is unique for four minutes only.
  bench.now += 241;
  bench.usual(again());
  assert.equal(bench.asked.length, 6);
});

test('too busy is not kept: the same request is asked again', () => {
  const bench = new Bench();
  const busy = { 'Terminal-Information': { IMEI: '35342009123454' } };
  bench.usual(ecr(busy));
  bench.usual(ecr(busy, { flags: 0xd0 as 0xc0 }));
  assert.deepEqual([bench.asked.length, bench.s13.counts.repeated], [2, 0]);
});

test('more hosts than are remembered only cost the memory of answers', () => {
  const bench = new Bench();
  for (let i = 0; i < 3000; i++) bench.usual(ecr({ 'Origin-Host': `mme${i}.test` }));
  assert.equal(bench.asked.length, 3000);
  bench.usual(ecr({ 'Origin-Host': 'mme2999.test' }, { flags: 0xd0 as 0xc0 }));
  assert.equal(bench.asked.length, 3000);
  bench.usual(ecr({ 'Origin-Host': 'mme0.test' }, { flags: 0xd0 as 0xc0 }));
  assert.equal(bench.asked.length, 3001);
});
