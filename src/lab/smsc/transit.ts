import type { Random } from '#base/port/index.ts';
import type { ShortMessage } from './short-message.ts';

/** Which way a message leaves the SMSC. */
export type Hop = 'to handset' | 'to ESME';

/** What arrives, and how many milliseconds late. A message that overtakes another one is early, the other late. */
export interface Arrival {
  readonly message: ShortMessage;
  readonly afterMs: number;
}

/** What the way does to a message: no arrival is a loss, two are a duplicate, and an attacker may change what arrives. */
export type Transit = (message: ShortMessage, hop: Hop) => readonly Arrival[];

/** Everything arrives once, at once, as it was. */
export const perfectTransit: Transit = (message) => [{ message, afterMs: 0 }];

/** A bad network: chances from 0 to 1, drawn for every message. */
export interface BadTransit {
  readonly drop?: number;
  readonly duplicate?: number;
  /** The chance that a copy is late by up to `lateMs`, so that later messages overtake it. */
  readonly late?: number;
  readonly lateMs?: number;
}

/** Loses, doubles and delays messages by chance; the same Random gives the same fates. */
export function badTransit(random: Random, { drop = 0, duplicate = 0, late = 0, lateMs = 1000 }: BadTransit): Transit {
  const draw = () => {
    const [high, low] = random.octets(2) as Uint8Array & [number, number];
    return (high * 256 + low) / 65_536;
  };
  const arrival = (message: ShortMessage): Arrival => ({
    message,
    afterMs: draw() < late ? Math.ceil(draw() * lateMs) : 0,
  });
  return (message) => {
    if (draw() < drop) return [];
    return draw() < duplicate ? [arrival(message), arrival(message)] : [arrival(message)];
  };
}
