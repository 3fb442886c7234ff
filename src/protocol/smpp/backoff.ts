import type { Random } from '#base/port/index.ts';

const FIRST_MS = 500;
const LONGEST_MS = 60_000;

/**
 * Milliseconds before connection attempt `attempt` (1 is the first after a loss): doubling up to a minute, half of it by
 * chance, so that a thousand clients of a restarted server do not come back in one instant.
 */
export function backoffMs(attempt: number, random: Random): number {
  const whole = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  const [octet] = random.octets(1) as Uint8Array & [number];
  return whole / 2 + (whole / 2) * (octet / 256);
}
