import assert from 'node:assert/strict';
import { concat, fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { type AesKeyLength, tableAes } from '#base/crypto/index.ts';
import { type Random, seededRandom } from '#base/port/index.ts';
import { decodeCommand } from '#protocol/apdu/index.ts';
import type { VectorCase } from '#test/vectors.ts';
import type { CardSession } from './card-session.ts';
import type { HostSession } from './host-session.ts';
import type { MessagingOptions } from './messaging.ts';
import { type StaticKeys, staticKeys } from './scp03.ts';
import { Scp03Card } from './scp03-card.ts';
import { Scp03Host } from './scp03-host.ts';
import { type MacLength, type SecurityLevel, securityLevel } from './session.ts';

// Hosts and cards for the tests of this room; no part of the product.

/** A source that gives exactly these octets: the chosen challenge of a vector. */
export function fixedRandom(...draws: readonly Uint8Array[]): Random {
  let next = 0;
  return {
    octets(length) {
      const draw = draws[next++];
      assert.equal(draw?.length, length);
      return draw as Uint8Array;
    },
  };
}

export function staticKeysOf(vector: VectorCase, version: number): StaticKeys {
  const { enc, mac, dek } = vector['keys'];
  return staticKeys(tableAes, { version, enc: fromHex(enc), mac: fromHex(mac), dek: fromHex(dek) });
}

function levelOf(vector: VectorCase): SecurityLevel {
  const level = securityLevel(Number.parseInt(vector['security_level'], 16));
  assert.ok(level !== undefined);
  return level;
}

export const macLengthOf = (vector: VectorCase): MacLength => (vector['mode'] === 'S16' ? 16 : 8);

/** The host of a published session, up to the open session. */
export function openVectorHost(vector: VectorCase): HostSession {
  const kvn = Number.parseInt(vector['parsed'].kvn, 16);
  const host = new Scp03Host({
    aes: tableAes,
    keys: staticKeysOf(vector, kvn),
    random: fixedRandom(fromHex(vector['parsed'].host_challenge)),
    securityLevel: levelOf(vector),
    challengeLength: macLengthOf(vector),
    defaultKeySet: vector['parsed'].kvn_requested === '00',
    ...(vector['card_challenge_derivation'] && { application: fromHex(vector['card_challenge_derivation'].aid) }),
  });
  assert.equal(toHex(host.start()).toLowerCase(), vector['initialize_update_command']);
  const authenticate = host.receive(fromHex(vector['initialize_update_response']));
  assert.equal(authenticate.kind, 'send');
  if (authenticate.kind === 'send')
    assert.equal(toHex(authenticate.command).toLowerCase(), vector['external_authenticate_command']);
  const opened = host.receive(fromHex(vector['external_authenticate_response']));
  assert.ok(opened.kind === 'open');
  if (vector['card_challenge_derivation'])
    assert.equal(opened.sequenceCounter, Number.parseInt(vector['parsed'].sequence_counter, 16));
  return opened.session;
}

/** The card of a published session: its challenge comes from the sequence counter, or is put in where the AID is not published. */
export function vectorCard(vector: VectorCase): Scp03Card {
  const { parsed } = vector;
  const kvn = Number.parseInt(parsed.kvn, 16);
  const derivation = vector['card_challenge_derivation'];
  const keys = staticKeysOf(vector, kvn);
  return new Scp03Card({
    aes: tableAes,
    keySet: (version) => (version === kvn || version === 0 ? keys : undefined),
    parameterI: parameterIOf(vector),
    application: derivation ? fromHex(derivation.aid) : NO_OCTETS,
    counter: { next: () => Number.parseInt(parsed.sequence_counter, 16) },
    random: fixedRandom(fromHex(parsed.card_challenge)),
    diversification: fromHex(parsed.diversification_data),
    levels: [levelOf(vector)],
  });
}

const parameterIOf = (vector: VectorCase) =>
  Number.parseInt(vector['parsed'].i, 16) & (vector['card_challenge_derivation'] ? 0xff : ~0x10);

/** The card of a published session, up to the open session. */
export function openVectorCard(vector: VectorCase): CardSession {
  const card = vectorCard(vector);
  const answer = toHex(card.process(decodeCommand(fromHex(vector['initialize_update_command']))).response);
  const expected = fromHex(vector['initialize_update_response']);
  if (vector['card_challenge_derivation']) assert.equal(answer, toHex(expected));
  else {
    // Same octets but for i and the sequence counter that an i without bit 10 does not have.
    expected[12] = parameterIOf(vector);
    assert.equal(answer, toHex(concat(expected.subarray(0, -5), fromHex('9000'))));
  }
  const opened = card.process(decodeCommand(fromHex(vector['external_authenticate_command'])));
  assert.equal(toHex(opened.response), vector['external_authenticate_response'].toUpperCase());
  assert.ok(opened.session !== undefined);
  return opened.session;
}

/** A host and a card with the same keys, made of a seed. */
export interface Scp03Pair {
  readonly host: Scp03Host;
  readonly card: Scp03Card;
  readonly keys: StaticKeys;
}

/** What a pair differs in. */
export interface PairOptions {
  readonly level?: SecurityLevel;
  readonly length?: MacLength;
  readonly keyLength?: AesKeyLength;
  readonly messaging?: MessagingOptions;
  readonly parameterI?: number;
}

const APPLICATION = fromHex('F0415353415902');

/** A pair that has not spoken yet. */
export function scp03Pair(seed: string, options: PairOptions = {}): Scp03Pair {
  const { level = 0x33, length = 8, keyLength = 16, messaging } = options;
  const random = seededRandom(seed);
  const key = () => random.octets(keyLength);
  const keys = staticKeys(tableAes, { version: 0x30, enc: key(), mac: key(), dek: key() });
  let counter = 0;
  const card = new Scp03Card({
    aes: tableAes,
    keySet: (version) => (version === 0x30 || version === 0 ? keys : undefined),
    parameterI: options.parameterI ?? (length === 16 ? 0x71 : 0x70),
    application: APPLICATION,
    counter: { next: () => ++counter },
    random,
    diversification: new Uint8Array(10),
    levels: [level],
  });
  const host = new Scp03Host({
    aes: tableAes,
    keys,
    random,
    securityLevel: level,
    challengeLength: length,
    ...(messaging && { messaging }),
  });
  return { host, card, keys };
}

/** A pair with its session open on both sides. */
export function scp03Sessions(
  seed: string,
  options: PairOptions = {},
): { readonly host: HostSession; readonly card: CardSession; readonly octets: number } {
  const pair = scp03Pair(seed, options);
  const first = pair.host.start();
  const challenge = pair.card.process(decodeCommand(first)).response;
  const authenticate = pair.host.receive(challenge);
  assert.ok(authenticate.kind === 'send');
  const answer = pair.card.process(decodeCommand(authenticate.command));
  const opened = pair.host.receive(answer.response);
  assert.ok(opened.kind === 'open' && answer.session !== undefined);
  const octets = first.length + challenge.length + authenticate.command.length + answer.response.length;
  return { host: opened.session, card: answer.session, octets };
}
