import { join } from 'node:path';
import type { Command } from 'commander';
import { type Operator, openOperator } from '#operator/index.ts';
import type { FrontSettings, RegisterNode, StatusAddress } from '#operator/register/index.ts';
import { hostPortArgument, portArgument } from './argument.ts';
import { configured, withConfiguration } from './configured.ts';
import { databaseOf, operatorDirectory } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import { faultLog } from './fault-log.ts';
import { type FrontOptions, frontsOf, withFrontOptions } from './front-options.ts';
import { type Io, note } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { facts, say, sayJson } from './print.ts';
import { tellReady } from './service-manager.ts';

/** Where a node tells how it does. */
interface StatusOption {
  readonly status?: StatusAddress;
}

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
  options: CommonOptions & FrontOptions & StatusOption,
): Promise<RegisterNode | undefined> {
  if (Object.keys(fronts).length === 0) return undefined;
  return operator.openNode({
    ...{ fronts, threads: options.threads, sharesPorts: options.sharePorts === true },
    snapshotPath: join(operatorDirectory(options.data), `${options.node}.snapshot`),
    ...(options.status && { statusAddress: options.status }),
    onNews: (text) => note(io, 'info', `assay: ${text}`),
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
      'assay register serve --n5g-eir-port 7777 --status 9100',
      'assay register serve --config /etc/assay/assay.yaml --node west',
    ],
  );
  const withStatus = withFrontOptions(command).option(
    '--status <[host:]port>',
    'tell over HTTP how this node does, at /healthz, /readyz, /metrics and /status, with no database asked; 127.0.0.1 unless a host is named',
    statusArgument,
  );
  return withConfiguration(withStatus).action((_options: unknown, serve: Command) => {
    const { io: told, options } = configured<CommonOptions & FrontOptions & StatusOption>(io, serve);
    return serveNode(told, options);
  });
}

const urlOf = ({ host, port }: StatusAddress): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}/status`;

function statusArgument(text: string): StatusAddress {
  return /^\d{1,5}$/.test(text) ? { host: '127.0.0.1', port: portArgument(text) } : hostPortArgument(text);
}

async function serveNode(io: Io, options: CommonOptions & FrontOptions & StatusOption): Promise<void> {
  const fronts = frontsOf(options);
  if (Object.keys(fronts).length === 0)
    throw wrongInput('expected at least one of --n5g-eir-port, --s13-port, --gsup-port');
  const ended = io.interrupted();
  const { clock, random, scheduler } = io;
  const operator = openOperator({
    // Nobody looks at the live exchange of this process.
    liveHops: 0,
    ...{ dataDirectory: operatorDirectory(options.data), clock, random, scheduler },
    ...databaseOf(io),
    // A node with a snapshot answers from it until the database is there; one without says what keeps the database away, and ends.
    databaseMayBeAway: true,
    onFailure: faultLog(io),
  });
  try {
    const node = await openNode(io, operator, fronts, options);
    operator.events.start();
    const status = node?.status();
    const where = {
      ...frontAddresses(node),
      ...(node?.statusAddress && { status: urlOf(node.statusAddress) }),
      memory: node && `from the ${node.loaded.from} (${node.loaded.because})`,
      entries: status?.entries,
      'as of change': status?.sequence,
      data: options.data,
    };
    if (options.json) await sayJson(io, { serving: where });
    else await say(io, ...facts(where), 'Ctrl-C lets every peer read its answers, then ends it.');
    const endBeats = await tellReady(io, `${status?.entries ?? 0} entries in memory`);
    await ended;
    endBeats();
  } finally {
    await operator.close();
  }
}
