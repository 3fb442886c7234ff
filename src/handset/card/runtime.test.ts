import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { type ProtocolOffer, responseApdu, SW } from '#protocol/apdu/index.ts';
import { type Applet, cardRuntime } from './index.ts';

/** Answers with its name, the channel and the data it got; INS 99 is a fault, INS 10 answers 300 octets. */
function echo(aid: string, name: number, ownsSelect = false): Applet {
  return {
    aid: fromHex(aid),
    ownsSelect,
    reset: () => {},
    select: (_, command) =>
      ownsSelect && command?.data[0] === 0xdd
        ? responseApdu(SW.fileNotFound)
        : responseApdu(SW.ok, Uint8Array.of(0x6f, name)),
    deselect: () => {},
    process({ ins, data }, channel) {
      if (ins === 0x99) throw new Error('fault inside');
      if (ins === 0x10) return responseApdu(SW.ok, new Uint8Array(300).fill(name));
      if (ins === 0x13 && data.length === 0) served++;
      if (ins === 0x12) return responseApdu(0x9110, Uint8Array.of(name));
      return ins === 0x11
        ? responseApdu(SW.ok)
        : responseApdu(SW.ok, Uint8Array.of(name, channel, data.length >> 8, data.length & 0xff));
    },
  };
}
/** How often INS 13 without data was served. */
let served = 0;
const faults: unknown[] = [];
const card = () =>
  cardRuntime({
    atr: fromHex('3B80'),
    applets: [echo('F000000001', 1), echo('F000000002', 2)],
    fault: (error) => faults.push(error),
  });
const run = (commands: readonly (readonly [string, string])[]) => {
  const subject = card();
  subject.reset();
  for (const [command, response] of commands)
    assert.equal(toHex(subject.transmit(fromHex(command))), response.replaceAll(' ', ''), command);
};

test('SELECT by AID, whole or beginning; empty SELECT chooses the first; unknown is 6A82 and changes nothing', () => {
  run([
    ['8013000000', '010000009000'],
    ['00A4040005F00000000200', '6F029000'],
    ['8013000000', '020000009000'],
    ['00A4040005F00000000900', '6A82'],
    ['8013000000', '020000009000'],
    ['00A4040000', '6F019000'],
    ['00A4040003F0000000', '6F019000'],
  ]);
});

test('case 4 without Le is kept for GET RESPONSE, with Le it comes at once; a wrong Le is told (TS 102 221 7.3.1.1)', () => {
  run([
    ['8013000001AA', '6104'],
    ['00C0000004', '010000019000'],
    ['00C0000004', '6985'],
    ['8013000001AA00', '010000019000'],
    ['8013000003', '6C04'],
    ['8013000004', '010000009000'],
    ['8012000000', '019110'],
    ['80110000', '9000'],
  ]);
});

test('a command that was told its Le is answered when asked again with it, and not run again', () => {
  const subject = card();
  served = 0;
  assert.equal(toHex(subject.transmit(fromHex('8013000009'))), '6C04');
  assert.equal(toHex(subject.transmit(fromHex('00C0000004'))), '6985');
  assert.equal(toHex(subject.transmit(fromHex('8013000009'))), '6C04');
  assert.equal(toHex(subject.transmit(fromHex('8013000004'))), '010000009000');
  assert.equal(served, 2);
  assert.equal(toHex(subject.transmit(fromHex('8013000004'))), '010000009000');
  assert.equal(served, 3);
});

/** A card in a slot that speaks one protocol, with an ATR that can be changed for it. */
const slotted = (offer: ProtocolOffer) => {
  const subject = cardRuntime({
    atr: fromHex('3B80800101'),
    applets: [echo('F000000001', 1), echo('F000000002', 2)],
  });
  const atr = toHex(subject.reset(offer));
  const expect = (command: string, response: string) =>
    assert.equal(toHex(subject.transmit(fromHex(command))), response.replaceAll(' ', ''), `${offer}: ${command}`);
  return { atr, expect, subject };
};

test('a channel whose number was not fetched is closed again, and the applet hears of a response that was never taken', () => {
  const untaken: number[] = [];
  const applet: Applet = { ...echo('F000000001', 1), undelivered: ({ ins }) => untaken.push(ins) };
  const subject = cardRuntime({ atr: fromHex('3B00'), applets: [applet], fault: (error) => faults.push(error) });
  const send = (command: string) => toHex(subject.transmit(fromHex(command)));
  for (const other of ['8011000000', '80', '2011000000']) {
    subject.reset('T=0');
    assert.equal(send('0070000000'), '6C01');
    send(other);
    assert.equal(send('0111000000'), '6881', 'closed');
    assert.deepEqual([send('0070000000'), send('0070000001')], ['6C01', '019000']);
    assert.equal(send('0111000000'), '9000', 'open');
    assert.equal(send('8013000009'), '6C04');
    send(other);
    assert.deepEqual(untaken.splice(0), [0x13]);
    assert.deepEqual([send('8013000009'), send('8013000004')], ['6C04', '010000009000']);
    send(other);
    assert.deepEqual(untaken, []);
  }
});

test('in a slot of T=0 data goes one way: 61XX for case 4 with or without Le, 6CXX for every Le that is not the length', () => {
  const { atr, expect } = slotted('T=0');
  assert.equal(atr, '3B8000');
  const before = served;
  for (const le of ['', '00', '04']) {
    expect(`8013000001AA${le}`, '6104');
    expect('00C0000004', '010000019000');
  }
  expect('8013000000', '6C04');
  expect('8013000004', '010000009000');
  expect('80130000', '6C04');
  expect('8013000004', '010000009000');
  assert.equal(served, before + 2, 'told its Le, the command is answered, not run again');
  expect('8013000001AA', '6104');
  expect('00C0000000', '6C04');
  expect('00C0000004', '010000019000');
  expect('00C0000004', '6985');
  expect('8011000000', '9000');
  expect('80110000', '9000');
  expect('80130000 00 0001 AA', '6700');
  expect('80130000 00 0168', '6C04');
  expect('8013000004', '010000009000');
});

test('in a slot of T=0 a response of 300 octets comes in parts of exactly Le', () => {
  const { subject } = slotted('T=0');
  assert.equal(toHex(subject.transmit(fromHex('8010000001AA'))), '6100');
  assert.equal(subject.transmit(fromHex('00C0000010')).length, 18);
  assert.equal(toHex(subject.transmit(fromHex('00C0000000')).subarray(256)), '611C');
  assert.equal(toHex(subject.transmit(fromHex('00C0000000'))), '6C1C');
  assert.equal(subject.transmit(fromHex('00C000001C')).length, 0x1c + 2);
});

test('in a slot of T=1 whole APDUs come, also extended; Le is the most that is wanted', () => {
  const { atr, expect, subject } = slotted('T=1');
  assert.equal(atr, '3B800181');
  expect('8013000001AA00', '010000019000');
  expect('80130000FF', '010000009000');
  expect('8013000003', '6C04');
  expect('80130000 00 0000', '010000009000');
  expect('80130000 00 0168', '010000009000');
  expect('80130000 00 0001 AA 0000', '010000019000');
  expect(`80130000 00 0400 ${'AA'.repeat(1024)} 0000`, '010004009000');
  expect(`80130000 00 0801 ${'AA'.repeat(2049)} 0000`, '6700');
  assert.equal(subject.transmit(fromHex('80100000 00 0000')).length, 302, 'all 300 octets at once');
  const first = subject.transmit(fromHex('80100000 00 0110'));
  assert.equal(toHex(first.subarray(0x110)), '611C');
});

test('in a slot of either protocol both forms are taken', () => {
  const { atr, expect } = slotted('both');
  assert.equal(atr, '3B80800101');
  expect('8013000001AA', '6104');
  expect('00C0000004', '010000019000');
  expect('8013000001AA00', '010000019000');
  expect('8013000000', '010000009000');
  expect('80130000 00 0000', '010000009000');
});

test('GET RESPONSE on another channel gets nothing, and ends the wait', () => {
  run([
    ['0070000001', '019000'],
    ['8013000001AA', '6104'],
    ['01C0000004', '6985'],
    ['00C0000004', '6985'],
  ]);
});

test('classes that no standard gives are 6E00 (ISO/IEC 7816-4 5.4.1)', () => {
  run([
    ['2013000000', '6E00'],
    ['3FA4040000', '6E00'],
    ['FF13000000', '6E00'],
    ['A013000000', '6E00'],
    ['B113000000', '6E00'],
  ]);
});

test('the card serves nothing of its own in classes with secure messaging: 6882 (TS 102 221 10.1.1)', () => {
  run([
    ['04A4040005F00000000200', '6882'],
    ['08A4040000', '6882'],
    ['0470000001', '6882'],
    ['0C708001', '6882'],
    ['00700004', '9000'],
    ['60A4040005F00000000200', '6882'],
    ['6070000001', '6882'],
    ['6170000001', '6881'],
    ['8013000001AA', '6104'],
    ['04C0000004', '6882'],
  ]);
});

test('while an applet has a secure channel open, what is secured is its own, and a plain SELECT is the card’s still', () => {
  let isOpen = true;
  const secured: Applet = { ...echo('F000000002', 2), isSecured: (channel) => isOpen && channel === 0 };
  const subject = cardRuntime({ atr: fromHex('3B80'), applets: [echo('F000000001', 1), secured] });
  const expect = (command: string, response: string) =>
    assert.equal(toHex(subject.transmit(fromHex(command))), response, command);
  expect('00A4040005F00000000200', '6F029000');
  expect('04A4040005F00000000100', '020000059000');
  expect('0470000004', '020000009000');
  expect('8413000001AA', '6104');
  expect('84C0000004', '020000019000');
  isOpen = false;
  expect('04A4040005F00000000100', '6882');
  isOpen = true;
  expect('00A4040005F00000000100', '6F019000');
  expect('04A4040005F00000000200', '6882');
});

test('GET RESPONSE comes in the class of the command that had the answer as well (pySim)', () => {
  run([
    ['8013000001AA', '6104'],
    ['80C0000004', '010000019000'],
    ['80C0000004', '6985'],
  ]);
});

test('partial SELECT: first, last, next, previous of the AIDs that begin so', () => {
  run([
    ['00A4040104F000000000', '6F029000'],
    ['00A4040204F000000000', '6A82'],
    ['00A4040304F000000000', '6F019000'],
    ['00A4040304F000000000', '6A82'],
    ['00A4040204F000000000', '6F029000'],
    ['00A4040006F0000000010000', '6A82'],
  ]);
});

test('an applet that owns SELECT hears unknown AIDs and SELECT by file; what it refuses changes nothing', () => {
  const subject = cardRuntime({ atr: fromHex('3B80'), applets: [echo('A000000087', 7, true), echo('F000000002', 2)] });
  const expect = (command: string, response: string) =>
    assert.equal(toHex(subject.transmit(fromHex(command))), response, command);
  expect('00A4000C023F00', '6104');
  expect('00A4040005F00000000200', '6F029000');
  expect('00A4040002DD0100', '6A82');
  expect('8013000000', '020000009000');
  expect('00A4040005A00000008700', '6F079000');
  expect('8013000000', '070000009000');
});

test('a response of 300 octets comes in parts, and another command in between loses the rest', () => {
  const subject = card();
  const first = subject.transmit(fromHex('8010000001AA'));
  assert.equal(toHex(first), '6100');
  const part = subject.transmit(fromHex('00C0000000'));
  assert.equal(part.length, 258);
  assert.equal(toHex(part.subarray(256)), '612C');
  assert.equal(subject.transmit(fromHex('00C000002C')).length, 46);
  subject.transmit(fromHex('8010000001AA'));
  subject.transmit(fromHex('80110000'));
  assert.equal(toHex(subject.transmit(fromHex('00C0000000'))), '6985');
});

test('logical channels: opened lowest first or by number, at most twenty, each with its own applet, gone after reset', () => {
  run([
    ['0070000001', '019000'],
    ['01A4040005F00000000200', '6F029000'],
    ['8113000000', '020100009000'],
    ['8013000000', '010000009000'],
    ['0070000001', '029000'],
    ['0070000001', '039000'],
    ['00700013', '9000'],
    ['00700013', '6A81'],
    ...Array.from(
      { length: 15 },
      (_, i) => ['0070000001', `${(4 + i).toString(16).padStart(2, '0').toUpperCase()}9000`] as const,
    ),
    ['0070000001', '6A81'],
    ['00700014', '6A86'],
    ['CF13000000', '011300009000'],
    ['4FA4040005F00000000200', '6F029000'],
    ['CF13000000', '021300009000'],
    ['DF13000001AA', '9000'],
    ['CF13000001AA00', '021300029000'],
    ['4F708000', '9000'],
    ['CF13000000', '6881'],
    ['00708012', '9000'],
    ['00708001', '9000'],
    ['8113000000', '6881'],
    ['00708000', '6A86'],
    ['00708014', '6A86'],
    ['C113000000', '010500009000'],
    ['CE13000000', '6881'],
  ]);
});

test('chained data is joined; another instruction breaks the chain; too much is refused', () => {
  const block = `90130000FF${'AA'.repeat(255)}`;
  run([
    [block, '9000'],
    ['8013000001AA00', '010001009000'],
    [block, '9000'],
    ['8014000001AA00', '010000019000'],
    ['8013000001AA00', '010000019000'],
    [block, '9000'],
    ['80130000FFAA', '6700'],
    ['8013000001AA00', '010000019000'],
    ...Array.from({ length: 8 }, () => [block, '9000'] as const),
    [block, '6700'],
  ]);
});

test('a fault inside an applet is 6F00, and is heard', () => {
  faults.length = 0;
  run([
    ['8099000000', '6F00'],
    ['8013000000', '010000009000'],
    ['00A404', '6700'],
    ['00A404000000', '6700'],
  ]);
  assert.equal(faults.length, 1);
});

test('a fault in reset is heard, and the card still answers to reset', () => {
  const broken: Applet = {
    ...echo('F000000003', 3),
    reset: () => {
      throw new Error('medium gone');
    },
  };
  const heard: unknown[] = [];
  const subject = cardRuntime({ atr: fromHex('3B80'), applets: [broken], fault: (error) => heard.push(error) });
  assert.equal(toHex(subject.reset()), '3B80');
  subject.powerOff();
  assert.equal(heard.length, 3);
});

test('property: no octets make the runtime throw, and every answer has a status word', () => {
  const subject = card();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      assert.ok(subject.transmit(octets).length >= 2);
    }),
  );
});

test('applets come and go, one answers SELECT without an AID, and who has files takes the channel back', () => {
  const [files, issuer, guest] = [echo('A000000087', 7, true), echo('F000000002', 2), echo('F000000003', 3)];
  const installed: Applet[] = [issuer];
  const asked: string[] = [];
  const subject = cardRuntime({
    atr: fromHex('3B80'),
    applets: [files],
    installed: (aid) => {
      asked.push(toHex(aid));
      return installed;
    },
    issuer: () => issuer,
  });
  const expect = (command: string, response: string) =>
    assert.equal(toHex(subject.transmit(fromHex(command))), response, command);
  expect('00A4040000', '6F029000');
  expect('00A4040005F00000000300', '6F079000');
  installed.push(guest);
  expect('00A4040005F00000000300', '6F039000');
  expect('00A4000C023F00', '6104');
  expect('8013000000', '070000009000');
  assert.deepEqual(asked, ['F000000003', 'F000000003']);
});
