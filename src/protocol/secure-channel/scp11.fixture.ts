import assert from 'node:assert/strict';
import { fromHex } from '#base/codec/index.ts';
import { generateKeyPair, type KeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { type Random, seededRandom } from '#base/port/index.ts';
import { decodeCommand, responseApdu, responseData, SW } from '#protocol/apdu/index.ts';
import type { CardSession } from './card-session.ts';
import type { CertificateRole } from './certificate.ts';
import { calendarDate, chainVerifier, type PeerVerifier, type VerifiedPeer } from './certificate-chain.ts';
import { issueGpCertificate } from './gp-certificate.ts';
import type { HandshakeStep, HostHandshake } from './handshake.ts';
import type { HostSession } from './host-session.ts';
import { AgreementKey, type Scp11Level, type Scp11Variant } from './scp11.ts';
import { Scp11Card, type Scp11CardOptions } from './scp11-card.ts';
import { Scp11Host, type Scp11HostOptions } from './scp11-host.ts';
import { issueX509Certificate } from './x509.ts';

// Authorities, certificates, hosts and cards for the tests of this room; no part of the product.

export const TODAY = calendarDate(Date.UTC(2026, 10, 24));
export const MAKER = fromHex('0102030405060708');
export const OPERATOR = fromHex('1112131415161718');
const SUPPORT = fromHex('A1A2A3A4A5A6A7A8');
const UICC = fromHex('98100000000000000010');

/** A DER Name with this common name. */
export function commonName(text: string): Uint8Array {
  const value = [...text].map((character) => character.charCodeAt(0));
  const attribute = [0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, value.length, ...value];
  return Uint8Array.of(0x31, attribute.length + 2, 0x30, attribute.length, ...attribute);
}

export interface World {
  readonly random: Random;
  readonly maker: KeyPair;
  readonly operator: KeyPair;
  readonly support: KeyPair;
  readonly uicc: KeyPair;
}

export function world(seed: string): World {
  const random = seededRandom(seed);
  const pair = () => generateKeyPair('P-256', random);
  return { random, maker: pair(), operator: pair(), support: pair(), uicc: pair() };
}

/** The leaf certificate of one side. */
export function leafOf(of: World, role: CertificateRole, format: 'gp' | 'x509'): Uint8Array {
  const isCard = role === 'sd';
  const subjectKey = (isCard ? of.support : of.uicc).publicKey;
  const authorityKey = (isCard ? of.maker : of.operator).privateKey;
  const serial = Uint8Array.of(1, isCard ? 5 : 4);
  if (format === 'gp')
    return issueGpCertificate(authorityKey, {
      serial,
      authority: isCard ? MAKER : OPERATOR,
      subject: isCard ? SUPPORT : UICC,
      usage: 'keyAgreement',
      validFrom: 20260101,
      validTo: 20361231,
      publicKey: { point: publicPoint(subjectKey), curve: 'P-256' },
    });
  return issueX509Certificate(authorityKey, {
    serial,
    issuer: commonName(isCard ? 'CA-KLCC' : 'CA-KLOC'),
    subject: commonName(isCard ? 'support' : 'UICC'),
    publicKey: subjectKey,
    notBefore: 20260101000000,
    notAfter: 20361231235959,
    use: role,
  });
}

export function verifierOf(of: World, role: CertificateRole, format: 'gp' | 'x509' = 'gp'): PeerVerifier {
  const isCard = role === 'sd';
  const identifier = format === 'gp' ? (isCard ? MAKER : OPERATOR) : commonName(isCard ? 'CA-KLCC' : 'CA-KLOC');
  const publicKey = (isCard ? of.maker : of.operator).publicKey;
  return chainVerifier({ roots: [{ identifier, publicKey }], today: TODAY, role });
}

export interface Scp11PairOptions {
  readonly variant?: Scp11Variant;
  readonly format?: 'gp' | 'x509';
  readonly level?: Scp11Level;
  readonly keyLength?: 16 | 24 | 32;
  readonly macLength?: 8 | 16;
  readonly host?: Partial<Scp11HostOptions>;
  readonly card?: Partial<Scp11CardOptions>;
}

export interface Scp11Pair {
  readonly host: Scp11Host;
  readonly card: Scp11Card;
  readonly world: World;
}

/** A host and a card that trust each other's authority and have not spoken yet. */
export function scp11Pair(seed: string, options: Scp11PairOptions = {}): Scp11Pair {
  const { variant = 'a', format = 'gp', level = 0x33, keyLength = 16, macLength = 8 } = options;
  const of = world(seed);
  const authority = { version: 0x03, identifier: 0x10 };
  const card = new Scp11Card({
    aes: tableAes,
    random: of.random,
    keys: [
      { variant, version: 1, key: new AgreementKey(of.support.privateKey), certificates: [leafOf(of, 'sd', format)] },
    ],
    authority,
    verifyPeer: verifierOf(of, 'oce', format),
    levels: [level],
    macLength,
    ...options.card,
  });
  const host = new Scp11Host({
    aes: tableAes,
    random: of.random,
    variant,
    cardKeyVersion: 1,
    peer: verifierOf(of, 'sd', format),
    key: new AgreementKey(of.uicc.privateKey),
    certificates: [leafOf(of, 'oce', format)],
    authority,
    securityLevel: level,
    keyLength,
    macLength,
    ...options.host,
  });
  return { host, card, world: of };
}

/** A card's transport: answers above Le octets wait as 61XX for GET RESPONSE (ISO/IEC 7816-4 5.1.3). */
export class Transport {
  readonly #card: Scp11Card;
  #waiting: Uint8Array = new Uint8Array(0);
  session: CardSession | undefined;
  peer: VerifiedPeer | undefined;
  apdus = 0;
  octetsOut = 0;
  octetsIn = 0;

  constructor(card: Scp11Card) {
    this.#card = card;
  }

  transmit(octets: Uint8Array): Uint8Array {
    const response = this.#answer(octets);
    this.apdus++;
    this.octetsOut += octets.length;
    this.octetsIn += response.length;
    return response;
  }

  #answer(octets: Uint8Array): Uint8Array {
    const command = decodeCommand(octets);
    const le = command.le ?? 256;
    if (command.ins === 0xc0) return this.#part(le);
    const answer = this.#card.process(command);
    if (answer.session !== undefined) {
      this.session = answer.session;
      this.peer = answer.peer;
    }
    if (answer.response.length <= le + 2) return answer.response;
    this.#waiting = responseData(answer.response);
    return this.#part(le);
  }

  #part(length: number): Uint8Array {
    const part = this.#waiting.subarray(0, length);
    this.#waiting = this.#waiting.subarray(length);
    const left = this.#waiting.length;
    return responseApdu(left === 0 ? SW.ok : SW.responseAvailable | (left > 255 ? 0 : left), part);
  }
}

/** Runs a handshake to its end; `change` may alter octets on the way, as the relay could. */
export function run(
  host: HostHandshake,
  transmit: (command: Uint8Array) => Uint8Array,
  change: {
    readonly command?: (octets: Uint8Array) => Uint8Array;
    readonly response?: (octets: Uint8Array) => Uint8Array;
  } = {},
): HandshakeStep {
  const { command = (octets) => octets, response = (octets) => octets } = change;
  let step: HandshakeStep = { kind: 'send', command: host.start() };
  for (let apdus = 0; step.kind === 'send'; apdus++) {
    assert.ok(apdus < 64, 'the handshake does not end');
    step = host.receive(response(transmit(command(step.command))));
  }
  return step;
}

/** A pair with its session open on both sides. */
export function scp11Sessions(
  seed: string,
  options: Scp11PairOptions = {},
): { readonly host: HostSession; readonly card: CardSession; readonly transport: Transport } {
  const pair = scp11Pair(seed, options);
  const transport = new Transport(pair.card);
  const opened = run(pair.host, (octets) => transport.transmit(octets));
  assert.ok(opened.kind === 'open' && transport.session !== undefined, JSON.stringify(opened));
  return { host: opened.session, card: transport.session, transport };
}
