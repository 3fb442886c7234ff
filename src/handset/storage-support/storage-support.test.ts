import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { type Card, encodeCommand, responseData, SW, statusWord } from '#protocol/apdu/index.ts';
import {
  imeiProof,
  STORAGE_SUPPORT_AID,
  SUPPORT_DATA,
  SUPPORT_KEY_VERSION,
  SUPPORT_LIFE_CYCLE,
  staticProof,
  supportIdentity,
} from '#protocol/imei-lock/index.ts';
import {
  AgreementKey,
  chainVerifier,
  type HostHandshake,
  type HostSession,
  issueGpCertificate,
  openStaticAnswer,
  putKey,
  putKeyAnswer,
  Scp03Host,
  Scp11Host,
  type StaticKeyOctets,
  staticCommand,
  staticKeys,
  staticModeKeys,
} from '#protocol/secure-channel/index.ts';
import {
  blankSupport,
  FactoryError,
  makerRoot,
  provision,
  SUPPORT_MEMORY_SIZE,
  type SupportOrder,
  storageSupport,
  terminate,
  trustAnchorOf,
  verifySupport,
} from './index.ts';

const random = seededRandom('storage support');
const root = makerRoot(fromHex('4D414B4552'), random);
const operator = generateKeyPair('P-256', random);
const factory = { root, random, aes: tableAes };
const factorySet = { enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
const staticKey = random.octets(16);
const IDENTITY = fromHex('A1A2A3A4A5A6A7A8');
const IMEI = Imei.parse('49015420323751');
const order: SupportOrder = {
  imei: IMEI,
  secondImei: Imei.parse('49015420323752'),
  identity: IDENTITY,
  authorities: [{ caIdentifier: fromHex('4F50'), publicPoint: publicPoint(operator.publicKey) }],
  staticKey,
  validFrom: 20260101,
  validTo: 20461231,
};
const faults: unknown[] = [];

function blank(medium: NonVolatile = ramMemory(SUPPORT_MEMORY_SIZE)): Card {
  const memory = cardMemory(medium);
  blankSupport(memory, factorySet);
  return storageSupport({ memory, random, aes: tableAes }, (error) => faults.push(error));
}
function reopened(medium: NonVolatile): Card {
  return storageSupport({ memory: cardMemory(medium), random, aes: tableAes }, (error) => faults.push(error));
}
function personalised(medium?: NonVolatile): Card {
  const card = blank(medium);
  provision(card, factorySet, order, factory);
  return card;
}

const SELECT = encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: STORAGE_SUPPORT_AID, le: 256 });
const get = (tag: number) => ({ cla: 0x80, ins: 0xca, p1: tag >> 8, p2: tag & 0xff, data: new Uint8Array(0), le: 256 });

/** A UICC's certificate and key, as its operator issues them. */
function uicc(number: number) {
  const identity = fromHex(`9810000000000000${String(number).padStart(4, '0')}`);
  const keys = generateKeyPair('P-256', random);
  const certificate = issueGpCertificate(operator.privateKey, {
    serial: identity,
    authority: fromHex('4F50'),
    subject: identity,
    usage: 'keyAgreement',
    validTo: 20461231,
    publicKey: { point: publicPoint(keys.publicKey), curve: 'P-256' },
  });
  return { identity, key: new AgreementKey(keys.privateKey), certificate };
}
const firstUicc = uicc(1);

function open(card: Card, handshake: HostHandshake): HostSession {
  let command = handshake.start();
  for (;;) {
    const step = handshake.receive(card.transmit(command));
    if (step.kind === 'open') return step.session;
    assert.equal(step.kind, 'send', JSON.stringify(step));
    if (step.kind === 'send') command = step.command;
  }
}
function agreement(host = firstUicc): HostHandshake {
  return new Scp11Host({
    aes: tableAes,
    random,
    variant: 'a',
    cardKeyVersion: SUPPORT_KEY_VERSION.scp11,
    peer: chainVerifier({ roots: [trustAnchorOf(root)], today: 20261124, role: 'sd' }),
    key: host.key,
    certificates: [host.certificate],
    authority: { version: SUPPORT_KEY_VERSION.scp11, identifier: 0x10 },
    securityLevel: 0x33,
    keyLength: 16,
    macLength: 8,
  });
}
function scp03(keys: StaticKeyOctets): HostHandshake {
  return new Scp03Host({
    aes: tableAes,
    keys: staticKeys(tableAes, keys),
    random,
    securityLevel: 0x33,
    challengeLength: 8,
    application: STORAGE_SUPPORT_AID,
  });
}
function ask(card: Card, session: HostSession, command: Parameters<HostSession['wrap']>[0]): Uint8Array {
  const answer = session.unwrap(card.transmit(session.wrap(command)));
  assert.equal(answer.kind, 'protected', JSON.stringify(answer));
  assert.equal((answer as { statusWord: number }).statusWord, SW.ok);
  return (answer as { data: Uint8Array }).data;
}
function refusedInside(card: Card, session: HostSession, command: Parameters<HostSession['wrap']>[0]): number {
  return statusWord(card.transmit(session.wrap(command)));
}
function pair(card: Card, host = firstUicc): StaticKeyOctets {
  card.transmit(SELECT);
  const session = open(card, agreement(host));
  const { pairingKeyVersion: version } = supportIdentity.decode(ask(card, session, get(SUPPORT_DATA.identity)));
  const keys = { version, enc: random.octets(16), mac: random.octets(16), dek: random.octets(16) };
  assert.ok(session.dek);
  assert.deepEqual(ask(card, session, putKey(tableAes, session.dek, 0, keys, random)), putKeyAnswer(tableAes, keys));
  return keys;
}

test('a first meeting by certificates, keys agreed, and the next power-on in 3 APDUs and 111 octets after SELECT (R05, R09, R10)', () => {
  const card = personalised();
  const keys = pair(card);
  card.reset();
  const fci = card.transmit(SELECT);
  assert.equal(toHex(fci), '6F108408F041535341590201A5049F6501FF9000');
  let apdus = 0;
  let octets = 0;
  const counted: Card = {
    ...card,
    transmit(command) {
      const response = card.transmit(command);
      apdus++;
      octets += command.length + response.length;
      return response;
    },
  };
  const session = open(counted, scp03(keys));
  const proof = imeiProof.decode(ask(counted, session, get(SUPPORT_DATA.imei)));
  assert.equal(Imei.fromOctets(proof.imei ?? new Uint8Array(0)).equipment, IMEI.equipment);
  assert.deepEqual([apdus, octets], [3, 111]);
});

test('the IMEI is answered only inside a channel of level 33 to a proven UICC (R19, R20)', () => {
  const card = personalised();
  card.transmit(SELECT);
  for (const tag of Object.values(SUPPORT_DATA))
    assert.equal(statusWord(card.transmit(encodeCommand(get(tag)))), SW.securityStatusNotSatisfied);
  const keys = pair(card);
  card.transmit(SELECT);
  const weak = new Scp03Host({
    aes: tableAes,
    keys: staticKeys(tableAes, keys),
    random,
    securityLevel: 0x11,
    challengeLength: 8,
  });
  const step = weak.receive(card.transmit(weak.start()));
  assert.equal(step.kind, 'send');
  assert.equal(statusWord(card.transmit((step as { command: Uint8Array }).command)), SW.conditionsOfUseNotSatisfied);
  assert.equal(statusWord(card.transmit(fromHex('8088011300'))), SW.referencedDataNotFound, 'SCP11b has no key');
  const stranger = { ...firstUicc, certificate: uicc(2).certificate };
  card.transmit(SELECT);
  const handshake = agreement(stranger);
  let command = handshake.start();
  let last = handshake.receive(card.transmit(command));
  while (last.kind === 'send') {
    command = last.command;
    last = handshake.receive(card.transmit(command));
  }
  assert.deepEqual(last.kind, 'notProven', 'a certificate without its key gives no channel');
});

test('every proof carries a counter that rises, also over resets and power cuts at any write', () => {
  const medium = ramMemory(SUPPORT_MEMORY_SIZE);
  const keys = pair(personalised(medium));
  let last = 0;
  for (let cut = 0; cut < 60; cut++) {
    let left = cut;
    const failing: NonVolatile = {
      ...medium,
      write(offset, octets) {
        const written = octets.subarray(0, left);
        medium.write(offset, written);
        left -= written.length;
        if (written.length < octets.length) throw new Error('power lost');
      },
    };
    const dying = storageSupport({ memory: cardMemory(failing), random, aes: tableAes });
    dying.transmit(SELECT);
    const handshake = scp03(keys);
    let step = handshake.receive(dying.transmit(handshake.start()));
    if (step.kind === 'send') step = handshake.receive(dying.transmit(step.command));
    if (step.kind === 'open') dying.transmit(step.session.wrap(get(SUPPORT_DATA.imei)));
    const card = reopened(medium);
    card.transmit(SELECT);
    const { counter } = imeiProof.decode(ask(card, open(card, scp03(keys)), get(SUPPORT_DATA.imei)));
    assert.ok(counter > last, `cut after ${cut} octets: ${counter} after ${last}`);
    last = counter;
  }
});

test('a session dies on the first bad MAC, on reset, on SELECT, on channel close; an aborted one refuses everything', () => {
  const card = personalised();
  const keys = pair(card);
  card.transmit(SELECT);
  const session = open(card, scp03(keys));
  const wrapped = session.wrap(get(SUPPORT_DATA.imei));
  const bad = wrapped.slice();
  bad[6] = (bad[6] as number) ^ 1;
  assert.equal(statusWord(card.transmit(bad)), SW.securityStatusNotSatisfied);
  assert.equal(statusWord(card.transmit(wrapped)), SW.securityStatusNotSatisfied);
  assert.equal(statusWord(card.transmit(encodeCommand(get(0x0066)))), SW.securityStatusNotSatisfied);
  for (const end of [() => card.reset(), () => card.transmit(SELECT)]) {
    card.transmit(SELECT);
    const fresh = open(card, scp03(keys));
    end();
    card.transmit(SELECT);
    assert.equal(refusedInside(card, fresh, get(SUPPORT_DATA.imei)), SW.securityStatusNotSatisfied);
  }
  card.transmit(SELECT);
  const other = open(card, scp03(keys));
  const onChannelOne = other.wrap({ ...get(SUPPORT_DATA.imei), cla: 0x81 });
  card.transmit(fromHex('0070000001'));
  assert.equal(
    statusWord(card.transmit(onChannelOne)),
    SW.securityStatusNotSatisfied,
    'a session belongs to its channel',
  );
});

test('personalisation is write-once, read back, irreversible; then the factory can only terminate (R01, R27, T06)', () => {
  const card = blank();
  assert.equal(verifySupport(card, [trustAnchorOf(root)], 20261124).lifeCycle, 'blank');
  card.transmit(SELECT);
  assert.equal(statusWord(card.transmit(fromHex('00CABF2106A60483021101 00'))), SW.conditionsOfUseNotSatisfied);
  provision(card, factorySet, order, factory);
  assert.deepEqual(verifySupport(card, [trustAnchorOf(root)], 20261124), {
    lifeCycle: 'personalised',
    identity: IDENTITY,
  });
  assert.equal(
    verifySupport(card, [trustAnchorOf(makerRoot(fromHex('4D414B4552'), random))], 20261124).certificateFault,
    'wrongSignature',
  );
  assert.throws(() => provision(card, factorySet, { ...order, imei: Imei.parse('35000000000000') }, factory), {
    name: 'FactoryError',
    message: /6985/,
  });
  assert.throws(() => provision(card, { ...factorySet, mac: new Uint8Array(16) }, order, factory), FactoryError);
  terminate(card, factorySet, factory);
  assert.equal(statusWord(card.transmit(SELECT)), SW.conditionsOfUseNotSatisfied);
  assert.equal(verifySupport(card, [trustAnchorOf(root)], 20261124).lifeCycle, 'terminated');
});

test('ten failed factory authentications close the factory key set for good (T32)', () => {
  const medium = ramMemory(SUPPORT_MEMORY_SIZE);
  const card = blank(medium);
  card.transmit(SELECT);
  for (let i = 0; i < 10; i++) {
    assert.equal(statusWord(card.transmit(fromHex('80503F0008000102030405060700'))), SW.ok);
    assert.equal(
      statusWord(card.transmit(fromHex('848233001000112233445566778899AABBCCDDEEFF'))),
      SW.authenticationFailedNoDiagnosis,
    );
  }
  for (const subject of [card, reopened(medium)]) {
    subject.transmit(SELECT);
    assert.equal(statusWord(subject.transmit(fromHex('80503F0008000102030405060700'))), SW.referencedDataNotFound);
  }
});

test('keys go only into the slot of the UICC that asks; the ninth UICC takes the slot used longest ago', () => {
  const card = personalised();
  const first = pair(card);
  assert.equal(pair(card).version, first.version, 'the same UICC keeps its slot');
  const others = Array.from({ length: 8 }, (_, i) => uicc(i + 10));
  const keys = others.slice(0, 7).map((host) => pair(card, host));
  assert.equal(new Set([first.version, ...keys.map(({ version }) => version)]).size, 8);
  card.transmit(SELECT);
  const session = open(card, agreement());
  assert.ok(session.dek);
  const foreign = { ...(keys[0] as StaticKeyOctets) };
  assert.equal(
    refusedInside(card, session, putKey(tableAes, session.dek, 0, foreign, random)),
    SW.referencedDataNotFound,
  );
  card.transmit(SELECT);
  open(card, scp03(pair(card)));
  assert.equal(pair(card, others[7]).version, keys[0]?.version);
  card.transmit(SELECT);
  const { imei } = imeiProof.decode(ask(card, open(card, scp03(pair(card))), get(SUPPORT_DATA.secondImei)));
  assert.equal(Imei.fromOctets(imei ?? new Uint8Array(0)).equipment, '49015420323752');
});

test('static keys: one exchange proves everything, a wrong key proves nothing (R29, R30)', () => {
  const card = personalised();
  card.transmit(SELECT);
  const keys = staticModeKeys(tableAes, tableAes.key(staticKey), SUPPORT_KEY_VERSION.static, new Uint8Array(10));
  const challenge = random.octets(16);
  const answer = openStaticAnswer(keys, challenge, card.transmit(encodeCommand(staticCommand(keys, challenge))));
  assert.equal(answer.kind, 'protected');
  assert.deepEqual(staticProof.decode((answer as { data: Uint8Array }).data).support, IDENTITY);
  const wrong = staticModeKeys(
    tableAes,
    tableAes.key(random.octets(16)),
    SUPPORT_KEY_VERSION.static,
    new Uint8Array(10),
  );
  assert.equal(
    statusWord(card.transmit(encodeCommand(staticCommand(wrong, challenge)))),
    SW.securityStatusNotSatisfied,
  );
});

test('property: hostile APDUs cause no fault, change nothing, and never bring the IMEI or a key', () => {
  const medium = ramMemory(SUPPORT_MEMORY_SIZE);
  const card = personalised(medium);
  const keys = pair(card);
  const secrets = [toHex(IMEI.toOctets()).slice(2, 14), toHex(staticKey), toHex(keys.enc), toHex(factorySet.enc)];
  const starts = [
    SELECT,
    fromHex('80CADF2000'),
    fromHex('80E20000'),
    fromHex('80F0400F'),
    fromHex('80500000'),
    fromHex('84820000'),
    fromHex('80D80081'),
    fromHex('80880000'),
    fromHex('802A0110'),
    fromHex('80820111'),
    fromHex('80460000'),
  ];
  const hostile = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 60 }))
    .map(([start, tail]) => Uint8Array.from([...start, tail.length, ...tail]));
  faults.length = 0;
  fc.assert(
    fc.property(fc.array(fc.oneof(hostile, fc.uint8Array({ maxLength: 280 })), { maxLength: 12 }), (commands) => {
      for (const command of commands) {
        const response = toHex(card.transmit(command));
        for (const secret of secrets) assert.ok(!response.includes(secret), response);
      }
    }),
    { numRuns: 300 },
  );
  assert.deepEqual(faults, []);
  card.transmit(SELECT);
  assert.equal(
    toHex(responseData(card.transmit(fromHex('80CA9F7000')))),
    toHex(Uint8Array.of(SUPPORT_LIFE_CYCLE.personalised)),
  );
  assert.ok(imeiProof.decode(ask(card, open(card, scp03(keys)), get(SUPPORT_DATA.imei))).imei);
});
