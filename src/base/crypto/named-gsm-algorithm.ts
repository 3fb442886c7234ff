import { comp128 } from './comp128.ts';
import { type GsmAlgorithm, gsmXor } from './gsm-algorithm.ts';

/** Algorithms of GSM alone: COMP128 in its three versions, and the test algorithm of TS 51.010-1 A4.1.2. */
export const GSM_ALGORITHMS = ['comp128v1', 'comp128v2', 'comp128v3', 'xor'] as const;
/** An algorithm of GSM alone. */
export type GsmAlgorithmName = (typeof GSM_ALGORITHMS)[number];

/** An algorithm of GSM alone by its name, for a Ki of 16 octets. */
export function namedGsmAlgorithm(name: GsmAlgorithmName, ki: Uint8Array): GsmAlgorithm {
  switch (name) {
    case 'comp128v1':
      return comp128(1, ki);
    case 'comp128v2':
      return comp128(2, ki);
    case 'comp128v3':
      return comp128(3, ki);
    case 'xor':
      return gsmXor(ki);
  }
}
