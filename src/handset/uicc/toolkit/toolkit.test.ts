import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import {
  decodeProactiveCommand,
  detailsOf,
  type Envelope,
  encodeEnvelope,
  encodeTerminalResponse,
  type TerminalResponse,
  terminalProfile,
} from '#protocol/usat/index.ts';
import { loadVectors } from '#test/vectors.ts';
import { recordingApplication } from '../application.fixture.ts';
import type { ProactiveRequest } from '../index.ts';
import { AUTHENTICATE, RAND, SELECT_USIM, subject, withData } from '../uicc.fixture.ts';

const PROFILE = withData('80100000', terminalProfile(['profileDownload', 'performCardApdu']));
const moreTime: ProactiveRequest = { type: 'MORE TIME' };
const done = (number: number, type = '02') =>
  `801400000C8103${number.toString(16).padStart(2, '0')}${type}0082028281830100`;
const envelope = (octets: Uint8Array) => `${withData('80C20000', octets)}00`;

test('91XX comes only after TERMINAL PROFILE, on the next response, one command at a time, and files stay open (facts/uicc.md 8.1)', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  const answers: (TerminalResponse | undefined)[] = [];
  const issue = (request: ProactiveRequest) => app.port.issue(request, (response) => answers.push(response));
  issue(moreTime);
  issue({ type: 'PERFORM CARD APDU', reader: 1, apdu: fromHex('A0A40000023F00') });
  card.expect(
    ['80F2000C', '9000'],
    ['8012000000', '6985'],
    [PROFILE, '910B'],
    ['00A4000C022FE2', '910B'],
    ['00B0000001', '98910B'],
    ['00A4000C026FFF', '6A82'],
    ['801200000A', '6C0B'],
    ['801200000B', 'D0098103010200820281829000'],
    ['801200000B', '6985'],
    ['00B0000001', '989000'],
    [done(1), '9114'],
    ['8012000014', 'D0128103023000 82028111 A207A0A40000023F00 9000'],
    ['801400001281030230008202828183010023041A2B9000', '9000'],
    ['801400000C810302300082028281830100', '6985'],
  );
  assert.deepEqual(
    answers.map((answer) => answer && toHex(answer.responseApdu ?? new Uint8Array(0))),
    ['', '1A2B9000'],
  );
});

test('FETCH with any wrong P3 is told the right one, and the command is lost only with the one that brought it', () => {
  for (const protocol of ['T=0', 'both'] as const)
    for (const wrong of protocol === 'T=0' ? ['00', 'FF', '0C', '0A'] : ['FF', '0C', '0A'])
      for (const between of ['80F2000C', '00A4000C022FE2', '80', '2000000000', `8012000000${'00'.repeat(3)}`]) {
        const app = recordingApplication();
        const card = subject({}, { application: app.make });
        card.card.reset(protocol);
        app.port.issue(moreTime, () => {});
        app.port.issue({ type: 'POLLING OFF' }, () => {});
        card.send(PROFILE);
        assert.equal(card.send(`80120000${wrong}`), '6C0B');
        card.send(between);
        card.expect(
          [`80120000${wrong}`, '6C0B'],
          ['801200000B', 'D0098103 01 0200 820281829000'],
          ['80F2000C', '9000'],
          [done(1), '910B'],
          ['801200000B', 'D0098103 02 0400 820281829000'],
          [done(2, '04'), '9000'],
        );
      }
});

test('a response that cannot be read, or is for another command, ends the session; the application hears so', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  const answers: (TerminalResponse | undefined)[] = [];
  card.send(PROFILE);
  for (const response of ['8014000003810301', done(9), done(3, '21')]) {
    app.port.issue(moreTime, (answer) => answers.push(answer));
    card.expect(['80F2010C', '910B']);
    card.send('801200000B');
    card.expect([response, '6A80'], ['80F2010C', '9000']);
  }
  assert.deepEqual(answers, [undefined, undefined, undefined]);
});

test('sixteen wait and no more; numbers run from 01 to FE and begin again; a reset loses all and lets nothing in meanwhile', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  card.send(PROFILE);
  for (let i = 1; i <= 300; i++) {
    assert.ok(app.port.issue(moreTime, () => {}));
    const { number } = decodeProactiveCommand(fromHex(card.send('801200000B').slice(0, -4)));
    assert.equal(number, ((i - 1) % 254) + 1);
    card.expect([done(number), '9000']);
  }
  const lost: boolean[] = [];
  const again = () => lost.push(app.port.issue(moreTime, () => assert.fail('a command of the old session')));
  for (let i = 0; i < 16; i++) assert.ok(app.port.issue(moreTime, again));
  assert.ok(!app.port.issue(moreTime, () => {}));
  card.send('801200000B');
  assert.ok(app.port.issue(moreTime, again));
  card.card.reset();
  assert.deepEqual(lost, Array(17).fill(false));
  card.expect([PROFILE, '9000'], ['801200000B', '6985']);
});

test('the application hears every event before the command is answered, and its refusals are obeyed', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  assert.equal(app.port.supports('performCardApdu'), false);
  card.expect(['80F2010C', '9000'], [PROFILE, '9000'], ['80F2000C', '9000']);
  assert.equal(app.port.supports('performCardApdu'), true);
  assert.equal(app.port.supports('displayText'), false);
  card.send(SELECT_USIM);
  card.send(AUTHENTICATE);
  card.send(AUTHENTICATE);
  card.send(`008800801110${RAND}00`);
  assert.deepEqual(app.heard, [
    ...['poweredOn', 'profileDownloaded', 'statusPolled'],
    ...['authenticateRequested', 'authenticated', 'authenticateRequested', 'authenticateRequested', 'authenticated'],
  ]);
});

test('AUTHENTICATE that the application refuses touches no key and stores no SQN; nor does the GSM context get around it', () => {
  let refusal: number | undefined = 0x6985;
  const app = recordingApplication({ authenticateRequested: () => refusal });
  const card = subject({}, { application: app.make });
  card.send(SELECT_USIM);
  card.expect([AUTHENTICATE, '6985'], [`008800801110${RAND}00`, '6985']);
  refusal = undefined;
  assert.match(card.send(AUTHENTICATE), /^DB08/);
});

const call = (address: string) =>
  envelope(encodeEnvelope({ type: 'CALL CONTROL', address: fromHex(address), capabilities: [] }));

test('call control: the application decides, also while a SET UP CALL is performed; emergency numbers are not asked about', () => {
  const dialled: string[] = [];
  const app = recordingApplication({
    callControl: (address) => {
      dialled.push(toHex(address));
      return 'notAllowed';
    },
  });
  const card = subject({}, { application: app.make });
  card.send(PROFILE);
  card.expect(
    [call('8121436587F9'), '01009000'],
    [call('8111F2'), '9000'],
    [call('9119F1'), '9000'],
    [call('8119F1'), '9000'],
    [envelope(encodeEnvelope({ type: 'CALL CONTROL', ussd: fromHex('0FAA'), capabilities: [] })), '9000'],
  );
  app.port.issue({ type: 'SET UP CALL', when: 'notBusy', address: fromHex('8121436587F9') }, () => {});
  const length = card.send('80F2010C').slice(2);
  card.send(`80120000${length}`);
  app.port.issue(moreTime, () => {});
  card.expect([call('812143'), '01009000']);
  assert.deepEqual(dialled, ['8121436587F9', '812143']);
});

test('other envelopes are taken without an answer; one that cannot be read is 6A80', () => {
  const card = subject();
  card.expect(
    [envelope(fromHex('D70C82028281A40101A503000001')), '9000'],
    [envelope(encodeEnvelope({ type: 'EVENT DOWNLOAD', event: 'networkRejection', rejectionCause: 6 })), '9000'],
    [envelope(fromHex('DA028100')), '9000'],
    [envelope(fromHex('D10281')), '6A80'],
    ['80C2000000', '6700'],
    ['80C2010002D10000', '6A86'],
  );
});

test('the application writes files: a transparent one, a record of a linear one, the newest of a cyclic one', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  card.send(SELECT_USIM);
  app.port.writeFile(0x6f46, fromHex('00414243'));
  app.port.writeFile(0x6ff2, fromHex('80081A32547698103254'), 10);
  for (let i = 0; i < 102; i++) app.port.writeFile(0x6ff1, Uint8Array.of(0x4f, 0x4b, i));
  card.expect(
    ['00A4000C026F46', '9000'],
    ['00B0000005', '00414243FF9000'],
    ['00A4000C026FF2', '9000'],
    ['00B20A0400', '80081A325476981032549000'],
    ['00A4000C026FF1', '9000'],
    ['00B2010400', '4F4B65FF9000'],
    ['00B2640400', '4F4B02FF9000'],
    ['00B2000200', '4F4B65FF9000'],
    ['00B2000300', '4F4B02FF9000'],
    ['00DC0003044F4BFFFF', '6982'],
  );
  // No room: too long for the record, no such record, no such file.
  assert.equal(app.port.writeFile(0x6ff2, new Uint8Array(11), 1), false);
  assert.equal(app.port.writeFile(0x6ff2, new Uint8Array(10), 11), false);
  assert.equal(app.port.writeFile(0x6f99, new Uint8Array(1)), false);
});

test('every published proactive command goes through the whole card: 91XX, FETCH, TERMINAL RESPONSE', () => {
  const app = recordingApplication();
  const { card, send, expect } = subject({}, { application: app.make });
  send(PROFILE);
  const kinds = new Set<string>();
  const published = loadVectors('usat-commands').filter(({ refused }) => !refused);
  for (const [index, { id, kind, encoded }] of published.entries()) {
    kinds.add(kind);
    const { number: _, ...request } = decodeProactiveCommand(fromHex(encoded));
    let general: number | undefined;
    // A command without its number is a request.
    assert.ok(app.port.issue(request as ProactiveRequest, (response) => (general = response?.general)));
    const [sw1, length = 0] = card.transmit(fromHex('80F2000C'));
    assert.equal(sw1, 0x91, id);
    const fetched = card.transmit(Uint8Array.of(0x80, 0x12, 0, 0, length));
    const command = decodeProactiveCommand(fetched.subarray(0, -2));
    assert.deepEqual(command, { ...request, number: (index % 254) + 1 }, id);
    const data = encodeTerminalResponse({ details: detailsOf(command), general: 0x03, additional: new Uint8Array(0) });
    expect([withData('80140000', data), '9000']);
    assert.equal(general, 0x03, id);
  }
  assert.equal(kinds.size, 29);
});

test('what the terminal tells reaches the application; a toolkit whose queue is full is busy (9300), but still answers calls', () => {
  const told: Envelope[] = [];
  const app = recordingApplication({ told: (envelope) => void told.push(envelope) });
  const card = subject({}, { application: app.make });
  card.send(PROFILE);
  const menu: Envelope = { type: 'MENU SELECTION', item: 2, isHelpRequested: false };
  const expired: Envelope = { type: 'TIMER EXPIRATION', timer: 1, seconds: 10 };
  const language: Envelope = { type: 'EVENT DOWNLOAD', event: 'languageSelection', language: fromHex('6465') };
  const all = [menu, expired, language];
  card.expect(...all.map((one) => [envelope(encodeEnvelope(one)), '9000'] as const));
  assert.deepEqual(told, all);
  for (let i = 0; i < 16; i++) assert.ok(app.port.issue(moreTime, () => {}));
  card.expect(
    [envelope(encodeEnvelope(menu)), '9300'],
    [envelope(encodeEnvelope({ type: 'SMS-PP DOWNLOAD', tpdu: fromHex('00') })), '9300'],
    [call('8121436587F9'), '910B'],
  );
  assert.equal(told.length, 3);
});

test('another TERMINAL PROFILE ends the terminal session: its command has no answer, those that wait go on', () => {
  const app = recordingApplication();
  const card = subject({}, { application: app.make });
  const answers: (number | undefined)[] = [];
  card.send(PROFILE);
  for (let i = 0; i < 2; i++) app.port.issue(moreTime, (response) => answers.push(response?.general));
  card.send('801200000B');
  card.expect([PROFILE, '910B']);
  assert.deepEqual(answers, [undefined]);
  card.expect([done(1), '6985']);
  card.send('801200000B');
  card.expect([done(2), '9000']);
  assert.deepEqual(answers, [undefined, 0]);
});
