import {
  type AuthenticationAlgorithm,
  type AuthenticationKeys,
  checkRand,
  putAmf,
  putSqn,
  SQN_OCTETS,
} from './authentication-algorithm.ts';
import { CryptoError } from './crypto-error.ts';

const K_OCTETS = 16;
const MAC_OCTETS = 8;
/** Where AK begins in XDOUT, and by how many octets XDOUT is turned to the left for CK and IK (TS 34.108 8.1.2.1). */
const AT = { ck: 1, ik: 2, ak: 3 } as const;

class XorTest implements AuthenticationAlgorithm {
  readonly name = 'XOR';
  readonly #k: Uint8Array;
  readonly #resOctets: number;

  constructor(k: Uint8Array, resOctets: number) {
    if (k.length !== K_OCTETS) throw new CryptoError(`the test algorithm takes a K of 16 octets, got ${k.length}`);
    this.#k = k.slice();
    this.#resOctets = resOctets;
  }

  f1(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    const cdout = new Uint8Array(MAC_OCTETS);
    putSqn(sqn, cdout, 0);
    putAmf(amf, cdout, SQN_OCTETS);
    const xdout = this.#xdout(rand);
    return cdout.map((octet, i) => octet ^ xdout[i]!);
  }

  f1star(rand: Uint8Array, sqn: number, amf: number): Uint8Array {
    return this.f1(rand, sqn, amf);
  }

  f2345(rand: Uint8Array): AuthenticationKeys {
    const xdout = this.#xdout(rand);
    const turned = (by: number) => xdout.map((_, i) => xdout[(i + by) % K_OCTETS]!);
    const ak = xdout.slice(AT.ak, AT.ak + SQN_OCTETS);
    return { res: xdout.slice(0, this.#resOctets), ck: turned(AT.ck), ik: turned(AT.ik), ak };
  }

  f5star(rand: Uint8Array): Uint8Array {
    return this.#xdout(rand).slice(AT.ak, AT.ak + SQN_OCTETS);
  }

  #xdout(rand: Uint8Array): Uint8Array {
    checkRand(rand);
    return this.#k.map((octet, i) => octet ^ rand[i]!);
  }
}

/**
 * The test algorithm of conformance tests and simulators (TS 34.108 8.1.2): everything is K xor RAND. It protects nothing. RES is 4, 8 or
 * 16 octets, 16 when not given; f1* is f1, and f5* is f5.
 */
export function xorTest(k: Uint8Array, res: 4 | 8 | 16 = 16): AuthenticationAlgorithm {
  return new XorTest(k, res);
}
