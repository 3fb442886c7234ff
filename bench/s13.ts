import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { openOperator } from '#operator/index.ts';
import { type Child, freePort, isThere, startChild, startRegisterNode, startScript } from './child.ts';
import { listFile } from './list-file.ts';
import { type Bench, perSecond, type Row } from './measure.ts';
import { equipmentCheck, type Load, readyRequests, S13Peer } from './s13-peer.ts';

const WINDOWS = [1, 64, 512] as const;
const MILLISECONDS = 3000;
const WARM_UP = 1500;
const OFFERED = 100_000;
/** Rounds of it, of which the middle one counts. */
const OFFERED_ROUNDS = 3;
const SETTLING = 300;
const ENTRIES = 1_000_000;
const LISTED = 40;
const GOALS: Readonly<Record<number, string>> = {
  64: '300,000 /s, 0.4 x bare C (performance.md goals)',
};
const REGISTER = 'register node';
const ECHO = 'bare node:net echo';
const ERLANG_MISSING = 'not measured: install the packages erlang-diameter and erlang-dev';

/** A server and how it is spoken to. */
interface Served {
  readonly name: string;
  readonly child: Child;
  readonly port: number;
  readonly greets: boolean;
}

/** A register with a list of a million, and IMEIs to ask about: one in a hundred is listed. */
async function registerOf(data: string): Promise<{ readonly served: Served; readonly requests: Buffer }> {
  const { numbers, chunks } = listFile(ENTRIES);
  const operator = openOperator({ dataDirectory: join(data, 'operator'), clock: systemClock, random: systemRandom });
  const options = { list: 'black', source: 'regulator', author: 'bench', name: 'bench.csv' } as const;
  const { outcome } = await operator.register.importList(chunks(), { ...options, changeLimit: 2 * ENTRIES });
  assert.equal(outcome, 'applied');
  await operator.close();
  const node = await startRegisterNode(data);
  const imei = (number: number) => String(number).padStart(14, '0');
  const unlisted = (i: number) => imei(86_000_000_000_000 + i * 7919);
  const imeis = Array.from({ length: 100 * LISTED }, (_, i) =>
    i % 100 === 0 ? imei(numbers[Math.floor((i / 100) * (ENTRIES / LISTED))]!) : unlisted(i),
  );
  // A wrong answer may be a quick one.
  const peer = await S13Peer.open(node.port);
  for (const [i, asked] of imeis.slice(0, 200).entries()) assert.equal(await peer.check(asked), i % 100 === 0 ? 1 : 0);
  peer.close();
  return {
    served: { name: REGISTER, child: node, port: node.port, greets: true },
    requests: readyRequests(imeis),
  };
}

async function echo(): Promise<Served> {
  const child = await startScript(new URL('./tcp-echo.ts', import.meta.url));
  return { name: ECHO, child, port: Number(child.said), greets: false };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}

/** Erlang's diameter application, compiled into `folder`. */
async function erlang(folder: string): Promise<Served> {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  execFileSync('diameterc', ['-o', folder, path('../test/interop/s13-mme/s13.dia')], { cwd: folder });
  execFileSync('erlc', ['-o', folder, join(folder, 's13.erl'), path('./erlang/eir.erl')], { cwd: folder });
  const port = await freePort();
  const child = await startChild('erl', '-noshell', '-pa', folder, '-eval', `eir:run(${port}).`);
  // It prints its port before it listens.
  for (let tries = 0; tries < 50 && !(await isListening(port)); tries++) await pause(100);
  return { name: 'erlang-diameter, constant answer', child, port, greets: true };
}

const milliseconds = (value: number) => `${value < 1 ? value.toFixed(3) : value.toFixed(1)} ms`;

function shown({ rate, p50, p99 }: Load, processor: number | undefined, seconds: number): string {
  const each = processor === undefined ? '' : `, ${((processor * 1e6) / (rate * seconds)).toFixed(1)} us of processor`;
  return `${perSecond(rate)}, p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}${each}`;
}

interface Measured {
  readonly load: Load;
  readonly text: string;
}

/** One measurement on a connection of its own. */
async function measured(
  { child, port, greets }: Served,
  load: (peer: S13Peer, milliseconds: number) => Promise<Load>,
): Promise<Measured> {
  const peer = await S13Peer.open(port, { greets });
  // Erlang loses what comes before its parts have told each other of the new peer.
  await pause(SETTLING);
  await load(peer, WARM_UP);
  const [before, begun] = [child.processor(), performance.now()];
  const seen = await load(peer, MILLISECONDS);
  const after = child.processor();
  peer.close();
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { load: seen, text: shown(seen, used, (performance.now() - begun) / 1000) };
}

async function rowsOf(servers: readonly Served[], requests: Buffer): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const window of WINDOWS) {
    let naive = 0;
    for (const served of servers) {
      const { load, text } = await measured(served, (peer, time) => peer.flood(requests, window, time));
      naive ||= load.rate;
      const goal = served.name === REGISTER ? GOALS[window] : undefined;
      const ratio = `${(load.rate / naive).toFixed(2)} x`;
      rows.push({ what: `window ${window}, ${served.name}`, result: text, ratio, ...(goal !== undefined && { goal }) });
    }
  }
  return [...rows, ...(await offeredRows(servers, requests))];
}

/** The same offered to a bare echo in turns: what its p99 has is the machine's, not the register's. */
async function offeredRows(servers: readonly Served[], requests: Buffer): Promise<readonly Row[]> {
  const goals: Readonly<Record<string, string>> = { [ECHO]: '', [REGISTER]: 'p99 under 1 ms (performance.md goals)' };
  const asked = servers.filter(({ name }) => name in goals);
  const seen = new Map(asked.map(({ name }) => [name, [] as Measured[]]));
  for (let round = 0; round < OFFERED_ROUNDS; round++)
    for (const served of asked)
      seen.get(served.name)?.push(await measured(served, (peer, time) => peer.offer(requests, OFFERED, time)));
  return asked.map(({ name }) => {
    const rounds = (seen.get(name) ?? []).toSorted((a, b) => a.load.p99 - b.load.p99);
    const middle = rounds[rounds.length >> 1]!;
    const all = rounds.map(({ load }) => milliseconds(load.p99)).join(', ');
    const what = `${OFFERED.toLocaleString('en-US')} /s offered, ${name}`;
    const goal = goals[name] ?? '';
    return { what, result: `${middle.text} (p99 of the rounds: ${all})`, ...(goal !== '' && { goal }) };
  });
}

/** S13 through a real socket. */
export const s13: Bench = {
  name: 's13',
  what: 'S13 checks a second on one connection, a register node of 1 M entries in a process of its own',
  async run(): Promise<readonly Row[]> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
    const servers: Served[] = [await echo()];
    try {
      const hasErlang = isThere('erl', '-version') && isThere('diameterc', '-h');
      if (hasErlang) servers.push(await erlang(folder));
      const { served, requests } = await registerOf(folder);
      servers.push(served);
      const octets = equipmentCheck('35342009123450', '001010000000042', 1).length;
      return [
        ...(await rowsOf(servers, requests)),
        { what: 'a request', result: `${octets} octets` },
        ...(hasErlang ? [] : [{ what: 'erlang-diameter, constant answer', result: ERLANG_MISSING }]),
      ];
    } finally {
      for (const { child } of servers) await child.end();
      rmSync(folder, { recursive: true });
    }
  },
};
