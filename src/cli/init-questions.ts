import { InvalidArgumentError } from 'commander';
import { REGISTER_MODES } from '#operator/register/index.ts';
import { hostPortArgument, hostTrouble, numberArgument } from './argument.ts';
import type { Configuration } from './configuration.ts';
import { wrongInput } from './failure.ts';
import { issuerTrouble, publicUrlTrouble, rolesIn, rolesTrouble } from './people-settings.ts';

/** Answers by the names of their questions; an empty one says "none". */
export type Answers = Readonly<Record<string, string>>;

/** One question of `operator init`, which is an option too. */
export interface Question {
  readonly name: string;
  /** As an option: `smsc <host:port>`. */
  readonly flag: string;
  readonly words: string;
  readonly ask: string;
  /** The answer of an empty line. */
  readonly usual: string;
  /** Whether it makes sense after the answers before; always, when missing. */
  readonly isAsked?: (answers: Answers) => boolean;
  /** Every answer there is, when they are few: for completion and help. */
  readonly choices?: readonly string[];
  /** What is wrong with an answer; undefined when nothing is. */
  readonly trouble: (answer: string) => string | undefined;
  /** What a configuration says already. */
  readonly standing: (before: Configuration) => string | undefined;
}

const isGood = () => undefined;
const one = (...choices: readonly string[]): Pick<Question, 'choices' | 'trouble'> => ({
  choices,
  trouble: (answer) => (choices.includes(answer) ? undefined : `expected one of ${choices.join(', ')}`),
});

/** An argument's parser as a judge. */
const parsedBy = (parse: (text: string) => unknown) => (answer: string) => {
  try {
    parse(answer);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error.message;
    throw error;
  }
};
const port = parsedBy(numberArgument(1, 65_535));
const orNone = (judge: (answer: string) => string | undefined) => (answer: string) =>
  answer === '' ? undefined : judge(answer);
const isPeer = (answer: string) =>
  /^[a-z0-9.-]{1,255}=[0-9a-f.:/,]+$/i.test(answer)
    ? undefined
    : 'expected IDENTITY=ADDRESS[,ADDRESS…], as in mme.example=192.0.2.7';

const has = (name: string) => (answers: Answers) => (answers[name] ?? '') !== '';
const text = (value: number | undefined) => (value === undefined ? undefined : String(value));

/** The questions, in the order they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    ...{
      name: 'data',
      flag: 'data <dir>',
      words: '',
      ask: 'Data directory (made when it is missing)',
      usual: '/var/lib/assay',
    },
    trouble: (answer) =>
      answer.startsWith('/') ? undefined : 'expected the whole path of a directory, as in /var/lib/assay',
    standing: ({ data }) => data,
  },
  {
    ...{ name: 'database', flag: 'database <kind>', usual: 'sqlite', ...one('sqlite', 'postgres') },
    words: 'sqlite: a file in the data directory; postgres: a server, for more than one machine',
    ask: 'Database: sqlite, or postgres for more than one machine',
    standing: ({ database }) => database && 'postgres',
  },
  {
    ...{ name: 'databaseUrlFile', flag: 'database-url-file <file>', usual: 'database-url', trouble: isGood },
    words: 'with postgres: the file that holds postgres://user:password@host:5432/database',
    ask: 'File that holds postgres://user:password@host:5432/database',
    isAsked: ({ database }) => database === 'postgres',
    standing: ({ database }) => database?.urlFile,
  },
  {
    ...{ name: 'httpHost', flag: 'http-host <address>', usual: '127.0.0.1', trouble: hostTrouble },
    words: 'address of the console and the HTTP API',
    ask: 'Console and API listen on (127.0.0.1: this machine, and a reverse proxy on it)',
    standing: ({ http }) => http?.host,
  },
  {
    ...{ name: 'httpPort', flag: 'http-port <port>', usual: '8080', trouble: port },
    words: 'port of the console and the HTTP API',
    ask: 'Port of the console and API',
    standing: ({ http }) => text(http?.port),
  },
  {
    ...{ name: 'publicUrl', flag: 'public-url <url>', usual: '', trouble: orNone(publicUrlTrouble) },
    words: 'https address by which people reach the console from elsewhere',
    ask: 'https address by which people reach the console from elsewhere (none: only from this machine)',
    standing: ({ http }) => http?.publicUrl,
  },
  {
    ...{ name: 'httpTlsCert', flag: 'http-tls-cert <file>', usual: '', trouble: isGood },
    words: 'certificate of the console in PEM, when no proxy speaks https for it',
    ask: 'Certificate file for https (none: a reverse proxy speaks it)',
    isAsked: has('publicUrl'),
    standing: ({ http }) => http?.tls?.certificate,
  },
  {
    ...{ name: 'httpTlsKey', flag: 'http-tls-key <file>', usual: 'https.key', trouble: isGood },
    words: 'its key in PEM',
    ask: 'Key file of that certificate',
    isAsked: has('httpTlsCert'),
    standing: ({ http }) => http?.tls?.key,
  },
  {
    ...{ name: 'openidIssuer', flag: 'openid-issuer <url>', usual: '', trouble: orNone(issuerTrouble) },
    words: 'OpenID provider through which people may sign in, beside passwords',
    ask: 'OpenID provider through which people may sign in (none: by password only)',
    isAsked: has('publicUrl'),
    standing: ({ openId }) => openId?.issuer,
  },
  {
    ...{ name: 'openidClientId', flag: 'openid-client-id <id>', usual: 'assay', trouble: isGood },
    words: 'what the provider calls this operator',
    ask: 'Client id at the provider',
    isAsked: has('openidIssuer'),
    standing: ({ openId }) => openId?.clientId,
  },
  {
    ...{ name: 'openidSecretFile', flag: 'openid-secret-file <file>', usual: 'openid-secret', trouble: isGood },
    words: 'the file that holds the secret that the provider gave it',
    ask: 'File that holds the client secret',
    isAsked: has('openidIssuer'),
    standing: ({ openId }) => openId?.clientSecretFile,
  },
  {
    ...{ name: 'openidRoles', flag: 'openid-roles <value=role,...>', usual: '', trouble: rolesTrouble },
    words: "which role a value of the provider's claim roles means",
    ask: "Which role a value of the provider's claim roles means, as in fraud-team=analyst,leads=approver",
    isAsked: has('openidIssuer'),
    standing: ({ openId }) => openId && JSON.stringify(openId.roles),
  },
  {
    ...{ name: 'smsc', flag: 'smsc <host:port>', usual: '', trouble: orNone(parsedBy(hostPortArgument)) },
    words: 'SMSC that carries reports and orders; without it a laboratory runs here',
    ask: 'SMSC, as host:port (none: a laboratory with its own SMSC and networks runs here)',
    standing: ({ smsc }) => smsc && `${smsc.host}:${smsc.port}`,
  },
  {
    ...{ name: 'systemId', flag: 'system-id <name>', usual: 'assay', isAsked: has('smsc') },
    words: 'as whom to bind to the SMSC',
    ask: 'System id at the SMSC',
    trouble: (answer) =>
      /^[\x21-\x7e]{1,15}$/.test(answer) ? undefined : 'expected 1 to 15 characters without spaces (SMPP 3.4 5.2.1)',
    standing: ({ smsc }) => smsc?.systemId,
  },
  {
    ...{ name: 'smscPasswordFile', flag: 'smsc-password-file <file>', usual: 'smsc-password', trouble: isGood },
    words: 'the file that holds the password of the SMSC',
    ask: 'File that holds the password of the SMSC',
    isAsked: has('smsc'),
    standing: ({ smsc }) => smsc?.passwordFile,
  },
  {
    ...{ name: 'n5gEirPort', flag: 'n5g-eir-port <port>', usual: '', trouble: orNone(port) },
    words: '5G: port of N5g-eir',
    ask: '5G: port of N5g-eir, usually 7777',
    standing: ({ fronts }) => text(fronts?.n5gEir?.port),
  },
  {
    ...{ name: 's13Port', flag: 's13-port <port>', usual: '', trouble: orNone(port) },
    words: '4G: port of S13',
    ask: '4G: port of S13 (Diameter), usually 3868',
    standing: ({ fronts }) => text(fronts?.s13?.port),
  },
  {
    ...{ name: 's13Peer', flag: 's13-peer <identity=addresses>', usual: '', isAsked: has('s13Port'), trouble: isPeer },
    words: 'MME that may connect to S13',
    ask: 'MME that may connect, as identity=address',
    standing: ({ fronts }) => {
      const [peer] = fronts?.s13?.peers ?? [];
      return peer && `${peer.identity}=${(peer.addresses ?? []).join(',')}`;
    },
  },
  {
    ...{ name: 'gsupPort', flag: 'gsup-port <port>', usual: '', trouble: orNone(port) },
    words: '2G and 3G: port of GSUP',
    ask: '2G and 3G: port of GSUP (Osmocom), usually 4222',
    standing: ({ fronts }) => text(fronts?.gsup?.port),
  },
  {
    ...{
      name: 'hlr',
      flag: 'hlr <host:port>',
      usual: '',
      isAsked: has('gsupPort'),
      trouble: parsedBy(hostPortArgument),
    },
    words: 'HLR behind the GSUP front',
    ask: 'HLR behind it, as host:port',
    standing: ({ fronts }) => fronts?.gsup?.hlr,
  },
  {
    ...{ name: 'frontHost', flag: 'front-host <address>', usual: '127.0.0.1', trouble: hostTrouble },
    words: 'address on which the core network reaches the fronts',
    ask: 'Address on which the core network reaches them',
    isAsked: (answers) => ['n5gEirPort', 's13Port', 'gsupPort'].some((name) => has(name)(answers)),
    standing: ({ fronts }) => fronts?.host,
  },
  {
    ...{ name: 'startMode', flag: 'start-mode <mode>', usual: 'track', ...one(...REGISTER_MODES) },
    words: 'how the new register acts: track prohibits nobody and shows what enforce would do',
    ask: 'Mode at the start: track (advised: prohibits nobody, shows what enforce would do), enforce or off',
    standing: ({ startMode }) => startMode,
  },
];

/** Names of all answers. */
export const ANSWER_NAMES: readonly string[] = QUESTIONS.map(({ name }) => name);

/** A configuration from answers over another one. What nobody answered is as that one says, or as usual. */
export function configurationFrom(answers: Answers, before: Configuration): Configuration {
  const answer = (name: string): string => {
    const question = QUESTIONS.find((each) => each.name === name);
    return answers[name] ?? question?.standing(before) ?? question?.usual ?? '';
  };
  const tls =
    answer('httpTlsCert') === '' ? undefined : { key: answer('httpTlsKey'), certificate: answer('httpTlsCert') };
  const http = {
    ...{ host: answer('httpHost'), port: Number(answer('httpPort')) },
    ...(answer('publicUrl') !== '' && { publicUrl: answer('publicUrl') }),
    ...(tls && { tls }),
  };
  const smsc = answer('smsc') === '' ? undefined : hostPortArgument(answer('smsc'));
  const { database: _database, openId, smsc: _smsc, fronts: _fronts, ...rest } = before;
  const isPostgres = answer('database') === 'postgres' || answers['databaseUrlFile'] !== undefined;
  const fronts = frontsFrom(answer, before);
  return {
    ...rest,
    ...{ data: answer('data'), startMode: answer('startMode') as (typeof REGISTER_MODES)[number], http },
    ...(isPostgres && { database: { urlFile: answer('databaseUrlFile') } }),
    ...(answer('openidIssuer') !== '' && { openId: { ...openId, ...openIdFrom(answer) } }),
    ...(smsc && { smsc: { ...smsc, systemId: answer('systemId'), passwordFile: answer('smscPasswordFile') } }),
    ...(fronts && { fronts }),
  };
}

function openIdFrom(answer: (name: string) => string): NonNullable<Configuration['openId']> {
  const roles = rolesIn(answer('openidRoles'));
  if (roles === undefined) throw wrongInput(`--openid-roles: ${rolesTrouble('')}, got '${answer('openidRoles')}'`);
  return {
    ...{ issuer: answer('openidIssuer'), clientId: answer('openidClientId') },
    ...{ clientSecretFile: answer('openidSecretFile'), roles },
  };
}

function frontsFrom(answer: (name: string) => string, { fronts = {} }: Configuration): Configuration['fronts'] {
  const { n5gEir, s13, gsup, ...common } = fronts;
  const [identity = '', addresses = ''] = answer('s13Peer').split('=', 2);
  const [n5gEirPort, s13Port, gsupPort] = ['n5gEirPort', 's13Port', 'gsupPort'].map(answer);
  if (!n5gEirPort && !s13Port && !gsupPort) return undefined;
  const [, ...otherPeers] = s13?.peers ?? [];
  const peers = [...(identity === '' ? [] : [{ identity, addresses: addresses.split(',') }]), ...otherPeers];
  return {
    ...{ ...common, host: answer('frontHost') },
    ...(n5gEirPort && { n5gEir: { ...n5gEir, port: Number(n5gEirPort) } }),
    ...(s13Port && { s13: { ...s13, port: Number(s13Port), peers } }),
    ...(gsupPort && { gsup: { ...gsup, port: Number(gsupPort), hlr: answer('hlr') } }),
  };
}
