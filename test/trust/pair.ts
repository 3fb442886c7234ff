import { fromHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { type NonVolatile, type Random, ramMemory, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import {
  makerRoot,
  personalisedMemory,
  rootPoint,
  SUPPORT_MEMORY_SIZE,
  storageSupport,
} from '#handset/storage-support/index.ts';
import { imeiLock } from '#handset/uicc/imei-lock/index.ts';
import {
  personaliseUicc,
  type ToolkitPort,
  type UiccPersonalisation,
  USUAL_POLICY,
  uicc,
} from '#handset/uicc/index.ts';
import { coreNetworkNow } from '#lab/core-network/index.ts';
import type { Card } from '#protocol/apdu/index.ts';
import { issueGpCertificate } from '#protocol/secure-channel/index.ts';
import { homeOf, inHandset } from '#test/lone-handset.ts';

// A UICC with its lock, a storage support, and an honest handset around them in a network that takes it: for the tests of this folder.

const MEMORY_OCTETS = 16_384;
const random = seededRandom('trust');
const maker = makerRoot(fromHex('4D414B4552'), random);
const operator = generateKeyPair('P-256', random);
const CA = fromHex('4F50');
export const K = fromHex('465B5CE8B199B49FAA5F0A2EE238A6BC');
export const OPC = fromHex('CD63CB71954A9F4E48A5994E37A02BAF');
export const IMEI = Imei.parse('35674108990011');
const key = (octet: string) => fromHex(octet.repeat(16));
/** Keys of the operator's packets to the lock. */
export const ANSWER_KEYS = { kic: key('a0'), kid: key('a1') } as const;

function identity(iccid: Iccid): NonNullable<UiccPersonalisation['oce']> {
  const keys = generateKeyPair('P-256', random);
  const subject = iccid.toEf();
  const publicKey = { point: publicPoint(keys.publicKey), curve: 'P-256' } as const;
  const fields = {
    serial: subject,
    authority: CA,
    subject,
    usage: 'keyAgreement',
    validTo: 20461231,
    publicKey,
  } as const;
  const { d = '' } = keys.privateKey.keyObject.export({ format: 'jwk' });
  const privateScalar = new Uint8Array(Buffer.from(d, 'base64url'));
  return { certificate: issueGpCertificate(operator.privateKey, fields), privateScalar, caIdentifier: CA };
}

/** A medium with a UICC that has never met a support. */
export function uiccMedium(change: Partial<UiccPersonalisation> = {}): NonVolatile {
  const medium = ramMemory(MEMORY_OCTETS);
  const iccid = Iccid.issue('898821100000000001');
  personaliseUicc(cardMemory(medium), {
    iccid,
    imsi: Imsi.parse('001010000000001'),
    msisdn: Msisdn.parse('99970000001'),
    mncLength: 2,
    algorithm: { kind: 'milenage', k: K, opc: OPC },
    serviceCentre: Msisdn.parse('1234567890'),
    operatorAddress: Msisdn.parse('27729'),
    otaKeys: { answer: ANSWER_KEYS, report: { kic: key('b0'), kid: key('b1') } },
    adm: fromHex('0102030405060708'),
    oce: identity(iccid),
    makerRoots: [{ caIdentifier: maker.identifier, publicPoint: rootPoint(maker) }],
    policy: USUAL_POLICY,
    ...change,
  });
  return medium;
}

/** Keys that a factory gave to every storage support here. */
export const FACTORY_KEYS = { enc: key('f0'), mac: key('f1'), dek: key('f2') } as const;

/** A medium with a storage support out of the factory. */
export function supportMedium(): NonVolatile {
  const medium = ramMemory(SUPPORT_MEMORY_SIZE);
  const authorities = [{ caIdentifier: CA, publicPoint: publicPoint(operator.publicKey) }];
  const order = {
    ...{ imei: IMEI, identity: fromHex('A1A2A3A4A5A6A7A8'), authorities },
    ...{ validFrom: 20260101, validTo: 20461231 },
  };
  personalisedMemory(cardMemory(medium), { enc: key('f0'), mac: key('f1'), dek: key('f2') }, order, {
    root: maker,
    random,
  });
  return medium;
}

/** The UICC of this memory. */
export const uiccOn = (memory: CardMemory, chance: Random = seededRandom('uicc')): Card =>
  uicc({ memory, random: chance, application: (port: ToolkitPort) => imeiLock(port, tableAes) });
/** The storage support of this memory. */
export const supportOn = (memory: CardMemory, chance: Random = seededRandom('support')): Card =>
  storageSupport({ memory, random: chance, aes: tableAes });

const home = homeOf(K, OPC, random);
/** An honest handset in a network that knows its subscriber; SQN rises over all handsets. */
export const handsetOf = (card: Card, support: Card) => inHandset(card, support, coreNetworkNow(home), IMEI);
