import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { CodecError, concat, fromHex, toHex } from '#base/codec/index.ts';
import { cardRuntime } from '#handset/card/index.ts';
import { type Card, type ProtocolOffer, responseApdu, SW } from '#protocol/apdu/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { FrameStream } from './frame-stream.ts';
import { CardSlot, connectVpcd, listenVpcd, type VpcdReaders, vpcdAnswer, vpcdRequest } from './index.ts';

const ATR = '3B8000';

/** A card that answers INS 10 with as many octets as P1 P2 say, everything else with 9000. */
function card(): Card {
  return cardRuntime({
    atr: fromHex('3B80800101'),
    applets: [
      {
        aid: fromHex('F000000001'),
        reset: () => {},
        select: () => responseApdu(SW.ok),
        deselect: () => {},
        process: ({ ins, p1, p2 }) => responseApdu(SW.ok, new Uint8Array(ins === 0x10 ? (p1 << 8) | p2 : 0).fill(0xab)),
      },
    ],
  });
}

/** Runs until `isDone`; sockets are real, time is not. */
async function until(isDone: () => boolean): Promise<void> {
  for (let i = 0; i < 100_000 && !isDone(); i++) await turn();
  assert.ok(isDone(), 'it never came to that');
}

/** The reader's side of a connection: asks, and keeps the answers. */
class Reader {
  readonly socket: Socket;
  readonly answers: string[] = [];
  isOver = false;

  constructor(socket: Socket) {
    this.socket = socket;
    const stream = new FrameStream('answer', 1, 0xffff);
    socket.on('data', (octets) => stream.push(octets, (frame) => this.answers.push(toHex(frame))));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isOver = true;
    });
  }

  send(hex: string): void {
    this.socket.write(fromHex(hex));
  }

  /** The answer to a message, given behind its length. */
  async ask(hex: string): Promise<string | undefined> {
    const octets = fromHex(hex);
    this.socket.write(concat(Uint8Array.of(octets.length >> 8, octets.length), octets));
    await until(() => this.answers.length > 0 || this.isOver);
    return this.answers.shift();
  }
}

/** A virtual reader's slot that listens, and a card that looks for it. */
async function dialledCard(context: TestContext, make: () => Card = card) {
  const scheduler = manualScheduler(0);
  const readers: Reader[] = [];
  const states: string[] = [];
  const server: Server = createServer((socket) => readers.push(new Reader(socket)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const slot = new CardSlot(make(), 'T=0');
  const onState = (_: number, state: string, because: string) => states.push(`${state}: ${because}`);
  const cards: VpcdReaders = connectVpcd({ port, slots: [slot, undefined], scheduler, onState });
  context.after(async () => {
    await cards.close();
    for (const { socket } of readers) socket.destroy();
    server.close();
  });
  await until(() => readers.length === 1);
  return { scheduler, readers, states, cards, reader: readers[0] as Reader, server, port };
}

test('messages of a reader and answers of a card (vpcd)', () => {
  for (const [octets, type] of [
    ['000100', 'powerOff'],
    ['000101', 'powerOn'],
    ['000102', 'reset'],
    ['000104', 'atr'],
  ] as const) {
    assert.deepEqual(vpcdRequest.decode(fromHex(octets)), { type });
    assert.equal(toHex(vpcdRequest.encode({ type })), octets);
  }
  const command = fromHex('00A40004023F00');
  assert.equal(toHex(vpcdRequest.encode({ type: 'command', command })), '000700A40004023F00');
  assert.equal(toHex(vpcdAnswer.encode(fromHex('9000'))), '00029000');
  for (const broken of ['', '00', '0000', '000103', '0001', '00029000AA', '000300A4'])
    assert.throws(() => vpcdRequest.decode(fromHex(broken)), CodecError, broken);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 600 }), (octets) => {
      const request = { type: 'command', command: octets } as const;
      assert.deepEqual(vpcdRequest.decode(vpcdRequest.encode(request)), request);
    }),
  );
});

test('a card in a reader: ATR before and after power, commands, reset; octets may come one by one', async (context) => {
  const { reader, states } = await dialledCard(context);
  assert.equal(await reader.ask('04'), ATR);
  reader.send('000101');
  assert.equal(await reader.ask('04'), ATR);
  assert.equal(await reader.ask('8010000301'), '6C03');
  assert.equal(await reader.ask('8010000303'), 'ABABAB9000');
  for (const octet of fromHex('00048011 0000')) {
    reader.socket.write(Uint8Array.of(octet));
    await turn();
  }
  await until(() => reader.answers.length > 0);
  assert.equal(reader.answers.shift(), '9000');
  reader.send('000102 000104 0004 80110000');
  await until(() => reader.answers.length === 2);
  assert.deepEqual(reader.answers, [ATR, '9000']);
  assert.deepEqual(states, ['in the reader: the reader sees the card']);
});

test('a length that comes alone is acknowledged by the first octet of the answer, where that is 00 whatever is asked', async (context) => {
  const { reader } = await dialledCard(context);
  const heard: string[] = [];
  reader.socket.on('data', (octets) => heard.push(toHex(octets)));
  const apart = async (length: string, message: string, begun: boolean) => {
    heard.length = 0;
    reader.send(length);
    if (begun) await until(() => heard.length > 0);
    assert.deepEqual(heard, begun ? ['00'] : []);
    reader.send(message);
    await until(() => reader.answers.length > 0);
    return reader.answers.shift() ?? '';
  };
  assert.equal(await apart('0001', '04', true), ATR);
  reader.send('000101');
  assert.equal(await apart('0005', '8010000303', true), 'ABABAB9000');
  assert.equal((await apart('0005', '80100100FF', true)).slice(-4), '6C00', 'a long answer is announced');
  const long = await apart('0005', '8010010000', false);
  assert.equal(long, `${'AB'.repeat(256)}9000`);
  // Le was right, but the answer had been promised to be short: the same command again gets it, and is not run again.
  assert.equal(await apart('0005', '8010010000', true), '6C00');
  assert.equal(await apart('0005', '8010010000', false), long);
  assert.equal(await apart('0005', '801000FEFE', true), '6CFE');
  assert.equal((await apart('0005', '801000FEFE', false)).length, 2 * 256);
  assert.equal(await apart('0005', '80100100FE', true), '6C00');
  assert.equal(await apart('0004', '80110000', false), '9000', 'another command comes in between');
  assert.equal(await apart('0005', '80100100FE', true), '6C00');
});

test('a reader that goes is looked for after a pause in which it can see that the card is gone, then less and less often', async (context) => {
  const { reader, readers, scheduler, states, server, port } = await dialledCard(context);
  assert.equal(await reader.ask('04'), ATR);
  reader.socket.destroy();
  await until(() => states.length === 2);
  assert.match(states[1] ?? '', /^waiting: the reader closed the connection/);
  scheduler.advance(999);
  await turn();
  assert.equal(readers.length, 1);
  server.close();
  scheduler.advance(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(states.length, 2, 'one line says that it waits, however often it looks');
  const back = createServer((socket) => readers.push(new Reader(socket)));
  await once(back.listen(port, '127.0.0.1'), 'listening');
  context.after(() => back.close());
  scheduler.advance(2_000);
  await until(() => readers.length === 2);
  assert.equal(await readers[1]?.ask('04'), ATR);
});

const HOSTILE: readonly (readonly [string, string, RegExp])[] = [
  ['an empty message', '0000', /this is no vpcd: message of the reader.*expected 1 to 65535 octets, got 0/],
  ['a control message that is none', '000107', /this is no vpcd: .*expected one of powerOff/],
  ['a command to a card without power', '000480110000', /a command came to a card without power/],
];
for (const [name, octets, because] of HOSTILE) {
  test(`${name} ends the connection with its reason, and the card looks again`, async (context) => {
    const { reader, readers, scheduler, states } = await dialledCard(context);
    reader.send(octets);
    await until(() => reader.isOver && states.some((state) => state.startsWith('waiting')));
    assert.match(states.at(-1) ?? '', because);
    scheduler.advance(1_000);
    await until(() => readers.length === 2);
    assert.equal(await readers[1]?.ask('04'), ATR);
  });
}

test('half a message may not stay so; a reader without a word is told of, and is a reader again when it speaks', async (context) => {
  const { reader, readers, scheduler, states } = await dialledCard(context);
  scheduler.advance(20_000);
  assert.match(states.at(-1) ?? '', /^silent: no word from the reader in 5 s: another card may be in this slot/);
  assert.equal(states.length, 1);
  assert.equal(await reader.ask('04'), ATR);
  assert.match(states.at(-1) ?? '', /^in the reader/);
  reader.send('FFFF00A4');
  // The card has to have seen it before time passes.
  await new Promise((resolve) => setTimeout(resolve, 20));
  scheduler.advance(5_000);
  await until(() => reader.isOver);
  await until(() => states.length === 3);
  assert.match(states[2] ?? '', /did not end it within 5 s/);
  scheduler.advance(1_000);
  await until(() => readers.length === 2);
});

test('a reader that asks and never reads is left before it costs memory', async (context) => {
  const { reader, states } = await dialledCard(context);
  reader.send('000101');
  reader.socket.pause();
  const asked = concat(...Array.from({ length: 1_000 }, () => fromHex('0005 80100100 00')));
  const pump = () => {
    while (!reader.socket.destroyed && reader.socket.write(asked));
  };
  reader.socket.on('drain', pump);
  pump();
  await until(() => states.some((state) => state.startsWith('waiting')));
  assert.match(states.at(-1) ?? '', /asks without reading the answers|closed the connection|broke/);
});

test('a card that is looked at and then powered is reset once, and again when it is asked to be', () => {
  let resets = 0;
  const one = card();
  const reset = (offer?: ProtocolOffer) => {
    resets += 1;
    return one.reset(offer);
  };
  const slot = new CardSlot(
    { reset, transmit: (command) => one.transmit(command), powerOff: () => one.powerOff() },
    'T=0',
  );
  assert.equal(toHex(slot.atr), ATR);
  assert.equal(slot.transmit(fromHex('80110000')), undefined, 'looked at is not powered');
  assert.equal(toHex(slot.powerOn()), ATR);
  assert.equal(resets, 1);
  assert.equal(toHex(slot.transmit(fromHex('80110000')) ?? fromHex('')), '9000');
  slot.powerOn();
  assert.equal(resets, 2);
  slot.powerOff();
  assert.equal(toHex(slot.atr), ATR);
  assert.equal(resets, 2);
});

test('a card is pulled and put back: without power in between, in the reader again', async (context) => {
  let powerOffs = 0;
  const { reader, readers, cards, scheduler, states } = await dialledCard(context, () => {
    const one = card();
    const powerOff = () => {
      powerOffs += 1;
      one.powerOff();
    };
    return { reset: (offer) => one.reset(offer), transmit: (command) => one.transmit(command), powerOff };
  });
  reader.send('000101');
  assert.equal(await reader.ask('04'), ATR);
  cards.pull(0);
  cards.pull(0);
  await until(() => reader.isOver);
  await until(() => powerOffs === 1);
  cards.insert(0);
  cards.insert(0);
  scheduler.advance(1_000);
  await until(() => readers.length === 2);
  assert.equal(await readers[1]?.ask('04'), ATR);
  assert.deepEqual(
    states.map((state) => state.split(':')[0]),
    ['in the reader', 'pulled', 'in the reader'],
  );
});

test('a reader that dials: two ports, one reader each; an empty or pulled slot is silent', async (context) => {
  const states: string[] = [];
  const scheduler = manualScheduler(0);
  const slots = [new CardSlot(card(), 'T=0'), undefined] as const;
  const onState = (slot: number, state: string, because: string) => states.push(`${slot} ${state}: ${because}`);
  const cards = await listenVpcd({ port: 0, slots, scheduler, onState });
  const live: Socket[] = [];
  context.after(async () => {
    for (const socket of live) socket.destroy();
    await cards.close();
  });
  const dial = (slot: number) => {
    const socket = connect({ host: '127.0.0.1', port: cards.ports[slot] ?? 0 });
    live.push(socket);
    return new Reader(socket);
  };
  const reader = dial(0);
  assert.equal(await reader.ask('04'), ATR);
  assert.equal(await dial(0).ask('04'), undefined);
  assert.match(states.at(-1) ?? '', /^0 in the reader: a second reader came and was sent away/);
  const silent = Array.from({ length: 5 }, () => dial(1));
  for (const one of silent) one.send('000104');
  await until(() => silent.some((one) => one.isOver));
  cards.pull(0);
  await until(() => reader.isOver);
  const early = dial(0);
  early.send('000104');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([early.answers, early.isOver], [[], false]);
  cards.insert(0);
  await until(() => early.isOver);
  assert.equal(silent.filter((one) => one.isOver).length, 1, 'a few are kept, one too many is not');
  assert.ok(silent.every((one) => one.answers.length === 0));
  assert.equal(await dial(0).ask('04'), ATR);
  await assert.rejects(
    listenVpcd({ port: cards.ports[0] ?? 0, slots, scheduler }),
    /cannot listen on .* Choose two other/,
  );
});

test('cards listen to this machine alone unless told otherwise', async () => {
  const slots = [new CardSlot(card(), 'T=0'), undefined] as const;
  const scheduler = manualScheduler(0);
  await assert.rejects(
    listenVpcd({ host: '0.0.0.0', port: 0, slots, scheduler }),
    /address of this machine alone, got 0\.0\.0\.0/,
  );
  const cards = await listenVpcd({ host: '0.0.0.0', port: 0, slots, scheduler, isForOthers: true });
  await cards.close();
});
