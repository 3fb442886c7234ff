import type { Socket } from 'node:net';
import { CodecError } from '#base/codec/index.ts';
import type { Scheduler } from '#protocol/smpp/index.ts';
import type { CardSlot } from './card-slot.ts';
import { FrameStream } from './frame-stream.ts';
import { LONGEST_VPCD_MESSAGE, type VpcdRequest, vpcdAnswer, vpcdRequestBody } from './vpcd.ts';

/** How a slot stands to its reader. */
export type VpcdState = 'waiting' | 'in the reader' | 'silent' | 'pulled';

/** A reader asks for the ATR two or three times a second: this long without a word, it serves somebody else or has stopped. */
const SILENCE_MS = 5_000;
/** How long a message may take from its first octet to its last. */
const MESSAGE_MS = 5_000;
/** Octets of answers that a reader may leave unread: it has one command outstanding, so more is no reader. */
const MOST_UNREAD = 256 * 1024;

/** What a connection needs. */
export interface VpcdConnectionOptions {
  readonly slot: CardSlot;
  readonly scheduler: Scheduler;
  onState(state: VpcdState, because: string): void;
  /** The connection is over, for the reason given; the card has no power any more. */
  onEnd(because: string): void;
}

/**
 * Joins a connected reader to the card in its slot, until the connection ends. Whatever the reader sends, that is the worst that happens.
 */
export function joinVpcd(socket: Socket, options: VpcdConnectionOptions): void {
  new VpcdConnection(socket, options).join();
}

class VpcdConnection {
  readonly #socket: Socket;
  readonly #options: VpcdConnectionOptions;
  readonly #stream = new FrameStream('message of the reader', 1, LONGEST_VPCD_MESSAGE);
  #isHeard = false;
  #isSilent = false;
  /** The first octet of the next answer was sent: 00. */
  #isAnswerBegun = false;
  /** A word came since the silence was last looked for. */
  #wasHeard = false;
  #stopSilence = () => {};
  #stopDeadline: (() => void) | undefined;
  #because = 'the reader closed the connection';

  constructor(socket: Socket, options: VpcdConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  join(): void {
    const socket = this.#socket;
    // Each answer is one write, and must not wait for the reader's acknowledgement of the last.
    socket.setNoDelay(true);
    this.#watchSilence();
    socket.on('error', (error) => {
      this.#because = `the connection broke: ${error.message}`;
    });
    socket.on('data', (octets) => this.#take(octets));
    socket.once('close', () => this.#ended());
  }

  /** Ends the connection: the card leaves the reader. */
  #end(because: string): void {
    this.#because = because;
    this.#socket.destroy();
  }

  #ended(): void {
    this.#stopSilence();
    this.#stopDeadline?.();
    this.#options.slot.powerOff();
    this.#options.onEnd(this.#because);
  }

  #watchSilence(): void {
    this.#stopSilence = this.#options.scheduler.after(SILENCE_MS, () => {
      if (!this.#wasHeard) this.#silent();
      this.#wasHeard = false;
      this.#watchSilence();
    });
  }

  #silent(): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    this.#isHeard = false;
    const advice = 'another card may be in this slot, or pcscd has stopped';
    this.#options.onState('silent', `no word from the reader in ${SILENCE_MS / 1000} s: ${advice}`);
  }

  #take(octets: Uint8Array): void {
    try {
      this.#stream.push(octets, (frame) => this.#answer(vpcdRequestBody.decode(frame)));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#end(`this is no vpcd: ${error.message}`);
    }
    if (this.#socket.writableLength > MOST_UNREAD) this.#end('the reader asks without reading the answers');
    this.#beginAnswer();
    this.#watchMessage();
  }

  /**
   * vpcd up to 3.3 writes the length of its message and the message apart, and Nagle's algorithm holds the message back until the length
   * is acknowledged: that takes 40 ms, unless we say something. The first octet of the next answer is all that can be said, where it is
   * known to be 00. The reader looks at it when it expects an answer.
   */
  #beginAnswer(): void {
    const length = this.#stream.announced;
    if (length === undefined || this.#isAnswerBegun || this.#socket.destroyed) return;
    if (length > 1 && !this.#options.slot.answersShort) return;
    this.#isAnswerBegun = true;
    this.#socket.write(Uint8Array.of(0));
  }

  #write(answer: Uint8Array): void {
    const octets = vpcdAnswer.encode(answer);
    this.#socket.write(this.#isAnswerBegun ? octets.subarray(1) : octets);
    this.#isAnswerBegun = false;
  }

  /** Half a message may not stay so. */
  #watchMessage(): void {
    if (!this.#stream.isInsideFrame) {
      this.#stopDeadline?.();
      this.#stopDeadline = undefined;
    } else
      this.#stopDeadline ??= this.#options.scheduler.after(MESSAGE_MS, () =>
        this.#end(`the reader began a message and did not end it within ${MESSAGE_MS / 1000} s`),
      );
  }

  #answer(request: VpcdRequest): void {
    const { slot } = this.#options;
    if (this.#socket.destroyed) return;
    this.#wasHeard = true;
    if (!this.#isHeard) {
      this.#isHeard = true;
      this.#isSilent = false;
      this.#options.onState('in the reader', 'the reader sees the card');
    }
    switch (request.type) {
      case 'powerOn':
      case 'reset':
        slot.powerOn();
        return;
      case 'powerOff':
        slot.powerOff();
        return;
      case 'atr':
        this.#write(slot.atr);
        return;
      case 'command': {
        const response = slot.transmit(request.command, this.#isAnswerBegun);
        if (response !== undefined) this.#write(response);
        // A mute card would hold pcscd up for ever. One that leaves makes it look again, and power the card when it is back.
        else this.#end('a command came to a card without power: the reader lost track of it');
      }
    }
  }
}
