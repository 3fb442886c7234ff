import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '#base/port/index.ts';
import {
  databaseOf,
  lockWriters,
  onPostgresOnly,
  sharedPostgres,
  temporaryDirectory,
} from '#test/operator/databases.ts';
import { startPostgres } from '#test/operator/postgres-server.ts';
import { DatabaseError, integer, openDataDirectory, SCHEMA_VERSION, settings } from './index.ts';

/** After attempts that failed the next one is only made after a pause. */
const BACKOFF_MILLISECONDS = 250;
const random = seededRandom('postgres');
/** What a caller may try again: nothing was changed. */
const temporary = (words: RegExp) => (error: unknown) =>
  error instanceof DatabaseError && error.temporary && !error.isOutcomeUnknown && words.test(error.message);
const lasting = (words: RegExp) => (error: unknown) =>
  error instanceof DatabaseError && !error.temporary && words.test(error.message);

onPostgresOnly('a schema of a newer version is refused, at the opening and by who has it open', (context, open) => {
  const directory = temporaryDirectory(context);
  const { database } = open({ directory });
  const raise = database.command('UPDATE assay_schema SET version = version + ?');
  raise.run(1);
  assert.throws(() => raise.run(-1), lasting(/written by a newer Assay; run the newer one/));
  assert.throws(() => database.transaction(() => 1), lasting(/newer Assay/));
  assert.throws(
    () => open({ directory }),
    lasting(new RegExp(`version ${SCHEMA_VERSION + 1} was written by a newer Assay`)),
  );
});

onPostgresOnly(
  "another program's tables, a missing database and a foreign master key are refused",
  async (context, open) => {
    const server = await sharedPostgres();
    const theirs = temporaryDirectory(context);
    const { database } = open({ directory: theirs });
    const { databaseUrl = '' } = databaseOf(context, theirs);
    const elsewhere = temporaryDirectory(context);
    assert.throws(
      () => openDataDirectory({ directory: elsewhere, random, databaseUrl }),
      lasting(/master\.key: missing/),
    );
    database.execute('DROP TABLE assay_schema');
    assert.throws(
      () => openDataDirectory({ directory: theirs, random, databaseUrl }),
      lasting(/another program's; choose another/),
    );
    const none = server.urlOf('nothing');
    assert.throws(
      () => openDataDirectory({ directory: theirs, random, databaseUrl: none }),
      lasting(/no such database; create it/),
    );
  },
);

onPostgresOnly('a writer that waits too long for another one may try again; readers do not wait', (context, open) => {
  const directory = temporaryDirectory(context);
  const { database } = open({ directory, busyMilliseconds: 20 });
  const kept = settings(database);
  kept.set('a', '1');
  const unlock = lockWriters(context, directory);
  assert.throws(() => kept.set('a', '2'), temporary(/locked by another process for too long/));
  assert.throws(() => database.transaction(() => 1), temporary(/locked by another process/));
  assert.equal(kept.get('a'), '1');
  unlock();
  kept.set('a', '2');
  assert.equal(kept.get('a'), '2');
});

onPostgresOnly(
  'a connection that ended meanwhile is made anew; a transaction it cut off leaves nothing',
  (context, open) => {
    const directory = temporaryDirectory(context);
    const { database } = open({ directory });
    const other = open({ directory }).database;
    const kept = settings(database);
    const pid = database.query('SELECT pg_backend_pid() AS pid', { pid: integer });
    const cut = () => {
      other
        .query('SELECT CAST(pg_terminate_backend(CAST(? AS INTEGER), 1000) AS INTEGER) AS done', { done: integer })
        .only(pid.only().pid);
    };
    cut();
    kept.set('a', '1');
    cut();
    assert.equal(kept.get('a'), '1');
    assert.throws(
      () =>
        database.transaction(() => {
          kept.set('a', '2');
          cut();
          kept.set('b', '2');
        }),
      temporary(/cannot be reached .* nothing was changed/),
    );
    assert.deepEqual([kept.get('a'), kept.get('b')], ['1', undefined]);
    const rows = Array.from({ length: 1500 }, (_, i) => [`n${i}`, '']);
    database.copyIn('setting', ['name', 'value'], rows);
    const each = database.query('SELECT 1 AS one FROM setting', { one: integer }).each();
    each.next();
    cut();
    assert.throws(() => Array.from(each), temporary(/lost while a long list was read; read it again/));
  },
);

onPostgresOnly(
  'an address that nobody answers is a clear error without the password, and soon said again',
  (context) => {
    const directory = temporaryDirectory(context);
    const databaseUrl = 'postgres://ada:s3cret@127.0.0.1:1,%2Fnowhere/n';
    const open = () => openDataDirectory({ directory, random, databaseUrl });
    assert.throws(open, temporary(/postgres:\/\/ada@127.0.0.1:1.*127\.0\.0\.1:1 ECONNREFUSED; \/nowhere:5432 ENOENT/));
    assert.throws(open, (error) => !String((error as Error).stack).includes('s3cret'));
  },
);

const WRITER = fileURLToPath(new URL('../../../test/operator/database-writer.ts', import.meta.url));

/** A process that writes until its database is gone: the numbers it had acknowledged, once it has written so many, and at its end. */
function writer(directory: string, name: string, databaseUrl: string) {
  const child: ChildProcess = spawn(process.execPath, [WRITER, directory, name, databaseUrl], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let printed = '';
  child.stdout?.setEncoding('utf8');
  const last = () => Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1) || -1);
  const over = once(child, 'close').then(last);
  const busy = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      printed += chunk;
      if (last() >= 30) resolve();
    });
    child.once('close', () => resolve());
  });
  return { busy, over };
}

/** That all up to the last acknowledged number are there, and no half of a transaction. */
function checkWritten(database: ReturnType<typeof openDataDirectory>['database'], name: string, last: number): void {
  const kept = settings(database);
  assert.ok(last >= 30, `${name} had written ${last}`);
  for (let number = 0; number <= last; number++) {
    assert.ok(kept.get(`${name} first ${number}`), `${name} ${number} was acknowledged and is gone`);
    assert.ok(kept.get(`${name} second ${number}`), `${name} ${number} is half there`);
  }
  const next = [kept.get(`${name} first ${last + 1}`), kept.get(`${name} second ${last + 1}`)];
  assert.equal(next[0] === undefined, next[1] === undefined, 'what was not acknowledged is there whole, or not at all');
}

onPostgresOnly(
  'the server killed with SIGKILL between and during transactions: nothing acknowledged is missing, nothing is half',
  async (context) => {
    const directory = temporaryDirectory(context);
    const server = await startPostgres();
    context.after(() => server.stop());
    const databaseUrl = server.url('kill');
    const { database } = openDataDirectory({ directory, random, databaseUrl });
    context.after(() => database.close());
    const kept = settings(database);
    for (const round of [0, 1]) {
      const writers = ['a', 'b'].map((name) => ({
        name: `${name}${round}`,
        ...writer(directory, `${name}${round}`, databaseUrl),
      }));
      await Promise.all(writers.map(({ busy }) => busy));
      let killed: Promise<void> | undefined;
      const cutOff = () => {
        kept.set(`cut ${round}`, 'off');
        killed = server.kill();
        kept.set(`after ${round}`, 'never');
      };
      assert.throws(() => database.transaction(cutOff), temporary(/cannot be reached .* nothing was changed/));
      await killed;
      assert.throws(
        () => kept.set('a', '1'),
        temporary(/cannot be reached \(.*ENOENT|ECONNREFUSED.*\); nothing was changed/),
      );
      assert.throws(() => kept.get('a'), temporary(/cannot be reached/));
      await server.start();
      await setTimeout(BACKOFF_MILLISECONDS);
      for (const { name, over } of writers) checkWritten(database, name, await over);
      assert.deepEqual([kept.get(`cut ${round}`), kept.get(`after ${round}`)], [undefined, undefined]);
      assert.deepEqual(database.integrityProblems(), []);
    }
  },
);

onPostgresOnly(
  'the primary killed, its synchronous standby promoted: no acknowledged change is missing, and work goes on there',
  async (context) => {
    const directory = temporaryDirectory(context);
    const primary = await startPostgres({ synchronous_standby_names: 'standby' });
    context.after(() => primary.stop());
    const standby = await startPostgres({}, primary);
    context.after(() => standby.stop());
    const databaseUrl = primary.url('pair').replace('/postgres?', `,${encodeURIComponent(standby.host)}/postgres?`);
    const reversed = standby.url('pair').replace('/postgres?', `,${encodeURIComponent(primary.host)}/postgres?`);
    const { database } = openDataDirectory({ directory, random, databaseUrl: reversed });
    context.after(() => database.close());
    const kept = settings(database);
    kept.set('before', 'yes');
    const work = writer(directory, 'a', databaseUrl);
    await work.busy;
    await primary.kill();
    assert.throws(() => kept.set('between', '1'), temporary(/takes no writes \(a standby\?\)/));
    standby.promote();
    await setTimeout(BACKOFF_MILLISECONDS);
    checkWritten(database, 'a', await work.over);
    assert.equal(kept.get('before'), 'yes');
    kept.set('after', 'yes');
    assert.equal(kept.get('after'), 'yes');
  },
);

onPostgresOnly(
  'a commit that the standby does not confirm is neither acknowledged nor called undone',
  async (context) => {
    const directory = temporaryDirectory(context);
    const server = await startPostgres();
    context.after(() => server.stop());
    const { database } = openDataDirectory({ directory, random, databaseUrl: server.url('doubt') });
    context.after(() => database.close());
    const kept = settings(database);
    const wait = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    for (const ending of ['pg_cancel_backend', 'pg_terminate_backend']) {
      server.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", 'SELECT pg_reload_conf()');
      const ended = server.later(`SELECT ${ending}(pid) ${wait}`);
      assert.throws(
        () => kept.set(ending, '1'),
        (error) =>
          error instanceof DatabaseError &&
          error.isOutcomeUnknown &&
          /whether the change was kept is not known/.test(error.message),
      );
      await ended;
      server.sql('ALTER SYSTEM RESET synchronous_standby_names', 'SELECT pg_reload_conf()');
      assert.equal(kept.get(ending), '1');
    }
  },
);

onPostgresOnly('a server that stands still is taken for gone within seconds', async (context) => {
  const directory = temporaryDirectory(context);
  const server = await startPostgres();
  context.after(() => server.stop());
  const { database } = openDataDirectory({ directory, random, databaseUrl: server.url('still') });
  context.after(() => database.close());
  const kept = settings(database);
  server.pause();
  const began = performance.now();
  assert.throws(() => kept.set('a', '1'), temporary(/does not answer any more.* nothing was changed/));
  assert.ok(performance.now() - began < 15_000);
  server.resume();
  await setTimeout(BACKOFF_MILLISECONDS);
  kept.set('a', '2');
  assert.equal(kept.get('a'), '2');
});

onPostgresOnly('a server without fsync is refused', async (context) => {
  const server = await startPostgres({ fsync: 'off' });
  context.after(() => server.stop());
  const open = () =>
    openDataDirectory({ directory: temporaryDirectory(context), random, databaseUrl: server.url('lossy') });
  assert.throws(open, lasting(/fsync is off: a power cut could lose data; set fsync = on/));
});

/** A certificate for `localhost` that its own key signs; readable for the server's account. */
function selfSigned(directory: string): { readonly certificate: string; readonly key: string } | undefined {
  const [certificate, key] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-out', certificate, '-keyout', key];
  const made = spawnSync('openssl', ['req', '-new', '-x509', '-nodes', '-days', '2', ...subject, ...files]);
  if (made.status !== 0) return undefined;
  return { certificate, key };
}

/** A TCP port that nobody uses now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

onPostgresOnly(
  'TLS: the certificate and its name are checked, and a wrong password is said without it',
  async (context) => {
    const directory = temporaryDirectory(context);
    const files = selfSigned(directory);
    if (files === undefined) return context.skip('openssl is not installed here: install the package openssl');
    const port = await freePort();
    const server = await startPostgres({ port: String(port), listen_addresses: '127.0.0.1' });
    context.after(() => server.stop());
    server.sql("ALTER USER assay PASSWORD 's3cret'");
    server.encrypt(files);
    const attempt = (settings: string, host = 'localhost', password = 's3cret') => {
      const databaseUrl = `postgres://assay:${password}@${host}:${port}/postgres?schema=tls&${settings}`;
      const { database } = openDataDirectory({ directory, random, databaseUrl });
      database.close();
    };
    const trusted = `sslrootcert=${encodeURIComponent(files.certificate)}`;
    attempt(`sslmode=verify-full&${trusted}`);
    attempt(`sslmode=verify-ca&${trusted}`, '127.0.0.1');
    attempt('sslmode=require');
    assert.throws(() => attempt('sslmode=verify-full'), temporary(/self-signed certificate/));
    assert.throws(
      () => attempt(`sslmode=verify-full&${trusted}`, '127.0.0.1'),
      temporary(/does not match certificate/),
    );
    assert.throws(() => attempt('sslmode=disable'), lasting(/user or password refused/));
    const wrong = (error: unknown) =>
      lasting(/user or password refused/)(error) && !String((error as Error).stack).includes('wr0ng');
    assert.throws(() => attempt('sslmode=require', 'localhost', 'wr0ng'), wrong);
  },
);

onPostgresOnly(
  'the server has looked at a table that grew by far: it finds keys along their index at once',
  (_context, open) => {
    const { database } = open();
    const columns = ['imei', 'list', 'source', 'reason', 'note', 'case_reference', 'author', 'added_at'];
    const rows = Array.from({ length: 50_000 }, (_, imei) => [imei, 'black', 'police', 'stolen', '', '', 'Ada', 1]);
    const known = database.query("SELECT reltuples::bigint FROM pg_class WHERE oid = 'list_entry'::regclass", {
      reltuples: integer,
    });
    database.copyIn('list_entry', columns, rows.slice(0, 9_999));
    assert.ok(known.only().reltuples <= 0, 'a small table is left to the server');
    database.copyIn('list_entry', columns, rows.slice(9_999));
    assert.equal(known.only().reltuples, 50_000);
  },
);
