import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardMemory } from '#handset/card/index.ts';
import {
  failing,
  MEMORY_OCTETS,
  personalisedMedium,
  SELECT_USIM,
  type Subject,
  subject,
  subjectOn,
} from '../uicc.fixture.ts';

const ADM1_IS = '0020000A080102030405060708';
const octet = (value: number) => value.toString(16).padStart(2, '0').toUpperCase();
const withLength = (header: string, data: string) => `${header}${octet(data.length / 2)}${data}`;
const template = (body: string) => `62${octet(body.length / 2)}${body}`;
/** CREATE FILE of an EF: descriptor, identifier, record of EF.ARR, size, short identifier. */
const createFile = (descriptor: string, identifier: string, record: string, size: number, short = '8800') =>
  withLength(
    '00E00000',
    template(
      `82${octet(descriptor.length / 2)}${descriptor}8302${identifier}8A01058B036F06${record}8002${size.toString(16).padStart(4, '0')}${short}`,
    ),
  );
const createDirectory = (identifier: string, rest = '', rules = '6F06') =>
  withLength('00E00000', template(`820278218302${identifier}${rest}8A01058B03${rules}07C606900100830101`));
const select = (identifier: string) => `00A4000C02${identifier}`;

function unlocked(): Subject {
  const card = subject();
  card.send(SELECT_USIM);
  card.expect([ADM1_IS, '9000']);
  return card;
}

test('CREATE FILE: transparent, linear, cyclic; at once selected, full of FF, and there after the next power-on', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  card.send(SELECT_USIM);
  card.expect(
    [createFile('4121', '6F80', '04', 8), '6982'],
    [ADM1_IS, '9000'],
    [createFile('4121', '6FA1', '04', 8, '8801E0'), '9000'],
    ['00B0000000', `${'FF'.repeat(8)}9000`],
    ['00D6000302AABB', '9000'],
    ['00B0000000', 'FFFFFFAABBFFFFFF9000'],
    [createFile('42210004', '6FA2', '04', 12), '9000'],
    ['00DC020404 01020304', '9000'],
    ['00B2020404', '010203049000'],
    ['00B2030404', 'FFFFFFFF9000'],
    ['00B2040404', '6A83'],
    [createFile('46210003', '6FA3', '04', 9), '9000'],
    ['00DC000303 000001', '9000'],
    ['00DC000303 000002', '9000'],
    ['8032000003000005', '6106'],
    ['00C0000006', '0000070000059000'],
    ['00B2010403', '0000079000'],
    ['00B2030403', '0000019000'],
  );
  const later = subjectOn(medium);
  later.send(SELECT_USIM);
  later.expect(
    ['00A40004026FA1', '6119'],
    ['00C0000019', '621782024121 83026FA1 8A0105 8B036F0604 80020008 8801E0 9000'],
  );
  later.expect(['00B09C0000', 'FFFFFFAABBFFFFFF9000']);
  later.expect([select('6FA3'), '9000'], ['00B2020403', '0000029000']);
});

test('CREATE FILE fills with a pattern, in each record anew: to the end by its last octet (C1), or over and over (C2)', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  card.send(SELECT_USIM);
  const filled = (descriptor: string, identifier: string, size: string, proprietary: string) =>
    withLength(
      '00E00000',
      template(
        `82${octet(descriptor.length / 2)}${descriptor}8302${identifier}A5${octet(proprietary.length / 2)}${proprietary}8A01058B036F06048002${size}8800`,
      ),
    );
  card.expect(
    [ADM1_IS, '9000'],
    [filled('4121', '6FA1', '0005', 'C1020102'), '9000'],
    ['00B0000000', '01020202029000'],
    [filled('42210003', '6FA2', '0006', 'C2020A0B'), '9000'],
    ['00B2020403', '0A0B0A9000'],
    [filled('46210002', '6FA3', '0004', 'C10100'), '9000'],
    ['00B2020402', '00009000'],
    [filled('4121', '6FA4', '0005', 'C10100C20101'), '6A80'],
    [filled('4121', '6FA4', '0005', 'C105'), '6A80'],
    [filled('7921', '6FA4', '0010', 'C10100'), '6A80'],
    [filled('4121', '6FA4', '0005', 'C00140'), '9000'],
    ['00B0000000', 'FFFFFFFFFF9000'],
  );
  const again = subjectOn(medium);
  again.send(SELECT_USIM);
  again.expect([select('6FA1'), '9000'], ['00B0000000', '01020202029000']);
});

test('CREATE FILE refuses what makes no file: taken identifiers, reserved ones, sizes, no rule, no room', () => {
  const card = unlocked();
  card.expect(
    [createFile('4121', '6F07', '04', 8), '6A89'],
    [createFile('4121', '6FA1', '04', 8, '880138'), '6A89'],
    [createFile('4121', '3F00', '04', 8), '6A80'],
    [createFile('42210004', '6FA1', '04', 13), '6A80'],
    [createFile('42210100', '6FA1', '04', 256), '6A80'],
    [createFile('4121', '6FA1', '04', 0), '6A80'],
    [createFile('4121', '6FA1', '04', 0x7000), '6A84'],
    [createFile('4321', '6FA1', '04', 8), '6A80'],
    [withLength('00E00000', template('82024121 83026FA1 8A0105 80020008'.replaceAll(' ', ''))), '6A80'],
    ['00E000000362FF00', '6A80'],
    ['00E001000162', '6A86'],
    [select('6FA1'), '6A82'],
  );
});

test('a rule by record and security environment, and a rule of its own, are enforced as written', () => {
  const card = subject({ pin: '4711' });
  card.send(SELECT_USIM);
  const body = (security: string, identifier: string) =>
    template(`820241218302${identifier}8A0105${security}800200018800`);
  const and = 'AF10A40683010195010 8A40683010A950108'.replace(' ', '');
  card.expect(
    [ADM1_IS, '9000'],
    // Environment 01 (PIN1 enabled): record 4, read by PIN1; environment 00: record 10, always.
    [withLength('00E00000', body('8B066F060104000A', '6FA1')), '9000'],
    [withLength('00E00000', body(`AB1A800101${and}8001029000`, '6FA2')), '9000'],
    ['00D600000155', '9000'],
    ['00B0000001', '6982'],
    [select('6FA1'), '9000'],
    ['00B0000001', '6982'],
    ['002000010834373131FFFFFFFF', '9000'],
    ['00B0000001', 'FF9000'],
    [select('6FA2'), '9000'],
    ['00B0000001', '559000'],
    ['002600010834373131FFFFFFFF', '9000'],
  );
  card.card.reset();
  card.send(SELECT_USIM);
  // PIN1 is off now: the other environment rules, and the first half of the AND holds.
  card.expect([select('6FA1'), '9000'], ['00B0000001', 'FF9000'], [select('6FA2'), '9000'], ['00B0000001', '6982']);
});

test('what a tool writes into EF.ARR is what the card enforces from then on', () => {
  const card = unlocked();
  // A DF with an EF.ARR of its own that ADM1 may change.
  card.expect(
    [createDirectory('5FB0'), '9000'],
    [createFile('42210014', '6F06', '08', 20), '9000'],
    [withLength('00DC0104', '800101A40683010A950108FFFFFFFFFFFFFFFFFF'), '9000'],
    [createFile('4121', '4F01', '01', 1), '9000'],
    ['00B0000001', 'FF9000'],
  );
  card.card.reset();
  card.send(SELECT_USIM);
  card.expect(
    ['00A4080C067FFF5FB04F01', '9000'],
    ['00B0000001', '6982'],
    [ADM1_IS, '9000'],
    [select('6F06'), '9000'],
    [withLength('00DC0104', `8001019000${'FF'.repeat(15)}`), '9000'],
  );
  card.card.reset();
  card.send(SELECT_USIM);
  card.expect(['00A4080C067FFF5FB04F01', '9000'], ['00B0000001', 'FF9000'], ['00D600000100', '6982']);
});

test('DELETE FILE: an EF, a DF with all below it; the room comes back', () => {
  const medium = personalisedMedium();
  const { free } = cardMemory(medium);
  const card = subjectOn(medium);
  card.send(SELECT_USIM);
  card.expect(
    ['00E40000026F46', '6982'],
    [ADM1_IS, '9000'],
    [createDirectory('5FB0'), '9000'],
    [createDirectory('5FB1'), '9000'],
    [createFile('4121', '4F01', '04', 100), '9000'],
    ['00A4030C', '9000'],
    [createFile('4121', '4F02', '04', 100), '9000'],
    ['00A4030C', '9000'],
    ['00E40000025FB0', '9000'],
    [select('5FB0'), '6A82'],
    ['00E40000026FA9', '6A82'],
    ['00E40000026F06', '6982'],
    ['00E40000023F00', '6A82'],
  );
  const later = cardMemory(medium);
  assert.ok(free - later.free <= 7, `${free - later.free} octets kept`);
});

test('files of the image are deleted for one card; another of the same kind has them still', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  card.send(SELECT_USIM);
  card.expect([ADM1_IS, '9000'], ['00E40000026F46', '9000'], [select('6F46'), '6A82'], ['00E40000025F3B', '9000']);
  const later = subjectOn(medium);
  later.send(SELECT_USIM);
  later.expect(
    [select('6F46'), '6A82'],
    ['00A4080C067FFF5F3B4F20', '6A82'],
    // The SIM's name for the same content is still there.
    ['00A4080C047F206F46', '9000'],
    ['00B0000001', '009000'],
    ['00A4080C047F206F20', '9000'],
  );
  const other = subject();
  other.send(SELECT_USIM);
  other.expect([select('6F46'), '9000']);
  // Its place can be taken again, by another kind of file.
  later.send(SELECT_USIM);
  later.expect([ADM1_IS, '9000'], [createFile('42210004', '6F46', '04', 8), '9000'], ['00B2020404', 'FFFFFFFF9000']);
});

test('RESIZE FILE: longer and shorter, with records, of a cyclic file the newest stay', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  const resize = (identifier: string, size: number) =>
    withLength('80D40000', template(`8302${identifier}8002${size.toString(16).padStart(4, '0')}`));
  card.send(SELECT_USIM);
  card.expect(
    [resize('6F3C', 352), '6982'],
    [ADM1_IS, '9000'],
    [select('6F7B'), '9000'],
    ['00D60000026210', '9000'],
    [resize('6F7B', 15), '9000'],
    ['00B0000000', `6210${'FF'.repeat(13)}9000`],
    [resize('6F7B', 2), '9000'],
    ['00B0000000', '62109000'],
    [resize('6F7B', 0), '6A80'],
    [resize('6F3C', 353), '6A80'],
    [resize('6F3C', 352), '9000'],
    ['00B20304B0', '6A83'],
    [resize('6F3C', 528), '9000'],
  );
  assert.match(card.send('00B2030400'), /^FF.*9000$/);
  card.expect([select('6F82'), '9000']);
  for (const value of ['01', '02', '03']) card.expect([`80320000030000${value}`, '6106']);
  card.expect(
    [resize('6F82', 9), '9000'],
    ['00B2010403', '0000069000'],
    ['00B2020403', '0000039000'],
    ['00B2030403', 'FFFFFF9000'],
    [resize('6F82', 3), '9000'],
    ['00B2020403', '6A83'],
  );
  const later = subjectOn(medium);
  later.send(SELECT_USIM);
  later.expect([select('6F82'), '9000'], ['00B2010403', '0000069000'], ['00B2020403', '6A83']);
  later.expect([select('6F7B'), '9000'], ['00B0000000', '62109000']);
});

test('TERMINATE EF and DF: found with 6285, used no more, only deleted', () => {
  const card = unlocked();
  card.expect(
    ['00E80000025F3B', '6981'],
    ['00E80000026F46', '9000'],
    [select('6F46'), '6285'],
    ['00B0000001', '6985'],
    ['00440000026F46', '6985'],
    ['00E60000025F3B', '9000'],
    ['00A4080C067FFF5F3B4F20', '9000'],
    ['00B0000001', '6985'],
    ['00A4000C023F00', '9000'],
    ['00E6000002 3F00', '6985'],
  );
});

test('a deactivated DF: found with 6283, its files are not used until it is activated', () => {
  const card = unlocked();
  card.expect(
    ['00040000025F3B', '9000'],
    [select('5F3B'), '6283'],
    [select('4F20'), '9000'],
    ['00B0000009', '6984'],
    ['00A4030C', '9000'],
    ['00440900025F3B', '9000'],
    [select('4F20'), '9000'],
    ['00B0000009', 'FFFFFFFFFFFFFFFF079000'],
  );
});

test('TERMINATE CARD USAGE: nothing is served any more, not after reset, not as a SIM', () => {
  const medium = personalisedMedium();
  const card = subjectOn(medium);
  card.expect(['00FE0000', '6982'], [ADM1_IS, '9000'], ['00FE0000', '9000'], ['00A4000C023F00', '6985']);
  const later = subjectOn(medium);
  later.expect(['00A4040C07A0000000871002', '6985']);
  later.card.reset();
  later.expect(['A0A40000023F00', '6985']);
});

test('an ADF of its own: selected by its AID and by the beginning of it, first, last, next and previous', () => {
  const card = subject({ ims: {} });
  const aid = 'A0000000871002AA';
  card.expect(
    [ADM1_IS, '9000'],
    [createDirectory('7FA0', `8408${aid}`, '2F06'), '9000'],
    [createFile('4121', '6F01', '04', 1).replace('8B036F0604', '8B032F0604'), '9000'],
  );
  card.expect(
    ['00A4000C023F00', '9000'],
    [createDirectory('7FA1', `8408${aid}`, '2F06'), '6A8A'],
    [`00A4040C08${aid}`, '9000'],
    ['80F2000100', `8408${aid}9000`],
    ['00A4040C07A0000000871002', '9000'],
    ['80F2000100', '8410A0000000871002FFFFFFFF89070900009000'],
    ['00A4040E07A0000000871002', '9000'],
    ['80F2000100', `8408${aid}9000`],
    ['00A4040E07A0000000871002', '6A82'],
    ['00A4040F07A0000000871002', '9000'],
    ['80F2000100', '8410A0000000871002FFFFFFFF89070900009000'],
    ['00A4040D05A000000087', '9000'],
    ['80F2000100', `8408${aid}9000`],
    ['00A4040C07A0000000871004', '9000'],
    ['80F2000100', '8410A0000000871004FFFFFFFF89070900009000'],
    ['00A4044C07A0000000871004', '9000'],
    ['80F2000100', '6A88'],
  );
});

test('power lost at any octet of a change leaves the old files or the new ones', () => {
  const source = personalisedMedium();
  const commands = [
    createFile('4121', '6FA1', '04', 8),
    createFile('42210004', '6FA2', '04', 12),
    '00E40000026FA1',
    withLength('80D40000', template('83026FA280020004')),
    '00E40000026F46',
  ];
  const states = new Set<string>();
  const probe = (card: Subject) => {
    card.send(SELECT_USIM);
    return ['6FA1', '6FA2', '6F46'].map((identifier) => card.send(`00A4000402${identifier}00`)).join();
  };
  const whole = subjectOn(personalisedMedium());
  whole.send(SELECT_USIM);
  whole.send(ADM1_IS);
  states.add(probe(whole));
  for (const command of commands) {
    whole.send(SELECT_USIM);
    whole.expect([command, '9000']);
    states.add(probe(whole));
  }
  assert.equal(states.size, 6);
  for (let octets = 0; octets < 700; octets += 3) {
    const { medium, survivor } = failing(source, octets);
    try {
      const card = subjectOn(medium, { fault: () => {} });
      card.send(SELECT_USIM);
      card.send(ADM1_IS);
      for (const command of commands) {
        card.send(SELECT_USIM);
        card.send(command);
      }
    } catch {
      // The power went while the card was opened.
    }
    assert.equal(survivor.size, MEMORY_OCTETS);
    const seen = probe(subjectOn(survivor));
    assert.ok(states.has(seen), `${octets}: ${seen}`);
  }
});
