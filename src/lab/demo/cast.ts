import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import type { VariantName } from '#handset/operating-system/index.ts';

/** A handset of the demonstration, and who is in it. IMEIs have real type allocation codes and made-up serial numbers. */
export interface Part {
  /** Name in the ladder. */
  readonly name: string;
  readonly story: string;
  /** IMEI in the storage support; undefined: an old handset that has none. */
  readonly imei: Imei | undefined;
  /** IMEI in the flash: what the operating system believes. */
  readonly flash: Imei;
  readonly os: VariantName;
  /** IMEI that a fraudulent operating system claims. */
  readonly otherImei?: Imei;
  /** Support identity, 8 octets in hexadecimal. */
  readonly support: string;
  readonly iccid: Iccid;
  readonly imsi: Imsi;
  readonly msisdn: Msisdn;
  /** `person`: any handset that proves its IMEI; `fleet`: this handset only; `none`: a UICC whose lock sleeps. */
  readonly policy: 'person' | 'fleet' | 'none';
}

const imei = (digits: string) => Imei.parse(digits);
const HONEST = imei('35674108990011');
const STOLEN = imei('35332510990022');
const FORGED = imei('35145120990033');
const FLEET = imei('35391805990044');
const CLONED = imei('49015420990055');
const CLONE_C = imei('35851004990066');

/** Subscriber number `n` of the test network 001 01. */
function subscriber(n: number): Pick<Part, 'iccid' | 'imsi' | 'msisdn' | 'support'> {
  const number = String(n).padStart(2, '0');
  return {
    iccid: Iccid.issue(`8988211000000000${number}`),
    imsi: Imsi.parse(`0010100000000${number}`),
    msisdn: Msisdn.parse(`99970000000${number}`),
    support: `4153534159000000${number}`.slice(-16),
  };
}

/** Who appears, in order. */
export const CAST: Readonly<
  Record<'honest' | 'stolen' | 'forger' | 'liar' | 'genuine' | 'copy' | 'copyWithProof', Part>
> = {
  honest: {
    name: 'honest',
    story: 'an honest handset',
    imei: HONEST,
    flash: HONEST,
    os: 'honest',
    policy: 'person',
    ...subscriber(1),
  },
  stolen: {
    name: 'stolen',
    story: 'a stolen handset, abroad, where no network asks the register',
    imei: STOLEN,
    flash: STOLEN,
    os: 'honest',
    policy: 'person',
    ...subscriber(2),
  },
  forger: {
    name: 'forger',
    story: 'a stolen handset whose operating system forges the IMEI',
    imei: FORGED,
    flash: FORGED,
    os: 'forges-imei',
    otherImei: HONEST,
    policy: 'person',
    ...subscriber(3),
  },
  liar: {
    name: 'liar',
    story: 'an operating system that lies to the network only',
    imei: FLEET,
    flash: FLEET,
    os: 'lies-to-network',
    otherImei: HONEST,
    policy: 'fleet',
    ...subscriber(4),
  },
  genuine: {
    name: 'genuine',
    story: 'one IMEI in three handsets: the genuine one',
    imei: CLONED,
    flash: CLONED,
    os: 'honest',
    policy: 'person',
    ...subscriber(5),
  },
  copy: {
    name: 'copy',
    story: 'a copy: an old handset with the IMEI written into its flash',
    imei: undefined,
    flash: CLONED,
    os: 'honest',
    policy: 'none',
    ...subscriber(6),
  },
  copyWithProof: {
    name: 'copy 2',
    story: 'a copy that proves another IMEI than it tells the network',
    imei: CLONE_C,
    flash: CLONE_C,
    os: 'lies-to-network',
    otherImei: CLONED,
    policy: 'person',
    ...subscriber(7),
  },
};
