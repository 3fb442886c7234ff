import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock, systemRandom } from '#base/port/index.ts';
import { pcapngFile, teeTrace } from '#base/trace/index.ts';
import { ACTS, CAST, openWorld, type Verdict, type World } from '#lab/demo/index.ts';
import { LADDER_HEADING, ladderTrace, tellsTheStory } from '#lab/ladder/index.ts';
import { systemScheduler } from '#protocol/smpp/index.ts';

/** The list of stolen IMEIs that comes with Assay: DIRBS stolen-list columns. */
const STOLEN_LIST = fileURLToPath(new URL('../../data/stolen-list.csv', import.meta.url));
const STOLEN_LIST_NAME = 'data/stolen-list.csv';
const INTERRUPTED = 130;
const VERDICT_WIDTH = 9;

interface DemoOptions {
  readonly data: string;
  readonly once: boolean;
  readonly verbose: boolean;
  readonly httpPort: number;
  readonly smppPort: number;
  readonly pcapng?: string;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('expected a port number 0 to 65535 (0 takes a free one).');
  return port;
}

const print = (line = '') => void process.stdout.write(`${line}\n`);
const isColoured = () => process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
const bold = (text: string) => (isColoured() ? `\u001b[1m${text}\u001b[0m` : text);

/** `assay demo`: the whole path on loopback, act by act, then the status page. What `npm start` runs. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('play the whole path on loopback: five acts, a verdict each, then a status page')
    .option(
      '--data <dir>',
      'where operator, factory and cards keep their state',
      process.env['ASSAY_DATA'] ?? 'assay-data',
    )
    .option('--once', 'end after the acts; status 0 only when every verdict was the expected one', false)
    .option('--verbose', 'show every hop, also the files a handset reads', false)
    .option('--http-port <port>', 'port of the status page', portNumber, 8080)
    .option('--smpp-port <port>', 'port of the SMSC', portNumber, 0)
    .option('--pcapng <file>', 'also write the trace for Wireshark')
    .addHelpText(
      'after',
      '\nExamples:\n  npm start\n  npm start -- --once\n  assay demo --data /tmp/assay --http-port 8081 --pcapng /tmp/assay.pcapng\n',
    )
    .action(async (options: DemoOptions) => {
      process.exitCode = await demo(options);
    });
}

/** Plays the acts; the exit status. */
async function demo(options: DemoOptions): Promise<number> {
  const since = systemClock.now();
  const names = new Map(
    Object.values(CAST).flatMap(({ name, iccid, msisdn }) => [
      [iccid.digits, name] as const,
      [msisdn.digits, name] as const,
    ]),
  );
  const style = { since, isColoured: isColoured(), handsetName: (handset: string) => names.get(handset) ?? handset };
  const ladder = ladderTrace(print, style, options.verbose ? () => true : tellsTheStory);
  const capture = options.pcapng === undefined ? undefined : pcapngFile(options.pcapng);
  const interrupted = new Interruption();
  const world = await openWorld({
    directory: options.data,
    clock: systemClock,
    random: systemRandom,
    scheduler: systemScheduler,
    trace: capture ? teeTrace(ladder, capture) : ladder,
    smppPort: options.smppPort,
  });
  try {
    const address = options.once ? undefined : await world.operator.api.listen({ port: options.httpPort });
    introduce(options, world);
    await importList(world);
    const verdicts = await interrupted.orElse(playActs(world));
    if (verdicts === undefined) return INTERRUPTED;
    const isAsExpected = conclude(verdicts);
    if (address === undefined) return isAsExpected ? 0 : 1;
    print(
      `\nStatus page: ${bold(address.url)}   JSON: ${address.url}api/v1/status   Ctrl-C ends it; the next start finds its state again.`,
    );
    await interrupted.happens;
    return 0;
  } finally {
    await world.close();
    capture?.close();
    interrupted.close();
  }
}

function introduce({ data }: DemoOptions, world: World): void {
  print(bold('Assay: a handset proves its IMEI, and the operator answers'));
  print('Steps of the patent: 101 the UICC authenticates the storage support, 102 reads the IMEI through the channel,');
  print('103 reports it to the operator, 104 the operator answers. The operating system only carries the octets.');
  print(`State: ${data}   SMSC: ${world.smsc.host}:${world.smsc.port}\n`);
}

async function importList(world: World): Promise<void> {
  const result = await world.operator.register.importList(createReadStream(STOLEN_LIST), {
    list: 'black',
    source: 'demo',
    author: 'assay demo',
    name: STOLEN_LIST_NAME,
  });
  if (result.outcome === 'malformed') {
    print(`Stolen IMEIs from ${STOLEN_LIST_NAME}: not read: ${result.problem}`);
    return;
  }
  const { effect } = result;
  print(
    `Stolen IMEIs from ${STOLEN_LIST_NAME}: ${effect.added} added, ${effect.alreadyThere} already there, ${effect.notInForce} pending, ${effect.bad} bad`,
  );
  for (const { number, problem } of effect.badLines) print(`  line ${number}: ${problem}`);
  if (result.outcome === 'refused') print(`  not applied: ${result.problem}`);
}

async function playActs(world: World): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [index, act] of ACTS.entries()) {
    print(`\n${bold(`${index + 1}. ${act.title}`)}`);
    print(LADDER_HEADING);
    const seen = await act.play(world);
    for (const { handset, finding, isExpected } of seen)
      print(`${isExpected ? '  as expected' : '  NOT EXPECTED'}  ${handset.padEnd(VERDICT_WIDTH)} ${bold(finding)}`);
    verdicts.push(...seen);
  }
  return verdicts;
}

function conclude(verdicts: readonly Verdict[]): boolean {
  print(`\n${bold('Verdicts')}`);
  for (const { handset, story, finding, isExpected } of verdicts) {
    print(`  ${isExpected ? 'ok ' : 'NOT'}  ${handset.padEnd(VERDICT_WIDTH)} ${story}`);
    print(`       ${' '.repeat(VERDICT_WIDTH)} ${finding}`);
  }
  return verdicts.every(({ isExpected }) => isExpected);
}

/** Ctrl-C or a request to end: the state is closed in order, whatever runs. */
class Interruption {
  readonly happens: Promise<void>;
  #listener: () => void = () => {};

  constructor() {
    this.happens = new Promise((resolve) => {
      this.#listener = resolve;
    });
    process.once('SIGINT', this.#listener);
    process.once('SIGTERM', this.#listener);
  }

  /** The result, or undefined when it was interrupted before. */
  orElse<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([work, this.happens.then(() => undefined)]);
  }

  close(): void {
    process.off('SIGINT', this.#listener);
    process.off('SIGTERM', this.#listener);
  }
}
