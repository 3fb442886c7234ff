import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { importPrivateKey, importPublicKey, tableAes } from '#base/crypto/index.ts';
import { decodeCommand, responseApdu, SW } from '#protocol/apdu/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import type { VerifiedPeer } from './certificate-chain.ts';
import { fixedRandom, openVectorHost, vectorCard } from './scp03.fixture.ts';
import { AgreementKey } from './scp11.ts';
import { Scp11Card } from './scp11-card.ts';
import { Scp11Host } from './scp11-host.ts';
import { SecureChannelError } from './session.ts';

// The negatives of the secure channel; those of the OTA packets are run in protocol/ota.

function base(negative: VectorCase): VectorCase {
  const all = [...loadVectors('scp03-sessions'), ...loadVectors('scp11-two-sided')];
  const found = all.find((vector) => vector.id === negative['base']);
  assert.ok(found !== undefined);
  return found;
}

/** The host of the base session after its first command, given the changed answer. */
function hostAfter(negative: VectorCase) {
  const vector = base(negative);
  const host = openVectorHost(vector);
  host.wrap(decodeCommand(fromHex(vector['steps'][0].command_plain)));
  const result = host.unwrap(fromHex(negative['response']));
  assert.equal(host.open, false);
  assert.throws(() => host.wrap(decodeCommand(fromHex('80CA006600'))), SecureChannelError);
  return result;
}

const peer = (point: string): VerifiedPeer => ({
  kind: 'peer',
  format: 'gp',
  subject: NO_OCTETS,
  serial: NO_OCTETS,
  publicKey: importPublicKey('P-256', fromHex(point)),
  certificate: NO_OCTETS,
  root: { identifier: NO_OCTETS, publicKey: importPublicKey('P-256', fromHex(point)) },
  datesChecked: false,
});

function scp11Host({ oce, sd }: VectorCase): Scp11Host {
  return new Scp11Host({
    aes: tableAes,
    random: fixedRandom(fromHex(oce.ephemeral_private)),
    variant: 'a',
    cardKeyVersion: 0x01,
    peer: peer(sd.static_public),
    key: new AgreementKey(importPrivateKey('P-256', fromHex(oce.static_private))),
    certificates: [],
    authority: { version: 0x03, identifier: 0x10 },
    securityLevel: 0x33,
    keyLength: 16,
    macLength: 8,
  });
}

function scp11Card({ oce, sd }: VectorCase): Scp11Card {
  const key = new AgreementKey(importPrivateKey('P-256', fromHex(sd.static_private)));
  return new Scp11Card({
    aes: tableAes,
    random: fixedRandom(fromHex(sd.ephemeral_private)),
    keys: [{ variant: 'a', version: 0x01, key, certificates: [] }],
    authority: { version: 0x03, identifier: 0x10 },
    verifyPeer: () => ({ kind: 'refused', fault: 'foreignRoot' }),
    knownPeer: peer(oce.static_public),
    levels: [0x33, 0x11],
    macLength: 8,
  });
}

const OUTCOME: Readonly<Record<string, (negative: VectorCase) => void>> = {
  'neg-scp03-rmac'(negative) {
    assert.deepEqual(hostAfter(negative), { kind: 'notProven', reason: 'wrongMac', statusWord: 0x9000 });
  },
  'neg-scp03-status-swap'(negative) {
    assert.deepEqual(hostAfter(negative), { kind: 'notProven', reason: 'wrongMac', statusWord: 0x6283 });
  },
  'neg-scp03-error-sw'(negative) {
    assert.deepEqual(hostAfter(negative), { kind: 'notProven', reason: 'errorStatusWord', statusWord: 0x6a88 });
  },
  'neg-scp03-ext-auth-mac'(negative) {
    const vector = base(negative);
    const card = vectorCard(vector);
    card.process(decodeCommand(fromHex(vector['initialize_update_command'])));
    const answer = card.process(decodeCommand(fromHex(negative['external_authenticate_command'])));
    assert.deepEqual(answer, { response: responseApdu(SW.securityStatusNotSatisfied) });
    // The right octets come too late: one try for each challenge.
    const late = card.process(decodeCommand(fromHex(vector['external_authenticate_command'])));
    assert.deepEqual(late, { response: responseApdu(SW.conditionsOfUseNotSatisfied) });
  },
  'neg-scp03-replayed-command'(negative) {
    const vector = base(negative);
    const card = vectorCard(vector);
    card.process(decodeCommand(fromHex(vector['initialize_update_command'])));
    const { session } = card.process(decodeCommand(fromHex(vector['external_authenticate_command'])));
    assert.ok(session !== undefined);
    const command = decodeCommand(fromHex(negative['command']));
    assert.equal(typeof session.unwrap(command), 'object');
    session.wrap(SW.ok);
    assert.equal(session.unwrap(command), SW.securityStatusNotSatisfied);
    assert.equal(session.open, false);
  },
  'neg-scp11-receipt'(negative) {
    const host = scp11Host(base(negative));
    host.start();
    const step = host.receive(fromHex(negative['authenticate_response']));
    assert.deepEqual(step, { kind: 'notProven', reason: 'wrongReceipt' });
  },
  'neg-scp11-epk-off-curve'(negative) {
    const vector = base(negative);
    const host = scp11Host(vector);
    host.start();
    const response = fromHex(negative['authenticate_response']);
    assert.deepEqual(host.receive(response), { kind: 'notProven', reason: 'wrongKey', statusWord: 0x9000 });
    // The same point at the card: refused before any key of its own is made or used.
    const command = decodeCommand(fromHex(vector['authenticate_command']));
    const data = command.data.slice();
    data.set(response.subarray(3, 68), data.length - 65);
    const answer = scp11Card(vector).process({ ...command, data });
    assert.deepEqual(answer, { response: responseApdu(SW.wrongData) });
  },
  'neg-scp11-downgrade'(negative) {
    const vector = base(negative);
    const host = scp11Host(vector);
    host.start();
    const answer = scp11Card(vector).process(decodeCommand(fromHex(negative['authenticate_command'])));
    assert.equal(answer.session?.level, 0x11, 'the card does what it was told');
    assert.deepEqual(host.receive(answer.response), { kind: 'notProven', reason: 'wrongReceipt' });
  },
};

for (const negative of loadVectors('negatives')) {
  if (negative.kind === 'ota-negative') continue;
  test(`negatives ${negative.id}: ${negative['expect']}`, () => {
    const outcome = OUTCOME[negative.id];
    assert.ok(outcome !== undefined, `no outcome for ${negative.id}`);
    outcome(negative);
  });
}
