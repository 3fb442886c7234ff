import { NO_OCTETS } from '#base/codec/index.ts';
import {
  type AuthenticationAlgorithm,
  type GsmAlgorithm,
  type GsmAlgorithmName,
  gsmConversion,
  milenage,
  namedGsmAlgorithm,
  nodeAes,
  tuak,
  xorTest,
} from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { CardPersonalisation } from './card-personalisation.ts';
import type { Secrets } from './subscriber-secrets.ts';

/** Algorithms of 3G, EPS and 5G. */
export type AlgorithmName = CardPersonalisation['algorithm']['kind'];
/** An algorithm with its keys, or one whose keys are to be drawn. */
export type AlgorithmOrder = CardPersonalisation['algorithm'] | AlgorithmName;
/** The same for GSM. */
export type GsmAlgorithmOrder = NonNullable<CardPersonalisation['gsmAlgorithm']> | GsmAlgorithmName;

/** The algorithm of an order; its keys are drawn when it names none. */
export function drawnAlgorithm(wanted: AlgorithmOrder, random: Random): CardPersonalisation['algorithm'] {
  if (wanted === 'milenage') return { kind: 'milenage', k: random.octets(16), opc: random.octets(16) };
  if (wanted === 'tuak') return { kind: 'tuak', k: random.octets(32), topc: random.octets(32) };
  if (wanted === 'xor') return { kind: 'xor', k: random.octets(16) };
  return wanted;
}

/** The same for GSM. */
export function drawnGsmAlgorithm(wanted: GsmAlgorithmOrder, random: Random) {
  return typeof wanted === 'string' ? { kind: wanted, ki: random.octets(16) } : wanted;
}

/** OPc or TOPc; no octets with XOR. */
export function codeOf(algorithm: CardPersonalisation['algorithm']): Uint8Array {
  switch (algorithm.kind) {
    case 'milenage':
      return algorithm.opc;
    case 'tuak':
      return algorithm.topc;
    case 'xor':
      return NO_OCTETS;
  }
}

/** An algorithm as it was stored: its name, K and `codeOf`. */
export function algorithmFrom(
  kind: AlgorithmName,
  { k, code, tuak: rules }: Pick<Secrets, 'k' | 'code' | 'tuak'>,
): CardPersonalisation['algorithm'] {
  switch (kind) {
    case 'milenage':
      return { kind, k, opc: code };
    case 'tuak':
      // Lengths of RES were checked when the card was issued.
      return { kind, k, topc: code, ...(rules && { res: rules.res as 4 | 8 | 16, iterations: rules.iterations }) };
    case 'xor':
      return { kind, k };
  }
}

/** Length of RES and iterations of TUAK. */
const tuakRules = ({ res = 8, iterations = 1 }: { readonly res?: 4 | 8 | 16; readonly iterations?: number }) => ({
  res,
  iterations,
});

/** What is stored of TUAK when it is not as usual. */
export function unusualTuak(algorithm: CardPersonalisation['algorithm']): Pick<Secrets, 'tuak'> {
  if (algorithm.kind !== 'tuak' || (algorithm.res === undefined && algorithm.iterations === undefined)) return {};
  return { tuak: tuakRules(algorithm) };
}

/** The algorithm, ready to make vectors. */
export function readyAlgorithm(algorithm: CardPersonalisation['algorithm']): AuthenticationAlgorithm {
  switch (algorithm.kind) {
    case 'milenage':
      return milenage(nodeAes.key(algorithm.k), algorithm.opc);
    case 'tuak':
      return tuak(algorithm.k, algorithm.topc, tuakRules(algorithm));
    case 'xor':
      return xorTest(algorithm.k);
  }
}

/** The algorithm of GSM: its own, or the conversions of the other (TS 33.102 6.8.1.2). */
export function readyGsmAlgorithm(
  own: CardPersonalisation['gsmAlgorithm'],
  algorithm: AuthenticationAlgorithm,
): GsmAlgorithm {
  return own === undefined ? gsmConversion(algorithm) : namedGsmAlgorithm(own.kind, own.ki);
}
