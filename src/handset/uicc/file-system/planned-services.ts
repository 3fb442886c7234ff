import { serviceTable } from './coding-general.ts';
import type { DedicatedFile, ElementaryFile } from './elementary-file.ts';
import { usimServices } from './personal.ts';
import { ADF_USIM, SERVICE_OCTETS, SERVICES_WITHOUT_FILE } from './ts-31-102.ts';
import { DF_GRAPHICS } from './ts-31-102-further.ts';
import { DF_MULTIMEDIA } from './ts-31-102-telecom.ts';
import { ADF_ISIM, ISIM_SERVICE_OCTETS } from './ts-31-103.ts';

/** An application whose table of services and files have to agree: EF.UST with a USIM, EF.IST with an ISIM. */
interface ServiceKind {
  readonly table: number;
  readonly octets: number;
  readonly withoutFile: readonly number[];
  readonly rows: readonly ElementaryFile[];
}

const rowsOf = ({ files, directories }: DedicatedFile): readonly ElementaryFile[] => [
  ...files,
  ...directories.flatMap(rowsOf),
];
const USIM: ServiceKind = {
  table: 0x6f38,
  octets: SERVICE_OCTETS,
  withoutFile: SERVICES_WITHOUT_FILE,
  rows: [ADF_USIM, DF_MULTIMEDIA, DF_GRAPHICS].flatMap(rowsOf),
};
const ISIM: ServiceKind = {
  table: 0x6f07,
  octets: ISIM_SERVICE_OCTETS,
  withoutFile: [],
  rows: rowsOf(ADF_ISIM),
};
/** Octets of RID and application code in an AID. */
const APPLICATION_CODE = 7;

function kindOf({ aid }: Pick<DedicatedFile, 'aid'>): ServiceKind | undefined {
  const isOf = (table: DedicatedFile) =>
    aid?.subarray(0, APPLICATION_CODE).every((octet, i) => octet === table.aid?.[i]) === true;
  if (isOf(ADF_USIM)) return USIM;
  return isOf(ADF_ISIM) ? ISIM : undefined;
}

/** Identifier of the table of services of an application; undefined for one that has none here. */
export const serviceTableOf = (application: Pick<DedicatedFile, 'aid'>): number | undefined =>
  kindOf(application)?.table;

const served = (files: readonly ElementaryFile[]) => new Set(files.flatMap(({ services }) => services));

/** What an application's table of services says when it is made of the files that are there. */
export function servicesByFiles(
  application: Pick<DedicatedFile, 'aid'>,
  files: readonly ElementaryFile[],
): ElementaryFile['start'] | undefined {
  const kind = kindOf(application);
  if (kind === undefined) return undefined;
  const known = served(kind.rows);
  const there = [...served(files)].filter((service) => known.has(service));
  const services = [...new Set([...kind.withoutFile, ...there])];
  return kind === USIM ? usimServices(services, kind.octets) : [serviceTable(kind.octets).encode(services)];
}

/** A service that a table of services offers, and files one of which it needs. */
export interface ServiceWithoutFile {
  readonly service: number;
  readonly files: readonly string[];
}

/** Services that the octets of EF.UST or EF.IST offer although none of the files is there that the standard has for them. */
export function servicesWithoutFile(
  application: Pick<DedicatedFile, 'aid'>,
  octets: Uint8Array,
  files: readonly ElementaryFile[],
): readonly ServiceWithoutFile[] {
  const kind = kindOf(application);
  if (kind === undefined) return [];
  const there = served(files);
  const known = served(kind.rows);
  return serviceTable(octets.length)
    .decode(octets)
    .filter((service) => known.has(service) && !there.has(service))
    .map((service) => ({
      service,
      files: kind.rows.filter(({ services }) => services.includes(service)).map(({ name }) => name),
    }));
}
