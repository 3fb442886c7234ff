import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import type { Imsi } from '#base/identity/index.ts';
import type { Clock } from '#base/port/index.ts';
import { silentTrace, type Trace } from '#base/trace/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import { HandsetConnection, type NetworkContext } from './handset-connection.ts';
import type { NetworkSettings } from './handset-state.ts';
import type { NetworkPorts, NetworkPortsNow } from './ports.ts';
import { type Registration, VisitorRegister } from './visitor-register.ts';

/** The defaults: test network 001 01, location area 1; service centre +1234567890; IMEIs are checked, at attach. */
export const NETWORK_DEFAULTS: NetworkSettings = {
  locationArea: fromHex('00F1100001'),
  serviceCentre: fromHex('912143658709'),
  equipmentCheck: 'enforce',
  verify: 'attach',
};
/** T3260 and its like are 12 s; whoever takes longer than this is down. */
const ANSWER_MS = 10_000;
/** TR2N, for RP-ACK: 12 to 20 s (TS 24.011 10). */
const DELIVERY_MS = 15_000;

interface CommonOptions extends Partial<NetworkSettings> {
  readonly clock: Clock;
  readonly trace?: Trace;
}

/** What a network needs whose ports answer when they can. */
export interface CoreNetworkOptions extends NetworkPorts, CommonOptions {
  readonly scheduler: Scheduler;
  /** How long home network, register and service centre may take, in milliseconds; default 10 s. */
  readonly answerMs?: number;
  /** How long a handset may take to acknowledge a short message, in milliseconds; default 15 s. */
  readonly deliveryMs?: number;
}

/** What a network needs that runs in its caller's own time. */
export interface CoreNetworkNowOptions extends NetworkPortsNow, CommonOptions {}

/** What both kinds of network can do besides connecting handsets. */
interface Subscribers {
  /** Everybody registered now, longest registration first. */
  registrations(): Iterable<Registration>;
  /** How many are registered now. */
  readonly registered: number;
  /**
   * Cancels a subscriber's location (TS 23.012 3.6.1): the server's way to disconnect a handset (R43). It is told at its next access (cause 4,
   * IMSI unknown in VLR); an emergency call goes on. False when the subscriber is not registered.
   */
  cancelLocation(imsi: Imsi): boolean;
}

/** A handset's connection to a network in the same process. */
export interface AirConnection {
  /** A layer 3 message up, the network's messages down (`airFrames`). Never rejects. */
  air(message: Uint8Array): Promise<Uint8Array>;
  /** Takes layer 3 messages that the network begins: short messages. Until then they wait for the handset to speak. */
  onDownlink(handler: (message: Uint8Array) => void): void;
  /** The handset is gone: its subscriber is no longer registered. */
  disconnect(): void;
}

/** A mobile network in a box. */
export interface CoreNetwork extends Subscribers {
  /** Connects a handset; `handset` is its name in the trace. */
  connect(handset: string): AirConnection;
}

/** A handset's connection to a network that runs in its caller's own time. */
export interface AirConnectionNow {
  /** A layer 3 message up, the network's messages down (`airFrames`), with a short message when one waits. Never throws. */
  air(message: Uint8Array): Uint8Array;
  /** The next short message that waits (`airFrames`); no octets when none does. The one before must be served: it counts as unanswered. */
  pending(): Uint8Array;
  disconnect(): void;
}

/** A mobile network for fleets: everything happens in the caller's own time, nothing is waited for. */
export interface CoreNetworkNow extends Subscribers {
  connect(handset: string): AirConnectionNow;
  /** `pending` of the connection where a subscriber is registered; no octets when there is none. */
  pending(imsi: Imsi): Uint8Array;
}

function settingsOf(options: Partial<NetworkSettings>): NetworkSettings {
  return {
    locationArea: options.locationArea ?? NETWORK_DEFAULTS.locationArea,
    serviceCentre: options.serviceCentre ?? NETWORK_DEFAULTS.serviceCentre,
    equipmentCheck: options.equipmentCheck ?? NETWORK_DEFAULTS.equipmentCheck,
    verify: options.verify ?? NETWORK_DEFAULTS.verify,
  };
}

interface Waits {
  readonly scheduler: Scheduler | undefined;
  readonly answerMs: number;
  readonly deliveryMs: number;
}
const NO_WAITS: Waits = { scheduler: undefined, answerMs: 0, deliveryMs: 0 };

function contextOf(options: NetworkPorts & CommonOptions, waits: Waits, register: VisitorRegister): NetworkContext {
  const { subscribers, equipment, shortMessages, clock, trace = silentTrace } = options;
  return {
    ...waits,
    ports: { subscribers, equipment, shortMessages },
    settings: settingsOf(options),
    clock,
    trace,
    register(imsi, connection) {
      register.enter(imsi, connection, clock.now());
      shortMessages.attached(imsi, connection.deliver);
    },
    deregister(imsi, connection) {
      if (register.erase(imsi, connection)) shortMessages.detached(imsi);
    },
  };
}

function subscribersOf(register: VisitorRegister): Subscribers {
  return {
    registrations: () => register.registrations(),
    get registered() {
      return register.size;
    },
    cancelLocation(imsi) {
      const connection = register.connectionOf(imsi);
      connection?.happen({ type: 'cancelLocation' });
      return connection !== undefined;
    },
  };
}

/** A network whose ports answer when they can: for handsets that a person, a real card or another process runs. */
export function coreNetwork(options: CoreNetworkOptions): CoreNetwork {
  const { scheduler, answerMs = ANSWER_MS, deliveryMs = DELIVERY_MS } = options;
  const register = new VisitorRegister();
  const context = contextOf(options, { scheduler, answerMs, deliveryMs }, register);
  return Object.assign(subscribersOf(register), {
    connect(handset: string): AirConnection {
      const connection = new HandsetConnection(handset, context);
      return {
        air: async (message) => connection.air(message),
        onDownlink: (handler) => connection.onDownlink(handler),
        disconnect: () => connection.happen({ type: 'disconnected' }),
      };
    },
  });
}

/** The same network in its caller's own time, for fleets and replays. A port that answers later is an error of the caller. */
export function coreNetworkNow(options: CoreNetworkNowOptions): CoreNetworkNow {
  const register = new VisitorRegister();
  const context = contextOf(options, NO_WAITS, register);
  return Object.assign(subscribersOf(register), {
    pending: (imsi: Imsi) => register.connectionOf(imsi)?.pending() ?? NO_OCTETS,
    connect(handset: string): AirConnectionNow {
      const connection = new HandsetConnection(handset, context);
      return {
        air(message) {
          const answer = connection.air(message);
          if (answer instanceof Promise)
            throw new Error('a port of this network answered later; use coreNetwork() for ports that take their time');
          return answer;
        },
        pending: () => connection.pending(),
        disconnect: () => connection.happen({ type: 'disconnected' }),
      };
    },
  });
}
