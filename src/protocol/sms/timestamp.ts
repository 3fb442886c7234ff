/** Octets of a service centre time stamp. */
export const TIMESTAMP_LENGTH = 7;

const MINUTES_A_QUARTER = 15;
const NEGATIVE_ZONE = 0x08;
/** Quarter hours from UTC that a place can be: 14 hours. */
const WIDEST_ZONE = 56;
/** Two-digit years up to 79 are of this century, as terminals read them. */
const FIRST_YEAR = 1980;

/**
 * TP-SCTS of a moment (TS 23.040 9.2.3.11): seven octets of swapped digits. `ms` is milliseconds since 1970 UTC;
 * `quarterHours` the local time zone, -48 to 56.
 */
export function timestampOf(ms: number, quarterHours = 0): Uint8Array {
  const local = new Date(ms + quarterHours * MINUTES_A_QUARTER * 60_000);
  const zone = swapped(Math.abs(quarterHours)) | (quarterHours < 0 ? NEGATIVE_ZONE : 0);
  return Uint8Array.of(
    swapped(local.getUTCFullYear() % 100),
    swapped(local.getUTCMonth() + 1),
    swapped(local.getUTCDate()),
    swapped(local.getUTCHours()),
    swapped(local.getUTCMinutes()),
    swapped(local.getUTCSeconds()),
    zone,
  );
}

/**
 * The moment of a TP-SCTS in milliseconds since 1970 UTC; undefined when it is no date. Service centres do send such
 * ones, so a bad time stamp must not make a message unreadable: TPDUs carry it as octets.
 */
export function timeOf(timestamp: Uint8Array): number | undefined {
  if (timestamp.length !== TIMESTAMP_LENGTH) return undefined;
  const zone = timestamp[6] as number;
  const parts = [...timestamp.subarray(0, 6), zone & ~NEGATIVE_ZONE].map(unswapped);
  if (parts.some(Number.isNaN)) return undefined;
  const [year, month, day, hour, minute, second, quarters] = parts as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fullYear = FIRST_YEAR + ((year - (FIRST_YEAR % 100) + 100) % 100);
  const local = Date.UTC(fullYear, month - 1, day, hour, minute, second);
  const read = new Date(local);
  // Date.UTC carries a 31 April over to May: such a date does not come back as it was.
  if (
    read.getUTCMonth() !== month - 1 ||
    read.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59 ||
    quarters > WIDEST_ZONE
  )
    return undefined;
  return local - quarters * ((zone & NEGATIVE_ZONE) !== 0 ? -1 : 1) * MINUTES_A_QUARTER * 60_000;
}

const swapped = (value: number): number => ((value % 10) << 4) | Math.floor(value / 10);

function unswapped(octet: number): number {
  return (octet & 15) > 9 || octet >> 4 > 9 ? Number.NaN : (octet & 15) * 10 + (octet >> 4);
}
