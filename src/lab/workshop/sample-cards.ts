import { fromHex } from '#base/codec/index.ts';
import { generateKeyPair, importPrivateKey, type PrivateKey, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { type Clock, type Random, ramMemory } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import {
  makerRoot,
  personalisedMemory,
  rootPoint,
  SUPPORT_MEMORY_SIZE,
  storageSupport,
} from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import { personaliseUicc, type ToolkitPort, USUAL_POLICY, uicc } from '#handset/uicc/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { ISSUER_KEY_VERSION } from '#protocol/card-management/index.ts';
import { calendarDate, issueGpCertificate } from '#protocol/secure-channel/index.ts';

/** Octets of the sample UICC's memory. */
const UICC_MEMORY_SIZE = 65_536;
const VALID_YEARS = 20;

/** Who the sample cards are. K and OPc are those of 3GPP TS 35.208 test set 1, so that its vectors can be tried: they protect nothing. */
export const SAMPLE = {
  iccid: Iccid.issue('898821100000000000'),
  imsi: Imsi.parse('001010000000001'),
  imei: Imei.parse('35674108990077'),
  support: '4153534159000000',
  k: fromHex('465B5CE8B199B49FAA5F0A2EE238A6BC'),
  opc: fromHex('CD63CB71954A9F4E48A5994E37A02BAF'),
  /** Key-ENC, Key-MAC and Key-DEK of its issuer security domain: the one that GlobalPlatform tools try when they are given none. */
  issuerKey: fromHex('404142434445464748494A4B4C4D4E4F'),
} as const;

/** What the sample UICC is personalised with beside keys that are drawn. */
const SUBSCRIBER = {
  iccid: SAMPLE.iccid,
  imsi: SAMPLE.imsi,
  msisdn: Msisdn.parse('99970000000'),
  mncLength: 2,
  algorithm: { kind: 'milenage', k: SAMPLE.k, opc: SAMPLE.opc },
  serviceCentre: Msisdn.parse('1234567890'),
  operatorAddress: Msisdn.parse('27729'),
  policy: { ...USUAL_POLICY, gate: 'open' },
} as const;

const AES_128 = 16;
const OPERATOR = fromHex('53414D504C45204F50');
const MAKER = fromHex('53414D504C45204D4B');

/** A UICC and a storage support that know each other. */
export interface SampleCards {
  readonly uicc: Card;
  readonly support: Card;
}

/**
 * Cards to try things with, in memory: what is done to them ends with the process. The UICC's lock is open, so that AUTHENTICATE runs in a
 * plain reader; PIN1 is not asked, and is 0000.
 */
export function sampleCards({ random, clock }: { readonly random: Random; readonly clock: Clock }): SampleCards {
  const today = calendarDate(clock.now());
  const dates = { validFrom: today, validTo: today + VALID_YEARS * 10_000 };
  const maker = makerRoot(MAKER, random);
  const operator = generateKeyPair('P-256', random);
  const support = cardMemory(ramMemory(SUPPORT_MEMORY_SIZE));
  const authorities = [{ caIdentifier: OPERATOR, publicPoint: publicPoint(operator.publicKey) }];
  const order = { imei: SAMPLE.imei, identity: fromHex(SAMPLE.support), authorities, ...dates };
  const factoryKeys = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
  personalisedMemory(support, factoryKeys, order, { root: maker, random });
  const memory = cardMemory(ramMemory(UICC_MEMORY_SIZE));
  personaliseUicc(memory, {
    ...SUBSCRIBER,
    otaKeys: { answer: drawnKeys(random), report: drawnKeys(random) },
    adm: random.octets(8),
    oce: certified(operator.privateKey, dates, random),
    makerRoots: [{ caIdentifier: MAKER, publicPoint: rootPoint(maker) }],
    management: {
      keySets: [
        keySet(ISSUER_KEY_VERSION.session, SAMPLE.issuerKey),
        keySet(ISSUER_KEY_VERSION.packets, random.octets(AES_128)),
      ],
    },
  });
  const application = (port: ToolkitPort) => imeiLock(port, tableAes);
  return {
    uicc: uicc({ memory, random, aes: tableAes, application }),
    support: storageSupport({ memory: support, random, aes: tableAes }),
  };
}

const keySet = (version: number, key: Uint8Array) => ({ version, first: key, second: key, dek: key });
const drawnKeys = (random: Random) => ({ kic: random.octets(16), kid: random.octets(16) });

/** A key of the sample UICC, and the operator's word for it (SCP11a). */
function certified(
  operator: PrivateKey,
  dates: { readonly validFrom: number; readonly validTo: number },
  random: Random,
) {
  const privateScalar = random.octets(32);
  const subject = SAMPLE.iccid.toEf();
  const publicKey = { point: publicPoint(importPrivateKey('P-256', privateScalar)), curve: 'P-256' } as const;
  const facts = { serial: subject, authority: OPERATOR, subject, usage: 'keyAgreement', publicKey, ...dates } as const;
  return { certificate: issueGpCertificate(operator, facts), privateScalar, caIdentifier: OPERATOR };
}
