// The one client of event streams, without a browser: against a server whose lines break where they should not.
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type Happening, openStream, type StreamState } from './stream.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What of a page the client needs: whether anybody sees it. */
class SeenPage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const events = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `id: ${from + at}\nevent: check\ndata: {"n":${from + at}}\n\n`).join(
    '',
  );

/** Writes the beginning of a stream and these events; the line stays open. */
const stays =
  (text: string): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
  };

/** The same, and then the line breaks, in the middle of an event when the text ends there. */
const breaks =
  (text: string): Answer =>
  (response) => {
    stays(text)(response, response.req);
    setTimeout(() => response.destroy(), 20);
  };

const refuses =
  (status: number): Answer =>
  (response) => {
    response.writeHead(status).end();
  };

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !isSo() && tries < 1000; tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(isSo(), what);
}

/** A stream followed on a server that answers the first connection with the first answer, and so on; the last one serves all later ones. */
async function followed(context: TestContext, answers: readonly Answer[], after?: number) {
  const asked: (string | null)[] = [];
  const server = createServer((request, response) => {
    const at = asked.push(new URL(request.url ?? '', 'http://here').searchParams.get('after'));
    answers[Math.min(at, answers.length) - 1]?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = new SeenPage();
  const before = Object.getOwnPropertyDescriptor(globalThis, 'document');
  Object.defineProperty(globalThis, 'document', { value: page, configurable: true });
  const stream = openStream(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, after);
  context.after(() => {
    stream.close();
    server.closeAllConnections();
    server.close();
    if (before === undefined) Reflect.deleteProperty(globalThis, 'document');
    else Object.defineProperty(globalThis, 'document', before);
  });
  const seen: number[] = [];
  const states: StreamState[] = [];
  stream.state.subscribe(() => states.push(stream.state.get()));
  stream.listen((happenings: readonly Happening[]) => seen.push(...happenings.map(({ id }) => id)));
  return { stream, page, asked, seen, states };
}

test('a line that breaks is taken up behind the last whole event: nothing is missed, nothing comes twice', async (context) => {
  const first = breaks(`retry: 1\nid: 4\n\n${events(5, 7)}id: 8\nevent: check\ndata: {"n"`);
  const { seen, asked, states } = await followed(context, [first, stays(events(8, 10))]);
  await until(() => seen.length === 6, 'six events');
  assert.deepEqual(seen, [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(states, ['live', 'lost', 'live']);
  assert.deepEqual(asked, [null, '7'], 'it begins now, and goes on behind what was whole');
});

test('a line that breaks before the first event is taken up where the server said the stream begins', async (context) => {
  const { seen, asked } = await followed(context, [breaks('retry: 1\nid: 41\n\n'), stays(events(42, 42))]);
  await until(() => seen.length === 1, 'one event');
  assert.deepEqual(asked, [null, '41']);
});

test('it begins behind a given number, and tries again while the server refuses to be there', async (context) => {
  const { seen, asked, stream } = await followed(context, [refuses(503), refuses(502), stays(events(3, 3))], 2);
  await until(() => seen.length === 1, 'one event');
  assert.deepEqual(asked, ['2', '2', '2']);
  assert.equal(stream.state.get(), 'live');
});

test('who may not follow is told so, and it is not tried again', async (context) => {
  const { asked, stream } = await followed(context, [refuses(403)]);
  await until(() => stream.state.get() === 'refused', 'refused');
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(asked.length, 1);
});

test('a log that does not know the number is another one: it is followed from now on', async (context) => {
  const { seen, asked } = await followed(context, [refuses(400), stays(events(1, 1))], 900);
  await until(() => seen.length === 1, 'one event');
  assert.deepEqual(asked, ['900', null]);
});

test('a pause takes no line, and afterwards nothing is missed; so with a page that nobody sees', async (context) => {
  const answers = [stays(events(1, 2)), stays(events(3, 4)), stays(events(5, 5))];
  const { stream, page, seen, asked } = await followed(context, answers, 0);
  await until(() => seen.length === 2, 'two events');
  stream.pause();
  assert.equal(stream.state.get(), 'paused');
  page.show('hidden');
  page.show('visible');
  assert.equal(stream.state.get(), 'paused', 'seen again, and still paused');
  stream.resume();
  await until(() => seen.length === 4, 'four events');
  page.show('hidden');
  assert.equal(stream.state.get(), 'paused');
  page.show('visible');
  await until(() => seen.length === 5, 'five events');
  assert.deepEqual(
    [seen, asked],
    [
      [1, 2, 3, 4, 5],
      ['0', '2', '4'],
    ],
  );
});
