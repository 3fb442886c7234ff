import { concat, fromHex, swappedBcd } from '#base/codec/index.ts';
import { suciCalculation } from '#base/identity/index.ts';
import { diallingNumber, internationalAddress } from '#protocol/sms/index.ts';
import type { UiccProfile } from '../profile.ts';
import { ACCESS, ACCESS_RECORD_LENGTH, ACCESS_RECORDS } from './access-rule.ts';
import { cyclic, type DedicatedFile, type ElementaryFile, filled, linear, transparent } from './elementary-file.ts';

/** AID of the USIM: RID of 3GPP, application code 1002 (TS 101 220 annex E). */
export const USIM_AID: Uint8Array = fromHex('A0000000871002FFFFFFFF8907090000');

/** PLMN of the home network (TS 24.008 10.5.1.13). */
function homeNetwork({ imsi, mncLength }: UiccProfile): Uint8Array {
  const nibble = (at: number) => Number(imsi.digits[at]);
  const third = mncLength === 3 ? nibble(5) : 0xf;
  return Uint8Array.of((nibble(1) << 4) | nibble(0), (third << 4) | nibble(2), (nibble(4) << 4) | nibble(3));
}

/** UTRAN, E-UTRAN, NG-RAN and GSM (TS 31.102 4.2.5). */
const ALL_TECHNOLOGIES = fromHex('C880');
const NO_NETWORK = fromHex('FFFFFF0000');
const NETWORKS = 8;
const networks = (first: Uint8Array) => concat(first, ...Array.from({ length: NETWORKS - 1 }, () => NO_NETWORK));
const NO_NETWORKS = 'FFFFFF0000'.repeat(NETWORKS);

/** One access class, 0 to 9, by the last digit of the IMSI (TS 22.011 4.2). */
function accessClass({ imsi }: UiccProfile): Uint8Array {
  const bits = 1 << Number(imsi.digits.at(-1));
  return Uint8Array.of(bits >> 8, bits);
}

/** Number with its length, in `length` octets filled with FF (TS 31.102 4.2.26, 4.2.27). */
function numberField(digits: string, length: number): Uint8Array {
  const number = diallingNumber.encode(internationalAddress(digits));
  const field = filled(length);
  field[0] = number.length;
  field.set(number, 1);
  return field;
}

const MSISDN_ALPHA = 14;
const SMSP_ALPHA = 24;
/** Only service centre, coding and validity are given (TS 31.102 4.2.27): PID FF, DCS 00, validity A8 (two days). */
const SMSP_INDICATORS = 0xe5;

const subscriberNumber = ({ msisdn }: UiccProfile) =>
  concat(filled(MSISDN_ALPHA), numberField(msisdn.digits, 12), filled(2));
const shortMessageParameters = ({ serviceCentre }: UiccProfile) =>
  concat(
    filled(SMSP_ALPHA),
    Uint8Array.of(SMSP_INDICATORS),
    filled(12),
    numberField(serviceCentre.digits, 12),
    fromHex('FF00A8'),
  );

/** Services of EF.UST without a file (TS 31.102 4.2.8): SMS-PP data download, call control, always 1, GSM security context. */
const SERVICES_WITHOUT_FILE = [28, 30, 33, 38];
const SERVICE_SUCI_BY_USIM = 125;
const SERVICE_OCTETS = 17;

const { alwaysAdm, alwaysNever, pinPin, pinAdm, pinNever } = ACCESS;

// number, name, identifier, short identifier; size; access; start value; clause of TS 31.102; services
const FILES: readonly ElementaryFile[] = [
  transparent([10, 'EF.LI', 0x6f05, 0x02], 6, ACCESS.alwaysPin, '', '4.2.1'),
  linear(
    [11, 'EF.ARR', 0x6f06, 0x17],
    ACCESS_RECORD_LENGTH,
    ACCESS_RECORDS.length,
    alwaysNever,
    ACCESS_RECORDS,
    '4.2.55',
  ),
  transparent([12, 'EF.IMSI', 0x6f07, 0x07], 9, pinAdm, ({ imsi }) => imsi.toEf(), '4.2.2'),
  transparent([13, 'EF.Keys', 0x6f08, 0x08], 33, pinPin, '07', '4.2.3'),
  transparent([14, 'EF.KeysPS', 0x6f09, 0x09], 33, pinPin, '07', '4.2.4'),
  transparent([15, 'EF.HPPLMN', 0x6f31, 0x12], 1, pinAdm, '05', '4.2.6'),
  transparent([16, 'EF.UST', 0x6f38, 0x04], SERVICE_OCTETS, pinAdm, (profile) => serviceTable(profile), '4.2.8'),
  linear(
    [17, 'EF.SMS', 0x6f3c, 0],
    176,
    10,
    pinPin,
    Array.from({ length: 10 }, () => filled(176, '00')),
    '4.2.25',
    10,
  ),
  linear([18, 'EF.MSISDN', 0x6f40, 0], MSISDN_ALPHA + 14, 1, pinPin, subscriberNumber, '4.2.26', 21),
  linear([19, 'EF.SMSP', 0x6f42, 0], SMSP_ALPHA + 28, 1, pinPin, shortMessageParameters, '4.2.27', 12),
  transparent([20, 'EF.SMSS', 0x6f43, 0], 2, pinPin, '0BFF', '4.2.28', 10),
  transparent([21, 'EF.SPN', 0x6f46, 0], 17, alwaysAdm, '00', '4.2.12', 19),
  transparent([22, 'EF.START-HFN', 0x6f5b, 0x0f], 6, pinPin, 'F00000F00000', '4.2.51'),
  transparent([23, 'EF.THRESHOLD', 0x6f5c, 0x10], 3, pinAdm, '', '4.2.52'),
  transparent([24, 'EF.PLMNwAcT', 0x6f60, 0x0a], 40, pinPin, NO_NETWORKS, '4.2.5', 20),
  transparent([25, 'EF.OPLMNwAcT', 0x6f61, 0x11], 40, pinAdm, NO_NETWORKS, '4.2.53', 42),
  transparent(
    [26, 'EF.HPLMNwAcT', 0x6f62, 0x13],
    40,
    pinAdm,
    (profile) => networks(concat(homeNetwork(profile), ALL_TECHNOLOGIES)),
    '4.2.54',
    43,
  ),
  transparent([27, 'EF.PSLOCI', 0x6f73, 0x0c], 14, pinPin, 'FFFFFFFFFFFFFFFFFF000000FF01', '4.2.23'),
  transparent([28, 'EF.ACC', 0x6f78, 0x06], 2, pinAdm, accessClass, '4.2.15'),
  transparent([29, 'EF.FPLMN', 0x6f7b, 0x0d], 12, pinPin, '', '4.2.16'),
  transparent([30, 'EF.LOCI', 0x6f7e, 0x0b], 11, pinPin, 'FFFFFFFFFFFFFF0000FF01', '4.2.17'),
  transparent(
    [31, 'EF.AD', 0x6fad, 0x03],
    4,
    alwaysAdm,
    ({ mncLength }) => Uint8Array.of(0, 0, 0, mncLength),
    '4.2.18',
  ),
  linear([32, 'EF.ECC', 0x6fb7, 0x01], 4, 2, alwaysAdm, [fromHex('11F2FF00'), fromHex('FFFFFF00')], '4.2.21'),
  transparent([33, 'EF.NETPAR', 0x6fc4, 0], 50, pinPin, '', '4.2.57'),
  transparent([34, 'EF.EHPLMN', 0x6fd9, 0x1d], 12, pinAdm, (profile) => ehplmn(profile), '4.2.84', 71),
  transparent([35, 'EF.EPSLOCI', 0x6fe3, 0x1e], 18, pinPin, 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001', '4.2.91', 85),
  linear([36, 'EF.EPSNSC', 0x6fe4, 0x18], 54, 1, pinPin, '', '4.2.92', 85),
  transparent([37, 'EF.IAL', 0x6ff0, 0], 64, alwaysAdm, '', '4.2.100', 102),
  cyclic([38, 'EF.IPS', 0x6ff1, 0], 4, 100, alwaysNever, '', '4.2.101', 102),
  transparent([40, 'EF.GBABP', 0x6fd6, 0], 200, pinPin, '', '4.2.79', 68),
  linear([41, 'EF.GBANL', 0x6fda, 0], 200, 5, pinAdm, '', '4.2.83', 68),
  linear([39, 'EF.IPD', 0x6ff2, 0], 10, 10, pinNever, '', '4.2.102', 102),
];

function ehplmn(profile: UiccProfile): Uint8Array {
  const content = filled(12);
  content.set(homeNetwork(profile));
  return content;
}

/** Files of DF.GSM-ACCESS (TS 31.102 4.4.3), service 27. */
const GSM_ACCESS: DedicatedFile = {
  name: 'DF.GSM-ACCESS',
  identifier: 0x5f3b,
  files: [
    transparent([50, 'EF.Kc', 0x4f20, 0x01], 9, pinPin, 'FFFFFFFFFFFFFFFF07', '4.4.3.1', 27),
    transparent([51, 'EF.KcGPRS', 0x4f52, 0x02], 9, pinPin, 'FFFFFFFFFFFFFFFF07', '4.4.3.2', 27),
  ],
  directories: [],
};

const LOCATION_5GS = 'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001';

const SUCI_OCTETS = 160;
/** The null-scheme, by the terminal. */
const USUAL_SUCI: NonNullable<UiccProfile['suci']> = {
  by: 'terminal',
  calculation: { schemes: [{ scheme: 0, keyIndex: 0 }], keys: [] },
  routingIndicator: '0',
};

/** What is needed to calculate a SUCI stands with him who does it: the other finds nothing (TS 31.102 4.4.11.8). */
function calculation(who: 'terminal' | 'usim') {
  return ({ suci = USUAL_SUCI }: UiccProfile) => {
    const content = filled(SUCI_OCTETS);
    if (suci.by === who) content.set(suciCalculation.encode(suci.calculation));
    return content;
  };
}

/** Digits, and two octets for later use (TS 31.102 4.4.11.11). */
const routingIndicator = ({ suci = USUAL_SUCI }: UiccProfile) =>
  concat(swappedBcd(2).encode(suci.routingIndicator), filled(2));

/** Where a USIM that calculates the SUCI itself keeps what it needs (TCA Interoperable Format, DF.SAIP); no terminal reads it. */
const SAIP: DedicatedFile = {
  name: 'DF.SAIP',
  identifier: 0x5fd0,
  files: [
    transparent([70, 'EF.SUCI_Calc_Info_USIM', 0x4f01, 0], SUCI_OCTETS, ACCESS.admAdm, calculation('usim'), '4.4.11.8'),
  ],
  directories: [],
};

/** Files of DF.5GS (TS 31.102 4.4.11), services 122, 123, 124 and 126. */
const FIVE_G: DedicatedFile = {
  name: 'DF.5GS',
  identifier: 0x5fc0,
  files: [
    transparent([60, 'EF.5GS3GPPLOCI', 0x4f01, 0x01], 20, pinPin, LOCATION_5GS, '4.4.11.2', 122),
    transparent([61, 'EF.5GSN3GPPLOCI', 0x4f02, 0x02], 20, pinPin, LOCATION_5GS, '4.4.11.3', 122),
    linear([62, 'EF.5GS3GPPNSC', 0x4f03, 0x03], 62, 1, pinPin, '', '4.4.11.4', 122),
    linear([63, 'EF.5GSN3GPPNSC', 0x4f04, 0x04], 62, 1, pinPin, '', '4.4.11.5', 122),
    transparent([64, 'EF.5GAUTHKEYS', 0x4f05, 0x05], 110, pinPin, '', '4.4.11.6', 123),
    transparent([66, 'EF.SUCI_Calc_Info', 0x4f07, 0x07], SUCI_OCTETS, pinAdm, calculation('terminal'), '4.4.11.8', 124),
    transparent([67, 'EF.Routing_Indicator', 0x4f0a, 0x0a], 4, pinAdm, routingIndicator, '4.4.11.11', 124),
    transparent([65, 'EF.UAC_AIC', 0x4f06, 0x06], 4, pinAdm, '00000000', '4.4.11.7', 126),
  ],
  directories: [],
};

/** The USIM application. */
export const ADF_USIM: DedicatedFile = {
  name: 'ADF.USIM',
  identifier: 0x7ff0,
  aid: USIM_AID,
  files: FILES,
  directories: [GSM_ACCESS, FIVE_G, SAIP],
};

/** EF.UST (TS 31.102 4.2.8): a bit for each service, those whose files are in these tables and those that need none. */
function serviceTable({ suci }: UiccProfile): Uint8Array {
  const table = new Uint8Array(SERVICE_OCTETS);
  const files = [...FILES, ...GSM_ACCESS.files, ...FIVE_G.files];
  const own = suci?.by === 'usim' ? [SERVICE_SUCI_BY_USIM] : [];
  for (const service of [...SERVICES_WITHOUT_FILE, ...own, ...files.flatMap(({ services }) => services)]) {
    const at = (service - 1) >> 3;
    table[at] = (table[at] as number) | (1 << ((service - 1) & 7));
  }
  return table;
}
