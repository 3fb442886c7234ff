/** The first 14 digits of an IMEI as a number: TAC and serial number (TS 23.003 6.2.1), without check digit or software version. */
export type EquipmentNumber = number;

/** One more than the largest 14-digit number. */
export const EQUIPMENT_NUMBERS = 1e14;

/** Whether a number is one of 14 digits: an integer from 0 to 99999999999999. */
export const isEquipmentNumber = (value: number): boolean =>
  value >= 0 && value < EQUIPMENT_NUMBERS && Math.floor(value) === value;

/** Two bits about an equipment: 0 in no list, 1 permitted, 2 tracking, 3 prohibited (TS 22.016 5). Anything more is looked up elsewhere. */
export type Tag = 0 | 1 | 2 | 3;

/** Where a number went: 4 key words make the permutation one of its own for each index. */
export interface MixKey {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** One more than the largest lower half. */
export const LOW: number = 2 ** 24;
const LOW_MASK = 0xffffff;
const HIGH_MASK = 0x7fffff;

/** One round: the upper 24 bits of a 32-bit product; each depends on every lower bit of the half that goes in. */
const round = (half: number, key: number): number => Math.imul(half + key, 0x9e3779b1) >>> 8;

/**
 * A permutation of the 47-bit numbers: a Feistel network of four rounds over halves of 23 and 24 bits, each in 32-bit arithmetic.
 * Numbers come in runs (a TAC's serial numbers); what comes out is spread evenly, so its upper bits can choose a shard and a slot.
 * The key keeps a list that somebody composed from filling one shard; it is no secret worth more than that.
 */
export function mix(equipment: EquipmentNumber, key: MixKey): number {
  const { high, low } = mixedHalves(equipment, key);
  return high * LOW + low;
}

/** What `mix` makes, as its upper 23 and lower 24 bits: in 32-bit arithmetic to the end. Where this is inlined, no object is made. */
export function mixedHalves(
  equipment: EquipmentNumber,
  { a, b, c, d }: MixKey,
): { readonly high: number; readonly low: number } {
  let high = (equipment / LOW) | 0;
  // Not by way of the upper half: neither waits for the other.
  let low = (equipment | 0) & LOW_MASK;
  low ^= round(high, a);
  high ^= round(low, b) & HIGH_MASK;
  low ^= round(high, c);
  high ^= round(low, d) & HIGH_MASK;
  return { high, low };
}

/** The number that `mix` with the same key made `mixed` of. */
export function unmix(mixed: number, { a, b, c, d }: MixKey): EquipmentNumber {
  let high = (mixed / LOW) | 0;
  let low = (mixed | 0) & LOW_MASK;
  high ^= round(low, d) & HIGH_MASK;
  low ^= round(high, c);
  high ^= round(low, b) & HIGH_MASK;
  low ^= round(high, a);
  return high * LOW + low;
}
