import { CodecError, concat, NO_OCTETS, sameOctets, toHex } from '#base/codec/index.ts';
import { type AesProvider, CryptoError, digest, importPublicKey, uncompressedPoint } from '#base/crypto/index.ts';
import type { ReportEnd, ToolkitApplication, ToolkitPort } from '#handset/uicc/application.ts';
import type { ProactiveRequest } from '#handset/uicc/index.ts';
import { type LockPersonalisation, readLockPersonalisation, rootsRecord } from '#handset/uicc/lock-personalisation.ts';
import { SW } from '#protocol/apdu/index.ts';
import {
  type Answer,
  acknowledgement,
  answer,
  IMEI_LOCK_TAR,
  MOST_REVOKED,
  MOST_ROOTS,
  NONCE_LENGTH,
  type ProofReason,
  policyAsChange,
  type Report,
  type Root,
  report,
  type SentRoots,
  trustDigest,
} from '#protocol/imei-lock/index.ts';
import {
  CARD_READER_PROBLEM,
  GENERAL_RESULT,
  resultClass,
  type TerminalResponse,
  textString,
} from '#protocol/usat/index.ts';
import { Credentials } from './credentials.ts';
import {
  atPowerOn,
  factsOf,
  type Lock,
  type LockAction,
  type LockEvent,
  mayAuthenticate,
  newLock,
  type Outcome,
  type RootsChange,
  reportedState,
  step,
} from './lock.ts';
import {
  type Learnt,
  LOCK_KEY,
  lastingState,
  learnt,
  type ShownPairing,
  shownPairing,
  VITAL_RECORDS,
} from './memory.ts';
import { type Pairing, pairing, pairingRecord } from './pairing.ts';
import { type ProofEnd, type ProofReply, type ProofRequest, proveImei } from './proof.ts';

/** Card reader of the handset in which the storage support stands (TS 102 223 8.7: device 11). */
const SUPPORT_READER = 1;
/** USAT Application Pairing (TS 31.102 4.2.101-102): status, and the details it links to. */
const EF_IPS = 0x6ff1;
const EF_IPD = 0x6ff2;
const PAIRING_DETAILS_RECORDS = 10;
const OK = Uint8Array.of(0x4f, 0x4b);
const KO = Uint8Array.of(0x4b, 0x4f);
/** Compact response (TS 102 226 5.2.1): one command executed, and its status word. */
const EXECUTED = Uint8Array.of(0x01, 0x90, 0x00);
const NOT_UNDERSTOOD = Uint8Array.of(0x01, SW.wrongData >> 8, SW.wrongData & 0xff);

type Proof = Generator<ProofRequest, ProofEnd, ProofReply>;

/**
 * The IMEI lock as an application of the UICC's toolkit: it feeds the pure lock (lock.ts) with what happens, keeps what lasts before
 * anything is done about it, and does what the lock wants. Throws CodecError at power-on when its memory is damaged.
 */
export function imeiLock(port: ToolkitPort, aes: AesProvider): ToolkitApplication {
  const given = readLockPersonalisation(port.memory);
  return given === undefined ? UNLOCKED : new ImeiLock(port, aes, given);
}

/** A UICC without personalisation for the lock: an ordinary USIM. */
const UNLOCKED: ToolkitApplication = {
  tar: IMEI_LOCK_TAR,
  vitalRecords: [],
  poweredOn: () => {},
  profileDownloaded: () => {},
  callControl: () => 'allowed',
  authenticateRequested: () => undefined,
  authenticated: () => {},
  secured: () => NOT_UNDERSTOOD,
  statusPolled: () => {},
};

class ImeiLock implements ToolkitApplication {
  readonly tar = IMEI_LOCK_TAR;
  readonly vitalRecords = VITAL_RECORDS;
  readonly #port: ToolkitPort;
  readonly #aes: AesProvider;
  readonly #credentials: Credentials;
  #lock: Lock;
  #pairing: Pairing | undefined;
  #learnt: Learnt;
  /** The last entry of EF.IPS and EF.IPD. */
  #shown: ShownPairing | undefined;
  /** The proof that runs; another object after a reset, so that answers to the old one are not taken for it. */
  #proof: Proof | undefined;
  /** The report that the terminal could not send, and its nonce: given again it is the same report, not another one. */
  #unsent: { readonly action: LockAction; readonly nonce: Uint8Array } | undefined;

  constructor(port: ToolkitPort, aes: AesProvider, given: LockPersonalisation) {
    this.#port = port;
    this.#aes = aes;
    this.#credentials = new Credentials(given, aes, port.random);
    const { memory } = port;
    const stored = memory.get(LOCK_KEY.lasting);
    const paired = memory.get(LOCK_KEY.pairing);
    const taught = memory.get(LOCK_KEY.learnt);
    const shown = memory.get(LOCK_KEY.shown);
    this.#lock = stored === undefined ? newLock(given.policy) : atPowerOn(lastingState.decode(stored));
    this.#pairing = paired === undefined ? undefined : pairing.decode(paired);
    this.#learnt = taught === undefined ? { date: 0, revoked: [] } : learnt.decode(taught);
    this.#shown = shown === undefined ? undefined : shownPairing.decode(shown);
  }

  poweredOn(): void {
    this.#proof = undefined;
    this.#unsent = undefined;
    this.#happen({ type: 'poweredOn' });
  }

  profileDownloaded(): void {
    this.#happen({ type: 'profileDownloaded' });
  }

  callControl(dialled: Uint8Array): 'allowed' | 'notAllowed' {
    const actions = this.#happen({ type: 'callRequested', dialled: dialled.slice() });
    return actions.some(({ type }) => type === 'allowCall') ? 'allowed' : 'notAllowed';
  }

  authenticateRequested(): number | undefined {
    if (this.#lock.outcome === undefined) this.#happen({ type: 'authenticateAsked' });
    return mayAuthenticate(this.#lock) ? undefined : SW.conditionsOfUseNotSatisfied;
  }

  authenticated(): void {
    this.#happen({ type: 'authenticated' });
  }

  statusPolled(): void {
    this.#happen({ type: 'polled' });
  }

  secured(data: Uint8Array): Uint8Array {
    let received: Answer;
    try {
      received = answer.decode(data);
    } catch (error) {
      if (error instanceof CodecError) return NOT_UNDERSTOOD;
      throw error;
    }
    const { order, trust } = received;
    // Roots come by an order of their own, all of them or none: a UICC that took a part of them could be left without the one it needs.
    const roots = trust && rootsOf(trust);
    if ((order === 'setRoots') !== (roots !== undefined) || (trust !== undefined && roots === undefined))
      return NOT_UNDERSTOOD;
    const change = roots === undefined ? 'none' : this.#changeBy(roots);
    if (roots === undefined || change === 'none') this.#happen({ type: 'answered', answer: received });
    else {
      this.#credentials.believe(roots);
      // With what the lock makes of them: power that is cut leaves the old ones and its block, or the new ones and what they mean for it.
      this.#happen({ type: 'answered', answer: received, roots: change }, [[LOCK_KEY.roots, rootsRecord(roots)]]);
    }
    const state = reportedState(this.#lock);
    const policy = order === 'setPolicy' && { policy: policyAsChange(this.#lock.lasting.policy) };
    const believed = order === 'setRoots' && { trustDigest: this.#credentials.trust };
    return concat(
      EXECUTED,
      acknowledgement.encode({ version: 'one', direction: 'acknowledgement', state, order, ...policy, ...believed }),
    );
  }

  /** One step of the lock: what lasts is kept first, with `others`, then done. Gives the actions, for a caller that must answer at once. */
  #happen(event: LockEvent, others: readonly (readonly [number, Uint8Array])[] = []): readonly LockAction[] {
    const before = this.#lock.lasting;
    const { lock, actions } = step(this.#lock, event);
    this.#lock = lock;
    const lasting = lock.lasting === before ? [] : [[LOCK_KEY.lasting, lastingState.encode(lock.lasting)] as const];
    if (others.length + lasting.length > 0) this.#port.memory.commit([...others, ...lasting]);
    for (const action of actions) this.#perform(action);
    return actions;
  }

  #perform(action: LockAction): void {
    switch (action.type) {
      case 'prove':
        this.#prove();
        break;
      case 'report':
        this.#report(action);
        break;
      case 'show':
        this.#issue({
          type: 'DISPLAY TEXT',
          priority: 'high',
          cleared: 'afterDelay',
          text: textString(action.text),
          immediateResponse: false,
        });
        break;
      case 'recordPairing':
        this.#recordPairing(action.outcome);
        break;
      case 'setUpCall':
        this.#issue({ type: 'SET UP CALL', when: 'notBusy', address: action.dialled });
        break;
      case 'forgetPairing':
        this.#keepPairing(undefined);
        break;
      case 'learnDate':
        this.#learn({ ...this.#learnt, date: Math.max(this.#learnt.date, action.date) });
        break;
      case 'revoke':
        this.#learn({
          ...this.#learnt,
          // One that is told again must not push out another.
          revoked: [
            ...this.#learnt.revoked.filter((known) => !sameOctets(known, action.serialNumber)),
            action.serialNumber.slice(),
          ].slice(-MOST_REVOKED),
        });
        break;
      case 'allowCall':
        break;
    }
  }

  /** A command whose result changes nothing. */
  #issue(request: ProactiveRequest): void {
    this.#port.issue(request, () => {});
  }

  // ---- steps 101 and 102 ----

  #prove(): void {
    const { policy } = this.#lock.lasting;
    const { acceptedEvidence: accepted } = policy;
    const proof = proveImei({
      pairing:
        this.#pairing && this.#credentials.usable(this.#pairing, this.#port.memory.get(LOCK_KEY.roots) !== undefined),
      isPairingLocked: policy.pairing === 'locked',
      agreement: this.#credentials.agreement(accepted, this.#learnt),
      resumption: this.#credentials.resumption(accepted),
      staticMode: this.#credentials.staticMode(accepted),
      canRelay: this.#port.supports('performCardApdu'),
      canAskImei: this.#port.supports('provideLocalInformation'),
      canPowerOn: this.#port.supports('powerOnCard'),
      aes: this.#aes,
      random: this.#port.random,
    });
    this.#proof = proof;
    this.#goOn(proof, proof.next());
  }

  #goOn(proof: Proof, next: IteratorResult<ProofRequest, ProofEnd>): void {
    if (next.done === true) {
      this.#finish(next.value);
      return;
    }
    const request = next.value;
    const isQueued = this.#port.issue(proactive(request), (response) => {
      // A reset is no answer: nothing is concluded, and the next power-on begins anew.
      if (response === undefined && !this.#port.isInSession()) return;
      if (this.#proof === proof) this.#goOn(proof, proof.next(replyOf(request, response)));
    });
    if (!isQueued) this.#goOn(proof, proof.next({ kind: 'failed', reason: 'noAnswer' }));
  }

  #finish(end: ProofEnd): void {
    this.#proof = undefined;
    if (end.pairing !== undefined) this.#keepPairing(end.pairing);
    this.#happen({ type: 'proofFinished', outcome: end.outcome });
  }

  #keepPairing(kept: Pairing | undefined): void {
    // The keys of a pairing stay prepared as long as only its counter moves.
    const old = this.#pairing;
    this.#pairing = kept;
    if (kept !== undefined && old !== undefined) this.#credentials.sameKeys(old, kept);
    this.#port.memory.commit([[LOCK_KEY.pairing, kept && pairingRecord(kept)]]);
  }

  // ---- step 103 ----

  #report(action: Extract<LockAction, { type: 'report' }>): void {
    const { outcome, trigger } = action;
    const again = this.#unsent?.action === action ? this.#unsent : undefined;
    const nonce = again?.nonce ?? this.#port.random.octets(NONCE_LENGTH);
    const judged = outcome.provedImei ?? outcome.claimedImei ?? NO_OCTETS;
    this.#happen({
      type: 'reportIssued',
      trigger,
      outstanding: { nonce, imeiDigest: digest('sha256', judged).slice(0, 8), facts: factsOf(outcome) },
    });
    const content: Report = {
      version: outcome.root === undefined ? 'one' : 'two',
      direction: 'report',
      nonce,
      trigger,
      ...outcome,
      state: reportedState(this.#lock),
      unanswered: this.#lock.lasting.unanswered,
    };
    const ended = (end: ReportEnd) => {
      this.#unsent = end === 'notNow' ? { action, nonce } : undefined;
      if (end !== 'sent') this.#happen({ type: 'reportNotSent', nonce, report: action, isRefused: end === 'refused' });
    };
    if (!this.#port.report(report.encode(content), ended)) ended('notNow');
  }

  // ---- what anyone may read ----

  /** EF.IPS and EF.IPD say OK or KO and the IMEI, when that changed (R22). */
  #recordPairing({ result, provedImei }: Outcome): void {
    const isOk = result === 'proved' || result === 'provedOther';
    const imei = provedImei ?? NO_OCTETS;
    const last = this.#shown;
    const nextRecord = last === undefined ? 1 : (last.nextRecord % PAIRING_DETAILS_RECORDS) + 1;
    if (last !== undefined && last.isOk === isOk && sameOctets(last.imei, imei)) return;
    const details = imei.length === 0 ? NO_OCTETS : concat(Uint8Array.of(0x80, imei.length), imei);
    // A card without room shows what it showed before: what the lock decided stands all the same.
    if (!this.#port.writeFile(EF_IPD, details, nextRecord)) return;
    if (!this.#port.writeFile(EF_IPS, concat(isOk ? OK : KO, Uint8Array.of(nextRecord, 0xff)))) return;
    const shown = { isOk, nextRecord, imei };
    this.#port.memory.commit([[LOCK_KEY.shown, shownPairing.encode(shown)]]);
    this.#shown = shown;
  }

  /** What these roots change in those that are believed. */
  #changeBy(roots: readonly Root[]): RootsChange | 'none' {
    if (sameOctets(trustDigest(roots), this.#credentials.trust)) return 'none';
    return roots.every((root) => this.#credentials.believes(root)) ? 'fewer' : 'others';
  }

  #learn(taught: Learnt): void {
    this.#learnt = taught;
    this.#port.memory.commit([[LOCK_KEY.learnt, learnt.encode(taught)]]);
  }
}

/** The roots of an order, their points whole; undefined when there are none, too many, two of one identifier, or a point that is none. */
function rootsOf({ roots }: SentRoots): readonly Root[] | undefined {
  if (roots.length === 0 || roots.length > MOST_ROOTS) return undefined;
  if (new Set(roots.map(({ caIdentifier }) => toHex(caIdentifier))).size < roots.length) return undefined;
  try {
    return roots.map(({ caIdentifier, publicPoint }) => {
      const point = uncompressedPoint('P-256', publicPoint);
      importPublicKey('P-256', point);
      return { caIdentifier: caIdentifier.slice(), publicPoint: point };
    });
  } catch (error) {
    if (error instanceof CryptoError) return undefined;
    throw error;
  }
}

function proactive(request: ProofRequest): ProactiveRequest {
  switch (request.type) {
    case 'powerOn':
      return { type: 'POWER ON CARD', reader: SUPPORT_READER };
    case 'transmit':
      return { type: 'PERFORM CARD APDU', reader: SUPPORT_READER, apdu: request.command };
    case 'claimedImei':
      return { type: 'PROVIDE LOCAL INFORMATION', information: 'imei' };
  }
}

function replyOf(request: ProofRequest, response: TerminalResponse | undefined): ProofReply {
  const octets =
    request.type === 'powerOn' ? response?.atr : request.type === 'transmit' ? response?.responseApdu : response?.imei;
  if (response !== undefined && resultClass(response.general) === 'done') {
    // A terminal may leave the ATR out; a card that was powered answers all the same.
    if (octets !== undefined) return { kind: 'octets', octets };
    if (request.type === 'powerOn') return { kind: 'octets', octets: NO_OCTETS };
  }
  return { kind: 'failed', reason: reasonOf(response), ...(isUnpowered(response) && { isUnpowered: true }) };
}

/** The card is there and has no power, or lost it: what was said to it is gone, and POWER ON CARD brings it back. */
function isUnpowered(response: TerminalResponse | undefined): boolean {
  if (response?.general !== GENERAL_RESULT.multipleCardError) return false;
  const [problem] = response.additional;
  return problem === CARD_READER_PROBLEM.cardPoweredOff || problem === CARD_READER_PROBLEM.mute;
}

const NO_CARD: ReadonlySet<number> = new Set([
  CARD_READER_PROBLEM.readerRemoved,
  CARD_READER_PROBLEM.cardRemoved,
  CARD_READER_PROBLEM.readerNotValid,
]);

/** Results by which a terminal says that it knows no such command, or cannot perform it (TS 102 223 8.12). */
const REFUSED: ReadonlySet<number> = new Set([
  GENERAL_RESULT.beyondCapabilities,
  GENERAL_RESULT.typeNotUnderstood,
  GENERAL_RESULT.dataNotUnderstood,
  GENERAL_RESULT.valuesMissing,
]);

/** Why nothing came, in the terminal's own words; undefined: in no words that can be read. */
function reasonOf(response: TerminalResponse | undefined): ProofReason {
  if (response === undefined) return 'noAnswer';
  const { general, additional } = response;
  if (REFUSED.has(general)) return 'commandRefused';
  if (general === GENERAL_RESULT.userRefused) return 'userRefused';
  if (resultClass(general) === 'tryAgainLater') return 'terminalBusy';
  // "Performed", and nothing with it.
  if (resultClass(general) === 'done') return 'badOctets';
  if (general !== GENERAL_RESULT.multipleCardError) return 'noAnswer';
  const [problem = CARD_READER_PROBLEM.noSpecificCause] = additional;
  if (problem === CARD_READER_PROBLEM.readerBusy) return 'terminalBusy';
  return NO_CARD.has(problem) ? 'noCardReader' : 'noAnswer';
}
