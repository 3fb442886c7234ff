import pg from 'pg';
import { systemClock } from '#base/port/index.ts';
import type { PostgresAddress, PostgresHost } from './postgres-address.ts';
import { CopyIn } from './postgres-copy.ts';
import type { PostgresFailure } from './postgres-error.ts';
import {
  LOCK_SQL,
  NO_RESULT,
  type SentValue,
  type SessionSettings,
  type StatementResult,
  type Step,
} from './postgres-message.ts';
import { readValue } from './postgres-value.ts';

/** A statement that takes longer is stopped by the server. */
const STATEMENT_MILLISECONDS = 300_000;
/** A COMMIT that takes longer (its synchronous standby is gone?) is not waited for. */
const COMMIT_MILLISECONDS = 10_000;
/** A process that stands still inside a transaction loses it after so long: others wait for it. */
const IDLE_MILLISECONDS = 60_000;
const CONNECT_MILLISECONDS = 3000;
/** A server that is silent for so long is asked, on another connection, whether it is there. */
const SILENCE_MILLISECONDS = 2000;
const FIRST_BACKOFF_MILLISECONDS = 100;
const LONGEST_BACKOFF_MILLISECONDS = 5000;
/** An attempt that was refused within so long costs its caller nothing, and is made again after half a second at most. */
const QUICK_MILLISECONDS = 100;
const LONGEST_QUICK_BACKOFF_MILLISECONDS = 500;
const MOST_TRIES = 5;
/** Statements the server keeps prepared. */
const MOST_PREPARED = 500;

/** SQLSTATEs after which the session is over: connection exceptions, shutdown, a transaction idle for too long. */
const ENDED = /^(?:08|57P0|25P0[34])/;
/** Not a primary (any more). */
const READ_ONLY = '25006';
const CONFLICTS: readonly string[] = ['40001', '40P01'];
/** Answers to an attempt to connect that another attempt will not better: authorisation, no such database, our own. */
const FINAL = /^(?:28|3D|42|$)/;

/** A failure on its way to the caller. */
export class SessionError extends Error {
  readonly failure: PostgresFailure;
  constructor(kind: PostgresFailure['kind'], message: string, state?: string) {
    super(message);
    this.failure = { kind, message, state };
  }
}

/** The end of waiting for an answer. */
class Silence extends SessionError {
  constructor(message: string) {
    super('gone', message);
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** What an error of the connection or server means. */
function meaning(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? '';
    return new SessionError(ENDED.test(state) ? 'gone' : 'refused', error.message, state);
  }
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  const words = syscall === undefined ? message || code : code;
  return new SessionError('gone', words ?? 'no connection');
}

const TYPES = {
  getTypeParser:
    (type: number) =>
    (text: string): unknown =>
      readValue(type, text),
};

/** The session of one caller: one connection at a time, made anew when it was lost. Steps come one after another. */
export class PostgresSession {
  readonly #settings: SessionSettings;
  readonly #prepared = new Map<string, string>();
  #client: pg.Client | undefined;
  #isInTransaction = false;
  #backoff = 0;
  #isResting = false;
  #lastProblem = '';

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /** Does one step. Throws SessionError. */
  async do(step: Step): Promise<StatementResult> {
    switch (step.kind) {
      case 'read':
        return this.#twice((client) => this.#statement(client, step.sql, step.parameters));
      case 'write':
        return this.#write(step.sql, step.parameters);
      case 'inside':
        return this.#inside((client) => this.#statement(client, step.sql, step.parameters));
      case 'copy':
        return this.#inside((client) => this.#copy(client, step.sql, step.text));
      case 'execute': {
        const run = (client: pg.Client) => this.#answer(client, client.query(step.sql));
        await (this.#isInTransaction ? this.#inside(run) : run(await this.#connected()));
        return NO_RESULT;
      }
      case 'begin':
        await this.#begin();
        return NO_RESULT;
      case 'commit':
        await this.#commit();
        return NO_RESULT;
      case 'rollback':
        await this.#rollback();
        return NO_RESULT;
      case 'close':
        await this.#close();
        return NO_RESULT;
    }
  }

  /** What changes nothing may be done again when the connection turns out to be dead. */
  async #twice<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const before = this.#client;
    try {
      return await work(await this.#connected());
    } catch (error) {
      const isStale = before !== undefined && this.#client !== before;
      if (!isStale || meaning(error).failure.kind !== 'gone') throw error;
      return work(await this.#connected());
    }
  }

  async #inside<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = this.#client;
    if (client === undefined || !this.#isInTransaction)
      throw new SessionError('gone', 'the connection ended in the middle of a transaction');
    return work(client);
  }

  /** A transaction of one statement. */
  async #write(sql: string, parameters: readonly SentValue[]): Promise<StatementResult> {
    for (let left = MOST_TRIES; ; left--) {
      try {
        await this.#begin();
        const result = await this.#inside((client) => this.#statement(client, sql, parameters));
        await this.#commit();
        return result;
      } catch (error) {
        await this.#rollback();
        if (left === 0 || !CONFLICTS.includes(meaning(error).failure.state ?? '')) throw error;
      }
    }
  }

  /** Opens a transaction and takes the writers' row, which also tells whether the schema is still ours. */
  async #begin(): Promise<void> {
    const found = await this.#twice(async (client) => {
      // A lock that is not given leaves a transaction open.
      this.#isInTransaction = true;
      const results: unknown = await this.#answer(
        client,
        client.query({ text: `BEGIN ISOLATION LEVEL READ COMMITTED; ${LOCK_SQL}`, rowMode: 'array', types: TYPES }),
      );
      return (results as pg.QueryArrayResult[])[1]?.rows[0]?.[0];
    }).catch(async (error) => {
      await this.#rollback();
      throw error;
    });
    if (typeof found === 'number' && found <= this.#settings.schemaVersion) return;
    await this.#rollback();
    if (found === undefined) throw new SessionError('refused', 'the row of assay_schema is missing; restore a backup');
    throw new SessionError('newer', `schema version ${found}`);
  }

  async #commit(): Promise<void> {
    let doubt: string | undefined;
    const heed = (notice: { readonly code?: string | undefined; readonly message?: string | undefined }) => {
      // The standby has not confirmed, and somebody ended the wait for it.
      doubt = notice.message;
    };
    await this.#inside(async (client) => {
      client.on('notice', heed);
      try {
        const { command } = await this.#answer(client, client.query('COMMIT'), COMMIT_MILLISECONDS);
        if (command !== 'COMMIT') throw new SessionError('refused', 'rolled back', '25P02');
      } catch (error) {
        const { failure } = meaning(error);
        throw failure.kind === 'gone' ? new SessionError('unknown', failure.message) : error;
      } finally {
        client.off('notice', heed);
        this.#isInTransaction = false;
      }
    });
    if (doubt !== undefined) throw new SessionError('unknown', doubt);
  }

  /** Ends a transaction if one is open; never throws: what is not committed is nothing. */
  async #rollback(): Promise<void> {
    const client = this.#client;
    if (client !== undefined && this.#isInTransaction)
      await this.#answer(client, client.query('ROLLBACK')).catch(() => this.#drop(client));
    this.#isInTransaction = false;
  }

  async #statement(client: pg.Client, sql: string, parameters: readonly SentValue[]): Promise<StatementResult> {
    const name = this.#prepared.get(sql) ?? `s${this.#prepared.size}`;
    if (this.#prepared.size < MOST_PREPARED) this.#prepared.set(sql, name);
    const isPrepared = this.#prepared.has(sql);
    const result = await this.#answer(
      client,
      client.query({
        text: sql,
        values: [...parameters],
        rowMode: 'array',
        types: TYPES,
        ...(isPrepared && { name }),
      }),
    );
    return { fields: result.fields.map((field) => field.name), rows: result.rows, changes: result.rowCount ?? 0 };
  }

  async #copy(client: pg.Client, sql: string, text: string): Promise<StatementResult> {
    const { done } = client.query(new CopyIn(sql, text));
    return { ...NO_RESULT, changes: await this.#answer(client, done) };
  }

  /** Waits for an answer for as long as the server is there. Throws SessionError; after `gone` the connection is dropped. */
  async #answer<T>(client: pg.Client, asked: Promise<T>, limit = Number.POSITIVE_INFINITY): Promise<T> {
    const watch = new Watch(() => isThere(this.#settings.address, hostOf(client)), limit);
    try {
      return await Promise.race([asked, watch.ended]);
    } catch (error) {
      const known = meaning(error);
      const { kind, state } = known.failure;
      if (kind === 'gone' || state === READ_ONLY) this.#drop(client);
      if (error instanceof Silence) this.#backOff(known.message);
      throw known;
    } finally {
      watch.end();
      // When the race was lost, what comes of it later interests nobody.
      asked.catch(() => undefined);
    }
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) {
      this.#client = undefined;
      this.#isInTransaction = false;
    }
    client.end().catch(() => undefined);
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    if (this.#isResting) throw new SessionError('gone', this.#lastProblem);
    const begun = systemClock.now();
    try {
      const client = await this.#connect();
      this.#backoff = 0;
      this.#client = client;
      return client;
    } catch (error) {
      const isQuick = systemClock.now() - begun < QUICK_MILLISECONDS;
      const longest = isQuick ? LONGEST_QUICK_BACKOFF_MILLISECONDS : LONGEST_BACKOFF_MILLISECONDS;
      this.#backOff(meaning(error).message, longest);
      throw error;
    }
  }

  /** Nobody waits for the same server again at once: until some time has passed the answer is the same. */
  #backOff(problem: string, longest = LONGEST_BACKOFF_MILLISECONDS): void {
    this.#backoff = Math.min(this.#backoff * 2 || FIRST_BACKOFF_MILLISECONDS, longest);
    this.#isResting = true;
    setTimeout(() => {
      this.#isResting = false;
    }, this.#backoff);
    this.#lastProblem = problem;
  }

  /** The first host that takes writes. */
  async #connect(): Promise<pg.Client> {
    const { address } = this.#settings;
    const problems: SessionError[] = [];
    for (const host of address.hosts) {
      const client = clientOf(address, host);
      // A connection that ends while nobody asks anything.
      client.on('error', () => this.#drop(client));
      client.on('end', () => this.#drop(client));
      try {
        await client.connect();
        await this.#prepare(client);
        return client;
      } catch (error) {
        client.end().catch(() => undefined);
        problems.push(meaning(error));
      }
    }
    const [first] = problems;
    if (
      first !== undefined &&
      problems.every(({ failure }) => failure.kind === 'refused' && FINAL.test(failure.state ?? ''))
    )
      throw first;
    const each = problems.map(({ message }, at) => `${address.hosts[at]?.host}:${address.hosts[at]?.port} ${message}`);
    throw new SessionError('gone', each.join('; '));
  }

  /** Makes a session safe, and refuses a server that is not. */
  async #prepare(client: pg.Client): Promise<void> {
    const { address, busyMilliseconds } = this.#settings;
    const asked = await this.#answer(
      client,
      client.query({
        text: `SELECT current_setting('transaction_read_only'), current_setting('fsync', true),
          current_setting('server_encoding', true), current_setting('synchronous_commit', true)`,
        rowMode: 'array',
      }),
    );
    const [readOnly, fsync, encoding, synchronous] = asked.rows[0] ?? [];
    if (readOnly === 'on') throw new SessionError('gone', 'takes no writes (a standby?)');
    if (fsync === 'off') throw new SessionError('refused', 'fsync is off: a power cut could lose data; set fsync = on');
    if (typeof encoding === 'string' && encoding !== 'UTF8')
      throw new SessionError('refused', `encoding ${encoding}: create the database with encoding UTF8`);
    const settings = [
      `SET lock_timeout = ${busyMilliseconds}`,
      `SET statement_timeout = ${STATEMENT_MILLISECONDS}`,
      `SET idle_in_transaction_session_timeout = ${IDLE_MILLISECONDS}`,
      'SET bytea_output = hex',
      'SET client_min_messages = warning',
      ...(address.schema === undefined ? [] : [`SET search_path = ${address.schema}`]),
      ...(synchronous === 'off' || synchronous === 'local' ? ['SET synchronous_commit = on'] : []),
    ];
    await this.#answer(client, client.query(settings.join('; ')));
  }

  async #close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await Promise.race([client?.end().catch(() => undefined), pause(SILENCE_MILLISECONDS)]);
  }
}

function clientOf(address: PostgresAddress, { host, port }: PostgresHost): pg.Client {
  const { user, password = '', database, tls } = address;
  return new pg.Client({
    ...{ host, port, user, database },
    // A function: an empty string would make pg look for passwords elsewhere.
    password: () => password,
    ssl: tls !== undefined && {
      rejectUnauthorized: tls.checksCertificate,
      ...(tls.checksName ? {} : { checkServerIdentity: () => undefined }),
      ...(tls.authorities !== undefined && { ca: tls.authorities }),
      ...(tls.certificate !== undefined && { cert: tls.certificate }),
      ...(tls.key !== undefined && { key: tls.key }),
    },
    application_name: 'assay',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_MILLISECONDS,
  });
}

const hostOf = ({ host, port }: pg.Client): PostgresHost => ({ host, port });

/** Whether a server answers at all, whatever it says. */
async function isThere(address: PostgresAddress, host: PostgresHost): Promise<boolean> {
  const client = clientOf(address, host);
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    client.end().catch(() => undefined);
  }
}

/** Rejects `ended` when the server is no longer there, or when `limit` milliseconds have passed. */
class Watch {
  readonly ended: Promise<never>;
  #left: number;
  readonly #isThere: () => Promise<boolean>;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(there: () => Promise<boolean>, limit: number) {
    this.#isThere = there;
    this.#left = limit;
    this.ended = new Promise((_resolve, reject) => this.#wait(reject));
  }

  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #wait(reject: (error: SessionError) => void): void {
    this.#timer = setTimeout(() => void this.#look(reject), SILENCE_MILLISECONDS);
  }

  async #look(reject: (error: SessionError) => void): Promise<void> {
    const isThere = await this.#isThere();
    if (this.#isOver) return;
    if (!isThere) return reject(new Silence('the server does not answer any more'));
    this.#left -= SILENCE_MILLISECONDS;
    if (this.#left <= 0) return reject(new Silence('the server did not confirm in time; is its standby there?'));
    this.#wait(reject);
  }
}
