import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Imei } from '#base/identity/index.ts';
import { testCertificate } from '#test/certificate.ts';
import { type Child, freePort, isThere, startChild, startScript } from './child.ts';
import { equipmentNumbers } from './equipment-numbers.ts';
import { type Bench, perSecond, type Row, times } from './measure.ts';

const RESOURCE = '/n5g-eir-eic/v1/equipment-status';
const CONNECTIONS = 10;
const STREAMS = [10, 100] as const;
const ROUNDS = 3;
const WARM_UP = 40_000;
const ROUND_SECONDS = 1;
const OFFERED = 100_000;
const QUESTIONS = 1000;
/** One in so many is on the list. */
const LISTED = 100;
const ENTRIES = 1_000_000;
const GOAL = '5 x node:http2; stretch: level with nghttpd (performance.md goals)';
const MISSING = 'not measured: install nghttp2-client';

const run = promisify(execFile);

/** A server, and a file of the addresses it is asked. */
interface Served {
  readonly name: string;
  readonly child: Child;
  readonly addresses: string;
}

/** What one run of h2load said. */
interface Load {
  readonly rate: number;
  /** Microseconds of the server's processor for each request; undefined where the system does not say. */
  readonly processor: number | undefined;
}

/** IMEIs to ask about, one in a hundred listed, as queries an AMF makes. */
function queries(): readonly string[] {
  const listed = equipmentNumbers(ENTRIES);
  const unlisted = (i: number) => 86_000_000_000_000 + i * 7919;
  return Array.from({ length: QUESTIONS }, (_, i) => {
    const { equipment } = Imei.fromNumber(i % LISTED === 0 ? listed[i * LISTED]! : unlisted(i));
    return `pei=imeisv-${equipment}01&supi=imsi-99970000${String(i).padStart(7, '0')}`;
  });
}

/** Files in PEM with which a server speaks TLS; undefined: it speaks without. */
type Security = { readonly key: string; readonly cert: string } | undefined;

const schemeOf = (security: Security) => (security === undefined ? 'http' : 'https');
const words = (name: string, security: Security) => (security === undefined ? name : `TLS: ${name}`);

async function served(folder: string, name: string, child: Child, port: number, security: Security): Promise<Served> {
  const addresses = join(folder, `${port}.txt`);
  writeFileSync(
    addresses,
    queries()
      .map((query) => `${schemeOf(security)}://127.0.0.1:${port}${RESOURCE}?${query}\n`)
      .join(''),
  );
  return { name: words(name, security), child, addresses };
}

/** A wrong answer may be a quick one. */
async function assertRight(port: number, security: Security): Promise<void> {
  const session = connect(`${schemeOf(security)}://127.0.0.1:${port}`, { rejectUnauthorized: false });
  for (const [i, query] of queries()
    .slice(0, 2 * LISTED)
    .entries()) {
    const body = await new Promise<string>((resolve, reject) => {
      let text = '';
      const stream = session.request({ ':path': `${RESOURCE}?${query}` }).setEncoding('utf8');
      stream.on('data', (part: string) => {
        text += part;
      });
      stream.on('end', () => resolve(text)).on('error', reject);
    });
    assert.equal(body, `{"status":"${i % LISTED === 0 ? 'BLACKLISTED' : 'WHITELISTED'}"}`);
  }
  session.close();
}

const files = (security: Security) => (security === undefined ? [] : [security.key, security.cert]);

async function front(folder: string, name: string, kind: 'node' | 'own', security: Security): Promise<Served> {
  const child = await startScript(new URL('./n5g-eir-server.ts', import.meta.url), kind, ...files(security));
  const port = Number(child.said);
  await assertRight(port, security);
  return served(folder, name, child, port, security);
}

async function nodeConstant(folder: string, security: Security): Promise<Served> {
  const child = await startScript(new URL('./http2-constant.ts', import.meta.url), ...files(security));
  return served(folder, 'node:http2, a constant answer', child, Number(child.said), security);
}

/** nghttpd with one file as its answer, on one thread. */
async function nghttpd(folder: string, security: Security): Promise<Served> {
  const directory = join(folder, 'n5g-eir-eic', 'v1');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'equipment-status'), '{"status":"WHITELISTED"}');
  const port = await freePort();
  // It says nothing itself.
  const plain = security === undefined ? ['--no-tls'] : [];
  const options = [...plain, '-a', '127.0.0.1', '-d', folder, '-n', '1', String(port), ...files(security)];
  const child = await startChild('sh', '-c', 'echo started; exec nghttpd "$@"', 'sh', ...options);
  await pause(500);
  return served(folder, 'nghttpd (C), a constant answer', child, port, security);
}

async function h2load({ child, addresses }: Served, requests: number, ...options: readonly string[]): Promise<Load> {
  const before = child.processor();
  const { stdout } = await run('h2load', ['-n', `${requests}`, '-c', `${CONNECTIONS}`, '-i', addresses, ...options]);
  const after = child.processor();
  // One that was not answered may have been quick as well.
  assert.match(stdout, new RegExp(`status codes: ${requests} 2xx`));
  const rate = Number(/([\d.]+) req\/s/.exec(stdout)?.[1]);
  const used = before === undefined || after === undefined ? undefined : after - before;
  return { rate, processor: used === undefined ? undefined : (used * 1e6) / requests };
}

/** Percentiles of the time a request took, milliseconds, as h2load logs it; logging makes h2load slower, so it is a run of its own. */
async function latency(folder: string, one: Served, requests: number, ...options: readonly string[]): Promise<string> {
  const log = join(folder, 'log');
  rmSync(log, { force: true });
  const { rate } = await h2load(one, requests, `--log-file=${log}`, ...options);
  const lines = readFileSync(log, 'latin1').trimEnd().split('\n');
  const taken = Float64Array.from(lines, (line) => Number(line.split('\t')[2])).sort();
  const at = (share: number) => `${((taken[Math.floor(share * taken.length)] ?? 0) / 1000).toFixed(2)} ms`;
  return `p50 ${at(0.5)}, p99 ${at(0.99)} at ${perSecond(rate)}`;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Every server with so many streams on each connection, in turns; the median of the rounds. */
async function rowsOf(folder: string, servers: readonly Served[], streams: number): Promise<readonly Row[]> {
  const options = ['-m', `${streams}`];
  const seen = new Map<Served, Load[]>(servers.map((one) => [one, []]));
  const counts = new Map<Served, number>();
  for (const one of servers) {
    const { rate } = await h2load(one, WARM_UP, ...options);
    counts.set(one, Math.round(rate * ROUND_SECONDS));
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [one, loads] of seen) loads.push(await h2load(one, counts.get(one) ?? WARM_UP, ...options));
  }
  const rateOf = (one: Served) => median((seen.get(one) ?? []).map(({ rate }) => rate));
  const [naive] = servers;
  const rows: Row[] = [];
  for (const one of servers) {
    const processors = (seen.get(one) ?? []).flatMap(({ processor }) => processor ?? []);
    const each = processors.length === 0 ? '' : `, ${median(processors).toFixed(1)} us of processor`;
    rows.push({
      what: `${CONNECTIONS} x ${streams}, ${one.name}`,
      result: `${perSecond(rateOf(one))}${each}; ${await latency(folder, one, counts.get(one) ?? WARM_UP, ...options)}`,
      ratio: naive === undefined ? '' : times(rateOf(one), rateOf(naive)),
      ...(/^(TLS: )?own/.test(one.name) && { goal: GOAL }),
    });
  }
  return rows;
}

async function offeredRow(folder: string, one: Served): Promise<Row> {
  const options = ['-m', '100', `--rps=${OFFERED / CONNECTIONS}`];
  return {
    what: `${OFFERED.toLocaleString('en-US')} /s offered, ${one.name}`,
    result: await latency(folder, one, 2 * OFFERED, ...options),
    ...(one.name.startsWith('own') && { goal: 'p99 under 2 ms (performance.md goals)' }),
  };
}

/** A key and a certificate of P-256, which nobody checks here. */
function newSecurity(folder: string): NonNullable<Security> {
  const { key, cert } = testCertificate('register', 'urn:uuid:00000000-0000-4000-8000-000000000000');
  const security = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  writeFileSync(security.key, key);
  writeFileSync(security.cert, cert);
  return security;
}

/** All servers in turns, in one run; what node:http2 cannot do is not asked of it. */
async function compared(folder: string, security: Security): Promise<readonly Row[]> {
  const servers: Served[] = [await nodeConstant(folder, security)];
  try {
    servers.push(await front(folder, 'node:http2 with check', 'node', security));
    servers.push(await front(folder, 'own HTTP/2 with check', 'own', security));
    const hasNghttpd = isThere('nghttpd', '--version');
    if (hasNghttpd) servers.push(await nghttpd(folder, security));
    const rows: Row[] = [];
    for (const streams of STREAMS) rows.push(...(await rowsOf(folder, servers, streams)));
    if (security === undefined) for (const one of servers.slice(2)) rows.push(await offeredRow(folder, one));
    if (!hasNghttpd)
      rows.push({ what: 'nghttpd (C), a constant answer', result: 'not measured: install nghttp2-server' });
    return rows;
  } finally {
    for (const { child } of servers) await child.end();
  }
}

/** N5g-eir through real sockets. */
export const n5gEir: Bench = {
  name: 'n5g-eir',
  what: 'N5g-eir checks a second by h2load, without and with TLS, over an index of 1 M entries in a process of its own',
  async run(): Promise<readonly Row[]> {
    if (!isThere('h2load', '--version')) return [{ what: 'N5g-eir', result: MISSING }];
    const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
    try {
      const rows: Row[] = [];
      for (const security of [undefined, newSecurity(folder)]) rows.push(...(await compared(folder, security)));
      return rows;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
