/**
 * Where the UICC keeps what in its card memory. These numbers are the format of every card in the field: never give one another meaning.
 * 4000 to 4FFF belong to the application (application.ts).
 */
export const MEMORY_KEY = {
  profile: 0x0001,
  /** What a suspended UICC must find again (suspension.ts). */
  suspension: 0x0002,
  /** The files of the card as data, when they are not the standard card's (file-system/file-plan.ts). */
  filePlan: 0x0003,
  pin1: 0x0010,
  adm1: 0x0011,
  /** The last counter of an OTA key set, 5 octets; the number of the key set is added. */
  otaCounter: 0x0020,
  /** Ks and RAND of the last bootstrapping, and the keys that were derived for servers (TS 31.102 7.1.1.4, 7.1.1.5). */
  bootstrapped: 0x0030,
  internalKeys: 0x0031,
  /** The same of an ISIM (TS 31.103 7.1.1). */
  isimBootstrapped: 0x0032,
  isimInternalKeys: 0x0033,
  /** The last SQN accepted under an index, 6 octets; the index 0 to 31 is added (TS 33.102 C.2.2). */
  sequenceNumber: 0x0100,
  /** Any other key reference of the whole card: 02 to 0E, 11, 8A to 8E; the reference is added. */
  keyReference: 0x0300,
  /** A second PIN; 8 times the number of its application and the last three bits of the reference 81 to 88 are added. */
  secondPin: 0x0400,
  /** Content of an EF that is not of records, or the place of the newest record of a cyclic one; the number of the file is added. */
  file: 0x1000,
  /** Present when an EF is not activated: empty for deactivated, or its life cycle; the number of the file is added. */
  lifeCycle: 0x1100,
  /** What files the card has more, less or in another size than its image (card-structure.ts). */
  structure: 0x1f00,
  /** Head of a file that a command created; its place 0 to 199 is added. */
  createdFile: 0x2000,
  /** Content of a file that a command created, all records in one; its place is added. */
  createdContent: 0x2100,
  /** 6000 to 7FFF: files that a plan has and no table (file-system/own-numbers.ts). */
  ownFile: 0x6000,
  /** A record of an EF; 256 times the number of the file and the record's place from 0 are added. */
  record: 0x8000,
} as const;
