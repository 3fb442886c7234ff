// What node:http2 costs with nothing behind it: a constant answer, in a process of its own, with TLS when a key and a certificate are given.
// Prints its port.
import { readFileSync } from 'node:fs';
import { createSecureServer, createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

const HEAD = { ':status': 200, 'content-type': 'application/json' };
const BODY = Buffer.from('{"status":"WHITELISTED"}');
const [, , key, cert] = process.argv;
const server =
  key === undefined || cert === undefined
    ? createServer()
    : createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) });
server.on('stream', (stream) => {
  stream.respond(HEAD);
  stream.end(BODY);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
