import { berTlvSet, type Format, type Infer, map, octets, optional, required, rest, u8 } from '#base/codec/index.ts';
import { Iccid, Imsi, Msisdn } from '#base/identity/index.ts';

/** Digits as ASCII: a number keeps its length whatever it is. */
const number: Format<Msisdn> = map(
  rest(3, 15),
  (ascii) => Msisdn.parse(String.fromCharCode(...ascii)),
  ({ digits }) => Uint8Array.from(digits, (digit) => digit.charCodeAt(0)),
);
const key = octets(16);
const keys = berTlvSet({ kic: required(0x80, key), kid: required(0x81, key) });

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
});
/** What the UICC keeps of its personalisation beside PINs and the lock. */
export type UiccProfile = Infer<typeof uiccProfile>;
