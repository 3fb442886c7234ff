import {
  berTlvSet,
  bitFlag,
  bits,
  enumeration,
  type Format,
  listOf,
  map,
  optional,
  required,
  struct,
  swappedBcd,
  tagged,
  u8,
  u16,
  u32,
} from '#base/codec/index.ts';
import {
  alpha,
  beforeLast,
  hexOf,
  hexRest,
  orEmpty,
  orEmptyTlv,
  thenFiller,
  untilFiller,
  utf8,
} from './coding-general.ts';
import { network } from './coding-network.ts';

/** Priority levels of eMLPP: A, B, 0 to 4 (TS 31.102 4.2.39). */
const levels = bits(1, {
  a: bitFlag(0),
  b: bitFlag(1),
  zero: bitFlag(2),
  one: bitFlag(3),
  two: bitFlag(4),
  three: bitFlag(5),
  four: bitFlag(6),
});
/** EF.eMLPP (TS 31.102 4.2.39): levels that are subscribed, and those with fast set-up. */
export const priorities = struct({ subscribed: levels, fast: levels });
/** EF.AAeM (TS 31.102 4.2.40): levels whose calls are answered by themselves. */
export const automaticAnswer = levels;
/** EF.VGCS and EF.VBS (TS 31.102 4.2.73): group identifiers, four octets each. */
export const groupIdentifiers = listOf(swappedBcd(4), 50);
/** EF.VGCSS and EF.VBSS (TS 31.102 4.2.74): which of fifty groups are active, and six bits that are 1. */
export const groupStatus = hexOf(7);
/** EF.VGCSCA and EF.VBSCA (TS 31.102 4.2.77): algorithms of the two keys of each group. */
export const groupCiphers = untilFiller(listOf(struct({ first: u8, second: u8 }), 50));
/** EF.NIA (TS 31.102 4.2.71): a category of alerting, and what it is called. */
export const alerting = orEmpty(struct({ category: u8, name: alpha }));
/** EF.CMI (TS 31.102 4.2.46): how a barred number is compared. */
export const comparison = (length: number) =>
  orEmpty(
    map(
      beforeLast(alpha, 1, u8, length),
      ([name, method]) => ({ name, method }),
      ({ name, method }) => [name, method] as const,
    ),
  );
/** EF.MMSN (TS 31.102 4.2.67): a notification of a multimedia message. */
export const notification = orEmpty(struct({ status: u16, implementation: u8, notification: hexOf(16), next: u8 }));

/** Type of address, then the address: 00 name, 01 IPv4, 02 IPv6. */
const address = map(
  hexRest,
  (text) => ({ type: Number.parseInt(text.slice(0, 2), 16), address: text.slice(2) }),
  ({ type, address }) => type.toString(16).padStart(2, '0') + address,
);
/** EF.P-CSCF (TS 31.103 4.2.8) and EF.ePDGId (TS 31.102 4.2.104). */
export const serverAddress = untilFiller(orEmptyTlv(tagged(0x80, address)));
/** EF.ePDGSelection (TS 31.102 4.2.105): gateways by network and priority. */
export const gatewaySelection = thenFiller(
  tagged(0x80, listOf(struct({ network, priority: u16, format: enumeration(u8, { operator: 0, location: 1 }) }), 40)),
);
/** One name in an object 80: a URI, an IARI, a key centre, an identity of IMS. */
export const name: Format<string | undefined> = untilFiller(orEmptyTlv(tagged(0x80, utf8)));

const group = struct({ type: u8, naming: u8, identifier: u32 });
/** EF.ACSGL (TS 31.102 4.4.6.2): closed groups of a network. */
export const closedGroups = untilFiller(
  orEmptyTlv(tagged(0xa0, berTlvSet({ network: required(0x80, network), group: optional(0x81, group) }, 'ignore'))),
);
/** EF.CSGT and EF.HNBN (TS 31.102 4.4.6.3, 4.4.6.4): a text by itself. */
export const groupText = untilFiller(
  berTlvSet({ text: optional(0x89, alpha), name: optional(0x80, alpha), icon: optional(0x81, u8) }),
);
/** EF.NID (TS 31.102 4.4.12.3). */
export const networkIdentifier = orEmpty(
  struct({ assignment: enumeration(u8, { coordinated1: 0, own: 1, coordinated2: 2 }), identifier: hexOf(5) }),
);
/** EF.DRI (TS 31.102 4.4.11.17). */
export const disasterRoaming = struct({
  enabled: u8,
  parameters: bits(1, { wait: bitFlag(0), back: bitFlag(1), applicability: bitFlag(2) }),
  wait: hexOf(2),
  back: hexOf(2),
  applicability: u8,
});
/** EF.5GSEDRX (TS 31.102 4.4.11.18). */
export const extendedReception = struct({ technologies: u8, cycle: u8 });
/** EF.IMG (TS 31.102 4.6.1.1): instances of an image. */
export const imageInstances = untilFiller(
  struct({
    instances: u8,
    list: listOf(struct({ width: u8, height: u8, coding: u8, file: u16, offset: u16, length: u16 }), 16),
  }),
);
/** EF.MSK (TS 31.102 4.2.80): service keys of a domain. */
export const serviceKeys = orEmpty(
  struct({ domain: hexOf(3), count: u8, keys: untilFiller(listOf(struct({ key: u32, counter: u32 }), 10)) }),
);
/** EF.MUK (TS 31.102 4.2.81). */
export const userKey = untilFiller(
  berTlvSet({ identifier: optional(0xa0, hexRest), counter: optional(0x81, hexRest) }),
);
/** EF.NCP-IP (TS 31.102 4.2.90). */
export const connectivity = untilFiller(
  berTlvSet({
    accessPoint: optional(0x80, hexRest),
    login: optional(0x81, alpha),
    password: optional(0x82, alpha),
    range: optional(0x83, hexRest),
    bearer: optional(0x84, hexRest),
  }),
);
