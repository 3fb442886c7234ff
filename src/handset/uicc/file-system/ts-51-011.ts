import { fromHex, u8 } from '#base/codec/index.ts';
import { ACCESS } from './access-rule.ts';
import { hexRest, simServiceTable, untilFiller } from './coding-general.ts';
import { networks } from './coding-network.ts';
import * as tel from './coding-telephony.ts';
import {
  coded,
  cyclic,
  type DedicatedFile,
  type ElementaryFile,
  linear,
  linked,
  transparent,
} from './elementary-file.ts';
import { ENTRY, ENTRY_LENGTH } from './examples.ts';

const { pinPin, pinAdm, alwaysAdm, alwaysPin } = ACCESS;
/** Octets of EF.SST: up to service 56. */
const SERVICE_OCTETS = 14;
const SERVICE_CODING = simServiceTable(SERVICE_OCTETS);

/**
 * Services of EF.SST (TS 51.011 10.3.7) by the identifier of a file in DF.GSM or DF.TELECOM which they need; a service is there when its file
 * is.
 */
export const SIM_SERVICES: Readonly<Record<number, number>> = {
  2: 0x6f3a,
  3: 0x6f3b,
  4: 0x6f3c,
  5: 0x6f39,
  6: 0x6f3d,
  7: 0x6f30,
  9: 0x6f40,
  10: 0x6f4a,
  11: 0x6f4b,
  12: 0x6f42,
  13: 0x6f44,
  14: 0x6f45,
  15: 0x6f3e,
  16: 0x6f3f,
  17: 0x6f46,
  18: 0x6f49,
  19: 0x6f4c,
  25: 0x6f48,
  30: 0x6f50,
  33: 0x6f2c,
  34: 0x6f32,
  35: 0x6f47,
  38: 0x6f53,
  43: 0x6f60,
  44: 0x6f61,
  45: 0x6f62,
  51: 0x6fc5,
  52: 0x6fc6,
  53: 0x6fc7,
  54: 0x6fca,
  55: 0x6fcb,
  56: 0x6fcd,
};
/** CHV1 may be disabled, SMS-PP data download, call control, proactive SIM: services without a file. */
export const SIM_SERVICES_WITHOUT_FILE = [1, 26, 28, 29] as const;

/** Finds a file of the USIM or of the phone book by its identifier; undefined when the card has it not. */
type FileOf = (identifier: number) => ElementaryFile | undefined;
/** identifier here, name, identifier there, clause of TS 51.011. */
type Link = readonly [identifier: number, name: string, other: number, clause: string];

function links(fileOf: FileOf, rows: readonly Link[]): readonly ElementaryFile[] {
  return rows.flatMap(([identifier, name, other, clause]) => {
    const file = fileOf(other);
    return file === undefined ? [] : [linked(file, identifier, name, clause)];
  });
}

/** Files whose content the USIM has too (TS 31.102 annex on files shared with a SIM): one content, two places. */
const GSM_LINKS: readonly Link[] = [
  [0x6f07, 'EF.IMSI', 0x6f07, '10.3.2'],
  [0x6f20, 'EF.Kc', 0x4f20, '10.3.3'],
  [0x6f31, 'EF.HPPLMN', 0x6f31, '10.3.5'],
  [0x6f37, 'EF.ACMmax', 0x6f37, '10.3.6'],
  [0x6f39, 'EF.ACM', 0x6f39, '10.3.8'],
  [0x6f3e, 'EF.GID1', 0x6f3e, '10.3.9'],
  [0x6f3f, 'EF.GID2', 0x6f3f, '10.3.10'],
  [0x6f46, 'EF.SPN', 0x6f46, '10.3.11'],
  [0x6f41, 'EF.PUCT', 0x6f41, '10.3.12'],
  [0x6f45, 'EF.CBMI', 0x6f45, '10.3.13'],
  [0x6f78, 'EF.ACC', 0x6f78, '10.3.15'],
  [0x6f7b, 'EF.FPLMN', 0x6f7b, '10.3.16'],
  [0x6f7e, 'EF.LOCI', 0x6f7e, '10.3.17'],
  [0x6fad, 'EF.AD', 0x6fad, '10.3.18'],
  [0x6f48, 'EF.CBMID', 0x6f48, '10.3.26'],
  [0x6f50, 'EF.CBMIR', 0x6f50, '10.3.28'],
  [0x6f2c, 'EF.DCK', 0x6f2c, '10.3.29'],
  [0x6f32, 'EF.CNL', 0x6f32, '10.3.30'],
  [0x6f52, 'EF.KcGPRS', 0x4f52, '10.3.32'],
  [0x6f53, 'EF.LOCIGPRS', 0x6f73, '10.3.33'],
  [0x6f60, 'EF.PLMNwAcT', 0x6f60, '10.3.35'],
  [0x6f61, 'EF.OPLMNwAcT', 0x6f61, '10.3.36'],
  [0x6f62, 'EF.HPLMNwAcT', 0x6f62, '10.3.37'],
  [0x6fc5, 'EF.PNN', 0x6fc5, '10.3.41'],
  [0x6fc6, 'EF.OPL', 0x6fc6, '10.3.42'],
  [0x6fc7, 'EF.MBDN', 0x6fc7, '10.3.43'],
  [0x6fc8, 'EF.EXT6', 0x6fc8, '10.3.44'],
  [0x6fc9, 'EF.MBI', 0x6fc9, '10.3.45'],
  [0x6fca, 'EF.MWIS', 0x6fca, '10.3.46'],
  [0x6fcb, 'EF.CFIS', 0x6fcb, '10.3.47'],
  [0x6fcc, 'EF.EXT7', 0x6fcc, '10.3.48'],
  [0x6fcd, 'EF.SPDI', 0x6fcd, '10.3.50'],
];

const TELECOM_LINKS: readonly Link[] = [
  [0x6f3a, 'EF.ADN', 0x4f3a, '10.5.1'],
  [0x6f3b, 'EF.FDN', 0x6f3b, '10.5.2'],
  [0x6f3c, 'EF.SMS', 0x6f3c, '10.5.3'],
  [0x6f40, 'EF.MSISDN', 0x6f40, '10.5.5'],
  [0x6f42, 'EF.SMSP', 0x6f42, '10.5.6'],
  [0x6f43, 'EF.SMSS', 0x6f43, '10.5.7'],
  [0x6f47, 'EF.SMSR', 0x6f47, '10.5.8'],
  [0x6f49, 'EF.SDN', 0x6f49, '10.5.9'],
  [0x6f4a, 'EF.EXT1', 0x4f4a, '10.5.10'],
  [0x6f4b, 'EF.EXT2', 0x6f4b, '10.5.11'],
  [0x6f4c, 'EF.EXT3', 0x6f4c, '10.5.12'],
];

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 51.011

/** DF.GSM: what a 2G terminal reads of its subscription. */
export function dfGsm(fileOf: FileOf, telecom: DedicatedFile): DedicatedFile {
  const own = [
    transparent([156, 'EF.LP', 0x6f05, 0], 4, alwaysPin, '', coded(tel.languagePreference, '24', [0x24]), '10.3.1'),
    transparent([157, 'EF.PLMNsel', 0x6f30, 0], 24, pinPin, '', coded(networks, '22F860', ['22806']), '10.3.4'),
    transparent([158, 'EF.BCCH', 0x6f74, 0], 16, pinPin, '', coded(untilFiller(hexRest), '0102', '0102'), '10.3.14'),
    // 03: phase 2+, terminal profile download required.
    transparent([159, 'EF.Phase', 0x6fae, 0], 1, alwaysAdm, '03', coded(u8, '03', 3), '10.3.19'),
    transparent(
      [160, 'EF.ECC', 0x6fb7, 0],
      15,
      alwaysAdm,
      '11F2FF',
      coded(tel.emergencyNumbers, '11F2FF', ['112', '', '', '', '']),
      '10.3.27',
    ),
    ...links(fileOf, GSM_LINKS),
  ];
  const identifiers = new Set([...own, ...telecom.files].map(({ identifier }) => identifier));
  const services = Object.entries(SIM_SERVICES).flatMap(([service, file]) =>
    identifiers.has(file) ? [Number(service)] : [],
  );
  const table = SERVICE_CODING.encode([...SIM_SERVICES_WITHOUT_FILE, ...services]);
  const serviceFile = transparent(
    [161, 'EF.SST', 0x6f38, 0],
    SERVICE_OCTETS,
    pinAdm,
    [table],
    coded(SERVICE_CODING, `FF30${'00'.repeat(12)}`, [1, 2, 3, 4, 7]),
    '10.3.7',
  );
  return {
    number: 8,
    name: 'DF.GSM',
    identifier: 0x7f20,
    access: ACCESS.directory,
    files: [...own, serviceFile],
    directories: [],
  };
}

/** DF.TELECOM: numbers and messages, with the directories that TS 31.102 4.6 puts there. */
export function dfTelecom(fileOf: FileOf, directories: readonly DedicatedFile[]): DedicatedFile {
  return {
    number: 5,
    name: 'DF.TELECOM',
    identifier: 0x7f10,
    access: ACCESS.directory,
    files: [
      ...links(fileOf, TELECOM_LINKS),
      cyclic([81, 'EF.LND', 0x6f44, 0], ENTRY_LENGTH, 10, pinPin, '', ENTRY, '10.5.4'),
      linear(
        [82, 'EF.CCP', 0x6f3d, 0],
        14,
        5,
        pinPin,
        '',
        coded(tel.capability, '040102030405060708090A0B0C0D', fromHex('040102030405060708090A0B0C0D')),
        '10.5.3.1',
      ),
    ],
    directories,
  };
}
