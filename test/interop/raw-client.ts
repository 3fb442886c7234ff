// A client of a service over TCP that sends octets as they are and cuts what comes back into messages.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { concat, NO_OCTETS } from '#base/codec/index.ts';

/** Octets of the message that begins here, header included; undefined as long as that is not known. */
export type LengthOf = (octets: Uint8Array) => number | undefined;

/** Diameter: the length of the whole message follows the version (RFC 6733 3). */
export const diameterLength: LengthOf = (octets) =>
  octets.length < 4 ? undefined : new DataView(octets.buffer, octets.byteOffset).getUint32(0) & 0xff_ffff;

/** IPA: the length of the payload, then one octet of protocol (libosmocore ipa.h). */
export const ipaLength: LengthOf = (octets) =>
  octets.length < 2 ? undefined : (octets[0] as number) * 256 + (octets[1] as number) + 3;

/** SMPP: the length of the whole PDU comes first (SMPP 3.4 3.2). */
export const smppLength: LengthOf = (octets) =>
  octets.length < 4 ? undefined : new DataView(octets.buffer, octets.byteOffset).getUint32(0);

/** One connection; it is cut when the test ends. */
export class RawClient {
  private readonly socket: Socket;
  private readonly lengthOf: LengthOf;
  private received: Uint8Array = NO_OCTETS;
  private hasEnded = false;
  private awake = Promise.withResolvers<void>();

  constructor(context: TestContext, socket: Socket, lengthOf: LengthOf) {
    this.socket = socket;
    this.lengthOf = lengthOf;
    const wake = () => {
      this.awake.resolve();
      this.awake = Promise.withResolvers<void>();
    };
    socket.on('data', (octets) => {
      this.received = concat(this.received, octets);
      wake();
    });
    socket.on('error', () => {}); // 'close' follows.
    socket.once('close', () => {
      this.hasEnded = true;
      wake();
    });
    context.after(() => socket.destroy());
  }

  /** Connects to a port of 127.0.0.1. */
  static async connect(context: TestContext, port: number, lengthOf: LengthOf): Promise<RawClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(context, socket, lengthOf);
  }

  send(octets: Uint8Array): void {
    this.socket.write(octets);
  }

  /** The next whole message. */
  async next(): Promise<Uint8Array> {
    for (;;) {
      const length = this.lengthOf(this.received);
      if (length !== undefined && this.received.length >= length) {
        const message = this.received.slice(0, length);
        this.received = this.received.slice(length);
        return message;
      }
      assert.ok(!this.hasEnded, 'the connection is gone before the next message');
      await this.awake.promise;
    }
  }

  async ask(request: Uint8Array): Promise<Uint8Array> {
    this.send(request);
    return this.next();
  }

  /** Says no more, and waits until the other side does so too. */
  async end(): Promise<void> {
    this.socket.end();
    await this.closed();
  }

  /** Waits until the connection is gone. */
  async closed(): Promise<void> {
    while (!this.hasEnded) await this.awake.promise;
  }
}
