import { CodecError, sameOctets } from '#base/codec/index.ts';
import { type AesProvider, publicPoint } from '#base/crypto/index.ts';
import type { Random } from '#base/port/index.ts';
import { type CommandApdu, encodeCommand, SW, statusWord } from '#protocol/apdu/index.ts';
import {
  certificateName,
  type Evidence,
  type ImeiProof,
  imeiProof,
  type ProofReason,
  rootName,
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  type SupportIdentity,
  staticProof,
  supportIdentity,
} from '#protocol/imei-lock/index.ts';
import {
  type HostHandshake,
  type HostSession,
  type NotProven,
  type Opened,
  putKey,
  putKeyAnswer,
  type StaticKeyOctets,
  type VerifiedPeer,
} from '#protocol/secure-channel/index.ts';
import type { Outcome } from './lock.ts';
import { NO_KEYS, NO_PAIRING_KEYS, type Origin, PAIRING_KEY_LENGTH, type Pairing } from './pairing.ts';

/** What the proof wants from the terminal. */
export type ProofRequest =
  /** Power the card in the reader of the storage support. */
  | { readonly type: 'powerOn' }
  /** Relay one C-APDU to it. */
  | { readonly type: 'transmit'; readonly command: Uint8Array }
  /** The IMEI that the operating system would claim. */
  | { readonly type: 'claimedImei' };

/** What the terminal brought: octets (an ATR, an R-APDU, 8 octets of IMEI), or why there are none. */
export type ProofReply =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | {
      readonly kind: 'failed';
      readonly reason: ProofReason;
      /** The card is there without power: it can be powered again. */
      readonly isUnpowered?: boolean;
    };

/** What the static-key mode needs: the command for a challenge, and the IMEI proof in its answer (undefined: broken). */
export interface StaticMode {
  readonly command: () => Uint8Array;
  readonly open: (response: Uint8Array) => { readonly kind: 'open'; readonly data: Uint8Array } | NotProven;
}

/** What this UICC has to prove with, and expects. A mode that policy does not accept is undefined. */
export interface ProofContext {
  readonly pairing: Pairing | undefined;
  readonly isPairingLocked: boolean;
  /** SCP11a: the first meeting, and whenever the pairing keys do not open. */
  readonly agreement: (() => HostHandshake) | undefined;
  /** SCP03 with the keys of a pairing. */
  readonly resumption: ((pairing: Pairing) => HostHandshake) | undefined;
  readonly staticMode: StaticMode | undefined;
  /** TERMINAL PROFILE announces PERFORM CARD APDU. */
  readonly canRelay: boolean;
  /** TERMINAL PROFILE announces PROVIDE LOCAL INFORMATION. */
  readonly canAskImei: boolean;
  readonly canPowerOn: boolean;
  readonly aes: AesProvider;
  readonly random: Random;
}

/** How a proof ended; `pairing` is what to remember from now on, when that changed. */
export interface ProofEnd {
  readonly outcome: Outcome;
  readonly pairing?: Pairing;
}

type Proof<T> = Generator<ProofRequest, T, ProofReply>;

/** A proof that stopped: carried as a value through every step, so that nothing after it can run. */
class Stopped {
  readonly stopped: Outcome;

  constructor(stopped: Outcome) {
    this.stopped = stopped;
  }
}
const stop = (result: Outcome['result'], reason: ProofReason, more: Partial<Outcome> = {}): Stopped =>
  new Stopped({ result, reason, ...more });
const isStopped = (value: object): value is Stopped => value instanceof Stopped;

/** Most C-APDUs of one proof: handshake, certificate chain in blocks, reads, keys (facts/secure-channel.md 7 and 10 rule 11). */
const MOST_COMMANDS = 48;
const NO_DATA = new Uint8Array(0);
const SELECT_SUPPORT = encodeCommand({ cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: STORAGE_SUPPORT_AID, le: 256 });
const getData = (tag: number): CommandApdu => ({
  cla: 0x80,
  ins: 0xca,
  p1: tag >> 8,
  p2: tag & 0xff,
  data: NO_DATA,
  le: 256,
});
const GET_IMEI = getData(SUPPORT_DATA.imei);
const GET_SECOND_IMEI = getData(SUPPORT_DATA.secondImei);
const GET_IDENTITY = getData(SUPPORT_DATA.identity);

/**
 * Steps 101 and 102 as the UICC runs them: authenticate the storage support over the relay, read the IMEI through the channel, compare. A
 * generator, so that it knows nothing of FETCH and TERMINAL RESPONSE and can be driven by any relay, honest or not.
 */
export function* proveImei(context: ProofContext): Proof<ProofEnd> {
  const relay = new Relay();
  let end = context.canRelay ? yield* prove(context, relay) : stop('notProven', 'profileTooSmall');
  // Power that went in between takes the session with it: the whole proof is made once more.
  if (isStopped(end) && relay.hasLostPower && context.canPowerOn) {
    relay.begin();
    end = yield* prove(context, relay);
  }
  if (!isStopped(end)) return end;
  const { stopped } = end;
  return { outcome: SAID_BY_TERMINAL.has(stopped.reason) ? yield* asTerminalSays(context, relay, stopped) : stopped };
}

/** Reasons that are nothing but the terminal's own word. */
const SAID_BY_TERMINAL: ReadonlySet<ProofReason> = new Set([
  'profileTooSmall',
  'noCardReader',
  'commandRefused',
  'userRefused',
]);

/**
 * A terminal says that it cannot carry a proof: which IMEI does it claim? A terminal that carried an APDU a moment ago, or claims the very
 * IMEI that was proved to this UICC before, contradicts itself.
 */
function* asTerminalSays({ canAskImei, pairing }: ProofContext, relay: Relay, stopped: Outcome): Proof<Outcome> {
  const claimed = canAskImei ? yield { type: 'claimedImei' as const } : undefined;
  if (claimed?.kind !== 'octets') return relay.hasCarried ? { ...stopped, reason: 'terminalContradicts' } : stopped;
  const claimedImei = claimed.octets;
  const isPaired = pairing !== undefined && sameEquipment(claimedImei, pairing.imei);
  return { ...stopped, claimedImei, ...((isPaired || relay.hasCarried) && { reason: 'terminalContradicts' as const }) };
}

function* prove(context: ProofContext, relay: Relay): Proof<ProofEnd | Stopped> {
  if (context.canPowerOn) {
    const reply = yield { type: 'powerOn' };
    // A terminal may keep its cards powered and know no such command: the first APDU tells.
    if (reply.kind === 'failed' && reply.reason !== 'commandRefused') return stop('notProven', reply.reason);
  }
  const selected = yield* relay.transmit(SELECT_SUPPORT);
  if (isStopped(selected)) return selected;
  if (statusWord(selected.octets) !== SW.ok) return stop('notProven', 'errorStatusWord');
  if (context.agreement === undefined && context.resumption === undefined)
    return yield* proveStatically(context, relay);
  const { pairing } = context;
  if (context.resumption !== undefined && pairing !== undefined && pairing.keyVersion !== NO_PAIRING_KEYS) {
    const opened = yield* relay.open(context.resumption(pairing));
    if (isStopped(opened)) return opened;
    if (opened.kind === 'open') return yield* readPaired(context, relay, opened, pairing);
    // The slot may be gone, or another UICC's in another handset: certificates tell. Broken protection is not retried with less.
    if (context.agreement === undefined || !isRefusal(opened)) return stopFor(opened);
    const again = yield* relay.transmit(SELECT_SUPPORT);
    if (isStopped(again)) return again;
  }
  if (context.agreement === undefined) return stop('notProven', 'errorStatusWord');
  const opened = yield* relay.open(context.agreement());
  if (isStopped(opened)) return opened;
  return opened.kind === 'open' ? yield* meet(context, relay, opened) : stopFor(opened);
}

const isRefusal = ({ reason }: NotProven) =>
  reason === 'errorStatusWord' || reason === 'wrongCryptogram' || reason === 'wrongKey';

/** A later power-on: the pairing keys opened, so the support is the paired one. */
function* readPaired(context: ProofContext, relay: Relay, opened: Opened, paired: Pairing): Proof<ProofEnd | Stopped> {
  const read = yield* relay.readImei(opened.session, GET_IMEI);
  if (isStopped(read)) return read;
  const { support, origin } = paired;
  return yield* judge(context, relay, opened.session, { support, evidence: 'scp03', read, paired, origin });
}

/** A first meeting: certificates opened. Reads the identity inside, compares it with the certificate, agrees keys for later. */
function* meet(context: ProofContext, relay: Relay, opened: Opened): Proof<ProofEnd | Stopped> {
  const { session, peer } = opened;
  const read = yield* relay.readImei(session, GET_IMEI);
  if (isStopped(read)) return read;
  const identity = yield* relay.readIdentity(session);
  if (isStopped(identity)) return identity;
  if (peer === undefined || !sameOctets(identity.identity, peer.subject)) return stop('notProven', 'badOctets');
  const expected = context.pairing;
  const isExpected = expected !== undefined && sameOctets(expected.support, identity.identity);
  const previous = expected !== undefined && !isExpected ? { previousSupport: expected.support } : {};
  if (expected !== undefined && !isExpected && context.isPairingLocked)
    return stop('refuted', 'pairingLocked', {
      provedImei: imeiOf(read),
      evidence: 'scp11a',
      support: identity.identity,
      supportCounter: identity.counter,
      ...previous,
    });
  const end = yield* judge(context, relay, session, {
    support: identity.identity,
    evidence: 'scp11a',
    read: { ...read, counter: Math.max(read.counter, identity.counter) },
    paired: isExpected ? expected : undefined,
    origin: originOf(peer),
  });
  if (isStopped(end) || end.pairing === undefined) return end;
  const keys = yield* agreeKeys(context, relay, session, identity.pairingKeyVersion);
  if (isStopped(keys)) return keys;
  const isOther = previous.previousSupport !== undefined;
  return {
    outcome: { ...end.outcome, ...(isOther && { result: 'provedOther' as const }), ...previous },
    pairing: { ...end.pairing, keyVersion: keys.version, enc: keys.enc, mac: keys.mac, dek: keys.dek },
  };
}

/** By what a peer was believed, as a report names it. */
const originOf = ({ root, certificate }: VerifiedPeer): Origin => ({
  root: rootName({ caIdentifier: root.identifier, publicPoint: publicPoint(root.publicKey) }),
  certificate: certificateName(certificate),
});

const imeiOf = ({ imei }: ImeiProof): Uint8Array => imei ?? NO_DATA;

/** What was read, by what, and what was expected of it. */
interface Judged {
  readonly support: Uint8Array;
  readonly evidence: Evidence;
  readonly read: ImeiProof;
  readonly paired: Pairing | undefined;
  /** Undefined for a static key, which no certificate is of, and for a pairing of before that was not kept. */
  readonly origin: Origin | undefined;
}

/** Compares what the support proved with the pairing and with what the operating system would claim. */
function* judge(
  context: ProofContext,
  relay: Relay,
  session: HostSession | undefined,
  judged: Judged,
): Proof<ProofEnd | Stopped> {
  const { support, evidence, read, paired, origin } = judged;
  const provedImei = imeiOf(read);
  const facts = { provedImei, evidence, support, supportCounter: read.counter, ...origin };
  if (paired !== undefined && read.counter <= paired.counter) return stop('refuted', 'counterWentBack', facts);
  if (paired !== undefined && !sameOctets(paired.imei, provedImei)) return stop('refuted', 'pairedImeiDiffers', facts);
  const claimed = context.canAskImei ? yield { type: 'claimedImei' as const } : undefined;
  const claimedImei = claimed?.kind === 'octets' ? claimed.octets : undefined;
  let counter = read.counter;
  if (claimedImei !== undefined && !sameEquipment(claimedImei, provedImei)) {
    const second = session === undefined ? undefined : yield* relay.readSecondImei(session);
    if (second === undefined || !sameEquipment(claimedImei, imeiOf(second)))
      return stop('refuted', 'claimedImeiDiffers', { ...facts, claimedImei });
    counter = Math.max(counter, second.counter);
  }
  const { keyVersion, enc, mac, dek } = paired ?? NO_KEYS;
  const proved = { ...facts, result: 'proved', reason: 'none', supportCounter: counter } as const;
  return {
    outcome: claimedImei === undefined ? proved : { ...proved, claimedImei },
    pairing: { support, imei: provedImei, counter, keyVersion, enc, mac, dek, ...(origin && { origin }) },
  };
}

/** The last octet holds digits 14 and 15; the 15th is a check or spare digit and identifies nothing (TS 23.003 6.2.1). */
function sameEquipment(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== 8 || b.length !== 8) return false;
  for (let i = 0; i < 7; i++) if (a[i] !== b[i]) return false;
  return ((a[7] as number) & 0x0f) === ((b[7] as number) & 0x0f);
}

/** Fresh SCP03 keys for the power-ons to come, put under the session's key for keys (PUT KEY). */
function* agreeKeys(
  context: ProofContext,
  relay: Relay,
  session: HostSession,
  version: number,
): Proof<StaticKeyOctets | Stopped> {
  if (context.resumption === undefined || session.dek === undefined)
    return { version: NO_PAIRING_KEYS, enc: NO_KEYS.enc, mac: NO_KEYS.mac, dek: NO_KEYS.dek };
  const { random, aes } = context;
  const fresh = () => random.octets(PAIRING_KEY_LENGTH);
  const keys: StaticKeyOctets = { version, enc: fresh(), mac: fresh(), dek: fresh() };
  const answer = yield* relay.protectedAnswer(session, putKey(aes, session.dek, 0, keys, random));
  if (isStopped(answer)) return answer;
  return sameOctets(answer.data, putKeyAnswer(aes, keys)) ? keys : stop('notProven', 'badOctets');
}

/** The mode without session keys (R29): a MAC over the UICC's challenge and the enciphered IMEI, under keys made in the factory. */
function* proveStatically(context: ProofContext, relay: Relay): Proof<ProofEnd | Stopped> {
  const { staticMode, pairing } = context;
  if (staticMode === undefined) return stop('notProven', 'noAnswer');
  const answered = yield* relay.transmit(staticMode.command());
  if (isStopped(answered)) return answered;
  const opened = staticMode.open(answered.octets);
  if (opened.kind === 'notProven') return stopFor(opened);
  const read = decoded(opened.data, staticProof);
  if (isStopped(read)) return read;
  const isOther = pairing !== undefined && !sameOctets(pairing.support, read.support);
  if (isOther && context.isPairingLocked)
    return stop('refuted', 'pairingLocked', { provedImei: imeiOf(read), support: read.support });
  const end = yield* judge(context, relay, undefined, {
    support: read.support,
    evidence: 'static',
    read,
    paired: isOther ? undefined : pairing,
    origin: undefined,
  });
  if (isStopped(end) || !isOther) return end;
  return { ...end, outcome: { ...end.outcome, result: 'provedOther', previousSupport: pairing.support } };
}

/** Carries commands one by one, and ends the proof at the first answer that is none. */
class Relay {
  #commands = 0;
  #hasCarried = false;
  #hasLostPower = false;

  /** True once an R-APDU came back: this terminal can. */
  get hasCarried(): boolean {
    return this.#hasCarried;
  }

  /** True when the support had no power at the last C-APDU. */
  get hasLostPower(): boolean {
    return this.#hasLostPower;
  }

  /** Another attempt begins, with commands of its own. */
  begin(): void {
    this.#commands = 0;
    this.#hasLostPower = false;
  }

  /** The R-APDU that the terminal brought. */
  #answerIn(reply: ProofReply): { readonly octets: Uint8Array } | Stopped {
    if (reply.kind === 'failed') {
      this.#hasLostPower = reply.isUnpowered === true;
      return stop('notProven', reply.reason);
    }
    if (reply.octets.length < 2) return stop('notProven', 'badOctets');
    this.#hasCarried = true;
    return reply;
  }

  /** True when no command may be sent any more; otherwise one is. */
  #isSpent(): boolean {
    return this.#commands++ >= MOST_COMMANDS;
  }

  *transmit(command: Uint8Array): Proof<{ readonly octets: Uint8Array } | Stopped> {
    return this.#isSpent() ? SPENT : this.#answerIn(yield { type: 'transmit', command });
  }

  /** Runs a handshake to its end. */
  *open(handshake: HostHandshake): Proof<Opened | NotProven | Stopped> {
    let command = handshake.start();
    for (;;) {
      const answered = this.#isSpent() ? SPENT : this.#answerIn(yield { type: 'transmit', command });
      if (isStopped(answered)) return answered;
      const step = handshake.receive(answered.octets);
      if (step.kind !== 'send') return step;
      command = step.command;
    }
  }

  /** One command under the session; only an answer whose R-MAC verified and whose status word is 9000 goes on. */
  *protectedAnswer(session: HostSession, command: CommandApdu): Proof<{ readonly data: Uint8Array } | Stopped> {
    const answered = this.#isSpent()
      ? SPENT
      : this.#answerIn(yield { type: 'transmit', command: session.wrap(command) });
    if (isStopped(answered)) return answered;
    const answer = session.unwrap(answered.octets);
    if (answer.kind === 'notProven') return stopFor(answer);
    return answer.kind === 'protected' && answer.statusWord === SW.ok ? answer : stop('notProven', 'errorStatusWord');
  }

  *readImei(session: HostSession, command: CommandApdu): Proof<ImeiProof | Stopped> {
    const answer = yield* this.protectedAnswer(session, command);
    if (isStopped(answer)) return answer;
    const proof = decoded(answer.data, imeiProof);
    return isStopped(proof) || proof.imei !== undefined ? proof : stop('notProven', 'badOctets');
  }

  /** The second IMEI of a dual-SIM handset; undefined when there is none or it cannot be read. */
  *readSecondImei(session: HostSession): Proof<ImeiProof | undefined> {
    const second = yield* this.readImei(session, GET_SECOND_IMEI);
    return isStopped(second) ? undefined : second;
  }

  *readIdentity(session: HostSession): Proof<SupportIdentity | Stopped> {
    const answer = yield* this.protectedAnswer(session, GET_IDENTITY);
    return isStopped(answer) ? answer : decoded(answer.data, supportIdentity);
  }
}

const SPENT = stop('notProven', 'badOctets');

function decoded<T extends object>(octets: Uint8Array, format: { decode(octets: Uint8Array): T }): T | Stopped {
  try {
    return format.decode(octets);
  } catch (error) {
    if (error instanceof CodecError) return stop('notProven', 'badOctets');
    throw error;
  }
}

/** What an answer that proves nothing means to the lock (facts/threats.md 3.5): only a foreign or revoked certificate contradicts. */
function stopFor(answer: NotProven): Stopped {
  switch (answer.reason) {
    case 'errorStatusWord':
      return stop('notProven', 'errorStatusWord');
    case 'missingMac':
    case 'wrongMac':
    case 'wrongReceipt':
      return stop('notProven', 'brokenProtection');
    case 'wrongCryptogram':
      return stop('notProven', 'wrongCryptogram');
    case 'certificate':
      return stopForCertificate(answer);
    default:
      return stop('notProven', 'badOctets');
  }
}

function stopForCertificate({ certificate }: NotProven): Stopped {
  if (certificate === 'revoked') return stop('refuted', 'revoked');
  if (certificate === 'foreignRoot' || certificate === 'wrongSignature') return stop('refuted', 'foreignRoot');
  return stop('notProven', 'badOctets');
}
