import { fromHex } from '#base/codec/index.ts';
import { computeOpc, generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Iccid, Imei, Imsi, Msisdn } from '#base/identity/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { makerRoot, personalisedMemory, rootPoint, SUPPORT_MEMORY_SIZE } from '#handset/storage-support/index.ts';
import { personaliseUicc, type UiccPersonalisation, USUAL_POLICY } from '#handset/uicc/index.ts';
import { type CoreNetworkNow, coreNetworkNow } from '#lab/core-network/index.ts';
import { issueGpCertificate } from '#protocol/secure-channel/index.ts';
import { homeOf } from '#test/lone-handset.ts';

/** Chance of the benches: every run the same. */
export const random = seededRandom('bench');
/** The maker and the operator whose cards are measured. */
export const maker = makerRoot(fromHex('4D414B4552'), random);
const operator = generateKeyPair('P-256', random);
const CA = fromHex('4F50');
/** The IMEI of every handset here. */
export const IMEI = Imei.parse('35674108990011');
/** Octets of a UICC's memory in a fleet. */
const UICC_MEMORY = 16_384;
const K = random.octets(16);
/** K and OPc of every UICC here. */
export const SUBSCRIBER = {
  imsi: Imsi.parse('001010000000001'),
  k: K,
  opc: computeOpc(tableAes.key(K), random.octets(16)),
};

/** A home network that knows that subscriber. */
export const homeNetwork = (): CoreNetworkNow => coreNetworkNow(homeOf(SUBSCRIBER.k, SUBSCRIBER.opc, random));

/** A UICC's certificate and scalar, issued by the operator. */
export function uiccIdentity(iccid: Iccid) {
  const keys = generateKeyPair('P-256', random);
  const subject = iccid.toEf();
  const publicKey = { point: publicPoint(keys.publicKey), curve: 'P-256' } as const;
  const certificate = issueGpCertificate(operator.privateKey, {
    serial: subject,
    authority: CA,
    subject,
    usage: 'keyAgreement',
    validTo: 20461231,
    publicKey,
  });
  const { d } = keys.privateKey.keyObject.export({ format: 'jwk' });
  return { keys, certificate, privateScalar: new Uint8Array(Buffer.from(d ?? '', 'base64url')) };
}

/** A storage support out of the factory, in this memory or one of its own. */
export function supportMemory(memory: CardMemory = cardMemory(ramMemory(SUPPORT_MEMORY_SIZE))): CardMemory {
  const factoryKeys = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
  const authorities = [{ caIdentifier: CA, publicPoint: publicPoint(operator.publicKey) }];
  const order = {
    imei: IMEI,
    identity: fromHex('A1A2A3A4A5A6A7A8'),
    authorities,
    validFrom: 20260101,
    validTo: 20461231,
  };
  personalisedMemory(memory, factoryKeys, order, { root: maker, random });
  return memory;
}

/** A personalised UICC with the usual policy, in this memory or one of its own. */
export function uiccMemory(memory: CardMemory = cardMemory(ramMemory(UICC_MEMORY))): CardMemory {
  const iccid = Iccid.issue('898821100000000001');
  const { certificate, privateScalar } = uiccIdentity(iccid);
  const key = () => random.octets(16);
  const order: UiccPersonalisation = {
    iccid,
    imsi: SUBSCRIBER.imsi,
    msisdn: Msisdn.parse('99970000001'),
    mncLength: 2,
    algorithm: { kind: 'milenage', k: SUBSCRIBER.k, opc: SUBSCRIBER.opc },
    serviceCentre: Msisdn.parse('1234567890'),
    operatorAddress: Msisdn.parse('27729'),
    otaKeys: { answer: { kic: key(), kid: key() }, report: { kic: key(), kid: key() } },
    adm: random.octets(8),
    oce: { certificate, privateScalar, caIdentifier: CA },
    makerRoots: [{ caIdentifier: maker.identifier, publicPoint: rootPoint(maker) }],
    policy: USUAL_POLICY,
  };
  personaliseUicc(memory, order);
  return memory;
}
