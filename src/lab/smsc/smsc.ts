import { CodecError } from '#base/codec/index.ts';
import { equalOctets } from '#base/crypto/index.ts';
import type { Msisdn } from '#base/identity/index.ts';
import { silentTrace, type Trace } from '#base/trace/index.ts';
import {
  type BindRequest,
  listenSmpp,
  type Message,
  type MessageAnswer,
  type PduWatcher,
  type SessionTimes,
  type SmppListener,
  type SmppPorts,
  type SmscSession,
  STATUS,
  type SubmitResult,
} from '#protocol/smpp/index.ts';
import { internationalAddress, smsSubmit } from '#protocol/sms/index.ts';
import { deliveryReceipt, wantsReceipt } from './delivery-receipt.ts';
import { type Ending, type Held, Mailbox, type Verdict } from './mailbox.ts';
import { deliverOf, messageOfSmpp, messageOfSubmit, type ShortMessage, smppOf } from './short-message.ts';
import { perfectTransit, type Transit } from './transit.ts';
import { endOfValidity } from './validity-period.ts';

/** An ESME that may bind, and the numbers whose messages are its own: short codes or E.164 digits without plus. */
export interface Account {
  readonly systemId: string;
  readonly password: string;
  readonly numbers: readonly string[];
}

/** What the lab's SMSC needs. */
export interface SmscOptions extends SmppPorts, Partial<SessionTimes> {
  readonly accounts: readonly Account[];
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Most messages held for one handset; default 100. */
  readonly mostHeldEach?: number;
  /** Most messages held in all; default 100,000. */
  readonly mostHeld?: number;
  /** How long a message is held when it does not say itself; default one day, never more than a week. */
  readonly validityMs?: number;
  /** Pause after a temporary failure; default 5 s. */
  readonly retryMs?: number;
  /** What the way to handset and ESME does to messages; default nothing. */
  readonly transit?: Transit;
  readonly trace?: Trace;
}

/** What the network tells the handset: RP-ACK, or RP-ERROR with a cause of TS 24.011 8.2.5.4. */
export type SubmitOutcome = { readonly accepted: true } | { readonly accepted: false; readonly cause: number };

/** A short message service centre in a box: SMPP on one side, the air on the other, messages held in between. */
export interface Smsc {
  readonly host: string;
  /** The SMPP port it listens on. */
  readonly port: number;
  /**
   * A handset is there: held messages and all later ones go to `deliver` as SMS-DELIVER, one at a time and in order. The function
   * returned takes the handset away again; a second `attach` replaces the first.
   */
  attach(msisdn: Msisdn, deliver: (tpdu: Uint8Array) => Promise<Verdict>): () => void;
  /** An SMS-SUBMIT from a handset. When it is accepted, the SMSC holds it. */
  submit(from: Msisdn, tpdu: Uint8Array): SubmitOutcome;
  /** Messages held now. */
  readonly held: number;
  /** Changes what the way does to messages from now on. */
  setTransit(transit: Transit): void;
  /** Sends a message that was here before once more, as somebody who kept a copy could; false when there is no room for it. */
  deliverAgain(message: ShortMessage): boolean;
  /** Unbinds all ESMEs and stops; held messages are gone. */
  close(): Promise<void>;
  /** Stops at once, as a crash would. */
  destroy(): void;
}

const DEFAULTS = { mostHeldEach: 100, mostHeld: 100_000, validityMs: 86_400_000, retryMs: 5000 };
const LONGEST_VALIDITY_MS = 7 * 86_400_000;
/** deliver_sm under way to one ESME. */
const ESME_PARALLEL = 10;
const SYSTEM_ID = 'assay-lab';

// RP-Cause values (TS 24.011 8.2.5.4).
const CONGESTION = 42;
const INVALID_MESSAGE = 95;

/** A message with its way to the destination and what is to be done when it ends there. */
interface Accepted {
  readonly message: ShortMessage;
  readonly expiresAt: number;
  ended(ending: Ending): void;
}

class Centre {
  private readonly options: SmscOptions & typeof DEFAULTS;
  private readonly trace: Trace;
  private readonly handsets = new Map<string, Mailbox<ShortMessage>>();
  private readonly esmes = new Map<string, Mailbox<Message>>();
  private readonly sessions = new Map<string, SmscSession[]>();
  private readonly accountOfNumber = new Map<string, Account>();
  private readonly late = new Set<() => void>();
  private lastMessageId = 0;
  transit: Transit;
  held = 0;

  constructor(options: SmscOptions) {
    this.options = { ...DEFAULTS, ...options };
    this.trace = options.trace ?? silentTrace;
    this.transit = options.transit ?? perfectTransit;
    for (const account of options.accounts) {
      const settings = { parallel: ESME_PARALLEL, retryMs: this.options.retryMs };
      this.esmes.set(account.systemId, new Mailbox(options, settings));
      for (const number of account.numbers) this.accountOfNumber.set(number, account);
    }
  }

  // ---- ESMEs

  authenticate({ system_id, password }: BindRequest): number {
    const account = this.options.accounts.find(({ systemId }) => systemId === system_id);
    if (account === undefined) return STATUS.RINVSYSID;
    const encoder = new TextEncoder();
    return equalOctets(encoder.encode(password), encoder.encode(account.password)) ? STATUS.ROK : STATUS.RINVPASWD;
  }

  bound(session: SmscSession): void {
    if (session.bind.command === 'bind_transmitter') return;
    const systemId = session.bind.body.system_id;
    this.sessions.set(systemId, [...(this.sessions.get(systemId) ?? []), session]);
    this.attendEsme(systemId);
  }

  unbound(session: SmscSession): void {
    const systemId = session.bind.body.system_id;
    this.sessions.set(
      systemId,
      (this.sessions.get(systemId) ?? []).filter((other) => other !== session),
    );
    this.attendEsme(systemId);
  }

  private attendEsme(systemId: string): void {
    const [session] = this.sessions.get(systemId) ?? [];
    this.esmes.get(systemId)?.attend(session && (async (message) => verdictOf(await session.deliver(message))));
  }

  /** A submit_sm: accepted when it is held, otherwise refused with the status that says why. */
  async submitSm(submitted: Message): Promise<MessageAnswer> {
    const { clock } = this.options;
    const now = clock.now();
    if (submitted.destination_addr === '') return { status: STATUS.RINVDSTADR };
    if (submitted.schedule_delivery_time !== '') return { status: STATUS.RINVSCHED };
    const { validity_period: validity } = submitted;
    const expiresAt = validity === '' ? now + this.options.validityMs : endOfValidity(validity, now);
    if (expiresAt === undefined) return { status: STATUS.RINVEXPIRY };
    let message: ShortMessage;
    try {
      message = messageOfSmpp(submitted, now);
      deliverOf(message, false);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { status: error.field === 'address' ? STATUS.RINVSRCADR : STATUS.RINVMSGLEN };
    }
    const messageId = (++this.lastMessageId).toString(16).toUpperCase().padStart(8, '0');
    const ended = (ending: Ending) => {
      if (wantsReceipt(submitted.registered_delivery, ending))
        this.sendReceipt(deliveryReceipt(submitted, messageId, ending, now, clock.now()));
    };
    const room = this.accept({ message, expiresAt, ended });
    // "Queue full" slows an ESME down; one handset that is away for long must not do that to all others.
    if (room === 'destination full') return { status: STATUS.RSUBMITFAIL };
    return room === 'full' ? { status: STATUS.RMSGQFUL } : { status: STATUS.ROK, messageId };
  }

  private sendReceipt(receipt: Message): void {
    const account = this.accountOfNumber.get(receipt.destination_addr);
    if (account === undefined) return; // The sender used a number that is nobody's: nobody can be told.
    this.esmes.get(account.systemId)?.put(this.counted(receipt, this.options.clock.now() + this.options.validityMs));
  }

  // ---- handsets

  attach(msisdn: Msisdn, deliver: (tpdu: Uint8Array) => Promise<Verdict>): () => void {
    const mailbox = this.mailboxOf(msisdn.digits);
    const receive = async (message: ShortMessage, hasMore: boolean) => {
      const tpdu = deliverOf(message, hasMore);
      this.traceSms('SMS-DELIVER', tpdu, msisdn);
      return deliver(tpdu);
    };
    mailbox.attend(receive);
    return () => {
      mailbox.leave(receive);
      this.forgetEmpty(msisdn.digits, mailbox);
    };
  }

  submit(from: Msisdn, tpdu: Uint8Array): SubmitOutcome {
    this.traceSms('SMS-SUBMIT', tpdu, from);
    const now = this.options.clock.now();
    let message: ShortMessage;
    try {
      message = messageOfSubmit(internationalAddress(from.digits), smsSubmit.decode(tpdu.slice()), now);
      smppOf(message);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      return { accepted: false, cause: INVALID_MESSAGE };
    }
    const room = this.accept({ message, expiresAt: now + this.options.validityMs, ended: () => {} });
    return room === 'held' ? { accepted: true } : { accepted: false, cause: CONGESTION };
  }

  deliverAgain(message: ShortMessage): boolean {
    const expiresAt = this.options.clock.now() + this.options.validityMs;
    return this.accept({ message, expiresAt, ended: () => {} }) === 'held';
  }

  private mailboxOf(digits: string): Mailbox<ShortMessage> {
    let mailbox = this.handsets.get(digits);
    if (mailbox === undefined) {
      mailbox = new Mailbox<ShortMessage>(this.options, { parallel: 1, retryMs: this.options.retryMs });
      this.handsets.set(digits, mailbox);
    }
    return mailbox;
  }

  private forgetEmpty(digits: string, mailbox: Mailbox<ShortMessage>): void {
    if (mailbox.size === 0 && !mailbox.isAttended) this.handsets.delete(digits);
  }

  // ---- store and forward

  /** Holds a message and sends it on its way, if there is room for it. */
  private accept(accepted: Accepted): 'held' | 'full' | 'destination full' {
    const { value } = accepted.message.to;
    const account = this.accountOfNumber.get(value);
    if (this.held >= this.options.mostHeld) return 'full';
    if (!account && (this.handsets.get(value)?.size ?? 0) >= this.options.mostHeldEach) return 'destination full';
    const arrivals = this.transit(accepted.message, account ? 'to ESME' : 'to handset');
    for (const [copy, { message, afterMs }] of arrivals.entries()) {
      // The sender hears once how it ended, however many copies the way made.
      const ended = copy === 0 ? accepted.ended : () => {};
      const arrive = () => this.arrive({ ...accepted, message, ended }, account);
      if (afterMs === 0) arrive();
      else this.arriveLate(afterMs, arrive);
    }
    return 'held';
  }

  private arriveLate(afterMs: number, arrive: () => void): void {
    const stop = this.options.scheduler.after(afterMs, () => {
      this.late.delete(stop);
      arrive();
    });
    this.late.add(stop);
  }

  private arrive({ message, expiresAt, ended }: Accepted, account: Account | undefined): void {
    const end = Math.min(expiresAt, this.options.clock.now() + LONGEST_VALIDITY_MS);
    if (account) this.esmes.get(account.systemId)?.put(this.counted(smppOf(message), end, ended));
    else {
      const { value } = message.to;
      const mailbox = this.mailboxOf(value);
      mailbox.put(
        this.counted(message, end, (ending) => {
          this.forgetEmpty(value, mailbox);
          ended(ending);
        }),
      );
    }
  }

  private counted<T>(message: T, expiresAt: number, ended: (ending: Ending) => void = () => {}): Held<T> {
    this.held++;
    return {
      message,
      expiresAt,
      ended: (ending) => {
        this.held--;
        ended(ending);
      },
    };
  }

  /** Stops all timers; what is held is gone. */
  stop(): void {
    for (const stop of this.late) stop();
    this.late.clear();
    for (const mailbox of [...this.handsets.values(), ...this.esmes.values()]) mailbox.close();
    this.held = 0;
  }

  // ---- trace

  readonly watch: PduWatcher = (direction, { command }, octets) => {
    if (!this.trace.enabled) return;
    const [from, to] = direction === 'sent' ? (['SMSC', 'operator (5)'] as const) : (['operator (5)', 'SMSC'] as const);
    this.trace.record({ at: this.options.clock.now(), from, to, protocol: 'smpp', octets, name: command });
  };

  private traceSms(name: 'SMS-DELIVER' | 'SMS-SUBMIT', octets: Uint8Array, { digits: handset }: Msisdn): void {
    if (!this.trace.enabled) return;
    const [from, to] = name === 'SMS-DELIVER' ? (['SMSC', 'network'] as const) : (['network', 'SMSC'] as const);
    // The caller may use its octets again.
    this.trace.record({
      at: this.options.clock.now(),
      handset,
      from,
      to,
      protocol: 'sms',
      octets: octets.slice(),
      name,
    });
  }
}

/** What an ESME's answer to deliver_sm means for the message: an ESME that says nothing may not have it, so it gets it again. */
function verdictOf(result: SubmitResult): Verdict {
  if (result.outcome === 'accepted') return 'delivered';
  if (result.outcome !== 'refused') return 'temporary';
  const { status } = result;
  const isFinal = status === STATUS.RX_P_APPN || status === STATUS.RX_R_APPN;
  return isFinal ? 'permanent' : 'temporary';
}

/** Starts the lab's SMSC. Rejects with what to do when its port cannot be had. */
export async function startSmsc(options: SmscOptions): Promise<Smsc> {
  const centre = new Centre(options);
  const listener: SmppListener = await listenSmpp({
    ...options,
    systemId: SYSTEM_ID,
    authenticate: ({ body }) => centre.authenticate(body),
    onSubmit: (_, message) => centre.submitSm(message),
    onBound: (session) => centre.bound(session),
    onUnbound: (session) => centre.unbound(session),
    watch: centre.watch,
  });
  return {
    host: listener.host,
    port: listener.port,
    attach: (msisdn, deliver) => centre.attach(msisdn, deliver),
    submit: (from, tpdu) => centre.submit(from, tpdu),
    get held() {
      return centre.held;
    },
    setTransit(transit) {
      centre.transit = transit;
    },
    deliverAgain: (message) => centre.deliverAgain(message),
    async close() {
      await listener.close();
      centre.stop();
    },
    destroy() {
      listener.destroy();
      centre.stop();
    },
  };
}
