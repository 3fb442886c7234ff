import { fromHex } from '#base/codec/index.ts';
import type { Iccid } from '#base/identity/index.ts';
import type { CardMemory, Changes } from '#handset/card/index.ts';
import {
  APPLICATION_STATE,
  DATA_TAG,
  ISSUER_DOMAIN_AID,
  PRIVILEGE,
  REMOTE_MANAGEMENT_TAR,
} from '#protocol/card-management/index.ts';
import type { SecurityLevel } from '#protocol/secure-channel/index.ts';
import { storedKey } from './data-objects.ts';
import { keySetChanges, purposeOf, storedKeySets } from './key-sets.ts';
import { domainEntry, entryKey, MANAGEMENT_KEY, managementProfile, type RemoteFileApplication } from './memory.ts';
import { ISSUER } from './registry.ts';

/** A key set of the issuer security domain: three AES keys of 16, 24 or 32 octets. */
export interface IssuerKeySet {
  /** 30 to 3F: SCP03, with Key-ENC, Key-MAC, Key-DEK; 03 to 0F: packets over the air, with KIc, KID, KIK. */
  readonly version: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly dek: Uint8Array;
}

/** What makes the issuer security domain of a UICC. Full of secrets: never log it. */
export interface ManagementPersonalisation {
  readonly keySets: readonly IssuerKeySet[];
  /** Who answers SELECT without an AID: `issuerDomain` (what GlobalPlatform tools ask for) when left out, or the MF. */
  readonly emptySelect?: 'issuerDomain' | 'masterFile';
  /** Least protection of a session; 01 (C-MAC) when left out. */
  readonly minimumSession?: Exclude<SecurityLevel, 0x00>;
  /** Least protection of a packet for the issuer security domain; 16 when left out. */
  readonly minimumLevel?: 0x16 | 0x1e;
  /** Files that TARs reach; those of `USUAL_REMOTE_FILES` when left out. */
  readonly remoteFiles?: readonly RemoteFileApplication[];
}

const USIM = fromHex('A0000000871002');
const ISIM = fromHex('A0000000871004');
/** PIN1, universal PIN, PIN2, ADM1: what an operator over the air counts as verified. */
const USUAL_GRANTS = fromHex('0111810A');
/** The shared files and those of the USIM, at level 16. */
export const USUAL_REMOTE_FILES: readonly RemoteFileApplication[] = [
  ...REMOTE_MANAGEMENT_TAR.sharedFiles.map(
    (tar): RemoteFileApplication => ({ tar, minimumLevel: 'level16', granted: USUAL_GRANTS }),
  ),
  { tar: REMOTE_MANAGEMENT_TAR.simFiles, minimumLevel: 'level16', granted: USUAL_GRANTS, personality: 'sim' },
  { tar: REMOTE_MANAGEMENT_TAR.isimFiles, minimumLevel: 'level16', application: ISIM, granted: USUAL_GRANTS },
  ...REMOTE_MANAGEMENT_TAR.usimFiles.map(
    (tar): RemoteFileApplication => ({ tar, minimumLevel: 'level16', application: USIM, granted: USUAL_GRANTS }),
  ),
];
/** Octets of the issuer identification number: the first digits of the ICCID (ITU-T E.118). */
const ISSUER_OCTETS = 4;
const CARD_PRIVILEGES = PRIVILEGE.securityDomain | PRIVILEGE.cardLock | PRIVILEGE.cardTerminate | PRIVILEGE.cardReset;

/** What is wrong with key sets, or undefined. */
export function keySetProblem(keySets: readonly IssuerKeySet[]): string | undefined {
  const versions = keySets.map(({ version }) => version);
  if (new Set(versions).size !== versions.length) return 'key sets of different versions';
  if (versions.some((version) => purposeOf(version) === undefined || version < 3))
    return 'key versions 03 to 0F for packets, 30 to 3F for sessions';
  return versions.some((version) => purposeOf(version) === 'channel') ? undefined : 'a key set for sessions, 30 to 3F';
}

/** What the issuer security domain of a card was personalised with, and the key sets it has now; undefined when the card has none. */
export function readManagement(memory: CardMemory): ManagementPersonalisation | undefined {
  const stored = memory.get(MANAGEMENT_KEY.profile);
  if (stored === undefined) return undefined;
  const { emptySelect, minimumSession, minimumLevel, remoteFiles } = managementProfile.decode(stored);
  return {
    keySets: storedKeySets(memory, ISSUER),
    ...{ emptySelect, remoteFiles, minimumLevel: minimumLevel === 'level1E' ? 0x1e : 0x16 },
    // Written by `managementRecords` alone.
    minimumSession: minimumSession as Exclude<SecurityLevel, 0x00>,
  };
}

/** The records of card management on a fresh card. Throws CodecError when a length is wrong. */
export function managementRecords(iccid: Iccid, order: ManagementPersonalisation): Changes {
  const { keySets, emptySelect = 'issuerDomain', minimumSession = 0x01, minimumLevel = 0x16 } = order;
  const digits = iccid.digits.length % 2 === 0 ? iccid.digits : `${iccid.digits}F`;
  const number = fromHex(digits);
  const profile = managementProfile.encode({
    emptySelect,
    minimumSession,
    minimumLevel: minimumLevel === 0x1e ? 'level1E' : 'level16',
    remoteFiles: order.remoteFiles ?? USUAL_REMOTE_FILES,
  });
  const entry = domainEntry.encode({
    aid: ISSUER_DOMAIN_AID,
    lifeCycle: APPLICATION_STATE.personalized,
    privileges: Uint8Array.of(CARD_PRIVILEGES, 0, 0),
    parent: ISSUER,
  });
  return [
    [MANAGEMENT_KEY.profile, profile],
    [entryKey(ISSUER), entry],
    [storedKey(ISSUER, DATA_TAG.issuerIdentification) as number, number.slice(0, ISSUER_OCTETS)],
    [storedKey(ISSUER, DATA_TAG.cardImageNumber) as number, number],
    ...keySets.flatMap(({ version, first, second, dek }) => keySetChanges(ISSUER, version, { first, second, dek })),
  ];
}
