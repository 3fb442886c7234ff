import { checkRand } from './authentication-algorithm.ts';
import { FIRST, LEVELS, SECOND } from './comp128-tables.ts';
import { checkKi, type GsmAlgorithm, type GsmKeys, KI_OCTETS } from './gsm-algorithm.ts';

const STATE = 2 * KI_OCTETS;
const ROUNDS = 8;
const LEVELS_OF_ROUND = 5;
/** A state bit goes to this many times its place, modulo the bits there are; odd, so every bit has a place of its own. */
const STRIDE = { version1: 17, version23: 19 } as const;

/** COMP128-1 leaves the low 10 bits of Kc at 0, and COMP128-2 clears them: 54 bits of key. */
const KC_LAST_WITH_BITS = 6;
const KC_LAST_BITS = 0xfc;

/** A butterfly over 32 octets in five levels: of two octets each becomes a look-up of the one and twice the other. */
function compress(state: Uint8Array): void {
  for (let level = 0; level < LEVELS_OF_ROUND; level++) {
    const table = LEVELS[level]!;
    const distance = KI_OCTETS >> level;
    for (let a = 0; a < STATE; a++) {
      if ((a & distance) !== 0) continue;
      const [first, second] = [state[a]!, state[a + distance]!];
      state[a] = table[(first + 2 * second) & (table.length - 1)]!;
      state[a + distance] = table[(2 * first + second) & (table.length - 1)]!;
    }
  }
}

/** The 128 bits in the low halves of all octets, permuted, become the half of the state where RAND stood. */
function permute(state: Uint8Array): void {
  const halves = state.slice();
  state.fill(0, KI_OCTETS);
  for (let i = 0; i < 8 * KI_OCTETS; i++) {
    const from = (STRIDE.version1 * i) & (8 * KI_OCTETS - 1);
    const bit = (halves[from >> 2]! >> (3 - (from & 3))) & 1;
    state[KI_OCTETS + (i >> 3)]! |= bit << (7 - (i & 7));
  }
}

/** COMP128-1, as it was published in 1998 (Briceno, Goldberg, Wagner). */
function version1(ki: Uint8Array, rand: Uint8Array): GsmKeys {
  const x = new Uint8Array(STATE);
  x.set(rand, KI_OCTETS);
  for (let round = 1; round <= ROUNDS; round++) {
    x.set(ki);
    compress(x);
    if (round < ROUNDS) permute(x);
  }
  // The state holds half octets now: SRES is the first eight, Kc begins two bits into the nineteenth.
  const sres = new Uint8Array(4);
  for (let i = 0; i < sres.length; i++) sres[i] = (x[2 * i]! << 4) | x[2 * i + 1]!;
  const kc = new Uint8Array(8);
  for (let i = 0; i <= KC_LAST_WITH_BITS; i++) {
    const at = 18 + 2 * i;
    kc[i] = (x[at]! << 6) | (x[at + 1]! << 2) | ((x[at + 2] ?? 0) >> 2);
  }
  return { sres, kc };
}

/** One of the eight passes of COMP128-2 and -3: 32 octets, chained half and key, through five levels; then 128 of their bits. */
function pass(chained: Uint8Array, key: Uint8Array): Uint8Array {
  let state = new Uint8Array(STATE);
  state.set(chained);
  state.set(key, KI_OCTETS);
  for (let level = 0; level < LEVELS_OF_ROUND; level++) state = mixed(state, 1 << level);
  const bits = new Uint8Array(KI_OCTETS);
  for (let n = 0; n < 8 * KI_OCTETS; n++) {
    const from = (STRIDE.version23 * (n + 1)) & (8 * STATE - 1);
    bits[n >> 3]! |= ((state[from >> 3]! >> (from & 7)) & 1) << (n & 7);
  }
  return bits;
}

/** A level: each octet of the first half is mixed with that of the second, that with the result; blocks of `block` octets alternate. */
function mixed(state: Uint8Array, block: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(STATE);
  for (let i = 0; i < KI_OCTETS; i++) {
    const [left, right] = [state[i]!, state[KI_OCTETS + i]!];
    const first = FIRST[SECOND[right]! ^ left]!;
    const inBlock = i & (block - 1);
    const at = 2 * (i - inBlock) + inBlock;
    next[at] = first;
    next[at + block] = FIRST[SECOND[first]! ^ right]!;
  }
  return next;
}

/** COMP128-3, as it was published in 2013 (Jos): octets stand in reversed order inside. */
function version3(ki: Uint8Array, rand: Uint8Array): GsmKeys {
  let chained: Uint8Array = rand.toReversed();
  const key = chained.map((octet, i) => octet ^ ki[KI_OCTETS - 1 - i]!);
  for (let i = 0; i < ROUNDS; i++) chained = pass(chained, key);
  const out = chained.toReversed();
  return { sres: out.slice(0, 4), kc: out.slice(8) };
}

/** COMP128-2: COMP128-3 with the low 10 bits of Kc at 0. */
function version2(ki: Uint8Array, rand: Uint8Array): GsmKeys {
  const { sres, kc } = version3(ki, rand);
  kc[KC_LAST_WITH_BITS]! &= KC_LAST_BITS;
  kc[KC_LAST_WITH_BITS + 1] = 0;
  return { sres, kc };
}

const VERSIONS = { 1: version1, 2: version2, 3: version3 } as const;

/** COMP128 of one subscriber. Version 1 gives Ki away to whoever may ask some 100,000 times: for old cards and tests only. */
export function comp128(version: 1 | 2 | 3, ki: Uint8Array): GsmAlgorithm {
  checkKi(ki);
  const own = ki.slice();
  return {
    a3a8(rand) {
      checkRand(rand);
      return VERSIONS[version](own, rand);
    },
  };
}
