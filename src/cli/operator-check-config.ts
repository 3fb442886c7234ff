import type { Command } from 'commander';
import type { HostPort } from './argument.ts';
import { configurationOf, environmentTexts, takeOptions, withConfiguration } from './configured.ts';
import { wrongInput } from './failure.ts';
import { type FrontOptions, frontsOf } from './front-options.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { HTTP_TLS, pemPair } from './pem-pair.ts';
import { openIdOf, siteOf } from './people-settings.ts';
import { columns, say, sayJson } from './print.ts';

/** `assay operator check-config`: whether a configuration is right, and what counts with it. `serve` is the command that runs by it. */
export function checkConfigCommand(io: Io, serve: () => Command): Command {
  const command = leaf(
    io,
    'check-config',
    'say whether a configuration is right and what counts with it; nothing is started or changed',
    [
      'assay operator check-config --config /etc/assay/assay.yaml',
      'ASSAY_HTTP_PORT=8081 assay operator check-config --config assay.yaml --json',
    ],
  );
  return withConfiguration(command).action((options: CommonOptions & { readonly config?: string }) =>
    checkConfig(io, options, serve()),
  );
}

async function checkConfig(
  io: Io,
  { config, json }: CommonOptions & { readonly config?: string },
  serve: Command,
): Promise<void> {
  const given = configurationOf(io, config);
  if (given === undefined)
    throw wrongInput("expected --config FILE or ASSAY_CONFIG, got none: 'assay operator init' writes one");
  const origins = takeOptions(io, serve, given);
  const values = serve.opts<Readonly<Record<string, unknown>>>();
  const options = serve.opts<FrontOptions & { readonly httpTlsKey?: string; readonly httpTlsCert?: string }>();
  const environment = environmentTexts(io, given);
  // Addresses and files that it names are judged and read as 'serve' would.
  const served = { ...io, env: { ...io.env, ...environment } };
  siteOf(served);
  openIdOf(served);
  frontsOf(options);
  pemPair(options.httpTlsKey, options.httpTlsCert, HTTP_TLS);
  const flagOf = (name: string) => serve.options.find((option) => option.attributeName() === name)?.long ?? name;
  const secrets = Object.keys(environment).filter((name) => /PASSWORD|DATABASE_URL|SECRET/.test(name));
  const shown = [...origins]
    .filter(([name, origin]) => origin !== 'default' && values[name] !== undefined)
    .map(([name, origin]) => ({ option: flagOf(name), value: shownValue(values[name]), origin }));
  if (json) return sayJson(io, { configuration: given.path, options: shown, secrets });
  return say(
    io,
    `${given.path} is right`,
    ...columns([
      ['what counts', 'value', 'from'],
      ...shown.map(({ option, value, origin }) => [option, value, origin]),
    ]),
    ...secrets.map((name) => `${name}: read from its file`),
  );
}

function shownValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { host, port } = value as Partial<HostPort>;
  return host === undefined ? JSON.stringify(value) : `${host}:${port}`;
}
