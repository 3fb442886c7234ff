import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { type UiccProfile, uiccProfile } from '../profile.ts';
import { personalisedMedium, RECORD, subject } from '../uicc.fixture.ts';
import { serviceTable } from './coding-general.ts';
import { type DedicatedFile, type ElementaryFile, filled, isOfRecords, STRUCTURE } from './elementary-file.ts';
import { fileImage } from './file-image.ts';
import { ALL_SERVICES, filesBelow, servicesOf, standardTables } from './standard-image.ts';
import { SERVICE_OCTETS, SERVICES_WITHOUT_FILE } from './ts-31-102.ts';
import { ADF_ISIM } from './ts-31-103.ts';
import { SIM_SERVICES, SIM_SERVICES_WITHOUT_FILE } from './ts-51-011.ts';

const PROFILE = uiccProfile.decode(cardMemory(personalisedMedium({ ...RECORD, ims: {} })).get(1) as Uint8Array);
/** Every file that the tables declare. */
const WHOLE = standardTables(ALL_SERVICES, true);
const FILES = filesBelow(WHOLE);
const directories = (top: DedicatedFile): readonly DedicatedFile[] => [top, ...top.directories.flatMap(directories)];

test('every file has a coding, and its example means what is said, both ways', () => {
  for (const file of FILES) {
    const { name, coding, recordLength, structure } = file;
    assert.ok(coding, `${name}: a coding with an example`);
    const example = coding.example.toUpperCase();
    const octets = structure === STRUCTURE.berTlv ? filled(example.length / 2, example) : filled(recordLength, example);
    assert.deepEqual(coding.format.decode(octets), coding.meaning, `${name} decoded`);
    const encoded = toHex(coding.format.encode(coding.meaning));
    const whole = structure === STRUCTURE.berTlv ? encoded : encoded.padEnd(2 * recordLength, 'F');
    assert.equal(whole, toHex(octets), `${name} encoded`);
  }
});

test('every start value is one that the coding reads', () => {
  const contents = ({ start }: ElementaryFile): readonly Uint8Array[] => {
    if (typeof start === 'string') return start === '' ? [] : [fromHex(start)];
    const made = typeof start === 'function' ? start(PROFILE) : start;
    return made instanceof Uint8Array ? [made] : made;
  };
  for (const file of FILES)
    for (const content of contents(file)) {
      const whole = filled(file.recordLength, toHex(content));
      assert.doesNotThrow(() => file.coding?.format.decode(whole), file.name);
    }
});

test('numbers: a place of its own for every content, of records below 128; linked files are of one kind', () => {
  const byNumber = new Map<number, ElementaryFile>();
  for (const file of FILES) {
    const { number, name, records, recordLength } = file;
    assert.ok(number >= 1 && number <= (isOfRecords(file) ? 127 : 255), name);
    assert.ok(records >= 1 && records <= 254 && (!isOfRecords(file) || recordLength <= 255), name);
    const other = byNumber.get(number);
    if (other === undefined) byNumber.set(number, file);
    else
      assert.deepEqual(
        [file.structure, file.recordLength, file.records, file.start],
        [other.structure, other.recordLength, other.records, other.start],
        `${name} and ${other.name}`,
      );
  }
  const numbers = directories(WHOLE).map(({ number }) => number);
  assert.equal(new Set(numbers).size, numbers.length);
  for (const number of numbers) assert.ok(number >= 1 && number <= 31);
});

test('a directory has no identifier and no short identifier twice', () => {
  for (const { name, files, directories: below } of directories(WHOLE)) {
    const identifiers = [...files, ...below].map(({ identifier }) => identifier);
    assert.equal(new Set(identifiers).size, identifiers.length, name);
    const short = files.flatMap(({ shortIdentifier }) => shortIdentifier ?? []);
    assert.equal(new Set(short).size, short.length, name);
    for (const identifier of short) assert.ok(identifier >= 1 && identifier <= 30, name);
  }
});

test('every file names a record of an EF.ARR that is there and says something', () => {
  const image = fileImage(WHOLE);
  for (const nodes of image.files.values())
    for (const { security, file } of nodes) assert.ok((security.rules.get(-1)?.length ?? 0) > 0, file.name);
  for (const { security, identifier } of image.directories.values())
    assert.ok((security.rules.get(-1)?.length ?? 0) > 0, identifier.toString(16));
});

/** Services of EF.UST on whose files the two sides are compared, one at a time and all together. */
const OFFERS = [ALL_SERVICES, new Set<number>(), ...[...ALL_SERVICES].map((service) => new Set([service]))];

test('EF.UST and the files agree: no bit without its file, no file without its bit', () => {
  for (const offered of OFFERS) {
    const tables = standardTables(offered, false);
    const usim = tables.directories.find(({ aid }) => aid !== undefined) as DedicatedFile;
    const start = usim.files.find(({ identifier }) => identifier === 0x6f38)?.start;
    const bits = new Set(serviceTable(SERVICE_OCTETS).decode((start as (profile: UiccProfile) => Uint8Array)(PROFILE)));
    assert.deepEqual(bits, new Set([...SERVICES_WITHOUT_FILE, ...offered]));
    const here = filesBelow(tables);
    for (const { name, services } of here)
      assert.ok(services.length === 0 || services.some((one) => bits.has(one)), name);
    for (const service of offered)
      assert.ok(
        here.some(({ services }) => services.includes(service)),
        `${service}`,
      );
  }
});

test('EF.IST and the files of the ISIM agree', () => {
  const card = subject({ ims: {} });
  card.expect(['00A4040C07A0000000871004', '9000']);
  const bits = new Set(serviceTable(3).decode(filled(3, card.send('00B0870000').slice(0, -4))));
  assert.deepEqual(bits, servicesOf(ADF_ISIM));
  for (const { identifier } of ADF_ISIM.files)
    card.expect([`00A4000C02${identifier.toString(16).padStart(4, '0')}`, '9000']);
});

test('EF.SST and the files of DF.GSM and DF.TELECOM agree', () => {
  for (const offered of [ALL_SERVICES, new Set<number>()]) {
    const { directories: below } = standardTables(offered, false);
    const both = below.filter(({ identifier }) => identifier === 0x7f10 || identifier === 0x7f20);
    const here = new Set(both.flatMap(({ files }) => files.map(({ identifier }) => identifier)));
    const table = both.flatMap(({ files }) => files).find(({ identifier }) => identifier === 0x6f38);
    const bits = new Set(
      table?.coding?.format.decode((table.start as readonly Uint8Array[])[0] as Uint8Array) as number[],
    );
    const expected = Object.entries(SIM_SERVICES).flatMap(([service, file]) =>
      here.has(file) ? [Number(service)] : [],
    );
    assert.deepEqual(bits, new Set([...SIM_SERVICES_WITHOUT_FILE, ...expected]));
  }
});
