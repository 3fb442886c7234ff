import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fromHex } from '#base/codec/index.ts';
import { generateKeyPair, publicPoint } from '#base/crypto/index.ts';
import { Imei } from '#base/identity/index.ts';
import { fixedClock, seededRandom } from '#base/port/index.ts';
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
