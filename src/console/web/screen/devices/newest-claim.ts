import type { DeviceAnswer } from './words.ts';

/** One IMEI that a subscriber was seen with. */
export type Use = DeviceAnswer['uses'][number];

/** What the network was told last. Moments are UTC in one form, so their order is that of their characters. */
export const newestClaim = (uses: readonly Use[]): Use | undefined =>
  uses.reduce<Use | undefined>(
    (newest, use) => (use.claimedAt !== undefined && use.claimedAt > (newest?.claimedAt ?? '') ? use : newest),
    undefined,
  );

const PROVED: ReadonlySet<Use['level']> = new Set<Use['level']>(['attested', 'attested-static', 'signed']);

/** True when the network was told what is proved. Masked digits may look alike and not be the same, so the level decides too. */
export const isSame = (claim: Use, proved: string): boolean => claim.imei === proved && PROVED.has(claim.level);
