// What node:http2 costs with nothing behind it: a constant answer, in a process of its own. Prints its port.
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

const HEAD = { ':status': 200, 'content-type': 'application/json' };
const BODY = Buffer.from('{"status":"WHITELISTED"}');
const server = createServer();
server.on('stream', (stream) => {
  stream.respond(HEAD);
  stream.end(BODY);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
