import { berTlvs, CodecError, NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import {
  type AesProvider,
  generateKeyPair,
  importPublicKey,
  type KeyPair,
  publicPoint,
  type Signer,
} from '#base/crypto/index.ts';
import type { Imei, ImeiSv } from '#base/identity/index.ts';
import type { Random } from '#base/port/index.ts';
import { type Card, type CommandApdu, encodeCommand, responseData, SW, statusWord } from '#protocol/apdu/index.ts';
import {
  STORAGE_SUPPORT_AID,
  SUPPORT_IDENTITY_LENGTH,
  SUPPORT_KEY_VERSION,
  SUPPORT_LIFE_CYCLE,
  SUPPORT_PUBLIC_DATA,
} from '#protocol/imei-lock/index.ts';
import {
  type AgreementKey,
  CA_KLOC_KEY_IDENTIFIER,
  type CertificateFault,
  certificateStore,
  chainVerifier,
  type HostHandshake,
  type HostSession,
  issueGpCertificate,
  type NotProven,
  type Opened,
  Scp03Host,
  Scp11Host,
  staticKeys,
  type TrustAnchor,
  type VerifiedPeer,
} from '#protocol/secure-channel/index.ts';
import { APPLICATION_STATUS, PERSONALISE_INS, type PlainItems, READ_BACK_TAG } from './personalisation.ts';
import {
  type Authority,
  type FactoryKeys,
  type PersonalisationData,
  personalisationData,
  readBack,
} from './records.ts';

/** A maker's root: the authority that signs certificates of storage supports (CA-KLCC of GPC Amendment F). */
export interface MakerRoot {
  /** CA identifier in the certificates it signs, 1 to 16 octets. */
  readonly identifier: Uint8Array;
  readonly keys: KeyPair;
}

/** A root with a fresh key. */
export function makerRoot(identifier: Uint8Array, random: Random): MakerRoot {
  return { identifier, keys: generateKeyPair('P-256', random) };
}

/** What the factory writes into one storage support. */
export interface SupportOrder {
  readonly imei: Imei;
  /** Of a handset with two SIM cards. */
  readonly secondImei?: Imei;
  readonly imeiSv?: ImeiSv;
  /** The maker's number for the secure element, 8 octets. */
  readonly identity: Uint8Array;
  /** Operators whose UICCs may ask. */
  readonly authorities: readonly Authority[];
  /** Shared with one operator's UICCs, for the static-key mode; 16 octets. */
  readonly staticKey?: Uint8Array;
  /** Dates of the certificate, YYYYMMDD. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** A step of the factory that the card refused, with what was asked of it. Nothing secret in it. */
export class FactoryError extends Error {
  override readonly name = 'FactoryError';
}

/** Keys and chance of the factory's own machine. */
export interface Factory {
  readonly root: MakerRoot;
  readonly random: Random;
  readonly aes: AesProvider;
  /** Signs certificates; default: the platform's signatures, which differ each time. */
  readonly signer?: Signer;
}

const SELECT = encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: STORAGE_SUPPORT_AID, le: 256 });
const IV = new Uint8Array(16);
const get = (tag: number): CommandApdu => ({
  cla: 0x80,
  ins: 0xca,
  p1: tag >> 8,
  p2: tag & 0xff,
  data: NO_OCTETS,
  le: 256,
});

/**
 * Personalises a blank storage support over its APDUs: session under the factory keys, key pair made on the card, items, certificate, read
 * back, closed. Throws FactoryError naming the step that failed; what was written stays written, so such a support is scrapped.
 */
export function provision(card: Card, keys: FactoryKeys, order: SupportOrder, factory: Factory): void {
  const line = openLine(card, keys, factory);
  const point = publicPointIn(line.send('GENERATE KEY PAIR', GENERATE_KEY_PAIR));
  const { staticKey, ...items } = itemsOf(order);
  line.store('identities', items);
  line.store('certificate', { certificate: certificateFor(order, point, factory.root, factory.signer) });
  for (const authority of order.authorities) line.store('authority', { authority });
  if (staticKey !== undefined) line.store('static key', { staticKey: line.dek.cbcEncrypt(IV, staticKey) });
  const stored = line.send('read back', get(READ_BACK_TAG));
  if (!sameOctets(stored, readBack.encode(items)))
    throw new FactoryError('read back: expected what was stored, got something else: scrap this support');
  line.send('SET STATUS', statusCommand(SUPPORT_LIFE_CYCLE.personalised));
}

/** What an order writes, the static key in plain. Throws FactoryError for an identity of another length. */
export function itemsOf({ imei, secondImei, imeiSv, identity, staticKey }: SupportOrder): PlainItems {
  if (identity.length !== SUPPORT_IDENTITY_LENGTH)
    throw new FactoryError(`identity: expected ${SUPPORT_IDENTITY_LENGTH} octets, got ${identity.length}`);
  return {
    imei: imei.toOctets(),
    ...(secondImei && { secondImei: secondImei.toOctets() }),
    ...(imeiSv && { imeiSv: imeiSv.toOctets() }),
    identity,
    ...(staticKey && { staticKey }),
  };
}

/** The certificate of a storage support over the point its card made. */
export function certificateFor(order: SupportOrder, point: Uint8Array, root: MakerRoot, signer?: Signer): Uint8Array {
  const content = {
    serial: order.identity,
    authority: root.identifier,
    subject: order.identity,
    usage: 'keyAgreement' as const,
    validFrom: order.validFrom,
    validTo: order.validTo,
    publicKey: { point, curve: 'P-256' as const },
  };
  return issueGpCertificate(root.keys.privateKey, content, signer);
}

/** Ends a storage support for good, under the factory keys. Throws FactoryError. */
export function terminate(card: Card, keys: FactoryKeys, factory: Pick<Factory, 'random' | 'aes'>): void {
  openLine(card, keys, factory).send('SET STATUS', statusCommand(SUPPORT_LIFE_CYCLE.terminated));
}

const GENERATE_KEY_PAIR: CommandApdu = {
  cla: 0x80,
  ins: PERSONALISE_INS.generateKeyPair,
  p1: 0x80,
  p2: 0,
  data: NO_OCTETS,
  le: 256,
};

const statusCommand = (state: number): CommandApdu => ({
  cla: 0x80,
  ins: PERSONALISE_INS.setStatus,
  p1: APPLICATION_STATUS,
  p2: state,
  data: STORAGE_SUPPORT_AID,
  le: 256,
});

function publicPointIn(data: Uint8Array): Uint8Array {
  const [template] = berTlvs(data);
  const point = template?.tag === 0x7f49 ? berTlvs(template.value).find(({ tag }) => tag === 0x86)?.value : undefined;
  if (point === undefined) throw new FactoryError('GENERATE KEY PAIR: expected 7F49 { 86 point }, got something else');
  // A copy, and a point that is on the curve: the card could be anything.
  importPublicKey('P-256', point);
  return point.slice();
}

/** A line to the card under the factory keys. */
interface Line {
  send(step: string, command: CommandApdu): Uint8Array;
  store(item: string, data: PersonalisationData): void;
  readonly dek: { cbcEncrypt(iv: Uint8Array, plain: Uint8Array): Uint8Array };
}

function openLine(card: Card, factorySet: FactoryKeys, { aes, random }: Pick<Factory, 'aes' | 'random'>): Line {
  card.reset();
  const selected = statusWord(card.transmit(SELECT));
  if (selected !== SW.ok) throw new FactoryError(`SELECT: expected 9000, got ${hex(selected)}`);
  const keys = staticKeys(aes, { version: SUPPORT_KEY_VERSION.factory, ...factorySet });
  const session = openSession(card, new Scp03Host({ aes, keys, random, securityLevel: 0x33, challengeLength: 8 }));
  const send = (step: string, command: CommandApdu) => {
    const answer = session.unwrap(card.transmit(session.wrap(command)));
    if (answer.kind === 'notProven')
      throw new FactoryError(`${step}: expected a protected answer, got ${answer.reason} ${hex(answer.statusWord)}`);
    if (answer.statusWord !== SW.ok) throw new FactoryError(`${step}: expected 9000, got ${hex(answer.statusWord)}`);
    return answer.data;
  };
  return {
    dek: keys.dek,
    send,
    store(item, items) {
      const data = personalisationData.encode(items);
      // With Le: the R-MAC is data of the answer, also where the answer has no other.
      const command = { cla: 0x80, ins: PERSONALISE_INS.storeData, p1: 0, p2: 0, data, le: 256 };
      send(`STORE DATA (${item})`, command);
    },
  };
}

function openSession(card: Card, host: HostHandshake): HostSession {
  const last = runHandshake(card, host);
  if (last.kind !== 'notProven') return last.session;
  throw new FactoryError(
    `factory keys: expected a session, got ${last.reason} ${hex(last.statusWord)}: wrong keys or no storage support`,
  );
}

function runHandshake(card: Card, host: HostHandshake): Opened | NotProven {
  let command = host.start();
  for (;;) {
    const step = host.receive(card.transmit(command));
    if (step.kind !== 'send') return step;
    command = step.command;
  }
}

const hex = (sw: number | undefined) => (sw === undefined ? '' : sw.toString(16).toUpperCase().padStart(4, '0'));

/** What can be seen of a storage support without its keys. */
export interface SupportFacts {
  readonly lifeCycle: 'blank' | 'personalised' | 'terminated' | 'unknown';
  /** Support identity from its certificate, when that verifies to a maker's root. */
  readonly identity?: Uint8Array;
  /** Why the certificate was refused. */
  readonly certificateFault?: CertificateFault | 'none given';
  /** With a prober only: `proven` when the card showed that it holds the key of its certificate. */
  readonly possession?: 'proven' | 'notProven';
}

/**
 * Key and certificate of a UICC of an operator that the support knows. A support shows its own key only in an agreement (SCP11a), and
 * agrees with nobody who is not certified: so only such a prober can tell a support from a copy of its certificate.
 */
export interface Prober {
  readonly key: AgreementKey;
  readonly certificate: Uint8Array;
  readonly random: Random;
  readonly aes: AesProvider;
}

const LIFE_CYCLES = { [SUPPORT_LIFE_CYCLE.blank]: 'blank', [SUPPORT_LIFE_CYCLE.personalised]: 'personalised' } as const;

/**
 * Looks at a storage support as anybody may: life cycle, and its certificate against makers' roots. `today` is YYYYMMDD. With a `prober`
 * also whether it holds the certified key.
 */
export function verifySupport(card: Card, roots: readonly TrustAnchor[], today: number, prober?: Prober): SupportFacts {
  card.reset();
  const selected = statusWord(card.transmit(SELECT));
  if (selected !== SW.ok) return { lifeCycle: selected === SW.conditionsOfUseNotSatisfied ? 'terminated' : 'unknown' };
  const state = responseData(card.transmit(encodeCommand(get(SUPPORT_PUBLIC_DATA.lifeCycle))))[0];
  const lifeCycle = LIFE_CYCLES[state as keyof typeof LIFE_CYCLES] ?? 'unknown';
  if (lifeCycle !== 'personalised') return { lifeCycle };
  const verify = chainVerifier({ roots, today, role: 'sd' });
  const certificates = readCertificates(card);
  const peer = certificates && verify(certificates);
  if (peer?.kind !== 'peer') return { lifeCycle, certificateFault: peer?.fault ?? 'none given' };
  const facts = { lifeCycle, identity: peer.subject };
  return prober === undefined ? facts : { ...facts, possession: provePossession(card, peer, prober) };
}

function readCertificates(card: Card): readonly Uint8Array[] | undefined {
  const request = certificateRequest(SUPPORT_KEY_VERSION.scp11);
  const response = card.transmit(encodeCommand(request));
  try {
    return statusWord(response) === SW.ok ? certificateStore.decode(responseData(response)) : undefined;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

const certificateRequest = (version: number): CommandApdu => ({
  ...get(SUPPORT_PUBLIC_DATA.certificates),
  cla: 0,
  data: Uint8Array.of(0xa6, 0x04, 0x83, 0x02, 0x11, version),
});

/** An agreement whose receipt verifies: only the holder of the certified key can compute it (facts/secure-channel.md 4.4). */
function provePossession(card: Card, peer: VerifiedPeer, prober: Prober): 'proven' | 'notProven' {
  const { key, certificate, random, aes } = prober;
  const version = SUPPORT_KEY_VERSION.scp11;
  const host = new Scp11Host({
    aes,
    random,
    variant: 'a',
    cardKeyVersion: version,
    peer,
    key,
    certificates: [certificate],
    authority: { version, identifier: CA_KLOC_KEY_IDENTIFIER },
    securityLevel: 0x33,
    keyLength: 16,
    macLength: 8,
  });
  return runHandshake(card, host).kind === 'open' ? 'proven' : 'notProven';
}

/** The maker's root as a UICC or a verifier pins it. */
export function trustAnchorOf(root: MakerRoot): TrustAnchor {
  return { identifier: root.identifier, publicKey: root.keys.publicKey };
}

/** The maker's root point, uncompressed: what personalisation of a UICC carries. */
export function rootPoint(root: MakerRoot): Uint8Array {
  return publicPoint(root.keys.publicKey);
}
