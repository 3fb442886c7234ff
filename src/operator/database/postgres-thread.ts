import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { failureError } from './postgres-error.ts';
import type { Answered, Opening, SessionSettings, StatementResult, Step } from './postgres-message.ts';

const WORKER = new URL('./postgres-worker.ts', import.meta.url);
/** Longer than anything the session's own limits allow: then the thread itself is at fault. */
const LONGEST_STEP_MILLISECONDS = 400_000;
const LARGEST_NUMBER = 0x3fffffff;

let thread: Worker | undefined;

/** The thread of this one that speaks with PostgreSQL. It does not keep the process alive and sees no environment. */
function runningThread(): Worker {
  if (thread !== undefined) return thread;
  const made = new Worker(WORKER, { env: {}, execArgv: [] });
  const forget = () => {
    if (thread === made) thread = undefined;
  };
  made.on('error', forget);
  made.on('exit', forget);
  made.unref();
  thread = made;
  return made;
}

/** A session as a caller sees it that stands still until each step is done. */
export class PostgresChannel {
  readonly #settings: SessionSettings;
  readonly #signal = new Int32Array(new SharedArrayBuffer(4));
  #port: MessagePort | undefined;
  #number = 0;

  constructor(settings: SessionSettings) {
    this.#settings = settings;
  }

  /** Does one step and waits for it. Throws DatabaseError. */
  ask(step: Step): StatementResult {
    this.#port ??= this.#open();
    const number = (this.#number % LARGEST_NUMBER) + 1;
    this.#number = number;
    this.#port.postMessage({ number, step });
    const answered = this.#wait(this.#port, number);
    const { shown } = this.#settings.address;
    if (answered === undefined)
      throw failureError(shown, {
        kind: step.kind === 'commit' || step.kind === 'write' ? 'unknown' : 'gone',
        state: undefined,
        message: 'no answer from the thread that speaks with it',
      });
    if ('failure' in answered.outcome) throw failureError(shown, answered.outcome.failure);
    return answered.outcome.result;
  }

  /** Ends the session; a second call does nothing. */
  close(): void {
    if (this.#port === undefined) return;
    this.ask({ kind: 'close' });
    this.#port?.close();
    this.#port = undefined;
  }

  #open(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const opening: Opening = { port: port2, signal: this.#signal, settings: this.#settings };
    runningThread().postMessage(opening, [port2]);
    return port1;
  }

  #wait(port: MessagePort, number: number): Answered | undefined {
    for (let last = Atomics.load(this.#signal, 0); last !== number; last = Atomics.load(this.#signal, 0))
      if (Atomics.wait(this.#signal, 0, last, LONGEST_STEP_MILLISECONDS) === 'timed-out') return this.#giveUp(port);
    return receiveMessageOnPort(port)?.message as Answered | undefined;
  }

  /** A thread that does not answer is ended; the next step gets another one. */
  #giveUp(port: MessagePort): undefined {
    port.close();
    this.#port = undefined;
    void thread?.terminate();
    thread = undefined;
  }
}
