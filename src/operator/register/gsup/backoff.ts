import type { Random } from '#base/port/index.ts';

const FIRST_MS = 250;
const LONGEST_MS = 8000;

/**
 * Milliseconds before dial attempt `attempt` (1 is the first after a failure): doubling up to 8 s, half of it by chance, so that all links
 * of a restarted HLR do not come back in one instant. Far shorter than a minute, because a client waits meanwhile.
 */
export function backoffMs(attempt: number, random: Random): number {
  const whole = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  const [octet] = random.octets(1) as Uint8Array & [number];
  return whole / 2 + (whole / 2) * (octet / 256);
}
