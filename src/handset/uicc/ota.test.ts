import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type NonVolatile, ramMemory } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import {
  type CommandMessage,
  openCommand,
  openResponse,
  POR_STATUS,
  PROOF_BY_DELIVER_REPORT,
  PROOF_BY_SUBMIT,
  packetToSegments,
  securedCommand,
} from '#protocol/ota/index.ts';
import type { UserData } from '#protocol/sms/index.ts';
import { encodeEnvelope, terminalProfile } from '#protocol/usat/index.ts';
import { recordingApplication, TAR } from './application.fixture.ts';
import type { ReportEnd } from './application.ts';
import { uicc } from './index.ts';
import { deliver, envelopes, keysOf, packetOf, submits } from './ota.fixture.ts';
import {
  MEMORY_OCTETS,
  personalisedMedium,
  RECORD,
  type Subject,
  subject,
  subjectOn,
  withData,
} from './uicc.fixture.ts';

const ANSWER = keysOf(RECORD.otaKeys.answer);
const REPORT = keysOf(RECORD.otaKeys.report);
const ORDER = fromHex('0102030405');
const usual: CommandMessage = {
  tar: TAR,
  counter: 1,
  counterMode: 'higher',
  keySet: 1,
  proof: PROOF_BY_DELIVER_REPORT,
};

const one = (packet: Uint8Array) => envelopes({ kind: 'command', packet })[0] as string;
const command = (change: Partial<CommandMessage> = {}, data = ORDER, keys = ANSWER) =>
  one(securedCommand({ ...usual, ...change }, keys, data));

/** The proof of receipt in the answer to an ENVELOPE, opened as the operator does. */
function proofIn(response: string, proof = PROOF_BY_DELIVER_REPORT) {
  assert.match(response, /^027100.*9000$/);
  return openResponse(fromHex(response).slice(3, -2), { tar: TAR, proof }, ANSWER);
}

function ready() {
  const executed: string[] = [];
  const app = recordingApplication({
    secured(data) {
      executed.push(toHex(data));
      return fromHex('019000');
    },
  });
  const medium = personalisedMedium();
  const card = subjectOn(medium, { application: app.make });
  card.send(withData('80100000', terminalProfile(['profileDownload'])));
  return { app, card, executed, medium };
}

test('a command at level 16 is executed once, and its proof of receipt opens at the operator', () => {
  const { card, executed } = ready();
  const proof = proofIn(card.send(command()));
  assert.deepEqual(proof, { kind: 'authentic', status: POR_STATUS.ok, counter: 1, data: fromHex('019000') });
  assert.deepEqual(executed, ['0102030405']);
});

test('a replay is refused with status 02, also after power off, and a lower counter too', () => {
  const { card, executed, medium } = ready();
  card.send(command({ counter: 5 }));
  const status = (subject: Subject, octets: string) => {
    const proof = proofIn(subject.send(octets));
    return proof.kind === 'authentic' ? proof.status : proof.kind;
  };
  assert.equal(status(card, command({ counter: 5 })), POR_STATUS.counterLow);
  assert.equal(status(card, command({ counter: 4 })), POR_STATUS.counterLow);
  const later = subjectOn(medium, { application: recordingApplication().make });
  assert.equal(status(later, command({ counter: 5 })), POR_STATUS.counterLow);
  assert.equal(status(later, command({ counter: 6 })), POR_STATUS.ok);
  assert.equal(executed.length, 1);
});

test('what is not authentic gets silence: wrong checksum, wrong keys, a report sent back, a level too low, octets of nothing', () => {
  const { card, executed } = ready();
  const packet = securedCommand(usual, ANSWER, ORDER);
  const changed = (at: number, value: number) => {
    const copy = packet.slice();
    copy[at] = value;
    return one(copy);
  };
  card.expect(
    [changed(packet.length - 1, (packet.at(-1) ?? 0) ^ 1), '9000'],
    [command({}, ORDER, REPORT), '9000'],
    [command({ keySet: 2 }, ORDER, REPORT), '9000'],
    [changed(3, 0x12), '9000'],
    [changed(3, 0x06), '9000'],
    [changed(5, 0x15), '9000'],
    [one(fromHex('0001')), '9000'],
    [envelopes({ kind: 'response', packet })[0] as string, '9000'],
    [deliver(packetToSegments({ kind: 'command', packet }, 7)[0] as UserData, 0x00), '9000'],
    [`${withData('80C20000', encodeEnvelope({ type: 'SMS-PP DOWNLOAD', tpdu: fromHex('FFFF') }))}00`, '9000'],
  );
  assert.deepEqual(executed, []);
  assert.equal(proofIn(card.send(one(packet))).kind, 'authentic');
});

test('a TAR that nobody has is answered with status 09, protected, and stores no counter', () => {
  const { card } = ready();
  const tar = fromHex('000000');
  const response = card.send(command({ tar }));
  const proof = openResponse(fromHex(response).slice(3, -2), { tar, proof: PROOF_BY_DELIVER_REPORT }, ANSWER);
  assert.equal(proof.kind === 'authentic' && proof.status, POR_STATUS.tarUnknown);
  assert.equal(proofIn(card.send(command())).kind, 'authentic');
});

test('a long command comes in segments in any order; an unfinished one ends with the power', () => {
  const { card, executed } = ready();
  const packet = securedCommand(usual, ANSWER, new Uint8Array(300).fill(7));
  const [first, second, third] = envelopes({ kind: 'command', packet }) as [string, string, string];
  card.expect([third, '9000'], [first, '9000'], [first, '9000']);
  assert.equal(proofIn(card.send(second)).kind, 'authentic');
  assert.deepEqual(executed, ['07'.repeat(300)]);
  card.send(first);
  card.card.reset();
  card.expect([second, '9000'], [third, '9000']);
  assert.equal(executed.length, 1);
});

test('a proof by SMS-SUBMIT goes to the operator, whoever sent the command (SPI 16 39)', () => {
  const { card } = ready();
  assert.match(card.send(command({ proof: PROOF_BY_SUBMIT })), /^91/);
  const sent = submits(card);
  assert.deepEqual(sent[0]?.destination, { typeOfNumber: 'unknown', numberingPlan: 1, value: '7070' });
  assert.deepEqual([sent[0]?.protocolIdentifier, sent[0]?.dataCoding], [0x7f, 0xf6]);
  const secured = packetOf(sent);
  assert.equal(secured?.kind, 'response');
  const proof = openResponse(secured?.packet ?? NO_OCTETS, { tar: TAR, proof: PROOF_BY_SUBMIT }, ANSWER);
  assert.equal(proof.kind === 'authentic' && proof.status, POR_STATUS.ok);
});

test('a report is a command packet under the report keys with its own counter, one SEND SHORT MESSAGE for each segment', () => {
  const { app, card } = ready();
  const results: ReportEnd[] = [];
  const counters: number[] = [];
  const receiver = {
    keys: (keySet: number) => (keySet === 2 ? REPORT : undefined),
    minimumLevel: () => 0x16 as const,
    counters: { last: () => counters.at(-1) ?? 0, store: (_: number, counter: number) => counters.push(counter) },
  };
  for (const [data, segments] of [
    [ORDER, 1],
    [new Uint8Array(200).fill(9), 2],
  ] as const) {
    assert.ok(app.port.report(data, (end) => results.push(end)));
    const sent = submits(card);
    assert.equal(sent.length, segments);
    const secured = packetOf(sent);
    assert.equal(secured?.kind, 'command');
    const opened = openCommand(secured?.packet ?? NO_OCTETS, receiver);
    assert.equal(opened.kind === 'accepted' && toHex(opened.data), toHex(data));
    assert.equal(toHex(secured?.packet.subarray(3, 10) ?? NO_OCTETS), '16002222BFFF31');
  }
  assert.deepEqual(
    [counters, results],
    [
      [1, 2],
      ['sent', 'sent'],
    ],
  );
});

test('a report that the terminal did not send, or that a reset took, is told so, and its counter is spent', () => {
  const { app, card, medium } = ready();
  const results: ReportEnd[] = [];
  const sent = (end: ReportEnd) => results.push(end);
  app.port.report(new Uint8Array(200), sent);
  assert.equal(submits(card, '20').length, 2);
  app.port.report(ORDER, sent);
  card.card.reset();
  assert.deepEqual(results, ['notNow', 'notNow']);
  const next = recordingApplication();
  const later = subjectOn(medium, { application: next.make });
  later.send(withData('80100000', terminalProfile(['profileDownload'])));
  next.port.report(ORDER, sent);
  const counter = { last: 0 };
  openCommand(packetOf(submits(later))?.packet ?? NO_OCTETS, {
    keys: () => REPORT,
    minimumLevel: () => 0x16,
    counters: { last: () => counter.last, store: (_, value) => (counter.last = value) },
  });
  assert.equal(counter.last, 3);
});

test('what a terminal says about a report: 2X and causes of the network that pass are for later, 3X is for good', () => {
  const { app, card } = ready();
  for (const [words, expected] of [
    [['00'], 'sent'],
    [['20'], 'notNow'],
    [['21'], 'notNow'],
    [['30'], 'refused'],
    [['35', '2A'], 'notNow'],
    [['35', '15'], 'refused'],
    [['35'], 'refused'],
  ] as const) {
    let end: ReportEnd | undefined;
    app.port.report(ORDER, (heard) => {
      end = heard;
    });
    submits(card, ...words);
    assert.equal(end, expected, words.join(' '));
  }
});

test('a report that the terminal could not send is the same packet when it is given again, and any other is a new one', () => {
  const { app, card, medium } = ready();
  const packets: string[] = [];
  const give = (data: Uint8Array, result: string) => {
    app.port.report(data, () => {});
    packets.push(toHex(packetOf(submits(card, result))?.packet ?? NO_OCTETS));
  };
  give(ORDER, '20');
  const stored = medium.read(0, medium.size);
  give(ORDER, '20');
  assert.deepEqual(medium.read(0, medium.size), stored, 'no counter is taken for it');
  give(ORDER, '00');
  give(ORDER, '20');
  give(fromHex('09'), '00');
  assert.equal(packets[0], packets[1]);
  assert.equal(packets[0], packets[2]);
  assert.equal(new Set(packets).size, 3, 'once sent, the same data is another report');
});

test('a report without room is refused whole', () => {
  const { app, card } = ready();
  for (let i = 0; i < 15; i++) app.port.issue({ type: 'MORE TIME' }, () => {});
  assert.equal(
    app.port.report(new Uint8Array(200), () => assert.fail('sent')),
    false,
  );
  assert.equal(
    app.port.report(ORDER, () => {}),
    true,
  );
  assert.equal(
    app.port.report(ORDER, () => assert.fail('sent')),
    false,
  );
  assert.match(card.send('80F2010C'), /^91/);
});

test('power cut at every octet of an order: never executed twice, never executed with its counter open (T22)', () => {
  const source = personalisedMedium();
  let cuts = 0;
  for (let octets = 0; ; octets++) {
    const survivor = ramMemory(MEMORY_OCTETS);
    survivor.write(0, source.read(0, MEMORY_OCTETS));
    let executions = 0;
    const application = () => recordingApplication({ secured: () => fromHex(`0${++executions}`) });
    const card = uicc({
      memory: cardMemory(cut(survivor, octets)),
      random: { octets: (length) => new Uint8Array(length) },
      application: application().make,
    });
    card.reset();
    card.transmit(fromHex(command()));
    const executedBefore = executions;
    const after = subjectOn(survivor, { application: application().make });
    const proof = proofIn(after.send(command()));
    const status = proof.kind === 'authentic' ? proof.status : -1;
    assert.equal(status === POR_STATUS.ok, executions > executedBefore);
    assert.ok(executions <= 1, `cut at ${octets}`);
    if (executedBefore === 1) break;
    cuts++;
  }
  assert.ok(cuts > 10, `${cuts} cuts`);
});

function cut(inner: NonVolatile, octetsLeft: number): NonVolatile {
  let left = octetsLeft;
  return {
    size: inner.size,
    read: (offset, length) => inner.read(offset, length),
    write(offset, octets) {
      inner.write(offset, octets.subarray(0, left));
      const isCut = octets.length > left;
      left = Math.max(0, left - octets.length);
      if (isCut) throw new Error('power lost');
    },
    flush: () => {},
  };
}

test('a full memory stops a report before it leaves', () => {
  const app = recordingApplication();
  const inner = cardMemory(personalisedMedium());
  let isFull = false;
  const memory: CardMemory = {
    get: (key) => inner.get(key),
    get free() {
      return inner.free;
    },
    commit(changes) {
      if (isFull) throw new Error('full');
      inner.commit(changes);
    },
  };
  const card = subject({}, { memory, application: app.make });
  card.send(withData('80100000', terminalProfile(['profileDownload'])));
  isFull = true;
  assert.throws(() => app.port.report(ORDER, () => assert.fail('sent')), /full/);
  card.expect(['80F2010C', '9000']);
});
