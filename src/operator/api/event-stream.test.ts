import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { Role } from '#operator/access/index.ts';
import { eventually, servedApi } from './api.fixture.ts';

type Served = Awaited<ReturnType<typeof servedApi>>;
const STREAM = '/api/v1/events/stream';
const POLL = 250;

interface Frame {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** One whole block of a stream; undefined for one that makes no event. */
function frameOf(block: string): Frame | undefined {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  const [id, event = '', data] = ['id', 'event', 'data'].map((name) => fields.get(name));
  return data === undefined ? undefined : { id: Number(id), event, data: JSON.parse(data) as Record<string, unknown> };
}

/** An event source that keeps what comes; `round` lets the operator look at its log and waits until so many frames came. */
async function listen(
  context: TestContext,
  served: Served,
  path: string,
  role: Role,
  headers: Record<string, string> = {},
) {
  const stop = new AbortController();
  context.after(() => stop.abort());
  const response = await fetch(new URL(path, served.url), {
    signal: stop.signal,
    headers: { Authorization: `Bearer ${served.tokens[role]}`, ...headers },
  });
  const frames: Frame[] = [];
  const comments: string[] = [];
  const read = async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const frame = frameOf(block);
        if (frame === undefined) comments.push(block);
        else frames.push(frame);
      }
    }
  };
  const done = read().catch(() => {});
  return {
    response,
    stop: () => stop.abort(),
    comments,
    frames: () => frames,
    done,
    has: (count: number) => eventually(() => frames.length >= count, `${count} frames`),
    async round(count: number) {
      served.clock.advance(POLL);
      await this.has(count);
    },
  };
}

const note = ({ audit }: Served, number: number) =>
  audit.append({
    kind: 'setting',
    author: 'Ada',
    subject: `s${number}`,
    detail: { reason: 'line\nbreak', imsi: '001010000000001' },
  });

test('events come as they happen, with number, kind and entry; nothing from before, comments in silence', async (context) => {
  const served = await servedApi(context);
  note(served, 1);
  const stream = await listen(context, served, STREAM, 'viewer');
  assert.equal(stream.response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.match(stream.response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  const id = note(served, 2);
  await stream.round(1);
  const [frame, ...more] = stream.frames();
  assert.deepEqual([frame?.id, frame?.event, frame?.data['subject'], more], [id, 'setting', 's2', []]);
  assert.deepEqual(frame?.data['detail'], { reason: 'line\nbreak', imsi: '00101…001' });
  assert.deepEqual(stream.comments, [`retry: 2000\nid: ${id - 1}`], 'and where the stream begins');
  served.clock.advance(15_000);
  await eventually(() => stream.comments.at(-1) === ': heartbeat', 'a heartbeat');
});

test('a reader that comes back with Last-Event-ID misses nothing and gets nothing twice', async (context) => {
  const served = await servedApi(context);
  const ids = Array.from({ length: 350 }, (_, number) => note(served, number));
  const first = await listen(context, served, `${STREAM}?after=${(ids[0] ?? 0) - 1}`, 'viewer');
  await first.has(350);
  const seen = first.frames().map(({ id }) => id);
  assert.deepEqual(seen, ids);
  first.stop();
  await first.done;
  const missed = [note(served, 1), note(served, 2)];
  const again = await listen(context, served, STREAM, 'viewer', { 'Last-Event-ID': String(seen.at(-1)) });
  const live = note(served, 3);
  await again.round(3);
  assert.deepEqual(
    again.frames().map(({ id }) => id),
    [...missed, live],
  );
});

test('an analyst sees whole identities, and that he listens is in the log', async (context) => {
  const served = await servedApi(context);
  const stream = await listen(context, served, STREAM, 'analyst');
  note(served, 1);
  await stream.round(2);
  assert.deepEqual(stream.frames().at(-1)?.data['detail'], { reason: 'line\nbreak', imsi: '001010000000001' });
  const [read] = served.audit.newest(1, 'read');
  assert.deepEqual([read?.author, read?.subject], ['the analyst', 'followEvents']);
});

test('a position that is none, or beyond the log, is refused: silence there would hide a loss', async (context) => {
  const served = await servedApi(context);
  const beyond = served.audit.head().id + 1;
  for (const value of [String(beyond), '-1', 'x', '1e3', '9'.repeat(30), '1.5', ''])
    assert.equal(
      (await served.ask(STREAM, { role: 'viewer', headers: { 'Last-Event-ID': value } })).code,
      'invalid-value',
      value,
    );
  assert.equal((await served.ask(`${STREAM}?after=${beyond}`, { role: 'viewer' })).code, 'invalid-value');
});

test('streams are counted, of one caller and in all; one that goes makes room', async (context) => {
  const served = await servedApi(context, { limits: { streams: 3, streamsOfOne: 2 } });
  const first = await listen(context, served, STREAM, 'viewer');
  await listen(context, served, STREAM, 'viewer');
  const refused = await served.ask(STREAM, { role: 'viewer' });
  assert.deepEqual(
    [refused.status, refused.code, refused.response.headers.get('retry-after')],
    [503, 'unavailable', '10'],
  );
  await listen(context, served, STREAM, 'machine');
  assert.equal((await served.ask(STREAM, { role: 'analyst' })).code, 'unavailable');
  assert.ok((await served.ask('/metrics', { role: 'viewer' })).body.includes('assay_event_streams 3\n'));
  first.stop();
  await first.done;
  let reopened = 0;
  for (let tries = 0; reopened !== 200 && tries < 500; tries++)
    reopened = (await listen(context, served, STREAM, 'viewer')).response.status;
  assert.equal(reopened, 200);
  const { body } = await served.ask('/metrics', { role: 'viewer' });
  assert.match(body, /assay_http_answers_total\{operation="followEvents",status="200"\} 4\n/);
});

test('a stream ends with its token', async (context) => {
  const served = await servedApi(context);
  const stream = await listen(context, served, STREAM, 'viewer');
  const [viewer] = served.access.page(0, 1);
  served.access.revoke({ id: viewer?.id ?? 0, author: 'root', reason: 'left' });
  note(served, 1);
  served.clock.advance(1000);
  await stream.done;
  assert.ok(!stream.frames().some(({ data }) => data['subject'] === 's2'));
});

test('a stream opened without a token on loopback ends when the first token is made', async (context) => {
  const served = await servedApi(context, { withTokens: false });
  const stream = await listen(context, served, STREAM, 'viewer', { Authorization: '' });
  assert.equal(stream.response.status, 401, 'an empty Authorization is a wrong one');
  const response = await fetch(new URL(STREAM, served.url));
  assert.equal(response.status, 200);
  served.access.create({ name: 'Ada', role: 'administrator', author: 'root', reason: 'first' });
  served.clock.advance(1000);
  await response.text();
});

test('a reader that takes nothing is cut, its memory is bounded, and the others go on', async (context) => {
  const served = await servedApi(context, { limits: { slowReaderMilliseconds: 30_000 } });
  const slow = connect(served.port, '127.0.0.1');
  context.after(() => slow.destroy());
  slow.on('error', () => {});
  slow.pause();
  slow.write(
    `GET ${STREAM}?after=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${served.tokens.viewer}\r\n\r\n`,
  );
  const quick = await listen(context, served, STREAM, 'machine');
  const long = 'x'.repeat(20_000);
  for (let entry = 0; entry < 600; entry++)
    served.audit.append({ kind: 'setting', author: 'Ada', subject: 's', detail: { reason: long } });
  for (let count = 50; count <= 600; count += 50) await quick.round(count);
  const streams = async () =>
    /assay_event_streams (\d)/.exec((await served.ask('/metrics', { role: 'viewer' })).body)?.[1];
  assert.equal(await streams(), '2', 'it may come to itself');
  served.clock.advance(30_000);
  assert.equal(await streams(), '1');
  assert.match((await served.ask('/metrics', { role: 'viewer' })).body, /assay_event_readers_cut_total 1\n/);
  assert.equal(quick.frames().length, 600);
});

test('a database that fails ends the streams, which come back without a loss; closing the API ends them too', async (context) => {
  let isBroken = false;
  const served = await servedApi(context, {
    sources: ({ audit }) => ({
      audit: {
        ...audit,
        head() {
          if (isBroken) throw new Error('the disk is gone');
          return audit.head();
        },
      },
    }),
  });
  const stream = await listen(context, served, STREAM, 'viewer');
  isBroken = true;
  served.clock.advance(POLL);
  await stream.done;
  assert.equal(served.faults.length, 1);
  isBroken = false;
  const id = note(served, 1);
  const again = await listen(context, served, `${STREAM}?after=${id - 1}`, 'viewer');
  await again.has(1);
  assert.deepEqual(
    again.frames().map((frame) => frame.id),
    [id],
  );
  await served.api.close();
  await again.done;
});
