import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { LADDER_HEADING, ladderLine, traceRecordOf } from '#lab/ladder/index.ts';
import { tellsTheStory } from '#protocol/exchange/index.ts';
import type { Io } from './io.ts';
import { type CommonOptions, jsonLines, leaf } from './leaf.ts';
import { plain, say, sayJson } from './print.ts';

/** `assay trace`: a trace file as a ladder. */
export function traceCommand(io: Io): Command {
  const command = leaf(io, 'trace', "show a trace file (of 'assay handset run --trace') as a ladder", [
    'assay trace boot.trace',
    'assay trace boot.trace --verbose',
  ]);
  return jsonLines(command)
    .argument('<file>', 'trace file: one JSON record a line')
    .option('--verbose', 'every hop, also the files a handset reads', false)
    .action((file: string, options: CommonOptions & { readonly verbose: boolean }) => showTrace(io, file, options));
}

async function showTrace(
  io: Io,
  file: string,
  { json, verbose }: CommonOptions & { readonly verbose: boolean },
): Promise<void> {
  const input = createReadStream(file);
  await new Promise<void>((resolve, reject) => input.once('open', () => resolve()).once('error', reject));
  let number = 0;
  let since: number | undefined;
  if (!json) await say(io, LADDER_HEADING);
  for await (const line of createInterface({ input })) {
    const record = traceRecordOf(line, ++number);
    if (!verbose && !tellsTheStory(record)) continue;
    since ??= record.at;
    if (json) await sayJson(io, JSON.parse(line));
    else await say(io, plain(ladderLine(record, { since, isColoured: false })));
  }
}
