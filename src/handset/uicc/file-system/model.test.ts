import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { personalisedMedium, SELECT_USIM, type Subject, subjectOn } from '../uicc.fixture.ts';

/** A file as anybody would think of it. */
interface ModelFile {
  readonly kind: 'transparent' | 'linear' | 'cyclic';
  /** Octets in hexadecimal, of each record; of a cyclic file the newest first. */
  records: string[];
  isActive: boolean;
}
type Model = Map<string, ModelFile>;

const IDENTIFIERS = ['6FA1', '6FA2', '6FA3', '6FA4'] as const;
const RECORD_LENGTH = 3;
const DESCRIPTORS = { transparent: '4121', linear: '42210003', cyclic: '46210003' } as const;
const hex = (value: number, octets = 1) =>
  value
    .toString(16)
    .padStart(2 * octets, '0')
    .toUpperCase();
const withLength = (header: string, data: string) => `${header}${hex(data.length / 2)}${data}`;
const template = (body: string) => `62${hex(body.length / 2)}${body}`;

const isOfRecords = (file: ModelFile) => file.kind !== 'transparent';

type Step = (card: Subject, model: Model) => void;

const select = (card: Subject, model: Model, identifier: string) => {
  const file = model.get(identifier);
  card.expect([`00A4000C02${identifier}`, file === undefined ? '6A82' : file.isActive ? '9000' : '6283']);
  return file;
};

const create =
  (identifier: string, kind: ModelFile['kind'], size: number): Step =>
  (card, model) => {
    const octets = kind === 'transparent' ? size : RECORD_LENGTH * size;
    const descriptor = DESCRIPTORS[kind];
    const fcp = template(
      `82${hex(descriptor.length / 2)}${descriptor}8302${identifier}8A01058B036F060A8002${hex(octets, 2)}8800`,
    );
    card.expect([withLength('00E00000', fcp), model.has(identifier) ? '6A89' : '9000']);
    if (model.has(identifier)) return;
    const records = kind === 'transparent' ? ['FF'.repeat(size)] : Array.from({ length: size }, () => 'FFFFFF');
    model.set(identifier, { kind, records, isActive: true });
  };

const remove =
  (identifier: string): Step =>
  (card, model) => {
    card.expect([`00E4000002${identifier}`, model.delete(identifier) ? '9000' : '6A82']);
  };

const resize =
  (identifier: string, size: number): Step =>
  (card, model) => {
    const file = model.get(identifier);
    const octets = file !== undefined && isOfRecords(file) ? RECORD_LENGTH * size : size;
    card.expect([
      withLength('80D40000', template(`8302${identifier}8002${hex(octets, 2)}`)),
      file === undefined ? '6A82' : '9000',
    ]);
    if (file === undefined) return;
    if (isOfRecords(file)) file.records = Array.from({ length: size }, (_, i) => file.records[i] ?? 'FFFFFF');
    else file.records = [(file.records[0] as string).padEnd(2 * size, 'F').slice(0, 2 * size)];
  };

const setActive =
  (identifier: string, isActive: boolean): Step =>
  (card, model) => {
    const file = model.get(identifier);
    card.expect([`00${isActive ? '44' : '04'}000002${identifier}`, file === undefined ? '6A82' : '9000']);
    if (file !== undefined) file.isActive = isActive;
  };

const write =
  (identifier: string, place: number, value: number): Step =>
  (card, model) => {
    const file = select(card, model, identifier);
    if (file === undefined) return;
    const usual = file.isActive ? '9000' : '6984';
    if (file.kind === 'transparent') {
      const whole = file.records[0] as string;
      const fits = 2 * place < whole.length;
      card.expect([`00D6${hex(place, 2)}01${hex(value)}`, file.isActive && !fits ? '6B00' : usual]);
      if (fits && file.isActive) file.records = [whole.slice(0, 2 * place) + hex(value) + whole.slice(2 * place + 2)];
      return;
    }
    const record = `${hex(value)}0102`;
    if (file.kind === 'cyclic') {
      card.expect([`00DC000303${record}`, usual]);
      if (file.isActive) file.records = [record, ...file.records.slice(0, -1)];
      return;
    }
    const fits = place < file.records.length;
    card.expect([`00DC${hex(place + 1)}0403${record}`, file.isActive && !fits ? '6A83' : usual]);
    if (fits && file.isActive) file.records[place] = record;
  };

/** Every file of the model is on the card with just these octets, and no other is there. */
const check: Step = (card, model) => {
  for (const identifier of IDENTIFIERS) {
    const file = select(card, model, identifier);
    if (file === undefined || !file.isActive) continue;
    if (file.kind === 'transparent') card.expect(['00B0000000', `${file.records[0]}9000`]);
    else {
      file.records.forEach((record, i) => void card.expect([`00B2${hex(i + 1)}0403`, `${record}9000`]));
      card.expect([`00B2${hex(file.records.length + 1)}0403`, '6A83']);
    }
  }
};

const identifier = fc.constantFrom(...IDENTIFIERS);
const size = fc.integer({ min: 1, max: 9 });
const kind = fc.constantFrom('transparent', 'linear', 'cyclic');
const step: fc.Arbitrary<Step | 'power'> = fc.oneof(
  fc.tuple(identifier, kind, size).map(([id, what, octets]) => create(id, what, octets)),
  fc.tuple(identifier, fc.nat(9), fc.nat(254)).map(([id, place, value]) => write(id, place, value)),
  fc.tuple(identifier, fc.nat(9), fc.nat(254)).map(([id, place, value]) => write(id, place, value)),
  identifier.map(remove),
  fc.tuple(identifier, size).map(([id, octets]) => resize(id, octets)),
  fc.tuple(identifier, fc.boolean()).map(([id, isActive]) => setActive(id, isActive)),
  fc.constant('power' as const),
);

test('property: any life of files is that of a simple model, whatever is created, written, resized, switched and deleted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const medium = personalisedMedium();
      const powerOn = () => {
        const card = subjectOn(medium);
        card.send(SELECT_USIM);
        card.expect(['0020000A080102030405060708', '9000']);
        return card;
      };
      let card = powerOn();
      const model: Model = new Map();
      for (const one of steps) {
        if (one === 'power') card = powerOn();
        else one(card, model);
      }
      check(card, model);
      check(powerOn(), model);
      assert.ok(model.size <= IDENTIFIERS.length);
    }),
    { numRuns: 200, seed: 102 },
  );
});
