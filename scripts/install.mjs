// The slow half of setup.mjs: runs npm, then finds out which Node there is. Loaded only when there is something to install.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installedNode, isNewEnough, NODE_WANTED } from './node.mjs';

const STILL_BUSY_MS = 15_000;
const OUTPUT_KEPT = 20_000; // characters of npm's output
const LINES_SHOWN = 8; // npm adds its whole manual page

/** A reason to stop that a person can act on: printed without a stack. */
export class SetupError extends Error {}

/** One line to the person, on standard error: standard output belongs to the program. */
export const say = (text) => process.stderr.write(`Assay: ${text}\n`);

function explain(output) {
  const code = /npm (?:error|ERR!) code (\w+)/.exec(output)?.[1] ?? '';
  if (/^(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH_ERROR)/.test(code)) {
    return 'npm cannot reach its package registry. Check the network, the proxy and `npm config get registry`, then run this again.';
  }
  if (code === 'EUSAGE') return 'package.json and package-lock.json disagree. Restore both from the repository.';
  if (code === 'E404' || code === 'ETARGET') return 'the package registry in use lacks a package; try another.';
  if (code === 'ENOSPC') return 'the disk is full. The packages need about 600 MB.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return 'npm may not write to node_modules in this folder.';
  if (code === 'EINTEGRITY')
    return 'a package is not the one package-lock.json names. Do not use it; run `npm cache verify`.';
  return 'run `npm ci` in this folder to see more.';
}

function firstLines(output) {
  const lines = output.split('\n').filter((line) => !/^(npm (error|ERR!))?\s*$/.test(line));
  return lines.slice(0, LINES_SHOWN).join('\n');
}

/** npm's own program when npm started us, else `npm` from the path. */
function npmCommand() {
  const program = process.env.npm_execpath;
  if (program?.endsWith('npm-cli.js') && existsSync(program)) {
    return { command: process.env.npm_node_execpath ?? process.execPath, first: [program], shell: false };
  }
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

const NPM_ARGUMENTS = [
  'ci',
  '--ignore-scripts',
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--progress=false',
  '--loglevel=error', // the host's older Node is no news: npm would warn once per package
  '--fetch-retries=3',
  '--fetch-retry-factor=3',
  '--fetch-retry-mintimeout=1000',
];

/** Runs npm to its end, or ends it when we are told to stop. Resolves to { code, signal, output }. */
function runNpm(root, onStart) {
  const { command, first, shell } = npmCommand();
  return new Promise((resolve, reject) => {
    const npm = spawn(command, [...first, ...NPM_ARGUMENTS], { cwd: root, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = Date.now();
    const busy = setInterval(
      () => say(`still installing (${Math.round((Date.now() - started) / 1000)} s)`),
      STILL_BUSY_MS,
    );
    let output = '';
    let stoppedBy;
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(0, OUTPUT_KEPT);
      });
    }
    const stops = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => {
      const stop = () => {
        stoppedBy = signal;
        npm.kill(signal);
      };
      process.on(signal, stop);
      return () => process.off(signal, stop);
    });
    const finish = () => {
      clearInterval(busy);
      for (const off of stops) off();
    };
    npm.on('spawn', () => onStart(npm.pid));
    npm.on('error', (error) => {
      finish();
      reject(error.code === 'ENOENT' ? new SetupError('npm was not found. Install it (it comes with Node).') : error);
    });
    npm.on('close', (code, signal) => {
      finish();
      resolve({ code, signal: stoppedBy ?? signal, output });
    });
  });
}

/** Installs what the lock file of `root` says, `count` packages; `onStart` learns npm's process number. Throws SetupError. */
export async function install(root, count, onStart) {
  say(`first run: installing the toolchain, Node and TypeScript, no compiler needed (${count} packages, about 20 s)…`);
  const started = Date.now();
  const { code, signal, output } = await runNpm(root, onStart);
  if (signal !== null) throw new SetupError(`the installation was stopped (${signal}). Run this again to finish it.`);
  if (code !== 0) throw new SetupError(`npm ci failed: ${explain(output)}\n${firstLines(output)}`);
  say(`ready after ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

function versionOf(node) {
  const { stdout, status } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Which Node the npm scripts will find: 'package' or 'host'. A package that does not run here (another C library) is unlinked. */
export function chooseNode(root) {
  const node = installedNode(root);
  const version = node === undefined ? undefined : versionOf(node);
  if (version !== undefined && isNewEnough(version)) return 'package';
  if (isNewEnough(process.version)) {
    for (const name of ['node', 'node.cmd', 'node.ps1'])
      rmSync(join(root, 'node_modules', '.bin', name), { force: true });
    return 'host';
  }
  const machine = `${process.platform}-${process.arch}`;
  const found = node === undefined ? `no Node was installed for ${machine}` : `${node} does not run here`;
  throw new SetupError(
    `${found}, and this is Node ${process.version}.\nAssay runs on ${NODE_WANTED}: install it yourself, then run this again.`,
  );
}
