/** Chance from a seed: numbers from 0 to 1 (xorshift32). */
export function chance(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const TACS = 5000;
const SERIALS = 1e6;
/** Of the logarithm of how many of a TAC are listed. */
const DEVIATION = 1;

/** `count` different numbers in ascending order: 5,000 TACs, how many of each by a lognormal law, serial numbers evenly (performance.md, shape t). */
export function equipmentNumbers(count: number): Float64Array {
  const next = chance(1);
  const normal = () => Math.sqrt(-2 * Math.log(next() || 1)) * Math.cos(2 * Math.PI * next());
  const weights = Array.from({ length: TACS }, () => Math.exp(DEVIATION * normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // No TAC can have more than its serial numbers; what is cut off others get.
  const sizes = weights.map((weight) => Math.min(SERIALS / 2, Math.floor((weight / total) * count)));
  for (let left = count - sizes.reduce((sum, size) => sum + size, 0), tac = 0; left > 0; tac = (tac + 1) % TACS) {
    const more = Math.min(left, SERIALS / 2 - sizes[tac]!, Math.ceil(count / TACS / 8));
    sizes[tac]! += more;
    left -= more;
  }
  const numbers = new Float64Array(count);
  const isTaken = new Uint8Array(SERIALS);
  const serials = new Uint32Array(SERIALS);
  let at = 0;
  for (const [tac, size] of sizes.entries()) {
    const taken = serials.subarray(0, size);
    for (let count = 0; count < size; ) {
      const serial = Math.floor(next() * SERIALS);
      if (isTaken[serial] === 0) taken[count++] = serial;
      isTaken[serial] = 1;
    }
    taken.sort();
    const first = (35_000_000 + tac * 997) * SERIALS;
    for (const serial of taken) {
      isTaken[serial] = 0;
      numbers[at++] = first + serial;
    }
  }
  return numbers;
}

/** Where a number stands in an ascending array; -1: nowhere. */
export function binarySearch(sorted: Float64Array, number: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle]!;
    if (found === number) return middle;
    if (found < number) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
