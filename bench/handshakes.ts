import assert from 'node:assert/strict';
import { type AesProvider, ecdh, generateKeyPair, nodeAes, sign, tableAes, verify } from '#base/crypto/index.ts';
import { decodeCommand, responseApdu, SW } from '#protocol/apdu/index.ts';
import {
  type CardSession,
  type HandshakeStep,
  Scp03Card,
  Scp03Host,
  staticKeys,
} from '#protocol/secure-channel/index.ts';
import { random } from './cards.ts';
import { type Bench, perSecond, type Row, rates, times } from './measure.ts';
import { meeting } from './meeting.ts';
import { naiveAes } from './naive-aes.ts';

const AID = new Uint8Array(8).fill(0xf0);
const NO_DATA = new Uint8Array(0);
const PROOF = new Uint8Array(15).fill(0x42);
const GET_IMEI = { cla: 0x80, ins: 0xca, p1: 0xdf, p2: 0x20, data: NO_DATA, le: 256 };
const OCTETS = { version: 0x30, enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };

/** SCP03 from both sides with one protected answer of 15 octets; what the host read. */
function scp03(aes: AesProvider): () => Uint8Array {
  const keys = staticKeys(aes, OCTETS);
  let counter = 0;
  const card = new Scp03Card({
    aes,
    keySet: () => keys,
    parameterI: 0x70,
    application: AID,
    counter: { next: () => (counter = (counter + 1) & 0xffffff) },
    random,
    diversification: new Uint8Array(10),
  });
  return () => {
    const host = new Scp03Host({ aes, keys, random, securityLevel: 0x33, challengeLength: 8, application: AID });
    let session: CardSession | undefined;
    const relay = (command: Uint8Array) => {
      const answer = card.process(decodeCommand(command));
      session = answer.session;
      return answer.response;
    };
    let step: HandshakeStep = host.receive(relay(host.start()));
    if (step.kind === 'send') step = host.receive(relay(step.command));
    if (step.kind !== 'open' || session === undefined) throw new Error('the handshake did not open');
    const plain = session.unwrap(decodeCommand(step.session.wrap(GET_IMEI)));
    const response = typeof plain === 'number' ? responseApdu(plain) : session.wrap(SW.ok, PROOF);
    const read = step.session.unwrap(response);
    return read.kind === 'protected' ? read.data : NO_DATA;
  };
}

/** What OpenSSL itself takes for the elliptic curve work of SCP11a, both sides: two key pairs, four agreements, two verifications. */
function floor(): () => void {
  const own = generateKeyPair('P-256', random);
  const message = random.octets(120);
  const signature = sign(own.privateKey, message, 'sha256', 'plain');
  return () => {
    const [a, b] = [generateKeyPair('P-256', random), generateKeyPair('P-256', random)];
    for (const key of [a, b]) {
      ecdh(key.privateKey, own.publicKey);
      ecdh(own.privateKey, key.publicKey);
      verify(own.publicKey, message, signature, 'sha256', 'plain');
    }
  };
}

/** Secure channel handshakes, both sides in one thread. */
export const handshakes: Bench = {
  name: 'handshakes',
  what: 'handshakes a second on one core, both sides, with one protected read',
  run(): readonly Row[] {
    const [table, node, naive] = [scp03(tableAes), scp03(nodeAes), scp03(naiveAes)];
    for (const way of [table, node, naive]) assert.deepEqual(way(), PROOF);
    const seen = rates({ table, node, naive });
    const curves = rates({ full: meeting('full'), cached: meeting('cached'), floor: floor() });
    return [
      {
        what: 'SCP03, table cipher (virtual cards)',
        result: perSecond(seen.table),
        ratio: times(seen.table, seen.naive),
        goal: '5 x naive; 12 x is what performance.md 3 hopes for',
      },
      { what: 'SCP03, node:crypto (constant time)', result: perSecond(seen.node), ratio: times(seen.node, seen.naive) },
      { what: 'SCP03, naive: createCipheriv each time', result: perSecond(seen.naive), ratio: '1.0 x' },
      {
        what: 'SCP11a with certificates, first meeting',
        result: perSecond(curves.full),
        ratio: `${(curves.full / curves.floor).toFixed(2)} x floor`,
        goal: '0.5 x floor (performance.md goals)',
      },
      {
        what: 'SCP11a, certificates remembered',
        result: perSecond(curves.cached),
        ratio: `${(curves.cached / curves.floor).toFixed(2)} x floor`,
      },
      { what: "SCP11a floor: base/crypto's curve calls alone", result: perSecond(curves.floor) },
    ];
  },
};
