import {
  berTlvSet,
  bitFlag,
  bits,
  enumeration,
  type Format,
  listOf,
  map,
  optional,
  rest,
  struct,
  tagged,
  u8,
  u16,
  u24,
} from '#base/codec/index.ts';
import { diallingNumber, type SmsAddress } from '#protocol/sms/index.ts';
import {
  alpha,
  beforeLast,
  counted,
  digits,
  fixed,
  hexOf,
  hexRest,
  orEmpty,
  prefixed,
  untilFiller,
} from './coding-general.ts';

/** A number with its length, in 12 octets; null when there is none. */
const number12: Format<SmsAddress | null> = counted(12, diallingNumber);

const NUMBER_PART = 14;
/** A record of a phone book: name, number, and records of other files that belong to it (TS 31.102 4.4.2.3). */
export const dialledNumber = (length: number) =>
  orEmpty(
    map(
      beforeLast(alpha, NUMBER_PART, struct({ number: number12, configuration: u8, extension: u8 }), length),
      ([name, rest]) => ({ name, ...rest }),
      ({ name, ...rest }) => [name, rest] as const,
    ),
  );

/** A record of an extension file (TS 31.102 4.4.2.4). */
export const extension = orEmpty(struct({ type: u8, data: hexOf(11), next: u8 }));

/** EF.SMS (TS 31.102 4.2.25): status, then service centre and TPDU filled with FF. */
export const shortMessage = struct({
  status: enumeration(u8, { free: 0x00, read: 0x01, unread: 0x03, sent: 0x05, toBeSent: 0x07 }),
  message: untilFiller(hexRest),
});
/** EF.SMSP (TS 31.102 4.2.27): a 0 bit of the indicators says that the parameter is there. */
export const messageParameters = (length: number) =>
  map(
    beforeLast(
      alpha,
      28,
      struct({ absent: u8, destination: number12, serviceCentre: number12, protocol: u8, coding: u8, validity: u8 }),
      length,
    ),
    ([name, rest]) => ({ name, ...rest }),
    ({ name, ...rest }) => [name, rest] as const,
  );
/** EF.SMSS (TS 31.102 4.2.28). */
export const messageStatus = struct({ lastReference: u8, memory: enumeration(u8, { exceeded: 0xfe, free: 0xff }) });
/** EF.SMSR (TS 31.102 4.2.32): the record of EF.SMS a status report belongs to. */
export const statusReport = struct({ record: u8, report: untilFiller(hexRest) });

/** EF.SPN (TS 31.102 4.2.12). */
export const providerName = struct({
  display: bits(1, { showNetwork: bitFlag(0), hideElsewhere: bitFlag(1) }),
  name: alpha,
});
/** EF.ECC of the USIM (TS 31.102 4.2.21): number, name, services. */
export const emergencyNumber = (length: number) =>
  map(
    beforeLast(struct({ number: digits(3), name: alpha }), 1, u8, length),
    ([{ number, name }, services]) => ({ number, name, services }),
    ({ number, name, services }) => [{ number, name }, services] as const,
  );
/** EF.ECC of the SIM (TS 51.011 10.3.27): three octets a number. */
export const emergencyNumbers = listOf(digits(3), 5);

/** Message identifiers of cell broadcast (TS 31.102 4.2.14). */
export const messageIdentifiers = untilFiller(listOf(u16, 64));
/** Ranges of message identifiers (TS 31.102 4.2.22). */
export const messageRanges = untilFiller(listOf(struct({ first: u16, last: u16 }), 64));

/** EF.ACM and EF.ACMmax (TS 31.102 4.2.9, 4.2.7). */
export const callMeter = u24;
/** EF.PUCT (TS 31.102 4.2.13): currency and price of a unit. */
export const unitPrice = struct({
  currency: fixed(3, alpha),
  price: u16,
});
/** EF.ICI (TS 31.102 4.2.33). */
export const incomingCall = (length: number) =>
  orEmpty(
    map(
      beforeLast(
        alpha,
        28,
        struct({
          number: number12,
          configuration: u8,
          extension: u8,
          time: hexOf(7),
          duration: u24,
          status: enumeration(u8, { answered: 0, notAnswered: 1 }),
          entry: hexOf(3),
        }),
        length,
      ),
      ([name, rest]) => ({ name, ...rest }),
      ({ name, ...rest }) => [name, rest] as const,
    ),
  );
/** EF.OCI (TS 31.102 4.2.34). */
export const outgoingCall = (length: number) =>
  orEmpty(
    map(
      beforeLast(
        alpha,
        27,
        struct({ number: number12, configuration: u8, extension: u8, time: hexOf(7), duration: u24, entry: hexOf(3) }),
        length,
      ),
      ([name, rest]) => ({ name, ...rest }),
      ({ name, ...rest }) => [name, rest] as const,
    ),
  );

/** EF.MBI (TS 31.102 4.2.62): records of EF.MBDN. */
export const mailboxes = struct({ voice: u8, fax: u8, mail: u8, other: u8, video: u8 });
/** EF.MWIS (TS 31.102 4.2.63). */
export const waitingMessages = struct({
  waiting: bits(1, {
    voice: bitFlag(0),
    fax: bitFlag(1),
    mail: bitFlag(2),
    other: bitFlag(3),
    video: bitFlag(4),
  }),
  voice: u8,
  fax: u8,
  mail: u8,
  other: u8,
  video: u8,
});
/** EF.CFIS (TS 31.102 4.2.64). */
export const callForwarding = orEmpty(
  struct({ profile: u8, active: u8, number: number12, configuration: u8, extension: u8 }),
);

/** EF.DCK (TS 31.102 4.2.49): keys of four octets. */
export const depersonalisation = struct({
  network: digits(4),
  subset: digits(4),
  provider: digits(4),
  corporate: digits(4),
});
// Names of TS 23.003: labels behind their lengths.
const accessPoint = listOf(tagged(0xdd, hexRest), 16);
/** EF.ACL (TS 31.102 4.2.48): how many access points are allowed, and which. */
export const accessPoints = struct({ count: u8, points: untilFiller(accessPoint) });

/** EF.PBR (TS 31.102 4.4.2.1): files of each kind by tag and identifier. */
const phoneBookFiles = listOf(struct({ tag: u8, file: prefixed(hexRest) }), 32);
/** A set of files of the phone book: with as many records as names (A8), linked (A9), shared (AA). */
export const phoneBook = untilFiller(
  berTlvSet({
    parallel: optional(0xa8, phoneBookFiles),
    linked: optional(0xa9, phoneBookFiles),
    shared: optional(0xaa, phoneBookFiles),
  }),
);
/** A further number of the phone book (TS 31.102 4.4.2.9). */
export const additionalNumber = orEmpty(
  struct({ group: u8, number: counted(12, diallingNumber), configuration: u8, extension: u8 }),
);
/** EF.PBC (TS 31.102 4.4.2.5): whether an entry was changed, whether it is hidden. */
export const entryControl = struct({ control: u8, hidden: u8 });
/** Groups an entry belongs to. */
export const groups = untilFiller(listOf(u8, 32));

/** EF.UMPC (TS 102 221 13.5.2). */
export const maximumPower = struct({ milliamperes: u8, timeout: u8, flags: u8, reserved: u16 });
/** EF.LP (TS 51.011 10.3.1). */
export const languagePreference = untilFiller(listOf(u8, 16));
/** Label of a capability configuration (TS 31.102 4.2.38). */
export const capability = orEmpty(rest(1, 15));
