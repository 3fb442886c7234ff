import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { integer } from '#operator/database/index.ts';
import { databaseOf, onBothDatabases as test } from '#test/operator/databases.ts';
import { temporaryDirectory, testImei, testOperator } from '#test/operator/operator.ts';
import { beginUndo } from './batch.ts';
import type { ImportOptions, ImportProgress } from './options.ts';

const PROGRAM = fileURLToPath(new URL('../../../../test/operator/import-process.ts', import.meta.url));
const run = promisify(execFile);
const DEAD_AFTER = 16_000;

const listFile = (from: number, to: number, reason: string) =>
  `imei,reasons\n${Array.from({ length: to - from }, (_, i) => `${testImei(from + i).equipment},${reason}`).join('\n')}\n`;

function importing(context: TestContext, directory = temporaryDirectory(context)) {
  const made = testOperator(context, { directory });
  const { register, operator } = made;
  const standard = {
    list: 'black',
    source: 'regulator',
    author: 'Ada',
    name: 'file.csv',
    changeLimit: 100_000,
  } as const;
  const load = (file: string | AsyncIterable<Uint8Array>, more: Partial<ImportOptions> = {}) =>
    register.importList(typeof file === 'string' ? [new TextEncoder().encode(file)] : file, { ...standard, ...more });
  const standing = () => Array.from(register.lists.each('black'), ({ imei, reason }) => `${imei.equipment} ${reason}`);
  const rows = (table: string) =>
    operator.database.query(`SELECT count(*) AS number FROM ${table}`, { number: integer }).only().number;
  /** Ends the newest run at the first sign of this phase. */
  const cancelIn =
    (wanted: ImportProgress['phase']): NonNullable<ImportOptions['onProgress']> =>
    ({ phase }) => {
      const [newest] = register.importRuns.newest(1);
      if (phase === wanted && newest !== undefined && newest.cancelledBy === undefined)
        register.importRuns.cancel({ run: newest.run, author: 'Bob', reason: 'wrong file' });
    };
  return { ...made, directory, load, standing, rows, cancelIn };
}

test('what an import does is seen while it does it, by whoever looks into the database, and how it ended after that', async (context) => {
  const { load, register, clock } = importing(context);
  const seen = new Set<string>();
  let version = register.importRuns.version();
  const onProgress = () => {
    clock.advance(600);
    for (const found of register.importRuns.changedAfter(version, 10)) {
      assert.ok(found.version > version && found.outcome === undefined && found.name === 'file.csv');
      seen.add(found.phase);
      version = found.version;
    }
  };
  const result = await load(listFile(0, 6000, 'stolen'), { onProgress });
  assert.ok(result.outcome === 'applied');
  assert.deepEqual([...seen], ['reading', 'comparing', 'writing']);
  const found = register.importRuns.ofBatch(result.batch);
  assert.deepEqual(
    [found?.outcome, found?.phase, found?.done, found?.of, found?.batch, found?.isDryRun],
    ['applied', 'writing', 6000, 6000, result.batch, false],
  );
  assert.equal((await load(listFile(0, 10, 'stolen'), { dryRun: true })).outcome, 'dryRun');
  assert.equal((await load('hello')).outcome, 'malformed');
  assert.equal((await load(listFile(0, 10, 'lost'), { changeLimit: 3 })).outcome, 'refused');
  assert.deepEqual(
    register.importRuns.newest(9).map(({ outcome }) => outcome),
    ['refused', 'malformed', 'dryRun', 'applied'],
  );
});

for (const phase of ['reading', 'comparing', 'writing'] as const)
  test(`an import that somebody cancels while it is ${phase} changes nothing, and is in the log with who and why`, async (context) => {
    const { load, register, standing, rows, cancelIn, audit } = importing(context);
    await load(listFile(0, 5000, 'stolen'));
    const before = standing();
    const kept = rows('list_history');
    const result = await load(listFile(2500, 7500, 'lost'), {
      kind: 'full',
      name: 'wrong.csv',
      onProgress: cancelIn(phase),
    });
    assert.deepEqual(result, { outcome: 'cancelled', by: 'Bob', reason: 'wrong file' });
    assert.deepEqual(standing(), before);
    const [newest] = register.importRuns.newest(1);
    assert.deepEqual([newest?.outcome, newest?.cancelledBy, newest?.cancelReason], ['cancelled', 'Bob', 'wrong file']);
    const told = audit.newest(1, 'list')[0];
    assert.deepEqual(
      [told?.author, told?.subject, told?.detail?.['change'], told?.detail?.['reason']],
      ['Bob', 'wrong.csv', 'import cancelled', 'wrong file'],
    );
    if (phase === 'writing') {
      assert.deepEqual([register.imports(1)[0]?.state, newest?.batch], ['cancelled', register.imports(1)[0]?.batch]);
      assert.throws(() => register.importRuns.cancel({ run: newest?.run ?? 0, author: 'Bob', reason: 'x' }), {
        name: 'RangeError',
        message: /one that has ended/,
      });
      await assert.rejects(register.undoImport({ batch: newest?.batch ?? 0, author: 'Bob', reason: 'x' }), RangeError);
    } else assert.equal(rows('list_history'), kept);
    assert.equal(rows('list_entry'), 5000);
    // And the next one finds nothing in its way.
    assert.equal((await load(listFile(2500, 7500, 'lost'), { kind: 'full' })).outcome, 'applied');
    assert.equal(standing().length, 5000);
  });

test('an import of which nothing comes any more is cancelled all the same', async (context) => {
  const { load, register } = importing(context);
  const silent = (async function* () {
    yield new TextEncoder().encode(listFile(0, 10, 'stolen'));
    await new Promise(() => {});
  })();
  const loading = load(silent);
  const [newest] = register.importRuns.newest(1);
  assert.equal(newest?.outcome, undefined);
  register.importRuns.cancel({ run: newest?.run ?? 0, author: 'Bob', reason: 'it hangs' });
  assert.equal((await loading).outcome, 'cancelled');
});

test('what counts already is not cancelled, and a run of a dead process is shown as cut off', async (context) => {
  const { load, register, operator, clock } = importing(context);
  const result = await load(listFile(0, 10, 'stolen'));
  assert.ok(result.outcome === 'applied');
  const cancel = () => register.importRuns.cancel({ run: 1, author: 'Bob', reason: 'late' });
  assert.throws(cancel, { name: 'RangeError', message: /one that counts already; undo it/ });
  operator.database.execute("UPDATE import_run SET outcome = NULL, ended_at = NULL, phase = 'comparing'");
  assert.equal(register.importRuns.find(1)?.outcome, undefined);
  clock.advance(DEAD_AFTER);
  assert.equal(register.importRuns.find(1)?.outcome, 'cutOff');
  assert.throws(cancel, { name: 'RangeError', message: /one that has ended/ });
  const version = register.importRuns.version();
  register.importRuns.endAbandoned();
  assert.deepEqual(
    register.importRuns.changedAfter(version, 9).map(({ outcome, endedAt }) => [outcome, endedAt]),
    [['cutOff', clock.now()]],
  );
});

/** One end of a process that kills itself before its transaction `kill` is committed. */
async function killed(
  context: TestContext,
  { directory, now, batch, kill, file }: { directory: string; now: number; batch: number; kill: number; file: string },
): Promise<string> {
  const url = databaseOf(context, directory).databaseUrl ?? '';
  const ended = run(process.execPath, [PROGRAM, directory, String(now), String(batch), String(kill), file, url]);
  return ended.then(
    ({ stdout }) => stdout,
    (error: { readonly signal?: string; readonly stderr?: string }) => error.signal ?? error.stderr ?? '',
  );
}

for (const what of ['import', 'undoing'] as const)
  test(`killed anywhere in an ${what}: all of it counts or nothing, and whoever comes next takes up what is left`, async (context) => {
    const directory = temporaryDirectory(context);
    const { load, register, standing, rows, clock, operator } = importing(context, directory);
    const file = listFile(1500, 4500, 'lost');
    await load(listFile(0, 3000, 'stolen'), { name: 'first.csv' });
    const first = standing();
    const replaced = await load(file, { kind: 'full' });
    assert.ok(replaced.outcome === 'applied');
    const second = standing();
    if (what === 'import') await register.undoImport({ batch: replaced.batch, author: 'Ada', reason: 'again' });
    const [before, after] = what === 'import' ? [first, second] : [second, first];
    let done = 0;
    for (let kill = 1; done === 0; kill += 3) {
      assert.ok(kill < 99, 'it never ends');
      const given = { directory, now: clock.now(), batch: replaced.batch, kill };
      const said = await killed(context, { ...given, file: what === 'import' ? file : '' });
      if (said !== 'SIGKILL') assert.match(said, /^(?:applied|\d+) after/);
      const counts = standing();
      const isDone = counts.length === after.length && counts[0] === after[0];
      assert.deepEqual(counts, isDone ? after : before, `killed in transaction ${kill}`);
      if (what === 'undoing' && isDone && said === 'SIGKILL')
        assert.match(register.imports(1)[0]?.state ?? '', /^undo/);
      // After a while it is known that the process is dead; what it left goes, and what counts stays as it was.
      const keeper = register.importKeeper(clock);
      keeper.start((error) => assert.fail(error as Error));
      for (
        let looks = 0;
        looks === 0 || rows("list_batch WHERE state = 'running' OR noted_to IS NOT NULL") > 0;
        looks++
      ) {
        assert.ok(looks < 1000, 'nobody takes it up');
        clock.advance(DEAD_AFTER);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await keeper.close();
      assert.deepEqual(standing(), counts);
      if (isDone) done++;
      else if (what === 'import') assert.equal(rows('list_entry'), before.length);
    }
    assert.equal(rows('list_entry'), after.length);
    assert.deepEqual(operator.database.integrityProblems(), []);
  });

test('an undoing whose process died is written before another one begins: the lists are as after one and then the other', async (context) => {
  const after = async (isCutOff: boolean) => {
    const { load, register, standing, operator, audit, clock } = importing(context);
    const first = await load(listFile(0, 50, 'stolen'));
    const second = await load(listFile(25, 50, 'fraud'), { kind: 'full' });
    assert.ok(first.outcome === 'applied' && second.outcome === 'applied');
    const by = { author: 'Ada', reason: 'test' };
    if (isCutOff) beginUndo({ ...register, database: operator.database, audit, clock }, { batch: first.batch, ...by });
    else await register.undoImport({ batch: first.batch, ...by });
    await register.undoImport({ batch: second.batch, ...by });
    return standing();
  };
  assert.deepEqual(await after(true), await after(false));
});

test('two undoings at once: the second is refused until the first is written', async (context) => {
  const { load, register, operator, audit, clock } = importing(context);
  const [first, second] = [await load(listFile(0, 9, 'stolen')), await load(listFile(5, 9, 'fraud'))];
  assert.ok(first.outcome === 'applied' && second.outcome === 'applied');
  const by = { author: 'Ada', reason: 'test' };
  const ports = { ...register, database: operator.database, audit, clock };
  beginUndo(ports, { batch: first.batch, ...by });
  assert.throws(() => beginUndo(ports, { batch: second.batch, ...by }), { name: 'RangeError', message: /file\.csv/ });
});

test('an undoing begins when nothing of a batch that was cut off stands any more: what that took would come back unseen', async (context) => {
  const { load, register, operator, audit, clock, standing } = importing(context);
  const first = await load(listFile(0, 9, 'stolen'));
  assert.ok(first.outcome === 'applied');
  operator.database.execute(`INSERT INTO list_batch (at, touched_at, list, source, author, name, state)
    VALUES (0, 0, 'black', 'regulator', 'Ada', 'dead.csv', 'running')`);
  const what = { batch: first.batch, author: 'Ada', reason: 'test' };
  assert.throws(() => beginUndo({ ...register, database: operator.database, audit, clock }, what), /dead\.csv/);
  await register.undoImport(what);
  assert.deepEqual(standing(), []);
});
