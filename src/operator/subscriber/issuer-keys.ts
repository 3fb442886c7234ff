import type { Iccid } from '#base/identity/index.ts';
import type { MasterKey } from '#operator/database/index.ts';
import { ISSUER_KEY_VERSION } from '#protocol/card-management/index.ts';

/** Three AES-128 keys of one version of a UICC's issuer security domain. Secret: never log them. */
export interface IssuerKeys {
  readonly version: number;
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  readonly dek: Uint8Array;
}

const AES_128 = 16;

/** The keys that a UICC's issuer security domain is personalised with, of this card alone: for sessions, and for packets over the air. */
export function issuerKeys(masterKey: MasterKey, iccid: Iccid): readonly [session: IssuerKeys, packets: IssuerKeys] {
  const key = (purpose: string) => masterKey.derive(purpose, iccid.toEf(), AES_128);
  const { session, packets } = ISSUER_KEY_VERSION;
  return [
    { version: session, first: key('scp03 enc'), second: key('scp03 mac'), dek: key('scp03 dek') },
    { version: packets, first: key('ota issuer kic'), second: key('ota issuer kid'), dek: key('ota issuer dek') },
  ];
}

const isForPackets = ({ version }: IssuerKeys) => version === ISSUER_KEY_VERSION.packets;

/** True when there is a key set among these by which the operator sends scripts. */
export const isManageable = (keySets: readonly IssuerKeys[]): boolean => keySets.some(isForPackets);

/** The key set of packets among these; `isManageable` said that there is one. */
export const issuerPacketKeys = (keySets: readonly IssuerKeys[]): IssuerKeys =>
  keySets.find(isForPackets) as IssuerKeys;
