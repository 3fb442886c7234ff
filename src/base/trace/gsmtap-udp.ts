import { createSocket, type Socket } from 'node:dgram';
import { GSMTAP_PORT, gsmtapPackets, isOfSupport } from './gsmtap.ts';
import type { Trace } from './record.ts';

/** A trace that sends; `close` frees its sockets. */
export interface GsmtapUdp extends Trace {
  close(): void;
}

/** Where a card's packets come from on a machine whose whole network 127 is its own; the last number is the reference numeral of figure 1. */
const SOURCE = { uicc: '127.0.0.31', support: '127.0.0.2' } as const;

const isLoopback = (host: string) => host === 'localhost' || host.startsWith('127.');

/** A socket that sends from `source` where it can, and from any address where it cannot. */
class Sender {
  #socket: Socket;
  #isOpen = true;

  constructor(source: string | undefined) {
    this.#socket = this.#make();
    if (source === undefined) return;
    this.#socket.once('error', () => {
      this.#socket.close();
      this.#socket = this.#make();
    });
    this.#socket.bind(0, source);
  }

  #make(): Socket {
    const socket = createSocket('udp4');
    // A trace nobody receives is no error.
    socket.on('error', () => {});
    socket.unref();
    return socket;
  }

  send(packet: Uint8Array, port: number, host: string): void {
    if (this.#isOpen) this.#socket.send(packet, port, host, () => {});
  }

  close(): void {
    if (this.#isOpen) this.#socket.close();
    this.#isOpen = false;
  }
}

/**
 * Sends SIM traffic as GSMTAP datagrams, for Wireshark and pySim-trace. Start the receiver first. A trace nobody receives is no
 * error: datagrams that cannot be sent are lost. The sockets do not keep the process alive. Each card has its own source port, and on
 * loopback its own address, because Wireshark does not show the GSMTAP header of SIM traffic: `ip.src == 127.0.0.31` is the UICC.
 */
export function gsmtapUdp(host = '127.0.0.1', port = GSMTAP_PORT): GsmtapUdp {
  const isHere = isLoopback(host);
  const uicc = new Sender(isHere ? SOURCE.uicc : undefined);
  const support = new Sender(isHere ? SOURCE.support : undefined);
  return {
    enabled: true,
    record(record) {
      const sender = isOfSupport(record) ? support : uicc;
      for (const packet of gsmtapPackets(record)) sender.send(packet, port, host);
    },
    close() {
      uicc.close();
      support.close();
    },
  };
}
