import { sameOctets } from '#base/codec/index.ts';
import type { LockPolicy } from '#handset/uicc/lock-personalisation.ts';
import {
  type Answer,
  changedPolicy,
  type Evidence,
  type Order,
  type ProofReason,
  type ProofResult,
  type LockState as ReportedState,
  type Trigger,
} from '#protocol/imei-lock/index.ts';

/** What steps 101 and 102 gave. IMEIs are the 8 octets of TS 24.008 10.5.1.4, `support` the 8 octets of its identity. */
export interface Outcome {
  readonly result: ProofResult;
  readonly reason: ProofReason;
  readonly evidence?: Evidence;
  readonly provedImei?: Uint8Array;
  readonly claimedImei?: Uint8Array;
  readonly support?: Uint8Array;
  readonly supportCounter?: number;
  readonly previousSupport?: Uint8Array;
  /** By what the support was believed when it was met: names of the root and of the certificate, 6 octets each. */
  readonly root?: Uint8Array;
  readonly certificate?: Uint8Array;
}

/** What stops AUTHENTICATE until an authenticated order lifts it. */
export type Block = 'none' | 'local' | 'operator' | 'keysStopped';

/** The part of an outcome whose change is worth a short message. */
export type Reported = Pick<
  Outcome,
  'result' | 'reason' | 'provedImei' | 'claimedImei' | 'support' | 'root' | 'certificate'
>;

/** A report that was sent and not yet answered: what its answer must repeat, and what the operator then knows. */
export interface Outstanding {
  readonly nonce: Uint8Array;
  readonly imeiDigest: Uint8Array;
  readonly facts: Reported;
}

/** What survives power off. Counters are whole numbers that stop at their highest value instead of going round. */
export interface LastingState {
  readonly policy: LockPolicy;
  readonly block: Block;
  readonly blockReason: ProofReason;
  readonly tracked: boolean;
  /** Proofs in a row that ended with broken protection. */
  readonly brokenProofs: number;
  /** Authentications since power was last on with a proof: what grace is spent on. */
  readonly unprovenAuthentications: number;
  readonly sinceReport: number;
  /** Authentications for which the last permit still holds; 0 when it has no end. */
  readonly permitLeft: number;
  readonly unanswered: number;
  /** A terminal authenticated and carried nothing; true until the operator answered a report that says so. */
  readonly silent: boolean;
  /** A report that is due although it says nothing new, and that no terminal has sent yet: the next one sends it. */
  readonly owed?: Trigger;
  readonly outstanding?: Outstanding;
  /** What the operator last confirmed to know. */
  readonly reported?: Reported;
}

/** The lock: what lasts, and what this power-on brought. */
export interface Lock {
  readonly lasting: LastingState;
  readonly proved: boolean;
  /** TERMINAL PROFILE came in this power-on. */
  readonly hasProfile: boolean;
  /** How often a busy terminal was asked in this power-on, and polls until it is asked again. */
  readonly timesBusy: number;
  readonly pollsToRetry: number;
  /** A report that the terminal could not send now; how often it was asked to, and polls until it is asked again (0: it is not). */
  readonly unsent: Report | undefined;
  readonly timesUnsent: number;
  readonly pollsToReport: number;
  /** What this terminal will not send, whatever is done in this power-on. */
  readonly refused: Reported | undefined;
  /** The silence is this power-on's own: a proof that ends after all takes it back. */
  readonly isSilentNow: boolean;
  /** The report that waits for its answer tells of the silence. */
  readonly hasToldSilence: boolean;
  /** Why a proof is running; undefined when none is. */
  readonly proving: Trigger | undefined;
  readonly outcome: Outcome | undefined;
  readonly sinceProof: number;
  /** The next call may go on: its proof was just made. */
  readonly callCleared: boolean;
  /** A call that waits for the proof that runs. */
  readonly waitingCall: Uint8Array | undefined;
}

/** What happens to the lock. */
export type LockEvent =
  | { readonly type: 'poweredOn' }
  | { readonly type: 'profileDownloaded' }
  /** The terminal polled, and has time. */
  | { readonly type: 'polled' }
  | { readonly type: 'proofFinished'; readonly outcome: Outcome }
  | { readonly type: 'reportIssued'; readonly outstanding: Outstanding; readonly trigger: Trigger }
  /** The terminal did not send it: not now (no service), or not at all (`isRefused`). Nobody owes an answer. */
  | {
      readonly type: 'reportNotSent';
      readonly nonce: Uint8Array;
      readonly report: Report;
      readonly isRefused: boolean;
    }
  /** The network's challenge came, whatever becomes of it. */
  | { readonly type: 'authenticateAsked' }
  | { readonly type: 'authenticated' }
  | { readonly type: 'callRequested'; readonly dialled: Uint8Array }
  | { readonly type: 'answered'; readonly answer: Answer; readonly roots?: RootsChange };

/** What became of the makers' roots that are believed: `fewer`, or `others` that were not believed before. */
export type RootsChange = 'fewer' | 'others';

/** A report that is to be sent. */
export type Report = { readonly type: 'report'; readonly trigger: Trigger; readonly outcome: Outcome };

/** What the lock wants done. */
export type LockAction =
  | { readonly type: 'prove'; readonly trigger: Trigger }
  | Report
  | { readonly type: 'show'; readonly text: string }
  | { readonly type: 'recordPairing'; readonly outcome: Outcome }
  | { readonly type: 'allowCall' }
  | { readonly type: 'setUpCall'; readonly dialled: Uint8Array }
  | { readonly type: 'forgetPairing' }
  | { readonly type: 'learnDate'; readonly date: number }
  | { readonly type: 'revoke'; readonly serialNumber: Uint8Array };

/** A step of the lock. */
export interface LockStep {
  readonly lock: Lock;
  readonly actions: readonly LockAction[];
}

const HIGHEST_COUNT = 0xffff;
const HIGHEST_UNANSWERED = 0xff;
const countUp = (count: number, highest = HIGHEST_COUNT) => Math.min(count + 1, highest);

/** What the person reads. Emergency calls need no AUTHENTICATE and pass no call control, so the promise holds in every state. */
export const TEXT = {
  refuted: 'The identity of this handset is false. Service is blocked. Emergency calls are possible.',
  broken: 'The identity of this handset cannot be proved. Service is blocked. Emergency calls are possible.',
  blocked: 'Your operator has blocked this handset. Emergency calls are possible.',
  keysStopped: 'Your operator has stopped this subscription. Emergency calls are possible.',
  callNotProven: 'Call not made: the identity of this handset is not proved. Emergency calls are possible.',
} as const;

/** The lock of a card that was just personalised. */
export function newLock(policy: LockPolicy): Lock {
  const lasting: LastingState = {
    policy,
    block: 'none',
    blockReason: 'none',
    tracked: false,
    brokenProofs: 0,
    unprovenAuthentications: 0,
    sinceReport: 0,
    permitLeft: 0,
    unanswered: 0,
    silent: false,
  };
  return atPowerOn(lasting);
}

/** The lock as it comes back from memory: nothing is proved in this power-on yet. */
export function atPowerOn(lasting: LastingState): Lock {
  return {
    lasting,
    proved: false,
    hasProfile: false,
    timesBusy: 0,
    pollsToRetry: 0,
    unsent: undefined,
    timesUnsent: 0,
    pollsToReport: 0,
    refused: undefined,
    proving: undefined,
    outcome: undefined,
    isSilentNow: false,
    hasToldSilence: false,
    sinceProof: 0,
    callCleared: false,
    waitingCall: undefined,
  };
}

/** True when the proof of this power-on still counts: not too old, and not cut off from the operator for too long. */
export function isProved(lock: Lock): boolean {
  const { policy, unanswered } = lock.lasting;
  if (!lock.proved) return false;
  if (policy.unansweredLimit > 0 && unanswered >= policy.unansweredLimit) return false;
  // A terminal that no longer fetches commands keeps the old proof for one more period at most.
  return policy.proveEvery === 0 || lock.sinceProof < 2 * policy.proveEvery;
}

/** Reasons by which a terminal says itself that it cannot carry a proof, or not now. A handset that has no storage support can say nothing else. */
const TERMINAL_CANNOT: ReadonlySet<ProofReason> = new Set([
  'profileTooSmall',
  'noCardReader',
  'commandRefused',
  'terminalBusy',
  'userRefused',
]);
/** A terminal is asked again so often when it was busy, each time after twice as many polls; one that stays busy is as good as silent. */
const MOST_TIMES_BUSY = 6;
/** A report is given again so often, each time after twice as many polls; then the next AUTHENTICATE must show that there is service. */
const MOST_TIMES_UNSENT = 6;
/** Reports that are due although they say nothing new; silence has a mark of its own. */
const DUE: ReadonlySet<Trigger> = new Set(['operator', 'interval']);

/** True when the terminal says that it cannot; one that sends no TERMINAL PROFILE has no toolkit to carry anything with. */
function terminalCannot({ hasProfile, outcome, timesBusy }: Lock): boolean {
  if (outcome === undefined) return !hasProfile;
  return TERMINAL_CANNOT.has(outcome.reason) && timesBusy < MOST_TIMES_BUSY;
}

/** What the policy says about such a terminal. A UICC that is for one handset alone takes no other's word: there the gate decides. */
function ruleForTerminal({ policy }: LastingState): LockPolicy['terminalCannotProve'] {
  const { terminalCannotProve, pairing } = policy;
  return pairing === 'locked' && terminalCannotProve === 'permit' ? 'grace' : terminalCannotProve;
}

/** True when this terminal cannot prove, and is served all the same. */
function isPermittedTerminal(lock: Lock): boolean {
  return !isProved(lock) && terminalCannot(lock) && ruleForTerminal(lock.lasting) === 'permit';
}

/**
 * True when AUTHENTICATE may run (claims 7 and 11; R11, R24, R49): never while blocked; with the gate `enable` only after a proof, for
 * the authentications of grace, or in a terminal that cannot prove and is permitted.
 */
export function mayAuthenticate(lock: Lock): boolean {
  const { policy, block, unprovenAuthentications } = lock.lasting;
  if (block !== 'none') return false;
  if (isProved(lock)) return true;
  const rule = terminalCannot(lock) ? ruleForTerminal(lock.lasting) : 'grace';
  if (rule !== 'grace') return rule === 'permit';
  return policy.gate === 'open' || unprovenAuthentications < policy.graceAuthentications;
}

/** The state as a report and an acknowledgement name it. */
export function reportedState(lock: Lock): ReportedState {
  const { block, tracked, policy } = lock.lasting;
  if (block === 'keysStopped') return 'keysStopped';
  if (block === 'operator') return 'blockedByOperator';
  if (block === 'local') return 'blockedLocally';
  if (isProved(lock)) return tracked ? 'tracked' : 'enabled';
  return policy.gate === 'enable' && mayAuthenticate(lock) && !isPermittedTerminal(lock) ? 'grace' : 'unproven';
}

/** One step: what the lock becomes and what it wants done. Pure; every reason to block or to open stands in this file. */
export function step(lock: Lock, event: LockEvent): LockStep {
  switch (event.type) {
    case 'poweredOn':
      return poweredOn(lock);
    case 'profileDownloaded':
      return profileDownloaded(lock);
    case 'polled':
      return polled(lock);
    case 'proofFinished':
      return proofFinished(lock, event.outcome);
    case 'reportIssued':
      return reportIssued(lock, event.outstanding, event.trigger);
    case 'reportNotSent':
      return reportNotSent(lock, event);
    case 'authenticateAsked':
      return { lock: isSilent(lock) ? { ...lasting(lock, { silent: true }), isSilentNow: true } : lock, actions: [] };
    case 'authenticated':
      return authenticated(lock);
    case 'callRequested':
      return callRequested(lock, event.dialled);
    case 'answered':
      return answered(lock, event.answer, event.roots);
  }
}

/** The lock with a change to what lasts; the same object when nothing changes, so that nothing is written. */
function lasting(lock: Lock, change: Partial<LastingState>): Lock {
  for (const name in change) {
    const member = name as keyof LastingState;
    if (lock.lasting[member] !== change[member]) return { ...lock, lasting: { ...lock.lasting, ...change } };
  }
  return lock;
}

/**
 * Nothing is decided or counted yet: a reader resets a card between any two commands, and that is no handset that was switched on.
 */
function poweredOn(lock: Lock): LockStep {
  return { lock: atPowerOn(lock.lasting), actions: [] };
}

/** The first profile of a power-on begins the proof; another one only replaces it, unless nothing was proved under the first. */
function profileDownloaded(before: Lock): LockStep {
  const lock: Lock = { ...(before.hasProfile ? before : countSilence(before)), hasProfile: true };
  if (!lock.lasting.policy.proveAtBoot || lock.proved) return { lock, actions: [] };
  return beginProof(lock, 'boot');
}

/** Silence: a report of an earlier power-on that was never answered. It is sent again with the next proof. */
function countSilence(lock: Lock): Lock {
  if (lock.lasting.outstanding === undefined) return lock;
  const { outstanding: _open, reported: _unsure, ...rest } = lock.lasting;
  return { ...lock, lasting: { ...rest, unanswered: countUp(rest.unanswered, HIGHEST_UNANSWERED) } };
}

/** True when a terminal authenticates and nothing could be concluded about it, nor reported; it is written once. */
function isSilent({ outcome, lasting: { policy, silent } }: Lock): boolean {
  return policy.proveAtBoot && outcome === undefined && !silent;
}

/** Why the proof is reported: a silence before this power-on is told with the first one that ends. */
function triggerOf({ proving = 'boot', refused, lasting: { silent, owed } }: Lock): Trigger {
  if (proving === 'operator') return proving;
  // A terminal that refused the report that is owed is not asked for it again.
  return silent ? 'silence' : refused === undefined && owed !== undefined ? owed : proving;
}

/** A terminal that was busy is asked again once it had time enough: for the proof, and for a report that it could not send. */
function polled(lock: Lock): LockStep {
  const { pollsToRetry, pollsToReport, unsent } = lock;
  if (pollsToRetry === 0 && pollsToReport === 0) return { lock, actions: [] };
  const waiting: Lock = {
    ...lock,
    pollsToRetry: Math.max(pollsToRetry - 1, 0),
    pollsToReport: Math.max(pollsToReport - 1, 0),
  };
  const { lock: next, actions } = pollsToRetry === 1 ? beginProof(waiting, 'boot') : { lock: waiting, actions: [] };
  return { lock: next, actions: pollsToReport === 1 && unsent !== undefined ? [...actions, unsent] : actions };
}

/** The newest report is the one that counts: an older one that waits is not sent any more. */
function reportIssued(lock: Lock, outstanding: Outstanding, trigger: Trigger): LockStep {
  const { owed: _paid, ...rest } = lock.lasting;
  return {
    lock: {
      ...lock,
      lasting: { ...rest, outstanding, sinceReport: 0 },
      unsent: undefined,
      pollsToReport: 0,
      hasToldSilence: trigger === 'silence',
    },
    actions: [],
  };
}

type NotSent = Extract<LockEvent, { type: 'reportNotSent' }>;

/**
 * TS 102 223 8.12: what a terminal could not do now may be asked of it later; what is beyond it is not repeated in this power-on, and waits for
 * the next one, where it is still news.
 */
function reportNotSent(lock: Lock, { nonce, report, isRefused }: NotSent): LockStep {
  const { outstanding, ...rest } = lock.lasting;
  if (outstanding === undefined || !sameOctets(outstanding.nonce, nonce)) return { lock, actions: [] };
  const { trigger, outcome } = report;
  const kept: Lock = { ...lock, lasting: DUE.has(trigger) ? { ...rest, owed: trigger } : rest };
  if (isRefused) return { lock: { ...kept, refused: factsOf(outcome) }, actions: [] };
  const { timesUnsent } = lock;
  const isSpent = timesUnsent === MOST_TIMES_UNSENT;
  return {
    lock: {
      ...kept,
      unsent: report,
      timesUnsent: isSpent ? timesUnsent : timesUnsent + 1,
      pollsToReport: isSpent ? 0 : 2 ** timesUnsent,
    },
    actions: [],
  };
}

function beginProof(lock: Lock, trigger: Trigger): LockStep {
  if (lock.proving !== undefined) return { lock, actions: [] };
  return { lock: { ...lock, proving: trigger }, actions: [{ type: 'prove', trigger }] };
}

function proofFinished(before: Lock, outcome: Outcome): LockStep {
  const lock: Lock = before.isSilentNow ? { ...lasting(before, { silent: false }), isSilentNow: false } : before;
  const trigger = triggerOf(lock);
  const isProof = outcome.result === 'proved' || outcome.result === 'provedOther';
  const wasBroken = outcome.reason === 'brokenProtection' || outcome.reason === 'wrongCryptogram';
  const brokenProofs = isProof
    ? 0
    : wasBroken
      ? countUp(lock.lasting.brokenProofs, HIGHEST_UNANSWERED)
      : lock.lasting.brokenProofs;
  const { brokenProtectionLimit } = lock.lasting.policy;
  const isBusy = outcome.reason === 'terminalBusy' && lock.timesBusy < MOST_TIMES_BUSY;
  const judged: Lock = {
    ...lasting(lock, { brokenProofs }),
    timesBusy: isBusy ? lock.timesBusy + 1 : lock.timesBusy,
    pollsToRetry: isBusy ? 2 ** lock.timesBusy : 0,
    proving: undefined,
    outcome,
    proved: isProof,
    sinceProof: 0,
  };
  if (isProof) return afterProof(lasting(judged, { unprovenAuthentications: 0 }), outcome, trigger);
  // One damaged octet on a contact is no crime: only a proof that breaks again with fresh keys speaks of a hand in between.
  if (wasBroken && brokenProtectionLimit > 0 && brokenProofs < brokenProtectionLimit) {
    return beginProof(judged, trigger);
  }
  const isFalse = outcome.result === 'refuted' || (wasBroken && brokenProtectionLimit > 0);
  return isFalse ? blockLocally(judged, outcome, trigger) : afterFailure(judged, outcome, trigger);
}

function afterProof(lock: Lock, outcome: Outcome, trigger: Trigger): LockStep {
  const actions: LockAction[] = [{ type: 'recordPairing', outcome }];
  if (isNews(lock, outcome, trigger)) actions.push({ type: 'report', trigger, outcome });
  const { waitingCall } = lock;
  if (waitingCall === undefined) return { lock, actions };
  const rest: Lock = { ...lock, waitingCall: undefined };
  if (lock.lasting.block !== 'none') return { lock: rest, actions };
  actions.push({ type: 'setUpCall', dialled: waitingCall });
  return { lock: { ...rest, callCleared: true }, actions };
}

/** Claims 7 and 11: the module blocks by itself, with no network (R11, R17, R24). */
function blockLocally(lock: Lock, outcome: Outcome, trigger: Trigger): LockStep {
  const rest: Lock = { ...lock, waitingCall: undefined };
  const isNew = lock.lasting.block === 'none';
  const blocked = isNew ? lasting(rest, { block: 'local', blockReason: outcome.reason }) : rest;
  const actions: LockAction[] = [{ type: 'recordPairing', outcome }];
  actions.push({ type: 'show', text: outcome.result === 'refuted' ? TEXT.refuted : TEXT.broken });
  if (isNews(lock, outcome, trigger)) actions.push({ type: 'report', trigger, outcome });
  return { lock: blocked, actions };
}

/** Not proved is not false: the gate decides, and the grace it leaves. */
function afterFailure(lock: Lock, outcome: Outcome, trigger: Trigger): LockStep {
  const { waitingCall } = lock;
  const rest: Lock = { ...lock, waitingCall: undefined };
  const actions: LockAction[] = [{ type: 'recordPairing', outcome }];
  if (isNews(lock, outcome, trigger)) actions.push({ type: 'report', trigger, outcome });
  if (waitingCall === undefined) return { lock: rest, actions };
  if (!mayAuthenticate(rest)) {
    actions.push({ type: 'show', text: TEXT.callNotProven });
    return { lock: rest, actions };
  }
  actions.push({ type: 'setUpCall', dialled: waitingCall });
  return { lock: { ...rest, callCleared: true }, actions };
}

const sameMaybe = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a === undefined || b === undefined ? a === b : sameOctets(a, b);

/** One report for each change, not for each boot: a short message costs money. The operator's own question is always answered. */
function isNews(lock: Lock, outcome: Outcome, trigger: Trigger): boolean {
  if (trigger === 'operator') return true;
  const { refused, lasting } = lock;
  if (refused !== undefined && says(refused, outcome)) return false;
  const known = lasting.outstanding?.facts ?? lasting.reported;
  return DUE.has(trigger) || trigger === 'silence' || known === undefined || !says(known, outcome);
}

/** True when a report says what this outcome is. */
function says(known: Reported, outcome: Outcome): boolean {
  return (
    known.result === newsResult(outcome.result) &&
    known.reason === outcome.reason &&
    sameMaybe(known.provedImei, outcome.provedImei) &&
    sameMaybe(known.claimedImei, outcome.claimedImei) &&
    sameMaybe(known.support, outcome.support) &&
    sameMaybe(known.root, outcome.root) &&
    sameMaybe(known.certificate, outcome.certificate)
  );
}

/** A support that was "other" when it was reported is the paired one at the next power-on: that is no news. */
function newsResult(result: ProofResult): ProofResult {
  return result === 'provedOther' ? 'proved' : result;
}

/** The facts of an outcome as the operator will know them. */
export function factsOf(outcome: Outcome): Reported {
  const { result, reason, provedImei, claimedImei, support, root, certificate } = outcome;
  return {
    result: newsResult(result),
    reason,
    ...(provedImei && { provedImei }),
    ...(claimedImei && { claimedImei }),
    ...(support && { support }),
    ...(root && { root }),
    ...(certificate && { certificate }),
  };
}

function authenticated(before: Lock): LockStep {
  const { policy, unprovenAuthentications, permitLeft, sinceReport } = before.lasting;
  const change = {
    ...(!isProved(before) &&
      !isPermittedTerminal(before) && { unprovenAuthentications: countUp(unprovenAuthentications) }),
    ...(permitLeft > 0 && { permitLeft: permitLeft - 1 }),
    ...(policy.reportEvery > 0 && { sinceReport: countUp(sinceReport) }),
  };
  const changed = Object.keys(change).length > 0 ? lasting(before, change) : before;
  // The terminal has service: a report that it could not send may go at the next poll.
  const lock: Lock = {
    ...changed,
    sinceProof: countUp(before.sinceProof),
    timesUnsent: 0,
    pollsToReport: before.unsent === undefined ? 0 : 1,
  };
  if (policy.proveEvery > 0 && lock.sinceProof >= policy.proveEvery) return beginProof(lock, 'authentications');
  const isDue = permitLeft === 1 || (policy.reportEvery > 0 && lock.lasting.sinceReport >= policy.reportEvery);
  if (isDue && lock.outcome) return { lock, actions: [{ type: 'report', trigger: 'interval', outcome: lock.outcome }] };
  return { lock, actions: [] };
}

function callRequested(lock: Lock, dialled: Uint8Array): LockStep {
  if (lock.lasting.block !== 'none') return { lock, actions: [{ type: 'show', text: blockText(lock.lasting) }] };
  if (lock.callCleared) return { lock: { ...lock, callCleared: false }, actions: [{ type: 'allowCall' }] };
  if (lock.lasting.policy.proveBeforeCall) return beginProof({ ...lock, waitingCall: dialled }, 'call');
  if (mayAuthenticate(lock)) return { lock, actions: [{ type: 'allowCall' }] };
  return { lock, actions: [{ type: 'show', text: TEXT.callNotProven }] };
}

function blockText({ block, blockReason }: LastingState): string {
  if (block === 'keysStopped') return TEXT.keysStopped;
  if (block === 'operator') return TEXT.blocked;
  return blockReason === 'brokenProtection' || blockReason === 'wrongCryptogram' ? TEXT.broken : TEXT.refuted;
}

/** True when an answer belongs to the report that waits for one: its nonce and the IMEI it judges (T17). */
export function answersOutstanding({ outstanding }: LastingState, answer: Answer): boolean {
  if (outstanding === undefined || answer.nonce === undefined || answer.imeiDigest === undefined) return false;
  return sameOctets(outstanding.nonce, answer.nonce) && sameOctets(outstanding.imeiDigest, answer.imeiDigest);
}

function answered(before: Lock, answer: Answer, roots: RootsChange | undefined): LockStep {
  const isAnswer = answersOutstanding(before.lasting, answer);
  const actions: LockAction[] = [];
  let lock = isAnswer ? settle(before) : before;
  if (answer.policy !== undefined) lock = lasting(lock, { policy: changedPolicy(lock.lasting.policy, answer.policy) });
  if (answer.date !== undefined) actions.push({ type: 'learnDate', date: answer.date });
  if (answer.revoked !== undefined) actions.push({ type: 'revoke', serialNumber: answer.revoked });
  const obeyed = answer.order === 'setRoots' ? believing(lock, roots) : obey(lock, answer.order, answer, isAnswer);
  return { lock: obeyed.lock, actions: [...actions, ...obeyed.actions] };
}

function settle(lock: Lock): Lock {
  const { outstanding, ...rest } = lock.lasting;
  const silent = rest.silent && !lock.hasToldSilence;
  return {
    ...lock,
    hasToldSilence: false,
    lasting: { ...rest, silent, unanswered: 0, ...(outstanding && { reported: outstanding.facts }) },
  };
}

/**
 * The roots stand already. What was proved stands until the next proof; a proof that runs was begun by the roots of before, and begins anew. A block
 * for an unknown root alone is thought over at once, when there is a root that was unknown: those that are left would say the same again.
 */
function believing(lock: Lock, roots: RootsChange | undefined): LockStep {
  const { block, blockReason } = lock.lasting;
  const isLifted = roots === 'others' && block === 'local' && blockReason === 'foreignRoot';
  const trigger = isLifted ? 'operator' : roots === undefined ? undefined : lock.proving;
  if (trigger === undefined) return { lock, actions: [] };
  const next = isLifted ? lasting(lock, { block: 'none', blockReason: 'none' }) : lock;
  return { lock: { ...next, proving: trigger }, actions: [{ type: 'prove', trigger }] };
}

function obey(lock: Lock, order: Exclude<Order, 'setRoots'>, answer: Answer, isAnswer: boolean): LockStep {
  const shown = answer.text === undefined ? undefined : new TextDecoder('latin1').decode(answer.text);
  const { block } = lock.lasting;
  switch (order) {
    case 'permit':
    case 'track': {
      // Good news must answer the report that is open: an old "not listed" opens nothing. A local block needs `unblock`.
      if (!isAnswer) return { lock, actions: [] };
      const permitLeft = answer.validAuthentications ?? 0;
      const kept = block === 'local' ? 'local' : 'none';
      return { lock: lasting(lock, { block: kept, tracked: order === 'track', permitLeft }), actions: [] };
    }
    case 'block':
      return { lock: lasting(lock, { block: 'operator' }), actions: [{ type: 'show', text: shown ?? TEXT.blocked }] };
    case 'stopKeys':
      return {
        lock: lasting(lock, { block: 'keysStopped' }),
        actions: [{ type: 'show', text: shown ?? TEXT.keysStopped }],
      };
    case 'unblock':
      return beginProof(
        lasting(lock, { block: 'none', blockReason: 'none', tracked: false, brokenProofs: 0 }),
        'operator',
      );
    case 'rePair': {
      const freed = lock.lasting.blockReason === 'pairingLocked' && block === 'local' ? 'none' : block;
      const proof = beginProof(lasting(lock, { block: freed }), 'operator');
      return { lock: proof.lock, actions: [{ type: 'forgetPairing' }, ...proof.actions] };
    }
    case 'reportNow':
      return beginProof(lock, 'operator');
    case 'setPolicy':
      return { lock, actions: [] };
  }
}
