import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { toHex } from '#base/codec/index.ts';
import { CardSession, CardShell, MuteCardError } from '#handset/card-explorer/index.ts';
import { type CardParty, exchangeRecord, resetRecord } from '#lab/ladder/index.ts';
import { openUicc, type UiccPlaceOptions, withUiccPlace } from './card-probe.ts';
import { EXIT } from './failure.ts';
import type { Io } from './io.ts';
import { jsonLines, leaf } from './leaf.ts';
import { plain, say, sayJson } from './print.ts';
import { openTraces, type TraceOptions, withTraceOptions } from './trace-options.ts';

interface ShellOptions extends UiccPlaceOptions, TraceOptions {
  readonly script?: string;
  readonly keepGoing: boolean;
}

const HISTORY = 'card-shell-history';
const MOST_HISTORY = 500;
const PARTY: CardParty = 'UICC (31)';

/** `assay card shell`. */
export function shellCommand(io: Io): Command {
  const command = leaf(
    io,
    'shell',
    'look into a UICC and write to it: files by name with completion, contents decoded; also from a script (status 1 when the card refused)',
    [
      'assay card shell',
      "assay card shell --uicc 'pcsc:Omnikey'",
      'assay card shell --uicc 8988211000000000201        # one of ours; what is done to it lasts',
      "printf 'select EF.ICCID\\nread_binary_decoded\\n' | assay card shell",
      "assay card shell --uicc 'pcsc:Omnikey' --script export.txt --gsmtap 127.0.0.1",
    ],
  )
    .option('--script <file>', 'do the lines of a file; it ends at the first that the card refuses')
    .option('--keep-going', 'go on with a script after a refusal', false);
  return withTraceOptions(withUiccPlace(jsonLines(command))).action((options: ShellOptions) => runShell(io, options));
}

async function runShell(io: Io, options: ShellOptions): Promise<void> {
  const script = options.script === undefined ? undefined : readFileSync(options.script, 'utf8').split('\n');
  const traces = openTraces(options);
  const card = await openUicc(io, options);
  const watch = (command: Uint8Array, response: Uint8Array) => {
    if (traces.all.enabled)
      traces.all.record({ at: io.clock.now(), handset: 'shell', ...exchangeRecord(PARTY, command, response) });
  };
  try {
    const session = new CardSession(card.door, () => card.slot?.trouble, watch);
    const atr = await session.reset();
    if (traces.all.enabled) traces.all.record({ at: io.clock.now(), handset: 'shell', ...resetRecord(PARTY, atr) });
    await session.applications();
    await session.select(session.meant('MF') ?? session.directory);
    const isPerson =
      !options.json && script === undefined && process.stdin.isTTY === true && process.stdout.isTTY === true;
    if (isPerson) {
      await say(
        io,
        `${card.slot?.place ?? ownWords(options)}, ATR ${toHex(atr)}. 'help' shows the commands, Tab completes.`,
      );
      await converse(io, options, session);
    } else await doScript(io, session, script ?? linesOf(io.stdin), options);
  } finally {
    await card.close();
    traces.close();
  }
}

function ownWords({ uicc }: ShellOptions): string {
  return uicc === undefined ? 'A sample card in memory' : 'A card of the data directory';
}

const sayPlain =
  (io: Io) =>
  (...lines: readonly string[]) =>
    lines.length === 0 ? Promise.resolve() : say(io, ...lines.map(plain));

async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let left = '';
  for await (const chunk of input) {
    const lines = (left + decoder.decode(chunk, { stream: true })).split('\n');
    left = lines.pop() ?? '';
    yield* lines;
  }
  if (left !== '') yield left;
}

/** Lines without a person: the first that fails is named, and ends it unless told otherwise. */
async function doScript(
  io: Io,
  session: CardSession,
  lines: Iterable<string> | AsyncIterable<string>,
  { keepGoing, json }: ShellOptions,
): Promise<void> {
  let said: string[] = [];
  const keep = async (...more: readonly string[]) => void said.push(...more.map(plain));
  const shell = new CardShell({
    session,
    say: json ? keep : sayPlain(io),
    secret: async () => undefined,
    random: io.random,
  });
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const result = await shell.run(line);
    if (result === 'quit') return;
    if (json) await sayJson(io, { line: number, command: line, result, said });
    said = [];
    if (result === 'done') continue;
    io.exitCode = result === 'wrong' ? EXIT.usage : EXIT.no;
    io.warn(`line ${number}: ${result === 'wrong' ? 'not understood' : 'refused by the card'}\n`);
    if (!keepGoing) return;
  }
}

/** Standard output that shows nothing while a secret is typed. */
class Screen extends Writable {
  isDark = false;
  override _write(chunk: Uint8Array | string, _encoding: string, done: () => void): void {
    if (!this.isDark) process.stdout.write(chunk);
    done();
  }
}

/** What was typed before, newest first, as readline wants it. */
function historyIn(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .slice(-MOST_HISTORY)
    .reverse();
}

async function converse(io: Io, options: ShellOptions, session: CardSession): Promise<void> {
  mkdirSync(options.data, { recursive: true });
  const path = join(options.data, HISTORY);
  const screen = new Screen();
  const history = historyIn(path);
  const typed: Interface = createInterface({
    ...{ input: process.stdin, output: screen, terminal: true, history, historySize: MOST_HISTORY },
    completer: (line: string) => shell.complete(line),
  });
  const answers = lineSource(typed);
  const secret = async (question: string) => {
    process.stdout.write(question);
    screen.isDark = true;
    const answer = await answers.next('');
    screen.isDark = false;
    process.stdout.write('\n');
    forget(typed);
    return answer;
  };
  const shell: CardShell = new CardShell({ session, say: sayPlain(io), secret, random: io.random });
  try {
    for (;;) {
      const line = await answers.next(shell.prompt);
      if (line === undefined) return;
      if (!shell.mayBeKept(line)) forget(typed);
      else if (line.trim() !== '') appendFileSync(path, `${plain(line)}\n`, { mode: 0o600 });
      if ((await runLine(io, shell, line)) === 'quit') return;
    }
  } finally {
    typed.close();
  }
}

/** Readline puts every line into its history: the newest is taken out again. */
function forget(typed: Interface): void {
  if ('history' in typed && Array.isArray(typed.history)) typed.history.shift();
}

/** A card that is gone ends a line, not the session: it may come back, and 'reset' takes it up. */
async function runLine(io: Io, shell: CardShell, line: string) {
  try {
    return await shell.run(line);
  } catch (error) {
    if (!(error instanceof MuteCardError)) throw error;
    await say(io, plain(`${error.message}; 'reset' takes up the card that is there then`));
    return 'refused';
  }
}

/** Lines as they are typed, one at a time; undefined at the end of the input. */
function lineSource(typed: Interface): { next(prompt: string): Promise<string | undefined> } {
  const waiting: string[] = [];
  let take: ((line: string | undefined) => void) | undefined;
  let isOver = false;
  typed.on('line', (line) => {
    if (take === undefined) waiting.push(line);
    else take(line);
  });
  typed.on('close', () => {
    isOver = true;
    take?.(undefined);
  });
  // Ctrl-C gives up the line, as shells do.
  typed.on('SIGINT', () => {
    process.stdout.write('^C\n');
    typed.write(null, { ctrl: true, name: 'e' });
    typed.write(null, { ctrl: true, name: 'u' });
    typed.prompt();
  });
  return {
    async next(prompt) {
      const line = waiting.shift();
      if (line !== undefined) return line;
      if (isOver) return undefined;
      typed.setPrompt(prompt);
      typed.prompt();
      const { promise, resolve } = Promise.withResolvers<string | undefined>();
      take = resolve;
      const answer = await promise;
      take = undefined;
      return answer;
    },
  };
}
