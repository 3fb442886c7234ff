import { AES_BLOCK, type Aes } from './aes.ts';
import {
  type AuthenticationAlgorithm,
  type AuthenticationKeys,
  checkRand,
  putAmf,
  putSqn,
  SQN_OCTETS,
} from './authentication-algorithm.ts';
import { CryptoError } from './crypto-error.ts';

/** One of OUT1 to OUT5: r in words of 32 bits, c as the value of its last octet (TS 35.206 4.1). */
interface Output {
  readonly rotate: number;
  readonly constant: number;
}

const OUT1: Output = { rotate: 2, constant: 0x00 };
const OUT2: Output = { rotate: 0, constant: 0x01 };
const OUT3: Output = { rotate: 1, constant: 0x02 };
const OUT4: Output = { rotate: 2, constant: 0x04 };
const OUT5: Output = { rotate: 3, constant: 0x08 };

function checkKey(aes: Aes, name: string, code: Uint8Array): void {
  if (aes.keyLength !== 16) throw new CryptoError(`Milenage takes a K of 16 octets, got ${aes.keyLength}`);
  if (code.length !== AES_BLOCK) throw new CryptoError(`${name} has 16 octets, got ${code.length}`);
}

/** OPc from OP and K (TS 35.206 4.1): K enciphers OP, xor OP. `aes` holds K. */
export function computeOpc(aes: Aes, op: Uint8Array): Uint8Array {
  checkKey(aes, 'OP', op);
  const opc = aes.encryptBlock(op);
  for (let i = 0; i < AES_BLOCK; i++) opc[i]! ^= op[i]!;
  return opc;
}

// Up to three blocks at work; one memory for all subscribers, as every function runs to its end before another begins.
// Every rotation is by whole words, so words serve for all but the octets that come in and go out, in any byte order.
const words = new Int32Array(12);
const octets = new Uint8Array(words.buffer);
const oneBlock = octets.subarray(0, AES_BLOCK);

function take(at: number, length: number): Uint8Array {
  const taken = new Uint8Array(length);
  for (let i = 0; i < length; i++) taken[i] = octets[at + i]!;
  return taken;
}

/** Where OPc, the RAND last used and its TEMP stand in a subscriber's words. */
const OPC = 0;
const RAND = 4;
const TEMP = 8;

class Milenage implements AuthenticationAlgorithm {
  readonly name = 'Milenage';
  readonly #aes: Aes;
  // TEMP is kept, as a card asks f2345 and then f1 of one RAND.
  readonly #own = new Int32Array(12);
  #hasTemp = false;

  constructor(aes: Aes, opc: Uint8Array) {
    checkKey(aes, 'OPc', opc);
    this.#aes = aes;
    octets.set(opc);
    for (let i = 0; i < 4; i++) this.#own[OPC + i] = words[i]!;
  }

  f1(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    this.#out1(rand, sqn, amf);
    return take(0, 8);
  }

  f1star(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    this.#out1(rand, sqn, amf);
    return take(8, 8);
  }

  f2345(rand: Uint8Array): AuthenticationKeys {
    this.#takeRand(rand);
    this.#prepare(OUT2, 0);
    this.#prepare(OUT3, 4);
    this.#prepare(OUT4, 8);
    this.#aes.encryptBlocks(octets, octets);
    this.#addOpc(12);
    return { res: take(8, 8), ck: take(16, 16), ik: take(32, 16), ak: take(0, SQN_OCTETS) };
  }

  f5star(rand: Uint8Array): Uint8Array {
    this.#takeRand(rand);
    this.#prepare(OUT5, 0);
    this.#aes.encryptBlock(oneBlock, oneBlock);
    this.#addOpc(4);
    return take(0, SQN_OCTETS);
  }

  /** TEMP = E(RAND xor OPc). */
  #takeRand(rand: Uint8Array): void {
    checkRand(rand);
    const own = this.#own;
    for (let i = 0; i < AES_BLOCK; i++) octets[i] = rand[i]!;
    let difference = 0;
    for (let i = 0; i < 4; i++) {
      difference |= own[RAND + i]! ^ words[i]!;
      own[RAND + i] = words[i]!;
      words[i]! ^= own[OPC + i]!;
    }
    if (this.#hasTemp && difference === 0) return;
    this.#aes.encryptBlock(oneBlock, oneBlock);
    for (let i = 0; i < 4; i++) own[TEMP + i] = words[i]!;
    this.#hasTemp = true;
  }

  /** OUT1 = E(TEMP xor rot(IN1 xor OPc, r1) xor c1) xor OPc, with IN1 = SQN | AMF | SQN | AMF: rotated by half it is itself. */
  #out1(rand: Uint8Array, sqn: number, amf: number): void {
    this.#takeRand(rand);
    putSqn(sqn, octets, 0);
    putAmf(amf, octets, SQN_OCTETS);
    const own = this.#own;
    words[2] = words[0]!;
    words[3] = words[1]!;
    for (let i = 0; i < 4; i++) words[i]! ^= own[OPC + ((i + OUT1.rotate) & 3)]! ^ own[TEMP + i]!;
    octets[15]! ^= OUT1.constant;
    this.#aes.encryptBlock(oneBlock, oneBlock);
    this.#addOpc(4);
  }

  /** rot(TEMP xor OPc, r) xor c, into the words from `at`. */
  #prepare({ rotate, constant }: Output, at: number): void {
    const own = this.#own;
    for (let i = 0; i < 4; i++) {
      const from = (i + rotate) & 3;
      words[at + i] = own[TEMP + from]! ^ own[OPC + from]!;
    }
    octets[4 * at + 15]! ^= constant;
  }

  #addOpc(count: number): void {
    for (let i = 0; i < count; i++) words[i]! ^= this.#own[OPC + (i & 3)]!;
  }
}

/** Milenage (TS 35.206) of one subscriber: `aes` holds K of 16 octets, `opc` is OPc. RES is 8 octets, CK and IK are 16. */
export function milenage(aes: Aes, opc: Uint8Array): AuthenticationAlgorithm {
  return new Milenage(aes, opc);
}
