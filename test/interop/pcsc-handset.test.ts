// Our handset as a PC/SC client: pcscd with vpcd in between, cards of another process, the proof of steps 101 and 102 through both slots.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fromHex, toHex } from '#base/codec/index.ts';
import { openPcscService, openPcscSlot } from '#handset/connector/index.ts';
import { SAMPLE } from '#lab/workshop/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';
import { eventually, kill, missing, READERS, World } from './pcsc/world.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const IDENTITY = 'A1A2A3A4A5A6A7A8';
const IMEI = '356741089900111';

function openSlot(reader: string, protocol: 'T=0' | 'T=1' = 'T=0') {
  return openPcscSlot({
    reader,
    use: { isExclusive: true, protocols: [protocol] },
    scheduler: systemScheduler,
    open: () => openPcscService({ scheduler: systemScheduler }),
  });
}

/** `assay operator serve` on free ports; where its network is. */
async function operator(context: TestContext, world: World): Promise<string> {
  const ports = ['--http-port', '0', '--smpp-port', '0', '--air-port', '0', '--abroad-port', '0'];
  const child = spawn(process.execPath, [MAIN, 'operator', 'serve', '--json', ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ASSAY_DATA: join(world.folder, 'data') },
  });
  context.after(() => kill(child));
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const { serving } = JSON.parse(line) as { serving?: Readonly<Record<string, string>> };
    const air = serving?.['home network (air)'];
    if (air !== undefined) return air;
  }
  throw new Error('the operator ended');
}

function run(
  context: TestContext,
  world: World,
  args: readonly string[],
): Promise<{ out: string; status: number | null }> {
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ASSAY_DATA: join(world.folder, 'data') },
  });
  context.after(() => kill(child));
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  return new Promise((resolve) => child.once('exit', (status) => resolve({ out, status })));
}

for (const protocol of ['t0', 't1'])
  test(`a handset of ours proves the IMEI of a storage support in one reader to a UICC in another, ${protocol}`, {
    skip: missing,
  }, async (context) => {
    const world = await World.open(context);
    world.assay('factory', 'provision', '--imei', IMEI, '--identity', IDENTITY, '--yes');
    const order = ['--imsi', '001010000000020', '--msisdn', '99970000020', '--json'];
    const { iccid } = JSON.parse(world.assay('uicc', 'personalise', ...order)) as { iccid: string };
    const air = await operator(context, world);
    const cards = await world.serve(context, 2, '--uicc', iccid, '--support', IDENTITY, '--protocol', protocol);
    const readers = ['--uicc', `pcsc:${READERS[0]}`, '--support', 'pcsc:00 01', '--protocol', protocol];
    const handset = ['handset', 'run', ...readers, '--imei', IMEI, '--air', air, '--stay', '1'];
    const { out, status } = await run(context, world, handset);
    assert.match(out, /101 +OS \(4\) +-> support \(2\) +MUTUAL AUTHENTICATE .* 9000/);
    assert.match(out, /102 +OS \(4\) +-> support \(2\) +GET DATA \(IMEI, protected\) .* 9000/);
    assert.match(out, /\nService: attached/);
    assert.equal(status, 0);
    await kill(cards, 'SIGTERM');
    const [proved] = JSON.parse(world.assay('uicc', 'status', '--json')) as [Record<string, string>];
    assert.deepEqual([proved['EF.IPS'], proved['proved IMEI']], ['OK', IMEI]);
  });

test('readers are found by a part of their name; a card that goes, and one that comes, and a service that ends', {
  skip: missing,
}, async (context) => {
  const world = await World.open(context);
  const cards = await world.serve(context, 2);
  await assert.rejects(openSlot('Virtual PCD'), /more than one reader.*"Virtual PCD 00 00", "Virtual PCD 00 01"/);
  await assert.rejects(openSlot('Omnikey'), /no reader has "Omnikey".*"Virtual PCD 00 00"/);
  const slot = await openSlot('pcd 00 00');
  context.after(() => slot.close());
  assert.equal(toHex(await slot.transmit(fromHex('00A4000C023F00'))), '');
  assert.match(slot.trouble ?? '', /no power/);
  assert.equal(toHex(await slot.reset()), '3B9F96801FC78031A073BE21136743200718000001A5');
  // 61XX and 6CXX are the slot's to follow: an FCP and ten octets of EF.ICCID come whole.
  assert.match(toHex(await slot.transmit(fromHex('00A40004023F0000'))), /^62.*9000$/);
  assert.equal(toHex(await slot.transmit(fromHex('00B0820000'))), `${toHex(SAMPLE.iccid.toEf())}9000`);
  assert.equal(toHex(await slot.transmit(fromHex('00CABF2100000000'))), '6700');
  const second = await openSlot('pcd 00 00');
  context.after(() => second.close());
  assert.equal((await second.reset()).length, 0);
  assert.match(second.trouble ?? '', /another program uses the card alone/);
  await kill(cards);
  await eventually(async () => assert.equal((await slot.transmit(fromHex('80F2000C'))).length, 0));
  assert.equal((await slot.reset()).length, 0);
  assert.match(slot.trouble ?? '', /no card in the reader|taken out/);
  await world.serve(context, 2);
  assert.equal((await slot.reset()).length, 22);
  assert.equal(toHex(await slot.transmit(fromHex('80F2000C'))), '9000');
  await world.killPcscd();
  assert.equal((await slot.transmit(fromHex('80F2000C'))).length, 0);
  assert.match(slot.trouble ?? '', /service has ended/);
  await assert.rejects(slot.reset(), /no PC\/SC service listens/);
});
