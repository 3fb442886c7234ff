import { KeyObject } from 'node:crypto';
import {
  type AuthenticationAlgorithm,
  type AuthenticationKeys,
  checkRand,
  putAmf,
  putSqn,
  SQN_OCTETS,
} from './authentication-algorithm.ts';
import { CryptoError } from './crypto-error.ts';
import { KECCAK_STATE_OCTETS, keccakF1600 } from './keccak.ts';

/** The lengths an operator chooses, in octets (TS 35.231 6), and how often Keccak runs (7.1: 1 unless raised). */
export interface TuakParameters {
  readonly mac: 8 | 16 | 32;
  readonly res: 4 | 8 | 16 | 32;
  readonly ck: 16 | 32;
  readonly ik: 16 | 32;
  readonly iterations: number;
}

/** Most iterations taken: beyond it an authentication would stall a card. */
export const MAX_TUAK_ITERATIONS = 255;

/** Where the inputs stand in the state (TS 35.231 6.1 to 6.5), in octets; each with its last octet first. */
const AT = {
  topc: 0,
  instance: 32,
  algorithmName: 33,
  rand: 40,
  amf: 56,
  sqn: 58,
  key: 64,
  padding: 96,
  end: 135,
} as const;
/** Where the outputs of f2 to f5* stand (TS 35.231 6.4, 6.5); TOPc and MAC stand at 0. */
const OUT = { res: 0, ck: 32, ik: 64, ak: 96 } as const;
const ALGORITHM_NAME = new TextEncoder().encode('TUAK1.0');

/** The bits of INSTANCE (TS 35.231 6.2 to 6.5). A length is coded as its number of octets, RES of 4 as nothing. */
const INSTANCE = { f1: 0x00, f2345: 0x40, f1star: 0x80, f5star: 0xc0, ck256: 0x04, ik256: 0x02, key256: 0x01 } as const;

// The state at work; one for all subscribers, as every function runs to its end before another begins.
const state = new Uint8Array(KECCAK_STATE_OCTETS);
const field = new Uint8Array(8);

function put(octets: Uint8Array, at: number, length = octets.length): void {
  for (let i = 0; i < length; i++) state[at + length - 1 - i] = octets[i]!;
}

function take(at: number, length: number): Uint8Array {
  return state.slice(at, at + length).reverse();
}

/** All of IN but RAND, AMF and SQN, which stay zero. */
function begin(top: Uint8Array, instance: number, key: Uint8Array): void {
  state.fill(0);
  put(top, AT.topc);
  state[AT.instance] = key.length === 32 ? instance | INSTANCE.key256 : instance;
  put(ALGORITHM_NAME, AT.algorithmName);
  put(key, AT.key);
  state[AT.padding] = 0x1f;
  state[AT.end] = 0x80;
}

function permute(iterations: number): void {
  for (let i = 0; i < iterations; i++) keccakF1600(state);
}

function checkInputs(key: Uint8Array, name: string, top: Uint8Array, iterations: number): void {
  if (key.length !== 16 && key.length !== 32)
    throw new CryptoError(`TUAK takes a K of 16 or 32 octets, got ${key.length}`);
  if (top.length !== 32) throw new CryptoError(`${name} has 32 octets, got ${top.length}`);
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > MAX_TUAK_ITERATIONS)
    throw new CryptoError(`TUAK runs Keccak 1 to ${MAX_TUAK_ITERATIONS} times, got ${iterations}`);
}

/** TOPc from TOP and K (TS 35.231 6.2): 32 octets. */
export function computeTopc(k: Uint8Array, top: Uint8Array, iterations = 1): Uint8Array {
  checkInputs(k, 'TOP', top, iterations);
  begin(top, 0, k);
  permute(iterations);
  return take(0, 32);
}

class Tuak implements AuthenticationAlgorithm {
  readonly name = 'TUAK';
  readonly #key: Uint8Array;
  readonly #topc: Uint8Array;
  readonly #lengths: TuakParameters;

  constructor(key: Uint8Array, topc: Uint8Array, lengths: TuakParameters) {
    checkInputs(key, 'TOPc', topc, lengths.iterations);
    this.#key = new Uint8Array(key);
    this.#topc = new Uint8Array(topc);
    this.#lengths = lengths;
  }

  f1(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    return this.#mac(INSTANCE.f1, rand, sqn, amf);
  }

  f1star(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    return this.#mac(INSTANCE.f1star, rand, sqn, amf);
  }

  f2345(rand: Uint8Array): AuthenticationKeys {
    const { res, ck, ik, iterations } = this.#lengths;
    const resBits = res === 4 ? 0 : res;
    const keyBits = (ck === 32 ? INSTANCE.ck256 : 0) | (ik === 32 ? INSTANCE.ik256 : 0);
    this.#beginWith(rand, INSTANCE.f2345 | resBits | keyBits);
    permute(iterations);
    return { res: take(OUT.res, res), ck: take(OUT.ck, ck), ik: take(OUT.ik, ik), ak: take(OUT.ak, SQN_OCTETS) };
  }

  f5star(rand: Uint8Array): Uint8Array {
    this.#beginWith(rand, INSTANCE.f5star);
    permute(this.#lengths.iterations);
    return take(OUT.ak, SQN_OCTETS);
  }

  #mac(instance: number, rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    const { mac, iterations } = this.#lengths;
    this.#beginWith(rand, instance | mac);
    putAmf(amf, field, 0);
    put(field, AT.amf, 2);
    putSqn(sqn, field, 0);
    put(field, AT.sqn, SQN_OCTETS);
    permute(iterations);
    return take(0, mac);
  }

  #beginWith(rand: Uint8Array, instance: number): void {
    checkRand(rand);
    begin(this.#topc, instance, this.#key);
    put(rand, AT.rand);
  }
}

/** The usual choice: as long as Milenage's values, one Keccak. */
const USUAL: TuakParameters = { mac: 8, res: 8, ck: 16, ik: 16, iterations: 1 };

/** TUAK (TS 35.231) of one subscriber: K of 16 or 32 octets and TOPc of 32. Lengths not given are those of Milenage. */
export function tuak(
  k: Uint8Array | KeyObject,
  topc: Uint8Array,
  parameters: Partial<TuakParameters> = {},
): AuthenticationAlgorithm {
  return new Tuak(k instanceof KeyObject ? k.export() : k, topc, { ...USUAL, ...parameters });
}
