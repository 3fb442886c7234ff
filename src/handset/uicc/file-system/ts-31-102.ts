import { fromHex, u8, u24 } from '#base/codec/index.ts';
import { ACCESS } from './access-rule.ts';
import { hexRest, languages, serviceTable, untilFiller } from './coding-general.ts';
import * as net from './coding-network.ts';
import * as tel from './coding-telephony.ts';
import {
  berTlvFile,
  coded,
  cyclic,
  type DedicatedFile,
  type ElementaryFile,
  emptyRecords,
  linear,
  transparent,
} from './elementary-file.ts';
import {
  ENTRY,
  ENTRY_LENGTH,
  EXTENSION,
  EXTENSION_LENGTH,
  FORWARDING,
  MESSAGE,
  NUMBER,
  NUMBER_OCTETS,
} from './examples.ts';
import * as personal from './personal.ts';
import { FURTHER_DIRECTORIES, FURTHER_FILES, FURTHER_FIVE_G, FURTHER_GSM_ACCESS } from './ts-31-102-further.ts';
import { aidOf3gpp, ruleFile } from './ts-102-221.ts';

/** AID of the USIM: RID of 3GPP, application code 1002 (TS 101 220 annex E). */
export const USIM_AID: Uint8Array = aidOf3gpp(0x1002);

/** The number of its directory. */
export const USIM_NUMBER = 2;

/** Services of EF.UST without a file (TS 31.102 4.2.8): SMS-PP data download, call control, always 1, GSM security context. */
export const SERVICES_WITHOUT_FILE = [28, 30, 33, 38] as const;
/** Octets of EF.UST: up to service 152. */
export const SERVICE_OCTETS = 19;

const { alwaysAdm, alwaysNever, pinPin, pinAdm, pinNever, pinPin2, pinPin2Counted, pinPin2Managed } = ACCESS;

const text = coded(untilFiller(hexRest), '0A0B', '0A0B');
const networks = coded(net.networks, '22F860330420', ['22806', '334020']);
const NO_TECHNOLOGY = { utran: false, eutran: false, ngRan: false, gsm: false, gsmCompact: false };
/** Two networks in a list of eight places. */
const networksWithTechnology = coded(net.networksWithTechnology, `62F210800062F2204800${'FFFFFF0000'.repeat(6)}`, [
  { network: '26201', technologies: { ...NO_TECHNOLOGY, utran: true } },
  { network: '26202', technologies: { ...NO_TECHNOLOGY, eutran: true, ngRan: true } },
  ...Array.from({ length: 6 }, () => ({ network: '', technologies: NO_TECHNOLOGY })),
]);
const LOCATION_5GS = 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001';
const HOME_KEY_A = '4E858C4D49D1343E6181284C47CA721730C98742CB7C6182D2E8126E08088D36';
const HOME_KEY_B = 'D1BC365F4997D17CE4374E72181431CBFEBA9E1B98D7618F79D48561B144672A';
const CONCEALMENT = coded(net.concealment, `A00401010000A14A80010A8120${HOME_KEY_A}80010B8120${HOME_KEY_B}`, {
  schemes: [
    { scheme: 1, keyIndex: 1 },
    { scheme: 0, keyIndex: 0 },
  ],
  keys: [
    { identifier: 10, key: fromHex(HOME_KEY_A) },
    { identifier: 11, key: fromHex(HOME_KEY_B) },
  ],
});
/** As many octets as two schemes and a few keys need. */
const SUCI_OCTETS = 160;
const METER = coded(tel.callMeter, '000102', 0x0102);
const KEYS = coded(net.cipherKeys, `03${'A1'.repeat(16)}${'B2'.repeat(16)}`, {
  identifier: 3,
  ck: 'A1'.repeat(16),
  ik: 'B2'.repeat(16),
});
const GSM_KEY = coded(net.gsmKey, '837D783609A3858F05', { kc: '837D783609A3858F', sequence: 5 });
const FIVE_G_GUTI = '0BF200F1108000010000000000';
const FIVE_G_AREA = '00F110000001';
const FIVE_G_PLACE = coded(net.fiveGLocation, `${FIVE_G_GUTI}${FIVE_G_AREA}00`, {
  guti: FIVE_G_GUTI,
  trackingArea: FIVE_G_AREA,
  status: 'updated',
});

/** A NAS security context, with its EPS algorithms when there are any. */
const securityContext = (algorithms: number, epsAlgorithms?: number) => {
  const tail = epsAlgorithms === undefined ? '' : `8501${epsAlgorithms.toString(16)}`;
  const body = `8001078120${'A0'.repeat(32)}8204000000018304000000028401${algorithms.toString(16)}${tail}`;
  return coded(net.nasSecurityContext, `A0${(body.length / 2).toString(16)}${body}`.toUpperCase(), {
    identifier: 7,
    key: 'A0'.repeat(32),
    uplinkCount: 1,
    downlinkCount: 2,
    algorithms,
    ...(epsAlgorithms !== undefined && { epsAlgorithms }),
  });
};

/** EF.UST: what it says depends on the files that are there (`withServices`). */
const SERVICE_TABLE = transparent(
  [16, 'EF.UST', 0x6f38, 0x04],
  SERVICE_OCTETS,
  pinAdm,
  '',
  coded(serviceTable(SERVICE_OCTETS), `000A1C2C${'00'.repeat(15)}`, [10, 12, 19, 20, 21, 27, 28, 30]),
  '4.2.8',
);

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 31.102; services

/** Fixed and service numbers with their extensions, status reports, and what is switched on (services 2 to 5, 11, 17, 18, 34, 35). */
const NUMBER_FILES: readonly ElementaryFile[] = [
  linear([88, 'EF.FDN', 0x6f3b, 0], ENTRY_LENGTH, 10, pinPin2Managed, '', ENTRY, '4.2.24', 2),
  linear([89, 'EF.EXT2', 0x6f4b, 0], EXTENSION_LENGTH, 5, pinPin2, '', EXTENSION, '4.2.31', 3),
  linear([42, 'EF.SDN', 0x6f49, 0], ENTRY_LENGTH, 5, pinAdm, '', ENTRY, '4.2.29', 4),
  linear([43, 'EF.EXT3', 0x6f4c, 0], EXTENSION_LENGTH, 5, pinAdm, '', EXTENSION, '4.2.30', 5),
  linear(
    [44, 'EF.SMSR', 0x6f47, 0],
    30,
    10,
    pinPin,
    emptyRecords(10, 30, '00'),
    coded(tel.statusReport, '010206', { record: 1, report: '0206' }),
    '4.2.32',
    11,
  ),
  transparent(
    [128, 'EF.EST', 0x6f56, 0x05],
    1,
    pinPin2,
    '00',
    coded(serviceTable(1), '03', [1, 2]),
    '4.2.47',
    2,
    34,
    35,
  ),
  transparent(
    [129, 'EF.ACL', 0x6f57, 0],
    64,
    pinPin2,
    '00',
    coded(tel.accessPoints, '01DD0908696E7465726E6574', { count: 1, points: ['08696E7465726E6574'] }),
    '4.2.48',
    35,
  ),
  transparent([130, 'EF.GID1', 0x6f3e, 0], 4, pinAdm, '', text, '4.2.10', 17),
  transparent([131, 'EF.GID2', 0x6f3f, 0], 4, pinAdm, '', text, '4.2.11', 18),
];

const INCOMING_LENGTH = ENTRY_LENGTH + 14;
const OUTGOING_LENGTH = ENTRY_LENGTH + 13;
const CALL_OCTETS = `456967656E65${'FF'.repeat(8)}${NUMBER_OCTETS}FFFF10203040506070000102`;
const CALL = {
  ...{ name: 'Eigene', number: NUMBER, configuration: 0xff, extension: 0xff },
  ...{ time: '10203040506070', duration: 0x000102, entry: '010203' },
};
/** Calls made and taken, what they cost (services 8, 9, 13, 14, 36, 37, 44). */
const CALL_FILES: readonly ElementaryFile[] = [
  cyclic(
    [45, 'EF.OCI', 0x6f81, 0x15],
    OUTGOING_LENGTH,
    5,
    pinPin,
    '',
    coded(tel.outgoingCall(OUTGOING_LENGTH), `${CALL_OCTETS}010203`, CALL),
    '4.2.34',
    8,
  ),
  cyclic([46, 'EF.OCT', 0x6f83, 0], 3, 2, pinPin, emptyRecords(2, 3, '000000'), METER, '4.2.36', 8),
  cyclic(
    [47, 'EF.ICI', 0x6f80, 0x14],
    INCOMING_LENGTH,
    5,
    pinPin,
    '',
    coded(tel.incomingCall(INCOMING_LENGTH), `${CALL_OCTETS}01010203`, { ...CALL, status: 'notAnswered' }),
    '4.2.33',
    9,
  ),
  cyclic([48, 'EF.ICT', 0x6f82, 0], 3, 2, pinPin, emptyRecords(2, 3, '000000'), METER, '4.2.35', 9),
  linear([49, 'EF.EXT5', 0x6f4e, 0], EXTENSION_LENGTH, 5, pinPin, '', EXTENSION, '4.2.37', 44),
  transparent([135, 'EF.ACMmax', 0x6f37, 0], 3, pinPin2, '000000', METER, '4.2.7', 13),
  cyclic([52, 'EF.ACM', 0x6f39, 0], 3, 5, pinPin2Counted, emptyRecords(5, 3, '000000'), METER, '4.2.9', 13),
  transparent(
    [136, 'EF.PUCT', 0x6f41, 0],
    5,
    pinPin2,
    '',
    coded(tel.unitPrice, '4555520102', { currency: 'EUR', price: 0x0102 }),
    '4.2.13',
    13,
  ),
  linear(
    [53, 'EF.CCP2', 0x6f4f, 0x16],
    15,
    5,
    pinPin,
    '',
    coded(tel.capability, '04010203040506070809FFFFFFFFFF', fromHex('04010203040506070809FFFFFFFFFF')),
    '4.2.38',
    14,
  ),
  transparent(
    [137, 'EF.DCK', 0x6f2c, 0],
    16,
    pinPin,
    '',
    coded(tel.depersonalisation, `21436587${'FF'.repeat(12)}`, {
      network: '12345678',
      subset: '',
      provider: '',
      corporate: '',
    }),
    '4.2.49',
    36,
  ),
  transparent(
    [138, 'EF.CNL', 0x6f32, 0],
    12,
    pinAdm,
    '',
    coded(net.cooperativeNetworks, '62F210010203', [{ network: '26201', subset: 1, provider: 2, corporate: 3 }]),
    '4.2.50',
    37,
  ),
];

const identifiers = coded(tel.messageIdentifiers, '11121113', [0x1112, 0x1113]);
/** Cell broadcast (services 15, 16, 29). */
const BROADCAST_FILES: readonly ElementaryFile[] = [
  transparent([132, 'EF.CBMI', 0x6f45, 0], 20, pinPin, '', identifiers, '4.2.14', 15),
  transparent([133, 'EF.CBMID', 0x6f48, 0x0e], 20, pinAdm, '', identifiers, '4.2.20', 29),
  transparent(
    [134, 'EF.CBMIR', 0x6f50, 0],
    20,
    pinPin,
    '',
    coded(tel.messageRanges, '11121130', [{ first: 0x1112, last: 0x1130 }]),
    '4.2.22',
    16,
  ),
];

/** Names of networks, mailboxes, forwarding, bootstrapping, configuration of the terminal (services 45 to 51, 68, 71, 73, 74, 96, 97). */
const NETWORK_FILES: readonly ElementaryFile[] = [
  linear(
    [54, 'EF.PNN', 0x6fc5, 0x19],
    24,
    5,
    alwaysAdm,
    '',
    coded(net.networkName, '430A82C596B34CBFBFE5EB39', { full: '82C596B34CBFBFE5EB39' }),
    '4.2.58',
    45,
  ),
  linear(
    [55, 'EF.OPL', 0x6fc6, 0x1a],
    8,
    5,
    alwaysAdm,
    '',
    coded(net.operatorNetworks, '62F2100000FFFE01', {
      network: '26201',
      firstArea: 0,
      lastArea: 0xfffe,
      name: 1,
    }),
    '4.2.59',
    46,
  ),
  linear([56, 'EF.MBDN', 0x6fc7, 0], ENTRY_LENGTH, 4, pinPin, '', ENTRY, '4.2.60', 47),
  linear([57, 'EF.EXT6', 0x6fc8, 0], EXTENSION_LENGTH, 2, pinPin, '', EXTENSION, '4.2.61', 47),
  linear(
    [58, 'EF.MBI', 0x6fc9, 0],
    5,
    1,
    pinPin,
    '0100000000',
    coded(tel.mailboxes, '0100000000', { voice: 1, fax: 0, mail: 0, other: 0, video: 0 }),
    '4.2.62',
    47,
  ),
  linear(
    [59, 'EF.MWIS', 0x6fca, 0],
    6,
    1,
    pinPin,
    '000000000000',
    coded(tel.waitingMessages, '010300000000', {
      waiting: { voice: true, fax: false, mail: false, other: false, video: false },
      ...{ voice: 3, fax: 0, mail: 0, other: 0, video: 0 },
    }),
    '4.2.63',
    48,
  ),
  linear([90, 'EF.CFIS', 0x6fcb, 0], 16, 1, pinPin, `0100${'FF'.repeat(14)}`, FORWARDING, '4.2.64', 49),
  linear([91, 'EF.EXT7', 0x6fcc, 0], EXTENSION_LENGTH, 2, pinPin, '', EXTENSION, '4.2.65', 49),
  transparent(
    [139, 'EF.SPDI', 0x6fcd, 0x1b],
    32,
    alwaysAdm,
    '',
    coded(net.providerNetworks, 'A305800337F800', { networks: ['73800'] }),
    '4.2.66',
    51,
  ),
  transparent(
    [40, 'EF.GBABP', 0x6fd6, 0],
    200,
    pinPin,
    '',
    coded(net.bootstrapping, `10${'A1'.repeat(16)}04622D696401 31`.replace(' ', ''), {
      rand: 'A1'.repeat(16),
      transaction: 'b-id',
      lifetime: '1',
    }),
    '4.2.79',
    68,
  ),
  linear(
    [41, 'EF.GBANL', 0x6fda, 0],
    200,
    5,
    pinAdm,
    '',
    coded(net.applicationServer, '8003616263810478797A77', { server: '616263', transaction: 'xyzw' }),
    '4.2.83',
    68,
  ),
  transparent([141, 'EF.EHPLMNPI', 0x6fdb, 0], 1, pinAdm, '00', coded(u8, '02', 2), '4.2.85', 73),
  transparent([142, 'EF.LRPLMNSI', 0x6fdc, 0], 1, pinAdm, '00', coded(u8, '01', 1), '4.2.86', 74),
  transparent(
    [143, 'EF.NASCONFIG', 0x6fe8, 0],
    30,
    pinAdm,
    '800100810100820100',
    coded(net.nasConfiguration, '800101820100', { signallingPriority: 1, attachWithImsi: 0 }),
    '4.2.94',
    96,
  ),
  transparent([144, 'EF.PWS', 0x6fec, 0], 1, alwaysAdm, '00', coded(u8, '03', 3), '4.2.96', 97),
];

/** EFs of the USIM (TS 31.102 4.2). */
const FILES: readonly ElementaryFile[] = [
  transparent(
    [10, 'EF.LI', 0x6f05, 0x02],
    6,
    ACCESS.alwaysPin,
    '',
    coded(languages, '656E6465', ['en', 'de']),
    '4.2.1',
  ),
  ruleFile(11, 0x6f06, 0x17, '4.2.55'),
  transparent(
    [12, 'EF.IMSI', 0x6f07, 0x07],
    9,
    pinAdm,
    ({ imsi }) => imsi.toEf(),
    coded(net.imsi, '082926101160845740', '262011106487504'),
    '4.2.2',
  ),
  transparent([13, 'EF.Keys', 0x6f08, 0x08], 33, pinPin, '07', KEYS, '4.2.3'),
  transparent([14, 'EF.KeysPS', 0x6f09, 0x09], 33, pinPin, '07', KEYS, '4.2.4'),
  transparent([15, 'EF.HPPLMN', 0x6f31, 0x12], 1, pinAdm, '05', coded(u8, '05', 5), '4.2.6'),
  SERVICE_TABLE,
  linear([17, 'EF.SMS', 0x6f3c, 0], 176, 10, pinPin, emptyRecords(10, 176, '00'), MESSAGE, '4.2.25', 10),
  linear(
    [18, 'EF.MSISDN', 0x6f40, 0],
    personal.ALPHA.msisdn + 14,
    1,
    pinPin,
    personal.subscriberNumber,
    ENTRY,
    '4.2.26',
    21,
  ),
  linear(
    [19, 'EF.SMSP', 0x6f42, 0],
    personal.ALPHA.smsp + 28,
    1,
    pinPin,
    personal.shortMessageParameters,
    coded(
      tel.messageParameters(personal.ALPHA.smsp + 28),
      `454E6574776F726B73${'FF'.repeat(15)}E5${'FF'.repeat(12)}${NUMBER_OCTETS}FF00A8`,
      {
        name: 'ENetworks',
        absent: 0xe5,
        destination: null,
        serviceCentre: NUMBER,
        protocol: 0xff,
        coding: 0,
        validity: 0xa8,
      },
    ),
    '4.2.27',
    12,
  ),
  transparent(
    [20, 'EF.SMSS', 0x6f43, 0],
    2,
    pinPin,
    '0BFF',
    coded(tel.messageStatus, '0BFF', { lastReference: 11, memory: 'free' }),
    '4.2.28',
    10,
  ),
  transparent(
    [21, 'EF.SPN', 0x6f46, 0],
    17,
    alwaysAdm,
    '00',
    coded(tel.providerName, '0147534D2D52204348', {
      display: { showNetwork: true, hideElsewhere: false },
      name: 'GSM-R CH',
    }),
    '4.2.12',
    19,
  ),
  transparent(
    [22, 'EF.START-HFN', 0x6f5b, 0x0f],
    6,
    pinPin,
    'F00000F00000',
    coded(net.startHyperframe, 'F00000F00000', { circuit: 0xf00000, packet: 0xf00000 }),
    '4.2.51',
  ),
  transparent([23, 'EF.THRESHOLD', 0x6f5c, 0x10], 3, pinAdm, '', coded(u24, 'F01000', 15732736), '4.2.52'),
  transparent([24, 'EF.PLMNwAcT', 0x6f60, 0x0a], 40, pinPin, personal.NO_NETWORKS, networksWithTechnology, '4.2.5', 20),
  transparent(
    [25, 'EF.OPLMNwAcT', 0x6f61, 0x11],
    40,
    pinAdm,
    personal.NO_NETWORKS,
    networksWithTechnology,
    '4.2.53',
    42,
  ),
  transparent(
    [26, 'EF.HPLMNwAcT', 0x6f62, 0x13],
    40,
    pinAdm,
    personal.homeNetworkWithTechnology,
    networksWithTechnology,
    '4.2.54',
    43,
  ),
  transparent(
    [27, 'EF.PSLOCI', 0x6f73, 0x0c],
    14,
    pinPin,
    'FFFFFFFFFFFFFFFFFF000000FF01',
    coded(net.packetLocation, 'FFFFFFFFFFFFFF22F8990000FF01', {
      pTmsi: 'FFFFFFFF',
      signature: 'FFFFFF',
      network: '22899',
      areaCode: 0,
      routingArea: 0xff,
      status: 'notUpdated',
    }),
    '4.2.23',
  ),
  transparent(
    [28, 'EF.ACC', 0x6f78, 0x06],
    2,
    pinAdm,
    personal.accessClass,
    coded(net.accessClasses, '802B', [0, 1, 3, 5, 15]),
    '4.2.15',
  ),
  transparent([29, 'EF.FPLMN', 0x6f7b, 0x0d], 12, pinPin, '', networks, '4.2.16'),
  transparent(
    [30, 'EF.LOCI', 0x6f7e, 0x0b],
    11,
    pinPin,
    'FFFFFFFFFFFFFF0000FF01',
    coded(net.location, '47D1264A62F21037211E00', {
      tmsi: '47D1264A',
      network: '26201',
      areaCode: 0x3721,
      reserved: 0x1e,
      status: 'updated',
    }),
    '4.2.17',
  ),
  transparent(
    [31, 'EF.AD', 0x6fad, 0x03],
    4,
    alwaysAdm,
    ({ mncLength }) => Uint8Array.of(0, 0, 0, mncLength),
    coded(net.administrativeData, '01000102', { mode: 'normalSpecific', facilities: 1, networkCodeLength: 2 }),
    '4.2.18',
  ),
  linear(
    [32, 'EF.ECC', 0x6fb7, 0x01],
    4,
    2,
    alwaysAdm,
    [fromHex('11F2FF00'), fromHex('FFFFFF00')],
    coded(tel.emergencyNumber(4), '19F1FF01', { number: '911', name: '', services: 1 }),
    '4.2.21',
  ),
  transparent([33, 'EF.NETPAR', 0x6fc4, 0], 50, pinPin, '', text, '4.2.57'),
  transparent([34, 'EF.EHPLMN', 0x6fd9, 0x1d], 12, pinAdm, personal.equivalentHomeNetworks, networks, '4.2.84', 71),
  transparent(
    [35, 'EF.EPSLOCI', 0x6fe3, 0x1e],
    18,
    pinPin,
    'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001',
    coded(net.epsLocation, '0BF600F1108000010000000000F110000100', {
      guti: '0BF600F11080000100000000',
      trackingArea: '00F1100001',
      status: 'updated',
    }),
    '4.2.91',
    85,
  ),
  linear([36, 'EF.EPSNSC', 0x6fe4, 0x18], 54, 1, pinPin, '', securityContext(0x11), '4.2.92', 85),
  transparent([37, 'EF.IAL', 0x6ff0, 0], 64, alwaysAdm, '', text, '4.2.100', 102),
  cyclic(
    [38, 'EF.IPS', 0x6ff1, 0],
    4,
    100,
    alwaysNever,
    '',
    coded(net.pairingStatus, '4F4B01FF', { status: '4F4B', link: 1, reserved: 0xff }),
    '4.2.101',
    102,
  ),
  linear(
    [39, 'EF.IPD', 0x6ff2, 0],
    10,
    10,
    pinNever,
    '',
    coded(net.pairedEquipment, '80081A32547698103254', { imei: fromHex('1A32547698103254') }),
    '4.2.102',
    102,
  ),
  ...NUMBER_FILES,
  ...CALL_FILES,
  ...BROADCAST_FILES,
  ...NETWORK_FILES,
  ...FURTHER_FILES,
];

/** Files of DF.GSM-ACCESS (TS 31.102 4.4.3), service 27. */
const GSM_ACCESS: DedicatedFile = {
  number: 3,
  name: 'DF.GSM-ACCESS',
  identifier: 0x5f3b,
  access: ACCESS.directory,
  files: [
    transparent([50, 'EF.Kc', 0x4f20, 0x01], 9, pinPin, 'FFFFFFFFFFFFFFFF07', GSM_KEY, '4.4.3.1', 27),
    transparent([51, 'EF.KcGPRS', 0x4f52, 0x02], 9, pinPin, 'FFFFFFFFFFFFFFFF07', GSM_KEY, '4.4.3.2', 27),
    ...FURTHER_GSM_ACCESS,
  ],
  directories: [],
};

/** Where a USIM that calculates the SUCI itself keeps what it needs (TCA Interoperable Format, DF.SAIP); no terminal reads it. */
const SAIP: DedicatedFile = {
  number: 10,
  name: 'DF.SAIP',
  identifier: 0x5fd0,
  access: ACCESS.directory,
  files: [
    transparent(
      [70, 'EF.SUCI_Calc_Info_USIM', 0x4f01, 0],
      SUCI_OCTETS,
      ACCESS.admAdm,
      personal.concealment('usim'),
      CONCEALMENT,
      '4.4.11.8',
    ),
  ],
  directories: [],
};

/** Files of DF.5GS (TS 31.102 4.4.11), services 122 to 132. */
const FIVE_G: DedicatedFile = {
  number: 4,
  name: 'DF.5GS',
  identifier: 0x5fc0,
  access: ACCESS.directory,
  files: [
    transparent([60, 'EF.5GS3GPPLOCI', 0x4f01, 0x01], 20, pinPin, LOCATION_5GS, FIVE_G_PLACE, '4.4.11.2', 122),
    transparent([61, 'EF.5GSN3GPPLOCI', 0x4f02, 0x02], 20, pinPin, LOCATION_5GS, FIVE_G_PLACE, '4.4.11.3', 122),
    linear([62, 'EF.5GS3GPPNSC', 0x4f03, 0x03], 62, 1, pinPin, '', securityContext(0x22, 0x33), '4.4.11.4', 122),
    linear([63, 'EF.5GSN3GPPNSC', 0x4f04, 0x04], 62, 1, pinPin, '', securityContext(0x22, 0x33), '4.4.11.5', 122),
    transparent(
      [64, 'EF.5GAUTHKEYS', 0x4f05, 0x05],
      110,
      pinPin,
      '',
      coded(net.authenticationKeys, `8020${'A5'.repeat(32)}8120${'5A'.repeat(32)}`, {
        ausf: 'A5'.repeat(32),
        seaf: '5A'.repeat(32),
      }),
      '4.4.11.6',
      123,
    ),
    transparent(
      [65, 'EF.UAC_AIC', 0x4f06, 0x06],
      4,
      pinAdm,
      '00000000',
      coded(net.accessIdentities, '03000000', { multimediaPriority: true, missionCritical: true }),
      '4.4.11.7',
      126,
    ),
    transparent(
      [66, 'EF.SUCI_Calc_Info', 0x4f07, 0x07],
      SUCI_OCTETS,
      pinAdm,
      personal.concealment('terminal'),
      CONCEALMENT,
      '4.4.11.8',
      124,
    ),
    linear(
      [69, 'EF.OPL5G', 0x4f08, 0x08],
      10,
      5,
      alwaysAdm,
      '',
      coded(net.operatorNetworks5G, '62F210000000FFFFFE01', {
        network: '26201',
        firstArea: 0,
        lastArea: 0xfffffe,
        name: 1,
      }),
      '4.4.11.9',
      129,
    ),
    transparent(
      [148, 'EF.SUPI_NAI', 0x4f09, 0x09],
      64,
      pinAdm,
      '',
      coded(net.accessIdentifier, '800C7573657240732E746573742E', { specific: 'user@s.test.' }),
      '4.4.11.10',
      130,
    ),
    transparent(
      [67, 'EF.Routing_Indicator', 0x4f0a, 0x0a],
      4,
      pinAdm,
      personal.routingIndicator,
      coded(net.routingIndicator, '17FFFFFF', { indicator: '71', reserved: 'FFFF' }),
      '4.4.11.11',
      124,
    ),
    berTlvFile([150, 'EF.URSP', 0x4f0b, 0x0b], 1024, pinAdm, '', text, '4.4.11.12', 132),
    ...FURTHER_FIVE_G,
  ],
  directories: [],
};

/** The USIM application, with all that TS 31.102 declares here. */
export const ADF_USIM: DedicatedFile = {
  number: USIM_NUMBER,
  name: 'ADF.USIM',
  identifier: 0x7ff0,
  aid: USIM_AID,
  label: 'USim1',
  rules: 0x6f06,
  access: ACCESS.directory,
  files: FILES,
  directories: [GSM_ACCESS, FIVE_G, SAIP, ...FURTHER_DIRECTORIES],
};
