import { join } from 'node:path';
import type { Command } from 'commander';
import { type Operator, openOperator } from '#operator/index.ts';
import type { FrontSettings, RegisterNode } from '#operator/register/index.ts';
import { databaseOf, operatorDirectory } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import { type FrontOptions, frontsOf, withFrontOptions } from './front-options.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { facts, say, sayJson } from './print.ts';

/** Names of fronts as people read them. */
const FRONT_NAME = { 'n5g-eir': 'N5g-eir (HTTP/2)', s13: 'S13 (Diameter)', gsup: 'GSUP', api: 'API' } as const;

/** Where the fronts of a node listen, by name. */
export const frontAddresses = (node: RegisterNode | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((node?.addresses ?? []).map(({ front, host, port }) => [FRONT_NAME[front], `${host}:${port}`]));

/** Opens the fronts that a command line asks for; undefined when it asks for none. */
export async function openNode(
  io: Io,
  operator: Operator,
  fronts: FrontSettings,
  options: CommonOptions & FrontOptions,
): Promise<RegisterNode | undefined> {
  if (Object.keys(fronts).length === 0) return undefined;
  return operator.openNode({
    ...{ fronts, threads: options.threads, sharesPorts: options.sharePorts === true },
    snapshotPath: join(operatorDirectory(options.data), `${options.node}.snapshot`),
    onNews: (text) => io.warn(`assay: ${text}\n`),
  });
}

/** `assay register serve`: one register node. */
export function registerServeCommand(io: Io): Command {
  const command = leaf(
    io,
    'serve',
    'run one register node: fronts that a core network asks, answered from memory; several may run over one database',
    [
      'assay register serve --n5g-eir-port 7777',
      'assay register serve --s13-port 3868 --s13-peer mme.example=192.0.2.7 --front-host 192.0.2.1',
      'assay register serve --gsup-port 4222 --hlr 127.0.0.2:4222',
    ],
  );
  return withFrontOptions(command).action((options: CommonOptions & FrontOptions) => serveNode(io, options));
}

async function serveNode(io: Io, options: CommonOptions & FrontOptions): Promise<void> {
  const fronts = frontsOf(options);
  if (Object.keys(fronts).length === 0)
    throw wrongInput('expected at least one of --n5g-eir-port, --s13-port, --gsup-port');
  const ended = io.interrupted();
  const { clock, random, scheduler } = io;
  const operator = openOperator({
    ...{ dataDirectory: operatorDirectory(options.data), clock, random, scheduler },
    ...databaseOf(io),
    // A node with a snapshot answers from it until the database is there; one without says what keeps the database away, and ends.
    databaseMayBeAway: true,
    onFailure: (error) => io.warn(`assay: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  try {
    const node = await openNode(io, operator, fronts, options);
    operator.events.start();
    const status = node?.status();
    const where = {
      ...frontAddresses(node),
      memory: node && `from the ${node.loaded.from} (${node.loaded.because})`,
      entries: status?.entries,
      'as of change': status?.sequence,
      data: options.data,
    };
    if (options.json) await sayJson(io, { serving: where });
    else await say(io, ...facts(where), 'Ctrl-C lets every peer read its answers, then ends it.');
    await ended;
  } finally {
    await operator.close();
  }
}
