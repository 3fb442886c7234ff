import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { compressedPoint, generateKeyPair, publicPoint, tableAes } from '#base/crypto/index.ts';
import { seededRandom } from '#base/port/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { readPersonalisation, type ToolkitApplication, USUAL_POLICY, uicc } from '#handset/uicc/index.ts';
import {
  acknowledgement,
  answer,
  MOST_ROOTS,
  rootName,
  type SentRoots,
  trustDigest,
} from '#protocol/imei-lock/index.ts';
import { uiccMedium } from '#test/trust/pair.ts';
import { Credentials } from './credentials.ts';
import { imeiLock } from './imei-lock.ts';
import type { Pairing } from './pairing.ts';

const random = seededRandom('roots');
/** Root number `number`, as an order carries it and as a UICC keeps it. */
function root(number: number) {
  const { publicKey } = generateKeyPair('P-256', random);
  const caIdentifier = Uint8Array.of(0x4d, number);
  return {
    sent: { caIdentifier, publicPoint: compressedPoint(publicKey) },
    kept: { caIdentifier, publicPoint: publicPoint(publicKey) },
  };
}
const [OLD, NEW, THIRD] = [root(1), root(2), root(3)];
const NOT_UNDERSTOOD = '016A80';

/** A UICC that came with one root, and its lock. */
function locked() {
  const medium = uiccMedium({ makerRoots: [OLD.kept] });
  const start = () => {
    const memory = cardMemory(medium);
    const made: { lock?: ToolkitApplication } = {};
    const application = (port: Parameters<typeof imeiLock>[0]) => {
      made.lock = imeiLock(port, tableAes);
      return made.lock;
    };
    uicc({ memory, random: seededRandom('uicc'), application }).reset();
    const give = (trust: SentRoots | undefined, order: 'setRoots' | 'permit' = 'setRoots') =>
      toHex(
        made.lock?.secured(answer.encode({ version: 'one', direction: 'answer', order, ...(trust && { trust }) })) ??
          new Uint8Array(0),
      );
    const believed = () => readPersonalisation(memory)?.makerRoots;
    return { give, believed };
  };
  return { start, image: () => toHex(medium.read(0, medium.size)) };
}
const roots = (...given: readonly ReturnType<typeof root>[]): SentRoots => ({ roots: given.map(({ sent }) => sent) });
const digestIn = (data: string) => acknowledgement.decode(fromHex(data).slice(3)).trustDigest;

test('an order replaces all roots, its acknowledgement says which hold, and they are there after power off', () => {
  const { start } = locked();
  const { give, believed } = start();
  assert.deepEqual(believed(), [OLD.kept]);
  const told = digestIn(give(roots(NEW, THIRD)));
  assert.deepEqual(told, trustDigest([THIRD.kept, NEW.kept]), 'whatever the order');
  assert.deepEqual(believed(), [NEW.kept, THIRD.kept]);
  const later = start();
  assert.deepEqual(later.believed(), [NEW.kept, THIRD.kept]);
  assert.deepEqual(digestIn(later.give(roots(OLD))), trustDigest([OLD.kept]));
});

test('the same roots again write nothing, and are acknowledged', () => {
  const { start, image } = locked();
  const { give } = start();
  const before = image();
  assert.deepEqual(digestIn(give(roots(OLD))), trustDigest([OLD.kept]));
  assert.equal(image(), before);
});

test('an order that would leave it without a root, or that is wrong in any part, changes nothing', () => {
  const { start, image } = locked();
  const { give, believed } = start();
  const before = image();
  const noPoint = { ...NEW.sent, publicPoint: fromHex(`02${'FF'.repeat(32)}`) };
  for (const wrong of [
    undefined,
    roots(),
    roots(...Array.from({ length: MOST_ROOTS + 1 }, (_, number) => root(number + 10))),
    { roots: [NEW.sent, { ...THIRD.sent, caIdentifier: NEW.sent.caIdentifier }] },
    { roots: [NEW.sent, noPoint] },
  ])
    assert.equal(give(wrong), NOT_UNDERSTOOD);
  assert.equal(give(roots(NEW), 'permit'), NOT_UNDERSTOOD, 'roots come by their own order');
  assert.deepEqual(believed(), [OLD.kept]);
  assert.equal(image(), before);
});

test('as many roots as a UICC keeps fit into it', () => {
  const { give, believed } = locked().start();
  const many = Array.from({ length: MOST_ROOTS }, (_, number) => root(number + 20));
  assert.notEqual(give(roots(...many)), NOT_UNDERSTOOD);
  assert.equal(believed()?.length, MOST_ROOTS);
});

test('keys of a pairing are used only while its root is believed; one that does not say its root only until an order came', () => {
  const credentials = new Credentials({ policy: USUAL_POLICY, makerRoots: [OLD.kept] }, tableAes, random);
  const named = { ...PAIRING, origin: { root: rootName(OLD.kept), certificate: new Uint8Array(6) } };
  assert.equal(credentials.usable(named, true), named);
  assert.equal(credentials.usable(PAIRING, false), PAIRING);
  assert.equal(credentials.usable(PAIRING, true).keyVersion, 0);
  credentials.believe([NEW.kept]);
  const { keyVersion, enc, support } = credentials.usable(named, true);
  assert.deepEqual([keyVersion, enc, support], [0, new Uint8Array(16), PAIRING.support]);
  credentials.believe([NEW.kept, OLD.kept]);
  assert.equal(credentials.usable(named, true), named, 'believed again');
});

const key = new Uint8Array(16).fill(9);
const PAIRING: Pairing = {
  ...{ support: fromHex('A1A2A3A4A5A6A7A8'), imei: fromHex('1A32547698103254'), counter: 7 },
  ...{ keyVersion: 0x30, enc: key, mac: key, dek: key },
};
