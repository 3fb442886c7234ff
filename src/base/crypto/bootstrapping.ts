import { hash } from 'node:crypto';
import { RAND_OCTETS, SQN_OCTETS } from './authentication-algorithm.ts';
import { CryptoError } from './crypto-error.ts';
import { kdf3gpp } from './kdf.ts';

const AUTN_OCTETS = 16;
const MAC_AT = SQN_OCTETS + 2;
/** FC and P0 of the keys of an application server (TS 33.220 B.3). */
const FC = 0x01;
const EXTERNAL = new TextEncoder().encode('gba-me');
const INTERNAL = new TextEncoder().encode('gba-u');

/**
 * AUTN of a bootstrapping with a USIM: its MAC xor the first 64 bits of SHA-1(IK), so that no other network can use it (TS 33.220 5.3.2).
 * Its own inverse. AUTN is 16 octets; others throw CryptoError.
 */
export function bootstrappingAutn(autn: Uint8Array, ik: Uint8Array): Uint8Array {
  if (autn.length !== AUTN_OCTETS) throw new CryptoError(`AUTN has ${AUTN_OCTETS} octets here, got ${autn.length}`);
  const mask = hash('sha1', ik, 'buffer');
  return autn.map((octet, i) => (i < MAC_AT ? octet : octet ^ mask[i - MAC_AT]!));
}

/** RES of a bootstrapping with a USIM: the least significant bit is the other (TS 31.102 7.1.1.4). Its own inverse. */
export function bootstrappingRes(res: Uint8Array): Uint8Array {
  const changed = res.slice();
  changed[changed.length - 1]! ^= 1;
  return changed;
}

/** Keys of one application server: what the terminal gets, and what stays in the UICC (TS 33.220 5.3.3). */
export interface NafKeys {
  readonly external: Uint8Array;
  readonly internal: Uint8Array;
}

/** Ks_ext_NAF and Ks_int_NAF (TS 33.220 B.3) of Ks = CK | IK, RAND, the private identity and the server's identity; 32 octets each. */
export function nafKeys(ks: Uint8Array, rand: Uint8Array, impi: Uint8Array, nafId: Uint8Array): NafKeys {
  if (rand.length !== RAND_OCTETS) throw new CryptoError(`RAND has ${RAND_OCTETS} octets, got ${rand.length}`);
  return {
    external: kdf3gpp(ks, FC, EXTERNAL, rand, impi, nafId),
    internal: kdf3gpp(ks, FC, INTERNAL, rand, impi, nafId),
  };
}
