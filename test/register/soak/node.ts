import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type NodeProcess, startNode } from '../node-process.ts';
import type { Ending } from './ending.ts';

/** Ports of the three fronts. */
export interface Ports {
  readonly n5gEir: number;
  readonly s13: number;
  readonly gsup: number;
}

/** What all nodes of a run share. */
export interface NodeSettings {
  readonly ending: Ending;
  readonly data: string;
  readonly env: Record<string, string>;
  readonly hlrPort: number;
  readonly s13Peers: readonly string[];
}

const NO_PORTS: Ports = { n5gEir: 0, s13: 0, gsup: 0 };
/** Ports that no system gives to who asks for any: a connection could otherwise take that of a node while it is down. */
const OWN_PORTS = { from: 15_000, below: 32_000 } as const;
const KIBIBYTES = /^VmRSS:\s+(\d+) kB$/m;

/** A place where a register node runs, one process after the other, always on the same ports. */
export class NodePlace {
  readonly name: string;
  readonly #settings: NodeSettings;
  readonly #isShared: boolean;
  #process: NodeProcess | undefined;
  #ports = NO_PORTS;
  starts = 0;
  /** Ended without another in its place: nobody answers. */
  isDown = true;
  /** True when it was ever ended or rolled: connections broke then. */
  isTouched = false;

  constructor(name: string, settings: NodeSettings, { isShared = false } = {}) {
    this.name = name;
    this.#settings = settings;
    this.#isShared = isShared;
  }

  get ports(): Ports {
    return this.#ports;
  }

  /** Resident memory in octets; undefined where the system does not say. */
  get memory(): number | undefined {
    const pid = this.#process?.child.pid;
    if (process.platform !== 'linux' || pid === undefined || this.isDown) return undefined;
    try {
      const found = KIBIBYTES.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
      return found === undefined ? undefined : Number(found) * 1024;
    } catch {
      return undefined;
    }
  }

  async start(): Promise<void> {
    if (this.#ports === NO_PORTS)
      this.#ports = { n5gEir: await freePort(), s13: await freePort(), gsup: await freePort() };
    this.#process = await this.#started();
    this.isDown = false;
  }

  /** Ends it and starts it again. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    [this.isDown, this.isTouched] = [true, true];
    await this.#process?.end(signal);
    await this.start();
  }

  /** Starts the next one on the same ports, then lets the old one drain. */
  async roll(): Promise<void> {
    this.isTouched = true;
    const old = this.#process;
    this.#process = await this.#started();
    await old?.end('SIGTERM');
  }

  async end(): Promise<void> {
    this.isDown = true;
    await this.#process?.end('SIGTERM');
  }

  async #started(): Promise<NodeProcess> {
    const { ending, data, env, hlrPort, s13Peers } = this.#settings;
    const { n5gEir, s13, gsup } = this.#ports;
    // Two names in turn: the old one still writes its snapshot when the new one has read its own.
    const name = `${this.name}${this.starts++ % 2}`;
    const more = [
      ...['--node', name, '--s13-port', String(s13), '--gsup-port', String(gsup), '--hlr', `127.0.0.1:${hlrPort}`],
      ...['--origin-host', 'eir.test', '--realm', 'test'],
      ...s13Peers.flatMap((peer) => ['--s13-peer', `${peer}=127.0.0.1`]),
      ...(this.#isShared ? ['--share-ports'] : []),
    ];
    return startNode(ending, { data, env, port: n5gEir, more });
  }
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(OWN_PORTS.from, OWN_PORTS.below);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
