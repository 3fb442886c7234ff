import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fromHex, toHex } from '#base/codec/index.ts';
import { systemClock } from '#base/port/index.ts';
import { CardSlot } from '#handset/connector/index.ts';
import { sampleCards } from '#lab/workshop/index.ts';
import { missing, READERS, World } from '#test/interop/pcsc/world.ts';
import { random } from './cards.ts';
import { isThere, processorOf } from './child.ts';
import { type Bench, perSecond, type Row, rates } from './measure.ts';

const SECONDS = 3;
const COMPILER_MISSING = 'install the packages gcc, pkg-config and libpcsclite-dev';
/** SELECT EF.ICCID, its FCP, its content: what a reader does first. */
const READ_ICCID = {
  'T=0': ['00A40004022FE2', '00C0000019', '00B000000A'],
  'T=1': ['00A40004022FE200', '00B000000A'],
} as const;

function inProcess(): readonly Row[] {
  const { uicc } = sampleCards({ random, clock: systemClock });
  const commands = READ_ICCID['T=0'].map(fromHex);
  const slot = new CardSlot(uicc, 'T=0');
  slot.powerOn();
  const [, , content = fromHex('')] = commands.map((command) => slot.transmit(command) ?? fromHex(''));
  assert.match(toHex(content), /9000$/);
  const { apdus } = rates({ apdus: () => commands.forEach((command) => void slot.transmit(command)) });
  return [{ what: 'SELECT, GET RESPONSE, READ BINARY in one process', result: perSecond(apdus * commands.length) }];
}

interface Run {
  readonly rate: number;
  readonly median: number;
  readonly late: number;
  readonly processor: number;
}

async function throughReader(offer: keyof typeof READ_ICCID, serve: string): Promise<Run> {
  const cleanUps: (() => Promise<void> | void)[] = [];
  const context = { after: (cleanUp: () => Promise<void> | void) => void cleanUps.push(cleanUp) };
  try {
    const world = await World.open(context);
    const program = join(world.folder, 'pcsc-client');
    const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libpcsclite'], { encoding: 'utf8' });
    const source = join(import.meta.dirname, 'pcsc-client.c');
    execFileSync('gcc', ['-O2', '-Wall', '-o', program, source, ...flags.trim().split(/\s+/)]);
    const served = await world.serve(context, 2, '--protocol', serve);
    const before = processorOf(served) ?? 0;
    const said = execFileSync(program, [READERS[0], String(SECONDS), ...READ_ICCID[offer]], { encoding: 'utf8' });
    const used = (processorOf(served) ?? 0) - before;
    const [count = 0, seconds = 1, median = 0, late = 0] = said.split(' ').map(Number);
    return { rate: count / seconds, median, late, processor: used / seconds };
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

const resultOf = ({ rate, median, late }: Run) =>
  `${perSecond(rate)}, p50 ${(median / 1000).toFixed(2)} ms, p99 ${(late / 1000).toFixed(2)} ms`;

async function run(): Promise<readonly Row[]> {
  const local = inProcess();
  const lacks = missing || (isThere('gcc', '--version') && isThere('pkg-config', '--version') ? '' : COMPILER_MISSING);
  if (lacks) return [...local, { what: 'through pcscd and vpcd', result: `not measured: ${lacks}` }];
  const quick = await throughReader('T=0', 't0');
  const plain = await throughReader('T=1', 't1');
  const ratio = `${(plain.rate / quick.rate).toFixed(3)} x`;
  const core = quick.processor > 0 ? `${perSecond(quick.rate / quick.processor)} a core of ours` : '';
  return [
    ...local,
    { what: 'the same through pcscd and vpcd, T=0', result: resultOf(quick), goal: core },
    { what: 'T=1, where each command waits for a late ACK', result: resultOf(plain), ratio },
    { what: 'another software card (vicc)', result: 'none: Debian 12 ships vicc without its Python module' },
  ];
}

/** APDUs a second of our cards, in one process and as other programs get them. */
export const apdus: Bench = {
  name: 'apdus',
  what: 'APDUs a second: UICC in one process, and behind pcscd and vpcd',
  run,
};
