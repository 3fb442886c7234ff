import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { USER_ROLES } from '#operator/access/index.ts';
import { REGISTER_MODES } from '#operator/register/index.ts';
import { wrongInput } from './failure.ts';
import type { Io } from './io.ts';
import { didYouMean } from './suggestion.ts';

const closed = <T extends Record<string, TSchema>>(members: T) => Type.Object(members, { additionalProperties: false });
const Text = Type.String({ minLength: 1, maxLength: 4096 });
const Port = Type.Integer({ minimum: 0, maximum: 65_535 });
const maybe = Type.Optional;

const N5gEir = closed({
  port: Port,
  nrf: maybe(Type.Array(Text)),
  nfInstanceId: maybe(Text),
  nfAddress: maybe(Text),
  tokenKeys: maybe(Text),
  oneAnswerEach: maybe(Type.Boolean()),
  nodeHttp2: maybe(Type.Boolean()),
});
const S13 = closed({
  port: Port,
  peers: maybe(Type.Array(closed({ identity: Text, addresses: maybe(Type.Array(Text)) }))),
  lenient: maybe(Type.Boolean()),
  originHost: maybe(Text),
  realm: maybe(Text),
});

/** A configuration file of `operator serve` and `register serve`. Secrets are never in it: it names files that hold them. */
export const CONFIGURATION = closed({
  data: maybe(Text),
  database: maybe(closed({ urlFile: Text })),
  cardKeys: maybe(Text),
  startMode: maybe(Type.Enum([...REGISTER_MODES])),
  http: maybe(
    closed({
      host: maybe(Text),
      port: maybe(Port),
      publicUrl: maybe(Text),
      tls: maybe(closed({ key: Text, certificate: Text })),
    }),
  ),
  openId: maybe(
    closed({
      ...{ issuer: Text, clientId: Text, clientSecretFile: Text },
      roles: Type.Record(Text, Type.Enum([...USER_ROLES])),
      ...{ roleClaim: maybe(Text), nameClaim: maybe(Text), label: maybe(Text) },
    }),
  ),
  smsc: maybe(closed({ host: Text, port: Port, systemId: Text, passwordFile: Text })),
  laboratory: maybe(closed({ smppPort: maybe(Port), airPort: maybe(Port), abroadPort: maybe(Port) })),
  fronts: maybe(
    closed({
      host: maybe(Text),
      node: maybe(Text),
      threads: maybe(Type.Integer({ minimum: 1, maximum: 64 })),
      sharePorts: maybe(Type.Boolean()),
      tls: maybe(closed({ key: Text, certificate: Text, clientCa: maybe(Text) })),
      n5gEir: maybe(N5gEir),
      s13: maybe(S13),
      gsup: maybe(closed({ port: Port, hlr: Text, store: maybe(Type.Boolean()) })),
    }),
  ),
  liveHops: maybe(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  status: maybe(Text),
});
/** A configuration, read. */
export type Configuration = Static<typeof CONFIGURATION>;

const validator = Compile(CONFIGURATION);
/** Octets of a configuration; real ones have a hundredth. */
const LARGEST = 262_144;

/** The line of a member in the file, from 1; of its nearest parent when it is not there itself. */
function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === path[length - 1]) : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Members that an object of the schema may have, at a path of instance names. */
function membersAt(path: readonly string[]): readonly string[] {
  let schema: unknown = CONFIGURATION;
  for (const name of path) {
    const { properties, items } = schema as { properties?: Record<string, unknown>; items?: unknown };
    schema = properties?.[name] ?? items;
  }
  return Object.keys((schema as { properties?: Record<string, unknown> } | undefined)?.properties ?? {});
}

const shortened = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

/** What a value should be, in words. */
function expectedOf(error: { readonly keyword: string; readonly params: object; readonly message: string }): string {
  const { type, limit, allowedValues } = error.params as { type?: string; limit?: number; allowedValues?: string[] };
  if (error.keyword === 'type') return `expected ${type === 'object' ? 'members below it' : `a value of type ${type}`}`;
  if (error.keyword === 'enum') return `expected one of ${(allowedValues ?? REGISTER_MODES).join(', ')}`;
  if (error.keyword === 'maximum' || error.keyword === 'minimum') return `expected a number, ${error.keyword} ${limit}`;
  return error.message;
}

/** The first thing that is wrong, as `line N: path: expected …, got …`. */
function firstFault(value: unknown, document: Document, lines: LineCounter): string | undefined {
  const error = validator.Errors(value).find(({ keyword }) => keyword !== 'boolean');
  if (error === undefined) return undefined;
  const path = error.instancePath.split('/').slice(1);
  const at = (names: readonly string[]) => `line ${lineOf(document, lines, names)}: ${names.join('.')}`;
  const params = error.params as { additionalProperties?: string[]; requiredProperties?: string[] };
  const unknown = params.additionalProperties?.[0];
  if (error.keyword === 'additionalProperties' && unknown !== undefined) {
    const members = membersAt(path);
    return `${at([...path, unknown])}: expected one of ${members.join(', ')}, got ${unknown}${didYouMean(unknown, members)}`;
  }
  if (error.keyword === 'required')
    return `${at(path)}: expected ${(params.requiredProperties ?? []).join(', ')} in it, got none`;
  const got = path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
  return `${at(path)}: ${expectedOf(error)}, got ${shortened(got)}`;
}

/** What a document says. No anchors: nobody needs them here, and a few octets must not become a million. */
function plainValue(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch (error) {
    if (error instanceof ReferenceError) throw wrongInput(`${name}: expected values, got an alias (*): write them out`);
    throw error;
  }
}

/** A configuration from its text, YAML or JSON; `name` is told in errors. Throws Failure. */
export function parseConfiguration(text: string, name: string): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw wrongInput(`${name}: expected YAML, got a fault: ${fault.message.split('\n', 1)[0]?.replace(/:$/, '')}`);
  const value = plainValue(document, name);
  if (validator.Check(value)) return value;
  throw wrongInput(`${name}, ${firstFault(value, document, lines)}`);
}

/** A configuration file, read, and where it is. */
export interface ConfigurationFile {
  readonly path: string;
  readonly configuration: Configuration;
}

/** Reads the file at `path`. Throws Failure: not readable, too large, not understood. */
export function readConfiguration(path: string): ConfigurationFile {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > LARGEST) throw wrongInput(`${path}: expected a configuration of at most ${LARGEST} octets, got ${size}`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw wrongInput(
      `${path}: expected a configuration that can be read, got ${error.code}: 'assay operator init' writes one`,
    );
  }
  return { path: resolve(path), configuration: parseConfiguration(text, path) };
}

/**
 * The path of a file that a configuration names: absolute as it is; else among the credentials that systemd gave (LoadCredential), else beside
 * the configuration.
 */
export function referredFile({ env }: Pick<Io, 'env'>, { path }: ConfigurationFile, reference: string): string {
  if (isAbsolute(reference)) return reference;
  const credentials = env['CREDENTIALS_DIRECTORY'] ?? '';
  const given = join(credentials, reference);
  return credentials !== '' && existsSync(given) ? given : join(dirname(path), reference);
}

/** What everybody may do with a file. */
const EVERYBODY = 0o007;
const LONGEST_SECRET = 4096;

/** The secret in a file, without the end of its line. Throws Failure: not readable, empty, readable by everybody. */
export function secretIn(path: string): string {
  try {
    const { mode, size } = statSync(path);
    if (process.platform !== 'win32' && (mode & EVERYBODY) !== 0)
      throw wrongInput(`${path}: everybody may read this secret; run chmod 600 on it, and think of who has`);
    if (size > LONGEST_SECRET)
      throw wrongInput(`${path}: expected a secret of at most ${LONGEST_SECRET} octets, got ${size}`);
    const secret = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (secret === '') throw wrongInput(`${path}: expected a secret, got nothing`);
    return secret;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw wrongInput(
      `${path}: expected a file with a secret that this user may read, got ${error.code}: write it with printf '%s' 'THE SECRET' | install -m 600 /dev/stdin ${path}`,
    );
  }
}
