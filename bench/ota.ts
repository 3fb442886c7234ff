import assert from 'node:assert/strict';
import { type AesProvider, nodeAes, tableAes } from '#base/crypto/index.ts';
import { IMEI_LOCK_TAR } from '#protocol/imei-lock/index.ts';
import { NO_PROOF, openCommand, securedCommand } from '#protocol/ota/index.ts';
import { random } from './cards.ts';
import { type Bench, perSecond, type Row, rates, times } from './measure.ts';
import { naiveAes } from './naive-aes.ts';

const DATA = random.octets(64);
const KEYS = Array.from({ length: 1024 }, () => ({ cipher: random.octets(16), check: random.octets(16) }));
const MESSAGE = { tar: IMEI_LOCK_TAR, counter: 1, counterMode: 'higher', keySet: 2, proof: NO_PROOF } as const;

/** One packet made and opened again, each time under the next of 1,024 key pairs. `isWarm`: key schedules are kept. */
function packets(aes: AesProvider, isWarm: boolean): () => Uint8Array {
  const prepare = (key: (typeof KEYS)[number]) => ({ cipher: aes.key(key.cipher), check: aes.key(key.check) });
  const prepared = isWarm ? KEYS.map(prepare) : [];
  let next = 0;
  return () => {
    next = (next + 1) % KEYS.length;
    const keys = prepared[next] ?? prepare(KEYS[next] as (typeof KEYS)[number]);
    const packet = securedCommand(MESSAGE, keys, DATA);
    const opened = openCommand(packet, {
      keys: () => keys,
      minimumLevel: () => 0x16,
      counters: { last: () => 0, store: () => {} },
    });
    return opened.kind === 'accepted' ? opened.data : new Uint8Array(0);
  };
}

/** Secured packets with keys of their own. */
export const ota: Bench = {
  name: 'ota',
  what: 'secured packets a second, made and opened, each with its own keys (64 octets of data)',
  run(): readonly Row[] {
    const ways = {
      card: packets(tableAes, false),
      cold: packets(nodeAes, false),
      warm: packets(nodeAes, true),
      naive: packets(naiveAes, false),
    };
    for (const way of Object.values(ways)) assert.deepEqual(way(), DATA);
    const seen = rates(ways);
    return [
      {
        what: 'card side: table cipher, key set-up each time',
        result: perSecond(seen.card),
        ratio: times(seen.card, seen.naive),
        goal: '3 x naive (issue), 3.5 x (performance.md)',
      },
      {
        what: 'operator side: node:crypto, keys kept',
        result: perSecond(seen.warm),
        ratio: times(seen.warm, seen.naive),
      },
      {
        what: 'operator side: node:crypto, key set-up each time',
        result: perSecond(seen.cold),
        ratio: times(seen.cold, seen.naive),
      },
      { what: 'naive: createCipheriv each time', result: perSecond(seen.naive), ratio: '1.0 x' },
    ];
  },
};
