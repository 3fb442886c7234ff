import {
  berTlvSet,
  enumeration,
  type Format,
  type Infer,
  many,
  octets,
  optional,
  required,
  rest,
  struct,
  u8,
  u24,
  uint,
} from '#base/codec/index.ts';

/**
 * Where card management keeps what in the card's memory: 5000 to 5FFF. A security domain has a number, the issuer's 0, and 512 keys of its
 * own. These numbers are the format of every card in the field.
 */
export const MANAGEMENT_KEY = {
  /** What personalisation gave: `managementProfile`. */
  profile: 0x5000,
  /** The card's life cycle, one octet (GPC 2.3.1 table 11-6). */
  lifeCycle: 0x5001,
  domains: 0x5200,
} as const;

/** Security domains of one card, the issuer's included. */
export const MOST_DOMAINS = 7;
const OCTETS_OF_KEYS = 0x200;
const OF_DOMAIN = { entry: 0, data: 0x10, keySet: 0x80, keyState: 0x100 } as const;

const domain = (number: number): number => MANAGEMENT_KEY.domains + OCTETS_OF_KEYS * number;
/** The registry's entry of a security domain. */
export const entryKey = (number: number): number => domain(number) + OF_DOMAIN.entry;
/** A data object that STORE DATA may write, by its place in STORED_TAGS. */
export const dataKey = (number: number, place: number): number => domain(number) + OF_DOMAIN.data + place;
/** The keys of a version, and its counters: apart, so that a counter does not write keys again. */
export const keySetKey = (number: number, version: number): number => domain(number) + OF_DOMAIN.keySet + version;
/** The counters of a key version. */
export const keyStateKey = (number: number, version: number): number => domain(number) + OF_DOMAIN.keyState + version;
/** All keys of a security domain. */
export const keysOfDomain = (number: number): readonly number[] =>
  Array.from({ length: OCTETS_OF_KEYS }, (_, place) => domain(number) + place);

/** A security domain in the registry. The issuer's has no life cycle of its own: it is the card's. */
export const domainEntry = berTlvSet({
  aid: required(0x4f, rest(5, 16)),
  lifeCycle: required(0x80, u8),
  privileges: required(0x81, octets(3)),
  /** Number of the security domain it belongs to. */
  parent: required(0x82, u8),
});
/** A security domain in the registry. */
export type DomainEntry = Infer<typeof domainEntry>;

const aesKey = rest(16, 32);
/** Three AES keys of one version: Key-ENC, Key-MAC, Key-DEK of SCP03, or KIc, KID, KIK of TS 102 225. */
export const keySetRecord = berTlvSet({
  first: required(0x80, aesKey),
  second: required(0x81, aesKey),
  dek: required(0x82, aesKey),
});
/** Three AES keys of one version. */
export type KeySetRecord = Infer<typeof keySetRecord>;

/** Counter of INITIALIZE UPDATE, and EXTERNAL AUTHENTICATE that may still fail. */
export const channelState = struct({ sequence: u24, tries: u8 });
/** The last counter of a packet. */
export const packetCounter: Format<number> = uint(5);

const SECURITY_LEVELS = { level16: 0x16, level1E: 0x1e } as const;

/** Files that a TAR reaches from afar (TS 102 226 7): of an application, or those all share; and the key references it counts as verified. */
const remoteFiles = berTlvSet({
  tar: required(0x80, octets(3)),
  minimumLevel: required(0x81, enumeration(u8, SECURITY_LEVELS)),
  application: optional(0x82, rest(5, 16)),
  granted: required(0x83, rest(0, 8)),
  /** Commands of class A0 to the files of 2G, instead of those of the UICC. */
  personality: optional(0x84, enumeration(u8, { sim: 1 })),
});
/** Files that a TAR reaches from afar. */
export type RemoteFileApplication = Infer<typeof remoteFiles>;

/** What the card's issuer decided at personalisation. No key stands in it. */
export const managementProfile = berTlvSet({
  /** Who answers SELECT without an AID. */
  emptySelect: required(0x80, enumeration(u8, { issuerDomain: 0, masterFile: 1 })),
  /** Least protection of a session: P1 of EXTERNAL AUTHENTICATE. */
  minimumSession: required(0x81, u8),
  /** Least protection of a packet for the issuer security domain. */
  minimumLevel: required(0x82, enumeration(u8, SECURITY_LEVELS)),
  remoteFiles: many(0xa3, remoteFiles),
});
/** What the card's issuer decided at personalisation. */
export type ManagementProfile = Infer<typeof managementProfile>;
