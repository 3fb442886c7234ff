import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { connectEsme } from '#protocol/smpp/index.ts';
import type { HostPort } from './argument.ts';
import { type Finding, findings } from './finding.ts';
import type { Io } from './io.ts';

const CONNECT_MILLISECONDS = 2000;
const BIND_MILLISECONDS = 4000;
const MOST_SKEW_MILLISECONDS = 2000;
const LISTENING = '0A';
const LOWEST_FREE_PORT = 1024;
/** Characters of an answer that are read. */
const LONGEST_ANSWER = 65_536;

/** Whether somebody listens there, after how many milliseconds; undefined when nobody answers. */
function answering({ host, port }: HostPort): Promise<number | undefined> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port });
    const end = (found: number | undefined) => {
      socket.destroy();
      resolve(found);
    };
    socket.setTimeout(CONNECT_MILLISECONDS, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('connect', () => end(performance.now() - begun));
  });
}

/** Inodes of the sockets that listen on a port of this machine (proc(5)). */
function listeningInodes(port: number): ReadonlySet<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(1));
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return new Set(
    fields.flatMap(([, local = '', , state, , , , , , inode = '']) =>
      state === LISTENING && local.endsWith(`:${hex}`) ? [inode] : [],
    ),
  );
}

/** The process that listens on a port, as far as this user may see it. */
export function listenerOn(port: number): { readonly process: number; readonly isAssay: boolean } | undefined {
  try {
    const inodes = listeningInodes(port);
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)))
      if (holds(name, inodes)) {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return {
          process: Number(name),
          isAssay: /(?:^|[/\0])(?:src\/cli\/main\.ts|bin\/assay(?:\.mjs)?)\0/.test(line),
        };
      }
  } catch {
    // Not Linux, or not ours to see.
  }
  return undefined;
}

function holds(process: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${process}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${process}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

/** Whether this machine has such an address: a program could listen on some port of it. */
function isOfThisMachine(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)));
  });
}

/** A port that the operator is to listen on: free, or its own already. */
export async function checkPort(name: string, where: HostPort): Promise<readonly Finding[]> {
  const { ok, warn, fail } = findings('port');
  const words = `${name} ${where.host}:${where.port}`;
  if (!(await isOfThisMachine(where.host)))
    return [fail(`${words}: this machine has no such address`, 'take one of its own, or 0.0.0.0 for all of them')];
  if (where.port === 0) return [ok(`${name}: any free one`)];
  if ((await answering(where)) === undefined) {
    const isLow = where.port < LOWEST_FREE_PORT && process.getuid?.() !== 0;
    return [
      isLow
        ? warn(`${words} is free, and below 1024`, 'give the service CAP_NET_BIND_SERVICE, or take a higher one')
        : ok(`${words} is free`),
    ];
  }
  const holder = listenerOn(where.port);
  if (holder?.isAssay === true) return [ok(`${words} is served by Assay, process ${holder.process}`)];
  const who = holder === undefined ? 'a process that this user may not see' : `process ${holder.process}`;
  if (holder === undefined)
    return [warn(`${words} is held by ${who}`, 'look as root; if it is not Assay, stop it or take another port')];
  return [fail(`${words} is held by ${who}`, 'stop that program, or take another port')];
}

/** Where the API that listens there is asked from this machine. */
export function ownUrl({ host, port }: HostPort, isTls: boolean): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${isTls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}/`;
}

/** What an API of this machine answers; rejects when nobody does. Whose certificate it shows does not matter here: nothing secret is sent. */
function asked(url: string): Promise<{ readonly date: string; readonly text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly date: string; readonly text: string }>();
  const options = { timeout: CONNECT_MILLISECONDS, agent: false, rejectUnauthorized: false };
  const request = (url.startsWith('https:') ? httpsRequest : httpRequest)(url, options, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(0, LONGEST_ANSWER);
    });
    answer.on('end', () => resolve({ date: answer.headers.date ?? '', text })).on('error', reject);
  });
  request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', reject);
  request.end();
  return promise;
}

/** What is ready of an operator, from its answer; undefined when this is no answer of one. */
function readinessIn(
  text: string,
): { ready?: boolean; parts?: readonly { name: string; trouble?: string }[] } | undefined {
  try {
    return JSON.parse(text) as { ready?: boolean; parts?: readonly { name: string; trouble?: string }[] };
  } catch {
    return undefined;
  }
}

/** The API of an operator that runs: alive, and its clock. Nothing when nobody listens there. */
export async function checkApi(url: string): Promise<readonly Finding[]> {
  const { ok, warn, fail } = findings('operator');
  const answer = await asked(`${url}readyz`).catch(() => undefined);
  if (answer === undefined) return [ok(`none runs at ${url}`)];
  const body = readinessIn(answer.text);
  if (body?.ready === undefined)
    return [fail(`what answers at ${url} is no operator`, 'stop it, or take another port')];
  const apart = Math.abs(Date.parse(answer.date) - Date.now());
  const troubled = (body.parts ?? []).filter(({ trouble }) => trouble !== undefined).map(({ name }) => name);
  return [
    body.ready ? ok(`it runs at ${url} and is ready`) : fail(`it runs at ${url} and is not ready`, `see ${url}readyz`),
    ...(troubled.length === 0 ? [] : [warn(`in trouble: ${troubled.join(', ')}`, 'the log of the service says why')]),
    ...(apart > MOST_SKEW_MILLISECONDS
      ? [warn(`its clock is ${apart} ms apart from this one`, 'start it again after the clock is right')]
      : []),
  ];
}

/** The SMSC: reached, and bound as a transmitter, which takes no message away from an operator that is bound. */
export async function checkSmsc(
  io: Io,
  where: HostPort,
  systemId: string,
  password: string,
  isServing: boolean,
): Promise<readonly Finding[]> {
  const { ok, warn, fail } = findings('SMSC');
  const words = `${where.host}:${where.port}`;
  const latency = await answering(where);
  if (latency === undefined)
    return [fail(`${words} does not answer`, 'check host and port, the route and the firewall')];
  const reached = `${words} answers after ${latency.toFixed(1)} ms`;
  // A second bind may cost a running operator its own.
  if (isServing) return [ok(`${reached}; the operator that runs holds the bind`)];
  const { promise, resolve } = Promise.withResolvers<readonly Finding[]>();
  const begun = performance.now();
  const esme = connectEsme({
    ...{
      ...where,
      systemId,
      password,
      bindAs: 'bind_transmitter',
      clock: io.clock,
      scheduler: io.scheduler,
      random: io.random,
    },
    onDeliver: async () => {},
    onState(state, because) {
      if (state === 'bound')
        resolve([ok(`${reached}, binds ${systemId} after ${(performance.now() - begun).toFixed(1)} ms`)]);
      else if (/RALYBND/.test(because)) resolve([ok(`${reached}; ${systemId} is bound already`)]);
      else if (/refused/.test(because))
        resolve([fail(because, 'ask its operator which system id and password are right')]);
    },
  });
  const late = setTimeout(
    () =>
      resolve([
        warn(`${reached}, and did not bind within ${BIND_MILLISECONDS} ms`, 'is it an SMSC? Its log says more'),
      ]),
    BIND_MILLISECONDS,
  );
  const found = await promise;
  clearTimeout(late);
  await esme.close();
  return found;
}
