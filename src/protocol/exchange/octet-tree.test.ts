import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { berTlvSet, fromHex, octets, optional, required, struct, tagged, u8, u16 } from '#base/codec/index.ts';
import { acknowledgement, answer, report } from '#protocol/imei-lock/index.ts';
import { declaredNasMessage } from '#protocol/nas/index.ts';
import { pdu } from '#protocol/smpp/index.ts';
import { smsDeliver, smsSubmit } from '#protocol/sms/index.ts';
import { OCTET_NAMES } from './octet-name.ts';
import { type OctetNode, readTree, shifted, withNode } from './octet-tree.ts';
import { berTree, toolkitObjects } from './tlv-tree.ts';

const flat = (nodes: readonly OctetNode[]): readonly OctetNode[] =>
  nodes.flatMap((node) => [node, ...flat(node.children ?? [])]);

test('a struct tells which octets each of its fields came from, and their values', () => {
  const read = readTree(struct({ version: u8, length: u16, nonce: octets(2) }), fromHex('01 0203 AABB'));
  assert.deepEqual(read?.nodes, [
    { name: 'version', from: 0, to: 1, value: '1' },
    { name: 'length', from: 1, to: 3, value: '515' },
    { name: 'nonce', from: 3, to: 5 },
  ]);
});

test('a data object has its tag and length in its range, and what is inside as children', () => {
  const format = tagged(
    0xe1,
    berTlvSet({ version: required(0x80, u8), inner: optional(0xa1, berTlvSet({ count: required(0x81, u16) })) }),
  );
  const read = readTree(format, fromHex('E109 800107 A104 81020003'));
  assert.deepEqual(read?.nodes, [
    { name: 'version', from: 2, to: 5, value: '7' },
    { name: 'inner', from: 5, to: 11, children: [{ name: 'count', from: 7, to: 11, value: '3' }] },
  ]);
});

test('every element of an order for other roots, and of a report that names one, has words', () => {
  const root = { caIdentifier: fromHex('4D31'), publicPoint: fromHex(`02${'11'.repeat(32)}`) };
  const order = answer.encode({
    version: 'one',
    direction: 'answer',
    order: 'setRoots',
    trust: { roots: [root, root] },
  });
  const told = acknowledgement.encode({
    ...{ version: 'one', direction: 'acknowledgement', state: 'enabled', order: 'setRoots' },
    trustDigest: new Uint8Array(8),
  });
  const proved = report.encode({
    ...{
      version: 'two',
      direction: 'report',
      nonce: new Uint8Array(8),
      result: 'proved',
      reason: 'none',
      trigger: 'boot',
    },
    ...{ state: 'enabled', unanswered: 0, root: new Uint8Array(6), certificate: new Uint8Array(6) },
  });
  const nodes = [readTree(answer, order), readTree(acknowledgement, told), readTree(report, proved)].flatMap((read) =>
    flat(read?.nodes ?? []),
  );
  const names = new Set(nodes.map(({ name }) => name));
  for (const name of names) assert.ok(OCTET_NAMES.has(name), name);
  for (const name of ['trust', 'roots', 'publicPoint', 'trustDigest', 'root', 'certificate'])
    assert.ok(names.has(name), name);
});

test('an element that is missing leaves its octets to the one behind it', () => {
  const submit = smsSubmit.encode({
    ...{ type: 'SMS-SUBMIT', rejectDuplicates: false, statusReport: false, replyPath: false, reference: 7 },
    destination: { typeOfNumber: 'international', numberingPlan: 1, value: '27729' },
    ...{ protocolIdentifier: 0x7f, dataCoding: 0xf6, validity: { format: 'none' } },
    userData: { hasHeader: false, length: 2, octets: fromHex('AABB') },
  });
  assert.deepEqual(
    readTree(smsSubmit, submit)?.nodes.map(({ name }) => name),
    ['TP-MTI', 'TP-MR', 'address', 'TP-PID', 'TP-DCS', 'TP-UD'],
  );
});

test('octets that are not of the format have no tree', () => {
  assert.equal(readTree(struct({ version: u8 }), fromHex('0102')), undefined);
  assert.equal(readTree(struct({ version: u16 }), fromHex('01')), undefined);
});

test('nodes are moved and changed with their children', () => {
  const nodes: readonly OctetNode[] = [{ name: 'a', from: 0, to: 3, children: [{ name: 'b', from: 1, to: 2 }] }];
  assert.deepEqual(shifted(nodes, 4), [{ name: 'a', from: 4, to: 7, children: [{ name: 'b', from: 5, to: 6 }] }]);
  const [changed] = withNode(nodes, 'b', (node) => ({ ...node, value: 'x' }));
  assert.equal(changed?.children?.[0]?.value, 'x');
});

test('whatever octets come: no range leaves them, and children stay inside', () => {
  const formats = [declaredNasMessage, pdu, smsDeliver, smsSubmit];
  const isInside = (nodes: readonly OctetNode[], from: number, to: number): boolean =>
    nodes.every(
      (node) =>
        node.from >= from && node.to <= to && node.from <= node.to && isInside(node.children ?? [], node.from, node.to),
    );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (given) => {
      for (const format of formats) {
        const read = readTree<unknown>(format, given);
        assert.ok(read === undefined || isInside(read.nodes, 0, given.length));
      }
      assert.ok(isInside(berTree(given, 0, given.length), 0, given.length));
      const objects = toolkitObjects(given, 0, given.length);
      assert.ok(objects.every(({ valueFrom, valueTo, node }) => valueFrom >= node.from && valueTo === node.to));
    }),
  );
});

test('the sum of a PDU’s fields is the PDU', () => {
  const octetsOf = fromHex('00000010 00000015 00000000 00000007');
  const read = readTree(pdu, octetsOf);
  const covered = flat(read?.nodes ?? []).reduce((sum, { from, to }) => sum + to - from, 0);
  assert.equal(covered, octetsOf.length);
  assert.deepEqual(
    read?.nodes.map(({ name }) => name),
    ['command_length', 'command_id', 'command_status', 'sequence_number'],
  );
});
