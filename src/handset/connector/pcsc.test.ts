import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { openPcscService, openPcscSlot, type PcscService } from './index.ts';
import { PCSC_RESULT, PcscError } from './pcsc.ts';
import { chosenReader } from './pcsc-slot.ts';
import {
  connectMessage,
  contextMessage,
  disconnectMessage,
  PCSCD_COMMAND,
  type PcscReader,
  pcscdHeader,
  readerStatesOf,
  reconnectMessage,
  transmitMessage,
  versionMessage,
} from './pcscd-message.ts';

const ATR = fromHex('3B9F96801FC78031A073BE21136743200718000001A5');
const HEADER = 8;

/** What a daemon in a test says: one answer to each request, in pieces of any size. */
interface Daemon {
  readers: readonly PcscReader[];
  /** Result codes of the next requests of a command. */
  readonly results: Map<number, number[]>;
  card(command: Uint8Array): Uint8Array;
  readonly seen: string[];
  /** Given in place of the list of readers. */
  broken: Uint8Array | undefined;
  /** Octets that a write of it has at most. */
  piece: number;
  version: number;
}

function answerOf(daemon: Daemon, command: number, body: Uint8Array, tail: Uint8Array): Uint8Array {
  const result = daemon.results.get(command)?.shift() ?? PCSC_RESULT.ok;
  switch (command) {
    case PCSCD_COMMAND.version:
      return versionMessage.encode({ major: daemon.version, minor: 4, result });
    case PCSCD_COMMAND.establishContext:
      return contextMessage.encode({ scope: 2, context: 7, result });
    case PCSCD_COMMAND.readerStates:
      return daemon.broken ?? readerStatesOf(daemon.readers);
    case PCSCD_COMMAND.connect:
      return connectMessage.encode({ ...connectMessage.decode(body), card: 0xfffffff0, protocol: 1, result });
    case PCSCD_COMMAND.reconnect:
      return reconnectMessage.encode({ ...reconnectMessage.decode(body), protocol: 1, result });
    case PCSCD_COMMAND.disconnect:
      return disconnectMessage.encode({ ...disconnectMessage.decode(body), result });
    default: {
      const asked = transmitMessage.decode(body);
      daemon.seen.push(toHex(tail));
      const response = result === PCSC_RESULT.ok ? daemon.card(tail) : NO_OCTETS;
      return concat(transmitMessage.encode({ ...asked, receiveLength: response.length, result }), response);
    }
  }
}

/** Serves one client: header, body, and what follows a transmit request. */
function serve(daemon: Daemon, socket: Socket): void {
  let received: Uint8Array = NO_OCTETS;
  socket.on('error', () => socket.destroy());
  socket.on('data', (octets) => {
    received = concat(received, octets);
    while (received.length >= HEADER) {
      const { size, command } = pcscdHeader.decode(received.slice(0, HEADER));
      const body = received.slice(HEADER, HEADER + size);
      if (body.length < size) return;
      const more = command === PCSCD_COMMAND.transmit ? transmitMessage.decode(body).sendLength : 0;
      const tail = received.slice(HEADER + size, HEADER + size + more);
      if (tail.length < more) return;
      received = received.slice(HEADER + size + more);
      const answer = answerOf(daemon, command, body, tail);
      for (let at = 0; at < answer.length; at += daemon.piece) socket.write(answer.slice(at, at + daemon.piece));
    }
  });
}

async function daemonIn(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-pcscd-'));
  const daemon: Daemon = {
    readers: [{ name: 'Reader A', hasCard: true, atr: ATR }],
    results: new Map(),
    card: () => fromHex('9000'),
    seen: [],
    broken: undefined,
    piece: 4096,
    version: 4,
  };
  const live = new Set<Socket>();
  const server = createServer((socket) => {
    live.add(socket);
    serve(daemon, socket);
  });
  const path = join(folder, 'socket');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const stop = () => {
    for (const socket of live) socket.destroy();
    server.close();
  };
  context.after(() => {
    stop();
    rmSync(folder, { recursive: true });
  });
  const open = (): Promise<PcscService> => openPcscService({ scheduler: systemScheduler, socket: path });
  const slot = (isExclusive = true) =>
    openPcscSlot({
      reader: 'reader a',
      use: { isExclusive, protocols: ['T=0', 'T=1'] },
      scheduler: systemScheduler,
      open,
    });
  return { daemon, open, slot, stop };
}

test('a reader is chosen by its name, or by a part of it that no other has', () => {
  const names = ['Omnikey 3121 00 00', 'Omnikey 3121 01 00', 'Virtual PCD 00 00', 'Virtual PCD 00 00 (2)'];
  assert.equal(chosenReader(names, 'Virtual PCD 00 00'), 'Virtual PCD 00 00');
  assert.equal(chosenReader(names, '3121 01'), 'Omnikey 3121 01 00');
  for (const wanted of ['omnikey', 'Gemalto'])
    assert.throws(() => chosenReader(names, wanted), { name: 'SlotNameError', message: /"Omnikey 3121 00 00"/ });
  assert.throws(() => chosenReader([], 'x'), /no reader is connected/);
});

test('octets in pieces; a command that is refused and one that is answered whole', async (context) => {
  const { daemon, slot: open } = await daemonIn(context);
  daemon.piece = 3;
  const slot = await open();
  context.after(() => slot.close());
  assert.equal(slot.place, 'Reader A');
  assert.equal(toHex(await slot.reset()), toHex(ATR));
  assert.equal(slot.place, 'Reader A, T=0');
  daemon.card = (command) => fromHex(command[1] === 0xc0 ? 'AABB9000' : '6102');
  assert.equal(toHex(await slot.transmit(fromHex('00A40004023F0000'))), 'AABB9000');
  assert.deepEqual(daemon.seen, ['00A40004023F00', '00C0000002']);
});

test('a card that is taken out, reset by others, or put back: mute with a reason, there again after a reset', async (context) => {
  const { daemon, slot: open } = await daemonIn(context);
  const slot = await open(false);
  context.after(() => slot.close());
  await slot.reset();
  for (const [code, reason] of [
    [PCSC_RESULT.removedCard, /^the card was taken out$/],
    [PCSC_RESULT.resetCard, /another program reset the card/],
    [PCSC_RESULT.readerUnavailable, /reader is gone/],
    [0x80100099, /PC\/SC refused it \(80100099\)/],
  ] as const) {
    daemon.results.set(PCSCD_COMMAND.transmit, [code]);
    assert.equal((await slot.transmit(fromHex('80F2000C'))).length, 0);
    assert.match(slot.trouble ?? '', reason);
    assert.equal((await slot.transmit(fromHex('80F2000C'))).length, 0, 'what was lost is not taken up unasked');
    assert.match(slot.trouble ?? '', /no power/);
    assert.equal((await slot.reset()).length, ATR.length);
    assert.equal(slot.trouble, undefined);
    assert.equal(toHex(await slot.transmit(fromHex('80F2000C'))), '9000');
  }
  daemon.results.set(PCSCD_COMMAND.connect, [PCSC_RESULT.sharingViolation, PCSC_RESULT.sharingViolation]);
  daemon.results.set(PCSCD_COMMAND.reconnect, [PCSC_RESULT.removedCard]);
  assert.equal((await slot.reset()).length, ATR.length, 'a card that another program is about to let go is waited for');
  daemon.results.set(PCSCD_COMMAND.reconnect, [PCSC_RESULT.removedCard]);
  daemon.results.set(PCSCD_COMMAND.connect, [PCSC_RESULT.noSmartCard]);
  assert.equal((await slot.reset()).length, 0);
  assert.match(slot.trouble ?? '', /put one in/);
});

test('a list of readers that is none is refused as everything else is: one declared error, a mute card with a reason', async (context) => {
  const { daemon, slot: open } = await daemonIn(context);
  const slot = await open();
  context.after(() => slot.close());
  const whole = readerStatesOf(daemon.readers);
  // Length of the ATR, in the fifth field of a place.
  whole[128 + 12 + 36] = 99;
  daemon.broken = whole;
  assert.equal((await slot.reset()).length, 0);
  assert.match(slot.trouble ?? '', /list of readers: .*expected at most 33, got 99.*of another version/);
  await assert.rejects(open(), { name: 'PcscError', message: /list of readers/ });
  daemon.broken = undefined;
  assert.equal((await slot.reset()).length, ATR.length);
});

test('a service that ends is said, and looked for again; none, another version, and garbage are refused', async (context) => {
  const { slot: open, stop, open: service } = await daemonIn(context);
  const slot = await open();
  await slot.reset();
  const waiting = slot.transmit(fromHex('80F2000C'));
  stop();
  assert.equal((await waiting).length, 0);
  assert.match(slot.trouble ?? '', /service has ended/);
  await assert.rejects(slot.reset(), { name: 'SlotError', message: /no PC\/SC service listens.*pcscd/ });
  await slot.close();
  await assert.rejects(service(), { name: 'SlotError' });
  const other = await daemonIn(context);
  other.daemon.version = 5;
  await assert.rejects(other.open(), { name: 'PcscError', message: /protocol 5\.4, expected 4\.4/ });
  other.daemon.version = 4;
  other.daemon.results.set(PCSCD_COMMAND.establishContext, [PCSC_RESULT.securityViolation]);
  await assert.rejects(other.open(), /polkit/);
  assert.equal(new PcscError(0x80100099, 'x').message, 'x: PC/SC refused it (80100099)');
});
