import { type Aes, type AesProvider, equalsPart } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, logicalChannel, onChannel, responseApdu, SW } from '#protocol/apdu/index.ts';
import { CardSession } from './card-session.ts';
import type { CardAnswer } from './handshake.ts';
import { commandMac } from './messaging.ts';
import {
  cryptogram,
  DERIVATION,
  derivationContext,
  deriveMacKey,
  deriveSessionKeys,
  FIRST_CHAINING,
  initializeUpdateAnswer,
  isCryptogram,
  LAST_SEQUENCE_COUNTER,
  offers,
  PARAMETER_I,
  pseudoRandomChallenge,
  type StaticKeys,
} from './scp03.ts';
import { type MacLength, type SecurityLevel, securityLevel } from './session.ts';

/** Sequence counters of the card's key sets, in its non-volatile memory (GPC Amendment D). */
export interface SequenceCounter {
  /** Raises the counter of a key version, keeps it, returns the new value (1 to FFFFFF); undefined when it is spent. */
  next(keyVersion: number): number | undefined;
}

/** What a card needs to serve SCP03. */
export interface Scp03CardOptions {
  readonly aes: AesProvider;
  /** Key set of a key version number; of the default set for 0. Undefined: there is none. */
  readonly keySet: (keyVersion: number) => StaticKeys | undefined;
  /** 60, 61 (random challenge), 70, 71 (pseudo-random); odd values are mode S16. Lower ones lack R-ENC or R-MAC. */
  readonly parameterI: number;
  /** AID of the application that runs the channel: part of the pseudo-random challenge. 5 to 16 octets. */
  readonly application: Uint8Array;
  readonly counter: SequenceCounter;
  readonly random: Random;
  /** Key diversification data, 10 octets. */
  readonly diversification: Uint8Array;
  /** Levels accepted in EXTERNAL AUTHENTICATE; 33 only when left out. */
  readonly levels?: readonly SecurityLevel[];
}

interface Pending {
  readonly keys: StaticKeys;
  readonly mac: Aes;
  readonly context: Uint8Array;
}

const INITIALIZE_UPDATE = 0x50;
const EXTERNAL_AUTHENTICATE = 0x82;
const ONLY_33: readonly SecurityLevel[] = [0x33];

const refusal = (statusWord: number): CardAnswer => ({ response: responseApdu(statusWord) });
const OK = responseApdu(SW.ok);

/**
 * SCP03 as the card (GPC Amendment D 5, 7.1). Give it INITIALIZE UPDATE (80 50) and EXTERNAL AUTHENTICATE (84 82) of one
 * logical channel; `takes` tells which commands these are. The first ends any session of the channel.
 */
export class Scp03Card {
  readonly #options: Scp03CardOptions;
  readonly #length: MacLength;
  readonly #levels: readonly SecurityLevel[];
  #pending: Pending | undefined;

  constructor(options: Scp03CardOptions) {
    this.#options = options;
    this.#length = (options.parameterI & PARAMETER_I.s16) !== 0 ? 16 : 8;
    this.#levels = options.levels ?? ONLY_33;
  }

  /** True for the commands this handshake consists of. EXTERNAL AUTHENTICATE is the one with secure messaging: 80 82 is SCP11's. */
  static takes(command: CommandApdu): boolean {
    return isCommand(command, 0x80, INITIALIZE_UPDATE) || isCommand(command, 0x84, EXTERNAL_AUTHENTICATE);
  }

  /** Forgets a handshake that has begun: on SELECT, reset, channel close. */
  reset(): void {
    this.#pending = undefined;
  }

  /** Answers one of the commands `takes` names; 6D00 to any other. */
  process(command: CommandApdu): CardAnswer {
    const pending = this.#pending;
    this.#pending = undefined;
    if (isCommand(command, 0x80, INITIALIZE_UPDATE)) return this.#initializeUpdate(command);
    if (isCommand(command, 0x84, EXTERNAL_AUTHENTICATE)) return this.#externalAuthenticate(command, pending);
    return refusal(SW.instructionNotSupported);
  }

  #initializeUpdate({ p1, p2, data }: CommandApdu): CardAnswer {
    const { aes, parameterI, application, counter, random, diversification } = this.#options;
    const length = this.#length;
    if (p2 !== 0) return refusal(SW.wrongParameters);
    if (data.length !== length) return refusal(SW.wrongLength);
    const keys = this.#options.keySet(p1);
    if (keys === undefined) return refusal(SW.referencedDataNotFound);
    const sequenceCounter = counter.next(keys.version);
    if (sequenceCounter === undefined || sequenceCounter > LAST_SEQUENCE_COUNTER)
      return refusal(SW.conditionsOfUseNotSatisfied);
    const pseudoRandom = (parameterI & PARAMETER_I.pseudoRandom) !== 0;
    const cardChallenge = pseudoRandom
      ? pseudoRandomChallenge(keys.enc, sequenceCounter, application, length)
      : random.octets(length);
    const context = derivationContext(data, cardChallenge);
    const mac = deriveMacKey(aes, keys, context);
    const cardCryptogram = cryptogram(mac, DERIVATION.cardCryptogram, length, context);
    this.#pending = { keys, mac, context };
    const keyVersion = keys.version;
    const octets = initializeUpdateAnswer(length).encode(
      pseudoRandom
        ? { diversification, keyVersion, parameterI, cardChallenge, cardCryptogram, sequenceCounter }
        : { diversification, keyVersion, parameterI, cardChallenge, cardCryptogram },
    );
    return { response: responseApdu(SW.ok, octets) };
  }

  #externalAuthenticate(command: CommandApdu, pending: Pending | undefined): CardAnswer {
    if (pending === undefined) return refusal(SW.conditionsOfUseNotSatisfied);
    const length = this.#length;
    const { p1, p2, data } = command;
    const level = securityLevel(p1);
    if (level === undefined || p2 !== 0 || !offers(this.#options.parameterI, level)) return refusal(SW.wrongParameters);
    if (!this.#levels.includes(level)) return refusal(SW.conditionsOfUseNotSatisfied);
    if (data.length !== 2 * length) return refusal(SW.wrongLength);
    const { keys, mac, context } = pending;
    const received = data.slice(0, length);
    if (!isCryptogram(mac, DERIVATION.hostCryptogram, context, received))
      return refusal(SW.authenticationFailedNoDiagnosis);
    const chaining = commandMac(mac, FIRST_CHAINING, 0x84, EXTERNAL_AUTHENTICATE, level, 0, received, length);
    if (!equalsPart(chaining, data, length, length)) return refusal(SW.securityStatusNotSatisfied);
    const sessionKeys = deriveSessionKeys(this.#options.aes, keys, mac, context);
    const session = new CardSession(sessionKeys, level, length, chaining, { peerProven: true });
    return { response: OK, session };
  }
}

/** True when a command is `ins` in class `cla`, on whatever logical channel it came. */
function isCommand(command: CommandApdu, cla: number, ins: number): boolean {
  return command.ins === ins && command.cla === onChannel(cla, logicalChannel(command.cla));
}
