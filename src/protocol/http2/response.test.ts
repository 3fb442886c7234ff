import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DateField } from './date-field.ts';
import { FLAG, FRAME } from './frame.ts';
import { framesOf } from './frames.fixture.ts';
import { FieldList, HpackDecoder } from './hpack-decoder.ts';
import { type PreparedResponse, prepareResponse } from './prepared-response.ts';
import { putStreamId, ResponseEncoder } from './response-encoder.ts';

const NOW = Date.UTC(2026, 10, 24, 11, 25, 18);
const json = (body: string, headers: Record<string, string> = {}) =>
  prepareResponse({
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body),
  });

/** An encoder, and a decoder at the other end. */
function pair(date = new DateField()) {
  date.set(NOW);
  const encoder = new ResponseEncoder(date);
  const decoder = new HpackDecoder();
  const list = new FieldList(100, 100_000);
  const read = (coded: ReturnType<ResponseEncoder['encode']>) => {
    const octets = Buffer.from(coded.octets);
    putStreamId(octets, 0, coded, 77);
    const [headers, body, ...more] = framesOf(octets);
    assert.deepEqual([headers?.type, headers?.streamId, body?.streamId ?? 77, more.length], [FRAME.HEADERS, 77, 77, 0]);
    decoder.decode(headers?.payload ?? Buffer.alloc(0), 0, headers?.payload.length ?? 0, list);
    const fields = list.fields.slice(0, list.count).map(({ name, value }) => `${name}: ${value}`);
    return {
      fields,
      body: body?.payload.toString(),
      flags: [headers?.flags, body?.flags],
      length: coded.octets.length,
    };
  };
  return { encoder, date, read, send: (response: PreparedResponse) => read(encoder.encode(response)) };
}

test('an answer is two frames: fields with a date, and the body', () => {
  const { send } = pair();
  assert.deepEqual(send(json('{}')), {
    fields: [':status: 200', 'content-type: application/json', 'date: Tue, 24 Nov 2026 11:25:18 GMT'],
    body: '{}',
    flags: [FLAG.END_HEADERS, FLAG.END_STREAM],
    length: 60,
  });
});

test('an answer that comes again is shorter, and then the very same octets until the second is over', () => {
  const { encoder, date, read, send } = pair();
  const answer = json('{}', { server: 'assay' });
  const lengths = [1, 2, 3].map(() => send(answer).length);
  assert.ok((lengths[2] ?? 0) < (lengths[0] ?? 0) - 10, String(lengths));
  assert.equal(encoder.encode(answer).octets, encoder.encode(answer).octets);
  date.set(NOW + 999 - (NOW % 1000));
  const before = encoder.encode(answer).octets;
  date.set(NOW + 1000);
  assert.notEqual(encoder.encode(answer).octets, before);
  assert.equal(read(encoder.encode(answer)).fields.at(-1), 'date: Tue, 24 Nov 2026 11:25:19 GMT');
});

test('many answers in turn, a table that changes its size: the other end reads the fields that were meant', () => {
  const { encoder, send } = pair();
  const answers = Array.from({ length: 100 }, (_, at) => json(String(at), { 'x-number': 'n'.repeat(at), server: 'a' }));
  for (let round = 0; round < 4; round++) {
    if (round === 2) encoder.resize(100);
    if (round === 3) encoder.resize(1_000_000);
    answers.forEach((answer, at) => {
      const { fields, body } = send(answer);
      assert.deepEqual(
        [fields[0], fields[2], fields[3], body],
        [':status: 200', `x-number: ${'n'.repeat(at)}`, 'server: a', String(at)],
      );
    });
  }
});

test('an answer that is sent once takes no place in the table', () => {
  const { send } = pair();
  const constant = json('{}');
  for (let time = 0; time < 3; time++) send(constant);
  const { length } = send(constant);
  for (let time = 0; time < 1000; time++) send(json('{}', { location: `/${time}` }));
  assert.equal(send(constant).length, length);
});

test('HEAD: fields only. No body: END_STREAM at once. Its own date stays', () => {
  const { encoder, read, send } = pair();
  assert.deepEqual(read(encoder.encodeHead(json('{}'))).flags, [FLAG.END_HEADERS | FLAG.END_STREAM, undefined]);
  const empty = prepareResponse({ status: 204, headers: { date: 'x' }, body: new Uint8Array(0) });
  assert.deepEqual(send(empty), {
    fields: [':status: 204', 'date: x'],
    body: undefined,
    flags: [FLAG.END_HEADERS | FLAG.END_STREAM, undefined],
    length: 14,
  });
});

test('answers that must not be sent are not prepared', () => {
  const body = new Uint8Array(0);
  for (const status of [100, 199, 600, 200.5, Number.NaN]) {
    assert.throws(() => prepareResponse({ status, headers: {}, body }), /expected a final status/);
  }
  assert.throws(() => prepareResponse({ status: 204, headers: {}, body: Buffer.from('a') }), /no body with status 204/);
  for (const [name, value] of Object.entries({
    'Content-Type': 'a',
    connection: 'close',
    'transfer-encoding': 'chunked',
    ':status': '200',
    a: 'b\r\nc: d',
    b: 'c\0',
    'a b': 'c',
    '': 'a',
  })) {
    const headers = { [name]: value };
    assert.throws(() => prepareResponse({ status: 200, headers, body }), /expected a field of RFC 9113 8\.2/);
  }
  const headers = { a: 'b'.repeat(9000) };
  assert.throws(
    () => prepareResponse({ status: 200, headers, body }),
    /expected fields of 8192 octets at most, got 9033/,
  );
});

test('a body is copied when the answer is prepared', () => {
  const body = Buffer.from('{}');
  const answer = prepareResponse({ status: 200, headers: {}, body });
  body.fill(0);
  assert.equal(pair().send(answer).body, '{}');
});
