import { type Command, Option } from 'commander';
import { type AirListener, listenAir } from '#lab/core-network/index.ts';
import { type Loopback, openLoopback } from '#lab/loopback/index.ts';
import { STANDARD_HOPS } from '#operator/exchange/index.ts';
import { type Operator, openOperator } from '#operator/index.ts';
import { REGISTER_MODES, type RegisterMode } from '#operator/register/index.ts';
import { type HostPort, hostPortArgument, numberArgument, portArgument } from './argument.ts';
import { configured, withConfiguration } from './configured.ts';
import { consoleOf, pagesOf } from './console.ts';
import { cardKeysOf, databaseOf, operatorDirectory } from './data-directory.ts';
import { wrongInput } from './failure.ts';
import { faultLog } from './fault-log.ts';
import { type FrontOptions, frontsOf, withFrontOptions } from './front-options.ts';
import { type Io, note } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { HTTP_TLS, pemPair } from './pem-pair.ts';
import { openIdOf, siteOf } from './people-settings.ts';
import { facts, say, sayJson } from './print.ts';
import { frontAddresses, openNode } from './register-serve.ts';
import { tellReady } from './service-manager.ts';
import { trafficTrace } from './traffic.ts';

interface ServeOptions extends CommonOptions, FrontOptions {
  readonly httpPort: number;
  readonly httpHost: string;
  readonly httpTlsKey?: string;
  readonly httpTlsCert?: string;
  readonly startMode?: RegisterMode;
  readonly smppPort: number;
  readonly airPort: number;
  readonly abroadPort: number;
  readonly smsc?: HostPort;
  readonly systemId: string;
  readonly liveHops: number;
}

/** Some 300 octets each. */
const MOST_LIVE_HOPS = 1_000_000;

/** What is running, and where. */
interface Serving {
  readonly operator: Operator;
  readonly where: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

const at = ({ host, port }: HostPort) => `${host}:${port}`;

/** `assay operator serve`: the operator (5), serving. */
export function serveCommand(io: Io): Command {
  const command = leaf(
    io,
    'serve',
    'run the operator: gateway, register, console; with an SMSC and two small networks unless --smsc is given',
    [
      'assay operator serve',
      'assay operator serve --http-port 8081 --air-port 4701 --data /tmp/assay',
      'ASSAY_SMSC_PASSWORD=secret assay operator serve --smsc 10.0.0.5:2775 --system-id eir',
      'assay operator serve --n5g-eir-port 7777',
      'assay operator serve --config /etc/assay/assay.yaml',
    ],
  )
    .option('--http-port <port>', 'of the console and the HTTP API; 0 takes a free one', portArgument, 8080)
    .option(
      '--http-host <address>',
      'address it listens on; who comes from elsewhere signs in over https only',
      '127.0.0.1',
    )
    .option('--http-tls-key <file>', 'key in PEM: it then speaks https itself, without a proxy')
    .option('--http-tls-cert <file>', 'its certificate in PEM, with those above it')
    .option(
      '--live-hops <count>',
      'messages with UICCs that the live exchange keeps in memory, a day at most; 0 keeps none',
      numberArgument(0, MOST_LIVE_HOPS),
      STANDARD_HOPS,
    )
    .option('--smpp-port <port>', 'of the SMSC in the box', portArgument, 2775)
    .option('--air-port <port>', 'of the home network in the box: handsets connect here', portArgument, 4700)
    .option('--abroad-port <port>', 'of the network abroad, which asks no register', portArgument, 4701)
    .option('--smsc <host:port>', 'an SMSC outside instead; its password in ASSAY_SMSC_PASSWORD', hostPortArgument)
    .option('--system-id <name>', 'as whom to bind to it', 'assay')
    .addOption(
      new Option('--start-mode <mode>', 'how a register acts that is new; later: assay operator mode').choices(
        REGISTER_MODES,
      ),
    );
  return withConfiguration(withFrontOptions(command)).action((_options: unknown, serve: Command) => {
    const { io: told, options } = configured<ServeOptions>(io, serve);
    return serveOperator(told, options);
  });
}

async function serveOperator(io: Io, options: ServeOptions): Promise<void> {
  const ended = io.interrupted();
  const fronts = frontsOf(options);
  const serving = options.smsc === undefined ? await openBox(io, options) : openAlone(io, options, options.smsc);
  try {
    startIn(serving.operator, options.startMode);
    const node = await openNode(io, serving.operator, fronts, options);
    const { url } = await serving.operator.api.listen({
      ...{ port: options.httpPort, ...listenerOf(options) },
      ...pagesOf(await consoleOf(io)),
    });
    const where = { console: url, ...frontAddresses(node), ...serving.where, data: options.data };
    const first = firstAdministrator(io, serving.operator, url);
    if (options.json) await sayJson(io, { serving: where, firstAdministrator: first });
    else
      await say(
        io,
        ...facts(where),
        ...(first === undefined ? [] : ['', ...FIRST_WORDS, first, '']),
        'Ctrl-C ends it.',
      );
    const endBeats = await tellReady(io, `console ${url}`);
    await ended;
    endBeats();
  } finally {
    await serving.close();
  }
}

const FIRST_WORDS = [
  'Nobody can sign in yet. Open this link to make the first administrator; it works once, for a day:',
];

/** Where the first administrator is made, while there is nobody. The secret stands behind #: it reaches no log of a server. */
function firstAdministrator({ env }: Io, { people }: Operator, url: string): string | undefined {
  const secret = people.firstLink.issue();
  const publicUrl = env['ASSAY_PUBLIC_URL'] ?? '';
  return secret && `${new URL('/first', publicUrl === '' ? url : publicUrl)}#${secret}`;
}

/** Where the API listens, and how. */
function listenerOf({ httpHost: host, httpTlsKey, httpTlsCert }: ServeOptions) {
  const tls = pemPair(httpTlsKey, httpTlsCert, HTTP_TLS);
  return { host, ...(tls && { tls }) };
}

/** The mode of a register that nobody has touched yet: one that was set stays, whatever the configuration says. */
function startIn({ register, audit }: Operator, mode: RegisterMode | undefined): void {
  if (mode === undefined || audit.head().id !== 0) return;
  register.settings.set('mode', mode, 'assay operator serve', 'mode at the first start, by its configuration');
}

/** The operator with SMSC, home network and a network abroad on this machine. */
async function openBox(io: Io, options: ServeOptions): Promise<Serving> {
  const { clock, random, scheduler } = io;
  const loopback = await openLoopback({
    directory: options.data,
    clock,
    random,
    scheduler,
    trace: trafficTrace(io),
    ...{ smppPort: options.smppPort, liveHops: options.liveHops },
    ...databaseOf(io),
    ...{ ...siteOf(io), ...openIdOf(io) },
    ...cardKeysOf(io),
    onFailure: faultLog(io),
  });
  const listeners: AirListener[] = [];
  const close = async () => {
    for (const listener of listeners) await listener.close();
    await loopback.close();
  };
  try {
    for (const [network, port] of ports(loopback, options)) listeners.push(await listenAir({ network, port }));
  } catch (error) {
    await close();
    throw error;
  }
  const [home, abroad] = listeners.map(at);
  return {
    operator: loopback.operator,
    where: { 'SMSC (SMPP)': at(loopback.smsc), 'home network (air)': home, 'network abroad (air)': abroad },
    close,
  };
}

const ports = ({ home, abroad }: Loopback, { airPort, abroadPort }: ServeOptions) =>
  [
    [home, airPort],
    [abroad, abroadPort],
  ] as const;

/** The operator alone, bound to an SMSC outside. */
function openAlone(io: Io, options: ServeOptions, smsc: HostPort): Serving {
  const { clock, random, scheduler, env } = io;
  const password = env['ASSAY_SMSC_PASSWORD'];
  if (password === undefined)
    throw wrongInput(
      'expected the password of the SMSC in the environment as ASSAY_SMSC_PASSWORD, or --config with smsc.passwordFile',
    );
  const fault = faultLog(io);
  const operator = openOperator({
    ...{ dataDirectory: operatorDirectory(options.data), clock, random, scheduler, onFailure: fault },
    ...databaseOf(io),
    ...{ ...siteOf(io), ...openIdOf(io) },
    trace: trafficTrace(io),
    smsc: { ...smsc, systemId: options.systemId, password },
    liveHops: options.liveHops,
    onSmscState: (state, because) => note(io, 'info', `SMSC ${at(smsc)}: ${state} (${because})`),
  });
  operator.gateway.start();
  operator.events.start();
  operator.privacy.start(fault);
  operator.importKeeper.start(fault);
  operator.witness.start(fault);
  return { operator, where: { 'SMSC (outside)': at(smsc) }, close: () => operator.close() };
}
