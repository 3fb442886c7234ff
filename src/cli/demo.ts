import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { pcapngFile, silentTrace, teeTrace } from '#base/trace/index.ts';
import { ACTS, CAST, openWorld, type Verdict, type World } from '#lab/demo/index.ts';
import { laboratoryOperations } from '#lab/laboratory-api/index.ts';
import { LADDER_HEADING, ladderTrace } from '#lab/ladder/index.ts';
import type { EventStreams } from '#operator/api/index.ts';
import type { ProgramAuthor } from '#operator/audit/index.ts';
import { tellsTheStory } from '#protocol/exchange/index.ts';
import { portArgument } from './argument.ts';
import { consoleOf, pagesOf } from './console.ts';
import { cardKeysOf } from './data-directory.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { plain, say, sayJson } from './print.ts';

/** The list of stolen IMEIs that comes with Assay: DIRBS stolen-list columns. */
const STOLEN_LIST = fileURLToPath(new URL('../../data/stolen-list.csv', import.meta.url));
const STOLEN_LIST_NAME = 'data/stolen-list.csv';
/** 128 and the number of SIGINT, as shells count. */
const INTERRUPTED = 130;
const NAME_WIDTH = 9;

interface DemoOptions extends CommonOptions {
  readonly once: boolean;
  readonly verbose: boolean;
  readonly httpPort: number;
  readonly smppPort: number;
  readonly pcapng?: string;
}

/** `assay demo`: the whole path on loopback, act by act, then the console stays. What `npm start` runs. */
export function demoCommand(io: Io): Command {
  const examples = [
    'npm start',
    'npm start -- --once',
    'assay demo --data /tmp/assay --http-port 8081 --pcapng /tmp/assay.pcapng',
  ];
  return leaf(
    io,
    'demo',
    'play the whole path on loopback: five acts, a verdict each, with the console beside it',
    examples,
  )
    .option('--once', 'end after the acts; status 0 only when every verdict was the expected one', false)
    .option('--verbose', 'show every hop, also the files a handset reads', false)
    .option('--http-port <port>', 'port of the console and the HTTP API; 0 takes a free one', portArgument, 8080)
    .option('--smpp-port <port>', 'port of the SMSC', portArgument, 0)
    .option('--pcapng <file>', 'also write the trace for Wireshark')
    .action(async (options: DemoOptions) => {
      await new Demo(io, options).run();
    });
}

class Demo {
  readonly #io: Io;
  readonly #options: DemoOptions;
  constructor(io: Io, options: DemoOptions) {
    this.#io = io;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { clock, random, scheduler } = this.#io;
    const { data: directory, smppPort, pcapng } = this.#options;
    const interrupted = this.#io.interrupted().then(() => undefined);
    const capture = pcapng === undefined ? undefined : pcapngFile(pcapng);
    const trace = capture ? teeTrace(this.#ladder(), capture) : this.#ladder();
    try {
      const onFailure = (error: unknown) => this.#io.warn(`assay: ${error instanceof Error ? error.message : error}\n`);
      const parts = { directory, clock, random, scheduler, trace, smppPort, onFailure };
      const world = await openWorld({ ...parts, ...cardKeysOf(this.#io), site: { laboratory: true } });
      try {
        await this.#show(world, interrupted);
      } finally {
        await world.close();
      }
    } finally {
      capture?.close();
    }
  }

  #ladder() {
    if (this.#options.json) return silentTrace;
    const people = Object.values(CAST);
    const names = new Map(
      people.flatMap(({ name, iccid, msisdn }) => [[iccid.digits, name] as const, [msisdn.digits, name] as const]),
    );
    const { clock, isColoured } = this.#io;
    const style = { since: clock.now(), isColoured, handsetName: (handset: string) => names.get(handset) ?? handset };
    return ladderTrace((line) => void say(this.#io, line), style, this.#options.verbose ? () => true : tellsTheStory);
  }

  async #show(world: World, interrupted: Promise<undefined>): Promise<void> {
    const { once, httpPort, json } = this.#options;
    const laboratory = (streams: EventStreams) => laboratoryOperations(world.laboratory, streams);
    const address = once
      ? undefined
      : await world.operator.api.listen({ port: httpPort, laboratory, ...pagesOf(await consoleOf(this.#io)) });
    await this.#introduce(world);
    await this.#importList(world);
    const verdicts = await Promise.race([this.#playActs(world), interrupted]);
    if (verdicts === undefined) {
      this.#io.exitCode = INTERRUPTED;
      return;
    }
    this.#io.exitCode = verdicts.every(({ isExpected }) => isExpected) ? EXIT.ok : EXIT.no;
    await (json ? sayJson(this.#io, { verdicts, console: address?.url }) : this.#conclude(verdicts));
    if (address === undefined) return;
    const state = 'Ctrl-C ends it; the next start finds its state again.';
    await this.#say(
      '',
      `Console: ${this.#bold(address.url)}   ${state}`,
      `The acts, octet by octet: ${this.#bold(`${address.url}live`)}`,
    );
    await interrupted;
    this.#io.exitCode = EXIT.ok;
  }

  /** Text for people; none when JSON was asked for. */
  async #say(...lines: readonly string[]): Promise<void> {
    if (!this.#options.json) await say(this.#io, ...lines);
  }
  #bold(text: string): string {
    return this.#io.isColoured ? `\u001b[1m${text}\u001b[0m` : text;
  }

  #introduce({ smsc }: World): Promise<void> {
    return this.#say(
      this.#bold('Assay: a handset proves its IMEI, and the operator answers'),
      'Steps of the patent: 101 the UICC authenticates the storage support, 102 reads the IMEI through the channel,',
      '103 reports it to the operator, 104 the operator answers. The operating system only carries the octets.',
      `State: ${this.#options.data}   SMSC: ${smsc.host}:${smsc.port}`,
      '',
    );
  }

  async #importList({ operator }: World): Promise<void> {
    const about = {
      list: 'black',
      source: 'demo',
      author: 'assay demo' satisfies ProgramAuthor,
      name: STOLEN_LIST_NAME,
    } as const;
    const result = await operator.register.importList(createReadStream(STOLEN_LIST), about);
    if (result.outcome === 'malformed')
      return this.#say(`Stolen IMEIs from ${STOLEN_LIST_NAME}: not read: ${result.problem}`);
    if (result.outcome === 'cancelled')
      return this.#say(
        `Stolen IMEIs from ${STOLEN_LIST_NAME}: cancelled by ${plain(result.by)}: ${plain(result.reason)}`,
      );
    const { added, alreadyThere, notInForce, bad, badLines } = result.effect;
    await this.#say(
      `Stolen IMEIs from ${STOLEN_LIST_NAME}: ${added} added, ${alreadyThere} already there, ${notInForce} pending, ${bad} bad`,
      ...badLines.map(({ number, problem }) => `  line ${number}: ${plain(problem)}`),
    );
    if (result.outcome === 'refused') await this.#say(`  not applied: ${result.problem}`);
  }

  async #playActs(world: World): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const [index, act] of ACTS.entries()) {
      await this.#say('', this.#bold(`${index + 1}. ${act.title}`), LADDER_HEADING);
      const seen = await act.play(world);
      for (const { handset, finding, isExpected } of seen)
        await this.#say(
          `${isExpected ? '  as expected' : '  NOT EXPECTED'}  ${handset.padEnd(NAME_WIDTH)} ${this.#bold(finding)}`,
        );
      verdicts.push(...seen);
    }
    return verdicts;
  }

  async #conclude(verdicts: readonly Verdict[]): Promise<void> {
    await this.#say('', this.#bold('Verdicts'));
    for (const { handset, story, finding, isExpected } of verdicts)
      await this.#say(
        `  ${isExpected ? 'ok ' : 'NOT'}  ${handset.padEnd(NAME_WIDTH)} ${story}`,
        `       ${' '.repeat(NAME_WIDTH)} ${finding}`,
      );
  }
}
