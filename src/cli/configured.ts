import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import {
  type Configuration,
  type ConfigurationFile,
  readConfiguration,
  referredFile,
  secretIn,
} from './configuration.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';

/** Where a value that counts comes from, the strongest first. */
export type Origin = 'option' | 'environment' | 'configuration' | 'default';

/** Adds `--config` to a command whose options a configuration file may give. */
export const withConfiguration = (command: Command): Command =>
  command
    .option('--config <file>', "what 'assay operator init' wrote (environment: ASSAY_CONFIG); options come before it")
    .addHelpText(
      'after',
      '\nEvery option may also stand in the environment as ASSAY_ and its name in capitals, as ASSAY_HTTP_PORT.\nAn option counts before the environment, that before the configuration.\n',
    );

/** The configuration file that a command line or the environment names. */
export function configurationOf(io: Io, given: string | undefined): ConfigurationFile | undefined {
  const path = given ?? io.env['ASSAY_CONFIG'] ?? '';
  return path === '' ? undefined : readConfiguration(path);
}

/** Options in the words of the command line, by their attribute names. */
type OptionTexts = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));

function frontTexts({ fronts }: Configuration, file: (reference: string) => string): OptionTexts {
  if (fronts === undefined) return {};
  const { n5gEir, s13, gsup, tls } = fronts;
  const path = (reference: string | undefined) => reference && file(reference);
  return {
    ...{ frontHost: fronts.host, node: fronts.node, threads: text(fronts.threads), sharePorts: fronts.sharePorts },
    ...{ tlsKey: path(tls?.key), tlsCert: path(tls?.certificate), tlsClientCa: path(tls?.clientCa) },
    ...{ n5gEirPort: text(n5gEir?.port), nrf: n5gEir?.nrf, nfInstanceId: n5gEir?.nfInstanceId },
    ...{ nfAddress: n5gEir?.nfAddress, tokenKeys: path(n5gEir?.tokenKeys) },
    ...{ oneAnswerEach: n5gEir?.oneAnswerEach, nodeHttp2: n5gEir?.nodeHttp2 },
    ...{ s13Port: text(s13?.port), s13Lenient: s13?.lenient, originHost: s13?.originHost, realm: s13?.realm },
    s13Peer: s13?.peers?.map(({ identity, addresses = [] }) =>
      addresses.length === 0 ? identity : `${identity}=${addresses.join(',')}`,
    ),
    ...{ gsupPort: text(gsup?.port), hlr: gsup?.hlr, gsupStore: gsup?.store },
  };
}

/** A configuration as options of the command line. */
export function optionTexts(io: Io, given: ConfigurationFile): OptionTexts {
  const { path, configuration } = given;
  const { data, http, smsc, laboratory, status, startMode, liveHops } = configuration;
  const file = (reference: string) => referredFile(io, given, reference);
  const hostPort = (host: string, port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    data: data && resolve(dirname(path), data),
    ...{ httpHost: http?.host, httpPort: text(http?.port) },
    ...{ httpTlsKey: http?.tls && file(http.tls.key), httpTlsCert: http?.tls && file(http.tls.certificate) },
    ...{ smsc: smsc && hostPort(smsc.host, smsc.port), systemId: smsc?.systemId },
    ...{
      smppPort: text(laboratory?.smppPort),
      airPort: text(laboratory?.airPort),
      abroadPort: text(laboratory?.abroadPort),
    },
    ...frontTexts(configuration, file),
    ...{ status, startMode, liveHops: text(liveHops) },
  };
}

/** What a configuration says that commands take from the environment; the secrets come from their files. */
export function environmentTexts(io: Io, given: ConfigurationFile): Readonly<Record<string, string>> {
  const { database, smsc, cardKeys, http, openId } = given.configuration;
  const file = (reference: string) => referredFile(io, given, reference);
  const isSaid = (name: string) => (io.env[name] ?? '') !== '';
  return {
    ...(database && !isSaid('ASSAY_DATABASE_URL') && { ASSAY_DATABASE_URL: secretIn(file(database.urlFile)) }),
    ...(smsc && !isSaid('ASSAY_SMSC_PASSWORD') && { ASSAY_SMSC_PASSWORD: secretIn(file(smsc.passwordFile)) }),
    ...(cardKeys !== undefined && !isSaid('ASSAY_CARD_KEYS') && { ASSAY_CARD_KEYS: file(cardKeys) }),
    ...(http?.publicUrl !== undefined && !isSaid('ASSAY_PUBLIC_URL') && { ASSAY_PUBLIC_URL: http.publicUrl }),
    ...(openId && openIdTexts(openId, file, isSaid)),
  };
}

function openIdTexts(
  openId: NonNullable<Configuration['openId']>,
  file: (reference: string) => string,
  isSaid: (name: string) => boolean,
): Readonly<Record<string, string>> {
  const texts = {
    ...{ ISSUER: openId.issuer, CLIENT_ID: openId.clientId, CLIENT_SECRET_FILE: file(openId.clientSecretFile) },
    ...{ ROLES: JSON.stringify(openId.roles), ROLE_CLAIM: openId.roleClaim, NAME_CLAIM: openId.nameClaim },
    LABEL: openId.label,
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, value]) =>
      value === undefined || isSaid(`ASSAY_OPENID_${name}`) ? [] : [[`ASSAY_OPENID_${name}`, value]],
    ),
  );
}

/** The variable that an option may stand in: ASSAY_HTTP_PORT for --http-port. */
export const variableOf = ({ long }: Option): string =>
  `ASSAY_${(long ?? '').slice(2).toUpperCase().replaceAll('-', '_')}`;

/** Options that say what to read and how to talk, and not what to serve. */
const NOT_CONFIGURED: ReadonlySet<string> = new Set(['config', 'json', 'color', 'logLevel', 'data']);

function valueFrom(option: Option, said: string | boolean | readonly string[]): unknown {
  if (typeof said === 'boolean') return said;
  const isFlag = !option.required && !option.optional;
  if (isFlag) return said === 'true' || said === '1';
  const { parseArg: parse } = option;
  if (typeof said === 'string') return parse === undefined ? said : parse(said, option.defaultValue);
  return said.reduce<unknown>((before, one) => (parse === undefined ? one : parse(one, before)), undefined);
}

/**
 * Puts the environment and the configuration into a command's options that its line does not say. Where each value came from, by attribute
 * name. Throws Failure with where the wrong value stands.
 */
export function takeOptions(
  io: Io,
  command: Command,
  given: ConfigurationFile | undefined,
): ReadonlyMap<string, Origin> {
  const texts = given === undefined ? {} : optionTexts(io, given);
  const origins = new Map<string, Origin>();
  for (const option of command.options) {
    const name = option.attributeName();
    const fromLine = ['cli', 'config'].includes(command.getOptionValueSource(name) ?? '');
    const inEnvironment = name === 'data' ? undefined : io.env[variableOf(option)];
    const environment = NOT_CONFIGURED.has(name) || inEnvironment === '' ? undefined : inEnvironment;
    const isDataSaid = name === 'data' && (io.env['ASSAY_DATA'] ?? '') !== '';
    const said = fromLine || isDataSaid ? undefined : (environment ?? texts[name]);
    origins.set(
      name,
      fromLine
        ? 'option'
        : environment !== undefined || isDataSaid
          ? 'environment'
          : said === undefined
            ? 'default'
            : 'configuration',
    );
    if (said === undefined) continue;
    const where = environment === undefined ? `${given?.path}, for ${option.long}` : variableOf(option);
    const several =
      environment !== undefined && /repeat for more/.test(option.description) ? environment.split(/\s+/) : said;
    command.setOptionValueWithSource(
      name,
      parsedAt(where, () => valueFrom(option, several)),
      'config',
    );
  }
  return origins;
}

function parsedAt<T>(where: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof InvalidArgumentError ? wrongInput(`${where}: ${error.message}`) : error;
  }
}

/** A command's options and its world, with what environment and configuration say. */
export function configured<Options>(io: Io, command: Command): { readonly io: Io; readonly options: Options } {
  const given = configurationOf(io, command.opts<{ readonly config?: string }>().config);
  takeOptions(io, command, given);
  const environment = given === undefined ? {} : environmentTexts(io, given);
  return { io: { ...io, env: { ...io.env, ...environment } }, options: command.opts() as Options };
}

/**
 * Lets a command without `--config` work on the data of the configuration in ASSAY_CONFIG, when neither its line nor the environment says on
 * which. Throws Failure when that file, or the one with the address of the database, cannot be read.
 */
export function takeDeployment(io: Io, command: Command): void {
  const knowsData = command.options.some(({ long }) => long === '--data');
  const isSaid = command.getOptionValueSource('data') !== 'default' || (io.env['ASSAY_DATA'] ?? '') !== '';
  if (!knowsData || isSaid || command.options.some(({ long }) => long === '--config')) return;
  const given = configurationOf(io, undefined);
  if (given === undefined) return;
  const { data, database, cardKeys } = given.configuration;
  if (data !== undefined) command.setOptionValueWithSource('data', resolve(dirname(given.path), data), 'config');
  if (database !== undefined && (io.env['ASSAY_DATABASE_URL'] ?? '') === '')
    command.setOptionValueWithSource('databaseUrl', secretIn(referredFile(io, given, database.urlFile)), 'config');
  if (cardKeys !== undefined && (io.env['ASSAY_CARD_KEYS'] ?? '') === '')
    command.setOptionValueWithSource('cardKeys', referredFile(io, given, cardKeys), 'config');
}
