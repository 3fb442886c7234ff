import { tableAes } from '#base/crypto/index.ts';
import { teeTrace } from '#base/trace/index.ts';
import { type Loopback, type LoopbackOptions, openLoopback } from '#lab/loopback/index.ts';
import { ExchangeLog } from '#protocol/exchange/index.ts';
import { Laboratory } from './laboratory.ts';
import { watchedAes } from './watched-aes.ts';

/** Streams of events of the laboratory's people: two for each window that they open. */
const STREAMS = 24;

/** A laboratory and what it stands on. */
export interface OpenLaboratory extends Loopback {
  readonly laboratory: Laboratory;
}

/**
 * Opens a laboratory over a data directory: its cards compute with an AES that remembers what they opened, and people on this machine need
 * not sign in. Throws what its rooms throw.
 */
export async function openLaboratory(options: LoopbackOptions): Promise<OpenLaboratory> {
  const { clock, scheduler } = options;
  const names = new Map<string, string>();
  const aes = watchedAes(tableAes);
  const exchanges = new ExchangeLog((identity) => names.get(identity), aes.opened);
  const trace = teeTrace(exchanges, options.trace);
  const loopback = await openLoopback({
    site: { laboratory: true },
    api: { streamsOfOne: STREAMS },
    ...options,
    trace,
    cardAes: aes,
  });
  const laboratory = new Laboratory({ loopback, exchanges, aes, clock, trace, scheduler, names });
  return {
    ...loopback,
    laboratory,
    async close() {
      await loopback.close();
      laboratory.close();
    },
  };
}
