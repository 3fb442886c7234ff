import { sameOctets, toHex } from '#base/codec/index.ts';
import { type AesProvider, importPrivateKey, importPublicKey } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import type { LockPersonalisation } from '#handset/uicc/lock-personalisation.ts';
import { encodeCommand } from '#protocol/apdu/index.ts';
import {
  type Evidence,
  type Root,
  rootName,
  STORAGE_SUPPORT_AID,
  SUPPORT_KEY_VERSION,
  trustDigest,
} from '#protocol/imei-lock/index.ts';
import {
  AgreementKey,
  CA_KLOC_KEY_IDENTIFIER,
  cachedVerifier,
  chainVerifier,
  type HostHandshake,
  openStaticAnswer,
  type PeerVerifier,
  Scp03Host,
  Scp11Host,
  STATIC_CHALLENGE_LENGTH,
  type StaticKeys,
  staticCommand,
  staticKeys,
  staticModeKeys,
} from '#protocol/secure-channel/index.ts';
import type { Learnt } from './memory.ts';
import { type Pairing, withoutKeys } from './pairing.ts';
import type { StaticMode } from './proof.ts';

/** Storage supports whose certificates a UICC remembers. */
const REMEMBERED_SUPPORTS = 4;
/** PERFORM CARD APDU carries at most 241 octets of C-APDU and 240 of R-APDU (facts/secure-channel.md 1). */
const FRAMING = { longestBlock: 235, longestAnswer: 238 } as const;
/** Static keys are one operator's for all its UICCs: no UICC stands in their derivation. */
const ANY_UICC = new Uint8Array(10);

/**
 * What this UICC proves itself with and believes: its certificate and key, the makers' roots, the static key; made into handshakes when
 * one is needed. Everything costly is made once.
 */
export class Credentials {
  readonly #given: LockPersonalisation;
  readonly #aes: AesProvider;
  readonly #random: Random;
  #roots: readonly Root[];
  /** Names of the roots, made when one is first asked for. */
  #names: readonly Uint8Array[] | undefined;
  #agreementKey: AgreementKey | undefined;
  #verifier: { readonly learnt: Learnt; readonly verify: PeerVerifier } | undefined;
  #pairingKeys: { readonly pairing: Pairing; readonly keys: StaticKeys } | undefined;

  constructor(given: LockPersonalisation, aes: AesProvider, random: Random) {
    this.#given = given;
    this.#roots = given.makerRoots;
    this.#aes = aes;
    this.#random = random;
  }

  /** Whether this root is believed. */
  believes(root: Root): boolean {
    const name = rootName(root);
    return this.#namesOfRoots().some((one) => sameOctets(one, name));
  }

  /** Digest of the roots that are believed. */
  get trust(): Uint8Array {
    return trustDigest(this.#roots);
  }

  /** Believes these roots from now on, and no other. */
  believe(roots: readonly Root[]): void {
    this.#roots = roots;
    this.#names = undefined;
    this.#verifier = undefined;
  }

  /**
   * A pairing as far as it may be gone on with: its keys are for as long as the root is believed by which the support was met. `isOrdered`: roots
   * came by an order, so a pairing that does not say its root may be of one that went.
   */
  usable(pairing: Pairing, isOrdered: boolean): Pairing {
    const { origin } = pairing;
    if (origin === undefined) return isOrdered ? withoutKeys(pairing) : pairing;
    return this.#namesOfRoots().some((name) => sameOctets(name, origin.root)) ? pairing : withoutKeys(pairing);
  }

  /** SCP11a with the UICC's certificate; undefined when policy does not accept it or the UICC has none. */
  agreement(accepted: readonly Evidence[], learnt: Learnt): (() => HostHandshake) | undefined {
    const { oce } = this.#given;
    if (!accepted.includes('scp11a') || oce === undefined) return undefined;
    return () =>
      new Scp11Host({
        aes: this.#aes,
        random: this.#random,
        variant: 'a',
        cardKeyVersion: SUPPORT_KEY_VERSION.scp11,
        peer: this.#verify(learnt),
        key: this.#key(oce.privateScalar),
        certificates: [oce.certificate],
        authority: { version: SUPPORT_KEY_VERSION.scp11, identifier: CA_KLOC_KEY_IDENTIFIER },
        securityLevel: 0x33,
        keyLength: 16,
        macLength: 8,
        framing: FRAMING,
      });
  }

  /** SCP03 with the keys of a pairing; undefined when policy does not accept it. */
  resumption(accepted: readonly Evidence[]): ((pairing: Pairing) => HostHandshake) | undefined {
    if (!accepted.includes('scp03')) return undefined;
    return (pairing) =>
      new Scp03Host({
        aes: this.#aes,
        random: this.#random,
        keys: this.#keysOf(pairing),
        securityLevel: 0x33,
        challengeLength: 8,
        application: STORAGE_SUPPORT_AID,
      });
  }

  /** The static-key mode; undefined when policy does not accept it or the UICC has no static key. */
  staticMode(accepted: readonly Evidence[]): StaticMode | undefined {
    const { staticKey } = this.#given;
    if (!accepted.includes('static') || staticKey === undefined) return undefined;
    const keys = staticModeKeys(this.#aes, this.#aes.key(staticKey), SUPPORT_KEY_VERSION.static, ANY_UICC);
    const challenge = this.#random.octets(STATIC_CHALLENGE_LENGTH);
    return {
      command: () => encodeCommand(staticCommand(keys, challenge)),
      open: (response) => {
        const answer = openStaticAnswer(keys, challenge, response);
        return answer.kind === 'notProven' ? answer : { kind: 'open', data: answer.data };
      },
    };
  }

  /** The pairing changed in its counter alone, or in its keys too: prepared keys are kept when they are the same. */
  sameKeys(old: Pairing, kept: Pairing): void {
    const isSame = old.keyVersion === kept.keyVersion && old.enc === kept.enc && old.mac === kept.mac;
    if (isSame && this.#pairingKeys?.pairing === old)
      this.#pairingKeys = { pairing: kept, keys: this.#pairingKeys.keys };
  }

  #namesOfRoots(): readonly Uint8Array[] {
    this.#names ??= this.#roots.map(rootName);
    return this.#names;
  }

  #key(scalar: Uint8Array): AgreementKey {
    this.#agreementKey ??= new AgreementKey(importPrivateKey('P-256', scalar), true);
    return this.#agreementKey;
  }

  #keysOf(pairing: Pairing): StaticKeys {
    if (this.#pairingKeys?.pairing !== pairing) {
      const { keyVersion: version, enc, mac, dek } = pairing;
      this.#pairingKeys = { pairing, keys: staticKeys(this.#aes, { version, enc, mac, dek }) };
    }
    return this.#pairingKeys.keys;
  }

  /** A UICC has no clock: the last date it was taught stands for today, or none, and then dates are not judged. */
  #verify(learnt: Learnt): PeerVerifier {
    if (this.#verifier?.learnt !== learnt) {
      const roots = this.#roots.map(({ caIdentifier, publicPoint }) => ({
        identifier: caIdentifier,
        publicKey: importPublicKey('P-256', publicPoint),
      }));
      const policy = {
        roots,
        today: learnt.date === 0 ? ('unknown' as const) : learnt.date,
        revoked: new Set(learnt.revoked.map(toHex)),
        role: 'sd' as const,
      };
      this.#verifier = { learnt, verify: cachedVerifier(chainVerifier(policy), REMEMBERED_SUPPORTS).verify };
    }
    return this.#verifier.verify;
  }
}
