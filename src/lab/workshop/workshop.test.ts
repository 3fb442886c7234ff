import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { concat, fromHex, NO_OCTETS } from '#base/codec/index.ts';
import { aesSiv, generateKeyPair, nodeAes, publicPoint, sp800108CounterCmac } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { fixedClock, ramMemory, seededRandom } from '#base/port/index.ts';
import { cardMemory, imageSeal, NEWEST_STATE_OCTETS, sealImage } from '#handset/card/index.ts';
import { blankSupport, SUPPORT_MEMORY_SIZE } from '#handset/storage-support/index.ts';
import { InUse, Workshop, WorkshopError } from './index.ts';

const random = seededRandom('workshop');
const clock = fixedClock(Date.UTC(2026, 10, 24));
const authorities = [
  { caIdentifier: fromHex('4F50'), publicPoint: publicPoint(generateKeyPair('P-256', random).publicKey) },
];
const IDENTITY = 'A1A2A3A4A5A6A7A8';
const order = { imei: Imei.parse('35674108990011'), identity: fromHex(IDENTITY), authorities };

function workshop(context: TestContext): { readonly shop: Workshop; readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'assay-workshop-'));
  context.after(() => rmSync(directory, { recursive: true }));
  return { shop: new Workshop(directory, { random, clock }), directory };
}

test("a maker's root and supports are kept in files of their owner; another workshop over the directory finds them", (context) => {
  const { shop, directory } = workshop(context);
  assert.equal(shop.provision(order), IDENTITY);
  const again = new Workshop(directory, { random, clock });
  assert.deepEqual(again.supports(), [IDENTITY]);
  assert.deepEqual(again.verify(IDENTITY), { lifeCycle: 'personalised', identity: fromHex(IDENTITY) });
  for (const file of ['factory/maker.key', `factory/supports/${IDENTITY}.card`])
    assert.equal(statSync(join(directory, file)).mode & 0o077, 0);
  assert.throws(() => again.provision(order), WorkshopError);
  assert.throws(() => again.openSupport('00'), WorkshopError);
});

test('a card is one process at a time; the note of a dead process, or of another with its number, is taken over', async (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  const note = join(directory, 'factory', 'supports', `${IDENTITY}.card.in-use`);
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await new Promise((resolve) => other.once('spawn', resolve));
  writeFileSync(note, `${other.pid} `);
  assert.throws(() => shop.openSupport(IDENTITY), InUse);
  if (process.platform === 'linux') {
    writeFileSync(note, `${other.pid} 1`);
    shop.openSupport(IDENTITY).close();
  }
  other.kill('SIGKILL');
  await new Promise((resolve) => other.once('exit', resolve));
  writeFileSync(note, `${other.pid} `);
  shop.openSupport(IDENTITY).close();
});

test("a maker's key that is none is an error that says so, not a new root", (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  writeFileSync(join(directory, 'factory', 'maker.key'), 'short');
  assert.throws(() => new Workshop(directory, { random, clock }).makerRoot, {
    name: 'WorkshopError',
    message: /48 octets/,
  });
});

test('an image is sealed: it shows nothing, and an older one, another card’s, or one without its keys is refused', (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  const other = 'B1B2B3B4B5B6B7B8';
  shop.provision({ ...order, identity: fromHex(other) });
  const path = (identity: string) => join(directory, 'factory', 'supports', `${identity}.card`);
  const keys = join(directory, 'card-keys');
  for (const name of ['image.key', `${IDENTITY}.card.newest`]) assert.equal(statSync(join(keys, name)).mode & 0o077, 0);
  assert.equal(statSync(keys).mode & 0o077, 0);
  const old = readFileSync(path(IDENTITY));
  assert.ok(!old.toString('hex').includes('654701980910'));
  const used = shop.openSupport(IDENTITY);
  // A handshake that is begun raises the lasting counter.
  used.card.reset();
  used.card.transmit(fromHex('00A4040008F04153534159020100'));
  used.card.transmit(fromHex('80503F0008010203040506070800'));
  used.close();
  const newest = readFileSync(path(IDENTITY));
  assert.notDeepEqual(newest, old);
  writeFileSync(path(IDENTITY), old);
  assert.throws(() => shop.openSupport(IDENTITY), { name: 'CardMemoryError', message: /it is an older image/ });
  writeFileSync(path(IDENTITY), readFileSync(path(other)));
  assert.throws(() => shop.openSupport(IDENTITY), { name: 'CardMemoryError', message: /damaged|older/ });
  writeFileSync(path(IDENTITY), newest);
  shop.openSupport(IDENTITY).close();
  renameSync(join(keys, 'image.key'), join(directory, 'kept'));
  const again = new Workshop(directory, { random, clock });
  assert.throws(() => again.openSupport(IDENTITY), { name: 'WorkshopError', message: /missing: restore it/ });
  renameSync(join(directory, 'kept'), join(keys, 'image.key'));
  again.openSupport(IDENTITY).close();
});

test('an image of an earlier card of the same name is refused, however much newer it is', (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  const path = join(directory, 'factory', 'supports', `${IDENTITY}.card`);
  const begun = (rounds: number) => {
    const { card, close } = shop.openSupport(IDENTITY);
    card.reset();
    card.transmit(fromHex('00A4040008F04153534159020100'));
    for (let i = 0; i < rounds; i++) card.transmit(fromHex('80503F0008010203040506070800'));
    close();
  };
  begun(300);
  const earlier = readFileSync(path);
  rmSync(path);
  shop.provision(order);
  const present = readFileSync(path);
  writeFileSync(path, earlier);
  assert.throws(() => shop.openSupport(IDENTITY), { name: 'CardMemoryError', message: /nothing that its key wrote/ });
  writeFileSync(path, present);
  begun(1);
});

test('a card from before images knew when they were made opens as it did', (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  const image = join(directory, 'factory', 'supports', `${IDENTITY}.card`);
  const key = nodeAes.key(readFileSync(join(directory, 'card-keys', 'image.key')));
  const fixed = concat(Buffer.from('assay card image\0'), Buffer.from(`${IDENTITY}.card`), Uint8Array.of(1, 0));
  const siv = aesSiv(sp800108CounterCmac(key, NO_OCTETS, fixed, 256));
  const [plain, before] = [ramMemory(SUPPORT_MEMORY_SIZE), ramMemory(SUPPORT_MEMORY_SIZE)];
  blankSupport(cardMemory(plain), { enc: new Uint8Array(16), mac: new Uint8Array(16), dek: new Uint8Array(16) });
  const newest = ramMemory(NEWEST_STATE_OCTETS);
  sealImage(plain, before, imageSeal({ siv, newest }));
  writeFileSync(image, before.read(0, SUPPORT_MEMORY_SIZE));
  writeFileSync(join(directory, 'card-keys', `${IDENTITY}.card.newest`), newest.read(0, NEWEST_STATE_OCTETS));
  for (const _ of [1, 2]) shop.openSupport(IDENTITY).close();
});

test('images that were made before there were keys are sealed at the first start, one that appears later is refused', (context) => {
  const { shop, directory } = workshop(context);
  shop.provision(order);
  const path = join(directory, 'factory', 'supports', `${IDENTITY}.card`);
  const plain = ramMemory(SUPPORT_MEMORY_SIZE);
  blankSupport(cardMemory(plain), { enc: new Uint8Array(16), mac: new Uint8Array(16), dek: new Uint8Array(16) });
  const forged = plain.read(0, SUPPORT_MEMORY_SIZE);
  writeFileSync(path, forged);
  assert.throws(() => shop.openSupport(IDENTITY), { name: 'CardMemoryError', message: /expected version 2, got 1/ });
  // A data directory of before: no keys at all.
  rmSync(join(directory, 'card-keys'), { recursive: true });
  const cardKeys = join(directory, 'elsewhere');
  const later = new Workshop(directory, { random, clock, cardKeys });
  later.openSupport(IDENTITY).close();
  assert.notDeepEqual(new Uint8Array(readFileSync(path)), forged);
  new Workshop(directory, { random, clock, cardKeys }).openSupport(IDENTITY).close();
});
