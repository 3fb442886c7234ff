import { fromHex } from '#base/codec/index.ts';

/** AID of an issuer security domain (GPC 2.3.1 H.1.3). */
export const ISSUER_DOMAIN_AID: Uint8Array = fromHex('A000000151000000');
/** The name of Visa's Open Platform, by which older tools ask for the issuer security domain. */
export const ISSUER_DOMAIN_ALIAS: Uint8Array = fromHex('A000000003000000');
/** The load file that security domains are made from, and its one module (GPC UICC Configuration 1.0.1). */
export const SECURITY_DOMAIN_PACKAGE: Uint8Array = fromHex('A0000001515350');
/** The module of that load file. */
export const SECURITY_DOMAIN_MODULE: Uint8Array = fromHex('A000000151535041');

/** Key versions of the issuer security domain as this house issues it: sessions (SCP03), and packets over the air (TS 102 225). */
export const ISSUER_KEY_VERSION = { session: 0x30, packets: 0x03 } as const;

/** Life cycle of a card (GPC 2.3.1 table 11-6); it is the issuer security domain's. */
export const CARD_LIFE_CYCLE = {
  ready: 0x01,
  initialized: 0x07,
  secured: 0x0f,
  locked: 0x7f,
  terminated: 0xff,
} as const;
/** Life cycle of a card. */
export type CardLifeCycle = (typeof CARD_LIFE_CYCLE)[keyof typeof CARD_LIFE_CYCLE];

/** Life cycle of applications and security domains; bit 8 set: locked (GPC 2.3.1 tables 11-4, 11-5). */
export const APPLICATION_STATE = { installed: 0x03, selectable: 0x07, personalized: 0x0f, locked: 0x80 } as const;

/** First octet of the privileges (GPC 2.3.1 table 11-7). */
export const PRIVILEGE = {
  securityDomain: 0x80,
  cardLock: 0x10,
  cardTerminate: 0x08,
  cardReset: 0x04,
} as const;

/** Data objects of GET DATA and STORE DATA (GPC 2.3.1 11.3.3, H.2; TS 102 226 8.2.1.7). */
export const DATA_TAG = {
  issuerIdentification: 0x42,
  cardImageNumber: 0x45,
  cardRecognition: 0x66,
  sequenceCounter: 0xc1,
  keyDiversification: 0xcf,
  keyInformation: 0xe0,
  managerUrl: 0x5f50,
  productionLifeCycle: 0x9f7f,
  extendedResources: 0xff21,
} as const;

/**
 * TARs of remote management (TS 101 220 annex D): RAM is the issuer security domain; RFM of the files all applications share, and of the
 * first USIM. Those that begin with B2 are the same applications for the expanded format. What annex D says beyond the first of each line
 * could not be read: these are the ones that published tools and cards use, and a profile may name others.
 */
export const REMOTE_MANAGEMENT_TAR = {
  applications: fromHex('000000'),
  sharedFiles: [fromHex('B00000'), fromHex('B20000')],
  usimFiles: [fromHex('B00001'), fromHex('B00011'), fromHex('B20100')],
  isimFiles: fromHex('B00002'),
  /** Commands of class A0 to the files of 2G. */
  simFiles: fromHex('B00010'),
} as const;
