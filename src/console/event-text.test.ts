import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openEventReader } from './web/api/event-text.ts';

const TEXT =
  'retry: 2000\nid: 6\n\n: heartbeat\n\nid: 7\nevent: report\ndata: {"a":1}\n\nid: 8\nevent: check\ndata: one\ndata:two\n\ndata: last\n\n';
const EVENTS = [
  { id: '7', event: 'report', data: '{"a":1}' },
  { id: '8', event: 'check', data: 'one\ntwo' },
  { id: '8', event: 'message', data: 'last' },
];

test('events are read as HTML 9.2.6 says; the number alone makes none', () => {
  assert.deepEqual(openEventReader()(TEXT), { events: EVENTS, lastId: '8' });
  const reader = openEventReader('5');
  assert.deepEqual(reader('retry: 1\n\n'), { events: [], lastId: '5' });
  assert.deepEqual(reader('id: 6\n\n'), { events: [], lastId: '6' });
  assert.deepEqual(reader('id: 7\ndata: half'), { events: [], lastId: '6' }, 'what is cut off is asked for again');
});

test('wherever the pieces end, and whatever ends the lines', () => {
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  fc.assert(
    fc.property(fc.array(fc.nat(TEXT.length * 2), { maxLength: 8 }), ends, (cuts, end) => {
      // A carriage return at the very end may be half a line end: one more piece settles it.
      const text = `${TEXT.replaceAll('\n', end)}:`;
      const reader = openEventReader();
      const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const events = places.slice(1).flatMap((to, index) => reader(text.slice(places[index], to)).events);
      assert.deepEqual(events, EVENTS);
    }),
  );
});
