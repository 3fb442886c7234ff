import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assayIn, dataDirectory, worldOf } from './assay.fixture.ts';
import { tellReady } from './service-manager.ts';
import { linesOf, missing } from './shells.fixture.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DEPLOY = join(ROOT, 'deploy');
const UNITS = readdirSync(DEPLOY).filter((name) => name.endsWith('.service'));
const textOf = (name: string): string => readFileSync(join(DEPLOY, name), 'utf8');

for (const unit of UNITS) {
  test(`${unit}: systemd understands every line, and finds little that could be closed further`, {
    skip: missing('systemd-analyze'),
  }, (context) => {
    const path = join(dataDirectory(context), unit);
    // What it starts is not installed here.
    writeFileSync(path, textOf(unit).replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', path], {
      encoding: 'utf8',
    });
    assert.deepEqual([verified.status, verified.stderr, verified.stdout], [0, '', '']);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', path], {
      encoding: 'utf8',
    });
    const exposure = /Overall exposure level for \S+: ([\d.]+)/.exec(judged.stdout)?.[1];
    assert.ok(Number(exposure) < 2, `exposure ${exposure}: ${judged.stderr}`);
  });

  test(`${unit}: what it starts is a command of Assay with options that it has`, async (context) => {
    const line = /^ExecStart=\/opt\/assay\/node_modules\/\.bin\/node \/opt\/assay\/(\S+) (.*)$/m.exec(textOf(unit));
    assert.ok(existsSync(join(ROOT, line?.[1] ?? 'none')), line?.[1]);
    const args = (line?.[2] ?? '').split(' ');
    const help = await assayIn(dataDirectory(context), [...args.slice(0, 2), '--help']);
    assert.equal(help.status, 0);
    for (const option of args.filter((arg) => arg.startsWith('--'))) assert.ok(help.out.includes(option), option);
  });
}

test('the Containerfile copies what is there, names no registry, and runs as nobody special', () => {
  const text = textOf('Containerfile');
  for (const [, image = ''] of text.matchAll(/^FROM (\S+)/gm)) assert.match(image, /^[a-z]+:[\w.-]+$/);
  for (const [, names = ''] of text.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
    for (const name of names.split(' ')) assert.ok(existsSync(join(ROOT, name)), name);
  assert.match(text, /^USER assay$/m);
  assert.match(text, /^HEALTHCHECK .*\/healthz/m);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [, script = ''] of text.matchAll(/npm run --silent (\S+)/g)) assert.ok(script in scripts, script);
});

test('systemd hears when a service is ready, and a service without systemd tells nobody', {
  skip: missing('systemd-notify') || missing('socat'),
}, async (context) => {
  const socket = join(dataDirectory(context), 'notify');
  const listener = spawn('socat', ['-u', `UNIX-RECVFROM:${socket}`, '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  listener.stdout.on('data', (chunk) => {
    heard += String(chunk);
  });
  const over = once(listener, 'exit');
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { io, printed } = worldOf('/', 'notify', { env: { NOTIFY_SOCKET: socket } });
  await tellReady(io, 'console http://127.0.0.1:1/');
  await over;
  assert.match(heard, /^READY=1\nSTATUS=console http:\/\/127\.0\.0\.1:1\/\n?$/);
  assert.equal(printed.err, '');
  await tellReady(worldOf('/', 'none', { env: {} }).io, 'nobody hears it');
});

test('a service with a watchdog tells that it lives, again and again, until it ends', {
  skip: missing('systemd-notify') || missing('socat'),
}, async (context) => {
  const socket = join(dataDirectory(context), 'notify');
  const listener = spawn('socat', ['-u', `UNIX-RECV:${socket}`, '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => listener.kill());
  let heard = '';
  const twice = new Promise<void>((resolve) => {
    listener.stdout.on('data', (chunk) => {
      heard += String(chunk);
      if (heard.split('WATCHDOG=1').length > 2) resolve();
    });
  });
  while (!existsSync(socket)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { io } = worldOf('/', 'beats', { env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '150000' } });
  const end = await tellReady(io, 'serves');
  await twice;
  end();
  assert.match(heard, /^READY=1\n/);
});

test('the files of sysusers and tmpfiles are understood by systemd', {
  skip: missing('systemd-sysusers'),
}, (context) => {
  const root = dataDirectory(context);
  assert.deepEqual(
    linesOf('systemd-sysusers', ['--root', root, '--dry-run', join(DEPLOY, 'assay.sysusers')]).filter((line) =>
      /fail|invalid/i.test(line),
    ),
    [],
  );
  linesOf('systemd-tmpfiles', ['--root', root, '--create', join(DEPLOY, 'assay.tmpfiles')]);
  assert.ok(existsSync(join(root, 'etc', 'assay')));
});
