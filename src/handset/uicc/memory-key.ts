/**
 * Where the UICC keeps what in its card memory. These numbers are the format of every card in the field: never give one another meaning.
 * 4000 to 4FFF belong to the application (application.ts).
 */
export const MEMORY_KEY = {
  profile: 0x0001,
  pin1: 0x0010,
  adm1: 0x0011,
  /** The last counter of an OTA key set, 5 octets; the number of the key set is added. */
  otaCounter: 0x0020,
  /** Ks and RAND of the last bootstrapping, and the keys that were derived for servers (TS 31.102 7.1.1.4, 7.1.1.5). */
  bootstrapped: 0x0030,
  internalKeys: 0x0031,
  /** The last SQN accepted under an index, 6 octets; the index 0 to 31 is added (TS 33.102 C.2.2). */
  sequenceNumber: 0x0100,
  /** Content of a transparent EF, or the place of the newest record of a cyclic one; the number of the file is added. */
  file: 0x1000,
  /** Present when an EF is deactivated; the number of the file is added. */
  deactivated: 0x1100,
  /** A record of an EF; 256 times the number of the file and the record's place from 0 are added. */
  record: 0x8000,
} as const;
