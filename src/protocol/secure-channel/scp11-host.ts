import { CodecError, concat } from '#base/codec/index.ts';
import {
  type AesKeyLength,
  type AesProvider,
  CryptoError,
  ecdh,
  equalOctets,
  generateKeyPair,
  importPublicKey,
  type KeyPair,
  publicPoint,
} from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, encodeCommand, LONGEST_RESPONSE_DATA, SW } from '#protocol/apdu/index.ts';
import { certificateStore, type PeerVerifier, type VerifiedPeer } from './certificate-chain.ts';
import type { HandshakeStep, HostHandshake, Send } from './handshake.ts';
import { HostSession } from './host-session.ts';
import type { MessagingOptions } from './messaging.ts';
import { notProven } from './not-proven.ts';
import {
  type AgreementKey,
  agreementAnswer,
  agreementData,
  certificateReference,
  deriveScp11Keys,
  type KeyReference,
  receiptOf,
  type Scp11Level,
  type Scp11Variant,
  USAGE,
  VARIANT,
} from './scp11.ts';
import { type MacLength, SecureChannelError } from './session.ts';

/** Most octets of a certificate store that a host collects. */
const LONGEST_STORE = 4096;
/** Most answers it collects them from. */
const MOST_ROUNDS = 32;
/** Most certificates a host sends. */
const MOST_OWN_CERTIFICATES = 3;
const MORE_BLOCKS_CLASS = 0x10;
const MORE = 0x80;

/** How APDUs are cut, for carriers with less room than 255 and for cards that want it otherwise. */
export interface Scp11Framing {
  /** Most octets of certificate in one PERFORM SECURITY OPERATION: 255; 235 in PERFORM CARD APDU (TS 102 223). */
  readonly longestBlock?: number;
  /** Most octets of certificate store in one answer: 256; 238 in PERFORM CARD APDU. */
  readonly longestAnswer?: number;
  /** Mark that blocks follow in P1 bit 8 too, as Samsung/OpenSCP-Java does; the class bit is always set. */
  readonly moreBlocksInP1?: boolean;
  /** Send PERFORM SECURITY OPERATION with Le 00, as Samsung/OpenSCP-Java does. */
  readonly leWithBlocks?: boolean;
}

/** What a host needs to open SCP11. */
export interface Scp11HostOptions {
  readonly aes: AesProvider;
  readonly random: Random;
  readonly variant: Scp11Variant;
  /** Version number of the card's key agreement key; its identifier follows from the variant. */
  readonly cardKeyVersion: number;
  /** Verifies what the card's store holds; or a peer verified before, and the store is not read at all. */
  readonly peer: PeerVerifier | VerifiedPeer;
  /** SK.OCE. */
  readonly key: AgreementKey;
  /** CERT.OCE and those above it, leaf last, to send with PERFORM SECURITY OPERATION. None: the card knows this host's key. */
  readonly certificates: readonly Uint8Array[];
  /** The card's key that verifies them: CA-KLOC. */
  readonly authority: KeyReference;
  /** 33 unless there is a reason. */
  readonly securityLevel: Scp11Level;
  readonly keyLength: AesKeyLength;
  /** S8 or S16: agreed beforehand, no APDU of the handshake names it (Amendment F). */
  readonly macLength: MacLength;
  readonly framing?: Scp11Framing;
  readonly messaging?: MessagingOptions;
}

type State =
  | { readonly name: 'new' }
  | { readonly name: 'store'; readonly collected: Uint8Array; readonly round: number }
  | { readonly name: 'certificates'; readonly peer: VerifiedPeer; readonly next: number }
  | { readonly name: 'agreement'; readonly peer: VerifiedPeer; readonly ephemeral: KeyPair; readonly data: Uint8Array }
  | { readonly name: 'done' };

const DONE: State = { name: 'done' };
const GET_RESPONSE: CommandApdu = { cla: 0x00, ins: 0xc0, p1: 0, p2: 0, data: new Uint8Array(0) };

/**
 * SCP11a (and c) as the off-card entity (GPC Amendment F): GET DATA BF21, PERFORM SECURITY OPERATION, MUTUAL
 * AUTHENTICATE. The card is proven by its receipt, which is always demanded. SCP11b is refused: it proves no host to the card,
 * so anybody could read the IMEI.
 */
export class Scp11Host implements HostHandshake {
  readonly #options: Scp11HostOptions;
  readonly #blocks: readonly CommandApdu[];
  #state: State = { name: 'new' };

  /** Throws SecureChannelError for a variant other than a and c, or too many certificates. */
  constructor(options: Scp11HostOptions) {
    if (!(options.variant in VARIANT))
      throw new SecureChannelError(
        `SCP11a or SCP11c expected, got SCP11${options.variant}: b does not authenticate the host`,
      );
    if (options.certificates.length > MOST_OWN_CERTIFICATES)
      throw new SecureChannelError(
        `at most ${MOST_OWN_CERTIFICATES} certificates can be sent, got ${options.certificates.length}`,
      );
    this.#options = options;
    this.#blocks = certificateBlocks(options);
  }

  /** GET DATA BF21 for the card's certificates, or the next step when the peer is known. */
  start(): Uint8Array {
    if (this.#state.name !== 'new') throw new SecureChannelError('this handshake has begun: make a new Scp11Host');
    const { peer, variant, cardKeyVersion: version, framing } = this.#options;
    if (typeof peer !== 'function') return this.#certificates(peer, 0).command;
    this.#state = { name: 'store', collected: new Uint8Array(0), round: 0 };
    const data = certificateReference.encode({ identifier: VARIANT[variant].keyIdentifier, version });
    const le = framing?.longestAnswer ?? LONGEST_RESPONSE_DATA;
    return encodeCommand({ cla: 0x00, ins: 0xca, p1: 0xbf, p2: 0x21, data, le });
  }

  /** The answer to the last command gives the next one, at last the session. */
  receive(response: Uint8Array): HandshakeStep {
    const state = this.#state;
    if (state.name === 'new' || state.name === 'done')
      throw new SecureChannelError('no answer is outstanding in this handshake');
    this.#state = DONE;
    const end = response.length - 2;
    if (end < 0) return notProven('tooShort');
    const statusWord = ((response[end] as number) << 8) | (response[end + 1] as number);
    const data = response.subarray(0, end);
    try {
      if (state.name === 'store' && statusWord >> 8 === SW.responseAvailable >> 8)
        return this.#more(state.collected, data, state.round, statusWord & 0xff);
      if (statusWord !== SW.ok) return notProven('errorStatusWord', statusWord);
      if (state.name === 'store') return this.#verifyStore(concat(state.collected, data));
      if (state.name === 'certificates') return this.#certificates(state.peer, state.next);
      return this.#open(state, data);
    } catch (error) {
      if (error instanceof CodecError) return notProven('malformed', statusWord);
      if (error instanceof CryptoError) return notProven('wrongKey', statusWord);
      throw error;
    }
  }

  #more(collected: Uint8Array, data: Uint8Array, round: number, available: number): HandshakeStep {
    if (round === MOST_ROUNDS || collected.length + data.length > LONGEST_STORE) return notProven('malformed');
    this.#state = { name: 'store', collected: concat(collected, data), round: round + 1 };
    const most = this.#options.framing?.longestAnswer ?? LONGEST_RESPONSE_DATA;
    const le = Math.min(available === 0 ? LONGEST_RESPONSE_DATA : available, most);
    return { kind: 'send', command: encodeCommand({ ...GET_RESPONSE, le }) };
  }

  #verifyStore(store: Uint8Array): HandshakeStep {
    const { peer: verify } = this.#options;
    if (typeof verify !== 'function') throw new SecureChannelError('a known peer has no store');
    if (store.length > LONGEST_STORE) return notProven('malformed');
    const peer = verify(certificateStore.decode(store));
    if (peer.kind === 'refused') return { kind: 'notProven', reason: 'certificate', certificate: peer.fault };
    return this.#certificates(peer, 0);
  }

  /** The next block of the own certificates, then the key agreement. */
  #certificates(peer: VerifiedPeer, next: number): Send {
    const block = this.#blocks[next];
    if (block === undefined) return this.#mutualAuthenticate(peer);
    this.#state = { name: 'certificates', peer, next: next + 1 };
    return { kind: 'send', command: encodeCommand(block) };
  }

  #mutualAuthenticate(peer: VerifiedPeer): Send {
    const { random, variant, cardKeyVersion, securityLevel, keyLength } = this.#options;
    const ephemeral = generateKeyPair(peer.publicKey.curve, random);
    const { keyIdentifier, parameters } = VARIANT[variant];
    const data = agreementData.encode({
      template: { protocol: { parameters }, usage: USAGE[securityLevel], keyLength },
      publicKey: publicPoint(ephemeral.publicKey),
    });
    this.#state = { name: 'agreement', peer, ephemeral, data };
    const command = { cla: 0x80, ins: 0x82, p1: cardKeyVersion, p2: keyIdentifier, data, le: LONGEST_RESPONSE_DATA };
    return { kind: 'send', command: encodeCommand(command) };
  }

  #open(state: Extract<State, { name: 'agreement' }>, data: Uint8Array): HandshakeStep {
    const { aes, variant, key, securityLevel, keyLength, macLength, messaging } = this.#options;
    const { peer, ephemeral } = state;
    const answer = agreementAnswer.decode(data);
    if (variant === 'c' && !equalOctets(answer.publicKey, publicPoint(peer.publicKey))) return notProven('wrongKey');
    const cardKey = variant === 'c' ? peer.publicKey : importPublicKey(peer.publicKey.curve, answer.publicKey);
    const ephemeralSecret = ecdh(ephemeral.privateKey, cardKey);
    const keys = deriveScp11Keys(aes, ephemeralSecret, key.secretWith(peer), USAGE[securityLevel], keyLength);
    ephemeralSecret.fill(0);
    if (!equalOctets(receiptOf(keys, state.data, answer.publicKey), answer.receipt)) return notProven('wrongReceipt');
    return { kind: 'open', session: new HostSession(keys, securityLevel, macLength, answer.receipt, messaging), peer };
  }
}

/** PERFORM SECURITY OPERATION for each certificate, cut into chained blocks (Amendment F). */
function certificateBlocks({ certificates, authority, framing = {} }: Scp11HostOptions): CommandApdu[] {
  const { longestBlock = 255, moreBlocksInP1 = false, leWithBlocks = false } = framing;
  return certificates.flatMap((certificate, index) => {
    const p2 = authority.identifier | (index < certificates.length - 1 ? MORE : 0);
    const blocks: CommandApdu[] = [];
    for (let at = 0; at < certificate.length; at += longestBlock) {
      const more = at + longestBlock < certificate.length;
      blocks.push({
        cla: 0x80 | (more ? MORE_BLOCKS_CLASS : 0),
        ins: 0x2a,
        p1: authority.version | (more && moreBlocksInP1 ? MORE : 0),
        p2,
        data: certificate.subarray(at, at + longestBlock),
        ...(leWithBlocks && { le: LONGEST_RESPONSE_DATA }),
      });
    }
    return blocks;
  });
}
