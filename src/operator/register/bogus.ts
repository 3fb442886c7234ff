import type { Imei } from '#base/identity/index.ts';

/** Numbers that unprogrammed or reprogrammed handsets and modems show (facts/users.md 5.3), as their 14 digits. */
const BOGUS: ReadonlySet<string> = new Set([
  '01234567891234',
  '35200504824725',
  '35867301379589',
  '00440015202000',
  '00106800000000',
  '00499901064000',
  '11345679894545',
  '86228001059952',
]);

/** True for a number that no maker gave a handset: one digit throughout, or one seen on many handsets. Such are tracked, not blocked (T09). */
export function isBogus(imei: Imei): boolean {
  const { equipment } = imei;
  return BOGUS.has(equipment) || equipment === (equipment[0] ?? '').repeat(equipment.length);
}
