import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { CardSlot } from './card-slot.ts';
import { VPCD_PORT } from './vpcd.ts';
import { joinVpcd, type VpcdState } from './vpcd-connection.ts';

/** Where a card meets a virtual reader, and which cards are in its slots. */
export interface VpcdOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Port of slot 0, slot 1 has the next; default 35963. Listening on 0 takes two free ports. */
  readonly port?: number;
  /** The cards of slot 0 and slot 1; undefined is an empty slot. */
  readonly slots: readonly [CardSlot | undefined, CardSlot | undefined];
  readonly scheduler: Scheduler;
  /** What became of the card in a slot, and why; at every change. */
  onState?(slot: number, state: VpcdState, because: string): void;
}

/** Cards in the slots of a virtual reader. */
export interface VpcdReaders {
  /** The port of each slot. */
  readonly ports: readonly number[];
  /** Takes a card out of its slot. */
  pull(slot: number): void;
  /** Puts it back. */
  insert(slot: number): void;
  /** Takes all cards out for good; kept when every connection is down. */
  close(): Promise<void>;
}

/** A reader looks for a card every 400 ms: back sooner, it might not see that the card was away, and not power it. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5_000;
/** How long a connection may take to come up. */
const CONNECT_MS = 5_000;

/** Readers that an empty slot keeps. */
const MOST_SILENT = 4;

type StateHandler = (state: VpcdState, because: string) => void;

/** A card that looks for its reader: dials, stays, dials again with growing pauses. */
class DialledSlot {
  readonly #host: string;
  readonly #port: number;
  readonly #slot: CardSlot;
  readonly #scheduler: Scheduler;
  readonly #onState: StateHandler;
  #attempts = 0;
  /** The connection, coming up or standing; undefined in a pause, and when the card was pulled. */
  #socket: Socket | undefined;
  #isIn = false;
  #wasPulled = false;
  #stopPause = () => {};
  #ended = Promise.resolve();

  constructor(host: string, port: number, slot: CardSlot, scheduler: Scheduler, onState: StateHandler) {
    this.#host = host;
    this.#port = port;
    this.#slot = slot;
    this.#scheduler = scheduler;
    this.#onState = onState;
  }

  insert(): void {
    if (this.#isIn) return;
    this.#isIn = true;
    this.#attempts = 0;
    if (this.#wasPulled) this.#stopPause = this.#scheduler.after(FIRST_PAUSE_MS, () => this.#dial());
    else this.#dial();
  }

  /** Kept when no connection is left. */
  pull(because: string): Promise<void> {
    if (!this.#isIn) return this.#ended;
    this.#isIn = false;
    this.#wasPulled = true;
    this.#stopPause();
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#onState('pulled', because);
    return this.#ended;
  }

  #dial(): void {
    const socket = connect({ host: this.#host, port: this.#port });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    this.#socket = socket;
    let because = 'closed at once';
    const late = () => socket.destroy(new Error(`no answer in ${CONNECT_MS / 1000} s`));
    const over = (why: string) => {
      resolve();
      if (this.#socket === socket) this.#again(why);
    };
    const failed = () =>
      over(`no virtual reader at ${this.#host} port ${this.#port} (${because}): start pcscd with vpcd`);
    socket.on('error', (error) => {
      because = error.message || `${(error as NodeJS.ErrnoException).code}`; // A name of several addresses has no message.
    });
    socket.setTimeout(CONNECT_MS).once('timeout', late).once('close', failed);
    socket.once('connect', () => {
      socket.off('timeout', late).off('close', failed);
      const onState: StateHandler = (state, why) => {
        this.#attempts = 0;
        this.#onState(state, why);
      };
      joinVpcd(socket, { slot: this.#slot, scheduler: this.#scheduler, onState, onEnd: over });
    });
  }

  #again(because: string): void {
    this.#socket = undefined;
    if (this.#attempts === 0) this.#onState('waiting', because);
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#attempts, LONGEST_PAUSE_MS);
    this.#attempts += 1;
    this.#stopPause = this.#scheduler.after(pause, () => this.#dial());
  }
}

/**
 * Puts cards into the slots of a virtual reader that listens (vpcd with `/dev/null`, as Debian installs it). A reader that is not there, or
 * goes, is looked for until it comes.
 */
export function connectVpcd({
  host = '127.0.0.1',
  port = VPCD_PORT,
  slots,
  scheduler,
  onState,
}: VpcdOptions): VpcdReaders {
  const dialled = slots.map(
    (slot, i) =>
      slot && new DialledSlot(host, port + i, slot, scheduler, (state, because) => onState?.(i, state, because)),
  );
  for (const slot of dialled) slot?.insert();
  return {
    ports: slots.map((_, i) => port + i),
    pull: (slot) => void dialled[slot]?.pull('pulled'),
    insert: (slot) => dialled[slot]?.insert(),
    async close() {
      await Promise.all(dialled.map((slot) => slot?.pull('no longer served')));
    },
  };
}

/**
 * A port where a reader looks for a card. One reader at a time. An empty slot lets it in and is silent: vpcd 3.3 does not stand a connection
 * that it dialled and that ends, and takes pcscd down with it.
 */
class ListeningSlot {
  readonly server: Server;
  readonly #slot: CardSlot | undefined;
  readonly #scheduler: Scheduler;
  readonly #onState: StateHandler;
  #isIn: boolean;
  #state: VpcdState = 'waiting';
  /** Readers that asked an empty slot. */
  readonly #silent = new Set<Socket>();
  #socket: Socket | undefined;

  constructor(slot: CardSlot | undefined, scheduler: Scheduler, onState: StateHandler) {
    this.#slot = slot;
    this.#isIn = slot !== undefined;
    this.#scheduler = scheduler;
    this.#onState = onState;
    this.server = createServer((socket) => this.#accept(socket));
  }

  insert(): void {
    if (this.#slot === undefined || this.#isIn) return;
    this.#isIn = true;
    this.#endSilent();
    this.#tell('waiting', 'put in');
  }

  pull(because: string): void {
    if (!this.#isIn) return;
    this.#isIn = false;
    this.#socket?.destroy();
    this.#tell('pulled', because);
  }

  #tell(state: VpcdState, because: string): void {
    this.#state = state;
    this.#onState(state, because);
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {}); // 'close' follows and says it.
    if (this.#slot === undefined || !this.#isIn) {
      this.#leaveSilent(socket);
      return;
    }
    if (this.#socket !== undefined) {
      socket.destroy();
      this.#onState(this.#state, 'a second reader came and was sent away');
      return;
    }
    this.#socket = socket;
    joinVpcd(socket, {
      slot: this.#slot,
      scheduler: this.#scheduler,
      onState: (state, because) => this.#tell(state, because),
      onEnd: (because) => {
        this.#socket = undefined;
        if (this.#isIn) this.#tell('waiting', because);
      },
    });
  }

  #leaveSilent(socket: Socket): void {
    if (this.#silent.size === MOST_SILENT) socket.destroy();
    else this.#silent.add(socket.resume());
    socket.once('close', () => this.#silent.delete(socket));
  }

  #endSilent(): void {
    for (const socket of this.#silent) socket.destroy();
  }

  /** Where it listens in the end. Rejects with what to do. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(
          new Error(
            `cannot listen on ${host} port ${port}: ${error.message}. Choose two other ports, or stop what is there`,
            {
              cause: error,
            },
          ),
        ),
      );
      this.server.listen(port, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    this.pull('no longer served');
    this.#endSilent();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** Names and addresses of this machine alone. */
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** Where cards listen for a reader that dials them. */
export interface ListenVpcdOptions extends VpcdOptions {
  /** Lets `host` be an address that others reach: whoever reaches it can use the cards. */
  readonly isForOthers?: boolean;
}

/**
 * Lets a virtual reader dial the cards (vpcd whose DEVICENAME is `127.0.0.1:PORT`). Both ports listen, also that of an empty slot: the
 * reader wants it so. Rejects with what to do when a port cannot be had, or the address is not this machine's alone.
 */
export async function listenVpcd(options: ListenVpcdOptions): Promise<VpcdReaders> {
  const { host = '127.0.0.1', port = VPCD_PORT, slots, scheduler, onState, isForOthers = false } = options;
  if (!isLoopback(host) && !isForOthers)
    throw new RangeError(
      `expected an address of this machine alone, got ${host}: whoever reaches it can use the cards`,
    );
  const listening = slots.map(
    (slot, i) => new ListeningSlot(slot, scheduler, (state, because) => onState?.(i, state, because)),
  );
  const close = async () => {
    await Promise.all(listening.map((slot) => slot.close()));
  };
  const ports: number[] = [];
  try {
    for (const [i, slot] of listening.entries()) ports.push(await slot.listen(host, port === 0 ? 0 : port + i));
  } catch (error) {
    await close();
    throw error;
  }
  return { ports, pull: (slot) => listening[slot]?.pull('pulled'), insert: (slot) => listening[slot]?.insert(), close };
}
