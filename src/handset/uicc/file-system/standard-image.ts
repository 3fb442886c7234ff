import type { UiccProfile } from '../profile.ts';
import { serviceTable } from './coding-general.ts';
import type { DedicatedFile, ElementaryFile } from './elementary-file.ts';
import { type FileImage, fileImage } from './file-image.ts';
import { usimServices } from './personal.ts';
import { ADF_USIM, SERVICE_OCTETS, SERVICES_WITHOUT_FILE } from './ts-31-102.ts';
import {
  DF_GRAPHICS,
  FURTHER_DIRECTORIES,
  FURTHER_FILES,
  FURTHER_FIVE_G,
  FURTHER_GSM_ACCESS,
} from './ts-31-102-further.ts';
import { DF_MULTIMEDIA, DF_PHONE_BOOK } from './ts-31-102-telecom.ts';
import { ADF_ISIM, ISIM_SERVICE_OCTETS } from './ts-31-103.ts';
import { dfGsm, dfTelecom } from './ts-51-011.ts';
import { masterFile } from './ts-102-221.ts';

export { USIM_AID, USIM_NUMBER } from './ts-31-102.ts';
export { ISIM_AID } from './ts-31-103.ts';

/** EF.UST and EF.IST: what they say is made of the files that are there. */
const SERVICE_TABLE = { usim: 0x6f38, isim: 0x6f07 } as const;
/** Service 130: a SUPI that is no IMSI. A card that offers it is not asked for its IMSI any more (TS 31.102 4.4.11.10). */
const NOT_OFFERED = 130;

/** Directories of DF.TELECOM that are there for services of the USIM. */
export const BY_SERVICE: readonly DedicatedFile[] = [DF_MULTIMEDIA, DF_GRAPHICS];

/** All files of a directory and of those below it. */
export function filesBelow({ files, directories }: DedicatedFile): readonly ElementaryFile[] {
  return [...files, ...directories.flatMap(filesBelow)];
}

/** All services that files of a directory, or of one below it, are for. */
export const servicesOf = (...directories: readonly DedicatedFile[]): ReadonlySet<number> =>
  new Set(directories.flatMap(filesBelow).flatMap(({ services }) => services));

/** Services whose files the standard card has not. */
const FURTHER_SERVICES: ReadonlySet<number> = new Set(
  [
    ...FURTHER_FILES,
    ...FURTHER_GSM_ACCESS,
    ...FURTHER_FIVE_G,
    ...[...FURTHER_DIRECTORIES, DF_GRAPHICS].flatMap(filesBelow),
  ].flatMap(({ services }) => services),
);

/** A directory with the files of these services and those of none; a directory without any file is left out. */
function pruned(directory: DedicatedFile, offered: ReadonlySet<number>): DedicatedFile {
  const isThere = ({ services }: ElementaryFile) =>
    services.length === 0 || services.some((service) => offered.has(service));
  const directories = directory.directories.map((child) => pruned(child, offered));
  return {
    ...directory,
    files: directory.files.filter(isThere),
    directories: directories.filter((child) => child.files.length > 0 || child.directories.length > 0),
  };
}

/** The application with a service table of these services. */
function withServiceTable(
  application: DedicatedFile,
  identifier: number,
  start: ElementaryFile['start'],
): DedicatedFile {
  const files = application.files.map((file) => (file.identifier === identifier ? { ...file, start } : file));
  return { ...application, files };
}

/** The tables of a card that offers these services of EF.UST, with or without an ISIM that offers all of EF.IST. */
export function standardTables(offered: ReadonlySet<number>, hasIsim: boolean): DedicatedFile {
  const usim = withServiceTable(
    pruned(ADF_USIM, offered),
    SERVICE_TABLE.usim,
    usimServices([...SERVICES_WITHOUT_FILE, ...offered], SERVICE_OCTETS),
  );
  const isim = withServiceTable(ADF_ISIM, SERVICE_TABLE.isim, [
    serviceTable(ISIM_SERVICE_OCTETS).encode([...servicesOf(ADF_ISIM)]),
  ]);
  const shared = [...filesBelow(usim), ...DF_PHONE_BOOK.files];
  const fileOf = (identifier: number) => shared.find((file) => file.identifier === identifier);
  const below = [DF_PHONE_BOOK, ...BY_SERVICE.map((one) => pruned(one, offered))].filter(
    ({ files }) => files.length > 0,
  );
  const telecom = dfTelecom(fileOf, below);
  return masterFile(hasIsim ? [usim, isim] : [usim], [telecom, dfGsm(fileOf, telecom)]);
}

/** Services of EF.UST that the tables have files for. */
export const ALL_SERVICES: ReadonlySet<number> = servicesOf(ADF_USIM, ...BY_SERVICE);

/** Services of EF.UST that the standard card offers: all but what would replace the IMSI, and what only a plan asks for. */
export const STANDARD_SERVICES: ReadonlySet<number> = new Set(
  [...ALL_SERVICES].filter((service) => service !== NOT_OFFERED && !FURTHER_SERVICES.has(service)),
);

const made = new Map<boolean, FileImage>();

/** The image of the standard card; with an ISIM where the profile has data of IMS. Shared by all cards. */
export function standardImage({ ims }: Pick<UiccProfile, 'ims'>): FileImage {
  const hasIsim = ims !== undefined;
  let image = made.get(hasIsim);
  if (image === undefined) {
    image = fileImage(standardTables(STANDARD_SERVICES, hasIsim));
    made.set(hasIsim, image);
  }
  return image;
}
