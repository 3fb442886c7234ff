const QUARTER_MS = 15 * 60_000;
const UNITS_MS = [365 * 86_400_000, 30 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000] as const;
const TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+R-])$/;

/**
 * The moment a validity_period means, in milliseconds since 1970 (SMPP 3.4 7.1.1): relative `YYMMDDhhmmss000R` from `now`, with
 * years of 365 and months of 30 days; absolute `YYMMDDhhmmsstnn+` with quarter hours of time zone. Undefined when it is neither.
 */
export function endOfValidity(text: string, now: number): number | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second, tenth, quarters] = parts.slice(1, 9).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sign = parts[9];
  if (sign === 'R') {
    const amounts = [year, month, day, hour, minute, second];
    return amounts.reduce((end, amount, i) => end + amount * (UNITS_MS[i] as number), now);
  }
  const local = Date.UTC(2000 + year, month - 1, day, hour, minute, second, tenth * 100);
  return local - (sign === '-' ? -1 : 1) * quarters * QUARTER_MS;
}
