import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { systemClock } from '#base/port/index.ts';
import { testCertificate } from '#test/certificate.ts';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import { type Configuration, parseConfiguration } from './configuration.ts';
import { configurationText } from './configuration-text.ts';
import { runAssay } from './program.ts';

const WHOLE: Configuration = {
  ...{ data: '/var/lib/assay', cardKeys: '/etc/assay/keys', startMode: 'track', status: '127.0.0.1:9100' },
  database: { urlFile: 'database-url' },
  http: { host: '0.0.0.0', port: 8443, publicUrl: 'https://assay.example.org', tls: { key: 'k', certificate: 'c' } },
  openId: {
    ...{ issuer: 'https://id.example.org', clientId: 'assay', clientSecretFile: 'openid-secret', label: 'Example' },
    ...{ roleClaim: 'groups', nameClaim: 'email', roles: { 'CN=fraud, OU=x': 'analyst', leads: 'approver' } },
  },
  smsc: { host: '2001:db8::5', port: 2775, systemId: 'assay', passwordFile: 'smsc-password' },
  laboratory: { smppPort: 1, airPort: 2, abroadPort: 3 },
  fronts: {
    ...{ host: '192.0.2.1', node: 'west', threads: 2, tls: { key: 'a', certificate: 'b', clientCa: 'c' } },
    n5gEir: { port: 7777 },
    s13: {
      port: 3868,
      originHost: 'eir.example',
      realm: 'example',
      peers: [{ identity: 'mme.example', addresses: ['192.0.2.7'] }],
    },
    gsup: { port: 4222, hlr: '127.0.0.2:4222' },
  },
};

test('a configuration is written and read back, whole and in any part', () => {
  assert.deepEqual(parseConfiguration(configurationText(WHOLE), 'x'), WHOLE);
  assert.deepEqual(parseConfiguration(configurationText({}), 'x'), {});
  const words = fc.string({ minLength: 1, maxLength: 40 });
  const port = fc.integer({ min: 0, max: 65_535 });
  const optional = { requiredKeys: [] };
  const some = fc.record(
    {
      ...{ data: words, cardKeys: words, status: words, startMode: fc.constantFrom('track', 'off', 'enforce') },
      database: fc.record({ urlFile: words }),
      http: fc.record({ host: words, port, publicUrl: words, tls: fc.record({ key: words, certificate: words }) }),
      openId: fc.record({
        ...{ issuer: words, clientId: words, clientSecretFile: words, label: words },
        roles: fc.dictionary(words, fc.constantFrom('viewer', 'analyst', 'approver', 'administrator')),
      }),
      smsc: fc.record({ host: words, port, systemId: words, passwordFile: words }),
      fronts: fc.record({ host: words, gsup: fc.record({ port, hlr: words }) }),
    },
    optional,
  );
  fc.assert(
    fc.property(some, (configuration) => {
      const plainly = JSON.parse(JSON.stringify(configuration)) as Configuration;
      assert.deepEqual(parseConfiguration(configurationText(plainly), 'x'), plainly);
    }),
  );
});

for (const [text, words] of [
  ['http:\n  port: eighty', /^x, line 2: http\.port: expected a value of type integer, got "eighty"$/],
  ['http: 8080', /^x, line 1: http: expected members below it, got 8080$/],
  [
    'data: /d\nhttp:\n  prt: 1',
    /^x, line 3: http\.prt: expected one of host, port, publicUrl, tls, got prt \(did you mean port\?\)$/,
  ],
  ['smsc: { host: a }', /^x, line 1: smsc: expected port, systemId, passwordFile in it, got none$/],
  ['startMode: block', /^x, line 1: startMode: expected one of enforce, track, off, got "block"$/],
  [
    'fronts:\n  s13:\n    port: 1\n    peers:\n      - identity: 3',
    /^x, line 5: fronts\.s13\.peers\.0\.identity: expected a value of type string, got 3$/,
  ],
  ['http: { port: 65536 }', /http\.port: expected a number, maximum 65535, got 65536/],
  ['data: [', /^x: expected YAML, got a fault: /],
  ['data: a\ndata: b', /^x: expected YAML, got a fault: Map keys must be unique/],
  ['a: &a x\ndata: *a', /^x: expected values, got an alias \(\*\): write them out$/],
] as const)
  test(`what is wrong in a configuration is told with its line: ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseConfiguration(text, 'x'), { exitCode: 2, message: words });
  });

test('hostile texts are refused as wrong input, and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      try {
        parseConfiguration(text, 'x');
      } catch (error) {
        assert.equal((error as { exitCode?: number }).exitCode, 2, String(error));
      }
    }),
  );
});

/** A configuration in a directory of its own, and commands there. */
function deployment(context: TestContext, text: string) {
  const directory = dataDirectory(context);
  const path = join(directory, 'assay.yaml');
  writeFileSync(path, text);
  const secret = (name: string, content: string, mode = 0o600) => {
    writeFileSync(join(directory, name), content);
    chmodSync(join(directory, name), mode);
  };
  // Nothing but what the test says is in the environment.
  const assay = (
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    person?: (question: string) => string | undefined,
  ) =>
    assayIn(directory, args, args.join(' '), {
      ...{ env, clock: systemClock, interrupted: async () => {} },
      ...(person && { person: { ask: async (question: string) => person(question) } }),
    });
  return { directory, path, secret, assay };
}

const SMSC = 'smsc: { host: 127.0.0.1, port: 1, systemId: assay, passwordFile: smsc-password }\n';

test('an option counts before the environment, that before the configuration, that before what is usual', async (context) => {
  const { path, assay, directory } = deployment(context, 'data: here\nhttp: { port: 8081 }\nfronts: { node: west }\n');
  const checked = async (env: Readonly<Record<string, string>>) => {
    const { out, err } = await assay(['operator', 'check-config', '--config', path, '--json'], env);
    assert.equal(err, '');
    const { options } = JSON.parse(out) as { options: readonly { option: string; value: string; origin: string }[] };
    return Object.fromEntries(options.map(({ option, value, origin }) => [option, `${value} ${origin}`]));
  };
  assert.deepEqual(await checked({}), {
    '--data': `${join(directory, 'here')} configuration`,
    '--http-port': '8081 configuration',
    '--node': 'west configuration',
  });
  const env = {
    ASSAY_HTTP_PORT: '8082',
    ASSAY_DATA: '/other',
    ASSAY_S13_LENIENT: 'true',
    ASSAY_S13_PEER: 'a=192.0.2.1 b=192.0.2.2',
  };
  const found = await checked(env);
  assert.deepEqual(
    [found['--http-port'], found['--data'], found['--s13-lenient']],
    ['8082 environment', '/other environment', 'true environment'],
  );
  assert.match(found['--s13-peer'] ?? '', /"a".*"b"/);
  const wrong = await assay(['operator', 'check-config', '--config', path], { ASSAY_HTTP_PORT: 'x' });
  assert.deepEqual([wrong.status, /ASSAY_HTTP_PORT: expected a whole number/.test(wrong.err)], [2, true]);
});

test('operator serve runs by a configuration; a mode that was set stays', async (context) => {
  const ports =
    'http: { port: 0 }\nlaboratory: { smppPort: 0, airPort: 0, abroadPort: 0 }\nfronts: { n5gEir: { port: 0 } }\n';
  const { path, assay, directory } = deployment(context, `data: data\nstartMode: track\n${ports}`);
  const serving = await assay(['operator', 'serve', '--config', path, '--json']);
  assert.equal(serving.status, 0, serving.err);
  assert.match(serving.out, /"N5g-eir \(HTTP\/2\)":"127\.0\.0\.1:\d+"/);
  const mode = async (...args: readonly string[]) =>
    (await assay(['operator', 'mode', ...args, '--data', join(directory, 'data')])).out;
  assert.equal(await mode(), 'track\n');
  assert.equal(await mode('enforce', '--reason', 'ready'), 'enforce\n');
  assert.equal((await assay(['operator', 'serve', '--config', path])).status, 0);
  assert.equal(await mode(), 'enforce\n');
  const node = await assay(['register', 'serve', '--json'], { ASSAY_CONFIG: path });
  assert.equal(node.status, 0, node.err);
});

test('secrets come from files that not everybody may read, also from those that systemd gives', async (context) => {
  const { path, assay, secret, directory } = deployment(context, `data: data\nhttp: { port: 0 }\n${SMSC}`);
  const check = async (env = {}) => {
    const { status, err } = await assay(['operator', 'check-config', '--config', path], env);
    return [status, err.replace(`assay: ${directory}/smsc-password: `, '').slice(0, 35)];
  };
  assert.deepEqual(await check(), [2, 'expected a file with a secret that ']);
  secret('smsc-password', 'secret\n', 0o644);
  assert.deepEqual(await check(), [2, 'everybody may read this secret; run']);
  secret('smsc-password', '\n');
  assert.deepEqual(await check(), [2, 'expected a secret, got nothing\n']);
  secret('smsc-password', 'secret\n');
  assert.deepEqual(await check(), [0, '']);
  mkdirSync(join(directory, 'credentials'));
  secret('credentials/smsc-password', '', 0o400);
  const given = await assay(['operator', 'check-config', '--config', path], {
    CREDENTIALS_DIRECTORY: join(directory, 'credentials'),
  });
  assert.match(given.err, /credentials\/smsc-password: expected a secret, got nothing/);
  const serving = await assay(['operator', 'serve', '--config', path, '--json']);
  assert.equal(serving.status, 0, serving.err);
  assert.ok(!serving.out.includes('secret') && !serving.err.includes('secret'));
});

const OPENID =
  'openId: { issuer: "https://id.example", clientId: assay, clientSecretFile: openid-secret, roles: { "CN=a, OU=b": analyst } }\n';

test('what is said of people is judged before anything starts: public address, provider, its secret and its roles', async (context) => {
  const { path, assay, secret } = deployment(context, `data: data\nhttp: { port: 0 }\n${OPENID}`);
  const check = async (env = {}) => assay(['operator', 'check-config', '--config', path, '--json'], env);
  assert.match((await check()).err, /openid-secret: expected a file with a secret/);
  secret('openid-secret', 'a secret of the tests alone\n');
  const right = await check();
  assert.deepEqual([right.status, right.err], [0, '']);
  const { secrets } = JSON.parse(right.out) as { secrets: readonly string[] };
  assert.deepEqual(secrets, ['ASSAY_OPENID_CLIENT_SECRET_FILE']);
  assert.ok(!right.out.includes('tests alone'));
  for (const [name, value, words] of [
    ['ASSAY_PUBLIC_URL', 'http://assay.example', /http\.publicUrl\): expected https:\/\/name or/],
    ['ASSAY_PUBLIC_URL', 'https://assay.example/console', /http\.publicUrl\): expected https:\/\/name or/],
    ['ASSAY_OPENID_ISSUER', 'http://id.example', /openId\.issuer\): expected https:\/\//],
    ['ASSAY_OPENID_ISSUER', 'id', /openId\.issuer\): expected https:\/\//],
    ['ASSAY_OPENID_ROLES', 'a=analyst,b=king', /openId\.roles\): expected value=role/],
    ['ASSAY_OPENID_ROLES', '{}', /openId\.roles\): expected value=role/],
    ['ASSAY_OPENID_ROLES', '{', /openId\.roles\): expected value=role/],
  ] as const)
    for (const command of [
      ['operator', 'check-config'],
      ['operator', 'serve'],
    ]) {
      const { status, err } = await assay([...command, '--config', path], { [name]: value });
      assert.deepEqual([status, words.test(err)], [2, true], `${command.join(' ')} ${value}: ${err}`);
    }
  const missing = await assay(['operator', 'serve'], { ASSAY_OPENID_ISSUER: 'https://id.example' });
  assert.deepEqual([missing.status, /expected ASSAY_OPENID_\w+ beside/.test(missing.err)], [2, true], missing.err);
});

test('init without a terminal takes options and what is usual, and never writes over a file by itself', async (context) => {
  const { directory, assay } = deployment(context, '');
  const output = join(directory, 'etc', 'assay.yaml');
  const order = ['operator', 'init', '--output', output];
  const made = await assay([
    ...order,
    '--smsc',
    '192.0.2.5:2775',
    '--s13-port',
    '3868',
    '--s13-peer',
    'mme.example=192.0.2.7',
  ]);
  assert.equal(made.status, 0, made.err);
  assert.match(
    made.out,
    /password of the SMSC, alone in \/.*\/etc\/smsc-password\n[\s\S]*assay operator check-config --config/,
  );
  assert.equal(statSync(output).mode & 0o777, 0o600);
  const { startMode, smsc, fronts, data } = parseConfiguration(readFileSync(output, 'utf8'), output);
  assert.deepEqual(
    [startMode, data, smsc?.host, fronts?.s13?.peers],
    ['track', '/var/lib/assay', '192.0.2.5', [{ identity: 'mme.example', addresses: ['192.0.2.7'] }]],
  );
  const again = await assay(order);
  assert.equal(again.status, 2);
  assert.match(again.err, /expected no such file, got one: --yes writes over it/);
  const wrong = await assay(['operator', 'init', '--output', '-', '--start-mode', 'trak']);
  assert.deepEqual(
    [wrong.status, wrong.err],
    [2, "assay: --start-mode: expected one of enforce, track, off, got 'trak'\n"],
  );
  const noRoles = await assay(['operator', 'init', '--output', '-', '--openid-issuer', 'https://id.example']);
  assert.deepEqual([noRoles.status, /^assay: --openid-roles: expected value=role/.test(noRoles.err)], [2, true]);
  const other = await assay(['operator', 'init', '--answers', output, '--output', '-', '--http-port', '9000']);
  const { http, ...rest } = parseConfiguration(other.out, 'other');
  assert.deepEqual([http?.port, rest.smsc, rest.fronts], [9000, smsc, fronts]);
  const shown = JSON.parse((await assay(['operator', 'init', '--output', '-', '--json'])).out) as {
    configuration: object;
  };
  assert.deepEqual(Object.keys(shown.configuration), ['data', 'startMode', 'http']);
});

test('init at a terminal asks what makes sense, again when the answer makes none, and before it writes over a file', async (context) => {
  const { directory, assay } = deployment(context, '');
  const output = join(directory, 'assay.yaml');
  const asked: string[] = [];
  const answers = [
    'y',
    '',
    'postgres',
    '',
    '',
    'x',
    '8443',
    'https://assay.example.org',
    '',
    'https://id.example.org',
    '',
    '',
    'fraud-team=analist',
    'fraud-team=analyst,leads=approver',
    'smsc.example:2775',
    '',
    '',
    '7777',
    '',
    '',
    '',
    'enforce',
  ];
  const person = (question: string) => {
    asked.push(question);
    return answers[asked.length - 1];
  };
  const made = await assay(['operator', 'init', '--output', output], {}, person);
  assert.equal(made.status, 0, made.err);
  assert.equal(asked.length, answers.length);
  assert.match(
    made.err,
    /^Enter takes what stands in \[brackets\].*\n\nexpected a whole number from 1 to 65535, got 'x'\nexpected value=role,… with roles viewer, .*, got 'fraud-team=analist'\n$/,
  );
  assert.match(asked.at(-1) ?? '', /^Mode at the start: track \(advised.*\[track\]: $/);
  const { database, http, smsc, fronts, startMode, openId } = parseConfiguration(readFileSync(output, 'utf8'), output);
  assert.deepEqual(
    [database?.urlFile, http?.port, smsc?.host, startMode],
    ['database-url', 8443, 'smsc.example', 'enforce'],
  );
  assert.deepEqual(fronts, { host: '127.0.0.1', n5gEir: { port: 7777 } });
  assert.deepEqual(openId, {
    ...{ issuer: 'https://id.example.org', clientId: 'assay', clientSecretFile: 'openid-secret' },
    roles: { 'fraud-team': 'analyst', leads: 'approver' },
  });
  assert.match(made.out, /secret of the OpenID provider, alone in \/.*\/openid-secret\n/);
  const text = readFileSync(output, 'utf8');
  for (const [answer, end] of [
    ['n', ''],
    [undefined, '\n'],
  ] as const) {
    const no = await assay(['operator', 'init', '--output', output], {}, () => answer);
    assert.deepEqual([no.status, no.err], [1, `${end}assay: nothing was written\n`]);
  }
  assert.equal(readFileSync(output, 'utf8'), text);
});

test('init looks at the place before it asks anything, and leaves nothing half there', async (context) => {
  const { directory, assay } = deployment(context, '');
  const nobody = () => assert.fail('nothing is asked');
  for (const [output, words] of [
    [directory, /expected a file to write, got the directory .*: --output .*\/assay\.yaml/],
    ['/dev/null', /got \/dev\/null, which is no file: - prints it/],
    ['', /got nothing; - prints it/],
    ['/proc/assay/assay.yaml', /may not write in \/proc; choose another place/],
  ] as const) {
    // Whoever is root may write everywhere but where there is no file system for it.
    if (output.startsWith('/proc') && process.getuid?.() === 0) continue;
    const made = await assay(['operator', 'init', '--output', output], {}, nobody);
    assert.notEqual(made.status, 0, output);
    assert.match(made.err, words);
  }
  assert.deepEqual(
    readdirSync(join(directory, '..')).filter((name) => name.endsWith('.unfinished')),
    [],
  );
});

test('init refuses an address that is none, and says when https is only for this machine', async (context) => {
  const { directory, assay } = deployment(context, '');
  const order = ['operator', 'init', '--output', join(directory, 'tls.yaml'), '--yes'];
  const wrong = await assay([...order, '--http-host', 'not an address']);
  assert.deepEqual([wrong.status, /--http-host: expected an address of this machine/.test(wrong.err)], [2, true]);
  const https = [
    '--public-url',
    'https://assay.example',
    '--http-tls-cert',
    'https.pem',
    '--http-tls-key',
    'https.key',
  ];
  assert.match((await assay([...order, ...https])).out, /Nobody elsewhere reaches https on 127\.0\.0\.1/);
  assert.doesNotMatch((await assay([...order, ...https, '--http-host', '0.0.0.0'])).out, /Nobody elsewhere/);
});

test('the console speaks https by a certificate of its own', async (context) => {
  const { key, cert } = testCertificate('assay', 'https://localhost/');
  const text =
    'data: data\nhttp: { port: 0, publicUrl: "https://localhost", tls: { key: http.key, certificate: http.pem } }\nsmsc: { host: 127.0.0.1, port: 1, systemId: assay, passwordFile: smsc-password }\n';
  const { path, secret, directory } = deployment(context, text);
  for (const [name, content] of [
    ['http.key', key],
    ['http.pem', cert],
    ['smsc-password', 'secret'],
  ] as const)
    secret(name, content);
  const end = Promise.withResolvers<void>();
  const { io, printed } = worldOf(directory, 'https', { env: {}, clock: systemClock, interrupted: () => end.promise });
  const serving = runAssay(['operator', 'serve', '--config', path, '--json'], io);
  while (!printed.out.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 10));
  const { serving: where } = JSON.parse(printed.out) as { serving: { console: string } };
  assert.match(where.console, /^https:\/\/127\.0\.0\.1:\d+\/$/);
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${where.console}healthz`, { ca: cert }, resolve).once('error', reject),
  );
  assert.equal(answer.statusCode, 200);
  answer.destroy();
  end.resolve();
  assert.equal(await serving, 0);
});
