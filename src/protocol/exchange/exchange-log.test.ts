import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import type { TraceRecord } from '#base/trace/index.ts';
import { messageOf, pdu } from '#protocol/smpp/index.ts';
import { ExchangeLog } from './exchange-log.ts';
import { hopMeaning, MEANING_CODES } from './hop-meaning.ts';

const NAMES: Readonly<Record<string, string>> = { ada: 'ada', '99970000001': 'ada', bob: 'bob' };
const opened = { mark: 0 };
const logOf = (limits = {}) => new ExchangeLog((identity) => NAMES[identity], opened, limits);
const hop = (handset: string | undefined, more: Partial<TraceRecord> = {}): TraceRecord => ({
  ...(handset !== undefined && { handset }),
  ...{ at: 0, from: 'network', to: 'operating system (4)', protocol: 'nas', octets: NO_OCTETS, name: 'CONNECT' },
  ...more,
});

test('hops are numbered from 1 and belong to the newest exchange of their handset', () => {
  const log = logOf();
  const first = log.begin('ada', 'powerOn', 5);
  log.record(hop('ada', { step: 102 }));
  const other = log.begin('bob', 'powerOn', 6);
  log.record(hop('bob'));
  log.record(hop('ada', { step: 101, name: 'CP-DATA' }));
  log.end(first, { kind: 'attached' });
  assert.deepEqual(
    log.after(0, 10).map(({ number, exchange, handset }) => [number, exchange, handset]),
    [
      [1, first, 'ada'],
      [2, other, 'bob'],
      [3, first, 'ada'],
    ],
  );
  assert.deepEqual(log.exchange(first), {
    ...{ number: first, handset: 'ada', kind: 'powerOn', at: 5, outcome: { kind: 'attached' } },
    ...{ hops: 2, storyHops: 1, steps: [101, 102], isAltered: false },
  });
  assert.equal(log.hop(2)?.handset, 'bob');
  assert.deepEqual(
    log.after(1, 10, { handset: 'ada' }).map(({ number }) => number),
    [3],
  );
  assert.deepEqual(
    log.exchangesBefore(99, 10).map(({ number }) => number),
    [other, first],
  );
});

test('a message nobody began opens an exchange of its own', () => {
  const log = logOf();
  log.record(hop('ada'));
  assert.equal(log.exchange(1)?.kind, 'message');
});

test('a PDU belongs to the handset whose number stands in it, and its response too', () => {
  const log = logOf();
  const body = messageOf({ source_addr: '99970000001', destination_addr: '27729' });
  const request = pdu.encode({ command: 'deliver_sm', status: 0, sequence: 7, body });
  const response = pdu.encode({
    command: 'deliver_sm_resp',
    status: 0,
    sequence: 7,
    body: { message_id: '', optional_parameters: [] },
  });
  const smpp = { protocol: 'smpp' } as const;
  log.record(hop(undefined, { ...smpp, from: 'SMSC', to: 'operator (5)', octets: request, name: 'deliver_sm' }));
  log.record(hop(undefined, { ...smpp, from: 'operator (5)', to: 'SMSC', octets: response, name: 'deliver_sm_resp' }));
  log.record(hop(undefined, { ...smpp, octets: fromHex('00'), name: 'noise' }));
  assert.deepEqual(
    log.after(0, 10).map(({ handset }) => handset),
    ['ada', 'ada', 'network'],
  );
});

test('an operating system that carries other octets than it was given is noticed', () => {
  const log = logOf();
  const support = { from: 'operating system (4)', to: 'storage support (2)', protocol: 'apdu' } as const;
  const carried = {
    from: 'operating system (4)',
    to: 'UICC (31)',
    protocol: 'apdu',
    response: fromHex('9000'),
  } as const;
  const responseOf = (value: string) => fromHex(`80140000 12 8103013000 82028281 830100 A304${value}`);
  for (const value of ['AABB9000', 'AABC9000']) {
    log.record(
      hop('ada', { ...support, octets: fromHex('84CADF20'), response: fromHex('AABB9000'), name: 'GET DATA' }),
    );
    log.record(hop('ada', { ...carried, octets: responseOf(value), name: 'TERMINAL RESPONSE' }));
  }
  assert.deepEqual(
    log.after(0, 10).map(({ isAltered }) => isAltered),
    [false, false, false, true],
  );
  assert.equal(log.exchange(1)?.isAltered, true);
});

test('the newest hops and exchanges are kept; numbers go on', () => {
  const log = logOf({ hops: 3, exchanges: 2 });
  for (let i = 0; i < 6; i++) {
    log.begin('ada', 'powerOn', i);
    log.record(hop('ada'));
  }
  assert.equal(log.newest, 6);
  assert.deepEqual(
    log.after(0, 10).map(({ number }) => number),
    [4, 5, 6],
  );
  assert.equal(log.hop(1), undefined);
  assert.equal(log.hop(7), undefined);
  assert.deepEqual(
    log.exchangesBefore(99, 10).map(({ number }) => number),
    [6, 5],
  );
  assert.equal(log.exchange(1), undefined);
});

test('an exchange that is forgotten leaves no hop, and what comes later begins another', () => {
  const log = logOf();
  const [first, other] = [log.begin('ada', 'powerOn', 1), log.begin('bob', 'powerOn', 2)];
  for (const handset of ['ada', 'bob', 'ada']) log.record(hop(handset));
  log.forget(first);
  assert.deepEqual(
    log.after(0, 10).map(({ number, exchange }) => [number, exchange]),
    [[2, other]],
  );
  assert.deepEqual([log.hop(1), log.exchange(first), log.current('ada')], [undefined, undefined, undefined]);
  log.record(hop('ada'));
  assert.deepEqual([log.newest, log.current('ada')?.kind, log.current('bob')?.number], [4, 'message', other]);
  log.forget(99);
});

test('a handset whose exchange made room begins another with its next hop', () => {
  const log = logOf({ exchanges: 2 });
  for (const handset of ['ada', 'bob', 'carl']) log.begin(handset, 'powerOn', 1);
  assert.equal(log.current('ada'), undefined);
  log.record(hop('ada'));
  assert.equal(log.current('ada')?.number, 4);
});

test('every meaning has a code of its own, and a name that nobody knows has one too', () => {
  assert.equal(new Set(MEANING_CODES).size, MEANING_CODES.length);
  assert.equal(hopMeaning({ name: 'GET DATA (IMEI, protected)' }).code, 'read-imei');
  assert.equal(hopMeaning({ name: 'WHATEVER' }).code, 'other');
});
