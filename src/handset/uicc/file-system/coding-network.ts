import {
  berTlvSet,
  bitFlag,
  bits,
  enumeration,
  type Format,
  format,
  listOf,
  map,
  octets,
  optional,
  required,
  rest,
  struct,
  tagged,
  u8,
  u16,
  u24,
  u32,
} from '#base/codec/index.ts';
import { Iccid, Imsi, suciCalculation } from '#base/identity/index.ts';
import {
  digits,
  hexOf,
  hexRest,
  orEmpty,
  orEmptyTlv,
  prefixed,
  thenFiller,
  untilFiller,
  utf8,
} from './coding-general.ts';

/** EF.ICCID (TS 102 221 13.2). */
export const iccid: Format<string> = map(
  octets(10),
  (content) => Iccid.fromEf(content).digits,
  (digits) => Iccid.parse(digits).toEf(),
);
/** EF.IMSI (TS 31.102 4.2.2). */
export const imsi: Format<string> = map(
  octets(9),
  (content) => Imsi.fromEf(content).digits,
  (digits) => Imsi.parse(digits).toEf(),
);

const NIBBLE_FILLER = 15;

/** Country and network code as 5 or 6 digits, or '' for FFFFFF (TS 24.008 10.5.1.13). */
export const network: Format<string> = format(
  (reader) => {
    const [a, b, c] = [reader.u8(), reader.u8(), reader.u8()] as const;
    const nibbles = [a & 15, a >> 4, b & 15, c & 15, c >> 4, b >> 4];
    const end = nibbles.indexOf(NIBBLE_FILLER);
    const shown = end < 0 ? nibbles : nibbles.slice(0, end);
    if (shown.some((nibble) => nibble > 9)) throw reader.error('expected digits of a network');
    return shown.join('');
  },
  (writer, text) => {
    const digit = (at: number) => (at < text.length ? Number(text[at]) : NIBBLE_FILLER);
    writer.u8((digit(1) << 4) | digit(0));
    writer.u8((digit(5) << 4) | digit(2));
    writer.u8((digit(4) << 4) | digit(3));
  },
);
/** A list of networks, FFFFFF at its end. */
export const networks: Format<readonly string[]> = untilFiller(listOf(network, 256));

/** Access technologies of a network (TS 31.102 4.2.5), the first octet's b8 down to the second's b1. */
const technologies = bits(2, {
  utran: bitFlag(15),
  eutran: bitFlag(14),
  ngRan: bitFlag(11),
  gsm: bitFlag(7),
  gsmCompact: bitFlag(6),
});
/** Networks with the access technologies wanted there; an empty place is FFFFFF0000. */
export const networksWithTechnology = listOf(struct({ network, technologies }), 256);

/** A list of co-operative networks (TS 31.102 4.2.50). */
export const cooperativeNetworks = untilFiller(
  listOf(struct({ network, subset: u8, provider: u8, corporate: u8 }), 64),
);

const locationStatus = { updated: 0, notUpdated: 1, networkNotAllowed: 2, areaNotAllowed: 3 } as const;
/** EF.LOCI (TS 31.102 4.2.17). */
export const location = struct({
  tmsi: hexOf(4),
  network,
  areaCode: u16,
  reserved: u8,
  status: enumeration(u8, locationStatus),
});
/** EF.PSLOCI (TS 31.102 4.2.23). */
export const packetLocation = struct({
  pTmsi: hexOf(4),
  signature: hexOf(3),
  network,
  areaCode: u16,
  routingArea: u8,
  status: enumeration(u8, locationStatus),
});
/** EF.EPSLOCI (TS 31.102 4.2.91). */
export const epsLocation = struct({
  guti: hexOf(12),
  trackingArea: hexOf(5),
  status: enumeration(u8, { updated: 0, notUpdated: 1, roamingNotAllowed: 2 }),
});
/** EF.5GS3GPPLOCI and EF.5GSN3GPPLOCI (TS 31.102 4.4.11.2). */
export const fiveGLocation = struct({
  guti: hexOf(13),
  trackingArea: hexOf(6),
  status: enumeration(u8, { updated: 0, notUpdated: 1, roamingNotAllowed: 2 }),
});

/** Access classes whose bit is set (TS 31.102 4.2.15). */
export const accessClasses: Format<readonly number[]> = map(
  u16,
  (word) => Array.from({ length: 16 }, (_, i) => i).filter((i) => (word >> i) & 1),
  (classes) => classes.reduce((word, i) => word | (1 << i), 0),
);

/** EF.AD of the USIM and the ISIM: mode, facilities, length of the network code (TS 31.102 4.2.18). */
export const administrativeData = struct({
  mode: enumeration(u8, {
    normal: 0x00,
    typeApproval: 0x80,
    normalSpecific: 0x01,
    typeApprovalSpecific: 0x81,
    maintenance: 0x02,
    cellTest: 0x04,
  }),
  facilities: u16,
  networkCodeLength: u8,
});

/** EF.Keys and EF.KeysPS (TS 31.102 4.2.3). */
export const cipherKeys = struct({ identifier: u8, ck: hexOf(16), ik: hexOf(16) });
/** EF.Kc and EF.KcGPRS (TS 31.102 4.4.3.1). */
export const gsmKey = struct({ kc: hexOf(8), sequence: u8 });
/** EF.START-HFN (TS 31.102 4.2.51). */
export const startHyperframe = struct({ circuit: u24, packet: u24 });

/** EF.PNN (TS 31.102 4.2.58): names as TS 24.008 10.5.3.5a codes them. */
export const networkName = untilFiller(
  berTlvSet({ full: optional(0x43, hexRest), short: optional(0x45, hexRest) }, 'ignore'),
);
/** EF.OPL (TS 31.102 4.2.59): which name in which areas. */
export const operatorNetworks = orEmpty(struct({ network, firstArea: u16, lastArea: u16, name: u8 }));
/** EF.OPL5G (TS 31.102 4.4.11.9). */
export const operatorNetworks5G = orEmpty(struct({ network, firstArea: u24, lastArea: u24, name: u8 }));
/** EF.SPDI (TS 31.102 4.2.66): networks that are shown as the provider's. */
export const providerNetworks = untilFiller(
  orEmptyTlv(tagged(0xa3, berTlvSet({ networks: required(0x80, listOf(network, 64)) }))),
);

/** A NAS security context of EPS (TS 31.102 4.2.92) or 5GS (4.4.11.4). */
const securityContext = berTlvSet({
  identifier: required(0x80, u8),
  key: required(0x81, hexRest),
  uplinkCount: required(0x82, u32),
  downlinkCount: required(0x83, u32),
  algorithms: required(0x84, u8),
  epsAlgorithms: optional(0x85, u8),
});
/** EF.EPSNSC, EF.5GS3GPPNSC and EF.5GSN3GPPNSC. */
export const nasSecurityContext = untilFiller(orEmptyTlv(tagged(0xa0, securityContext)));
/** EF.5GAUTHKEYS (TS 31.102 4.4.11.6). */
export const authenticationKeys = untilFiller(
  berTlvSet({ ausf: optional(0x80, hexRest), seaf: optional(0x81, hexRest) }),
);
/** EF.UAC_AIC (TS 31.102 4.4.11.7). */
export const accessIdentities = bits(4, { multimediaPriority: bitFlag(24), missionCritical: bitFlag(25) });

/** EF.SUCI_Calc_Info (TS 31.102 4.4.11.8): schemes by priority, the home network's public keys. */
export const concealment = orEmpty(thenFiller(suciCalculation));
/** EF.SUPI_NAI (TS 31.102 4.4.11.10). */
export const accessIdentifier = untilFiller(
  berTlvSet({ specific: optional(0x80, utf8), line: optional(0x81, utf8), cable: optional(0x82, utf8) }),
);
/** EF.Routing_Indicator (TS 31.102 4.4.11.11): one to four digits. */
export const routingIndicator = struct({ indicator: digits(2), reserved: hexOf(2) });
/** EF.NASCONFIG (TS 31.102 4.2.94): each object one octet, as the leaf of TS 24.368 with its name. */
export const nasConfiguration = untilFiller(
  berTlvSet(
    {
      signallingPriority: optional(0x80, u8),
      nmoBehaviour: optional(0x81, u8),
      attachWithImsi: optional(0x82, u8),
      minimumPeriodicSearch: optional(0x83, u8),
      extendedAccessBarring: optional(0x84, u8),
      timerT3245: optional(0x85, u8),
      overridePriority: optional(0x86, u8),
      overrideBarring: optional(0x87, u8),
      fastHigherPriority: optional(0x88, u8),
    },
    'ignore',
  ),
);
/** EF.GBABP (TS 31.102 4.2.79): RAND, B-TID, lifetime of the key. */
export const bootstrapping = untilFiller(
  orEmptyTlv(struct({ rand: prefixed(hexRest), transaction: prefixed(utf8), lifetime: prefixed(utf8) })),
);
/** EF.GBANL (TS 31.102 4.2.83): NAF and the bootstrapping transaction it belongs to. */
export const applicationServer = untilFiller(
  berTlvSet({ server: optional(0x80, hexRest), transaction: optional(0x81, utf8) }),
);

/** IMEI or IMEISV ranges of EF.IAL (TS 31.102 4.2.100), as they stand there. */
export const allowedEquipment = untilFiller(hexRest);
/** EF.IPS (TS 31.102 4.2.101). */
export const pairingStatus = orEmpty(struct({ status: hexOf(2), link: u8, reserved: u8 }));
/** EF.IPD (TS 31.102 4.2.102): the IMEI or IMEISV of a record of EF.IPS. */
export const pairedEquipment = orEmpty(
  untilFiller(berTlvSet({ imei: optional(0x80, rest(8, 8)), imeiSv: optional(0x81, rest(8, 9)) })),
);
