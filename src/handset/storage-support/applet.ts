import { berTlv, concat, fromHex, NO_OCTETS, sameOctets } from '#base/codec/index.ts';
import { type AesProvider, importPrivateKey, importPublicKey } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { Applet, CardMemory } from '#handset/card/index.ts';
import { type CommandApdu, isSecureMessaging, responseApdu, SW } from '#protocol/apdu/index.ts';
import {
  imeiProof,
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  SUPPORT_KEY_VERSION,
  SUPPORT_LIFE_CYCLE,
  SUPPORT_PUBLIC_DATA,
  staticProof,
  supportIdentity,
} from '#protocol/imei-lock/index.ts';
import {
  AgreementKey,
  CA_KLOC_KEY_IDENTIFIER,
  type CardSession,
  cachedVerifier,
  chainVerifier,
  putKeyAnswer,
  receivePutKey,
  Scp03Card,
  Scp11Card,
  type StaticKeys,
  sealStaticAnswer,
  staticKeys,
  staticModeKeys,
  verifyStaticCommand,
} from '#protocol/secure-channel/index.ts';
import { Personalisation } from './personalisation.ts';
import { CARD_RECOGNITION, keyInformation } from './public-data.ts';
import {
  authorities,
  factoryKeys,
  lifeCycleOf,
  pairingKeys,
  RECORD,
  sequence,
  slotOf,
  UICC_IDENTITY_LENGTH,
} from './records.ts';

/** What a storage support is made of. */
export interface SupportParts {
  readonly memory: CardMemory;
  readonly random: Random;
  readonly aes: AesProvider;
}

/** What a session may do: a UICC reads the IMEI; a UICC that met by certificates may also put its keys; the factory personalises. */
type Peer =
  | { readonly role: 'uicc'; readonly identity: Uint8Array; readonly mayPutKeys: boolean }
  | { readonly role: 'factory' };

interface Channel {
  readonly scp03: Scp03Card;
  scp11: Scp11Card | undefined;
  session: CardSession | undefined;
  peer: Peer | undefined;
  /** Key version of the INITIALIZE UPDATE that awaits its EXTERNAL AUTHENTICATE. */
  keyVersion: number;
}

/** An answer before it is protected. */
interface Answer {
  readonly statusWord: number;
  readonly data?: Uint8Array;
}

const INS = { getData: 0xca, putKey: 0xd8, internalAuthenticate: 0x88, initializeUpdate: 0x50 } as const;
const CHANNELS = 4;
const HIGHEST_PROOF = 0xffffff;
const LEVEL_ALL = 0x33;
/** Failed factory authentications after which the factory key set is closed (T06, T32). */
const MOST_FACTORY_FAILURES = 10;
const PARAMETER_I = 0x70;
const NO_DIVERSIFICATION = new Uint8Array(10);
/** Static keys are one operator's for all its UICCs: no UICC stands in their derivation. */
const ANY_UICC = new Uint8Array(UICC_IDENTITY_LENGTH);
/** UICCs whose certificates a support remembers. */
const REMEMBERED_UICCS = 4;
const refuse = (statusWord: number): Answer => ({ statusWord });

/** FCI: AID and longest command data (GPC 2.3.1 table 11-70). */
const FCI = responseApdu(SW.ok, berTlv(0x6f, berTlv(0x84, STORAGE_SUPPORT_AID), berTlv(0xa5, fromHex('9F6501FF'))));

/**
 * The applet of the storage support (2): holds the IMEI (21) and keys (22), and says the IMEI only inside a channel of level 33 to a UICC
 * that proved itself (rules 5 and 7 of facts/secure-channel.md 10). Every proof carries a counter that never repeats.
 */
export class StorageSupportApplet implements Applet {
  readonly aid = STORAGE_SUPPORT_AID;
  readonly #parts: SupportParts;
  readonly #personalisation: Personalisation;
  readonly #channels: Channel[];
  readonly #keySets = new Map<number, StaticKeys>();
  /** Made when first needed: most power-ons never agree keys by certificates. */
  #agreement: { readonly options: ConstructorParameters<typeof Scp11Card>[0] } | undefined;

  constructor(parts: SupportParts) {
    this.#parts = parts;
    this.#personalisation = new Personalisation(parts);
    const { aes, random } = parts;
    this.#channels = Array.from({ length: CHANNELS }, () => ({
      scp03: new Scp03Card({
        aes,
        random,
        keySet: (version) => this.#keySet(version),
        parameterI: PARAMETER_I,
        application: STORAGE_SUPPORT_AID,
        counter: { next: (version) => this.#nextSequence(version) },
        diversification: NO_DIVERSIFICATION,
      }),
      scp11: undefined,
      session: undefined,
      peer: undefined,
      keyVersion: 0,
    }));
  }

  reset(): void {
    for (const channel of this.#channels) clear(channel);
  }

  select(channel: number): Uint8Array {
    clear(this.#channel(channel));
    return lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.terminated
      ? responseApdu(SW.conditionsOfUseNotSatisfied)
      : FCI;
  }

  deselect(channel: number): void {
    clear(this.#channel(channel));
  }

  process(command: CommandApdu, number: number): Uint8Array {
    if (lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.terminated)
      return responseApdu(SW.conditionsOfUseNotSatisfied);
    const channel = this.#channel(number);
    if (Scp03Card.takes(command)) return this.#authenticate(command, channel);
    if (channel.session !== undefined) return this.#inSession(command, channel, channel.session);
    if (isSecureMessaging(command.cla)) return responseApdu(SW.securityStatusNotSatisfied);
    if (Scp11Card.takes(command)) return this.#agree(command, channel);
    return this.#public(command);
  }

  #channel(number: number): Channel {
    return this.#channels[number] as Channel;
  }

  // ---- handshakes ----

  /** SCP03: INITIALIZE UPDATE is always accepted and ends the session; EXTERNAL AUTHENTICATE opens the next (GPC Amendment D 5). */
  #authenticate(command: CommandApdu, channel: Channel): Uint8Array {
    channel.session = undefined;
    channel.peer = undefined;
    if (command.ins === INS.initializeUpdate)
      channel.keyVersion = command.p1 === 0 ? this.#defaultKeyVersion() : command.p1;
    const { response, session } = channel.scp03.process(command);
    if (session !== undefined) {
      channel.session = session;
      channel.peer = this.#peerOf(channel.keyVersion);
    } else if (command.ins !== INS.initializeUpdate && channel.keyVersion === SUPPORT_KEY_VERSION.factory)
      this.#countFactoryFailure();
    return response;
  }

  #peerOf(keyVersion: number): Peer | undefined {
    if (keyVersion === SUPPORT_KEY_VERSION.factory) return { role: 'factory' };
    const stored = this.#pairing(keyVersion);
    return stored && { role: 'uicc', identity: stored.uicc, mayPutKeys: false };
  }

  #agree(command: CommandApdu, channel: Channel): Uint8Array {
    channel.scp11 ??= this.#scp11();
    if (channel.scp11 === undefined) return responseApdu(SW.conditionsOfUseNotSatisfied);
    const { response, session, peer } = channel.scp11.process(command);
    if (session !== undefined && peer !== undefined) {
      channel.session = session;
      channel.peer = { role: 'uicc', identity: peer.subject, mayPutKeys: true };
    }
    return response;
  }

  #scp11(): Scp11Card | undefined {
    const { memory, aes, random } = this.#parts;
    if (lifeCycleOf(memory) !== SUPPORT_LIFE_CYCLE.personalised) return undefined;
    this.#agreement ??= {
      options: {
        aes,
        random,
        keys: [
          {
            variant: 'a',
            version: SUPPORT_KEY_VERSION.scp11,
            key: new AgreementKey(importPrivateKey('P-256', memory.get(RECORD.privateScalar) ?? NO_OCTETS), true),
            certificates: [memory.get(RECORD.certificate) ?? NO_OCTETS],
          },
        ],
        authority: { version: SUPPORT_KEY_VERSION.scp11, identifier: CA_KLOC_KEY_IDENTIFIER },
        verifyPeer: this.#hostVerifier(),
        macLength: 8,
      },
    };
    return new Scp11Card(this.#agreement.options);
  }

  #hostVerifier() {
    const stored = authorities.decode(this.#parts.memory.get(RECORD.authorities) ?? NO_OCTETS);
    const roots = stored.authorities.map(({ caIdentifier, publicPoint: point }) => ({
      identifier: caIdentifier,
      publicKey: importPublicKey('P-256', point),
    }));
    // A support has no clock: dates stay unchecked, and revocation of UICCs is the operator's affair.
    const { verify } = cachedVerifier(chainVerifier({ roots, today: 'unknown', role: 'oce' }), REMEMBERED_UICCS);
    return (certificates: readonly Uint8Array[]) => {
      const peer = verify(certificates);
      return peer.kind === 'peer' && peer.subject.length !== UICC_IDENTITY_LENGTH
        ? ({ kind: 'refused', fault: 'wrongUsage' } as const)
        : peer;
    };
  }

  // ---- key sets and counters ----

  #pairing(keyVersion: number) {
    const slot = slotOf(keyVersion);
    const stored = slot === undefined ? undefined : this.#parts.memory.get(RECORD.firstPairing + slot);
    return stored && pairingKeys.decode(stored);
  }

  #defaultKeyVersion(): number {
    return lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.blank
      ? SUPPORT_KEY_VERSION.factory
      : SUPPORT_KEY_VERSION.firstPairing;
  }

  #keySet(asked: number): StaticKeys | undefined {
    const version = asked === 0 ? this.#defaultKeyVersion() : asked;
    const known = this.#keySets.get(version);
    if (known !== undefined) return known;
    const { memory, aes } = this.#parts;
    const isFactory = version === SUPPORT_KEY_VERSION.factory;
    if (isFactory && (memory.get(RECORD.factoryFailures)?.[0] ?? 0) >= MOST_FACTORY_FAILURES) return undefined;
    const factory = memory.get(RECORD.factoryKeys);
    const octets = isFactory ? factory && factoryKeys.decode(factory) : this.#pairing(version);
    if (octets === undefined) return undefined;
    const keys = staticKeys(aes, { version, enc: octets.enc, mac: octets.mac, dek: octets.dek });
    this.#keySets.set(version, keys);
    return keys;
  }

  #nextSequence(version: number): number | undefined {
    const { memory } = this.#parts;
    const slot = slotOf(version);
    const key = slot === undefined ? RECORD.factorySequence : RECORD.firstSequence + slot;
    const stored = memory.get(key);
    const counter = (stored === undefined ? 0 : readCounter(stored)) + 1;
    if (counter > HIGHEST_PROOF) return undefined;
    memory.commit([[key, sequenceOctets(counter, this.#proofs())]]);
    return counter;
  }

  #countFactoryFailure(): void {
    const { memory } = this.#parts;
    const failures = (memory.get(RECORD.factoryFailures)?.[0] ?? 0) + 1;
    memory.commit([[RECORD.factoryFailures, Uint8Array.of(Math.min(failures, 0xff))]]);
    if (failures >= MOST_FACTORY_FAILURES) this.#keySets.delete(SUPPORT_KEY_VERSION.factory);
  }

  #proofs(): number {
    const stored = this.#parts.memory.get(RECORD.proofCounter);
    return stored === undefined ? 0 : readCounter(stored);
  }

  /** Raises the counter of proofs and keeps it, before anything that carries it leaves; undefined when it is spent. */
  #nextProof(): number | undefined {
    const counter = this.#proofs() + 1;
    if (counter > HIGHEST_PROOF) return undefined;
    this.#parts.memory.commit([[RECORD.proofCounter, counterOctets(counter)]]);
    return counter;
  }

  // ---- commands ----

  #inSession(command: CommandApdu, channel: Channel, session: CardSession): Uint8Array {
    const plain = session.unwrap(command);
    if (typeof plain === 'number') return responseApdu(plain);
    const { statusWord, data } = this.#serve(plain, channel, session);
    return session.wrap(statusWord, data);
  }

  #serve(command: CommandApdu, channel: Channel, session: CardSession): Answer {
    const { peer } = channel;
    if (peer === undefined || session.level !== LEVEL_ALL || !session.peerProven)
      return refuse(SW.securityStatusNotSatisfied);
    if (peer.role === 'factory')
      return this.#personalisation.serve(command, this.#keySet(SUPPORT_KEY_VERSION.factory)?.dek);
    if (command.ins === INS.getData) return this.#getData(command, peer.identity);
    if (command.ins === INS.putKey) return this.#putKey(command, session, peer);
    return refuse(SW.instructionNotSupported);
  }

  /** Step 102: the IMEI with a fresh counter, to be protected by the session it was asked in. */
  #getData({ p1, p2 }: CommandApdu, uicc: Uint8Array): Answer {
    const { memory } = this.#parts;
    const tag = (p1 << 8) | p2;
    const imei =
      tag === SUPPORT_DATA.imei
        ? memory.get(RECORD.imei)
        : tag === SUPPORT_DATA.secondImei
          ? memory.get(RECORD.secondImei)
          : undefined;
    const imeiSv = tag === SUPPORT_DATA.imeiSv ? memory.get(RECORD.imeiSv) : undefined;
    if (imei === undefined && imeiSv === undefined && tag !== SUPPORT_DATA.identity) {
      const open = this.#publicData(tag);
      return open === undefined ? refuse(SW.referencedDataNotFound) : { statusWord: SW.ok, data: open };
    }
    const counter = this.#nextProof();
    if (counter === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    if (imei !== undefined) return { statusWord: SW.ok, data: imeiProof.encode({ imei, counter }) };
    if (imeiSv !== undefined) return { statusWord: SW.ok, data: imeiProof.encode({ imeiSv, counter }) };
    const identity = memory.get(RECORD.identity) ?? NO_OCTETS;
    const pairingKeyVersion = SUPPORT_KEY_VERSION.firstPairing + this.#slotFor(uicc);
    return { statusWord: SW.ok, data: supportIdentity.encode({ identity, pairingKeyVersion, counter }) };
  }

  /** The slot of a UICC: its own, else a free one, else the one used longest ago. */
  #slotFor(uicc: Uint8Array): number {
    const { memory } = this.#parts;
    let chosen = 0;
    let oldest = Number.POSITIVE_INFINITY;
    for (let slot = 0; slot < SUPPORT_KEY_VERSION.pairings; slot++) {
      const stored = memory.get(RECORD.firstPairing + slot);
      if (stored !== undefined && sameOctets(pairingKeys.decode(stored).uicc, uicc)) return slot;
      const used = memory.get(RECORD.firstSequence + slot);
      const age = stored === undefined ? -1 : used === undefined ? 0 : sequence.decode(used).lastUse;
      if (age < oldest) {
        oldest = age;
        chosen = slot;
      }
    }
    return chosen;
  }

  /** Keys for the power-ons to come, only into the slot of the UICC that asks, only after a meeting by certificates. */
  #putKey(command: CommandApdu, session: CardSession, peer: Extract<Peer, { role: 'uicc' }>): Answer {
    const { memory, aes } = this.#parts;
    if (!peer.mayPutKeys || session.dek === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    const received = receivePutKey(aes, session.dek, command);
    if (typeof received === 'number') return refuse(received);
    const { keys } = received;
    const slot = slotOf(keys.version);
    if (slot === undefined || slot !== this.#slotFor(peer.identity)) return refuse(SW.referencedDataNotFound);
    if (keys.enc.length !== 16) return refuse(SW.wrongData);
    memory.commit([
      [
        RECORD.firstPairing + slot,
        pairingKeys.encode({ uicc: peer.identity, enc: keys.enc, mac: keys.mac, dek: keys.dek }),
      ],
      [RECORD.firstSequence + slot, sequenceOctets(0, this.#proofs())],
    ]);
    this.#keySets.delete(keys.version);
    return { statusWord: SW.ok, data: putKeyAnswer(aes, keys) };
  }

  #public(command: CommandApdu): Uint8Array {
    if (command.ins === INS.internalAuthenticate) return this.#proveStatically(command);
    if (command.ins !== INS.getData) return responseApdu(SW.instructionNotSupported);
    const tag = (command.p1 << 8) | command.p2;
    const data = this.#publicData(tag);
    if (data !== undefined) return responseApdu(SW.ok, data);
    const isGuarded = Object.values(SUPPORT_DATA).some((guarded) => guarded === tag);
    return responseApdu(isGuarded ? SW.securityStatusNotSatisfied : SW.referencedDataNotFound);
  }

  #publicData(tag: number): Uint8Array | undefined {
    const { memory } = this.#parts;
    switch (tag) {
      case SUPPORT_PUBLIC_DATA.lifeCycle:
        return Uint8Array.of(lifeCycleOf(memory));
      case SUPPORT_PUBLIC_DATA.cardRecognition:
        return CARD_RECOGNITION;
      case SUPPORT_PUBLIC_DATA.keyInformation:
        return keyInformation(
          Array.from({ length: SUPPORT_KEY_VERSION.pairings }, (_, slot) => slot)
            .filter((slot) => memory.get(RECORD.firstPairing + slot) !== undefined)
            .map((slot) => SUPPORT_KEY_VERSION.firstPairing + slot),
        );
      default:
        return undefined;
    }
  }

  /** The static-key mode (R29): everything in one protected answer to a UICC that knows the static key. */
  #proveStatically(command: CommandApdu): Uint8Array {
    const { memory, aes } = this.#parts;
    const master = memory.get(RECORD.staticKey);
    const imei = memory.get(RECORD.imei);
    const support = memory.get(RECORD.identity);
    if (
      master === undefined ||
      imei === undefined ||
      support === undefined ||
      lifeCycleOf(memory) !== SUPPORT_LIFE_CYCLE.personalised
    )
      return responseApdu(SW.referencedDataNotFound);
    const keys = staticModeKeys(aes, aes.key(master), SUPPORT_KEY_VERSION.static, ANY_UICC);
    const challenge = verifyStaticCommand(keys, command);
    if (typeof challenge === 'number') return responseApdu(challenge);
    const counter = this.#nextProof();
    if (counter === undefined) return responseApdu(SW.conditionsOfUseNotSatisfied);
    return sealStaticAnswer(keys, challenge, staticProof.encode({ imei, counter, support }));
  }
}

function clear(channel: Channel): void {
  channel.scp03.reset();
  channel.scp11?.reset();
  channel.session = undefined;
  channel.peer = undefined;
  channel.keyVersion = 0;
}

const readCounter = (stored: Uint8Array) =>
  ((stored[0] as number) << 16) | ((stored[1] as number) << 8) | (stored[2] as number);
const counterOctets = (counter: number) => Uint8Array.of(counter >> 16, (counter >> 8) & 0xff, counter & 0xff);
const sequenceOctets = (counter: number, lastUse: number) => concat(counterOctets(counter), counterOctets(lastUse));
