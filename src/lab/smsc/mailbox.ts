import type { SmppPorts } from '#protocol/smpp/index.ts';

/** What a receiver says about a message it was given. */
export type Verdict = 'delivered' | 'temporary' | 'permanent';
/** How a message's stay in the SMSC ended. */
export type Ending = 'delivered' | 'expired' | 'undeliverable';

/** A message that waits, and who wants to know how it ended. */
export interface Held<T> {
  readonly message: T;
  /** Milliseconds of the Clock. */
  readonly expiresAt: number;
  ended(ending: Ending): void;
}

/** Takes one message; `hasMore` says that others wait behind it. A broken promise counts as a temporary failure. */
export type Receiver<T> = (message: T, hasMore: boolean) => Promise<Verdict>;

interface Entry<T> {
  readonly held: Held<T>;
  stopExpiry(): void;
}

/** How a mailbox works. */
export interface MailboxSettings {
  /** Messages given to the receiver at the same time: 1 keeps their order. */
  readonly parallel: number;
  /** Pause after a temporary failure. */
  readonly retryMs: number;
}

/**
 * Holds the messages of one destination while it is away, gives them in order while it is there, and again after a temporary
 * failure, until they expire. Every message ends exactly once.
 */
export class Mailbox<T> {
  private readonly ports: SmppPorts;
  private readonly settings: MailboxSettings;
  private readonly waiting: Entry<T>[] = [];
  private receiver: Receiver<T> | undefined;
  private readonly underWay = new Set<Entry<T>>();
  private isClosed = false;
  private stopRetry: (() => void) | undefined;

  constructor(ports: SmppPorts, settings: MailboxSettings) {
    this.ports = ports;
    this.settings = settings;
  }

  /** Messages held, those just being delivered included. */
  get size(): number {
    return this.waiting.length + this.underWay.size;
  }
  /** Somebody takes messages here. */
  get isAttended(): boolean {
    return this.receiver !== undefined;
  }

  /** Holds a message; `ended` is called when it leaves. */
  put(held: Held<T>): void {
    const entry: Entry<T> = {
      held,
      stopExpiry: this.ports.scheduler.after(Math.max(0, held.expiresAt - this.ports.clock.now()), () => {
        // One that is just being delivered is not in the queue; it ends when its receiver has spoken.
        const at = this.waiting.indexOf(entry);
        if (at >= 0) this.end(this.waiting.splice(at, 1)[0] as Entry<T>, 'expired');
      }),
    };
    this.waiting.push(entry);
    this.pump();
  }

  /** From now on messages go to `receiver`, the held ones first; a failure is forgotten. Undefined: nobody is there. */
  attend(receiver: Receiver<T> | undefined): void {
    this.receiver = receiver;
    this.stopRetry?.();
    this.stopRetry = undefined;
    this.pump();
  }

  /** Nobody is there any more, unless another receiver has come meanwhile. */
  leave(receiver: Receiver<T>): void {
    if (this.receiver === receiver) this.attend(undefined);
  }

  /** Ends the mailbox's timers; its messages are forgotten without an ending. */
  close(): void {
    this.isClosed = true;
    this.receiver = undefined;
    this.stopRetry?.();
    // Those just being delivered too: whoever has them may never speak.
    for (const entry of [...this.waiting.splice(0), ...this.underWay]) entry.stopExpiry();
  }

  private pump(): void {
    while (this.receiver !== undefined && this.stopRetry === undefined && this.underWay.size < this.settings.parallel) {
      const entry = this.waiting.shift();
      if (entry === undefined) return;
      this.underWay.add(entry);
      void this.give(entry, this.receiver(entry.held.message, this.waiting.length > 0));
    }
  }

  private async give(entry: Entry<T>, answer: Promise<Verdict>): Promise<void> {
    const verdict = await answer.catch((): Verdict => 'temporary');
    this.underWay.delete(entry);
    if (this.isClosed) return;
    if (verdict === 'delivered') this.end(entry, 'delivered');
    else if (verdict === 'permanent') this.end(entry, 'undeliverable');
    else if (this.ports.clock.now() >= entry.held.expiresAt) this.end(entry, 'expired');
    else this.retry(entry);
    this.pump();
  }

  private retry(entry: Entry<T>): void {
    this.waiting.unshift(entry);
    this.stopRetry ??= this.ports.scheduler.after(this.settings.retryMs, () => {
      this.stopRetry = undefined;
      this.pump();
    });
  }

  private end(entry: Entry<T>, ending: Ending): void {
    entry.stopExpiry();
    entry.held.ended(ending);
  }
}
