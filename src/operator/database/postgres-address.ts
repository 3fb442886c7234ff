import { readFileSync } from 'node:fs';
import { DatabaseError } from './database-error.ts';

/** One server, or one of several of which one is the primary. */
export interface PostgresHost {
  /** A name, an IP address, or the directory of a Unix socket (it begins with `/`). */
  readonly host: string;
  readonly port: number;
}

/** How TLS is spoken: certificates and keys as PEM. */
export interface PostgresTls {
  /** The certificate must be of an authority in `authorities`, or of one this system knows. */
  readonly checksCertificate: boolean;
  /** The certificate must also be of this host. */
  readonly checksName: boolean;
  readonly authorities: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** Where a PostgreSQL is and who we are to it. */
export interface PostgresAddress {
  /** Tried in this order until one takes writes. */
  readonly hosts: readonly PostgresHost[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** The schema that holds our tables; undefined: the one the server gives us. */
  readonly schema: string | undefined;
  readonly tls: PostgresTls | undefined;
  /** The address without its password: for people. */
  readonly shown: string;
}

const SHAPE = /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)\/([^@/?#]+)(?:\?([^#]*))?$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;
const STANDARD_PORT = 5432;
const MOST_HOSTS = 8;
/** PostgreSQL's own names that need no quotes; longer ones would be cut (NAMEDATALEN). */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
const SETTINGS: readonly string[] = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'schema'];

/** Nothing of the address stands in the error: it holds a password. */
const wrong = (what: string) =>
  new DatabaseError(
    `address of the database: ${what}; expected postgres://user:password@host:5432/database?sslmode=verify-full, ` +
      'with @ / : ? # % in a name or password as %40 %2F %3A %3F %23 %25, and several hosts separated by commas',
  );

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('a % is not followed by two hexadecimal digits of UTF-8');
  }
}

function hostOf(text: string): PostgresHost {
  const found = HOST.exec(text);
  const port = Number(found?.[2] ?? STANDARD_PORT);
  if (found?.[1] === undefined || port === 0 || port > 0xffff) throw wrong('a host or port that is none');
  return { host: decoded(found[1].replace(/^\[|\]$/g, '')), port };
}

/** True when nobody but this machine sees what is said. */
const isLocal = ({ host }: PostgresHost) =>
  host.startsWith('/') || host === 'localhost' || host === '::1' || host.startsWith('127.');

function file(settings: ReadonlyMap<string, string>, name: string): string | undefined {
  const path = settings.get(name);
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DatabaseError(`${name} of the database's address: expected a file in PEM (${(error as Error).message})`);
  }
}

function tlsOf(settings: ReadonlyMap<string, string>, hosts: readonly PostgresHost[]): PostgresTls | undefined {
  const given = settings.get('sslmode') ?? (hosts.every(isLocal) ? 'disable' : 'verify-full');
  const mode = TLS_MODES.find((name) => name === given);
  if (mode === undefined) throw wrong(`sslmode is none of ${TLS_MODES.join(', ')}`);
  if (mode === 'disable') return undefined;
  return {
    checksCertificate: mode !== 'require',
    checksName: mode === 'verify-full',
    authorities: file(settings, 'sslrootcert'),
    certificate: file(settings, 'sslcert'),
    key: file(settings, 'sslkey'),
  };
}

/**
 * Reads postgres://user:password@host:port,host:port/database?sslmode=…&sslrootcert=…&sslcert=…&sslkey=…&schema=… (PostgreSQL manual 34.1.1).
 * The standard `sslmode` is verify-full, and disable towards this machine. Throws DatabaseError, which never holds the password.
 */
export function parseDatabaseUrl(url: string): PostgresAddress {
  const [, user_ = '', hosts_ = '', database_ = '', settings_ = ''] = SHAPE.exec(url) ?? [];
  const [name = '', password] = user_.split(/:(.*)/s, 2);
  if (name === '' || hosts_ === '') throw wrong('no such address');
  const hosts = hosts_.split(',').map(hostOf);
  if (hosts.length > MOST_HOSTS) throw wrong(`more than ${MOST_HOSTS} hosts`);
  const settings = new Map(
    settings_
      .split('&')
      .filter((setting) => setting !== '')
      .map((setting) => setting.split(/=(.*)/s, 2).map(decoded))
      .map(([key = '', value = '']) => [key, value]),
  );
  const unknown = [...settings.keys()].find((key) => !SETTINGS.includes(key));
  if (unknown !== undefined) throw wrong(`after the ? only ${SETTINGS.join(', ')} are understood`);
  const schema = settings.get('schema');
  if (schema !== undefined && !SCHEMA_NAME.test(schema))
    throw wrong('schema is no name of small letters, digits and _');
  return {
    hosts,
    user: decoded(name),
    password: password === undefined ? undefined : decoded(password),
    database: decoded(database_),
    schema,
    tls: tlsOf(settings, hosts),
    shown: `postgres://${name}@${hosts_}/${database_}${schema === undefined ? '' : `?schema=${schema}`}`,
  };
}
