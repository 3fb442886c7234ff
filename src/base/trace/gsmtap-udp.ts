import { createSocket } from 'node:dgram';
import { GSMTAP_PORT, gsmtapPackets } from './gsmtap.ts';
import type { Trace } from './record.ts';

/** A trace that sends; `close` frees its socket. */
export interface GsmtapUdp extends Trace {
  close(): void;
}

/**
 * Sends SIM traffic as GSMTAP datagrams, for Wireshark and pySim-trace. Start the receiver first. A trace nobody receives is no
 * error: datagrams that cannot be sent are lost. The socket does not keep the process alive.
 */
export function gsmtapUdp(host = '127.0.0.1', port = GSMTAP_PORT): GsmtapUdp {
  const socket = createSocket('udp4');
  let isOpen = true;
  socket.on('error', () => {});
  socket.unref();
  return {
    enabled: true,
    record(record) {
      if (!isOpen) return;
      for (const packet of gsmtapPackets(record)) socket.send(packet, port, host, () => {});
    },
    close() {
      if (isOpen) socket.close();
      isOpen = false;
    },
  };
}
