import { tableAes } from '#base/crypto/index.ts';
import { Iccid } from '#base/identity/index.ts';
import { storageSupport, trustAnchorOf } from '#handset/storage-support/index.ts';
import { type Card, encodeCommand } from '#protocol/apdu/index.ts';
import { STORAGE_SUPPORT_AID, SUPPORT_DATA, SUPPORT_KEY_VERSION, supportIdentity } from '#protocol/imei-lock/index.ts';
import {
  AgreementKey,
  CA_KLOC_KEY_IDENTIFIER,
  cachedVerifier,
  chainVerifier,
  type HostHandshake,
  type HostSession,
  putKey,
  Scp03Host,
  Scp11Host,
  type StaticKeyOctets,
  staticKeys,
} from '#protocol/secure-channel/index.ts';
import { maker, random, supportMemory, uiccIdentity } from './cards.ts';

const SELECT = encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: STORAGE_SUPPORT_AID, le: 256 });
const NO_DATA = new Uint8Array(0);
const get = (tag: number) => ({ cla: 0x80, ins: 0xca, p1: tag >> 8, p2: tag & 0xff, data: NO_DATA, le: 256 });

/** A line to a storage support that counts what crosses it. */
export class Line {
  apdus = 0;
  out = 0;
  back = 0;
  readonly #card: Card;
  constructor(card: Card) {
    this.#card = card;
  }
  /** One exchange. */
  transmit(command: Uint8Array): Uint8Array {
    const response = this.#card.transmit(command);
    this.apdus++;
    this.out += command.length;
    this.back += response.length;
    return response;
  }
  /** Selects the applet; not counted. */
  select(): void {
    this.#card.transmit(SELECT);
  }
  /** A handshake to its end. */
  open(handshake: HostHandshake): HostSession {
    let command = handshake.start();
    for (;;) {
      const step = handshake.receive(this.transmit(command));
      if (step.kind === 'open') return step.session;
      if (step.kind === 'notProven') throw new Error(`handshake: ${step.reason}`);
      command = step.command;
    }
  }
  /** Reads a data object inside the session. */
  read(session: HostSession, tag: number): Uint8Array {
    const answer = session.unwrap(this.transmit(session.wrap(get(tag))));
    if (answer.kind !== 'protected') throw new Error(`GET DATA: ${answer.kind}`);
    return answer.data;
  }
}

const identity = uiccIdentity(Iccid.issue('898821100000000002'));

function agreement(
  verify = chainVerifier({ roots: [trustAnchorOf(maker)], today: 20261124, role: 'sd' }),
  key = new AgreementKey(identity.keys.privateKey),
): HostHandshake {
  return new Scp11Host({
    ...{ aes: tableAes, random, variant: 'a', cardKeyVersion: SUPPORT_KEY_VERSION.scp11, peer: verify, key },
    certificates: [identity.certificate],
    authority: { version: SUPPORT_KEY_VERSION.scp11, identifier: CA_KLOC_KEY_IDENTIFIER },
    ...{ securityLevel: 0x33, keyLength: 16, macLength: 8 },
  });
}

/** SCP11a against a real storage support: certificates verified each time by the UICC, or remembered. */
export function meeting(how: 'full' | 'cached'): () => void {
  const line = new Line(storageSupport({ memory: supportMemory(), random, aes: tableAes }));
  const cached = cachedVerifier(
    chainVerifier({ roots: [trustAnchorOf(maker)], today: 20261124, role: 'sd' }),
    4,
  ).verify;
  const key = new AgreementKey(identity.keys.privateKey, true);
  return () => {
    line.select();
    line.read(line.open(how === 'full' ? agreement() : agreement(cached, key)), SUPPORT_DATA.imei);
  };
}

/** What crosses the interface at a first meeting and at a later power-on: APDUs, octets out, octets back, after SELECT. */
export function interfaceCounts(): { readonly first: Line; readonly later: Line } {
  const card = storageSupport({ memory: supportMemory(), random, aes: tableAes });
  const first = new Line(card);
  first.select();
  const session = first.open(agreement());
  first.read(session, SUPPORT_DATA.imei);
  const { pairingKeyVersion: version } = supportIdentity.decode(first.read(session, SUPPORT_DATA.identity));
  const keys: StaticKeyOctets = { version, enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
  if (session.dek === undefined) throw new Error('SCP11a: expected a key for keys');
  session.unwrap(first.transmit(session.wrap(putKey(tableAes, session.dek, 0, keys, random))));
  const later = new Line(card);
  later.select();
  const host = new Scp03Host({
    aes: tableAes,
    keys: staticKeys(tableAes, keys),
    random,
    securityLevel: 0x33,
    challengeLength: 8,
    application: STORAGE_SUPPORT_AID,
  });
  later.read(later.open(host), SUPPORT_DATA.imei);
  return { first, later };
}
