import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { cardMemory } from '#handset/card/index.ts';
import { SW } from '#protocol/apdu/index.ts';
import { ISSUER_DOMAIN_ALIAS } from '#protocol/card-management/index.ts';
import { loadVectors, type VectorCase } from '#test/vectors.ts';
import { AUTHENTICATE, RECORD, SELECT_USIM, subject } from '../uicc.fixture.ts';
import {
  fields,
  ISSUER_KEYS,
  installDomain,
  MANAGEMENT,
  managedCard,
  managedMedium,
  OTHER_KEYS,
  PACKET_KEYS,
  SELECT_ISSUER,
  SUPPLEMENTARY,
  Tool,
} from './card-management.fixture.ts';
import { channelState, keyStateKey } from './memory.ts';

const FCI = '6F10 8408A000000151000000 A5049F6501FF';
const SELECT_SUPPLEMENTARY = `00A4040010${SUPPLEMENTARY}00`;
const selected = (tool: Tool = managedCard()): Tool => {
  tool.send(SELECT_ISSUER);
  return tool;
};
const opened = (...how: Parameters<Tool['open']>): Tool => {
  const tool = selected();
  assert.equal(tool.open(...how), SW.ok);
  return tool;
};
const store = (p1: string, p2: string, data: string) => `80E2${p1}${p2}${lv(data)}`;
const lv = (data: string) => (data.length / 2).toString(16).padStart(2, '0') + data;

test('the first APDUs of GlobalPlatformPro and gpshell find the issuer security domain', () => {
  const tool = managedCard();
  tool.expect(
    ['00A4040000', `${FCI} 9000`],
    ['80CA9F7F00', `9F7F2A ${'00'.repeat(12)} 000010F9 ${'00'.repeat(26)} 9000`],
  );
});

test('what anyone may ask a security domain: recognition data, keys, numbers, counters; and nothing secret', () => {
  const tool = selected();
  tool.expect(
    [
      '80CA006600',
      '6631 732F 06072A864886FC6B01 600C060A2A864886FC6B0202030 1 63 09 06072A864886FC6B03 640B06092A864886FC6B040370 9000',
    ],
    [
      '80CA00E000',
      `E024 ${[1, 2, 3].map((id) => `C0040${id}038810`).join('')} ${[1, 2, 3].map((id) => `C0040${id}308810`).join('')} 9000`,
    ],
    ['80CA004200', '4204 89490010 9000'],
    ['80CA004500', '450A 8949001000000000019F 9000'],
    ['80CA00CF00', 'CF0A 00000000000000000000 9000'],
    ['80CA00C100', 'C103 000000 9000'],
    ['80CAFF2100', '6A88'],
    ['80CA000100', '6A88'],
  );
});

test('SELECT: both names, the file system as before, files while a domain is selected, toolkit commands too', () => {
  const tool = managedCard();
  tool.expect(
    [SELECT_ISSUER, `${FCI} 9000`],
    [`00A4040008${toHex(ISSUER_DOMAIN_ALIAS)}00`, `${FCI} 9000`],
    ['00A4040006A0000000040000', '6A82'],
    ['00A4000C023F00', '9000'],
    ['00B000000A', '6986'],
    ['00A4040000', `${FCI} 9000`],
    ['80F2000000', '6982'],
    ['80100000011F', '9000'],
    ['0088008122', '6D00'],
  );
  assert.match(tool.send(SELECT_USIM), /9000$/);
  const fileSystemFirst = managedCard(managedMedium({ emptySelect: 'masterFile' }));
  assert.match(fileSystemFirst.send('00A4040400'), /^62.*9000$/);
  assert.match(subject().send('00A4040400'), /^(62|61)/);
});

test('published sessions of gpshell with a card run against this one, octet for octet', () => {
  const published = loadVectors('scp03-sessions').filter(({ id }) => id.startsWith('kaoh-') && id !== 'kaoh-rmac-renc');
  assert.equal(published.length, 3);
  for (const vector of published) {
    const tool = selected(cardOf(vector));
    tool.expect(
      [vector['initialize_update_command'], vector['initialize_update_response']],
      [vector['external_authenticate_command'], vector['external_authenticate_response']],
    );
    for (const { name, command_wrapped } of vector['steps'])
      assert.match(tool.send(command_wrapped), name === 'delete' ? /^6A88$/ : /^E3.*9000$/);
  }
});

/** A card with the keys of a published session, whose counter stands where that card's stood. */
function cardOf(vector: VectorCase): Tool {
  const { enc, mac, dek } = vector['keys'];
  const keySet = { version: 0x30, first: fromHex(enc), second: fromHex(mac), dek: fromHex(dek) };
  const medium = managedMedium({ keySets: [keySet] });
  const sequence = Number.parseInt(vector['parsed'].sequence_counter, 16) - 1;
  cardMemory(medium).commit([[keyStateKey(0, 0x30), channelState.encode({ sequence, tries: 10 })]]);
  return managedCard(medium);
}

test('SCP03 at every level; none at all is refused, and less than the profile demands', () => {
  for (const level of [0x01, 0x03, 0x11, 0x13, 0x33] as const) {
    const tool = opened(ISSUER_KEYS, level);
    assert.equal(tool.secure('80F28002024F0000'), 'E3134F08A0000001510000009F70010FC5039C00009000');
  }
  assert.equal(selected().open(ISSUER_KEYS, 0x00), SW.conditionsOfUseNotSatisfied);
  const strict = () => selected(managedCard(managedMedium({ minimumSession: 0x13 })));
  assert.equal(strict().open(ISSUER_KEYS, 0x03), SW.conditionsOfUseNotSatisfied);
  assert.equal(strict().open(ISSUER_KEYS, 0x11), SW.conditionsOfUseNotSatisfied);
  assert.equal(strict().open(ISSUER_KEYS, 0x33), SW.ok);
});

test('outside a session nothing is managed; a broken command ends it; INITIALIZE UPDATE and SELECT begin anew', () => {
  const tool = selected();
  for (const command of ['80F28002024F0000', '80D80081010000', '80E60C000100', '80E40000024F0000', '80E2800001AA'])
    assert.equal(tool.send(command), '6982', command);
  tool.expect(
    ['80E8000001AA', '6982'],
    ['84F28002024F0000', '6982'],
    ['8082330010', '6D00'],
    ['00F28002024F0000', '6E00'],
  );
  assert.equal(tool.open(), SW.ok);
  const wrapped = tool.wrapped('80F28002024F0000');
  wrapped[wrapped.length - 2] = (wrapped[wrapped.length - 2] as number) ^ 1;
  tool.expect([toHex(wrapped), '6982'], ['80CA006600', '6982']);
  assert.equal(tool.open(), SW.ok);
  selected(tool);
  tool.expect(['84F28002024F0000', '6982']);
});

test('wrong keys: ten failures in a row close a key set, counted before they are judged; a right one gives all back', () => {
  const medium = managedMedium();
  const wrong = { ...ISSUER_KEYS, enc: OTHER_KEYS.enc, mac: OTHER_KEYS.mac };
  /** EXTERNAL AUTHENTICATE of nonsense after an honest challenge. */
  const fail = (tool: Tool) => {
    tool.send('80500000080102030405060708');
    return tool.send('8482330010000102030405060708090A0B0C0D0E0F');
  };
  const tool = selected(managedCard(medium));
  for (let tries = 0; tries < 9; tries++) assert.equal(fail(tool), '6300');
  assert.equal(tool.open(wrong), SW.ok, 'a host that sees the wrong cryptogram sends nothing');
  assert.equal(tool.open(), SW.ok);
  for (let tries = 0; tries < 10; tries++) assert.equal(fail(selected(managedCard(medium))), '6300');
  assert.equal(selected(managedCard(medium)).open(), SW.authenticationMethodBlocked);
  tool.expect(['8482330010000102030405060708090A0B0C0D0E0F', '6982']);
});

test('a handshake that began before its key set was closed gives no further guess, and no try back', () => {
  const tool = selected(managedCard());
  tool.expect(['0070000001', '01 9000']);
  const other = selected(new Tool(tool.card, 1));
  const begin = '80500000080102030405060708';
  const nonsense = '8482330010000102030405060708090A0B0C0D0E0F';
  for (let tries = 0; tries < 9; tries++) {
    tool.send(begin);
    tool.expect([nonsense, '6300']);
  }
  assert.match(other.send(begin), /9000$/);
  tool.send(begin);
  tool.expect([nonsense, '6300']);
  // At a level that is no level, a guess is no guess, and would have its try back.
  other.expect(['8482FF0010000102030405060708090A0B0C0D0E0F', '6983'], [nonsense, '6985']);
  for (const either of [tool, other]) assert.equal(either.open(), SW.authenticationMethodBlocked);
});

test('GET STATUS: issuer, applications, load files, modules; tag lists, searches, the form without tags', () => {
  const tool = opened();
  const lock = 'F041535341593101';
  tool.expectSecure(
    ['80F24002024F0000', `E31D 4F08${lock} 9F700107 C503000000 CC08A000000151000000 9000`],
    ['80F22002024F0000', 'E317 4F07A0000001515350 9F700101 CC08A000000151000000 9000'],
    ['80F21002024F0000', 'E321 4F07A0000001515350 9F700101 8408A000000151535041 CC08A000000151000000 9000'],
    ['80F24002094F03F041535C024F9F00', `E30A 4F08${lock} 9000`],
    ['80F240020A4F03F041535C034F9F7000', `E30E 4F08${lock} 9F700107 9000`],
    ['80F24002074F05A00000009900', '6A88'],
    ['80F28000024F0000', '08A000000151000000 0F 9C 9000'],
    ['80F21000024F0000', '07A0000001515350 01 00 01 08A000000151535041 9000'],
    ['80F23002024F0000', '6A86'],
    ['80F24004024F0000', '6A86'],
    ['80F24003024F0000', '6985'],
    ['80F2400202004F00', '6A80'],
  );
});

test('GET STATUS in parts: whole lines, 6310 while there are more, and nothing after another command', () => {
  const tool = opened();
  for (let number = 1; number <= 6; number++)
    assert.equal(tool.secure(installDomain(`A00000015153504100000000B1B2B30${number}`)), '009000');
  assert.equal(tool.secure(installDomain('A00000015153504100000000B1B2B307')), '6A84');
  const first = tool.secure('80F24002024F0000');
  assert.match(first, /6310$/);
  const second = tool.secure('80F24003024F0000');
  assert.match(second, /9000$/);
  const lines = first.slice(0, -4) + second.slice(0, -4);
  assert.equal(lines.match(/A00000015153504100000000B1B2B30/g)?.length, 6);
  assert.equal(tool.secure('80F24003024F0000'), '6985');
});

test('INSTALL makes a security domain that is selected, opened with the keys above it, given its own, and deleted', () => {
  const tool = opened();
  tool.expectSecure(
    [installDomain(SUPPLEMENTARY), '009000'],
    [installDomain(SUPPLEMENTARY), '6985'],
    [
      '80F240020C4F0AA0000001515350410000 00'.replaceAll(' ', ''),
      `E32E 4F10${SUPPLEMENTARY} 9F700107 C503800000 C407A0000001515350 CC08A000000151000000 9000`,
    ],
  );
  tool.expect([SELECT_SUPPLEMENTARY, `6F18 8410${SUPPLEMENTARY} A5049F6501FF 9000`]);
  const aid = fromHex(SUPPLEMENTARY);
  assert.equal(tool.open(ISSUER_KEYS, 0x03, aid), SW.ok);
  assert.match(tool.putKeys(OTHER_KEYS), /9000$/);
  assert.equal(tool.open(ISSUER_KEYS, 0x03, aid), SW.referencedDataNotFound);
  assert.equal(tool.open(OTHER_KEYS, 0x03, aid), SW.ok);
  // It manages itself alone.
  tool.expectSecure(
    ['80F28002024F0000', '6A88'],
    ['80F24002024F0000', `E32E 4F10${SUPPLEMENTARY} 9F70010F C503800000 C407A0000001515350 CC08A000000151000000 9000`],
    [installDomain(`${SUPPLEMENTARY.slice(0, -2)}02`), '6985'],
    [`80E40000124F10${SUPPLEMENTARY}00`, '6985'],
    ['80F0807F00', '6985'],
    [store('90', '00', '5F500468747470'), '9000'],
    ['80CA5F5000', '5F5004 68747470 9000'],
  );
  selected(tool);
  assert.equal(tool.open(), SW.ok);
  tool.expectSecure([`80E40080124F10${SUPPLEMENTARY}00`, '009000'], [`80E40080124F10${SUPPLEMENTARY}00`, '6A88']);
  tool.expect([SELECT_SUPPLEMENTARY, '6A82']);
});

test('INSTALL refuses what is not here: code, other packages, privileges, names that would hide a USIM', () => {
  const tool = opened();
  const load = lv(fields('A000000001', '', '', '', ''));
  tool.expectSecure(
    [`80E60200${load}00`, '6A81'],
    ['80E8800004C4020000', '6985'],
    [installDomain('A0000000871002FFFFFFFF8907090000'), '6A80'],
    [installDomain('A0000000871002'), '6A80'],
    [installDomain('F041535341593101'), '6985'],
    [installDomain('A000000003000000'), '6985'],
    [installDomain('A0000001'), '6A80'],
    [installDomain(SUPPLEMENTARY, '0C', 'A0'), '6A80'],
    [installDomain(SUPPLEMENTARY, '0C', '800080'), '6A80'],
    [installDomain(SUPPLEMENTARY, '0C', '80', 'C90481020200'), '6A80'],
    [installDomain(SUPPLEMENTARY, '0C', '80', 'EA028000'), '6A80'],
    [`80E60C00${lv(fields('A000000001', 'A000000001', SUPPLEMENTARY, '80', '', ''))}00`, '6A88'],
    ['80E60C0003070102', '6A80'],
    ['80E6FF0001AA', '6A86'],
    ['80E60C0101AA', '6A86'],
  );
});

test('INSTALL in steps, for extradition, and for personalization with STORE DATA in blocks and groups', () => {
  const tool = opened();
  const other = `${SUPPLEMENTARY.slice(0, -2)}02`;
  const target = (p1: string, first: string, aid: string) => `80E6${p1}00${lv(fields(first, '', aid, '', '', ''))}00`;
  tool.expectSecure([installDomain(SUPPLEMENTARY, '04'), '009000'], [installDomain(other), '009000']);
  tool.expect([SELECT_SUPPLEMENTARY, '6A82']);
  selected(tool);
  tool.open();
  tool.expectSecure(
    [target('08', '', SUPPLEMENTARY), '009000'],
    [target('08', '', SUPPLEMENTARY), '6985'],
    [target('10', other, SUPPLEMENTARY), '009000'],
    [target('10', SUPPLEMENTARY, other), '6985'],
    [target('10', other, other), '6985'],
    [target('10', 'A000000999', other), '6A88'],
    [target('10', other, 'F041535341593101'), '6985'],
    [`80E40000124F10${other}00`, '6985'],
    // The objects of a domain, in two blocks of one grouping; a broken second block ends it.
    [target('20', '', SUPPLEMENTARY), '009000'],
    [store('08', '00', '0070084203'), '9000'],
    [store('88', '00', '010203450109'), '6A86'],
    [target('20', '', SUPPLEMENTARY), '009000'],
    [store('08', '00', '0070084203'), '9000'],
    [store('88', '01', '010203450109'), '9000'],
    ['80CA004200', '420489490010 9000'],
    [store('90', '00', '420155'), '9000'],
    ['80CA004200', '420155 9000'],
    [target('20', '', 'F041535341593101'), '6985'],
    [store('90', '01', '420155'), '6A86'],
    [store('E0', '00', '420155'), '6A86'],
    [store('90', '00', '660155'), '6A88'],
    [store('90', '00', '4200'), '6A80'],
    [store('88', '00', '0071034201AA'), '6A80'],
    [store('88', '00', '0070FF00034201AA'), '9000'],
  );
  tool.expect(
    [SELECT_SUPPLEMENTARY, `6F18 8410${SUPPLEMENTARY} A5049F6501FF 9000`],
    ['80CA004200', '4203010203 9000'],
    ['80CA004500', '450109 9000'],
  );
});

test('PUT KEY adds, replaces and moves key sets; check values, versions and the last set are guarded', () => {
  const tool = opened();
  const packets = { ...OTHER_KEYS, version: 0x04 };
  assert.match(tool.putKeys(OTHER_KEYS), /^31.*9000$/);
  assert.equal(tool.putKeys(OTHER_KEYS), '6985');
  assert.match(tool.putKeys(packets), /^04.*9000$/);
  for (const version of [0x01, 0x02, 0x10, 0x2f, 0x40]) assert.equal(tool.putKeys({ ...OTHER_KEYS, version }), '6A80');
  assert.equal(tool.putKeys({ ...OTHER_KEYS, version: 0x32 }, 0x33), '6A88');
  assert.equal(tool.putKeys({ ...packets, version: 0x05 }, 0x31), '6A80');
  assert.match(tool.putKeys({ ...OTHER_KEYS, version: 0x32 }, 0x31), /^32.*9000$/);
  // The session goes on under the keys it was opened with.
  assert.match(tool.putKeys({ ...ISSUER_KEYS, mac: OTHER_KEYS.mac }, 0x30), /^30.*9000$/);
  tool.expectSecure(
    ['80E4000003D2013200', '009000'],
    ['80E4000003D2013000', '6985'],
    ['80E4000006D00101D2013000', '6A80'],
    ['80E4000003D2010100', '6A88'],
    ['80E4000003D2010400', '009000'],
  );
  assert.equal(selected(tool).open({ ...ISSUER_KEYS, mac: OTHER_KEYS.mac }), SW.ok);
  const [wrongCheck] = [tool.secure(`80D80081${lv(`33${`881110${'00'.repeat(16)}03000000`.repeat(3)}`)}00`)];
  assert.equal(wrongCheck, '6982');
});

test('PUT KEY of the very same keys, also under another version, keeps their counters: nothing recorded is new again', () => {
  const memory = cardMemory(managedMedium());
  const tool = selected(managedCard(undefined, { memory }));
  const packets = { version: 3, enc: PACKET_KEYS.first, mac: PACKET_KEYS.second, dek: PACKET_KEYS.dek };
  const counters = (version: number) => toHex(memory.get(keyStateKey(0, version)) ?? new Uint8Array(0));
  memory.commit([[keyStateKey(0, 3), fromHex('0000000007')]]);
  for (let session = 1; session <= 3; session++) assert.equal(tool.open(), SW.ok);
  assert.match(tool.putKeys(ISSUER_KEYS, 0x30), /9000$/);
  assert.match(tool.putKeys(packets, 3), /9000$/);
  assert.deepEqual([counters(0x30), counters(3)], ['0000030A', '0000000007']);
  assert.match(tool.putKeys({ ...packets, version: 4 }, 3), /9000$/);
  assert.match(tool.putKeys({ ...ISSUER_KEYS, version: 0x32 }, 0x30), /9000$/);
  assert.deepEqual([counters(0x32), counters(4), counters(3)], ['0000030A', '0000000007', '']);
  assert.match(tool.putKeys({ ...packets, version: 4, enc: OTHER_KEYS.enc }, 4), /9000$/);
  assert.match(tool.putKeys({ ...OTHER_KEYS, version: 0x32 }, 0x32), /9000$/);
  assert.deepEqual([counters(0x32), counters(4)], ['0000000A', '0000000000']);
});

test('SET STATUS: a domain locked and unlocked, with those below it; the lock of the IMEI is out of reach', () => {
  const tool = opened();
  const status = (p1: string, p2: string, aid: string) => `80F0${p1}${p2}${lv(aid)}`;
  tool.expectSecure([installDomain(SUPPLEMENTARY), '009000'], [status('40', '80', SUPPLEMENTARY), '9000']);
  tool.expect([SELECT_SUPPLEMENTARY, '6A82']);
  selected(tool);
  tool.open();
  tool.expectSecure(
    [status('60', '07', SUPPLEMENTARY), '9000'],
    [status('40', '03', SUPPLEMENTARY), '6985'],
    [status('40', '80', 'F041535341593101'), '6985'],
    [status('60', '80', 'A000000151000000'), '6985'],
    [status('40', '80', 'A000000999'), '6A88'],
    [status('20', '80', SUPPLEMENTARY), '6A86'],
  );
  assert.match(tool.send(SELECT_SUPPLEMENTARY), /9000$/);
});

test('a locked card keeps its files and its lock, refuses AUTHENTICATE and domains, and can be unlocked', () => {
  const tool = selected();
  tool.open();
  tool.expectSecure([installDomain(SUPPLEMENTARY), '009000'], ['80F0807F00', '9000'], ['80F0800700', '6985']);
  tool.expect([SELECT_ISSUER, `${FCI} 6283`], [SELECT_SUPPLEMENTARY, '6A82']);
  tool.send(SELECT_USIM);
  assert.equal(tool.send(AUTHENTICATE), '6985');
  assert.match(tool.send('00B0870009'), /9000$/);
  selected(tool);
  tool.open();
  tool.expectSecure([installDomain(`${SUPPLEMENTARY.slice(0, -2)}02`), '6985'], ['80F0800F00', '9000']);
  tool.send(SELECT_USIM);
  assert.match(tool.send(AUTHENTICATE), /^DB08/);
});

test('what one channel locks or ends, a session on another no longer manages', () => {
  const tool = opened();
  tool.expectSecure([installDomain(SUPPLEMENTARY), '009000']);
  tool.expect(['0070000001', '01 9000']);
  const other = new Tool(tool.card, 1);
  other.send(SELECT_SUPPLEMENTARY);
  assert.equal(other.open(ISSUER_KEYS, 0x03, fromHex(SUPPLEMENTARY)), SW.ok);
  other.expectSecure(['80CA00E000', 'E000 9000']);
  tool.expectSecure([`80E40080124F10${SUPPLEMENTARY}00`, '6985'], [`80F0408010${SUPPLEMENTARY}`, '9000']);
  other.expectSecure(['80CA00E000', '6985']);
  tool.expectSecure([`80F0400710${SUPPLEMENTARY}`, '9000']);
  other.expectSecure(['80CA00E000', 'E000 9000']);
  tool.expectSecure(['80F080FF00', '9000']);
  other.expect(['80CA00E000', '6985']);
  tool.expect(['80CA00E000', '6985']);
});

test('EXTERNAL AUTHENTICATE at a level that is not offered is no failure of its keys', () => {
  const tool = selected(managedCard(managedMedium({ minimumSession: 0x33 })));
  for (let tries = 0; tries < 12; tries++) assert.equal(tool.open(ISSUER_KEYS, 0x01), SW.conditionsOfUseNotSatisfied);
  assert.equal(tool.open(ISSUER_KEYS, 0x33), SW.ok);
});

test('a terminated card is silent for ever', () => {
  const medium = managedMedium();
  const tool = selected(managedCard(medium));
  tool.open();
  tool.expectSecure(['80F080FF00', '9000']);
  const silent = [SELECT_ISSUER, SELECT_USIM, '00A4000C023F00', '80F2000000'].map(
    (command) => [command, '6985'] as const,
  );
  // At once, after a reset, and as a card that is made of the same memory.
  tool.expect(...silent);
  tool.card.reset();
  tool.expect(...silent);
  managedCard(medium).expect(...silent);
});

test('domains live on every logical channel apart, and die with their session at reset', () => {
  const tool = managedCard();
  tool.expect(
    ['0070000001', '01 9000'],
    ['01A4040008A00000015100000000', `${FCI} 9000`],
    ['81CA004200', '420489490010 9000'],
  );
  assert.match(tool.send(SELECT_USIM), /9000$/);
  tool.expect(['81F28002024F0000', '6982']);
  tool.card.reset();
  tool.expect(['81CA004200', '6881']);
});

test('domains are managed on all 20 logical channels (ISO/IEC 7816-4 5.4.1: a class of their own from the fifth on)', () => {
  const tool = managedCard();
  for (let channel = 1; channel < 20; channel++) {
    tool.expect(['0070000001', `${toHex(Uint8Array.of(channel))} 9000`]);
    const there = selected(new Tool(tool.card, channel));
    assert.equal(there.open(ISSUER_KEYS, 0x33), SW.ok);
    assert.match(there.secure('80F28002024F0000'), /^E3.*9000$/);
  }
  tool.expect(['0070801300', '9000'], ['4FCA004200', '6881']);
});

test('a card without card management is as it was; personalisation refuses key sets that make no sense', () => {
  const card = subject();
  card.expect([SELECT_ISSUER, '6A82']);
  for (const keySets of [
    [],
    [PACKET_KEYS],
    [{ ...PACKET_KEYS, version: 1 }],
    [MANAGEMENT.keySets[0], MANAGEMENT.keySets[0]],
  ])
    assert.throws(() => managedMedium({ keySets: keySets.flatMap((set) => set ?? []) }), /key (set|version)/);
  assert.ok(RECORD.management === undefined);
});
