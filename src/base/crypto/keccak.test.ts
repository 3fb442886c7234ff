import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { KECCAK_STATE_OCTETS, keccakF1600 } from './keccak.ts';

const RATE = 136;

/** SHA3-256 (FIPS 202 6.1) over our permutation. */
function sha3(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] = 0x06;
  padded[padded.length - 1]! |= 0x80;
  const state = new Uint8Array(KECCAK_STATE_OCTETS);
  for (let at = 0; at < padded.length; at += RATE) {
    for (let i = 0; i < RATE; i++) state[i]! ^= padded[at + i]!;
    keccakF1600(state);
  }
  return state.slice(0, 32);
}

test('Keccak-f[1600] makes the SHA3-256 of node:crypto', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3 * RATE }), (message) => {
      assert.deepEqual(sha3(message), new Uint8Array(hash('sha3-256', message, 'buffer')));
    }),
    { numRuns: 100 },
  );
});
