import { fromHex } from '#base/codec/index.ts';

// Every proprietary value of Assay stands in this file and in docs/protocol.md, nowhere else.

/** AID of the applet on the storage support (2): category F, unregistered (ISO/IEC 7816-4 8.2.1.2), "ASSAY" 02. */
export const STORAGE_SUPPORT_AID: Uint8Array = fromHex('F0 4153534159 0201');
/** AID of the IMEI lock on the UICC (31). */
export const IMEI_LOCK_AID: Uint8Array = fromHex('F0 4153534159 3101');
/** TAR of the IMEI lock: range BFFF00-BFFFFF, proprietary toolkit applications (TS 101 220 annex D). */
export const IMEI_LOCK_TAR: Uint8Array = fromHex('BFFF31');

/**
 * OTA key sets of one UICC (high nibble of KIc and KID). Each direction has its own keys and counter, so that no packet can be
 * sent back to its maker as a message of the other direction (facts/ota.md 8 rule 5).
 */
export const OTA_KEY_SET = { answer: 1, report: 2 } as const;

/** Tags of GET DATA on the storage support (P1 P2), served only inside a secure channel of level 33. */
export const SUPPORT_DATA = {
  /** `80` IMEI (8), `82` counter (3). */
  imei: 0xdf20,
  /** The same for the second IMEI of a dual-SIM handset; 6A88 when there is none. */
  secondImei: 0xdf21,
  /** `81` IMEISV (9), `82` counter (3). */
  imeiSv: 0xdf22,
  /** `84` support identity (8), `83` key version number reserved for the UICC of this session (1), `82` counter (3). */
  identity: 0xdf23,
} as const;

/** Tags of GET DATA that anyone may ask: nothing in their answers says which handset this is. */
export const SUPPORT_PUBLIC_DATA = {
  /** One octet: the life cycle state (GPC 2.3.1 table 11-4). */
  lifeCycle: 0x9f70,
  /** Card recognition data (GPC 2.3.1 H.2). */
  cardRecognition: 0x0066,
  /** Key information template (GPC 2.3.1 11.3.3.1). */
  keyInformation: 0x00e0,
  /** Certificate store (GPC Amendment F). */
  certificates: 0xbf21,
} as const;

/** Life cycle of the storage support, as GlobalPlatform codes application states (GPC 2.3.1 table 11-4). */
export const SUPPORT_LIFE_CYCLE = { blank: 0x07, personalised: 0x0f, terminated: 0xff } as const;

/** Key version numbers on the storage support. Pairing keys stand in 30 to 37, one version for each UICC it has met. */
export const SUPPORT_KEY_VERSION = {
  firstPairing: 0x30,
  pairings: 8,
  factory: 0x3f,
  static: 0x40,
  scp11: 0x01,
} as const;

/** Octets of a support identity: the maker's number for the secure element, also the subject of its certificate. */
export const SUPPORT_IDENTITY_LENGTH = 8;
/** Octets of the nonce that ties an answer (104) to its report (103). */
export const NONCE_LENGTH = 8;
/** Serial numbers of revoked certificates that a UICC keeps; one more pushes out the oldest. */
export const MOST_REVOKED = 64;
