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

/** TS 35.206 4.1: r1 to r5 in octets, c1 to c5 as the value of their last octet. */
const F1 = { rotate: 8, constant: 0x00 };
const F2_F5 = { rotate: 0, constant: 0x01 };
const F3 = { rotate: 4, constant: 0x02 };
const F4 = { rotate: 8, constant: 0x04 };
const F5_STAR = { rotate: 12, constant: 0x08 };

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

// The block at work and IN1; one for all subscribers, as every function runs to its end before another begins.
const out = new Uint8Array(AES_BLOCK);
const in1 = new Uint8Array(AES_BLOCK);

class Milenage implements AuthenticationAlgorithm {
  readonly name = 'Milenage';
  readonly #aes: Aes;
  readonly #opc: Uint8Array;
  // TEMP of the RAND last used: a card asks f2345 and then f1 of one RAND.
  readonly #rand = new Uint8Array(AES_BLOCK);
  readonly #temp = new Uint8Array(AES_BLOCK);
  #hasTemp = false;

  constructor(aes: Aes, opc: Uint8Array) {
    checkKey(aes, 'OPc', opc);
    this.#aes = aes;
    this.#opc = opc.slice();
  }

  f1(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    this.#out1(rand, sqn, amf);
    return out.slice(0, 8);
  }

  f1star(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    this.#out1(rand, sqn, amf);
    return out.slice(8);
  }

  f2345(rand: Uint8Array): AuthenticationKeys {
    this.#takeRand(rand);
    this.#out(F2_F5);
    const ak = out.slice(0, SQN_OCTETS);
    const res = out.slice(8);
    this.#out(F3);
    const ck = out.slice();
    this.#out(F4);
    const ik = out.slice();
    return { res, ck, ik, ak };
  }

  f5star(rand: Uint8Array): Uint8Array {
    this.#takeRand(rand);
    this.#out(F5_STAR);
    return out.slice(0, SQN_OCTETS);
  }

  /** TEMP = E(RAND xor OPc). */
  #takeRand(rand: Uint8Array): void {
    checkRand(rand);
    let difference = 0;
    for (let i = 0; i < AES_BLOCK; i++) difference |= rand[i]! ^ this.#rand[i]!;
    if (this.#hasTemp && difference === 0) return;
    this.#rand.set(rand);
    for (let i = 0; i < AES_BLOCK; i++) out[i] = rand[i]! ^ this.#opc[i]!;
    this.#aes.encryptBlock(out, this.#temp);
    this.#hasTemp = true;
  }

  /** OUT1 = E(TEMP xor rot(IN1 xor OPc, r1) xor c1) xor OPc, with IN1 = SQN | AMF | SQN | AMF. */
  #out1(rand: Uint8Array, sqn: number, amf: number): void {
    this.#takeRand(rand);
    putSqn(sqn, in1, 0);
    putAmf(amf, in1, 6);
    in1.copyWithin(8, 0, 8);
    for (let i = 0; i < AES_BLOCK; i++) {
      const from = (i + F1.rotate) & 15;
      out[i] = this.#temp[i]! ^ in1[from]! ^ this.#opc[from]!;
    }
    this.#encipher(F1.constant);
  }

  /** OUTn = E(rot(TEMP xor OPc, rn) xor cn) xor OPc. */
  #out({ rotate, constant }: { readonly rotate: number; readonly constant: number }): void {
    for (let i = 0; i < AES_BLOCK; i++) {
      const from = (i + rotate) & 15;
      out[i] = this.#temp[from]! ^ this.#opc[from]!;
    }
    this.#encipher(constant);
  }

  #encipher(constant: number): void {
    out[15]! ^= constant;
    this.#aes.encryptBlock(out, out);
    for (let i = 0; i < AES_BLOCK; i++) out[i]! ^= this.#opc[i]!;
  }
}

/** Milenage (TS 35.206) of one subscriber: `aes` holds K of 16 octets, `opc` is OPc. RES is 8 octets, CK and IK are 16. */
export function milenage(aes: Aes, opc: Uint8Array): AuthenticationAlgorithm {
  return new Milenage(aes, opc);
}
