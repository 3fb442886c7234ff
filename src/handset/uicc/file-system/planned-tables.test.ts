import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { SELECT_USIM, subject } from '../uicc.fixture.ts';
import type { DedicatedFile, ElementaryFile } from './elementary-file.ts';
import { type FilePlan, filePlan } from './file-plan.ts';
import { FIRST_OWN } from './own-numbers.ts';
import { plannedTables } from './planned-tables.ts';
import { filesBelow, STANDARD_SERVICES, standardTables } from './standard-image.ts';

const STANDARD: FilePlan = { base: 'standard' };
const standard = () => standardTables(STANDARD_SERVICES, false);
const shapes = (table: DedicatedFile) =>
  filesBelow(table).map(({ name, number, records, recordLength }: ElementaryFile) => [
    name,
    number,
    records,
    recordLength,
  ]);

test('a plan that changes nothing makes the tables of the standard card', () => {
  assert.deepEqual(shapes(plannedTables(STANDARD, false)), shapes(standard()));
  subject({ files: STANDARD }).expect(
    [SELECT_USIM.replace(/00$/, ''), '612C'],
    ['00B0870000', '0809101000000000109000'],
  );
});

test('files take the size, content, short identifier and rule that a plan gives', () => {
  const card = subject({
    files: {
      base: 'standard',
      files: [
        { path: [0x7ff0, 0x6f46], content: fromHex('0054455354') },
        { path: [0x7ff0, 0x6f3c], records: 3, contents: [{ record: 2, content: fromHex('01AABB') }] },
        { path: [0x7ff0, 0x6f99], structure: 'cyclic', size: 4, records: 3, shortIdentifier: 0x1c, rule: 10 },
      ],
    },
  });
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F46', '9000'],
    ['00B0000000', `0054455354${'FF'.repeat(12)}9000`],
    ['00A4000C026F3C', '9000'],
    ['00B20204B0', `01AABB${'FF'.repeat(173)}9000`],
    ['00B20404B0', '6A83'],
    ['00A4000C027F10', '9000'],
    ['00A4000C026F3C', '9000'],
    ['00B2020403', '6CB0'],
    ['00A4000C027FFF', '9000'],
    ['00A40004026F99', '611C'],
    ['00DC00E30401020304', '9000'],
    ['00B2010404', '010203049000'],
  );
});

test('what a plan takes out is not there, and its services are not offered', () => {
  const card = subject({ files: { base: 'standard', services: [10, 12, 19, 85], removed: [[0x7ff0, 0x6f46]] } });
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F46', '6A82'],
    ['00A4000C026F40', '6A82'],
    ['00A4000C026FE3', '9000'],
    ['00B0840011', `00 0A 00 28 21 00 00 00 00 00 10 00 00 00 00 00 00 9000`],
  );
});

test('a second USIM has files of its own, in EF.DIR and in memory', () => {
  const aid = fromHex('A0000000871002FFFFFFFF8907090001');
  const card = subject({
    files: {
      base: 'standard',
      directories: [{ path: [0x7ff2], aid, label: 'Work', rules: 0x6f06 }],
      files: [[0x6f06], [0x6f07], [0x6f46]].map((below) => ({ path: [0x7ff2, ...below] })),
    },
  });
  card.send('00A4000C022F00');
  assert.match(card.send('00B2020426'), /^6118?.*576F726B/);
  card.send('00A4040410A0000000871002FFFFFFFF890709000100');
  card.send('002000010A');
  card.expect(['00B0870000', '0809101000000000109000'], ['00A4000C026F46', '9000']);
  card.expect(['0020000A080102030405060708', '9000'], ['00D6000001AA', '9000'], ['00B0000001', 'AA9000']);
  card.send(SELECT_USIM);
  card.expect(['00A4000C026F46', '9000'], ['00B0000001', '009000']);
});

test('with nothing standard only what is named is there; a link shares content', () => {
  const files: FilePlan = {
    base: 'none',
    directories: [{ path: [0x7ff0], rules: 0x6f06 }, { path: [0x7f10] }],
    files: [
      ...[[0x2f00], [0x2fe2], [0x2f06], [0x7ff0, 0x6f06], [0x7ff0, 0x6f07], [0x7ff0, 0x6f3c]].map((path) => ({ path })),
      { path: [0x7f10, 0x6f3c], link: [0x7ff0, 0x6f3c] },
    ],
  };
  const card = subject({ files });
  card.send(SELECT_USIM);
  card.expect(
    ['00A4000C026F46', '6A82'],
    ['00B0870000', '0809101000000000109000'],
    ['00A4000C026F3C', '9000'],
    [`00DC0104B0${'03'.repeat(176)}`, '9000'],
    ['00A40800047F106F3C', '611B'],
    ['00B20104B0', `${'03'.repeat(176)}9000`],
  );
  assert.ok(filesBelow(plannedTables(files, false)).every(({ number }) => number < FIRST_OWN));
});

test('a plan that makes no card says where, what was expected, what came', () => {
  const refused = (change: Partial<FilePlan>, message: RegExp) =>
    assert.throws(() => plannedTables({ ...STANDARD, ...change }, false), { name: 'FilePlanError', message });
  refused({ removed: [[0x7ff0, 0x6f98]] }, /7FF0\/6F98: expected a file .* got none/);
  refused({ files: [{ path: [0x7ff0, 0x6f98] }] }, /6F98: expected structure and size/);
  refused({ files: [{ path: [0x5f00, 0x6f98] }] }, /expected a directory 5F00, got none/);
  refused({ files: [{ path: [0x7ff0, 0x6f46], content: new Uint8Array(18) }] }, /at most 17 octets of content, got 18/);
  refused({ files: [{ path: [0x7ff0, 0x6f46], shortIdentifier: 7 }] }, /free short identifier, got 7 of/);
  refused(
    { removed: [[0x7ff0, 0x6f46]], files: [{ path: [0x7ff0, 0x6f38], content: fromHex('000004') }] },
    /6F38: service 19: expected EF.SPN, got no such file: add it, or clear the bit/,
  );
  refused({ directories: [{ path: [0x7ff0, 0x6f46] }] }, /expected a free identifier, got that of an EF/);
  assert.throws(() => subject({ files: { base: 'standard', removed: [[1]] } }), { name: 'UiccPersonalisationError' });
});

const octetsOf = (most: number) => fc.uint8Array({ minLength: 0, maxLength: most });
const ownFile = fc.oneof(
  fc.record({
    structure: fc.constant('transparent' as const),
    size: fc.integer({ min: 1, max: 600 }),
    content: octetsOf(1),
  }),
  fc.record({
    structure: fc.constantFrom('linear' as const, 'cyclic' as const),
    size: fc.integer({ min: 1, max: 255 }),
    records: fc.integer({ min: 1, max: 40 }),
    contents: fc
      .array(octetsOf(1), { maxLength: 1 })
      .map((all) => all.map((content, i) => ({ record: i + 1, content }))),
  }),
);

test('whatever files a plan has: as octets it is the same plan, and every file reads as it says', () => {
  fc.assert(
    fc.property(fc.array(ownFile, { minLength: 1, maxLength: 12 }), fc.boolean(), (shapes, isAlone) => {
      const files = shapes.map((shape, i) => ({ path: [0x7f66, 0x6f01 + i], rule: 10, shortIdentifier: 0, ...shape }));
      const plan: FilePlan = {
        base: isAlone ? 'none' : 'standard',
        directories: [{ path: [0x7f66] }],
        files: isAlone ? [{ path: [0x2f06] }, ...files] : files,
      };
      assert.deepEqual(filePlan.decode(filePlan.encode(plan)), plan);
      const card = subject({ files: plan });
      for (const file of files) {
        const [, identifier = 0] = file.path;
        assert.equal(card.send(`00A4080C047F66${identifier.toString(16)}`), '9000');
        const given = 'content' in file ? file.content : (file.contents[0]?.content ?? new Uint8Array());
        const whole = `${toHex(given)}${'FF'.repeat(file.size - given.length)}`.slice(0, 2 * 255);
        const length = Math.min(file.size, 255).toString(16).padStart(2, '0');
        const command = 'content' in file ? `00B00000${length}` : `00B20104${length}`;
        assert.equal(card.send(command), `${whole}9000`);
      }
    }),
    { numRuns: 60 },
  );
});
