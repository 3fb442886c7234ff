#!/usr/bin/env node
// Starts Assay's command line on a Node that runs TypeScript. Plain JavaScript for the host's Node (18 or newer).
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedNode, isNewEnough } from '../scripts/node.mjs';
import { setUp } from '../scripts/setup.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Where Node keeps what it made of the TypeScript: a start then takes half the processor time. Beside the packages, as nobody else may write
 * what is run here. Nothing where it cannot be written.
 */
function compileCache() {
  const cache = join(ROOT, 'node_modules', '.cache', 'assay');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return { NODE_COMPILE_CACHE: cache };
  } catch {
    return {};
  }
}

function run(node) {
  const child = spawn(node, [join(ROOT, 'src', 'cli', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...compileCache(), ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends its Ctrl-C to the child as well; twice would look like impatience.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => {
    process.stderr.write(`Assay: ${node} does not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

if (await setUp()) run(isNewEnough(process.version) ? process.execPath : (installedNode(ROOT) ?? process.execPath));
else process.exitCode = 1;
