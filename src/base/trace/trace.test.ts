import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { internetChecksum, ipv4Datagram } from './datagram.ts';
import {
  collectingTrace,
  gsmtapPackets,
  gsmtapUdp,
  pcapngFile,
  silentTrace,
  type TraceRecord,
  teeTrace,
} from './index.ts';

function apdu(command: string, response: string, more: Partial<TraceRecord> = {}): TraceRecord {
  return {
    at: 1_790_000_000_123,
    from: 'operating system (4)',
    to: 'UICC (31)',
    protocol: 'apdu',
    octets: fromHex(command),
    response: fromHex(response),
    name: 'SELECT',
    ...more,
  };
}
const HEADER = '02040400 0000 0000 00000000 00 00 00 00'.replaceAll(' ', '');
const bodies = (record: TraceRecord) =>
  gsmtapPackets(record).map((packet) => {
    assert.equal(toHex(packet.subarray(0, 16)), HEADER);
    return toHex(packet.subarray(16));
  });

test('GSMTAP shows APDUs as T=0 carries them: P3 counts the data that follows', () => {
  assert.deepEqual(bodies(apdu('00700000', '9000')), ['00700000009000'], 'case 1');
  assert.deepEqual(bodies(apdu('00B0000000', '9810 9000')), ['00B000000298109000'], 'case 2, Le 00');
  assert.deepEqual(bodies(apdu('00B000000A', '6982')), ['00B00000006982'], 'case 2, refused');
  assert.deepEqual(bodies(apdu('80140000 03 810301', '9114')), ['80140000038103019114'], 'case 3');
  assert.deepEqual(bodies(apdu('00A40004 02 3F00 00', '6A82')), ['00A40004023F006A82'], 'case 4, refused');
  assert.deepEqual(
    bodies(apdu('01A40004 02 3F00 00', '6200 9000')),
    ['01A40004023F006102', '01C000000262009000'],
    'case 4, GET RESPONSE on the same channel',
  );
  assert.deepEqual(
    bodies(apdu(`00DB0000 00 0102 ${'11'.repeat(258)}`, '9000')),
    [`10DB0000FF${'11'.repeat(255)}9000`, '00DB0000031111119000'],
    'extended Lc: a chain',
  );
  assert.deepEqual(
    bodies(apdu('00CABF21 00 0000', `${'22'.repeat(300)}9000`)),
    [`00CABF2100${'22'.repeat(256)}612C`, `00C000002C${'22'.repeat(44)}9000`],
    'extended Le: parts',
  );
  assert.deepEqual(bodies(apdu('00A40004 00 0002 3F00 0000', '6A82')), ['00A40004023F006A82']);
  const longest = bodies(apdu('00A40004 02 3F00 00', `${'AA'.repeat(256)}9000`));
  assert.equal(longest[0], '00A40004023F006100');
  assert.equal(longest[1], `00C0000000${'AA'.repeat(256)}9000`);
});

test('GSMTAP: the sub-slot tells the storage support from the UICC', () => {
  const [ofUicc, ofSupport] = [apdu('00700000', '9000'), apdu('00700000', '9000', { to: 'storage support (2)' })];
  assert.equal(gsmtapPackets(ofUicc)[0]?.[14], 0);
  assert.equal(gsmtapPackets(ofSupport)[0]?.[14], 1);
});

test('GSMTAP: an answer to reset has sub-type 1; what is no SIM traffic or too short gives no packet', () => {
  const { response: _, ...atr } = apdu('3B00', '9000', { protocol: 'atr' });
  assert.equal(toHex((gsmtapPackets(atr)[0] as Uint8Array).subarray(12)), '010000003B00');
  assert.deepEqual(gsmtapPackets(apdu('', '9000')), []);
  assert.deepEqual(gsmtapPackets(apdu('00A40004', '90')), []);
  assert.deepEqual(gsmtapPackets(apdu('00A40004', '9000', { protocol: 'smpp' })), []);
});

test('Internet checksum: the example of RFC 1071 section 3, and headers that sum to zero', () => {
  assert.equal(internetChecksum(fromHex('0001F203F4F5F6F7')), 0xffff - 0xddf2);
  const ends = { address: fromHex('C000021F'), port: 4729 };
  for (const payload of ['', 'AB', 'ABCD']) {
    const packet = ipv4Datagram(ends, ends, fromHex(payload));
    assert.equal(internetChecksum(packet.subarray(0, 20)), 0);
    const pseudo = Uint8Array.of(...packet.subarray(12, 20), 0, 17, 0, packet.length - 20, ...packet.subarray(20));
    assert.equal(internetChecksum(pseudo), 0);
  }
});

test('collecting keeps the newest, tee asks who is listening, silent is off', () => {
  const two = collectingTrace(2);
  const tee = teeTrace(silentTrace, two);
  assert.equal(tee.enabled, true);
  assert.equal(teeTrace(silentTrace).enabled, false);
  silentTrace.record(apdu('', ''));
  for (const name of ['a', 'b', 'c']) tee.record(apdu('00A40004', '9000', { name }));
  assert.deepEqual(
    two.records.map((record) => record.name),
    ['b', 'c'],
  );
  two.clear();
  assert.equal(two.records.length, 0);
});

test('GSMTAP over UDP arrives as encoded; a closed or unheard trace is no error', async () => {
  const receiver = createSocket('udp4').bind(0, '127.0.0.1');
  await once(receiver, 'listening');
  const trace = gsmtapUdp('127.0.0.1', receiver.address().port);
  const received = once(receiver, 'message');
  trace.record(apdu('00700000', '9000'));
  assert.equal(toHex((await received)[0] as Uint8Array), `${HEADER}00700000009000`);
  receiver.close();
  trace.record(apdu('00700000', '9000'));
  trace.close();
  trace.close();
  trace.record(apdu('00700000', '9000'));
});

test('a pcapng file is whole after every record, before it is closed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-trace-'));
  const path = join(folder, 'run.pcapng');
  const trace = pcapngFile(path);
  trace.record(apdu('00A40004 02 3F00 00', '6200 9000'));
  trace.record(apdu('', '', { protocol: 'local' }));
  const file = readFileSync(path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const types: number[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at + 4);
    assert.equal(length % 4, 0);
    assert.equal(file.readUInt32BE(at + length - 4), length, 'the length stands at both ends');
    types.push(file.readUInt32BE(at));
    at += length;
  }
  assert.deepEqual(types, [0x0a0d0d0a, 1, 1, 6, 6]);
  trace.close();
  assert.equal(trace.enabled, false);
  trace.record(apdu('00700000', '9000'));
  assert.equal(statSync(path).size, file.length);
  rmSync(folder, { recursive: true });
  assert.throws(() => pcapngFile(path), { code: 'ENOENT' });
});
