import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, NO_OCTETS, toHex } from '#base/codec/index.ts';
import { nodeAes, tableAes } from '#base/crypto/index.ts';
import { type NonVolatile, seededRandom } from '#base/port/index.ts';
import { type Card, encodeCommand, SW } from '#protocol/apdu/index.ts';
import { PROOF_BY_DELIVER_REPORT, securedCommand, writeRemoteScript } from '#protocol/ota/index.ts';
import { putKey, Scp03Host, type StaticKeyOctets, staticKeys } from '#protocol/secure-channel/index.ts';
import { terminalProfile } from '#protocol/usat/index.ts';
import { commandsIn } from '#test/trust/command-rows.ts';
import { type CardKind, guess, tearBoth, titleOf, type WritingCommand } from '#test/trust/tearing.ts';
import { uicc } from '../index.ts';
import { envelopes } from '../ota.fixture.ts';
import { readWhole } from '../reading.fixture.ts';
import { withData } from '../uicc.fixture.ts';
import {
  fields,
  ISSUER_KEYS,
  installDomain,
  managedMedium,
  OTHER_KEYS,
  PACKET_KEYS,
  SELECT_ISSUER,
  SUPPLEMENTARY,
  Tool,
} from './card-management.fixture.ts';
import { channelState, keyStateKey } from './memory.ts';
import { ISSUER } from './registry.ts';

const OTHER_DOMAIN = `${SUPPLEMENTARY.slice(0, -2)}02`;
const lv = (octets: string) => (octets.length / 2).toString(16).padStart(2, '0') + octets;

function powerOn(memory: Parameters<CardKind['powerOn']>[0]): Card {
  const card = uicc({ memory, random: seededRandom('torn') });
  card.reset();
  return card;
}

/** A session of the issuer, under its keys or, once they were replaced, the others; undefined when it gives none. */
function opened(card: Card): Tool | undefined {
  const tool = new Tool(card);
  for (const keys of [ISSUER_KEYS, REPLACED]) {
    tool.send(SELECT_ISSUER);
    if (tool.open(keys) === SW.ok) return tool;
  }
  return undefined;
}
const REPLACED: StaticKeyOctets = { ...OTHER_KEYS, version: 0x31 };

let medium: NonVolatile | undefined;
const MANAGED: CardKind = {
  personalised() {
    medium ??= managedMedium();
    return medium;
  },
  powerOn,
  dump(card) {
    const open = ['E0', 'C1', 'CF', '42', '45'].map((tag) => new Tool(card).send(`80CA00${tag}00`));
    const tool = opened(card);
    const inside = ['80F28002024F0000', '80F24002024F0000', '80F22002024F0000'].map((one) => tool?.secure(one));
    return [...open, ...inside, readWhole(card)].join('\n');
  },
};

/** Inside a session of the issuer: commands that must succeed, then the one that is torn. */
const inSession =
  (prepared: readonly string[], act: (tool: Tool) => string): WritingCommand['ready'] =>
  (card) => {
    const tool = opened(card);
    assert.ok(tool !== undefined, 'expected a session of the issuer');
    for (const one of prepared) assert.match(tool.secure(one), /9000$/, one);
    return () => act(tool);
  };
const secured = (prepared: readonly string[], command: string) => inSession(prepared, (tool) => tool.secure(command));

/** EXTERNAL AUTHENTICATE after an honest challenge, with the right cryptogram or a wrong one. */
const authenticating =
  (isRight: boolean): WritingCommand['ready'] =>
  (card) => {
    new Tool(card).send(SELECT_ISSUER);
    const host = new Scp03Host({
      ...{ aes: tableAes, keys: staticKeys(tableAes, ISSUER_KEYS), random: seededRandom('host') },
      ...{ securityLevel: 0x03, challengeLength: 8, application: fromHex('A000000151000000') },
    });
    const step = host.receive(card.transmit(host.start()));
    // A key set that was closed gives no challenge.
    const right = step.kind === 'send' ? step.command : fromHex('8482330010'.padEnd(42, '0'));
    const command = isRight ? right : Uint8Array.from(right, (octet, i) => (i === 6 ? octet ^ 1 : octet));
    return () => toHex(card.transmit(command));
  };

/** A packet from the operator with a script; its ENVELOPE. */
const scripted =
  (tar: string, ...commands: readonly string[]): WritingCommand['ready'] =>
  (card) => {
    const tool = new Tool(card);
    tool.send(withData('80100000', terminalProfile(['profileDownload'])));
    const packet = securedCommand(
      {
        ...{ tar: fromHex(tar), counter: 1, counterMode: 'higher', keySet: PACKET_KEYS.version },
        proof: PROOF_BY_DELIVER_REPORT,
      },
      { cipher: nodeAes.key(PACKET_KEYS.first), check: nodeAes.key(PACKET_KEYS.second) },
      writeRemoteScript('definite', commands.map(fromHex)),
    );
    const all = envelopes({ kind: 'command', packet });
    for (const one of all.slice(0, -1)) tool.send(one);
    return () => tool.send(all.at(-1) ?? '');
  };
const remotePutKey = toHex(
  encodeCommand(putKey(tableAes, tableAes.key(PACKET_KEYS.dek), 0, OTHER_KEYS, seededRandom('filler'))),
);

const [COUNTED, DONE] = [/9000$/, /^(00)?9000$/];
/** The counter of the packet, or a try, and then what follows from it. */
const COUNTED_FIRST = 2;

const WRITING: readonly WritingCommand[] = [
  {
    command: 'INITIALIZE UPDATE',
    ready(card) {
      const tool = new Tool(card);
      tool.send(SELECT_ISSUER);
      return () => tool.send('8050000008010203040506070800');
    },
    answer: /9000$/,
  },
  { command: 'EXTERNAL AUTHENTICATE', ready: authenticating(true), answer: DONE, changes: COUNTED_FIRST },
  { command: 'EXTERNAL AUTHENTICATE', case: 'a wrong one', ready: authenticating(false), answer: /^6300$/ },
  { command: 'PUT KEY', case: 'that adds', ready: inSession([], (tool) => tool.putKeys(OTHER_KEYS)), answer: COUNTED },
  {
    ...{ command: 'PUT KEY', case: 'in place of the keys in use' },
    ready: inSession([], (tool) => tool.putKeys(REPLACED, ISSUER_KEYS.version)),
    answer: COUNTED,
  },
  { command: 'STORE DATA', ready: secured([], '80E290000A42020901450409080706'), answer: DONE },
  { command: 'INSTALL', ready: secured([], installDomain(SUPPLEMENTARY)), answer: DONE },
  {
    ...{ command: 'INSTALL', case: 'for extradition' },
    ready: secured(
      [installDomain(SUPPLEMENTARY), installDomain(OTHER_DOMAIN)],
      `80E61000${lv(fields(OTHER_DOMAIN, '', SUPPLEMENTARY, '', '', ''))}00`,
    ),
    answer: DONE,
  },
  {
    ...{ command: 'DELETE', case: 'of a domain' },
    ready: secured([installDomain(SUPPLEMENTARY)], `80E40080124F10${SUPPLEMENTARY}00`),
    answer: DONE,
  },
  {
    ...{ command: 'DELETE', case: 'of a key set' },
    ready: inSession([], (tool) => {
      return tool.secure('80E4000003D2010300');
    }),
    answer: DONE,
  },
  {
    ...{ command: 'SET STATUS', case: 'of a domain' },
    ready: secured([installDomain(SUPPLEMENTARY)], `80F0408010${SUPPLEMENTARY}`),
    answer: DONE,
  },
  { command: 'SET STATUS', case: 'card locked', ready: secured([], '80F0807F00'), answer: DONE },
  { command: 'SET STATUS', case: 'card unlocked', ready: secured(['80F0807F00'], '80F0800F00'), answer: DONE },
  { command: 'SET STATUS', case: 'card terminated', ready: secured([], '80F080FF00'), answer: DONE },
  {
    ...{ command: 'ENVELOPE', case: 'remote file management' },
    ready: scripted('B00001', '00A40004026F46', '00D6000006004173736179'),
    answer: /^027100.*9000$/,
    changes: COUNTED_FIRST,
  },
  {
    ...{ command: 'ENVELOPE', case: 'remote management: PUT KEY' },
    ready: scripted('000000', remotePutKey),
    answer: /^027100.*9000$/,
    changes: COUNTED_FIRST,
  },
  {
    ...{ command: 'ENVELOPE', case: 'remote management: STORE DATA and INSTALL' },
    ready: scripted('000000', '80E290000A42020901450409080706', installDomain(SUPPLEMENTARY)),
    answer: /^027100.*9000$/,
    changes: COUNTED_FIRST + 1,
  },
];
const READING = ['GET DATA', 'GET STATUS', 'LOAD'];

test('EXTERNAL AUTHENTICATE: a guess is counted before it is judged, wherever the power is cut (T22, T32)', () =>
  guess(MANAGED, {
    ...{ what: 'EXTERNAL AUTHENTICATE', ready: authenticating },
    tries: (memory) => channelState.decode(memory.get(keyStateKey(ISSUER, ISSUER_KEYS.version)) ?? NO_OCTETS).tries,
  }));

for (const command of WRITING) test(titleOf(command), () => tearBoth(MANAGED, command));

test('every command of card content management is torn here, or writes nothing', () => {
  const handshake = ['INITIALIZE UPDATE', 'EXTERNAL AUTHENTICATE', 'ENVELOPE'];
  const named = new Set([...WRITING.map(({ command }) => command), ...READING]);
  const rows = commandsIn(new URL('./content-management.ts', import.meta.url));
  assert.deepEqual([...named].sort(), [...rows, ...handshake].sort());
});
