import type { Socket } from 'node:net';
import { Writer } from '#base/codec/index.ts';

/**
 * What waits to go out on a socket, as octets one after another: a socket's own queue would keep every small frame as an object, and with it
 * the whole block of octets it came in. At most one write is under way.
 */
export class Outbox {
  private readonly socket: Socket;
  private readonly onSent: () => void;
  private readonly waiting = new Writer();
  private sending = 0;

  /** `onSent` is called when a write has left room. */
  constructor(socket: Socket, onSent: () => void) {
    this.socket = socket;
    this.onSent = onSent;
  }

  /** Octets that have not left yet. */
  get unsent(): number {
    return this.sending + this.waiting.length;
  }

  /** Adds octets; `send` lets them go. */
  put(octets: Uint8Array): void {
    this.waiting.put(octets);
  }

  /** Writes what waits, unless a write is under way: then it follows that. */
  send(): void {
    if (this.sending > 0 || this.waiting.length === 0) return;
    const batch = this.waiting.finish();
    this.sending = batch.length;
    this.socket.write(batch, (error) => {
      this.sending = 0;
      if (error) return; // The socket is gone, and 'close' says so.
      this.send();
      this.onSent();
    });
  }

  /** Ends the connection behind all that waits. */
  end(): void {
    this.socket.end(this.waiting.finish());
  }
}
