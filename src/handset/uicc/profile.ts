import {
  berTlvSet,
  enumeration,
  type Format,
  type Infer,
  listOf,
  many,
  map,
  octets,
  optional,
  required,
  rest,
  swappedBcd,
  u8,
  uint,
} from '#base/codec/index.ts';
import { Iccid, Imsi, Msisdn, suciCalculation } from '#base/identity/index.ts';

/** Digits as ASCII: a number keeps its length whatever it is. */
const number: Format<Msisdn> = map(
  rest(3, 15),
  (ascii) => Msisdn.parse(String.fromCharCode(...ascii)),
  ({ digits }) => Uint8Array.from(digits, (digit) => digit.charCodeAt(0)),
);
const key = octets(16);
/** Algorithms that GSM has of its own; without one the conversions of the other algorithm serve. */
const gsm = berTlvSet({
  algorithm: required(0x80, enumeration(u8, { comp128v1: 1, comp128v2: 2, comp128v3: 3, xor: 4 })),
  ki: required(0x81, key),
});
/** TS 33.102 C.2; the limits in steps of SEQ. Cards without this have 5 bits of IND and no limits. */
const sequence = berTlvSet({
  indBits: required(0x80, u8),
  delta: optional(0x81, uint(6)),
  ageLimit: optional(0x82, uint(6)),
  initial: optional(0x83, listOf(uint(6), 32)),
});
/** Who calculates the SUCI (services 124 and 125), and of what. Cards without this let the terminal use the null-scheme. */
const suci = berTlvSet({
  by: required(0x80, enumeration(u8, { terminal: 1, usim: 2 })),
  calculation: required(0xa1, suciCalculation),
  routingIndicator: required(0x82, swappedBcd(2)),
});
const keys = berTlvSet({ kic: required(0x80, key), kid: required(0x81, key) });

/** Text as UTF-8. */
const text: Format<string> = map(
  rest(1, 120),
  (octets) => new TextDecoder().decode(octets),
  (value) => new TextEncoder().encode(value),
);

/** What the UICC keeps of its personalisation beside PINs and the lock. Full of secrets: no command reads it. */
export const uiccProfile = berTlvSet({
  iccid: required(
    0x80,
    map(octets(10), Iccid.fromEf, (iccid) => iccid.toEf()),
  ),
  imsi: required(
    0x81,
    map(octets(9), Imsi.fromEf, (imsi) => imsi.toEf()),
  ),
  msisdn: required(0x82, number),
  mncLength: required(0x83, u8),
  milenage: optional(0xa4, berTlvSet({ k: required(0x80, key), opc: required(0x81, key) })),
  tuak: optional(
    0xa5,
    berTlvSet({
      k: required(0x80, rest(16, 32)),
      topc: required(0x81, octets(32)),
      res: required(0x82, u8),
      iterations: required(0x83, u8),
    }),
  ),
  serviceCentre: required(0x86, number),
  operatorAddress: required(0x87, number),
  answerKeys: required(0xa8, keys),
  reportKeys: required(0xa9, keys),
  xor: optional(0xaa, berTlvSet({ k: required(0x80, key), res: required(0x81, u8) })),
  gsm: optional(0xab, gsm),
  sequence: optional(0xac, sequence),
  suci: optional(0xad, suci),
  /** What makes an ISIM; what is missing is derived from the IMSI (TS 23.003 13). */
  ims: optional(
    0xb0,
    berTlvSet({
      privateIdentity: optional(0x80, text),
      domain: optional(0x81, text),
      publicIdentities: many(0x82, text),
      proxies: many(0x83, text),
    }),
  ),
});
/** What the UICC keeps of its personalisation beside PINs and the lock. */
export type UiccProfile = Infer<typeof uiccProfile>;
/** Reads it from the card's memory: once in a power-on. Without power a card of a fleet waits long, and its octets stand there already. */
export type ReadProfile = () => UiccProfile;
