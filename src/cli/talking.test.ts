import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import { type ConfirmationOptions, confirm } from './confirmation.ts';
import { hasColours, type Io, type LogLevel, note, tells } from './io.ts';
import { counted, progressOf, progressText } from './progress.ts';
import { didYouMean, suggestion } from './suggestion.ts';

test('colours: on a terminal, never with NO_COLOR, elsewhere with FORCE_COLOR', () => {
  assert.equal(hasColours({}, true), true);
  assert.equal(hasColours({}, false), false);
  assert.equal(hasColours({ NO_COLOR: '1' }, true), false);
  assert.equal(hasColours({ NO_COLOR: '' }, true), true);
  assert.equal(hasColours({ FORCE_COLOR: '1' }, false), true);
  assert.equal(hasColours({ FORCE_COLOR: '0' }, true), false);
  assert.equal(hasColours({ FORCE_COLOR: '1', NO_COLOR: '1' }, true), false);
  assert.equal(hasColours({ TERM: 'dumb' }, true), false);
});

test('JSON is laid out for a person who sees colours, and --no-color leaves it on one line', async (context) => {
  const data = dataDirectory(context);
  const lines = async (...more: readonly string[]) =>
    (await assayIn(data, ['list', 'show', '--json', ...more], 'colours', { isColoured: true })).out.split('\n').length;
  assert.ok((await lines()) > 2);
  assert.equal(await lines('--no-color'), 2);
});

test('log levels hold back what is above them', () => {
  const told = (logLevel: LogLevel) =>
    (['error', 'warn', 'info', 'traffic'] as const).filter((one) => tells({ logLevel }, one));
  assert.deepEqual(told('error'), ['error']);
  assert.deepEqual(told('info'), ['error', 'warn', 'info']);
  assert.equal(told('traffic').length, 4);
  assert.equal(tells({}, 'traffic'), false);
  const noted = (logLevel: LogLevel) => {
    const { io, printed } = worldOf('/', 'note', { logLevel });
    note(io, 'info', 'bound');
    return printed.err;
  };
  assert.deepEqual([noted('info'), noted('warn')], ['bound\n', '']);
});

test('progress: what is done, how fast, what remains', () => {
  const text = (done: number, of: number | undefined, milliseconds: number) =>
    progressText('reading', 'lines', { done, ...(of !== undefined && { of }), milliseconds });
  assert.equal(text(1_234_567, undefined, 1000), 'reading: 1 234 567 lines, 1 234 567/s');
  assert.equal(text(250, 1000, 1000), 'reading: 250 of 1 000 (25 %) lines, 250/s, 3 s left');
  assert.equal(text(1, 10_000, 1000), 'reading: 1 of 10 000 (0 %) lines, 1/s, 3 h left');
  assert.equal(text(10, 10, 1000), 'reading: 10 of 10 (100 %) lines, 10/s');
  assert.equal(text(0, 0, 0), 'reading: 0 of 0 (100 %) lines, 0/s');
});

/** A progress line over a clock that the test moves. */
function watched(more: Partial<Io> = { showsProgress: true }) {
  let now = 0;
  const { io, printed } = worldOf('/', 'progress', { clock: { now: () => now }, ...more });
  const progress = progressOf(io, 'reading', 'lines');
  const at = (milliseconds: number, done: number) => {
    now = milliseconds;
    progress.at(done, 100);
  };
  return { progress, at, printed };
}

test('progress is quiet for a second, then rewrites one line five times a second, and is gone at the end', () => {
  const { progress, at, printed } = watched();
  at(999, 10);
  assert.equal(printed.err, '');
  for (const [time, done] of [
    [1000, 20],
    [1100, 25],
    [1200, 30],
  ] as const)
    at(time, done);
  progress.end();
  assert.equal(
    printed.err.replaceAll('\r\u001b[K', '|'),
    '|reading: 20 of 100 (20 %) lines, 20/s, 4 s left|reading: 30 of 100 (30 %) lines, 25/s, 3 s left|',
  );
});

test('progress says nothing where no person looks, or where only errors are to be told', () => {
  for (const more of [{ showsProgress: false }, { showsProgress: true, logLevel: 'error' as const }]) {
    const { progress, at, printed } = watched(more);
    at(5000, 50);
    progress.end();
    assert.equal(printed.err, '');
  }
});

test('counted rows are the rows, and the line is gone also when the reader stops early', () => {
  let now = 0;
  const { io, printed } = worldOf('/', 'counted', { showsProgress: true, clock: { now: () => (now += 10) } });
  const rows = Array.from({ length: 1000 }, (_, i) => i);
  assert.deepEqual([...counted(progressOf(io, 'writing', 'rows'), rows, 1000)], rows);
  const before = printed.err.length;
  for (const row of counted(
    progressOf(io, 'writing', 'rows'),
    Array.from({ length: 100_000 }, (_, i) => i),
  ))
    if (row === 90_000) break;
  assert.ok(printed.err.length > before && printed.err.endsWith('\r\u001b[K'));
});

test('what cannot be undone is asked, and refused where nobody can be asked', async () => {
  const asked: string[] = [];
  const ask = (answer: string | undefined) => ({
    person: {
      async ask(question: string) {
        asked.push(question);
        return answer;
      },
    },
  });
  const confirmed = (options: ConfirmationOptions, more: Partial<Io>) =>
    confirm(worldOf('/', 'confirm', more).io, options, 'Token 3 will never work again.');
  await confirmed({ yes: true }, {});
  await confirmed({ yes: false }, ask('y'));
  await confirmed({ yes: false }, ask(' YES '));
  assert.match(asked[0] ?? '', /^Token 3 will never work again\. This cannot be undone\. Go on\? \[y\/N\] $/);
  for (const answer of ['', 'n', 'yep', undefined])
    await assert.rejects(confirmed({ yes: false }, ask(answer)), { exitCode: 1, message: 'nothing was done' });
  await assert.rejects(confirmed({ yes: false }, {}), { exitCode: 2, message: /expected --yes/ });
});

for (const args of [
  ['token', 'revoke', '1', '--reason', 'x'],
  ['webhook', 'remove', '1', '--reason', 'x'],
  ['tac', 'clear', '--reason', 'x'],
  ['revocation', 'add', 'A1A2A3A4A5A6A7A8', '--reason', 'x'],
  ['maker', 'roll-out', '--reason', 'x'],
  ['factory', 'provision', '--imei', '35674108990011'],
])
  test(`${args.slice(0, 2).join(' ')} cannot be undone: without a terminal it wants --yes, and "no" leaves all as it was`, async (context) => {
    const data = dataDirectory(context);
    const refused = await assayIn(data, args);
    assert.equal(refused.status, 2);
    assert.match(
      refused.err,
      /^assay: .* This cannot be undone: expected --yes, as nobody is at a terminal to be asked\n$/,
    );
    const no = await assayIn(data, args, 'no', { person: { ask: async () => 'n' } });
    assert.deepEqual([no.status, no.err], [1, 'assay: nothing was done\n']);
  });

test('a slip of the fingers is understood, nonsense is not', () => {
  const lists = ['black', 'grey', 'white'];
  assert.equal(suggestion('blck', lists), 'black');
  assert.equal(suggestion('BLACK', lists), 'black');
  assert.equal(suggestion('gery', lists), 'grey');
  assert.equal(suggestion('purple', lists), undefined);
  assert.equal(suggestion('x'.repeat(1000), lists), undefined);
  assert.equal(didYouMean('whtie', lists), ' (did you mean white?)');
  assert.equal(didYouMean('', lists), '');
});

test('a suggestion is one of the names, and the name itself when it was typed', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z-]{1,12}$/), { minLength: 1 }), fc.nat(), (names, pick) => {
      const name = names[pick % names.length] ?? '';
      assert.equal(suggestion(name, names), name);
      const near = suggestion(`${name}x`, names);
      assert.ok(near === undefined || names.includes(near));
    }),
  );
});

for (const [args, words] of [
  [['lsit'], /Did you mean list\?/],
  [['list', 'show', '--limitt', '3'], /Did you mean --limit\?/],
  [['list', 'show', '--list', 'blck'], /Allowed choices are black, grey, white \(did you mean black\?\)\./],
  [['operator', 'mode', 'trak'], /\(did you mean track\?\)/],
  [
    ['webhook', 'add', 'https://x.example/', '--reason', 'x', '--event', 'imeiChange'],
    /\(did you mean imeiChanged\?\)/,
  ],
] as const)
  test(`what was meant by: assay ${args.join(' ')}`, async (context) => {
    const { status, err } = await assayIn(dataDirectory(context), args);
    assert.equal(status, 2);
    assert.match(err, words);
  });
