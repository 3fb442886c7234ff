import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { AIR_FRAME, AirLinkStream, airLinkFrame, connectAir, LONGEST_UPLINK } from './air-link.ts';

/** A network that answers each uplink frame as `answer` says; undefined is silence. */
async function networkThat(answer: (content: Uint8Array, socket: Socket) => Uint8Array | undefined) {
  const live = new Set<Socket>();
  const server = createServer((socket) => {
    live.add(socket);
    const stream = new AirLinkStream(LONGEST_UPLINK);
    socket.on('data', (octets) =>
      stream.push(octets, (_, content) => {
        const frame = answer(content, socket);
        if (frame !== undefined) socket.write(frame);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const stop = () => {
    for (const socket of live) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port, stop };
}

const answerOf = (content: Uint8Array) => airLinkFrame.encode({ type: AIR_FRAME.answer, content });

describe('frames', () => {
  test('length, type, content', () => {
    assert.equal(toHex(airLinkFrame.encode({ type: AIR_FRAME.uplink, content: fromHex('050872') })), '000401050872');
    assert.deepEqual(airLinkFrame.decode(fromHex('000103')), { type: AIR_FRAME.downlink, content: NO_OCTETS });
  });

  test('are the same however the octets are cut', () => {
    const frame = fc.record(
      { type: fc.integer({ min: 0, max: 255 }), content: fc.uint8Array({ maxLength: 251 }) },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 40 }), (frames, size) => {
        const octets = concat(...frames.map((one) => airLinkFrame.encode(one)));
        const stream = new AirLinkStream(LONGEST_UPLINK);
        const seen: { type: number; content: Uint8Array }[] = [];
        for (let at = 0; at < octets.length; at += size)
          stream.push(octets.subarray(at, at + size), (type, content) => seen.push({ type, content }));
        assert.deepEqual(seen, frames);
      }),
      { numRuns: 200 },
    );
  });

  test('that are empty or too long end the reading', () => {
    for (const octets of ['0000', '00FD', 'FFFF'])
      assert.throws(() => new AirLinkStream(LONGEST_UPLINK).push(fromHex(octets), () => {}), CodecError);
  });
});

describe('a link', () => {
  test('gives each message its own answer, and messages of the network to the handler', async () => {
    const { port, stop } = await networkThat((content, socket) => {
      socket.write(airLinkFrame.encode({ type: AIR_FRAME.downlink, content: fromHex('8901') }));
      return answerOf(content.toReversed());
    });
    const link = await connectAir('127.0.0.1', port);
    const heard: string[] = [];
    link.onDownlink((message) => heard.push(toHex(message)));
    const answers = await Promise.all([link.air(fromHex('0102')), link.air(fromHex('0304'))]);
    assert.deepEqual(
      [answers.map(toHex), heard],
      [
        ['0201', '0403'],
        ['8901', '8901'],
      ],
    );
    await assert.rejects(link.air(new Uint8Array(252)), { name: 'CodecError' });
    await link.close();
    assert.equal(link.isOpen, false);
    assert.equal(await link.air(fromHex('0102')), NO_OCTETS);
    await stop();
  });

  test('that is cut is "no network", and the next message opens it again', async () => {
    let isCutting = true;
    const { port, stop } = await networkThat((content, socket) => {
      if (!isCutting) return answerOf(content);
      isCutting = false;
      socket.destroy();
      return undefined;
    });
    const link = await connectAir('127.0.0.1', port);
    assert.equal(await link.air(fromHex('01')), NO_OCTETS);
    assert.equal(link.isOpen, false);
    assert.equal(toHex(await link.air(fromHex('02'))), '02');
    await stop();
    assert.equal(await link.air(fromHex('03')), NO_OCTETS);
    await link.close();
  });

  test('to a silent or babbling network is cut', async () => {
    const silent = await networkThat(() => undefined);
    const link = await connectAir('127.0.0.1', silent.port, 20);
    assert.equal(await link.air(fromHex('01')), NO_OCTETS);
    await silent.stop();
    for (const octets of ['FFFF', '000199']) {
      const babbling = await networkThat(() => fromHex(octets));
      const other = await connectAir('127.0.0.1', babbling.port);
      assert.equal(await other.air(fromHex('01')), NO_OCTETS);
      await other.close();
      await babbling.stop();
    }
    await link.close();
  });

  test('to nobody says what to do', async () => {
    const { port, stop } = await networkThat(() => undefined);
    await stop();
    await assert.rejects(connectAir('127.0.0.1', port), /no network at 127\.0\.0\.1 port \d+: .*Start the network/);
  });
});
