import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DatabaseError } from './database-error.ts';
import { parseDatabaseUrl } from './postgres-address.ts';

test('an address is read with all its parts, and shown without its password', () => {
  const read = parseDatabaseUrl(
    'postgresql://a%40b:p%3Aq%2F@db1:6000,[::1],%2Frun%2Fpg/name?schema=assay&sslmode=disable',
  );
  assert.deepEqual(read, {
    hosts: [
      { host: 'db1', port: 6000 },
      { host: '::1', port: 5432 },
      { host: '/run/pg', port: 5432 },
    ],
    ...{ user: 'a@b', password: 'p:q/', database: 'name', schema: 'assay', tls: undefined },
    shown: 'postgres://a%40b@db1:6000,[::1],%2Frun%2Fpg/name?schema=assay',
  });
});

test('TLS with a checked name is the standard, except towards this machine', () => {
  const tls = (url: string) => {
    const { tls: found } = parseDatabaseUrl(url);
    return found && [found.checksCertificate, found.checksName];
  };
  assert.deepEqual(tls('postgres://a@db/n'), [true, true]);
  assert.deepEqual(tls('postgres://a@127.0.0.1,db/n'), [true, true]);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '%2Frun', '%2Frun,localhost:1'])
    assert.equal(tls(`postgres://a@${host}/n`), undefined, host);
  assert.deepEqual(tls('postgres://a@db/n?sslmode=verify-ca'), [true, false]);
  assert.deepEqual(tls('postgres://a@db/n?sslmode=require'), [false, false]);
  assert.equal(tls('postgres://a@db/n?sslmode=disable'), undefined);
  assert.throws(() => tls('postgres://a@db/n?sslrootcert=/nowhere/ca.pem'), /sslrootcert.*expected a file in PEM/);
});

test('what is no address is refused, and says how one looks', () => {
  for (const url of [
    ...[
      '',
      'postgres',
      'postgres://',
      'postgres:///n',
      'postgres://db/n',
      'postgres://a@db',
      'postgres://a@db/',
      'mysql://a@db/n',
    ],
    ...[
      'postgres://:p@db/n',
      'postgres://a@db:0/n',
      'postgres://a@db:99999/n',
      'postgres://a@db:x/n',
      'postgres://a%ZZ@db/n',
    ],
    ...[
      'postgres://a@db/n?sslmode=prefer',
      'postgres://a@db/n?host=x',
      'postgres://a@db/n?schema=A;DROP',
      'postgres://a@b@c/n',
    ],
    `postgres://a@${'h,'.repeat(9)}h/n`,
  ])
    assert.throws(
      () => parseDatabaseUrl(url),
      { name: 'DatabaseError', message: /expected postgres:\/\/user:password@host/ },
      url,
    );
});

test('property: no error holds the password, whatever is wrong with the address', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9]{12}$/);
  fc.assert(
    fc.property(word, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (password, before, after) => {
      try {
        const { shown } = parseDatabaseUrl(`postgres://a${before}:${password}${after}@db/n${after}`);
        assert.ok(!shown.includes(password) || before.includes(password) || after.includes(password));
      } catch (error) {
        assert.ok(error instanceof DatabaseError && !error.message.includes(password));
      }
    }),
  );
});
