import { berTlvs, concat, toHex } from '#base/codec/index.ts';
import { type AesProvider, generateKeyPair, importPublicKey, type KeyPair, publicPoint } from '#base/crypto/index.ts';
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
  chainVerifier,
  type HostSession,
  issueGpCertificate,
  Scp03Host,
  staticKeys,
  type TrustAnchor,
} from '#protocol/secure-channel/index.ts';
import { APPLICATION_STATUS, PERSONALISE_INS, READ_BACK_TAG } from './personalisation.ts';
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
}

const SELECT = encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: STORAGE_SUPPORT_AID, le: 256 });
const NO_DATA = new Uint8Array(0);
const IV = new Uint8Array(16);
const get = (tag: number): CommandApdu => ({
  cla: 0x80,
  ins: 0xca,
  p1: tag >> 8,
  p2: tag & 0xff,
  data: NO_DATA,
  le: 256,
});

/**
 * Personalises a blank storage support over its APDUs: session under the factory keys, items, key pair made on the card, certificate, read
 * back, closed. Throws FactoryError naming the step that failed; the card then stays blank and can be tried again or scrapped.
 */
export function provision(card: Card, keys: FactoryKeys, order: SupportOrder, factory: Factory): void {
  const line = openLine(card, keys, factory);
  const { root } = factory;
  const point = publicPointIn(
    line.send('GENERATE KEY PAIR', {
      cla: 0x80,
      ins: PERSONALISE_INS.generateKeyPair,
      p1: 0x80,
      p2: 0,
      data: NO_DATA,
      le: 256,
    }),
  );
  const certificate = issueGpCertificate(root.keys.privateKey, {
    serial: order.identity,
    authority: root.identifier,
    subject: order.identity,
    usage: 'keyAgreement',
    validFrom: order.validFrom,
    validTo: order.validTo,
    publicKey: { point, curve: 'P-256' },
  });
  for (const [name, item] of itemsOf(order, certificate, (key) => line.dek.cbcEncrypt(IV, key)))
    line.send(`STORE DATA (${name})`, {
      cla: 0x80,
      ins: PERSONALISE_INS.storeData,
      p1: 0,
      p2: 0,
      data: personalisationData.encode(item),
      // The R-MAC is data of the answer, also where the answer has no other.
      le: 256,
    });
  const stored = readBack.decode(line.send('read back', get(READ_BACK_TAG)));
  if (
    toHex(stored.imei ?? NO_DATA) !== toHex(order.imei.toOctets()) ||
    toHex(stored.identity ?? NO_DATA) !== toHex(order.identity)
  )
    throw new FactoryError('read back: expected what was stored, got something else: scrap this support');
  line.send('SET STATUS', statusCommand(SUPPORT_LIFE_CYCLE.personalised));
}

/** Ends a storage support for good, under the factory keys. Throws FactoryError. */
export function terminate(card: Card, keys: FactoryKeys, factory: Pick<Factory, 'random' | 'aes'>): void {
  openLine(card, keys, factory).send('SET STATUS', statusCommand(SUPPORT_LIFE_CYCLE.terminated));
}

const statusCommand = (state: number): CommandApdu => ({
  cla: 0x80,
  ins: PERSONALISE_INS.setStatus,
  p1: APPLICATION_STATUS,
  p2: state,
  data: STORAGE_SUPPORT_AID,
  le: 256,
});

function itemsOf(
  order: SupportOrder,
  certificate: Uint8Array,
  encipher: (key: Uint8Array) => Uint8Array,
): (readonly [string, PersonalisationData])[] {
  const { imei, secondImei, imeiSv, identity, staticKey } = order;
  if (identity.length !== SUPPORT_IDENTITY_LENGTH)
    throw new FactoryError(`identity: expected ${SUPPORT_IDENTITY_LENGTH} octets, got ${identity.length}`);
  const items: (readonly [string, PersonalisationData])[] = [
    [
      'identities',
      {
        imei: imei.toOctets(),
        identity,
        ...(secondImei && { secondImei: secondImei.toOctets() }),
        ...(imeiSv && { imeiSv: imeiSv.toOctets() }),
      },
    ],
    ['certificate', { certificate }],
    ['authorities', { authorities: { authorities: order.authorities } }],
  ];
  if (staticKey !== undefined) items.push(['static key', { staticKey: encipher(staticKey) }]);
  return items;
}

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
  readonly dek: { cbcEncrypt(iv: Uint8Array, plain: Uint8Array): Uint8Array };
}

function openLine(card: Card, factorySet: FactoryKeys, { aes, random }: Pick<Factory, 'aes' | 'random'>): Line {
  card.reset();
  expectOk('SELECT', card.transmit(SELECT));
  const keys = staticKeys(aes, { version: SUPPORT_KEY_VERSION.factory, ...factorySet });
  const host = new Scp03Host({ aes, keys, random, securityLevel: 0x33, challengeLength: 8 });
  const session = openSession(card, host);
  return {
    dek: keys.dek,
    send(step, command) {
      const answer = session.unwrap(card.transmit(session.wrap(command)));
      if (answer.kind === 'notProven')
        throw new FactoryError(`${step}: expected a protected answer, got ${answer.reason} ${hex(answer.statusWord)}`);
      if (answer.statusWord !== SW.ok) throw new FactoryError(`${step}: expected 9000, got ${hex(answer.statusWord)}`);
      return answer.data;
    },
  };
}

function openSession(card: Card, host: Scp03Host): HostSession {
  let step = host.receive(card.transmit(host.start()));
  if (step.kind === 'send') step = host.receive(card.transmit(step.command));
  if (step.kind !== 'open')
    throw new FactoryError(
      `factory keys: expected a session, got ${step.kind === 'notProven' ? step.reason : step.kind}: wrong keys or not a blank support`,
    );
  return step.session;
}

const hex = (sw: number | undefined) => (sw === undefined ? '' : sw.toString(16).toUpperCase().padStart(4, '0'));

function expectOk(step: string, response: Uint8Array): Uint8Array {
  const sw = statusWord(response);
  if (sw !== SW.ok) throw new FactoryError(`${step}: expected 9000, got ${hex(sw)}`);
  return responseData(response);
}

/** What can be seen of a storage support without keys. */
export interface SupportFacts {
  readonly lifeCycle: 'blank' | 'personalised' | 'terminated' | 'unknown';
  /** Support identity from its certificate, when that verifies to a maker's root. */
  readonly identity?: Uint8Array;
  /** Why the certificate was refused. */
  readonly certificateFault?: string;
}

/** Looks at a storage support as anybody may: life cycle, and its certificate against makers' roots. `today` is YYYYMMDD. */
export function verifySupport(card: Card, roots: readonly TrustAnchor[], today: number): SupportFacts {
  card.reset();
  if (statusWord(card.transmit(SELECT)) !== SW.ok) return { lifeCycle: 'terminated' };
  const state = responseData(card.transmit(encodeCommand(get(SUPPORT_PUBLIC_DATA.lifeCycle))))[0];
  const lifeCycle =
    state === SUPPORT_LIFE_CYCLE.blank
      ? 'blank'
      : state === SUPPORT_LIFE_CYCLE.personalised
        ? 'personalised'
        : 'unknown';
  if (lifeCycle !== 'personalised') return { lifeCycle };
  const request = Uint8Array.of(0xa6, 0x04, 0x83, 0x02, 0x11, SUPPORT_KEY_VERSION.scp11);
  const response = card.transmit(encodeCommand({ cla: 0, ins: 0xca, p1: 0xbf, p2: 0x21, data: request, le: 256 }));
  if (statusWord(response) !== SW.ok) return { lifeCycle, certificateFault: 'none given' };
  const certificates = berTlvs(responseData(response)).flatMap(({ value }) =>
    berTlvs(value).map(({ start, end }) => concat(value.subarray(start, end))),
  );
  const peer = chainVerifier({ roots, today, role: 'sd' })(certificates);
  return peer.kind === 'peer' ? { lifeCycle, identity: peer.subject } : { lifeCycle, certificateFault: peer.fault };
}

/** The maker's root as a UICC or a verifier pins it. */
export function trustAnchorOf(root: MakerRoot): TrustAnchor {
  return { identifier: root.identifier, publicKey: root.keys.publicKey };
}

/** The maker's root point, uncompressed: what personalisation of a UICC carries. */
export function rootPoint(root: MakerRoot): Uint8Array {
  return publicPoint(root.keys.publicKey);
}
