import assert from 'node:assert/strict';
import { fromHex, toHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Imei, ImeiSv } from '#base/identity/index.ts';
import { type NonVolatile, type Random, ramMemory, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { type Card, type CommandApdu, encodeCommand, SW, statusWord } from '#protocol/apdu/index.ts';
import {
  imeiProof,
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  SUPPORT_KEY_VERSION,
  supportIdentity,
} from '#protocol/imei-lock/index.ts';
import {
  AgreementKey,
  chainVerifier,
  type HostHandshake,
  type HostSession,
  issueGpCertificate,
  putKey,
  putKeyAnswer,
  Scp03Host,
  Scp11Host,
  type SecurityLevel,
  type StaticKeyOctets,
  staticKeys,
} from '#protocol/secure-channel/index.ts';
import {
  blankSupport,
  makerRoot,
  provision,
  SUPPORT_MEMORY_SIZE,
  type SupportOrder,
  storageSupport,
  trustAnchorOf,
} from './index.ts';

/** A maker, an operator and one order of a storage support, for the tests of this room. */
export const random: Random = seededRandom('storage support');
export const root = makerRoot(fromHex('4D414B4552'), random);
export const TODAY = 20261124;
export const factory = { root, random, aes: tableAes };
export const keyOctets = () => ({ enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) });
export const factorySet = keyOctets();
export const staticKey = random.octets(16);
export const IDENTITY = fromHex('A1A2A3A4A5A6A7A8');
export const IMEI = Imei.parse('49015420323751');
export const SECOND_IMEI = Imei.parse('49015420323752');
const operator = generateKeyPair('P-256', random);
const CA = fromHex('4F50');
export const authority = { caIdentifier: CA, publicPoint: publicPoint(operator.publicKey) };
export const order: SupportOrder = {
  imei: IMEI,
  secondImei: SECOND_IMEI,
  imeiSv: ImeiSv.parse('4901542032375107'),
  identity: IDENTITY,
  authorities: [authority],
  staticKey,
  validFrom: 20260101,
  validTo: 20461231,
};
/** Faults that cards of these tests had inside. */
export const faults: unknown[] = [];

/** The card on a medium that may hold one already. */
export function reopened(medium: NonVolatile): Card {
  return onMemory(cardMemory(medium));
}
export function onMemory(memory: CardMemory): Card {
  return storageSupport({ memory, random, aes: tableAes }, (error) => faults.push(error));
}
export function blank(medium: NonVolatile = ramMemory(SUPPORT_MEMORY_SIZE)): Card {
  blankSupport(cardMemory(medium), factorySet);
  return reopened(medium);
}
export function personalised(medium?: NonVolatile): Card {
  const card = blank(medium);
  provision(card, factorySet, order, factory);
  return card;
}

/** A UICC's certificate and key, as an operator issues them. */
export function uicc(number: number, subject = fromHex(`9810000000000000${String(number).padStart(4, '0')}`)) {
  const keys = generateKeyPair('P-256', random);
  const certificate = issueGpCertificate(operator.privateKey, {
    serial: subject,
    authority: CA,
    subject,
    usage: 'keyAgreement',
    validTo: 20461231,
    publicKey: { point: publicPoint(keys.publicKey), curve: 'P-256' },
  });
  return { identity: subject, key: new AgreementKey(keys.privateKey), certificate };
}
export const firstUicc = uicc(1);

export const SELECT = encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: STORAGE_SUPPORT_AID, le: 256 });
export const get = (tag: number, cla = 0x80): CommandApdu => ({
  cla,
  ins: 0xca,
  p1: tag >> 8,
  p2: tag & 0xff,
  data: new Uint8Array(0),
  le: 256,
});

/** SCP11a as a UICC opens it. */
export function agreement(host = firstUicc): HostHandshake {
  return new Scp11Host({
    aes: tableAes,
    random,
    variant: 'a',
    cardKeyVersion: SUPPORT_KEY_VERSION.scp11,
    peer: chainVerifier({ roots: [trustAnchorOf(root)], today: TODAY, role: 'sd' }),
    key: host.key,
    certificates: [host.certificate],
    authority: { version: SUPPORT_KEY_VERSION.scp11, identifier: 0x10 },
    securityLevel: 0x33,
    keyLength: 16,
    macLength: 8,
  });
}
/** SCP03 as a UICC, or the factory, opens it. */
export function scp03(keys: StaticKeyOctets, securityLevel: SecurityLevel = 0x33): HostHandshake {
  return new Scp03Host({
    aes: tableAes,
    keys: staticKeys(tableAes, keys),
    random,
    securityLevel,
    challengeLength: 8,
    application: STORAGE_SUPPORT_AID,
  });
}

/** Runs a handshake to its end: the session, or the status word that ended it. */
export function attempt(card: Card, handshake: HostHandshake): HostSession | number | undefined {
  let command = handshake.start();
  for (;;) {
    const step = handshake.receive(card.transmit(command));
    if (step.kind === 'open') return step.session;
    if (step.kind === 'notProven') return step.statusWord;
    command = step.command;
  }
}
export function open(card: Card, handshake: HostHandshake): HostSession {
  const session = attempt(card, handshake);
  assert.ok(typeof session === 'object', `handshake ended with ${session?.toString(16)}`);
  return session;
}
/** SELECT, then a session. */
export function openAnew(card: Card, handshake: HostHandshake): HostSession {
  card.transmit(SELECT);
  return open(card, handshake);
}

/** The data of a protected answer of 9000. */
export function ask(card: Card, session: HostSession, command: CommandApdu): Uint8Array {
  const answer = session.unwrap(card.transmit(session.wrap(command)));
  assert.equal(answer.kind, 'protected', JSON.stringify(answer));
  assert.equal(answer.statusWord, SW.ok);
  return answer.kind === 'protected' ? answer.data : new Uint8Array(0);
}
/** The status word of a command sent inside a session. */
export function swInside(card: Card, session: HostSession, command: CommandApdu): number {
  return statusWord(card.transmit(session.wrap(command)));
}
export function swOf(card: Card, command: CommandApdu | string): number {
  return statusWord(card.transmit(typeof command === 'string' ? fromHex(command) : encodeCommand(command)));
}

/** A first meeting: certificates, identity, keys put. */
export function pair(card: Card, host = firstUicc): StaticKeyOctets {
  const session = openAnew(card, agreement(host));
  const { pairingKeyVersion: version } = supportIdentity.decode(ask(card, session, get(SUPPORT_DATA.identity)));
  const keys = { version, ...keyOctets() };
  assert.ok(session.dek);
  assert.deepEqual(ask(card, session, putKey(tableAes, session.dek, 0, keys, random)), putKeyAnswer(tableAes, keys));
  return keys;
}
/** A whole later power-on: the counter of its proof. */
export function proveOnce(card: Card, keys: StaticKeyOctets): number {
  return imeiProof.decode(ask(card, openAnew(card, scp03(keys)), get(SUPPORT_DATA.imei))).counter;
}

/** The records of a memory, by key, in hexadecimal. */
export function recordsIn(memory: CardMemory): Map<number, string> {
  const records = new Map<number, string>();
  for (let key = 0; key <= 0xff; key++) {
    const value = memory.get(key);
    if (value !== undefined) records.set(key, toHex(value));
  }
  return records;
}
