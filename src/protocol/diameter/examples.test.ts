// Messages of real programs, octet for octet: what they sent is read whole, and what standard nodes answered is what this room writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { disconnectAnswer, watchdogRequest } from './answer.ts';
import { type Avp, AvpFault, readAvps } from './avp.ts';
import { CEA, CER, DPA, DPR, DWA, DWR, ECA, ECR } from './command.ts';
import { EQUIPMENT_STATUS } from './dictionary.ts';
import type { MeIdentityOutcome } from './eca-writer.ts';
import type { Grammar } from './grammar.ts';
import { HEADER_LENGTH, headerAt, messageOctets } from './header.ts';
import { EXAMPLE } from './messages.fixture.ts';
import { OctetSink } from './octet-sink.ts';
import { S13 } from './s13.ts';

function read<T>(grammar: Grammar<T>, octets: Uint8Array): T {
  const avps: Avp[] = [];
  const budget = { avps: 256, depth: 4 };
  const value = readAvps(octets, HEADER_LENGTH, octets.length, budget, avps) ?? grammar.read(avps, budget);
  assert.ok(!(value instanceof AvpFault), value instanceof AvpFault ? value.problem : '');
  return value;
}

test('the ECR of an Open5GS MME is read', () => {
  const ecr = read(ECR, fromHex(EXAMPLE.mmeEcr));
  assert.equal(ecr['Session-Id'], 'mme.localdomain;1795468241;2;app_s13');
  assert.deepEqual(ecr['Terminal-Information'], { IMEI: '86650704004053', 'Software-Version': '01' });
  assert.equal(ecr['User-Name'], '999707364000060');
  assert.equal(ecr['Destination-Realm'], 'localdomain');
  const group = { 'Vendor-Id': 10415, 'Auth-Application-Id': 16777252 };
  assert.deepEqual(ecr['Vendor-Specific-Application-Id'], group);
});

test('the ECR that came through a freeDiameter relay is read with its Route-Record', () => {
  const ecr = read(ECR, fromHex(EXAMPLE.relayedEcr));
  assert.deepEqual(ecr['Route-Record'], ['mme.test']);
  assert.equal(ecr['Destination-Host'], 'eir.test');
});

test('what a grammar read it writes as it was, when the order was that of the declaration', () => {
  const examples = [
    [CEA, EXAMPLE.relayCea],
    [DWR, EXAMPLE.dwr],
    [DPR, EXAMPLE.dpr],
    [ECA, EXAMPLE.mmeEca],
    [ECA, EXAMPLE.relayedEca],
  ] as readonly (readonly [Grammar<unknown>, string])[];
  for (const [grammar, hex] of examples) {
    const octets = fromHex(hex);
    const { version: _, length: __, ...head } = headerAt(octets);
    assert.equal(toHex(messageOctets(head, grammar.write(read(grammar, octets)))), toHex(octets));
  }
  for (const hex of [EXAMPLE.relayCer, EXAMPLE.mmeCer, EXAMPLE.s6aOnlyCer]) read(CER, fromHex(hex));
  assert.equal(read(DWA, fromHex(EXAMPLE.dwa))['Result-Code'], 2001);
  assert.equal(read(DPA, fromHex(EXAMPLE.dpa))['Result-Code'], 2001);
});

const eir = (realm: string) => ({
  originHost: `eir.${realm}`,
  originRealm: realm,
  productName: 'erl-eir',
  addresses: ['192.0.2.3'],
  originStateId: 1,
});

test('the answers of standard nodes are ours, octet for octet', () => {
  const answers: readonly [string, string, string, MeIdentityOutcome][] = [
    [EXAMPLE.mmeEcr, EXAMPLE.mmeEca, 'localdomain', 'blacklisted'],
    [EXAMPLE.relayedEcr, EXAMPLE.relayedEca, 'test', 'whitelisted'],
  ];
  for (const [ecr, eca, realm, outcome] of answers) {
    for (const way of ['answerUsual', 'answer'] as const) {
      const s13 = new S13({ node: eir(realm), check: () => outcome });
      const sink = new OctetSink();
      const octets = fromHex(ecr);
      s13[way](octets, 0, octets.length, { originHost: 'relay.test', isLenient: false }, 0, sink);
      assert.equal(toHex(sink.taken()), toHex(fromHex(eca)), way);
    }
  }
});

test('equipment unknown: Experimental-Result 5422 of 3GPP, no Result-Code, no Equipment-Status', () => {
  const s13 = new S13({ node: eir('test'), check: () => 'equipment unknown' });
  const sink = new OctetSink();
  const request = fromHex(EXAMPLE.relayedEcr);
  s13.answerUsual(request, 0, request.length, { originHost: 'relay.test', isLenient: false }, 0, sink);
  const answer = sink.taken();
  // Another question of the same peer was answered so; Session-Id and identifiers apart, the octets are the same.
  const example = fromHex(EXAMPLE.unknownEca);
  assert.equal(toHex(answer.subarray(64)), toHex(example.subarray(64)));
  assert.equal(answer.length, example.length);
  const eca = read(ECA, answer);
  assert.deepEqual(eca['Experimental-Result'], { 'Vendor-Id': 10415, 'Experimental-Result-Code': 5422 });
  assert.equal(eca['Result-Code'], undefined);
  assert.equal(read(ECA, fromHex(EXAMPLE.mmeEca))['Equipment-Status'], EQUIPMENT_STATUS.BLACKLISTED);
});

test('DWR and DPA, octet for octet', () => {
  const dpr = headerAt(fromHex(EXAMPLE.dpr));
  const dpa = disconnectAnswer(eir('test'), dpr);
  assert.equal(read(DPA, dpa)['Origin-Host'], 'eir.test');
  assert.deepEqual(headerAt(dpa), headerAt(fromHex(EXAMPLE.dpa)));
  const relay = { ...eir('test'), originHost: 'relay.test', originStateId: 0x6b04b79e };
  assert.equal(
    toHex(watchdogRequest(relay, { hopByHop: 0x63aa87a8, endToEnd: 0x79eec292 })),
    toHex(fromHex(EXAMPLE.dwr)),
  );
});
