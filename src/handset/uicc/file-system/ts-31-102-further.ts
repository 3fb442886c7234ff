import { u8 } from '#base/codec/index.ts';
import { ACCESS } from './access-rule.ts';
import * as further from './coding-further.ts';
import { hexRest, untilFiller } from './coding-general.ts';
import {
  berTlvFile,
  coded,
  type DedicatedFile,
  type ElementaryFile,
  emptyRecords,
  linear,
  transparent,
} from './elementary-file.ts';
import { ENTRY_LENGTH, EXTENSION, EXTENSION_LENGTH } from './examples.ts';

// Files of TS 31.102 that the standard card does not offer: a plan or a profile package may. What they are for is old, rare, or would change
// what a terminal does.

const { pinPin, pinAdm, pinPin2, alwaysAdm } = ACCESS;
const octets = coded(untilFiller(hexRest), '0A0B', '0A0B');
const data = coded(untilFiller(hexRest), '8003010203', '8003010203');
const uri = coded(further.name, '800C7369703A6140622E74657374', 'sip:a@b.test');
const groups = coded(further.groupIdentifiers, '92F9FFFF', ['299', '', '', '', '']);
const groupStatus = coded(further.groupStatus, '010000004540FC', '010000004540FC');
const ciphers = coded(further.groupCiphers, '0102', [{ first: 1, second: 2 }]);
const COMPARISON_LENGTH = 11;
const NAME_LENGTH = 64;

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 31.102; services

/** EFs of the USIM that a card may have besides. */
export const FURTHER_FILES: readonly ElementaryFile[] = [
  // A barred number is a record of a phone book, and a record of EF.CMI behind it.
  linear([93, 'EF.BDN', 0x6f4d, 0], ENTRY_LENGTH + 1, 5, pinPin2, '', octets, '4.2.44', 6),
  linear([94, 'EF.EXT4', 0x6f55, 0], EXTENSION_LENGTH, 3, pinPin2, '', EXTENSION, '4.2.45', 7),
  linear(
    [95, 'EF.CMI', 0x6f58, 0],
    COMPARISON_LENGTH,
    3,
    pinAdm,
    '',
    coded(further.comparison(COMPARISON_LENGTH), `4162${'FF'.repeat(8)}01`, { name: 'Ab', method: 1 }),
    '4.2.46',
    6,
  ),
  transparent(
    [167, 'EF.eMLPP', 0x6fb5, 0],
    2,
    pinAdm,
    '0000',
    coded(further.priorities, '7C04', {
      subscribed: { a: false, b: false, zero: true, one: true, two: true, three: true, four: true },
      fast: { a: false, b: false, zero: true, one: false, two: false, three: false, four: false },
    }),
    '4.2.39',
    24,
  ),
  transparent(
    [168, 'EF.AAeM', 0x6fb6, 0],
    1,
    pinPin,
    '00',
    coded(further.automaticAnswer, '3C', {
      ...{ a: false, b: false, zero: true, one: true },
      ...{ two: true, three: true, four: false },
    }),
    '4.2.40',
    25,
  ),
  transparent([169, 'EF.VGCS', 0x6fb1, 0], 20, pinAdm, '', groups, '4.2.73', 57),
  transparent([170, 'EF.VGCSS', 0x6fb2, 0], 7, pinPin, '000000000000FC', groupStatus, '4.2.74', 57),
  transparent([171, 'EF.VBS', 0x6fb3, 0], 20, pinAdm, '', groups, '4.2.75', 58),
  transparent([172, 'EF.VBSS', 0x6fb4, 0], 7, pinPin, '000000000000FC', groupStatus, '4.2.76', 58),
  transparent([173, 'EF.VGCSCA', 0x6fd4, 0], 10, pinAdm, '', ciphers, '4.2.77', 64),
  transparent([174, 'EF.VBSCA', 0x6fd5, 0], 10, pinAdm, '', ciphers, '4.2.78', 65),
  linear(
    [96, 'EF.NIA', 0x6fd3, 0],
    11,
    5,
    pinAdm,
    '',
    coded(further.alerting, '014162', { category: 1, name: 'Ab' }),
    '4.2.71',
    56,
  ),
  linear(
    [97, 'EF.MMSN', 0x6fce, 0],
    20,
    3,
    pinPin,
    emptyRecords(3, 20, '000000'),
    coded(further.notification, `000101${'A1'.repeat(16)}FF`, {
      ...{ status: 1, implementation: 1 },
      ...{ notification: 'A1'.repeat(16), next: 0xff },
    }),
    '4.2.67',
    52,
  ),
  linear([98, 'EF.EXT8', 0x6fcf, 0], EXTENSION_LENGTH, 3, pinPin, '', EXTENSION, '4.2.68', 53),
  transparent([175, 'EF.MMSICP', 0x6fd0, 0], 100, pinAdm, '', data, '4.2.69', 52),
  linear([99, 'EF.MMSUP', 0x6fd1, 0], 50, 2, pinPin, '', data, '4.2.70', 52),
  transparent([176, 'EF.MMSUCP', 0x6fd2, 0], 100, pinPin, '', data, '4.2.72', 55),
  linear(
    [100, 'EF.MSK', 0x6fd7, 0],
    40,
    3,
    pinAdm,
    '',
    coded(further.serviceKeys, '62F210010000000200000003', {
      domain: '62F210',
      count: 1,
      keys: [{ key: 2, counter: 3 }],
    }),
    '4.2.80',
    69,
  ),
  linear(
    [101, 'EF.MUK', 0x6fd8, 0],
    60,
    3,
    pinAdm,
    '',
    coded(further.userKey, 'A00380010181020002', { identifier: '800101', counter: '0002' }),
    '4.2.81',
    69,
  ),
  linear([102, 'EF.NAFKCA', 0x6fdd, 0], NAME_LENGTH, 2, pinAdm, '', uri, '4.2.87', 76),
  transparent([177, 'EF.SPNI', 0x6fde, 0], 32, alwaysAdm, '', octets, '4.2.88', 78),
  linear([103, 'EF.PNNI', 0x6fdf, 0], 16, 5, alwaysAdm, '', octets, '4.2.89', 79),
  linear(
    [104, 'EF.NCP-IP', 0x6fe2, 0],
    80,
    2,
    pinAdm,
    '',
    coded(further.connectivity, '80040361706E810161820162', { accessPoint: '0361706E', login: 'a', password: 'b' }),
    '4.2.90',
    80,
  ),
  linear([105, 'EF.UICCIARI', 0x6fe7, 0], NAME_LENGTH, 2, pinAdm, '', uri, '4.2.95', 95),
  linear([106, 'EF.FDNURI', 0x6fed, 0], NAME_LENGTH, 5, pinPin2, '', uri, '4.2.97', 99),
  linear([107, 'EF.BDNURI', 0x6fee, 0], NAME_LENGTH, 5, pinPin2, '', uri, '4.2.98', 99),
  linear([108, 'EF.SDNURI', 0x6fef, 0], NAME_LENGTH, 5, pinAdm, '', uri, '4.2.99', 99),
  ...gateways(),
  transparent([182, 'EF.FromPreferred', 0x6ff7, 0], 1, pinPin, '00', coded(u8, '01', 1), '4.2.106', 114),
  berTlvFile([183, 'EF.IMSConfigData', 0x6ff8, 0], 512, pinAdm, '', data, '4.2.107', 115),
  transparent([184, 'EF.3GPPPSDATAOFF', 0x6ff9, 0], 4, pinAdm, '00000000', octets, '4.2.109', 117),
  linear([109, 'EF.3GPPPSDATAOFFservicelist', 0x6ffa, 0], 64, 5, pinAdm, '', octets, '4.2.110', 118),
  berTlvFile([185, 'EF.XCAPConfigData', 0x6ffc, 0], 512, pinAdm, '', data, '4.2.111', 120),
  transparent([186, 'EF.EARFCNList', 0x6ffd, 0], 64, pinAdm, '', data, '4.2.112', 121),
  berTlvFile([187, 'EF.MuDMiDConfigData', 0x6ffe, 0], 512, pinAdm, '', data, '4.2.113', 134),
];

/** Gateways of untrusted access, usual and for emergencies (services 106, 110). */
function gateways(): readonly ElementaryFile[] {
  const address = coded(further.serverAddress, '800501C0A8A001', { type: 1, address: 'C0A8A001' });
  const selection = coded(further.gatewaySelection, '800600F110000100', [
    { network: '00101', priority: 1, format: 'operator' as const },
  ]);
  return [
    transparent([178, 'EF.ePDGId', 0x6ff3, 0], 64, pinAdm, '', address, '4.2.104', 106),
    transparent([179, 'EF.ePDGSelection', 0x6ff4, 0], 64, pinAdm, '8000', selection, '4.2.105', 106),
    transparent([180, 'EF.ePDGIdEm', 0x6ff5, 0], 64, pinAdm, '', address, '4.2.104a', 110),
    transparent([181, 'EF.ePDGSelectionEm', 0x6ff6, 0], 64, pinAdm, '8000', selection, '4.2.105a', 110),
  ];
}

/** Further EFs of DF.GSM-ACCESS (TS 31.102 4.4.3). */
export const FURTHER_GSM_ACCESS: readonly ElementaryFile[] = [
  transparent([188, 'EF.CPBCCH', 0x4f63, 0], 10, pinPin, '', octets, '4.4.3.3', 39),
  transparent([189, 'EF.InvScan', 0x4f64, 0], 1, pinAdm, '00', coded(u8, '03', 3), '4.4.3.4', 40),
];

/** Further EFs of DF.5GS (TS 31.102 4.4.11). */
export const FURTHER_FIVE_G: readonly ElementaryFile[] = [
  transparent([190, 'EF.TN3GPPSNN', 0x4f0c, 0x0c], NAME_LENGTH, pinAdm, '', uri, '4.4.11.13', 135),
  transparent([191, 'EF.CAG', 0x4f0d, 0x0d], 64, pinAdm, '', octets, '4.4.11.14', 137),
  transparent([192, 'EF.SOR-CMCI', 0x4f0e, 0x0e], 64, pinAdm, '', octets, '4.4.11.15', 138),
  transparent(
    [193, 'EF.DRI', 0x4f0f, 0x0f],
    7,
    pinAdm,
    '00000000000000',
    coded(further.disasterRoaming, '01010005000A01', {
      enabled: 1,
      parameters: { wait: true, back: false, applicability: false },
      ...{ wait: '0005', back: '000A', applicability: 1 },
    }),
    '4.4.11.17',
    140,
  ),
  transparent(
    [194, 'EF.5GSEDRX', 0x4f10, 0x10],
    2,
    pinAdm,
    '0000',
    coded(further.extendedReception, '0102', { technologies: 1, cycle: 2 }),
    '4.4.11.18',
    141,
  ),
  transparent([195, 'EF.5GNSWO_CONF', 0x4f11, 0x11], 1, pinAdm, '00', coded(u8, '01', 1), '4.4.11.19', 142),
  transparent([196, 'EF.MCHPPLMN', 0x4f15, 0x15], 1, pinAdm, '01', coded(u8, '02', 2), '4.4.11.20', 144),
  transparent([197, 'EF.KAUSF_DERIVATION', 0x4f16, 0x16], 1, pinAdm, '00', coded(u8, '01', 1), '4.4.11.21', 145),
];

const closed = coded(further.closedGroups, 'A00D800362F21081060000000002E0', {
  network: '26201',
  group: { type: 0, naming: 0, identifier: 0x2e0 },
});
const typed = coded(further.groupText, '890361626380026465', { text: 'abc', name: 'de' });

/** Files of home base stations (TS 31.102 4.4.6), services 86 and 90. */
const HOME_STATIONS: DedicatedFile = {
  number: 11,
  name: 'DF.HNB',
  identifier: 0x5f50,
  access: ACCESS.directory,
  files: [
    linear([110, 'EF.ACSGL', 0x4f81, 0x01], 40, 5, pinPin, '', closed, '4.4.6.2', 86),
    linear([111, 'EF.CSGT', 0x4f82, 0x02], 40, 5, pinAdm, '', typed, '4.4.6.3', 86),
    linear([112, 'EF.HNBN', 0x4f83, 0x03], 40, 5, pinAdm, '', typed, '4.4.6.4', 86),
    linear([113, 'EF.OCSGL', 0x4f84, 0x04], 40, 5, pinAdm, '', closed, '4.4.6.5', 90),
    linear([114, 'EF.OCSGT', 0x4f85, 0x05], 40, 5, pinAdm, '', typed, '4.4.6.6', 90),
    linear([115, 'EF.OHNBN', 0x4f86, 0x06], 40, 5, pinAdm, '', typed, '4.4.6.7', 90),
  ],
  directories: [],
};

/** Files of networks that stand alone (TS 31.102 4.4.12), services 143 and 146. */
const STANDALONE_NETWORKS: DedicatedFile = {
  number: 12,
  name: 'DF.SNPN',
  identifier: 0x5fe0,
  access: ACCESS.directory,
  files: [
    transparent([198, 'EF.PWS_SNPN', 0x4f01, 0x01], 1, alwaysAdm, '00', coded(u8, '03', 3), '4.4.12.2', 143),
    linear(
      [116, 'EF.NID', 0x4f02, 0x02],
      6,
      5,
      pinAdm,
      '',
      coded(further.networkIdentifier, '000102030405', { assignment: 'coordinated1', identifier: '0102030405' }),
      '4.4.12.3',
      146,
    ),
  ],
  directories: [],
};

/** Directories of the USIM that a card may have besides. */
export const FURTHER_DIRECTORIES: readonly DedicatedFile[] = [HOME_STATIONS, STANDALONE_NETWORKS];

/** Images that other files name (TS 31.102 4.6.1), below DF.TELECOM, service 22. */
export const DF_GRAPHICS: DedicatedFile = {
  number: 13,
  name: 'DF.GRAPHICS',
  identifier: 0x5f50,
  access: ACCESS.directory,
  files: [
    linear(
      [117, 'EF.IMG', 0x4f20, 0],
      10,
      5,
      pinAdm,
      '00',
      coded(further.imageInstances, '010808114F0100000008', {
        instances: 1,
        list: [{ width: 8, height: 8, coding: 0x11, file: 0x4f01, offset: 0, length: 8 }],
      }),
      '4.6.1.1',
      22,
    ),
  ],
  directories: [],
};
