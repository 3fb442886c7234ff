import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodecError, concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type Aes, type Curve, importPrivateKey, importPublicKey, publicPoint, tableAes } from '#base/crypto/index.ts';
import { type CommandApdu, decodeCommand, responseApdu, SW, statusWord } from '#protocol/apdu/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import { CardSession } from './card-session.ts';
import {
  cachedVerifier,
  certificateStore,
  type PeerVerifier,
  readCertificate,
  type VerifiedPeer,
} from './certificate-chain.ts';
import { HostSession } from './host-session.ts';
import { fixedRandom } from './scp03.fixture.ts';
import { leafOf, run, scp11Pair, scp11Sessions, Transport, verifierOf, world } from './scp11.fixture.ts';
import {
  AgreementKey,
  agreementAnswer,
  agreementData,
  deriveScp11Keys,
  receiptOf,
  type Scp11Variant,
} from './scp11.ts';
import { Scp11Card } from './scp11-card.ts';
import { Scp11Host, type Scp11HostOptions } from './scp11-host.ts';
import { SecureChannelError } from './session.ts';

const READ: CommandApdu = { cla: 0x80, ins: 0xca, p1: 0xdf, p2: 0x20, data: NO_OCTETS, le: 256 };
const PROOF = fromHex('80081A325476981032548203000007');

const hex = (octets: Uint8Array) => toHex(octets).toLowerCase();
const sameKey = (aes: Aes, key: string) =>
  assert.deepEqual(aes.cmac(NO_OCTETS), tableAes.key(fromHex(key)).cmac(NO_OCTETS));

const ROOTLESS = { kind: 'peer', certificate: NO_OCTETS, datesChecked: false } as const;
/** The published stores are signed by authorities whose keys are not published: take the last certificate for verified. */
const trusting: PeerVerifier = (certificates) => {
  const { kind, subject, serial, publicKey } = readCertificate(certificates.at(-1) ?? NO_OCTETS, true);
  return { ...ROOTLESS, format: kind, subject, serial, publicKey, root: { identifier: NO_OCTETS, publicKey } };
};

for (const vector of loadVectors('scp11-sessions')) {
  const { oce, expected, apdus, variant, curve } = vector;
  const letter = (variant as string).at(-1) as Scp11Variant;

  test(`scp11-sessions ${vector.id}: the host makes exactly the published octets`, () => {
    const host = new Scp11Host({
      aes: tableAes,
      random: fixedRandom(fromHex(oce.ephemeral_private_scalar)),
      variant: letter,
      cardKeyVersion: 0x03,
      peer: trusting,
      key: new AgreementKey(importPrivateKey(curve as Curve, fromHex(oce.static_private_scalar))),
      certificates: [fromHex(oce.certificate)],
      authority: { version: 0x03, identifier: 0x10 },
      securityLevel: 0x33,
      keyLength: (vector['session_key_bits'] / 8) as 16 | 24,
      macLength: 8,
      framing: { moreBlocksInP1: true, leWithBlocks: true },
    });
    const exchanges = apdus.slice(0, -1) as readonly { name: string; command: string; response: string }[];
    let next = 0;
    const opened = run(host, (command) => {
      const exchange = exchanges[next++];
      assert.ok(exchange !== undefined);
      // The published GET RESPONSE has no Le.
      assert.equal(hex(command.subarray(0, exchange.name === 'GET RESPONSE' ? 4 : undefined)), exchange.command);
      return fromHex(exchange.response);
    });
    assert.equal(next, exchanges.length);
    assert.ok(opened.kind === 'open' && opened.peer !== undefined);
    assert.equal(hex(publicPoint(opened.peer.publicKey)), expected.pk_sd_ecka);
    const status = apdus.at(-1);
    assert.equal(hex(opened.session.wrap(decodeCommand(fromHex(status.command_plain)))), status.command);
    const result = opened.session.unwrap(fromHex(status.response));
    assert.equal(result.kind === 'protected' && `${hex(result.data)}9000`, status.response_plain);
  });

  test(`scp11-sessions ${vector.id}: keys and receipt`, () => {
    const keys = deriveScp11Keys(
      tableAes,
      fromHex(expected.zab_ephemeral),
      fromHex(expected.zab_static),
      Number.parseInt(expected.crt_a6['95'], 16),
      (vector['session_key_bits'] / 8) as 16 | 24,
    );
    sameKey(keys.receipt, expected.receipt_key);
    sameKey(keys.enc, expected.s_enc);
    sameKey(keys.mac, expected.s_mac);
    sameKey(keys.rmac, expected.s_rmac);
    sameKey(keys.dek, expected.s_dek);
    const { command } = apdus.at(-2);
    const receipt = receiptOf(keys, decodeCommand(fromHex(command)).data, fromHex(expected.epk_sd_ecka));
    assert.equal(hex(receipt), expected.receipt);
  });
}

function peerWith(point: string): VerifiedPeer {
  const publicKey = importPublicKey('P-256', fromHex(point));
  const root = { identifier: NO_OCTETS, publicKey };
  return { ...ROOTLESS, format: 'gp', subject: NO_OCTETS, serial: NO_OCTETS, publicKey, root };
}

function twoSidedHost(vector: VectorCase, changes: Partial<Scp11HostOptions> = {}): Scp11Host {
  const { oce, sd } = vector;
  const asked = agreementData.decode(decodeCommand(fromHex(vector['authenticate_command'])).data);
  return new Scp11Host({
    aes: tableAes,
    random: fixedRandom(fromHex(oce.ephemeral_private)),
    variant: (vector['variant'] as string).at(-1) as Scp11Variant,
    cardKeyVersion: 0x01,
    peer: peerWith(sd.static_public),
    key: new AgreementKey(importPrivateKey('P-256', fromHex(oce.static_private))),
    certificates: [],
    authority: { version: 0x03, identifier: 0x10 },
    securityLevel: asked.template.usage === 0x34 ? 0x11 : 0x33,
    keyLength: asked.template.keyLength as 16,
    macLength: vector['mode'] === 'S16' ? 16 : 8,
    ...changes,
  });
}

function twoSidedCard(vector: VectorCase): Scp11Card {
  const { oce, sd } = vector;
  const variant = (vector['variant'] as string).at(-1) as Scp11Variant;
  return new Scp11Card({
    aes: tableAes,
    random: fixedRandom(fromHex(sd.ephemeral_private ?? '')),
    keys: [
      {
        variant,
        version: 0x01,
        key: new AgreementKey(importPrivateKey('P-256', fromHex(sd.static_private))),
        certificates: [],
      },
    ],
    authority: { version: 0x03, identifier: 0x10 },
    verifyPeer: () => ({ kind: 'refused', fault: 'foreignRoot' }),
    knownPeer: peerWith(oce.static_public),
    levels: [0x33, 0x11],
    macLength: vector['mode'] === 'S16' ? 16 : 8,
  });
}

/** Runs the published commands of a session through both ends and compares every octet. */
function compareSteps(vector: VectorCase, host: HostSession, card: CardSession) {
  for (const step of vector['steps']) {
    const plain = decodeCommand(fromHex(step.command_plain));
    const wrapped = host.wrap(plain);
    assert.equal(hex(wrapped), step.command_wrapped);
    assert.deepEqual(card.unwrap(decodeCommand(wrapped)), plain);
    const answer = fromHex(step.response_plain);
    const response = card.wrap(statusWord(answer), answer.subarray(0, -2));
    assert.equal(hex(response), step.response_wrapped);
    const result = host.unwrap(response);
    assert.equal(result.kind === 'protected' && `${hex(result.data)}9000`, step.response_plain);
  }
}

for (const vector of loadVectors('scp11-two-sided')) {
  const { expected } = vector;
  const command = decodeCommand(fromHex(vector['authenticate_command']));
  const asked = agreementData.decode(command.data);
  const { usage, keyLength } = asked.template;

  test(`scp11-two-sided ${vector.id}: keys, receipt and every message`, () => {
    const secrets = [fromHex(expected.zab_first), fromHex(expected.zab_second)] as const;
    const keys = deriveScp11Keys(tableAes, ...secrets, usage, keyLength as 16);
    for (const [key, name] of [
      [keys.receipt, 'receipt_key'],
      [keys.enc, 's_enc'],
      [keys.mac, 's_mac'],
      [keys.rmac, 's_rmac'],
      [keys.dek, 's_dek'],
    ] as const)
      sameKey(key, expected[name]);
    const answer = agreementAnswer.decode(fromHex(vector['authenticate_response']).subarray(0, -2));
    const receipt = receiptOf(keys, command.data, answer.publicKey);
    assert.equal(hex(receipt), expected.receipt);
    assert.deepEqual(receipt, answer.receipt);
    const macLength = vector['mode'] === 'S16' ? 16 : 8;
    const level = usage === 0x34 ? 0x11 : 0x33;
    const host = new HostSession(keys, level, macLength, receipt);
    compareSteps(vector, host, new CardSession(keys, level, macLength, receipt));
  });

  if (vector['variant'] === 'SCP11b') {
    test(`scp11-two-sided ${vector.id}: both sides refuse SCP11b`, () => {
      // The type has no b, but data can: a variant read from a file, say. The key stands in for one b does not need.
      assert.throws(
        () => twoSidedHost({ ...vector, oce: { ...vector['oce'], static_private: '01'.repeat(32) } }),
        SecureChannelError,
      );
      const { card } = scp11Pair('b');
      assert.ok(Scp11Card.takes(command));
      assert.deepEqual(card.process(command), { response: responseApdu(SW.referencedDataNotFound) });
    });
    continue;
  }

  test(`scp11-two-sided ${vector.id}: host and card make exactly these octets`, () => {
    const host = twoSidedHost(vector);
    const started = host.start();
    assert.equal(hex(started), vector['authenticate_command']);
    const answer = twoSidedCard(vector).process(decodeCommand(started));
    assert.equal(hex(answer.response), vector['authenticate_response']);
    const opened = host.receive(answer.response);
    assert.ok(opened.kind === 'open' && answer.session !== undefined);
    assert.equal(answer.session.peerProven, false);
    compareSteps(vector, opened.session, answer.session);
    assert.equal(answer.session.peerProven, true);
  });
}

const trace = loadVectors('scp11-trace')[0] as VectorCase;
test(`scp11-trace ${trace.id}: framing as a real card has it`, () => {
  const exchanges = trace['exchanges'] as readonly { command: string; response: string }[];
  const agreement = exchanges[10];
  assert.ok(agreement !== undefined);
  const sent: string[] = [];
  const { host } = scp11Pair('trace', {
    host: {
      peer: trusting,
      authority: { version: 0x03, identifier: 0x10 },
      certificates: [concat(...[8, 9].map((index) => decodeCommand(fromHex(exchanges[index]?.command ?? '')).data))],
    },
  });
  let next = 3;
  const step = run(host, (command) => {
    sent.push(hex(command));
    return fromHex(exchanges[next++]?.response ?? '6F00');
  });
  // All but the ephemeral key is as on the wire; the receipt is for another key, so the handshake ends there.
  assert.deepEqual(
    sent.slice(0, -1),
    exchanges.slice(3, 10).map((exchange) => exchange.command),
  );
  assert.equal(sent.at(-1)?.slice(0, 48), agreement.command.slice(0, 48));
  assert.deepEqual(step, { kind: 'notProven', reason: 'wrongReceipt' });
  agreementAnswer.decode(fromHex(agreement.response).subarray(0, -2));
});

for (const vector of loadVectors('certificate-stores')) {
  test(`certificate-stores ${vector.id}`, () => {
    const { host } = scp11Pair('store', {
      host: {
        cardKeyVersion: 0x03,
        peer: (certificates) => {
          assert.deepEqual(certificates.map(hex), vector['expected_certificates']);
          const keys = certificates.map((octets) => hex(publicPoint(readCertificate(octets, true).publicKey)));
          assert.deepEqual(keys, vector['expected_public_keys']);
          return { kind: 'refused', fault: 'foreignRoot' };
        },
      },
    });
    assert.equal(hex(host.start()), vector['get_data_command']);
    const steps = (vector['responses'] as readonly string[]).map((response) => host.receive(fromHex(response)));
    assert.deepEqual(steps.at(-1), { kind: 'notProven', reason: 'certificate', certificate: 'foreignRoot' });
    assert.ok(steps.slice(0, -1).every((step) => step.kind === 'send'));
  });
}

for (const variant of ['a', 'c'] as const)
  for (const format of ['gp', 'x509'] as const)
    for (const keyLength of [16, 24, 32] as const)
      for (const macLength of [8, 16] as const)
        for (const level of [0x33, 0x11] as const)
          test(`host and card agree: SCP11${variant}, ${format} certificates, AES-${8 * keyLength}, S${macLength}, level ${level.toString(16)}`, () => {
            const { host, card, transport } = scp11Sessions('agree', { variant, format, keyLength, macLength, level });
            assert.equal(transport.peer?.format, format);
            assert.deepEqual(card.unwrap(decodeCommand(host.wrap(READ))), READ);
            assert.deepEqual(host.unwrap(card.wrap(SW.ok, PROOF)), {
              kind: 'protected',
              data: PROOF,
              statusWord: SW.ok,
            });
            assert.ok(host.dek !== undefined && card.dek !== undefined);
            assert.deepEqual(host.dek.cmac(NO_OCTETS), card.dek.cmac(NO_OCTETS));
          });

test('sizes: SCP11a with GlobalPlatform certificates is 3 APDUs, the agreement alone 89 + 88', () => {
  const { transport } = scp11Sessions('sizes');
  assert.equal(transport.apdus, 3);
  const known = world('sizes');
  const peer = verifierOf(known, 'sd')([leafOf(known, 'sd', 'gp')]);
  const host = verifierOf(known, 'oce')([leafOf(known, 'oce', 'gp')]);
  assert.ok(peer.kind === 'peer' && host.kind === 'peer');
  const { transport: cached } = scp11Sessions('sizes', { host: { peer, certificates: [] }, card: { knownPeer: host } });
  assert.deepEqual([cached.apdus, cached.octetsOut, cached.octetsIn], [1, 89, 88]);
});

test('framing: every APDU fits PERFORM CARD APDU (241 out, 240 back) when told so', () => {
  const pair = scp11Pair('cat', { format: 'x509', host: { framing: { longestBlock: 235, longestAnswer: 238 } } });
  const transport = new Transport(pair.card);
  const opened = run(pair.host, (command) => {
    const response = transport.transmit(command);
    assert.ok(command.length <= 241 && response.length <= 240);
    return response;
  });
  assert.equal(opened.kind, 'open');
});

test('a remembered verifier and a remembered static secret save the work and change no result', () => {
  let verified = 0;
  const of = world('cache');
  const plain = verifierOf(of, 'sd');
  const cache = cachedVerifier((certificates) => {
    verified++;
    return plain(certificates);
  }, 1);
  const key = new AgreementKey(of.uicc.privateKey, true);
  for (let boot = 0; boot < 3; boot++) {
    const { host, card } = scp11Sessions('cache', { host: { peer: cache.verify, key } });
    card.unwrap(decodeCommand(host.wrap(READ)));
    assert.equal(host.unwrap(card.wrap(SW.ok, PROOF)).kind, 'protected');
  }
  // GET DATA gives the very same certificate each boot only when the maker issued it once: ECDSA signs anew each time.
  const [chain] = [[leafOf(of, 'sd', 'gp')]];
  const before = verified;
  const first = cache.verify(chain);
  assert.equal(cache.verify(chain), first);
  assert.equal(verified, before + 1);
  cache.verify([leafOf(of, 'sd', 'gp')]);
  cache.verify(chain);
  assert.equal(verified, before + 3, 'capacity 1 keeps the last only');
  cache.clear();
  cache.verify(chain);
  assert.equal(verified, before + 4);
});

/** Runs a handshake through a relay that changes one command or answer; the outcome for the host, and the card's session. */
function attacked(change: Parameters<typeof run>[2], options: Parameters<typeof scp11Pair>[1] = {}) {
  const pair = scp11Pair('attack', options);
  const transport = new Transport(pair.card);
  const result = run(pair.host, (command) => transport.transmit(command), change);
  return { result, session: transport.session };
}

const onMutualAuthenticate = (change: (octets: Uint8Array) => void) => (octets: Uint8Array) => {
  const copy = octets.slice();
  if (copy[1] === 0x82) change(copy);
  return copy;
};

test('attack: weakened usage (3C to 34) is caught by the receipt', () => {
  const weaken = onMutualAuthenticate((octets) => {
    assert.equal(octets[13], 0x3c);
    octets[13] = 0x34;
  });
  const lax = attacked({ command: weaken }, { card: { levels: [0x33, 0x11] } });
  assert.deepEqual(lax.result, { kind: 'notProven', reason: 'wrongReceipt' });
  const strict = attacked({ command: weaken });
  assert.deepEqual(strict.result, {
    kind: 'notProven',
    reason: 'errorStatusWord',
    statusWord: SW.conditionsOfUseNotSatisfied,
  });
  assert.equal(strict.session, undefined);
});

test('attack: SCP11a turned into SCP11b by the relay opens nothing', () => {
  const downgrade = onMutualAuthenticate((octets) => {
    octets[1] = 0x88;
    octets[3] = 0x13;
    octets[10] = 0x00;
  });
  const { result, session } = attacked({ command: downgrade });
  assert.equal(result.kind === 'notProven' && result.reason, 'errorStatusWord');
  assert.equal(session, undefined);
});

test('attack: every changed octet of MUTUAL AUTHENTICATE and of its answer is found', () => {
  for (let at = 2; at < 88; at++) {
    const flip = onMutualAuthenticate((octets) => {
      octets[at] = (octets[at] as number) ^ 0x01;
    });
    let result: ReturnType<typeof attacked>['result'] | undefined;
    try {
      ({ result } = attacked({ command: flip }));
    } catch (error) {
      assert.ok(error instanceof CodecError, String(error)); // Lc: the transport cannot even read it
    }
    if (result !== undefined) assert.equal(result.kind, 'notProven', `command octet ${at}`);
  }
  for (let at = 0; at < 88; at++) {
    const { result } = attacked({
      response: (octets) =>
        octets.length === 88 && octets[0] === 0x5f ? octets.with(at, (octets[at] as number) ^ 1) : octets,
    });
    assert.equal(result.kind, 'notProven', `answer octet ${at}`);
  }
});

test('attack: a certificate of another maker, and one of the right maker for another key', () => {
  const rogue = world('rogue');
  const swapped = attacked(
    {},
    {
      card: {
        keys: [
          {
            variant: 'a',
            version: 1,
            key: new AgreementKey(rogue.support.privateKey),
            certificates: [leafOf(rogue, 'sd', 'gp')],
          },
        ],
      },
    },
  );
  assert.deepEqual(swapped.result, { kind: 'notProven', reason: 'certificate', certificate: 'wrongSignature' });
  const honest = world('attack');
  const copied = attacked(
    {},
    {
      card: {
        keys: [
          {
            variant: 'a',
            version: 1,
            key: new AgreementKey(rogue.support.privateKey),
            certificates: [leafOf(honest, 'sd', 'gp')],
          },
        ],
      },
    },
  );
  assert.deepEqual(copied.result, { kind: 'notProven', reason: 'wrongReceipt' });
});

test('attack: a host without the certified key gets a session in which its first command dies', () => {
  const rogue = world('rogue');
  const pair = scp11Pair('attack', { host: { key: new AgreementKey(rogue.uicc.privateKey) } });
  const transport = new Transport(pair.card);
  // It cannot even check the receipt; it goes on blindly with a command of its own making.
  assert.equal(run(pair.host, (command) => transport.transmit(command)).kind, 'notProven');
  const { session } = transport;
  assert.ok(session !== undefined && !session.peerProven);
  const forged = decodeCommand(fromHex('84CADF2008000102030405060700'));
  assert.equal(session.unwrap(forged), SW.securityStatusNotSatisfied);
  assert.ok(!session.peerProven && !session.open);
});

test('attack: MUTUAL AUTHENTICATE without a verified certificate, and after a refused one', () => {
  const { card, host } = scp11Pair('none');
  host.start();
  const known = scp11Pair('none', {
    host: {
      certificates: [],
      peer: verifierOf(world('none'), 'sd')([leafOf(world('none'), 'sd', 'gp')]) as VerifiedPeer,
    },
  });
  const agreement = decodeCommand(known.host.start());
  assert.equal(statusWord(card.process(agreement).response), SW.conditionsOfUseNotSatisfied);
  const foreign = leafOf(world('rogue'), 'oce', 'gp');
  const pso = { cla: 0x80, ins: 0x2a, p1: 0x03, p2: 0x10, data: foreign };
  assert.equal(statusWord(card.process(pso).response), SW.securityStatusNotSatisfied);
  assert.equal(statusWord(card.process(agreement).response), SW.conditionsOfUseNotSatisfied);
});

test('attack: certificates without end are refused by both sides', () => {
  const { card } = scp11Pair('endless');
  const block = { cla: 0x90, ins: 0x2a, p1: 0x03, p2: 0x10, data: new Uint8Array(255) };
  const words = Array.from({ length: 9 }, () => statusWord(card.process(block).response));
  assert.deepEqual([words[0], words.at(-1)], [SW.ok, SW.notEnoughMemory]);
  const { host } = scp11Pair('endless');
  const endless = run(host, () => fromHex(`${'00'.repeat(256)}6100`));
  assert.deepEqual(endless, { kind: 'notProven', reason: 'malformed' });
  const empty = scp11Pair('endless').host;
  assert.deepEqual(
    run(empty, () => fromHex('6100')),
    { kind: 'notProven', reason: 'malformed' },
  );
});

test('a handshake is used once', () => {
  const { host } = scp11Pair('once');
  assert.throws(() => host.receive(fromHex('9000')), SecureChannelError);
  host.start();
  assert.throws(() => host.start(), SecureChannelError);
  assert.equal(host.receive(fromHex('6A88')).kind, 'notProven');
  assert.throws(() => host.receive(fromHex('9000')), SecureChannelError);
});

test('property: hostile answers only ever end a handshake, hostile commands are only ever refused', () => {
  const answers = fc.array(fc.uint8Array({ maxLength: 120 }), { minLength: 3, maxLength: 3 });
  const of = world('hostile');
  const peer = verifierOf(of, 'sd')([leafOf(of, 'sd', 'gp')]);
  assert.ok(peer.kind === 'peer');
  fc.assert(
    fc.property(answers, fc.boolean(), fc.boolean(), (responses, known, fine) => {
      const { host } = scp11Pair('hostile', { host: known ? { peer, certificates: [] } : {} });
      host.start();
      for (const response of responses) {
        const step = host.receive(fine ? concat(response, fromHex('9000')) : response);
        assert.notEqual(step.kind, 'open');
        if (step.kind === 'notProven') break;
      }
    }),
    { numRuns: 100 },
  );
  const ins = fc.constantFrom(0xca, 0x2a, 0x82, 0x88, 0x50);
  const { card } = scp11Pair('hostile', { card: { knownPeer: peer } });
  fc.assert(
    fc.property(ins, fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 255 }), (code, p1, p2, data) => {
      const command = { cla: 0x80, ins: code, p1: code === 0x82 ? 1 : p1, p2: code === 0x82 ? 0x11 : p2, data };
      assert.equal(card.process(command).session, undefined);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      for (const format of [agreementData, agreementAnswer, certificateStore])
        try {
          format.decode(octets);
        } catch (error) {
          assert.ok(error instanceof CodecError);
        }
    }),
  );
});
