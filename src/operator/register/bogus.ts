/** Numbers that unprogrammed or reprogrammed handsets and modems show (facts/users.md 5.3), as their 14 digits. */
const BOGUS: ReadonlySet<number> = new Set(
  [
    '01234567891234',
    '35200504824725',
    '35867301379589',
    '00440015202000',
    '00106800000000',
    '00499901064000',
    '11345679894545',
    '86228001059952',
  ].map(Number),
);

/** Its multiples of 14 digits are the numbers of one digit throughout. */
const ALL_ONES = 11_111_111_111_111;

/** True for the 14 digits of a number that no maker gave a handset: one digit throughout, or one seen on many handsets. Such are tracked, not blocked (T09). */
export const isBogus = (equipment: number): boolean => equipment % ALL_ONES === 0 || BOGUS.has(equipment);
