import type { JwsKey } from '#base/crypto/index.ts';
import type { Clock, Random } from '#base/port/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { EquipmentCheck } from '../front.ts';
import { type EquipmentStatusOptions, equipmentStatusService } from './equipment-status.ts';
import { listenN5gEirFast } from './fast-listener.ts';
import { type ListenerLimits, listenN5gEir, type TlsOptions } from './listener.ts';
import type { NfProfileOptions } from './nf-profile.ts';
import { type NrfOptions, type NrfRegistration, registerWithNrf } from './nrf.ts';
import { loadMonitor, OVERLOAD_LIMITS, type OverloadLimits } from './overload.ts';
import { type RateLimit, rateLimit } from './rate-limit.ts';
import { type TokenRules, tokenVerifier } from './token.ts';

/** Policy of the answers: see EquipmentStatusOptions. */
export type N5gEirPolicy = Partial<
  Pick<
    EquipmentStatusOptions,
    | 'prefix'
    | 'whenUnknown'
    | 'redirect'
    | 'defaultPriority'
    | 'whenTooLate'
    | 'patience'
    | 'longestPath'
    | 'onExchange'
  >
>;

/** How this front is registered: what follows from the rest (scheme, port, prefix, token) is not asked again. */
export interface N5gEirRegistration extends Omit<NrfOptions, 'profile' | 'scheduler' | 'random' | 'load'> {
  readonly profile: Omit<NfProfileOptions, 'scheme' | 'port' | 'prefix' | 'isTokenRequired'> & {
    /** When consumers reach us by another port than the one we listen on. */
    readonly port?: number;
  };
}

/** What the N5g-eir front needs. Everything but check, ports and `port` may be left out. */
export interface N5gEirOptions {
  readonly check: EquipmentCheck;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly sharesPort?: boolean;
  /** HTTP/2 by our own room, or by node:http2, several times slower: for whoever meets a peer that gets on with one of them only. Default own. */
  readonly transport?: 'own' | 'node';
  readonly tls?: TlsOptions;
  readonly limits?: Partial<ListenerLimits>;
  readonly policy?: N5gEirPolicy;
  /** Absent: nobody needs a token. */
  readonly tokens?: Omit<TokenRules, 'clock'>;
  /** Absent: peers may ask as often as they like. */
  readonly rateLimit?: RateLimit;
  readonly overload?: OverloadLimits;
  /** Absent: consumers know the address by configuration. */
  readonly nrf?: N5gEirRegistration;
}

/** A running front. */
export interface N5gEir {
  readonly host: string;
  readonly port: number;
  /** Answers by outcome; see EquipmentStatusService. */
  readonly answers: ReadonlyMap<string, number>;
  /** Connections; see N5gEirListener. */
  readonly connections: ReadonlyMap<string, number>;
  /** Undefined without an NRF. */
  readonly isRegistered: boolean | undefined;
  /** New keys of the NRF that signs tokens. Does nothing when no tokens are needed. */
  replaceTokenKeys(keys: readonly JwsKey[]): void;
  /** Deregisters, then sends GOAWAY and lets peers read their answers. */
  drain(): Promise<void>;
  /** Cuts everything at once, as a crash would; the NRF notices by the missing heartbeat. */
  destroy(): void;
}

function registration(options: N5gEirOptions, port: number, load: () => number): NrfRegistration | undefined {
  const { nrf, scheduler, random, tls, policy, tokens } = options;
  if (nrf === undefined) return undefined;
  const profile: NfProfileOptions = {
    port,
    ...nrf.profile,
    scheme: tls === undefined ? 'http' : 'https',
    isTokenRequired: tokens !== undefined,
    ...(policy?.prefix !== undefined && { prefix: policy.prefix }),
  };
  return registerWithNrf({ ...nrf, profile, scheduler, random, load });
}

/** Opens the front: service, tokens, limits, listener, registration. Rejects with what to do when the port cannot be had. */
export async function openN5gEir(options: N5gEirOptions): Promise<N5gEir> {
  const { check, clock, scheduler, tokens } = options;
  const verifier = tokens && tokenVerifier({ ...tokens, clock });
  const monitor = loadMonitor({ clock, scheduler, limits: options.overload ?? OVERLOAD_LIMITS });
  const service = equipmentStatusService({
    ...options.policy,
    check,
    clock,
    shedding: monitor.shedding,
    ...(verifier && { authorise: verifier.verify }),
    ...(options.rateLimit && { mustWait: rateLimit(options.rateLimit, clock) }),
  });
  const listen = options.transport === 'node' ? listenN5gEir : listenN5gEirFast;
  const listener = await listen({ ...options, service }).catch((error: unknown) => {
    monitor.stop();
    throw error;
  });
  const nrf = registration(options, listener.port, monitor.load);
  return {
    host: listener.host,
    port: listener.port,
    answers: service.counters,
    connections: listener.counters,
    get isRegistered() {
      return nrf?.isRegistered;
    },
    replaceTokenKeys: (keys) => verifier?.replaceKeys(keys),
    async drain() {
      await nrf?.stop();
      await listener.drain();
      monitor.stop();
    },
    destroy() {
      monitor.stop();
      nrf?.abandon();
      listener.destroy();
    },
  };
}
