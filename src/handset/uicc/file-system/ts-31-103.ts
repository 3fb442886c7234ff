import type { UiccProfile } from '../profile.ts';
import { ACCESS } from './access-rule.ts';
import { name, serverAddress } from './coding-further.ts';
import { hexRest, serviceTable, utf8 } from './coding-general.ts';
import * as net from './coding-network.ts';
import { coded, type DedicatedFile, type ElementaryFile, linear, transparent } from './elementary-file.ts';
import { aidOf3gpp, ruleFile } from './ts-102-221.ts';

/** AID of the ISIM: RID of 3GPP, application code 1004 (TS 101 220 annex E). */
export const ISIM_AID: Uint8Array = aidOf3gpp(0x1004);
/** Octets of EF.IST: up to service 24. */
export const ISIM_SERVICE_OCTETS = 3;

const { pinAdm, alwaysAdm, pinPin } = ACCESS;
const NAME_LENGTH = 128;

/** The home network's domain of IMS (TS 23.003 13.2). */
function homeDomain({ imsi, mncLength }: UiccProfile): string {
  const { digits } = imsi;
  return `ims.mnc${digits.slice(3, 3 + mncLength).padStart(3, '0')}.mcc${digits.slice(0, 3)}.3gppnetwork.org`;
}
const domainOf = (profile: UiccProfile) => profile.ims?.domain ?? homeDomain(profile);
const privateIdentity = (profile: UiccProfile) =>
  profile.ims?.privateIdentity ?? `${profile.imsi.digits}@${homeDomain(profile)}`;
/** Those of the personalisation, or the one that TS 23.003 13.4B derives from the IMSI. */
const publicIdentities = (profile: UiccProfile): readonly string[] => {
  const given = profile.ims?.publicIdentities ?? [];
  return given.length > 0 ? given : [`sip:${profile.imsi.digits}@${homeDomain(profile)}`];
};
const NAME = 0x00;
const proxies = ({ ims }: UiccProfile) =>
  (ims?.proxies ?? []).map((text) => serverAddress.encode({ type: NAME, address: hexRest.decode(utf8.encode(text)) }));

// number, name, identifier, short identifier; size; access; start value; coding with its example; clause of TS 31.103; services of EF.IST
const FILES: readonly ElementaryFile[] = [
  transparent(
    [162, 'EF.IMPI', 0x6f02, 0x02],
    NAME_LENGTH,
    pinAdm,
    (profile) => name.encode(privateIdentity(profile)),
    coded(
      name,
      '803137333830303630303030303031303140696D732E6D6E633030302E6D63633733382E336770706E6574776F726B2E6F7267',
      '738006000000101@ims.mnc000.mcc738.3gppnetwork.org',
    ),
    '4.2.2',
  ),
  transparent(
    [163, 'EF.DOMAIN', 0x6f03, 0x05],
    NAME_LENGTH,
    pinAdm,
    (profile) => name.encode(domainOf(profile)),
    coded(
      name,
      '8021696D732E6D6E633030302E6D63633733382E336770706E6574776F726B2E6F7267',
      'ims.mnc000.mcc738.3gppnetwork.org',
    ),
    '4.2.3',
  ),
  linear(
    [83, 'EF.IMPU', 0x6f04, 0x04],
    NAME_LENGTH,
    4,
    pinAdm,
    (profile) => publicIdentities(profile).map((identity) => name.encode(identity)),
    coded(
      name,
      '80357369703A37333830303630303030303031303140696D732E6D6E633030302E6D63633733382E336770706E6574776F726B2E6F7267',
      'sip:738006000000101@ims.mnc000.mcc738.3gppnetwork.org',
    ),
    '4.2.4',
  ),
  transparent(
    [164, 'EF.AD', 0x6fad, 0x03],
    4,
    alwaysAdm,
    ({ mncLength }) => Uint8Array.of(0, 0, 0, mncLength),
    coded(net.administrativeData, '00000002', { mode: 'normal', facilities: 0, networkCodeLength: 2 }),
    '4.2.5',
  ),
  ruleFile(84, 0x6f06, 0x06, '4.2.6'),
  transparent(
    [165, 'EF.IST', 0x6f07, 0x07],
    ISIM_SERVICE_OCTETS,
    pinAdm,
    '',
    coded(serviceTable(ISIM_SERVICE_OCTETS), '0B0000', [1, 2, 4]),
    '4.2.7',
  ),
  linear(
    [85, 'EF.P-CSCF', 0x6f09, 0],
    NAME_LENGTH,
    4,
    pinAdm,
    proxies,
    coded(serverAddress, '800501C0A80C22', { type: 1, address: 'C0A80C22' }),
    '4.2.8',
    1,
    5,
  ),
  transparent(
    [166, 'EF.GBABP', 0x6fd5, 0],
    100,
    pinPin,
    '',
    coded(net.bootstrapping, `10${'A1'.repeat(16)}04622D69640131`, {
      rand: 'A1'.repeat(16),
      transaction: 'b-id',
      lifetime: '1',
    }),
    '4.2.9',
    2,
  ),
  linear(
    [86, 'EF.GBANL', 0x6fd7, 0],
    80,
    5,
    pinPin,
    '',
    coded(net.applicationServer, '8003616263810478797A77', { server: '616263', transaction: 'xyzw' }),
    '4.2.10',
    2,
  ),
  linear(
    [87, 'EF.NAFKCA', 0x6fdd, 0],
    NAME_LENGTH,
    2,
    pinAdm,
    '',
    coded(
      name,
      '80296273662E696D732E6D6E633030302E6D63633733382E7075622E336770706E6574776F726B2E6F7267',
      'bsf.ims.mnc000.mcc738.pub.3gppnetwork.org',
    ),
    '4.2.11',
    2,
    4,
  ),
];

/** The ISIM application: its identities come from the card's personalisation. */
export const ADF_ISIM: DedicatedFile = {
  number: 9,
  name: 'ADF.ISIM',
  identifier: 0x7ff1,
  aid: ISIM_AID,
  label: 'ISim1',
  rules: 0x6f06,
  access: ACCESS.directory,
  files: FILES,
  directories: [],
};
