// Real PC/SC programs as the judges of our cards: pcscd with vpcd in between, OpenSC, pcsc-tools and pyscard as clients.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { nodeAes } from '#base/crypto/index.ts';
import { systemRandom } from '#base/port/index.ts';
import { SAMPLE } from '#lab/workshop/index.ts';
import { decodeCommand } from '#protocol/apdu/index.ts';
import { Scp03Host, staticKeys } from '#protocol/secure-channel/index.ts';
import { Client, eventually, kill, missing, READERS, World } from './pcsc/world.ts';

const [UICC, SUPPORT] = READERS;
const UICC_ATR = '3B9F96801FC78031A073BE21136743200718000001A5';
const RAND = '23553CBE9637A89D218AE64DAE47BF35';
const AUTN = '55F328B43577B9B94A9FFAC354DFAFB3';
/** TS 35.208 test set 1: RES, CK, IK, and Kc by conversion. */
const PROVED =
  'DB08A54211D5E3BA50BF10B40BA9A3C58B2A05BBF0D987B21BF8CB10F769BCD751044604127672711C6D344108EAE4BE823AF9A08B';
const SELECT_USIM = '00A4040407A0000000871002';
const SELECT_SUPPORT = '00A4040008F041535341590201';
const CERTIFICATES = '00CABF21 00 0006 A60483021101 0000';
const IDENTITY = 'A1A2A3A4A5A6A7A8';
const verify = (pin: string) => `00200001 08 ${Buffer.from(pin).toString('hex')}FFFFFFFF`;

function tool(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}
const spaced = (hex: string, by: string) => (hex.match(/../g) ?? []).join(by);

/** A client that has its context. */
async function client(context: TestContext): Promise<Client> {
  const one = new Client(context);
  await one.done({ do: 'establish' });
  return one;
}

/** A UICC with PIN1 1234 and a storage support, in files. */
function cardsOf(world: World): readonly string[] {
  world.assay('factory', 'provision', '--imei', '356741089900111', '--identity', IDENTITY, '--yes');
  const subscriber = ['--imsi', '001010000000020', '--msisdn', '99970000020', '--pin', '1234'];
  const { iccid } = JSON.parse(world.assay('uicc', 'personalise', ...subscriber, '--json')) as { iccid: string };
  return ['--uicc', iccid, '--support', IDENTITY];
}

test('OpenSC and pcsc-tools list our cards, know their ATR, talk to them, and say what they are not', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  await world.serve(context, 2);
  assert.match(tool('opensc-tool', '-l'), new RegExp(`Yes +${UICC}\\n.*Yes +${SUPPORT}`));
  assert.equal(tool('opensc-tool', '-r', UICC, '-a').trim(), spaced(UICC_ATR, ':').toLowerCase());
  const iccid = tool('opensc-tool', '-r', UICC, '-s', '00A40004022FE2', '-s', '00B000000A');
  assert.match(
    iccid.replaceAll(/\s/g, ''),
    new RegExp(spaced(Buffer.from(SAMPLE.iccid.toEf()).toString('hex'), '').toUpperCase()),
  );
  assert.match(tool('opensc-tool', '-r', SUPPORT, '-s', '80CA006600'), /SW1=0x90, SW2=0x00\):\n66 /);
  // It runs for ever: what it found in a second is what it shows.
  const scanned = spawnSync('timeout', ['2', 'pcsc_scan', '-n'], { encoding: 'utf8' }).stdout;
  assert.ok(scanned.includes(spaced(UICC_ATR, ' ')), scanned);
  assert.equal(scanned.match(/Card inserted/g)?.length, 2);
  const script = ['00 A4 00 04 02 3F 00', '00 C0 00 00 00', 'reset', '00 A4 00 04 02 7F FF'].join('\n');
  const said = spawnSync('scriptor', ['-r', UICC], { input: `${script}\n`, encoding: 'utf8' });
  assert.match(said.stdout, /< 61 ([0-9A-F]{2}) : .*\n(.*\n)*< 6C \1 : .*\n(.*\n)*.*\n(.*\n)*< 6A 82 :/);
  // A UICC is no PKCS#15 card; the right answer is to say so, and to leave the card as it was.
  const pkcs15 = spawnSync('pkcs15-tool', ['--reader', UICC, '--dump'], { encoding: 'utf8' });
  assert.notEqual(pkcs15.status, 0);
  assert.match(pkcs15.stderr, /Card is invalid or cannot be handled|not supported|Unsupported card/i);
  assert.match(tool('opensc-tool', '-r', UICC, '-s', '00A40004023F00'), /SW1=0x90, SW2=0x00/);
});

test('pyscard in T=0: 61XX and 6CXX, AUTHENTICATE by a published vector, PINs wrong, right and blocked', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  const sample = await world.serve(context, 2);
  const one = await client(context);
  const { atr, protocol, error } = await one.done({ do: 'connect', slot: 0 });
  assert.deepEqual([atr, protocol, error], [UICC_ATR, 'T=0', undefined]);
  assert.equal((await one.ask({ do: 'connect', slot: 1, protocol: 'T=1' })).error, '8010000F', 'T=1 is not offered');
  await one.done({ do: 'connect', slot: 0 });
  const selected = await one.transmit(0, SELECT_USIM);
  assert.match(selected, /^61..$/);
  assert.match(await one.transmit(0, `00C00000${selected.slice(2)}`), /^62.*9000$/);
  await one.expect(
    0,
    [`0088008122 10${RAND} 10${AUTN}`, '6135'],
    ['00C0000000', '6C35'],
    ['00C0000035', `${PROVED}9000`],
  );
  await one.expect(0, ['00B0870000', '6C09'], ['00B0870009', '0809101000000000109000']);
  const { milliseconds = [] } = await one.done({ do: 'time', slot: 0, apdu: '00B0870009', count: 200 });
  assert.ok(
    (milliseconds[100] ?? 99) < 15,
    `half of all commands within 15 ms, where Nagle and a late ACK cost 48: ${milliseconds[100]}`,
  );
  await kill(sample, 'SIGINT');
  await world.sees(0);
  const which = cardsOf(world);
  await world.serve(context, 2, ...which);
  const other = await client(context);
  await other.done({ do: 'connect', slot: 0 });
  await other.expect(0, [verify('9999'), '63C2'], [verify('1234'), '9000'], ['0020000100', '63C3']);
  await other.expect(
    0,
    [verify('9999'), '63C2'],
    [verify('9999'), '63C1'],
    [verify('9999'), '63C0'],
    [verify('1234'), '6983'],
  );
});

/** One command over T=0, as javax.smartcardio and pcsc-lite programs send it: no Le behind data, 6CXX and 61XX followed. */
async function exchanged(one: Client, command: Uint8Array): Promise<Uint8Array> {
  const isCase4 = command.length > 5 && command.length > 5 + (command[4] as number);
  const header = command.subarray(0, isCase4 ? -1 : command.length);
  let response = fromHex(await one.transmit(0, toHex(header)));
  if (response.at(-2) === 0x6c)
    response = fromHex(await one.transmit(0, toHex(concat(header.subarray(0, 4), response.subarray(-1)))));
  if (response.at(-2) !== 0x61) return response;
  return fromHex(await one.transmit(0, toHex(concat(fromHex('00C00000'), response.subarray(-1)))));
}

test('GlobalPlatform through pcscd: the first APDUs of GlobalPlatformPro, SCP03 under its default key, the registry', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  await world.serve(context, 2);
  const one = await client(context);
  await one.done({ do: 'connect', slot: 0 });
  assert.equal(toHex(await exchanged(one, fromHex('00A4040000'))), '6F108408A000000151000000A5049F6501FF9000');
  assert.match(toHex(await exchanged(one, fromHex('80CA006600'))), /^66.*2A864886FC6B0403709000$/);
  const { issuerKey: key } = SAMPLE;
  const host = new Scp03Host({
    aes: nodeAes,
    keys: staticKeys(nodeAes, { version: 0x30, enc: key, mac: key, dek: key }),
    random: systemRandom,
    securityLevel: 0x33,
    challengeLength: 8,
    defaultKeySet: true,
  });
  const authenticate = host.receive(await exchanged(one, host.start()));
  assert.ok(authenticate.kind === 'send');
  const opened = host.receive(await exchanged(one, authenticate.command));
  assert.ok(opened.kind === 'open');
  const list = opened.session.wrap(decodeCommand(fromHex('80F24002024F0000')));
  const applications = opened.session.unwrap(await exchanged(one, list));
  assert.ok(applications.kind === 'protected');
  assert.match(toHex(applications.data), /^E3..4F08F041535341593101/);
  // The file system is where it was.
  assert.match(await one.transmit(0, SELECT_USIM), /^61..$/);
});

test('pyscard in T=1: extended lengths, two cards in two slots with their commands in between each other', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  await world.serve(context, 2, '--protocol', 't1');
  const one = await client(context);
  assert.equal((await one.done({ do: 'connect', slot: 0 })).protocol, 'T=1');
  assert.equal((await one.done({ do: 'connect', slot: 1, protocol: 'T=1' })).protocol, 'T=1');
  assert.match(await one.transmit(0, `${SELECT_USIM}00`), /^62.*9000$/);
  assert.match(await one.transmit(1, `${SELECT_SUPPORT}00`), /9000$/);
  for (let i = 0; i < 5; i++) {
    await one.expect(0, ['00B0870009', '0809101000000000109000']);
    assert.match(await one.transmit(1, '80CA006600'), /^66.*9000$/);
  }
  const store = await one.transmit(1, CERTIFICATES);
  assert.match(store, /^BF21.*9000$/);
  assert.equal(await one.transmit(0, '80F20000 00 0168').then((response) => response.slice(-4)), '9000');
});

test('a card is taken out and put back; killed and restarted, it knows what was written', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  const which = cardsOf(world);
  const first = await world.serve(context, 2, ...which);
  const one = await client(context);
  await one.done({ do: 'connect', slot: 0 });
  await one.expect(0, [verify('9999'), '63C2']);
  await kill(first, 'SIGINT');
  await world.sees(0);
  assert.match(await one.transmit(0, verify('1234')), /^error 8010006[89]$/, 'removed, or reset when it is back');
  const second = await world.serve(context, 2, ...which);
  await one.done({ do: 'connect', slot: 0 });
  await one.expect(0, [verify('9999'), '63C1']);
  await kill(second, 'SIGKILL');
  await world.sees(0);
  await world.serve(context, 2, ...which);
  await one.done({ do: 'connect', slot: 0 });
  await one.expect(0, [verify('9999'), '63C0']);
});

test('a client killed in the middle gives its exclusive lock back; pcscd killed and restarted finds the cards', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  await world.serve(context, 2);
  const [holder, waiting] = [await client(context), await client(context)];
  await holder.done({ do: 'connect', slot: 0, exclusive: true });
  assert.equal((await waiting.ask({ do: 'connect', slot: 0 })).error, '8010000B', 'sharing violation');
  holder.program.stdin?.write(`${JSON.stringify({ do: 'time', slot: 0, apdu: '00B0820000', count: 1_000_000 })}\n`);
  await eventually(() => assert.equal(holder.program.stdin?.writableLength, 0));
  await kill(holder.program);
  await waiting.done({ do: 'connect', slot: 0 });
  await waiting.expect(
    0,
    ['00A40004022FE2', '6119'],
    ['00B000000A', `${Buffer.from(SAMPLE.iccid.toEf()).toString('hex').toUpperCase()}9000`],
  );
  await world.killPcscd();
  await world.startPcscd();
  await world.sees(2);
  const after = await client(context);
  await after.done({ do: 'connect', slot: 0 });
  await after.expect(0, ['00B082000A', `${Buffer.from(SAMPLE.iccid.toEf()).toString('hex').toUpperCase()}9000`]);
});
