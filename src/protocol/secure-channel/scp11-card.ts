import { CodecError, concat, NO_OCTETS } from '#base/codec/index.ts';
import {
  type AesKeyLength,
  type AesProvider,
  CryptoError,
  ecdh,
  generateKeyPair,
  importPublicKey,
  publicKeyOf,
  publicPoint,
} from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, responseApdu, SW } from '#protocol/apdu/index.ts';
import { CardSession } from './card-session.ts';
import { certificateStore, MOST_CERTIFICATES, type PeerVerifier, type VerifiedPeer } from './certificate-chain.ts';
import type { CardAnswer } from './handshake.ts';
import {
  type AgreementData,
  type AgreementKey,
  aesKeyLengthOf,
  agreementAnswer,
  agreementData,
  certificateReference,
  deriveScp11Keys,
  type KeyReference,
  levelOfUsage,
  receiptOf,
  SCP11B_KEY_IDENTIFIER,
  type Scp11Level,
  type Scp11Variant,
  VARIANT,
} from './scp11.ts';
import type { MacLength } from './session.ts';

/** Most octets of one certificate that a card collects from chained commands. */
const LONGEST_CERTIFICATE = 2048;
const MORE_BLOCKS_CLASS = 0x10;
const MORE = 0x80;

const GET_DATA = 0xca;
const PERFORM_SECURITY_OPERATION = 0x2a;
const MUTUAL_AUTHENTICATE = 0x82;
const INTERNAL_AUTHENTICATE = 0x88;
const CERTIFICATE_STORE = 0xbf21;

/** A key agreement key of the card, with the certificates that speak for it, leaf last. */
export interface Scp11CardKey {
  readonly variant: Scp11Variant;
  readonly version: number;
  /** SK.SD. */
  readonly key: AgreementKey;
  readonly certificates: readonly Uint8Array[];
}

/** What a card needs to serve SCP11. */
export interface Scp11CardOptions {
  readonly aes: AesProvider;
  readonly random: Random;
  readonly keys: readonly Scp11CardKey[];
  /** CA-KLOC as hosts name it in PERFORM SECURITY OPERATION. */
  readonly authority: KeyReference;
  /** Verifies certificates of hosts, role `oce`. */
  readonly verifyPeer: PeerVerifier;
  /** A host whose key the card keeps (identifier bit 04): it need not send certificates. */
  readonly knownPeer?: VerifiedPeer;
  /** Levels accepted; 33 only when left out. */
  readonly levels?: readonly Scp11Level[];
  /** Key lengths accepted; all three when left out. */
  readonly keyLengths?: readonly AesKeyLength[];
  readonly macLength: MacLength;
}

const refusal = (statusWord: number): CardAnswer => ({ response: responseApdu(statusWord) });
const OK: CardAnswer = refusal(SW.ok);

/**
 * SCP11a (and c) as the card (GPC Amendment F): GET DATA BF21, PERFORM SECURITY OPERATION, MUTUAL AUTHENTICATE of one
 * logical channel; `takes` tells which commands these are. Answers are whole, also above 256 octets: cutting them into 61XX
 * and GET RESPONSE is the card's transport. Chained command blocks are joined here; a command already joined is taken too.
 */
export class Scp11Card {
  readonly #options: Scp11CardOptions;
  #collected: Uint8Array = NO_OCTETS;
  #certificates: Uint8Array[] = [];
  #peer: VerifiedPeer | undefined;

  constructor(options: Scp11CardOptions) {
    this.#options = options;
    this.#peer = options.knownPeer;
  }

  /** True for the commands this handshake consists of, INTERNAL AUTHENTICATE of SCP11b included, which is refused. */
  static takes({ cla, ins, p1, p2 }: CommandApdu): boolean {
    // EXTERNAL AUTHENTICATE of SCP03 is 84 82, with secure messaging: not ours. The logical channel is not looked at.
    const plain = (cla & 0x6c) === 0;
    if (ins === GET_DATA) return plain && ((p1 << 8) | p2) === CERTIFICATE_STORE;
    const proprietary = plain && (cla & 0x80) !== 0;
    if (ins === INTERNAL_AUTHENTICATE) return proprietary && p2 === SCP11B_KEY_IDENTIFIER;
    return proprietary && (ins === PERFORM_SECURITY_OPERATION || ins === MUTUAL_AUTHENTICATE);
  }

  /** Forgets a handshake that has begun and the host's certificates: on SELECT, reset, channel close. */
  reset(): void {
    this.#dropBlocks();
    this.#peer = this.#options.knownPeer;
  }

  /** Answers one of the commands `takes` names; 6D00 to any other. */
  process(command: CommandApdu): CardAnswer {
    if (command.ins !== PERFORM_SECURITY_OPERATION) this.#dropBlocks();
    try {
      if (command.ins === GET_DATA) return this.#getCertificates(command);
      if (command.ins === PERFORM_SECURITY_OPERATION) return this.#performSecurityOperation(command);
      if (command.ins === MUTUAL_AUTHENTICATE) return this.#mutualAuthenticate(command);
    } catch (error) {
      if (error instanceof CodecError || error instanceof CryptoError) return refusal(SW.wrongData);
      throw error;
    }
    // SCP11b has no key here: INTERNAL AUTHENTICATE would open a channel to anybody.
    if (command.ins === INTERNAL_AUTHENTICATE) return refusal(SW.referencedDataNotFound);
    return refusal(SW.instructionNotSupported);
  }

  #key(version: number, identifier: number): Scp11CardKey | undefined {
    return this.#options.keys.find(
      (key) => key.version === version && VARIANT[key.variant].keyIdentifier === identifier,
    );
  }

  #getCertificates({ data }: CommandApdu): CardAnswer {
    const { identifier, version } = certificateReference.decode(data);
    const key = this.#key(version, identifier);
    if (key === undefined) return refusal(SW.referencedDataNotFound);
    return { response: responseApdu(SW.ok, certificateStore.encode(key.certificates)) };
  }

  #performSecurityOperation({ cla, p1, p2, data }: CommandApdu): CardAnswer {
    const { authority } = this.#options;
    this.#peer = this.#options.knownPeer;
    if ((p1 & ~MORE) !== authority.version || (p2 & ~MORE) !== authority.identifier) {
      this.#dropBlocks();
      return refusal(SW.referencedDataNotFound);
    }
    if (this.#collected.length + data.length > LONGEST_CERTIFICATE || this.#certificates.length === MOST_CERTIFICATES) {
      this.#dropBlocks();
      return refusal(SW.notEnoughMemory);
    }
    this.#collected = concat(this.#collected, data);
    if ((cla & MORE_BLOCKS_CLASS) !== 0 || (p1 & MORE) !== 0) return OK;
    this.#certificates.push(this.#collected);
    this.#collected = NO_OCTETS;
    return (p2 & MORE) !== 0 ? OK : this.#verifyPeer();
  }

  #verifyPeer(): CardAnswer {
    const result = this.#options.verifyPeer(this.#certificates);
    this.#dropBlocks();
    if (result.kind === 'refused') return refusal(SW.securityStatusNotSatisfied);
    this.#peer = result;
    return OK;
  }

  #dropBlocks(): void {
    this.#collected = NO_OCTETS;
    this.#certificates = [];
  }

  #mutualAuthenticate({ p1, p2, data }: CommandApdu): CardAnswer {
    const key = this.#key(p1, p2);
    if (key === undefined) return refusal(SW.referencedDataNotFound);
    const peer = this.#peer;
    if (peer === undefined) return refusal(SW.conditionsOfUseNotSatisfied);
    return this.#agree(key, peer, data, agreementData.decode(data));
  }

  /** Throws CodecError and CryptoError for points that are on no curve: 6A80, nothing computed with them. */
  #agree(key: Scp11CardKey, peer: VerifiedPeer, data: Uint8Array, asked: AgreementData): CardAnswer {
    const { aes, random, levels = [0x33], keyLengths, macLength } = this.#options;
    const { protocol, usage, keyLength } = asked.template;
    const level = levelOfUsage(usage);
    const length = aesKeyLengthOf(keyLength);
    if (protocol.parameters !== VARIANT[key.variant].parameters) return refusal(SW.wrongData);
    if (level === undefined || length === undefined || keyLengths?.includes(length) === false)
      return refusal(SW.wrongData);
    if (!levels.includes(level)) return refusal(SW.conditionsOfUseNotSatisfied);
    const { privateKey } = key.key;
    const hostKey = importPublicKey(privateKey.curve, asked.publicKey);
    const { privateKey: own, publicKey } =
      key.variant === 'c'
        ? { privateKey, publicKey: publicKeyOf(privateKey) }
        : generateKeyPair(privateKey.curve, random);
    const ephemeralSecret = ecdh(own, hostKey);
    const keys = deriveScp11Keys(aes, ephemeralSecret, key.key.secretWith(peer), usage, length);
    ephemeralSecret.fill(0);
    const point = publicPoint(publicKey);
    const receipt = receiptOf(keys, data, point);
    return {
      response: responseApdu(SW.ok, agreementAnswer.encode({ publicKey: point, receipt })),
      session: new CardSession(keys, level, macLength, receipt),
      peer,
    };
  }
}
