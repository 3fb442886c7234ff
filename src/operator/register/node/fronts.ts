import { isIPv4, isIPv6 } from 'node:net';
import { jwsKeysFromJwkSet } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { EquipmentCheck, Front } from '../front.ts';
import { listenGsup } from '../gsup/index.ts';
import { openN5gEir } from '../n5g-eir/index.ts';
import { listenS13, type S13Identity, type S13PeerOptions } from '../s13/index.ts';

/** Key and certificate of a front in PEM, and who signs its clients' certificates; plain data, so that it can go to a thread. */
export interface FrontTls {
  readonly key: string;
  readonly cert: string;
  readonly clientCa?: string;
}

/** Where the fronts listen and whom they talk to; a front that is left out is not opened. */
export interface FrontSettings {
  readonly n5gEir?: {
    readonly host: string;
    readonly port: number;
    readonly sharesPort?: boolean;
    readonly tls?: FrontTls;
    /** HTTP/2 by node:http2 instead of our own. */
    readonly isNodeHttp2?: boolean;
    /** A connection is closed after each answer: for AMFs whose HTTP/2 library breaks on the second question (docs/core-networks.md). */
    readonly isOneAnswerEach?: boolean;
    /** A UUID of our own, the same after every restart; needed for tokens and for the NRF. */
    readonly nfInstanceId?: string;
    /** The NRF's public keys as a JWK set: then every request needs a token. */
    readonly tokenKeys?: string;
    /** apiRoots of NRFs to register with, and the address that consumers reach us by. */
    readonly nrf?: { readonly apiRoots: readonly string[]; readonly address: string };
  };
  readonly s13?: {
    readonly host: string;
    readonly port: number;
    readonly sharesPort?: boolean;
    readonly identity: S13Identity;
    readonly peers: readonly S13PeerOptions[];
    readonly tls?: Required<FrontTls>;
  };
  readonly gsup?: {
    readonly host: string;
    readonly port: number;
    readonly sharesPort?: boolean;
    readonly hlr: { readonly host: string; readonly port: number };
    readonly alsoStore?: boolean;
  };
}

/** Where a front listens. */
export interface FrontAddress {
  readonly front: Front;
  readonly host: string;
  readonly port: number;
}

/** Counts of a front by name: answers, connections, refusals. */
export type FrontCounts = Readonly<Record<string, number>>;

/** Fronts, open. */
export interface Fronts {
  readonly addresses: readonly FrontAddress[];
  counts(): Readonly<Partial<Record<Front, FrontCounts>>>;
  /** Lets everybody read their answers, then ends. */
  drain(): Promise<void>;
  /** Cuts everything at once. */
  destroy(): void;
}

/** What fronts need besides their settings. */
export interface FrontPorts {
  readonly check: EquipmentCheck;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Hears of peers that come and go, and of faults. */
  news(text: string): void;
}

interface OpenFront {
  readonly address: FrontAddress;
  counts(): FrontCounts;
  drain(): Promise<void>;
  destroy(): void;
}

/** Opens the fronts, all or none. Rejects with what to do when one cannot be had. */
export async function openFronts(settings: FrontSettings, ports: FrontPorts): Promise<Fronts> {
  const open: OpenFront[] = [];
  try {
    if (settings.n5gEir) open.push(await n5gEir(settings.n5gEir, ports));
    if (settings.s13) open.push(await s13(settings.s13, ports));
    if (settings.gsup) open.push(await gsup(settings.gsup, ports));
  } catch (error) {
    for (const front of open) front.destroy();
    throw error;
  }
  return {
    addresses: open.map(({ address }) => address),
    counts: () => Object.fromEntries(open.map((front) => [front.address.front, front.counts()])),
    async drain() {
      await Promise.all(open.map((front) => front.drain()));
    },
    destroy() {
      for (const front of open) front.destroy();
    },
  };
}

async function n5gEir(settings: NonNullable<FrontSettings['n5gEir']>, ports: FrontPorts): Promise<OpenFront> {
  const { host, port, sharesPort, tls, isNodeHttp2, isOneAnswerEach, nfInstanceId = '', tokenKeys, nrf } = settings;
  const front = await openN5gEir({
    ...{ ...ports, host, port },
    ...(sharesPort !== undefined && { sharesPort }),
    ...(tls && { tls }),
    ...(isNodeHttp2 === true && { transport: 'node' as const }),
    ...(isOneAnswerEach === true && { limits: { isOneAnswerEach } }),
    ...(tokenKeys !== undefined && { tokens: { keys: jwsKeysFromJwkSet(tokenKeys), nfInstanceId } }),
    ...(nrf && {
      nrf: {
        apiRoots: nrf.apiRoots,
        profile: { nfInstanceId, ...addressOf(nrf.address) },
        onState: (state, because) => ports.news(`NRF: ${state}: ${because}`),
      },
    }),
  });
  return {
    address: { front: 'n5g-eir', host: front.host, port: front.port },
    counts: () => ({ ...prefixed('answer', front.answers), ...prefixed('connection', front.connections) }),
    drain: () => front.drain(),
    destroy: () => front.destroy(),
  };
}

/** How a profile names an address: by its kind. */
function addressOf(address: string) {
  if (isIPv4(address)) return { ipv4Addresses: [address] };
  return isIPv6(address) ? { ipv6Addresses: [address] } : { fqdn: address };
}

const prefixed = (prefix: string, counts: ReadonlyMap<string, number>): FrontCounts =>
  Object.fromEntries([...counts].map(([name, count]) => [`${prefix} ${name}`, count]));

async function s13(settings: NonNullable<FrontSettings['s13']>, ports: FrontPorts): Promise<OpenFront> {
  const { tls, ...others } = settings;
  const front = await listenS13({
    ...others,
    ...ports,
    ...(tls && { tls: { cert: tls.cert, key: tls.key, ca: tls.clientCa } }),
    onPeer: (news) => ports.news(`S13: ${Object.values(news).join(' ')}`),
    onFault: (error) => ports.news(`S13: ${error instanceof Error ? error.message : String(error)}`),
  });
  return {
    address: { front: 's13', host: front.host, port: front.port },
    counts() {
      const { outcomes, ...connections } = front.counts;
      return flat({ answer: outcomes, connection: connections });
    },
    drain: () => front.close(),
    destroy: () => front.destroy(),
  };
}

async function gsup(settings: NonNullable<FrontSettings['gsup']>, ports: FrontPorts): Promise<OpenFront> {
  const front = await listenGsup({
    ...settings,
    ...ports,
    onState: (peer, state, because) => ports.news(`GSUP: ${peer} ${state}: ${because}`),
  });
  return {
    address: { front: 'gsup', host: front.host, port: front.port },
    counts: () => flat(front.counts()),
    drain: () => front.close(),
    destroy: () => front.destroy(),
  };
}

/** Numbers in nested objects by the names on the way to them. */
function flat(counts: object, way = ''): FrontCounts {
  const found: Record<string, number> = {};
  for (const [name, value] of Object.entries(counts)) {
    const named = way === '' ? name : `${way} ${name}`;
    if (typeof value === 'number') found[named] = value;
    else if (typeof value === 'object' && value !== null) Object.assign(found, flat(value, named));
  }
  return found;
}
