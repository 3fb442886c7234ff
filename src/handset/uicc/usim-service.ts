import type { UsimFiles, UsimPath } from './usim-files.ts';

const SERVICE_TABLE: UsimPath = [0x6f38];

/** Services of EF.UST that the card's own commands depend on (TS 31.102 4.2.8). */
export const SERVICE = {
  gsmAccess: 27,
  gsmSecurityContext: 38,
  bootstrapping: 68,
  suciByUsim: 125,
} as const;

/** True when EF.UST says that a service is available. A card without EF.UST has none. */
export function hasService(files: UsimFiles, service: (typeof SERVICE)[keyof typeof SERVICE]): boolean {
  const octet = files.read(SERVICE_TABLE)[(service - 1) >> 3] ?? 0;
  return (octet & (1 << ((service - 1) & 7))) !== 0;
}
