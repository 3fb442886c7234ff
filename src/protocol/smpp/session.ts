import { STATUS } from './command-status.ts';
import { TAG } from './parameter.ts';
import {
  type BindCommand,
  INTERFACE_VERSION,
  type Message,
  type MessageCommand,
  type Pdu,
  type PduOf,
  responseTo,
} from './pdu.ts';
import type {
  Outgoing,
  Outstanding,
  SessionAction,
  SessionEvent,
  SessionSettings,
  SessionState,
  SubmitResult,
  Taken,
} from './session-state.ts';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const MOST_THROTTLED_TRIES = 8;
const LAST_SEQUENCE = 0x7fff_ffff;

/** The state being made from the last one; only `step` sees it. */
type Draft = { -readonly [K in keyof SessionState]: SessionState[K] } & {
  outstanding: Map<number, Outstanding>;
  waiting: Outgoing[];
};

/** One step of one session: all its helpers share these, and none outlives the step. */
class Step {
  readonly actions: SessionAction[] = [];
  readonly draft: Draft;
  private readonly settings: SessionSettings;
  private readonly now: number;

  constructor(settings: SessionSettings, state: SessionState, now: number) {
    this.settings = settings;
    this.now = now;
    this.draft = { ...state, outstanding: new Map(state.outstanding), waiting: [...state.waiting] };
  }

  run(event: SessionEvent): void {
    switch (event.type) {
      case 'connected':
        this.connected();
        break;
      case 'disconnected':
        this.disconnected();
        break;
      case 'received':
        this.isListening() ? this.received(event.pdu) : undefined;
        break;
      case 'unreadable':
        if (event.isRequest && this.isListening()) this.nack(event.sequence, event.status);
        break;
      case 'overlong':
        if (this.isListening()) this.nack(0, STATUS.RINVCMDLEN);
        this.disconnect();
        break;
      case 'submit':
        this.submit(event.id, event.command, event.message);
        break;
      case 'judged':
        this.judged(event.request, event.connection, event.status);
        break;
      case 'answer':
        this.answer(event.taken, event.status, event.messageId);
        break;
      case 'tick':
        this.tick();
        break;
      case 'close':
        this.close();
        break;
    }
  }

  private isListening(): boolean {
    const { phase } = this.draft;
    return phase === 'connected' || phase === 'bound' || phase === 'unbinding';
  }

  private connected(): void {
    const { draft, now, settings } = this;
    draft.phase = 'connected';
    draft.connection++;
    draft.heardAt = now;
    draft.usedAt = now;
    draft.phaseEndsBy = now + settings.sessionInitMs;
    if (draft.isClosing) this.disconnect();
    else if (settings.role === 'ESME') this.request(settings.bind.command);
  }

  private disconnected(): void {
    const { draft, settings } = this;
    if (draft.phase === 'closed') return;
    if (draft.mode !== undefined) this.actions.push({ type: 'unbound' });
    draft.mode = undefined;
    draft.isJudging = false;
    draft.unanswered = 0;
    for (const entry of draft.outstanding.values())
      if ('outgoing' in entry) this.result(entry.outgoing, { outcome: 'unanswered', because: 'connection lost' });
    draft.outstanding.clear();
    draft.phase = 'disconnected';
    if (draft.isClosing || settings.role === 'SMSC') this.closed();
    else this.actions.push({ type: 'connect', attempt: ++draft.attempts });
  }

  private closed(): void {
    this.refuseWaiting();
    this.draft.phase = 'closed';
    this.actions.push({ type: 'closed' });
  }

  private refuseWaiting(): void {
    for (const outgoing of this.draft.waiting)
      this.result(outgoing, { outcome: 'not sent', because: 'session closed' });
    this.draft.waiting = [];
  }

  private disconnect(): void {
    if (!this.isListening()) return;
    this.draft.phase = 'disconnecting';
    this.draft.phaseEndsBy = this.now + this.settings.responseMs;
    this.actions.push({ type: 'disconnect', isForced: false });
  }

  private result(outgoing: Outgoing, result: SubmitResult): void {
    this.actions.push({ type: 'result', id: outgoing.id, result });
  }

  private send(pdu: Pdu): void {
    this.actions.push({ type: 'send', pdu });
  }

  private nack(sequence: number, status: number): void {
    this.send({ command: 'generic_nack', status, sequence, body: {} });
  }

  /** Takes the next sequence number and expects its response. */
  private expect(entry: Outstanding): number {
    const { draft } = this;
    draft.sequence = (draft.sequence % LAST_SEQUENCE) + 1;
    draft.outstanding.set(draft.sequence, entry);
    return draft.sequence;
  }

  private request(command: BindCommand | 'unbind' | 'enquire_link'): void {
    const sequence = this.expect({ command, answerBy: this.now + this.settings.responseMs });
    if (command === 'unbind' || command === 'enquire_link') this.send({ command, status: 0, sequence, body: {} });
    else this.send({ command, status: 0, sequence, body: this.settings.bind.body });
  }

  // ---- messages out

  private submit(id: number, command: MessageCommand, message: Message): void {
    const { draft, settings } = this;
    const outgoing = { id, command, message, tries: 0, patientUntil: this.now + settings.patienceMs };
    const obstacle = this.obstacle(command);
    if (obstacle !== undefined) this.result(outgoing, { outcome: 'not sent', because: obstacle });
    else {
      draft.waiting.push(outgoing);
      this.pump();
    }
  }

  private obstacle(command: MessageCommand): Extract<SubmitResult, { outcome: 'not sent' }>['because'] | undefined {
    const { draft, settings } = this;
    if (draft.isClosing || draft.phase === 'closed') return 'session closed';
    const mode = settings.role === 'ESME' ? settings.bind.command : draft.mode;
    if (!mayCarry(command, mode)) return 'bound for the other direction';
    return draft.waiting.length < settings.mostWaiting ? undefined : 'too many wait';
  }

  /** Sends what waits, as far as window and throttling allow; a closing session with nothing left unbinds. */
  private pump(): void {
    const { draft, now, settings } = this;
    if (draft.phase !== 'bound') return;
    while (draft.waiting.length > 0 && now >= draft.pausedUntil && inWindow(draft) < settings.window) {
      const outgoing = draft.waiting.shift() as Outgoing;
      const { command, message } = outgoing;
      const sequence = this.expect({ command, outgoing, answerBy: now + settings.responseMs });
      draft.usedAt = now;
      this.send({ command, status: 0, sequence, body: message });
    }
    if (draft.isClosing && draft.outstanding.size === 0) this.unbind();
  }

  private unbind(): void {
    this.draft.phase = 'unbinding';
    this.request('unbind');
  }

  private close(): void {
    const { draft } = this;
    if (draft.isClosing) return;
    draft.isClosing = true;
    this.refuseWaiting();
    if (draft.phase === 'connected') this.disconnect();
    else if (draft.phase === 'disconnected') this.closed();
    else this.pump();
  }

  // ---- PDUs in

  private received(pdu: Pdu): void {
    this.draft.heardAt = this.now;
    switch (pdu.command) {
      case 'bind_receiver':
      case 'bind_transmitter':
      case 'bind_transceiver':
        this.bindRequest(pdu);
        break;
      case 'submit_sm':
      case 'deliver_sm':
        this.message(pdu);
        break;
      case 'enquire_link':
        this.send({ command: 'enquire_link_resp', status: 0, sequence: pdu.sequence, body: {} });
        break;
      case 'unbind':
        this.send({ command: 'unbind_resp', status: 0, sequence: pdu.sequence, body: {} });
        this.disconnect();
        break;
      case 'outbind':
        return; // It asks an ESME to bind, which this one does as soon as it is connected (SMPP 3.4 2.2.1).
      default:
        this.response(pdu);
    }
  }

  private bindRequest(request: PduOf<BindCommand>): void {
    const { draft, settings } = this;
    if (settings.role === 'ESME') this.nack(request.sequence, STATUS.RINVCMDID);
    else if (draft.phase !== 'connected' || draft.isJudging) this.bindResponse(request, STATUS.RALYBND);
    else {
      draft.isJudging = true;
      this.actions.push({ type: 'judge', request, connection: draft.connection });
    }
  }

  private judged(request: PduOf<BindCommand>, connection: number, status: number): void {
    const { draft } = this;
    if (draft.phase !== 'connected' || draft.connection !== connection) return;
    draft.isJudging = false;
    this.bindResponse(request, status);
    if (status === STATUS.ROK) this.bound(request.command);
    else this.disconnect();
  }

  private bindResponse({ command, sequence }: PduOf<BindCommand>, status: number): void {
    const { system_id } = this.settings.bind.body;
    const version = { tag: TAG.sc_interface_version, value: Uint8Array.of(INTERFACE_VERSION) };
    const body = { system_id, optional_parameters: status === STATUS.ROK ? [version] : [] };
    this.send({ command: `${command}_resp`, status, sequence, body });
  }

  private bound(mode: BindCommand): void {
    const { draft } = this;
    draft.phase = 'bound';
    draft.mode = mode;
    draft.attempts = 0;
    this.actions.push({ type: 'bound', mode });
    this.pump();
  }

  private message({ command, sequence, body }: PduOf<'submit_sm'> | PduOf<'deliver_sm'>): void {
    const { draft, settings } = this;
    const isSmsc = settings.role === 'SMSC';
    const taken = { connection: draft.connection, sequence, command };
    if (command !== (isSmsc ? 'submit_sm' : 'deliver_sm')) this.nack(sequence, STATUS.RINVCMDID);
    else if (draft.phase !== 'bound' || !mayCarry(command, draft.mode))
      this.messageResponse(taken, STATUS.RINVBNDSTS, '');
    else if (draft.unanswered >= settings.mostUnanswered)
      this.messageResponse(taken, isSmsc ? STATUS.RMSGQFUL : STATUS.RX_T_APPN, '');
    else {
      draft.unanswered++;
      draft.usedAt = this.now;
      this.actions.push({ type: 'take', taken, message: body });
    }
  }

  private answer(taken: Taken, status: number, messageId: string): void {
    if (taken.connection !== this.draft.connection || !this.isListening()) return;
    this.draft.unanswered--;
    this.messageResponse(taken, status, messageId);
  }

  private messageResponse({ command, sequence }: Taken, status: number, message_id: string): void {
    this.send({ command: `${command}_resp`, status, sequence, body: { message_id, optional_parameters: [] } });
  }

  private response(pdu: Pdu): void {
    const { draft } = this;
    const entry = draft.outstanding.get(pdu.sequence);
    if (entry === undefined) return; // Too late, or never asked.
    if (pdu.command !== 'generic_nack' && pdu.command !== responseTo(entry.command)) return;
    draft.outstanding.delete(pdu.sequence);
    const status = pdu.command === 'generic_nack' && pdu.status === 0 ? STATUS.RUNKNOWNERR : pdu.status;
    if ('outgoing' in entry)
      this.messageAnswered(entry.outgoing, status, 'message_id' in pdu.body ? pdu.body.message_id : '');
    else if (entry.command === 'unbind') this.disconnect();
    else if (entry.command !== 'enquire_link') this.bindAnswered(entry.command, status);
    this.pump();
  }

  private bindAnswered(mode: BindCommand, status: number): void {
    if (status === STATUS.ROK) this.bound(mode);
    else {
      this.actions.push({ type: 'bind refused', status });
      this.disconnect();
    }
  }

  private messageAnswered(outgoing: Outgoing, status: number, messageId: string): void {
    const { draft } = this;
    draft.usedAt = this.now;
    const isThrottled = status === STATUS.RTHROTTLED || status === STATUS.RMSGQFUL;
    if (status === STATUS.ROK) {
      draft.pauseMs = draft.pauseMs > FIRST_PAUSE_MS ? draft.pauseMs / 2 : 0;
      this.result(outgoing, { outcome: 'accepted', messageId });
    } else if (isThrottled && !draft.isClosing && outgoing.tries < MOST_THROTTLED_TRIES) {
      draft.waiting.unshift({ ...outgoing, tries: outgoing.tries + 1 });
      this.slowDown();
    } else this.result(outgoing, { outcome: 'refused', status });
  }

  /** One pause for all that were under way: only the first refusal after a pause makes the next one longer. */
  private slowDown(): void {
    const { draft, now } = this;
    if (now < draft.pausedUntil) return;
    draft.pauseMs = Math.min(Math.max(2 * draft.pauseMs, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    draft.pausedUntil = now + draft.pauseMs;
  }

  // ---- time

  private tick(): void {
    const { draft, now, settings } = this;
    draft.waiting = draft.waiting.filter((outgoing) => {
      if (outgoing.patientUntil > now) return true;
      this.result(outgoing, { outcome: 'not sent', because: 'waited too long' });
      return false;
    });
    for (const [sequence, entry] of draft.outstanding)
      if (entry.answerBy <= now) this.unansweredRequest(sequence, entry);
    if (draft.phaseEndsBy <= now) this.phaseEnded();
    if (draft.phase === 'bound' && !draft.isClosing) {
      if (now - draft.usedAt >= settings.inactivityMs) this.unbind();
      else if (now - draft.heardAt >= settings.enquireLinkMs && !isEnquiring(draft)) this.request('enquire_link');
    }
    this.pump();
  }

  /** The peer neither bound nor read what it was sent last. */
  private phaseEnded(): void {
    const { draft } = this;
    if (draft.phase === 'connected') this.disconnect();
    else if (draft.phase === 'disconnecting') {
      draft.phaseEndsBy = Number.POSITIVE_INFINITY; // Said once; the connection's end follows.
      this.actions.push({ type: 'disconnect', isForced: true });
    }
  }

  /** A message is given back to its owner; a peer that leaves anything else unanswered is gone. */
  private unansweredRequest(sequence: number, entry: Outstanding): void {
    this.draft.outstanding.delete(sequence);
    if ('outgoing' in entry) this.result(entry.outgoing, { outcome: 'unanswered', because: 'no response in time' });
    else this.disconnect();
  }
}

/** submit_sm goes over transmitters, deliver_sm over receivers, both over transceivers (SMPP 3.4 2.3). */
function mayCarry(command: MessageCommand, mode: BindCommand | undefined): boolean {
  return mode !== (command === 'submit_sm' ? 'bind_receiver' : 'bind_transmitter');
}

/** Messages sent and not yet answered. */
function inWindow({ outstanding }: SessionState): number {
  let count = 0;
  for (const entry of outstanding.values()) if ('outgoing' in entry) count++;
  return count;
}

function isEnquiring({ outstanding }: SessionState): boolean {
  for (const entry of outstanding.values()) if (entry.command === 'enquire_link') return true;
  return false;
}

/** One event happens to a session at `now` (milliseconds of the Clock): its next state, and what is to be done. Pure. */
export function step(
  settings: SessionSettings,
  state: SessionState,
  event: SessionEvent,
  now: number,
): { readonly state: SessionState; readonly actions: readonly SessionAction[] } {
  const one = new Step(settings, state, now);
  one.run(event);
  return { state: one.draft, actions: one.actions };
}

/** When this session next wants a `tick`, in milliseconds of the Clock; Infinity when only others can move it. */
export function nextTick(settings: SessionSettings, state: SessionState): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { patientUntil } of state.waiting) next = Math.min(next, patientUntil);
  for (const { answerBy } of state.outstanding.values()) next = Math.min(next, answerBy);
  if (state.phase === 'connected' || state.phase === 'disconnecting') next = Math.min(next, state.phaseEndsBy);
  if (state.phase !== 'bound' || state.isClosing) return next;
  // With room in the window only throttling can keep a message waiting; without, a response moves it, not time.
  if (state.waiting.length > 0 && inWindow(state) < settings.window) next = Math.min(next, state.pausedUntil);
  if (!isEnquiring(state)) next = Math.min(next, state.heardAt + settings.enquireLinkMs);
  return Math.min(next, state.usedAt + settings.inactivityMs);
}
