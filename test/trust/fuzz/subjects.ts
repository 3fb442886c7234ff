import { fromHex, toHex } from '#base/codec/index.ts';
import { tableAes } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { storageSupport } from '#handset/storage-support/index.ts';
import { uicc } from '#handset/uicc/index.ts';
import { SUPPORT_DATA } from '#protocol/imei-lock/index.ts';
import { FACTORY_KEYS, IMEI, supportMedium, uiccMedium } from '../pair.ts';
import { type Domain, domainSubject } from './domain.ts';
import type { Subject } from './subject.ts';
import { uiccSubject } from './uicc.ts';

const key = (octet: string) => fromHex(octet.repeat(16));
const MANAGEMENT = {
  keySets: [
    { version: 0x30, first: key('c0'), second: key('c1'), dek: key('c2') },
    { version: 0x03, first: key('d0'), second: key('d1'), dek: key('d2') },
  ],
};

/** Where a UICC keeps the sequence counter and the tries of its issuer's key set 30. */
const keyState = 0x5330;

/** The issuer's security domain (GPC 2.3.1). */
const ISSUER: Domain = {
  name: 'issuer',
  medium: uiccMedium({ management: MANAGEMENT }),
  card: (memory, fault) => uicc({ memory, random: seededRandom('fuzz'), fault }),
  aid: 'A000000151000000',
  versions: new Map([[0x30, 10]]),
  closed: 0x6983,
  guarded: ['80F2', '80F0', '80D8', '80E2', '80E6', '80E4', '80E8'],
  secrets: MANAGEMENT.keySets.flatMap(({ first, second, dek }) => [first, second, dek]).map(toHex),
  counters: [keyState],
};

/** The storage support in the field. */
const SUPPORT: Domain = {
  name: 'support',
  medium: supportMedium(),
  card: (memory, fault) => storageSupport({ memory, random: seededRandom('fuzz'), aes: tableAes }, fault),
  aid: 'F041535341590201',
  versions: new Map([[0x3f, 10]]),
  closed: 0x6a88,
  guarded: [
    '80E2',
    '80F0',
    '80D8',
    '8046',
    ...Object.values(SUPPORT_DATA).map((tag) => `80CA${tag.toString(16).toUpperCase()}`),
  ],
  secrets: [toHex(IMEI.toOctets()).slice(2, 14), ...Object.values(FACTORY_KEYS).map(toHex)],
  counters: [0x0011, 0x003f],
};

/** Everything that can be fuzzed. */
export const SUBJECTS: readonly Subject[] = [uiccSubject(), domainSubject(ISSUER), domainSubject(SUPPORT)];
