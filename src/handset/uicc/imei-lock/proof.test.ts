import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import {
  blankSupport,
  makerRoot,
  provision,
  rootPoint,
  SUPPORT_MEMORY_SIZE,
  storageSupport,
} from '#handset/storage-support/index.ts';
import { type LockPersonalisation, USUAL_POLICY } from '#handset/uicc/lock-personalisation.ts';
import type { Card } from '#protocol/apdu/index.ts';
import type { Evidence } from '#protocol/imei-lock/index.ts';
import { issueGpCertificate } from '#protocol/secure-channel/index.ts';
import { Credentials } from './credentials.ts';
import type { Outcome } from './lock.ts';
import type { Learnt } from './memory.ts';
import type { Pairing } from './pairing.ts';
import { type ProofReply, type ProofRequest, proveImei } from './proof.ts';

const random = seededRandom('proof');
const root = makerRoot(fromHex('4D414B4552'), random);
const operator = generateKeyPair('P-256', random);
const CA = fromHex('4F50');
const factoryKeys = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
const staticKey = random.octets(16);
const IMEI = Imei.parse('49015420323751');
const SECOND = Imei.parse('49015420323752');

function support(number: number, imei = IMEI, maker = root): Card {
  const memory = cardMemory(ramMemory(SUPPORT_MEMORY_SIZE));
  blankSupport(memory, factoryKeys);
  const card = storageSupport({ memory, random, aes: tableAes });
  provision(
    card,
    factoryKeys,
    {
      imei,
      secondImei: SECOND,
      identity: fromHex(`A1A2A3A4A5A6A70${number}`),
      authorities: [{ caIdentifier: CA, publicPoint: publicPoint(operator.publicKey) }],
      staticKey,
      validFrom: 20260101,
      validTo: 20461231,
    },
    { root: maker, random, aes: tableAes },
  );
  return card;
}

function personalisation(): LockPersonalisation {
  const identity = fromHex('98100000000000000014');
  const keys = generateKeyPair('P-256', random);
  const scalar = keys.privateKey.keyObject.export({ format: 'jwk' }).d as string;
  const fields = {
    serial: identity,
    authority: CA,
    subject: identity,
    usage: 'keyAgreement',
    validTo: 20461231,
    publicKey: { point: publicPoint(keys.publicKey), curve: 'P-256' },
  } as const;
  return {
    policy: USUAL_POLICY,
    oce: {
      certificate: issueGpCertificate(operator.privateKey, fields),
      privateScalar: new Uint8Array(Buffer.from(scalar, 'base64url')),
      caIdentifier: CA,
    },
    makerRoots: [{ caIdentifier: root.identifier, publicPoint: rootPoint(root) }],
    staticKey,
  };
}
const NOTHING_LEARNT: Learnt = { date: 0, revoked: [] };
const given = personalisation();
const uicc = new Credentials(given, tableAes, random);

/** What stands between the UICC and the support: by default an honest relay that claims the right IMEI. */
interface Relay {
  readonly relay?: (command: Uint8Array, card: Card) => Uint8Array | undefined;
  readonly claims?: Imei;
}

interface Setting {
  readonly pairing?: Pairing | undefined;
  readonly locked?: boolean;
  readonly accepted?: readonly Evidence[];
  readonly learnt?: Learnt;
}

function prove(
  card: Card,
  { pairing, locked = false, accepted = ['scp11a', 'scp03'], learnt = NOTHING_LEARNT }: Setting = {},
  { relay, claims = IMEI }: Relay = {},
) {
  const proof = proveImei({
    pairing,
    isPairingLocked: locked,
    agreement: uicc.agreement(accepted, learnt),
    resumption: uicc.resumption(accepted),
    staticMode: uicc.staticMode(accepted),
    canRelay: true,
    canAskImei: true,
    canPowerOn: true,
    aes: tableAes,
    random,
  });
  const answer = (request: ProofRequest): ProofReply => {
    if (request.type === 'powerOn') return { kind: 'octets', octets: card.reset() };
    if (request.type === 'claimedImei') return { kind: 'octets', octets: claims.toOctets() };
    const octets = relay === undefined ? card.transmit(request.command) : relay(request.command, card);
    return octets === undefined ? { kind: 'failed', reason: 'noAnswer' } : { kind: 'octets', octets };
  };
  let next = proof.next();
  while (next.done !== true) next = proof.next(answer(next.value));
  return next.value;
}
const verdict = ({ result, reason, evidence }: Outcome) => [result, reason, evidence];

/** A support, and the pairing of a first meeting with it. */
function met(): { card: Card; pairing: Pairing } {
  const card = support(1);
  const { pairing } = prove(card);
  assert.ok(pairing);
  return { card, pairing };
}

test('a first meeting proves by certificates and agrees keys; the next power-on uses them (R25)', () => {
  const card = support(1);
  const first = prove(card);
  assert.deepEqual(verdict(first.outcome), ['proved', 'none', 'scp11a']);
  assert.equal(Imei.fromOctets(first.outcome.provedImei ?? new Uint8Array(0)).equipment, IMEI.equipment);
  const second = prove(card, { pairing: first.pairing });
  assert.deepEqual(verdict(second.outcome), ['proved', 'none', 'scp03']);
  assert.ok((second.pairing?.counter ?? 0) > (first.pairing?.counter ?? 0));
});

test('the operating system claims another IMEI than the support proves: refuted (claim 7); the second IMEI of the same support is true', () => {
  const { card, pairing } = met();
  assert.deepEqual(verdict(prove(card, { pairing }, { claims: Imei.parse('35000000000000') }).outcome), [
    'refuted',
    'claimedImeiDiffers',
    'scp03',
  ]);
  assert.deepEqual(verdict(prove(card, { pairing }, { claims: SECOND }).outcome), ['proved', 'none', 'scp03']);
});

test('silence, error status words and a support that is not there prove nothing', () => {
  const { card, pairing } = met();
  assert.equal(prove(card, { pairing }, { relay: () => undefined }).outcome.reason, 'noAnswer');
  assert.equal(prove(card, { pairing }, { relay: () => fromHex('6A82') }).outcome.reason, 'errorStatusWord');
  assert.equal(prove(card, { pairing }, { relay: () => fromHex('90') }).outcome.reason, 'badOctets');
  const selectedOnly = (command: Uint8Array, inner: Card) =>
    command[1] === 0xa4 ? inner.transmit(command) : fromHex('9000');
  assert.equal(prove(card, { pairing }, { relay: selectedOnly }).outcome.result, 'notProven');
});

const isRead = (command: Uint8Array) => command[1] === 0xca && command[0] === 0x84;
const attacks: Readonly<Record<string, (command: Uint8Array, card: Card) => Uint8Array>> = {
  'a changed cipher text': (command, card) => {
    const response = card.transmit(command);
    if (isRead(command)) response[0] = (response[0] as number) ^ 1;
    return response;
  },
  'a stripped MAC': (command, card) => {
    const response = card.transmit(command);
    return isRead(command) ? Uint8Array.from([...response.subarray(0, 16), 0x90, 0x00]) : response;
  },
  'a truncated answer': (command, card) => {
    const response = card.transmit(command);
    return isRead(command) ? Uint8Array.from([...response.subarray(0, 20), 0x90, 0x00]) : response;
  },
  'an empty 9000': (command, card) => (isRead(command) ? fromHex('9000') : card.transmit(command)),
  'a plain IMEI': (command, card) =>
    isRead(command) ? fromHex('80080A3254769810325482030000079000') : card.transmit(command),
};
for (const [name, relay] of Object.entries(attacks)) {
  test(`${name} in the relay is broken protection, whatever it says`, () => {
    const { card, pairing } = met();
    const { outcome, pairing: kept } = prove(card, { pairing }, { relay });
    assert.equal(outcome.result, 'notProven');
    assert.ok(['brokenProtection', 'badOctets'].includes(outcome.reason), outcome.reason);
    assert.equal(outcome.provedImei, undefined);
    assert.equal(kept, undefined);
  });
}

test('a replayed answer of an earlier proof, and answers in another order, are broken protection (T04)', () => {
  const { card, pairing } = met();
  let recorded: Uint8Array | undefined;
  const record = (command: Uint8Array, inner: Card) => {
    const response = inner.transmit(command);
    if (isRead(command)) recorded = response;
    return response;
  };
  const next = prove(card, { pairing }, { relay: record });
  const replay = (command: Uint8Array, inner: Card) =>
    isRead(command) ? (recorded as Uint8Array) : inner.transmit(command);
  assert.equal(prove(card, { pairing: next.pairing }, { relay: replay }).outcome.reason, 'brokenProtection');
});

test("another genuine handset's support: reported and paired where pairing is free, refused where it is locked (T10, T14, T19)", () => {
  const { pairing } = met();
  const other = support(2, Imei.parse('35000000000000'));
  const free = prove(other, { pairing }, { claims: Imei.parse('35000000000000') });
  assert.deepEqual(verdict(free.outcome), ['provedOther', 'none', 'scp11a']);
  assert.deepEqual(free.outcome.previousSupport, pairing.support);
  const locked = prove(other, { pairing, locked: true }, { claims: Imei.parse('35000000000000') });
  assert.deepEqual(verdict(locked.outcome), ['refuted', 'pairingLocked', 'scp11a']);
  assert.equal(locked.pairing, undefined);
});

test('a support of a foreign root, and a revoked one, are refuted (T11, T12)', () => {
  const foreign = support(3, IMEI, makerRoot(root.identifier, random));
  assert.deepEqual(verdict(prove(foreign).outcome), ['refuted', 'foreignRoot', undefined]);
  const { card } = met();
  const revoked = { date: 20261124, revoked: [fromHex('A1A2A3A4A5A6A701')] };
  assert.deepEqual(verdict(prove(card, { learnt: revoked }).outcome), ['refuted', 'revoked', undefined]);
});

test('a counter that went back, and a paired support with another IMEI, are refuted (T21)', () => {
  const { card, pairing } = met();
  assert.equal(prove(card, { pairing: { ...pairing, counter: 0xfffff0 } }).outcome.reason, 'counterWentBack');
  assert.equal(prove(card, { pairing: { ...pairing, imei: SECOND.toOctets() } }).outcome.reason, 'pairedImeiDiffers');
});

test('no fallback to what policy does not accept; static keys only where they are named (T20)', () => {
  const { card, pairing } = met();
  const refuseHandshakes = (command: Uint8Array, inner: Card) =>
    command[1] === 0x50 || command[1] === 0x82 ? fromHex('6A88') : inner.transmit(command);
  assert.equal(prove(card, { pairing }, { relay: refuseHandshakes }).outcome.result, 'notProven');
  const byStaticKey = prove(card, { accepted: ['static'] });
  assert.deepEqual(verdict(byStaticKey.outcome), ['proved', 'none', 'static']);
  const again = prove(card, { accepted: ['static'], pairing: byStaticKey.pairing });
  assert.deepEqual(verdict(again.outcome), ['proved', 'none', 'static']);
  assert.equal(
    prove(
      card,
      { accepted: ['static'], pairing: again.pairing },
      { relay: (command, inner) => (command[1] === 0x88 ? fromHex('6982') : inner.transmit(command)) },
    ).outcome.result,
    'notProven',
  );
  assert.equal(prove(card, { accepted: [] }).outcome.result, 'notProven');
});

test('keys put for another slot version or not confirmed are not kept', () => {
  const card = support(4);
  const dropPutKey = (command: Uint8Array, inner: Card) =>
    command[1] === 0xd8 ? fromHex('6A84') : inner.transmit(command);
  const { outcome, pairing } = prove(card, {}, { relay: dropPutKey });
  assert.equal(outcome.result, 'notProven');
  assert.equal(pairing, undefined);
});
