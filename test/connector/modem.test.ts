import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fromHex, toHex } from '#base/codec/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
import { ModemSlot, openModemLine } from '#handset/connector/index.ts';
import { SAMPLE, sampleCards } from '#lab/workshop/index.ts';
import { manualScheduler, systemScheduler } from '#protocol/smpp/index.ts';
import { AtModem, type ModemHabits } from './at-modem.ts';

const uicc = () => sampleCards({ random: seededRandom('modem'), clock: fixedClock(Date.UTC(2026, 10, 24)) }).uicc;
const EF_ICCID = `${toHex(SAMPLE.iccid.toEf())}9000`;

/** A slot in front of a modem in this process, over a line that delivers later. */
function slotBefore(habits: ModemHabits, scheduler = systemScheduler) {
  let hear: (octets: Uint8Array) => void = () => {};
  let end: (reason: string) => void = () => {};
  const modem = new AtModem(uicc(), (octets) => queueMicrotask(() => hear(octets)), habits);
  const line = {
    write: (octets: Uint8Array) => modem.take(octets),
    listen: (onOctets: typeof hear, onEnd: typeof end) => {
      hear = onOctets;
      end = onEnd;
    },
    close: () => {},
  };
  return { modem, slot: new ModemSlot('/dev/ttyX', line, scheduler), unplug: () => end('the device is gone') };
}

for (const [name, habits, way] of [
  ['a good one', {}, '+CSIM'],
  [
    'one that echoes for ever, chatters, and sends three octets at a time',
    { alwaysEchoes: true, chatter: '+CREG: 1', piece: 3 },
    '+CSIM',
  ],
  ['one that refuses AT+CSIM', { refuses: { 'AT+CSIM': '+CME ERROR: 3' } }, '+CGLA'],
  ['one that has files alone', { refuses: { 'AT+CSIM': 'ERROR', 'AT+CCHO': '+CME ERROR: 4' } }, '+CRSM'],
] as const)
  test(`a modem's card is reached: ${name}`, async () => {
    const { slot, modem } = slotBefore(habits);
    assert.equal(toHex(await slot.reset()), '3B00', slot.trouble);
    assert.equal(slot.place, `/dev/ttyX, AT${way}`);
    assert.match(toHex(await slot.transmit(fromHex('00A40004023F0000'))), way === '+CRSM' ? /^9000$/ : /^62.*9000$/);
    assert.match(toHex(await slot.transmit(fromHex('00A40004022FE200'))), /^62.*83022FE2.*9000$/);
    assert.equal(toHex(await slot.transmit(fromHex('00B0000000'))), EF_ICCID);
    assert.match(toHex(await slot.transmit(fromHex('00A4040407A000000087100200'))), /9000$/);
    assert.match(toHex(await slot.transmit(fromHex('00A40004026F0700'))), /^62.*83026F07.*9000$/);
    assert.match(toHex(await slot.transmit(fromHex('00B0000009'))), /^08.{16}9000$/);
    assert.equal(await slot.serialNumber(), '490154203237518');
    await slot.close();
    assert.equal(modem.heard.at(-1), way === '+CGLA' ? 'AT+CCHC=7' : 'AT+CGSN');
  });

test('without a way to the card, without an answer, and without a modem: mute with a reason', async () => {
  const none = slotBefore({
    refuses: { 'AT+CSIM': '+CME ERROR: 10', 'AT+CCHO': 'ERROR', 'AT+CRSM': '+CME ERROR: 10' },
  });
  assert.equal((await none.slot.reset()).length, 0);
  assert.match(
    none.slot.trouble ?? '',
    /no way to the card: AT\+CSIM: .*no SIM in the modem.*AT\+CCHO: ERROR; AT\+CRSM: /,
  );
  const scheduler = manualScheduler(0);
  const deaf = slotBefore({ ignores: 'AT' }, scheduler);
  const atr = deaf.slot.reset();
  await pause(1);
  scheduler.advance(5_000);
  assert.equal((await atr).length, 0);
  assert.match(deaf.slot.trouble ?? '', /no answer to AT within 5 s/);
  const lost = slotBefore({});
  await lost.slot.reset();
  lost.unplug();
  assert.equal((await lost.slot.transmit(fromHex('80F2000C'))).length, 0);
  assert.match(lost.slot.trouble ?? '', /the device is gone/);
});

const hasSocat = spawnSync('socat', ['-V']).status === 0;
const missing = hasSocat || process.env['CI'] ? false : 'socat is missing: install the package socat';

/** A pseudo terminal whose other end is a local socket. */
async function pseudoTerminal(context: TestContext): Promise<{ device: string; socket: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-modem-'));
  const [device, socket] = [join(folder, 'tty'), join(folder, 'line')];
  const socat = spawn('socat', [`pty,rawer,link=${device}`, `unix-listen:${socket}`], { stdio: 'ignore' });
  async () => {
    if (socat.exitCode === null && socat.signalCode === null) {
      socat.kill('SIGKILL');
      await once(socat, 'exit');
    }
    rmSync(folder, { recursive: true });
  };
  context.after(async () => {
    if (socat.exitCode === null && socat.signalCode === null) {
      socat.kill('SIGKILL');
      await once(socat, 'exit');
    }
    rmSync(folder, { recursive: true });
  });
  while (!existsSync(device) || !existsSync(socket)) await pause(20);
  return { device, socket };
}

test('over a pseudo terminal, without any package', { skip: missing }, async (context) => {
  const { device, socket } = await pseudoTerminal(context);
  const peer = createConnection(socket);
  await once(peer, 'connect');
  const modem = new AtModem(uicc(), (octets) => void peer.write(octets), { chatter: '^RSSI: 21', piece: 50 });
  peer.on('data', (octets) => modem.take(octets));
  const slot = new ModemSlot(device, await openModemLine(device), systemScheduler);
  assert.equal(toHex(await slot.reset()), '3B00', slot.trouble);
  assert.equal(toHex(await slot.transmit(fromHex('00B0820000'))), EF_ICCID);
  assert.match(toHex(await slot.transmit(fromHex('00A40004023F0000'))), /^62.*9000$/);
  peer.destroy();
  await pause(100);
  assert.equal((await slot.transmit(fromHex('80F2000C'))).length, 0);
  assert.match(slot.trouble ?? '', /gone|EIO/);
  await slot.close();
});

test('a device that is none, and a rate without its package, say what to do', async () => {
  await assert.rejects(openModemLine('/dev/ttyUSB77'), { name: 'SlotError', message: /no such device.*ttyUSB/ });
  await assert.rejects(openModemLine('/dev/null'), { name: 'SlotError', message: /expected a serial device/ });
});
