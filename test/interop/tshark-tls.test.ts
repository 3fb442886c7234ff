// Wireshark as the judge of our fronts over TLS: with the keys of the session it reads what goes inside, and finds nothing wrong outside.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { seededRandom } from '#base/port/index.ts';
import { type EquipmentAnswer, listenS13, openN5gEir } from '#operator/register/index.ts';
import { capabilitiesRequest, disconnectRequest, ECR, messageOctets } from '#protocol/diameter/index.ts';
import { manualScheduler } from '#protocol/smpp/index.ts';
import { diameterLength, RawClient } from './raw-client.ts';
import { recordingProxy, TcpCapture } from './tcp-capture.ts';
import { type Judge, judge, missing } from './tshark-judge.ts';

const withoutOpenssl =
  spawnSync('openssl', ['version']).status === 0 || process.env['CI']
    ? false
    : 'openssl is missing: install the package openssl';
const skip = missing || withoutOpenssl;

/** A certificate and its key, in PEM. */
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** An authority, and certificates by it for these names. */
function certificates(
  context: TestContext,
  ...names: readonly string[]
): { ca: string; of: (name: string) => Certificate } {
  const folder = mkdtempSync(join(tmpdir(), 'assay-tshark-tls-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const openssl = (...options: readonly string[]) => execFileSync('openssl', options, { cwd: folder, stdio: 'pipe' });
  const newKey = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ];
  openssl('req', '-x509', ...newKey('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=ca');
  for (const name of names) {
    openssl('req', ...newKey(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, 'ext'), `subjectAltName=DNS:${name}\n`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext', '-days', '2'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
  }
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return { ca: read('ca.pem'), of: (name) => ({ cert: read(`${name}.pem`), key: read(`${name}.key`) }) };
}

const time = () => {
  const scheduler = manualScheduler(1_790_000_000_000);
  return { clock: scheduler, scheduler, random: seededRandom('tshark'), port: 0 };
};
const check = (): EquipmentAnswer => ({ kind: 'status', equipmentStatus: 'prohibited' });

/** A TLS connection through a recording proxy; its secrets go into the capture when it is there. */
async function secured(
  capture: TcpCapture,
  port: number,
  credentials: Certificate & { readonly ca: string },
  more: { servername: string; ALPNProtocols?: string[] },
): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ...credentials, ...more });
  const lines: Uint8Array[] = [];
  socket.on('keylog', (line) => lines.push(line));
  await once(socket, 'secureConnect');
  capture.tlsSecrets(Buffer.concat(lines));
  return socket;
}

/** The handshake agreed on TLS 1.3, and both sides showed a certificate. */
function assertTls13(wireshark: Judge): void {
  const version = 'tls.handshake.extensions.supported_version';
  assert.deepEqual(wireshark.rows('tls.handshake.type == 2', version), [['0x0304']]);
  const shown = wireshark.rows('tls.handshake.type == 11', 'ip.src');
  assert.deepEqual(shown, [['192.0.2.2'], ['192.0.2.1']]);
}

test('tshark reads N5g-eir over TLS 1.3, both sides with certificates', { skip }, async (context) => {
  const { ca, of } = certificates(context, 'eir.test', 'amf.test');
  const front = await openN5gEir({ ...time(), check, tls: { ...of('eir.test'), clientCa: ca } });
  context.after(() => front.destroy());
  const capture = new TcpCapture();
  const port = await recordingProxy(context, { capture, servicePort: front.port, shownPort: 443 });
  const socket = await secured(
    capture,
    port,
    { ...of('amf.test'), ca },
    { servername: 'eir.test', ALPNProtocols: ['h2'] },
  );
  const session = connectHttp2('https://eir.test', { createConnection: () => socket });
  const stream = session.request({ ':path': '/n5g-eir-eic/v1/equipment-status?pei=imei-866507040040534' });
  stream.resume();
  await once(stream, 'close');
  session.close();
  await once(session, 'close');

  const wireshark = judge(context, capture.octets(), ['tcp.port==443,tls']);
  wireshark.isSound({ protocol: 'tls' });
  assertTls13(wireshark);
  const asked = wireshark.rows('http2.headers.path', 'http2.headers.scheme', 'http2.headers.path');
  assert.deepEqual(asked, [['https', '/n5g-eir-eic/v1/equipment-status?pei=imei-866507040040534']]);
  const answered = wireshark.rows('http2.headers.status', 'ip.src', 'http2.headers.status', 'json.value.string');
  assert.deepEqual(answered, [['192.0.2.2', '200', 'BLACKLISTED']]);
});

test('tshark reads S13 over TLS 1.3, both sides with certificates', { skip }, async (context) => {
  const { ca, of } = certificates(context, 'eir.test', 'mme.test');
  const front = await listenS13({
    ...{ ...time(), check, tls: { ...of('eir.test'), ca } },
    identity: { originHost: 'eir.test', realm: 'test', addresses: ['192.0.2.2'] },
    peers: [{ originHost: 'mme.test' }],
  });
  context.after(() => front.destroy());
  const capture = new TcpCapture();
  const port = await recordingProxy(context, { capture, servicePort: front.port, shownPort: 5868 });
  const socket = await secured(capture, port, { ...of('mme.test'), ca }, { servername: 'eir.test' });
  const mme = new RawClient(context, socket, diameterLength);
  const node = {
    originHost: 'mme.test',
    originRealm: 'test',
    productName: 'mme',
    addresses: ['192.0.2.1'],
    originStateId: 1,
  };
  await mme.ask(capabilitiesRequest(node, { hopByHop: 1, endToEnd: 1 }));
  const question = ECR.write({
    ...{ 'Session-Id': 'mme.test;1;2;s13', 'Auth-Session-State': 1, 'Origin-Host': 'mme.test', 'Origin-Realm': 'test' },
    ...{ 'Destination-Realm': 'test', 'Terminal-Information': { IMEI: '86650704004053' } },
  });
  await mme.ask(
    messageOctets({ flags: 0xc0, command: 324, application: 16777252, hopByHop: 2, endToEnd: 2 }, question),
  );
  await mme.ask(disconnectRequest(node, 2, { hopByHop: 3, endToEnd: 3 }));
  await mme.end();

  const wireshark = judge(context, capture.octets(), ['tls.port==5868,diameter']);
  wireshark.isSound({ protocol: 'tls' });
  assertTls13(wireshark);
  const fields = ['ip.src', 'diameter.cmd.code', 'diameter.Result-Code', 'diameter.Equipment-Status'];
  assert.deepEqual(wireshark.rows('diameter', ...fields), [
    ...[
      ['192.0.2.1', '257', '', ''],
      ['192.0.2.2', '257', '2001', ''],
    ],
    ...[
      ['192.0.2.1', '324', '', ''],
      ['192.0.2.2', '324', '2001', '1'],
    ],
    ...[
      ['192.0.2.1', '282', '', ''],
      ['192.0.2.2', '282', '2001', ''],
    ],
  ]);
});
