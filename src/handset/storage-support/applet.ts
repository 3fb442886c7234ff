import { NO_OCTETS, u24 } from '#base/codec/index.ts';
import { type AesProvider, importPrivateKey, importPublicKey } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type Answer, type Applet, answerWith, type CardMemory, commandTable, refuse } from '#handset/card/index.ts';
import { type CommandApdu, isSecureMessaging, responseApdu, SW, statusWord } from '#protocol/apdu/index.ts';
import { applicationFci } from '#protocol/card-management/index.ts';
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
  SCP11B_KEY_IDENTIFIER,
  Scp03Card,
  type Scp03CardOptions,
  Scp11Card,
  type Scp11CardOptions,
  type StaticModeKeys,
  sealStaticAnswer,
  staticModeKeys,
  verifyStaticCommand,
} from '#protocol/secure-channel/index.ts';

import { KeySets, type Peer } from './key-sets.ts';
import { pairingChanges, takenVersions, versionFor } from './pairing-slots.ts';
import { Personalisation, storedAuthorities } from './personalisation.ts';
import { CARD_RECOGNITION, keyInformation } from './public-data.ts';
import { lifeCycleOf, proofsGiven, RECORD, UICC_IDENTITY_LENGTH } from './records.ts';

/** What a storage support is made of. */
export interface SupportParts {
  readonly memory: CardMemory;
  readonly random: Random;
  readonly aes: AesProvider;
}

/** A secure channel that is open, or was aborted and refuses everything, and who is at its other end. */
interface Open {
  readonly session: CardSession;
  readonly peer: Peer;
}
type OpenToUicc = Open & { readonly peer: { readonly role: 'uicc' } };

interface Channel {
  readonly scp03: Scp03Card;
  /** Made when first needed: most power-ons never agree keys by certificates. */
  scp11: Scp11Card | undefined;
  /** Who will be at the other end when EXTERNAL AUTHENTICATE follows the INITIALIZE UPDATE. */
  expected: Peer | undefined;
  open: Open | undefined;
}

const INS = {
  initializeUpdate: 0x50,
  getData: 0xca,
  putKey: 0xd8,
  internalAuthenticate: 0x88,
  performSecurityOperation: 0x2a,
  mutualAuthenticate: 0x82,
} as const;
const HIGHEST_PROOF = 0xffffff;
const LEVEL_ALL = 0x33;
const PARAMETER_I = 0x70;
const PAIRING_KEY_LENGTH = 16;
const NO_DIVERSIFICATION = new Uint8Array(10);
/** Static keys are one operator's for all its UICCs: no UICC stands in their derivation. */
const ANY_UICC = new Uint8Array(UICC_IDENTITY_LENGTH);
/** UICCs whose certificates a support remembers. */
const REMEMBERED_UICCS = 4;
const GUARDED: readonly number[] = Object.values(SUPPORT_DATA);

/** FCI: AID and longest command data (GPC 2.3.1 table 11-70). */
const FCI = responseApdu(SW.ok, applicationFci(STORAGE_SUPPORT_AID));

const proofOfImei = (imei: Uint8Array, counter: number) => imeiProof.encode({ imei, counter });
const proofOfImeiSv = (imeiSv: Uint8Array, counter: number) => imeiProof.encode({ imeiSv, counter });

/**
 * The applet of the storage support (2): holds the IMEI (21) and keys (22), and says the IMEI only inside a channel of level 33 to a UICC
 * that proved itself (rules 5 and 7 of facts/secure-channel.md 10). Every proof carries a counter that never repeats.
 */
export class StorageSupportApplet implements Applet {
  readonly aid = STORAGE_SUPPORT_AID;
  readonly #parts: SupportParts;
  readonly #keySets: KeySets;
  readonly #personalisation: Personalisation;
  readonly #scp03: Scp03CardOptions;
  /** By number, from the first use of a channel on. */
  readonly #channels: Channel[] = [];
  #agreement: Scp11CardOptions | undefined;
  #staticKeys: StaticModeKeys | undefined;

  /** Commands outside a channel. */
  readonly #unprotected = commandTable<Channel, Uint8Array>(
    [
      {
        name: 'GET DATA',
        ins: INS.getData,
        class: 'both',
        data: 'any',
        serve: (c, channel) => this.#getOpenData(c, channel),
      },
      {
        name: 'INTERNAL AUTHENTICATE',
        ins: INS.internalAuthenticate,
        class: 'proprietary',
        data: 'any',
        serve: (c, channel) => this.#internalAuthenticate(c, channel),
      },
      {
        name: 'PERFORM SECURITY OPERATION',
        ins: INS.performSecurityOperation,
        class: 'proprietary',
        data: 'some',
        serve: (c, channel) => this.#agree(c, channel),
      },
      {
        name: 'MUTUAL AUTHENTICATE',
        ins: INS.mutualAuthenticate,
        class: 'proprietary',
        data: 'some',
        serve: (c, channel) => this.#agree(c, channel),
      },
    ],
    (statusWord) => responseApdu(statusWord),
  );

  /** Commands inside a channel with a UICC. */
  readonly #ofUicc = commandTable<OpenToUicc, Answer>(
    [
      {
        name: 'GET DATA',
        ins: INS.getData,
        class: 'both',
        data: 'none',
        serve: (c, { peer }) => this.#getData(c, peer.identity),
      },
      {
        name: 'PUT KEY',
        ins: INS.putKey,
        class: 'proprietary',
        data: 'some',
        serve: (c, open) => this.#putKey(c, open),
      },
    ],
    refuse,
  );

  constructor(parts: SupportParts) {
    this.#parts = parts;
    const { aes, random } = parts;
    const keySets = new KeySets(parts);
    this.#keySets = keySets;
    this.#personalisation = new Personalisation(parts, () => keySets.forget(SUPPORT_KEY_VERSION.factory));
    this.#scp03 = {
      aes,
      random,
      keySet: (version: number) => keySets.of(version)?.keys,
      parameterI: PARAMETER_I,
      application: STORAGE_SUPPORT_AID,
      counter: keySets,
      diversification: NO_DIVERSIFICATION,
    };
  }

  #channel(number: number): Channel {
    let channel = this.#channels[number];
    if (channel === undefined) {
      channel = { scp03: new Scp03Card(this.#scp03), scp11: undefined, expected: undefined, open: undefined };
      this.#channels[number] = channel;
    }
    return channel;
  }

  reset(): void {
    // Channels that were never used are holes, and passed over.
    this.#channels.forEach(clear);
  }

  select(channel: number): Uint8Array {
    this.deselect(channel);
    return this.#isTerminated() ? responseApdu(SW.conditionsOfUseNotSatisfied) : FCI;
  }

  deselect(channel: number): void {
    clear(this.#channel(channel));
  }

  isSecured(channel: number): boolean {
    return this.#channels[channel]?.open !== undefined;
  }

  process(command: CommandApdu, number: number): Uint8Array {
    if (this.#isTerminated()) return responseApdu(SW.conditionsOfUseNotSatisfied);
    const channel = this.#channel(number);
    const isScp03 = Scp03Card.takes(command);
    if (isScp03 && command.ins === INS.initializeUpdate) return this.#initializeUpdate(command, channel);
    if (channel.open !== undefined) return this.#inSession(command, channel.open);
    if (isScp03) return this.#externalAuthenticate(command, channel);
    if (isSecureMessaging(command.cla)) return responseApdu(SW.securityStatusNotSatisfied);
    return this.#unprotected(command, channel);
  }

  #isTerminated(): boolean {
    return lifeCycleOf(this.#parts.memory) === SUPPORT_LIFE_CYCLE.terminated;
  }

  // ---- SCP03: GPC Amendment D 5, 7.1 ----

  /** Always accepted; ends the session. */
  #initializeUpdate(command: CommandApdu, channel: Channel): Uint8Array {
    channel.open = undefined;
    channel.expected = this.#keySets.of(command.p1)?.peer;
    return channel.scp03.process(command).response;
  }

  /** A failure of the factory's is counted before it is judged (T32). */
  #externalAuthenticate(command: CommandApdu, channel: Channel): Uint8Array {
    const peer = channel.expected;
    channel.expected = undefined;
    const isFactory = peer?.role === 'factory';
    if (isFactory) this.#keySets.takeFactoryTry();
    const { response, session } = channel.scp03.process(command);
    if (isFactory && !isWrongKey(statusWord(response))) this.#keySets.giveFactoryTryBack();
    if (session !== undefined && peer !== undefined) channel.open = { session, peer };
    return response;
  }

  // ---- SCP11a: GPC Amendment F ----

  #agree(command: CommandApdu, channel: Channel): Uint8Array {
    if (lifeCycleOf(this.#parts.memory) !== SUPPORT_LIFE_CYCLE.personalised)
      return responseApdu(SW.conditionsOfUseNotSatisfied);
    channel.scp11 ??= new Scp11Card(this.#agreementOptions());
    const { response, session, peer } = channel.scp11.process(command);
    if (session !== undefined && peer !== undefined)
      channel.open = { session, peer: { role: 'uicc', identity: peer.subject, mayPutKeys: true } };
    return response;
  }

  #agreementOptions(): Scp11CardOptions {
    const { memory, aes, random } = this.#parts;
    const version = SUPPORT_KEY_VERSION.scp11;
    const key = new AgreementKey(importPrivateKey('P-256', memory.get(RECORD.privateScalar) ?? NO_OCTETS), true);
    const certificates = [memory.get(RECORD.certificate) ?? NO_OCTETS];
    this.#agreement ??= {
      aes,
      random,
      keys: [{ variant: 'a', version, key, certificates }],
      authority: { version, identifier: CA_KLOC_KEY_IDENTIFIER },
      verifyPeer: this.#verifierOfUiccs(),
      macLength: 8,
    };
    return this.#agreement;
  }

  #verifierOfUiccs(): Scp11CardOptions['verifyPeer'] {
    const roots = storedAuthorities(this.#parts.memory).map(({ caIdentifier, publicPoint }) => ({
      identifier: caIdentifier,
      publicKey: importPublicKey('P-256', publicPoint),
    }));
    // A support has no clock: dates stay unchecked, and revocation of UICCs is the operator's affair.
    const { verify } = cachedVerifier(chainVerifier({ roots, today: 'unknown', role: 'oce' }), REMEMBERED_UICCS);
    return (certificates) => {
      const peer = verify(certificates);
      return peer.kind === 'peer' && peer.subject.length !== UICC_IDENTITY_LENGTH
        ? { kind: 'refused', fault: 'wrongUsage' }
        : peer;
    };
  }

  // ---- inside a channel ----

  #inSession(command: CommandApdu, open: Open): Uint8Array {
    const { session } = open;
    const plain = session.unwrap(command);
    if (typeof plain === 'number') return responseApdu(plain);
    const { statusWord, data } = this.#serve(plain, open);
    return session.wrap(statusWord, data);
  }

  #serve(command: CommandApdu, { session, peer }: Open): Answer {
    if (session.level !== LEVEL_ALL || !session.peerProven) return refuse(SW.securityStatusNotSatisfied);
    return peer.role === 'factory'
      ? this.#personalisation.serve(command, session.dek)
      : this.#ofUicc(command, { session, peer });
  }

  /** Step 102: the IMEI with a fresh counter, to be protected by the session it was asked in. */
  #getData({ p1, p2 }: CommandApdu, uicc: Uint8Array): Answer {
    const { memory } = this.#parts;
    const tag = (p1 << 8) | p2;
    switch (tag) {
      case SUPPORT_DATA.imei:
        return this.#prove(memory.get(RECORD.imei), proofOfImei);
      case SUPPORT_DATA.secondImei:
        return this.#prove(memory.get(RECORD.secondImei), proofOfImei);
      case SUPPORT_DATA.imeiSv:
        return this.#prove(memory.get(RECORD.imeiSv), proofOfImeiSv);
      case SUPPORT_DATA.identity:
        return this.#prove(memory.get(RECORD.identity), (identity, counter) =>
          supportIdentity.encode({ identity, pairingKeyVersion: versionFor(memory, uicc), counter }),
        );
      default: {
        const data = this.#openData(tag);
        return data === undefined ? refuse(SW.referencedDataNotFound) : answerWith(data);
      }
    }
  }

  #prove(item: Uint8Array | undefined, encode: (item: Uint8Array, counter: number) => Uint8Array): Answer {
    if (item === undefined) return refuse(SW.referencedDataNotFound);
    const counter = this.#nextProof();
    return counter === undefined ? refuse(SW.conditionsOfUseNotSatisfied) : answerWith(encode(item, counter));
  }

  /** Raises the counter of proofs and keeps it, before anything that carries it leaves; undefined when it is spent. */
  #nextProof(): number | undefined {
    const { memory } = this.#parts;
    const counter = proofsGiven(memory) + 1;
    if (counter > HIGHEST_PROOF) return undefined;
    memory.commit([[RECORD.proofCounter, u24.encode(counter)]]);
    return counter;
  }

  /** Keys for the power-ons to come, only into the slot of the UICC that asks, only after a meeting by certificates. */
  #putKey(command: CommandApdu, { session, peer }: OpenToUicc): Answer {
    const { memory, aes } = this.#parts;
    if (!peer.mayPutKeys || session.dek === undefined) return refuse(SW.conditionsOfUseNotSatisfied);
    const received = receivePutKey(aes, session.dek, command);
    if (typeof received === 'number') return refuse(received);
    const { version, ...keys } = received.keys;
    const { oldVersion } = received;
    if (version !== versionFor(memory, peer.identity) || (oldVersion !== 0 && oldVersion !== version))
      return refuse(SW.referencedDataNotFound);
    if (keys.enc.length !== PAIRING_KEY_LENGTH) return refuse(SW.wrongData);
    memory.commit(pairingChanges(version, { uicc: peer.identity, ...keys }, proofsGiven(memory)));
    this.#keySets.forget(version);
    return answerWith(putKeyAnswer(aes, received.keys));
  }

  // ---- outside a channel: nothing here says which handset this is ----

  #getOpenData(command: CommandApdu, channel: Channel): Uint8Array {
    const tag = (command.p1 << 8) | command.p2;
    if (tag === SUPPORT_PUBLIC_DATA.certificates) return this.#agree(command, channel);
    const data = this.#openData(tag);
    if (data !== undefined) return responseApdu(SW.ok, data);
    return responseApdu(GUARDED.includes(tag) ? SW.securityStatusNotSatisfied : SW.referencedDataNotFound);
  }

  #openData(tag: number): Uint8Array | undefined {
    const { memory } = this.#parts;
    switch (tag) {
      case SUPPORT_PUBLIC_DATA.lifeCycle:
        return Uint8Array.of(lifeCycleOf(memory));
      case SUPPORT_PUBLIC_DATA.cardRecognition:
        return CARD_RECOGNITION;
      case SUPPORT_PUBLIC_DATA.keyInformation:
        return keyInformation(takenVersions(memory));
      default:
        return undefined;
    }
  }

  #internalAuthenticate(command: CommandApdu, channel: Channel): Uint8Array {
    return command.p2 === SCP11B_KEY_IDENTIFIER ? this.#agree(command, channel) : this.#proveStatically(command);
  }

  /** The static-key mode (R29): everything in one protected answer to a UICC that knows the static key. */
  #proveStatically(command: CommandApdu): Uint8Array {
    const { memory, aes } = this.#parts;
    const master = memory.get(RECORD.staticKey);
    const imei = memory.get(RECORD.imei);
    const support = memory.get(RECORD.identity);
    const isReady = lifeCycleOf(memory) === SUPPORT_LIFE_CYCLE.personalised;
    if (master === undefined || imei === undefined || support === undefined || !isReady)
      return responseApdu(SW.referencedDataNotFound);
    this.#staticKeys ??= staticModeKeys(aes, aes.key(master), SUPPORT_KEY_VERSION.static, ANY_UICC);
    const challenge = verifyStaticCommand(this.#staticKeys, command);
    if (typeof challenge === 'number') return responseApdu(challenge);
    const counter = this.#nextProof();
    if (counter === undefined) return responseApdu(SW.conditionsOfUseNotSatisfied);
    return sealStaticAnswer(this.#staticKeys, challenge, staticProof.encode({ imei, counter, support }));
  }
}

function clear(channel: Channel): void {
  channel.scp03.reset();
  channel.scp11?.reset();
  channel.open = undefined;
  channel.expected = undefined;
}

/** Status words by which SCP03 tells a host that it does not hold the keys. */
const isWrongKey = (statusWord: number) =>
  statusWord === SW.authenticationFailedNoDiagnosis || statusWord === SW.securityStatusNotSatisfied;
