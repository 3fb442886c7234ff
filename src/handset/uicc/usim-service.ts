import type { ApplicationFiles, ApplicationPath } from './application-files.ts';

/** EF.UST, and EF.IST of an ISIM. */
const USIM_SERVICES: ApplicationPath = [0x6f38];
const ISIM_SERVICES: ApplicationPath = [0x6f07];
/** Generic bootstrapping in EF.IST (TS 31.103 4.2.7). */
const ISIM_BOOTSTRAPPING = 2;

/** Services of EF.UST that the card's own commands depend on (TS 31.102 4.2.8). */
export const SERVICE = {
  gsmAccess: 27,
  gsmSecurityContext: 38,
  bootstrapping: 68,
  suciByUsim: 125,
} as const;

/** True when EF.UST says that a service is available. A card without EF.UST has none. */
export function hasService(files: ApplicationFiles, service: (typeof SERVICE)[keyof typeof SERVICE]): boolean {
  return offers(files.read(USIM_SERVICES), service);
}

/** True when EF.IST says that generic bootstrapping is available. */
export const isimBootstraps = (files: ApplicationFiles): boolean =>
  offers(files.read(ISIM_SERVICES), ISIM_BOOTSTRAPPING);

function offers(table: Uint8Array, service: number): boolean {
  const octet = table[(service - 1) >> 3] ?? 0;
  return (octet & (1 << ((service - 1) & 7))) !== 0;
}
