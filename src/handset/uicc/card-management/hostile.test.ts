import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { type NonVolatile, ramMemory, seededRandom } from '#base/port/index.ts';
import { type CardMemory, cardMemory } from '#handset/card/index.ts';
import { decodeCommand, responseApdu } from '#protocol/apdu/index.ts';
import { uicc } from '../index.ts';
import {
  fields,
  ISSUER_KEYS,
  installDomain,
  managedCard,
  managedMedium,
  OTHER_KEYS,
  PACKET_KEYS,
  SELECT_ISSUER,
  SUPPLEMENTARY,
  Tool,
} from './card-management.fixture.ts';
import { keyStateKey, MANAGEMENT_KEY } from './memory.ts';
import { executeScript } from './script-execution.ts';

const octet = fc.nat(255);
const INSTRUCTIONS = fromHex('A4CAF2F0D8E2E4E6E88250 7810C2C0');
const instruction = fc.constantFrom(...INSTRUCTIONS);
const data = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom('4F00', '4F005C014F', '42020101', 'D20130', `4F10${SUPPLEMENTARY}`).map(fromHex),
  fc.constantFrom(installDomain(SUPPLEMENTARY)).map((apdu) => decodeCommand(fromHex(apdu)).data),
);
const command = fc
  .tuple(
    fc.constantFrom(0x00, 0x80, 0x84, 0x90, 0x04),
    instruction,
    fc.constantFrom(0, 0x0c, 0x20, 0x40, 0x80, 0x90),
    octet,
    data,
  )
  .map(([cla, ins, p1, p2, content]) =>
    concat(Uint8Array.of(cla, ins, p1, p2), content.length === 0 ? content : Uint8Array.of(content.length, ...content)),
  );

/** What no answer may hold: keys of sessions, of packets, and of a domain. */
const SECRETS = [
  ISSUER_KEYS.enc,
  ISSUER_KEYS.mac,
  ISSUER_KEYS.dek,
  PACKET_KEYS.first,
  PACKET_KEYS.second,
  PACKET_KEYS.dek,
].map((key) => toHex(key.subarray(0, 8)));

function watched(medium: NonVolatile) {
  const inner = cardMemory(medium);
  const changed = new Set<number>();
  const memory: CardMemory = {
    get: (key) => inner.get(key),
    get free() {
      return inner.free;
    },
    commit(changes) {
      for (const [key] of changes) changed.add(key);
      inner.commit(changes);
    },
  };
  return { memory, changed };
}

test('property: whatever comes outside a session, a domain answers, tells no key, and changes nothing but its counters', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(command, fc.uint8Array({ maxLength: 40 })), { maxLength: 30 }), (commands) => {
      const { memory, changed } = watched(managedMedium());
      const tool = managedCard(undefined, { memory });
      tool.send(SELECT_ISSUER);
      for (const octets of commands) {
        const response = toHex(tool.card.transmit(octets));
        assert.ok(response.length >= 4);
        for (const secret of SECRETS) assert.ok(!response.includes(secret), response);
      }
      for (const key of changed) assert.equal(key, keyStateKey(0, ISSUER_KEYS.version));
    }),
    { numRuns: 400, seed: 7 },
  );
});

test('property: whatever an authentic host sends, the card answers, tells no key, and can be managed afterwards', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 25 }), (commands) => {
      const tool = managedCard();
      tool.send(SELECT_ISSUER);
      assert.equal(tool.open(), 0x9000);
      for (const octets of commands) {
        const { cla, ins, p1 } = decodeCommand(octets);
        // Not what ends the session, and not what is meant to end the card's use.
        if (ins === 0xa4 || ins === 0x50 || ins === 0xc0 || (ins === 0xf0 && p1 === 0x80)) continue;
        const response = tool.secure(toHex(Uint8Array.of(cla & 0x80, ...octets.subarray(1))));
        for (const secret of SECRETS) assert.ok(!response.includes(secret), response);
      }
      tool.send(SELECT_ISSUER);
      assert.equal(tool.open(), 0x9000);
      assert.match(tool.secure('80F28002024F0000'), /^E3.*9000$/);
    }),
    { numRuns: 300, seed: 8 },
  );
});

test('property: whatever script comes over the air, it ends, within its bounds', () => {
  const script = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .uint8Array({ maxLength: 400 })
      .map((octets) => Uint8Array.of(0xaa, 0x82, octets.length >> 8, octets.length, ...octets)),
    fc.uint8Array({ maxLength: 400 }).map((octets) => Uint8Array.of(0xae, 0x80, ...octets, 0, 0)),
    fc.array(command, { maxLength: 60 }).map((commands) => concat(...commands)),
    fc.constantFrom(0x00, 0x22, 0xaa, 0xca, 0xff).map((fill) => new Uint8Array(65_535).fill(fill)),
  );
  fc.assert(
    fc.property(script, fc.nat(400), (octets, length) => {
      let served = 0;
      const answer = executeScript(octets, () => {
        served++;
        return responseApdu(0x9000, new Uint8Array(length));
      });
      assert.ok(served <= 255 && answer.length <= 2100, `${served} ${answer.length}`);
    }),
    { numRuns: 600, seed: 9 },
  );
});

/** A medium that loses power after so many octets. */
function cut(inner: NonVolatile, octetsLeft: number): NonVolatile {
  let left = octetsLeft;
  return {
    size: inner.size,
    read: (offset, length) => inner.read(offset, length),
    write(offset, octets) {
      inner.write(offset, octets.subarray(0, left));
      const isCut = octets.length > left;
      left = Math.max(0, left - octets.length);
      if (isCut) throw new Error('power lost');
    },
    flush: () => {},
  };
}

/** What card management keeps, but for counters: a session always raises one. */
function stateOf(medium: NonVolatile): string {
  const memory = cardMemory(medium);
  const counters = new Set([0x30, 0x31].map((version) => keyStateKey(0, version)));
  const records: string[] = [];
  for (let key: number = MANAGEMENT_KEY.profile; key < 0x6000; key++) {
    const value = counters.has(key) ? undefined : memory.get(key);
    if (value !== undefined) records.push(`${key.toString(16)}=${toHex(value)}`);
  }
  return records.join(' ');
}

const copyOf = (medium: NonVolatile): NonVolatile => {
  const copy = ramMemory(medium.size);
  copy.write(0, medium.read(0, medium.size));
  return copy;
};

/** Opens a session and sends commands as long as the power lasts. */
function manage(medium: NonVolatile, commands: (tool: Tool) => void): boolean {
  const card = uicc({ memory: cardMemory(medium), random: seededRandom('cut') });
  card.reset();
  const tool = new Tool(card);
  tool.send(SELECT_ISSUER);
  if (tool.open() !== 0x9000) return false;
  commands(tool);
  return true;
}

const lv = (octets: string) => (octets.length / 2).toString(16).padStart(2, '0') + octets;
const prepared = (() => {
  const medium = managedMedium();
  manage(medium, (tool) => {
    assert.equal(tool.secure(installDomain(SUPPLEMENTARY)), '009000');
    assert.equal(tool.secure(`80E62000${lv(fields('', '', SUPPLEMENTARY, '', '', ''))}00`), '009000');
    assert.equal(tool.secure('80E290000442020102'), '9000');
  });
  return medium;
})();

for (const [name, act] of [
  ['PUT KEY that adds', (tool: Tool) => tool.putKeys(OTHER_KEYS)],
  ['PUT KEY in place of the one in use', (tool: Tool) => tool.putKeys({ ...OTHER_KEYS, version: 0x31 }, 0x30)],
  ['STORE DATA of two objects', (tool: Tool) => tool.secure('80E290000A42020901450409080706')],
  ['INSTALL', (tool: Tool) => tool.secure(installDomain(`${SUPPLEMENTARY.slice(0, -2)}02`))],
  ['DELETE of a domain with its data', (tool: Tool) => tool.secure(`80E40080124F10${SUPPLEMENTARY}00`)],
  ['SET STATUS', (tool: Tool) => tool.secure(`80F0408010${SUPPLEMENTARY}`)],
] as const)
  test(`power cut at every octet of ${name}: all of it or nothing, and the card can be managed`, () => {
    const before = stateOf(prepared);
    const whole = copyOf(prepared);
    manage(whole, (tool) => assert.match(act(tool), /9000$/));
    const after = stateOf(whole);
    assert.notEqual(before, after);
    const seen = { before: 0, after: 0 };
    for (let octets = 0; ; octets++) {
      const survivor = copyOf(prepared);
      const medium = cut(survivor, octets);
      let answer = '';
      manage(medium, (tool) => {
        answer = act(tool);
      });
      const state = stateOf(survivor);
      assert.ok(state === before || state === after, `cut at ${octets}`);
      seen[state === before ? 'before' : 'after']++;
      const tool = managedCard(survivor);
      tool.send(SELECT_ISSUER);
      const keys = name.includes('in place') && state === after ? OTHER_KEYS : ISSUER_KEYS;
      assert.equal(tool.open(keys), 0x9000, `cut at ${octets}`);
      // What is acknowledged lasts.
      if (answer.endsWith('9000')) {
        assert.equal(state, after);
        break;
      }
    }
    assert.ok(seen.before > 20 && seen.after >= 1, JSON.stringify(seen));
  });
