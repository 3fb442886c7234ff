import { CodecError, partOf } from '#base/codec/index.ts';
import type { Aes, AesProvider } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import type { HandshakeStep, HostHandshake, Opened } from './handshake.ts';
import { HostSession } from './host-session.ts';
import { commandMac, type MessagingOptions } from './messaging.ts';
import { type NotProven, type NotProvenReason, notProven } from './not-proven.ts';
import {
  cryptogram,
  DERIVATION,
  derivationContext,
  deriveMacKey,
  deriveSessionKeys,
  FIRST_CHAINING,
  type InitializeUpdateAnswer,
  initializeUpdateAnswer,
  isCryptogram,
  isPseudoRandomChallenge,
  offers,
  PARAMETER_I,
  type StaticKeys,
} from './scp03.ts';
import { type MacLength, SecureChannelError, type SecurityLevel } from './session.ts';

/** What a host needs to open SCP03. */
export interface Scp03HostOptions {
  readonly aes: AesProvider;
  readonly keys: StaticKeys;
  readonly random: Random;
  /** Level to demand. 33 unless there is a reason. */
  readonly securityLevel: SecurityLevel;
  /** 8 for mode S8, 16 for S16; the card must be of that mode. */
  readonly challengeLength: MacLength;
  /** Ask for the card's default key set (P1 00) and take the key version it names. */
  readonly defaultKeySet?: boolean;
  /**
   * AID of the application that runs the channel. When given, the card's challenge must be the pseudo-random one of its
   * sequence counter (i bit 10): the counter is then proven, and returned.
   */
  readonly application?: Uint8Array;
  readonly messaging?: MessagingOptions;
}

type State =
  | { readonly name: 'new' }
  | { readonly name: 'challenged'; readonly hostChallenge: Uint8Array }
  | {
      readonly name: 'authenticating';
      readonly mac: Aes;
      readonly context: Uint8Array;
      readonly chaining: Uint8Array;
      readonly sequenceCounter: number | undefined;
    }
  | { readonly name: 'done' };

const DONE: State = { name: 'done' };
const HEADER = 5;

/**
 * SCP03 as the off-card entity (GPC Amendment D 5, 7.1): INITIALIZE UPDATE, EXTERNAL AUTHENTICATE. The card cryptogram is
 * verified before anything else is sent.
 */
export class Scp03Host implements HostHandshake {
  readonly #options: Scp03HostOptions;
  #state: State = { name: 'new' };

  constructor(options: Scp03HostOptions) {
    this.#options = options;
  }

  /** INITIALIZE UPDATE with a fresh host challenge (7.1.1). */
  start(): Uint8Array {
    if (this.#state.name !== 'new') throw new SecureChannelError('this handshake has begun: make a new Scp03Host');
    const { keys, random, challengeLength, defaultKeySet } = this.#options;
    const hostChallenge = random.octets(challengeLength);
    this.#state = { name: 'challenged', hostChallenge };
    const octets = new Uint8Array(HEADER + challengeLength + 1);
    octets[0] = 0x80;
    octets[1] = 0x50;
    octets[2] = defaultKeySet === true ? 0 : keys.version;
    octets[4] = challengeLength;
    octets.set(hostChallenge, HEADER);
    return octets;
  }

  /** The answer to INITIALIZE UPDATE gives EXTERNAL AUTHENTICATE; the answer to that gives the session. */
  receive(response: Uint8Array): HandshakeStep {
    const state = this.#state;
    this.#state = DONE;
    if (state.name !== 'challenged' && state.name !== 'authenticating')
      throw new SecureChannelError('no answer is outstanding in this handshake');
    const end = response.length - 2;
    if (end < 0) return notProven('tooShort');
    const statusWord = ((response[end] as number) << 8) | (response[end + 1] as number);
    if (statusWord !== SW.ok) return notProven('errorStatusWord', statusWord);
    if (state.name === 'challenged') return this.#verify(state.hostChallenge, partOf(response, 0, end));
    return end === 0 ? this.#open(state) : notProven('malformed', statusWord);
  }

  #verify(hostChallenge: Uint8Array, data: Uint8Array): HandshakeStep {
    const { aes, keys, application } = this.#options;
    const answer = this.#decode(data);
    if ('kind' in answer) return answer;
    const fault = this.#fault(answer);
    if (fault !== undefined) return notProven(fault);
    const context = derivationContext(hostChallenge, answer.cardChallenge);
    const mac = deriveMacKey(aes, keys, context);
    if (!isCryptogram(mac, DERIVATION.cardCryptogram, context, answer.cardCryptogram))
      return notProven('wrongCryptogram');
    const { sequenceCounter } = answer;
    if (application !== undefined) {
      if (sequenceCounter === undefined) return notProven('notSupported');
      if (!isPseudoRandomChallenge(keys.enc, sequenceCounter, application, answer.cardChallenge))
        return notProven('wrongCryptogram');
    }
    return this.#externalAuthenticate(mac, context, application === undefined ? undefined : sequenceCounter);
  }

  #decode(data: Uint8Array): InitializeUpdateAnswer | NotProven {
    try {
      return initializeUpdateAnswer(this.#options.challengeLength).decode(data);
    } catch (error) {
      if (error instanceof CodecError) return notProven('malformed');
      throw error;
    }
  }

  /** Key version and i are not covered by the cryptogram: refuse what was not asked for, before it can mislead. */
  #fault(answer: InitializeUpdateAnswer): NotProvenReason | undefined {
    const { keys, challengeLength, defaultKeySet, securityLevel } = this.#options;
    if (defaultKeySet !== true && answer.keyVersion !== keys.version) return 'wrongKey';
    const isS16 = (answer.parameterI & PARAMETER_I.s16) !== 0;
    if (isS16 !== (challengeLength === 16) || !offers(answer.parameterI, securityLevel)) return 'notSupported';
    return undefined;
  }

  #externalAuthenticate(mac: Aes, context: Uint8Array, sequenceCounter: number | undefined): HandshakeStep {
    const { challengeLength, securityLevel } = this.#options;
    const hostCryptogram = cryptogram(mac, DERIVATION.hostCryptogram, challengeLength, context);
    const chaining = commandMac(mac, FIRST_CHAINING, 0x84, 0x82, securityLevel, 0, hostCryptogram, challengeLength);
    const end = HEADER + challengeLength;
    const command = new Uint8Array(end + challengeLength);
    command[0] = 0x84;
    command[1] = 0x82;
    command[2] = securityLevel;
    command[4] = 2 * challengeLength;
    command.set(hostCryptogram, HEADER);
    for (let i = 0; i < challengeLength; i++) command[end + i] = chaining[i] as number;
    this.#state = { name: 'authenticating', mac, context, chaining, sequenceCounter };
    return { kind: 'send', command };
  }

  /** 9000 on EXTERNAL AUTHENTICATE is not protected; a forged one gives a session in which no answer will verify. */
  #open(state: Extract<State, { name: 'authenticating' }>): Opened {
    const { aes, keys, securityLevel, challengeLength, messaging } = this.#options;
    const sessionKeys = deriveSessionKeys(aes, keys, state.mac, state.context);
    const session = new HostSession(sessionKeys, securityLevel, challengeLength, state.chaining, messaging);
    return state.sequenceCounter === undefined
      ? { kind: 'open', session }
      : { kind: 'open', session, sequenceCounter: state.sequenceCounter };
  }
}
