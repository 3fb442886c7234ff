/** Octets of the Keccak-f[1600] state: 25 lanes of 8. */
export const KECCAK_STATE_OCTETS = 200;

/** rho and pi as one walk from lane 1 (FIPS 202 3.2.2, 3.2.3): the lane moved to, and by how many bits it is rotated. */
const WALK_LANES = new Uint8Array([
  10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1,
]);
const WALK_BITS = new Uint8Array([
  1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44,
]);

/** iota (FIPS 202 3.2.5): the constant of each round, low word and high word. */
const ROUND_CONSTANTS = new Int32Array([
  0x00000001, 0x00000000, 0x00008082, 0x00000000, 0x0000808a, 0x80000000, 0x80008000, 0x80000000, 0x0000808b,
  0x00000000, 0x80000001, 0x00000000, 0x80008081, 0x80000000, 0x00008009, 0x80000000, 0x0000008a, 0x00000000,
  0x00000088, 0x00000000, 0x80008009, 0x00000000, 0x8000000a, 0x00000000, 0x8000808b, 0x00000000, 0x0000008b,
  0x80000000, 0x00008089, 0x80000000, 0x00008003, 0x80000000, 0x00008002, 0x80000000, 0x00000080, 0x80000000,
  0x0000800a, 0x00000000, 0x8000000a, 0x80000000, 0x80008081, 0x80000000, 0x00008080, 0x80000000, 0x80000001,
  0x00000000, 0x80008008, 0x80000000,
]);

// Each lane is two words, the low one first. One state for all: every permutation runs to its end before another begins.
const lanes = new Int32Array(50);
const sums = new Int32Array(10);
// A row of five lanes, and its first two again behind.
const row = new Int32Array(14);

function theta(): void {
  for (let i = 0; i < 10; i++) sums[i] = lanes[i]! ^ lanes[i + 10]! ^ lanes[i + 20]! ^ lanes[i + 30]! ^ lanes[i + 40]!;
  for (let x = 0; x < 10; x += 2) {
    const left = (x + 8) % 10;
    const right = (x + 2) % 10;
    const low = sums[left]! ^ ((sums[right]! << 1) | (sums[right + 1]! >>> 31));
    const high = sums[left + 1]! ^ ((sums[right + 1]! << 1) | (sums[right]! >>> 31));
    for (let y = x; y < 50; y += 10) {
      lanes[y]! ^= low;
      lanes[y + 1]! ^= high;
    }
  }
}

function rhoAndPi(): void {
  let low = lanes[2]!;
  let high = lanes[3]!;
  for (let step = 0; step < 24; step++) {
    const lane = 2 * WALK_LANES[step]!;
    const bits = WALK_BITS[step]!;
    // Rotating by 32 and more begins with the words changed over; shifts count modulo 32.
    const a = bits < 32 ? low : high;
    const b = bits < 32 ? high : low;
    low = lanes[lane]!;
    high = lanes[lane + 1]!;
    lanes[lane] = (a << bits) | (b >>> -bits);
    lanes[lane + 1] = (b << bits) | (a >>> -bits);
  }
}

function chi(): void {
  for (let y = 0; y < 50; y += 10) {
    for (let i = 0; i < 10; i++) row[i] = lanes[y + i]!;
    for (let i = 0; i < 4; i++) row[10 + i] = row[i]!;
    for (let i = 0; i < 10; i++) lanes[y + i] = row[i]! ^ (~row[i + 2]! & row[i + 4]!);
  }
}

/** Keccak-f[1600] (FIPS 202 3.3) in place on 200 octets. */
export function keccakF1600(state: Uint8Array): void {
  for (let i = 0, at = 0; i < 50; i++, at += 4)
    lanes[i] = state[at]! | (state[at + 1]! << 8) | (state[at + 2]! << 16) | (state[at + 3]! << 24);
  for (let round = 0; round < 48; round += 2) {
    theta();
    rhoAndPi();
    chi();
    lanes[0]! ^= ROUND_CONSTANTS[round]!;
    lanes[1]! ^= ROUND_CONSTANTS[round + 1]!;
  }
  for (let i = 0, at = 0; i < 50; i++, at += 4) {
    const word = lanes[i]!;
    state[at] = word;
    state[at + 1] = word >>> 8;
    state[at + 2] = word >>> 16;
    state[at + 3] = word >>> 24;
  }
}
