import type { Imei, Imsi } from '#base/identity/index.ts';
import type { HandsetConnection } from './handset-connection.ts';

/** A subscriber who is registered now. */
export interface Registration {
  readonly imsi: Imsi;
  /** The name its connection was given. */
  readonly handset: string;
  /** What the handset claims; undefined when the network does not ask. */
  readonly imei: Imei | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
}

interface Entry {
  readonly imsi: Imsi;
  readonly connection: HandsetConnection;
  readonly since: number;
}

/** The visitor location register: which subscriber is on which connection, one connection each (TS 23.012). */
export class VisitorRegister {
  readonly #entries = new Map<string, Entry>();

  /** Where a subscriber is; undefined when not registered. */
  connectionOf(imsi: Imsi): HandsetConnection | undefined {
    return this.#entries.get(imsi.digits)?.connection;
  }

  /** A subscriber is on this connection since `now`. One it was on before loses it: the newest proof counts. */
  enter(imsi: Imsi, connection: HandsetConnection, now: number): void {
    const before = this.connectionOf(imsi);
    if (before !== connection) before?.happen({ type: 'cancelLocation' });
    this.#entries.set(imsi.digits, { imsi, connection, since: now });
  }

  /** Forgets a subscriber, if this connection is the one. False when it is not. */
  erase(imsi: Imsi, connection: HandsetConnection): boolean {
    return this.connectionOf(imsi) === connection && this.#entries.delete(imsi.digits);
  }

  /** Subscribers registered now. */
  get size(): number {
    return this.#entries.size;
  }

  /** Everybody registered now, oldest entry first. */
  *registrations(): Generator<Registration> {
    for (const { imsi, connection, since } of this.#entries.values())
      yield { imsi, handset: connection.handset, imei: connection.state.imei, since };
  }
}
