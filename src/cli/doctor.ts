import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { HostPort } from './argument.ts';
import { configurationOf, configured, takeOptions, withConfiguration } from './configured.ts';
import { databaseOf, operatorDirectory } from './data-directory.ts';
import { dataCheck } from './doctor-data.ts';
import { checkCertificate, checkDisk, checkRights, machineChecks } from './doctor-machine.ts';
import { checkApi, checkPort, checkSmsc, listenerOn, ownUrl } from './doctor-network.ts';
import { checkOpenId } from './doctor-openid.ts';
import { EXIT, explained } from './failure.ts';
import { type Check, type Finding, findings } from './finding.ts';
import type { FrontOptions } from './front-options.ts';
import type { Io } from './io.ts';
import { type CommonOptions, leaf } from './leaf.ts';
import { openIdOf } from './people-settings.ts';
import { plain, say, sayJson } from './print.ts';

interface DoctorOptions extends CommonOptions {
  readonly full: boolean;
  readonly config?: string;
}

/** The options of `operator serve` that say what a deployment is. */
interface Deployment extends CommonOptions, FrontOptions {
  readonly httpHost: string;
  readonly httpPort: number;
  readonly httpTlsCert?: string;
  readonly httpTlsKey?: string;
  readonly smppPort: number;
  readonly airPort: number;
  readonly abroadPort: number;
  readonly smsc?: HostPort;
  readonly systemId: string;
}

/** A check that hangs is given up. */
const MOST_MILLISECONDS = 5000;

/** `assay doctor`: looks at a deployment and says what to do. `serve` is the command whose options say what it is. */
export function doctorCommand(io: Io, serve: () => Command): Command {
  const command = leaf(
    io,
    'doctor',
    'look at a deployment: machine, ports, database, keys, lists, SMSC; status 1 when something is wrong',
    ['assay doctor --config /etc/assay/assay.yaml', 'assay doctor --data ./assay-data --json'],
  ).option(
    '--full',
    'also what takes long: the whole file of the database, every secret, the whole chain of the log',
    false,
  );
  return withConfiguration(command)
    .addHelpText(
      'after',
      '\nIt changes nothing, and works while the operator runs and while it does not. Without --full a check takes at most 5 seconds.\n',
    )
    .action((_options: unknown, doctor: Command) => diagnose(io, doctor, serve()));
}

async function diagnose(given: Io, doctor: Command, serve: Command): Promise<void> {
  const { io, options } = configured<DoctorOptions>(given, doctor);
  takeOptions(io, serve, configurationOf(io, options.config));
  const deployment = { ...serve.opts<Deployment>(), data: options.data };
  const all: Finding[] = [];
  for (const check of checksOf(io, deployment, options)) all.push(...(await limited(check, options.full)));
  const isWell = all.every(({ state }) => state !== 'fail');
  if (!isWell) given.exitCode = EXIT.no;
  if (options.json) return sayJson(io, { well: isWell, findings: all });
  const rows = all.map(({ check, state, found, advice }) => [
    mark(io, state),
    check,
    advice === undefined ? found : `${found}: ${advice}`,
  ]);
  await say(io, ...rows.map(([shown = '', check = '', text = '']) => `${shown}  ${check.padEnd(11)}  ${plain(text)}`));
  const count = (state: Finding['state']) => all.filter((one) => one.state === state).length;
  return say(io, '', `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} wrong`);
}

const COLOURS = { ok: '32', warn: '33', fail: '31' } as const;
const mark = ({ isColoured }: Io, state: Finding['state']): string => {
  const word = state.padEnd(4);
  return isColoured ? `\u001b[${COLOURS[state]}m${word}\u001b[0m` : word;
};

function checksOf(io: Io, deployment: Deployment, { full }: DoctorOptions): readonly Check[] {
  const { data, smsc, systemId, httpTlsCert, httpTlsKey, tlsCert, tlsKey } = deployment;
  const directory = operatorDirectory(data);
  const api = { host: deployment.httpHost, port: deployment.httpPort };
  const url = ownUrl(api, httpTlsCert !== undefined);
  const isServing = () => listenerOn(api.port)?.isAssay === true;
  const name = URL.parse(io.env['ASSAY_PUBLIC_URL'] ?? '')?.hostname;
  const https = { key: httpTlsKey, ...(name !== undefined && { name }) };
  return [
    ...machineChecks,
    ...(existsSync(data) ? [{ name: 'disk', run: () => checkDisk(data) }] : []),
    {
      name: 'rights',
      run: () => checkRights(['', 'operator.sqlite', 'master.key'].map((name) => join(directory, name))),
    },
    ...(httpTlsCert === undefined ? [] : [{ name: 'certificate', run: () => checkCertificate(httpTlsCert, https) }]),
    ...(tlsCert === undefined ? [] : [{ name: 'certificate', run: () => checkCertificate(tlsCert, { key: tlsKey }) }]),
    dataCheck(io, { directory, ...databaseOf(io), isFull: full }),
    ...ports(deployment).map(([name, where]) => ({ name: 'port', run: () => checkPort(name, where) })),
    ...(api.port === 0 ? [] : [{ name: 'operator', run: () => checkApi(url) }]),
    ...openIdChecks(io, url),
    ...(smsc === undefined
      ? []
      : [{ name: 'SMSC', run: () => checkSmsc(io, smsc, systemId, io.env['ASSAY_SMSC_PASSWORD'] ?? '', isServing()) }]),
  ];
}

/** The provider, when there is one; people come back to it by the address that they use. */
function openIdChecks(io: Io, url: string): readonly Check[] {
  const publicUrl = io.env['ASSAY_PUBLIC_URL'] ?? '';
  if ((io.env['ASSAY_OPENID_ISSUER'] ?? '') === '') return [];
  return [
    {
      name: 'OpenID',
      run() {
        const { openId } = openIdOf(io);
        return openId === undefined ? [] : checkOpenId(openId, publicUrl === '' ? url : publicUrl);
      },
    },
  ];
}

function ports({
  httpHost,
  httpPort,
  smsc,
  smppPort,
  airPort,
  abroadPort,
  frontHost,
  n5gEirPort,
  s13Port,
  gsupPort,
}: Deployment) {
  const at = (host: string, rows: readonly (readonly [string, number | undefined])[]) =>
    rows.flatMap(([name, port]) => (port === undefined ? [] : [[name, { host, port }] as const]));
  const laboratory = [
    ['SMSC of the laboratory', smppPort],
    ['home network', airPort],
    ['network abroad', abroadPort],
  ] as const;
  return [
    ...at(httpHost, [['console', httpPort]]),
    ...at('127.0.0.1', smsc === undefined ? laboratory : []),
    ...at(frontHost, [
      ['N5g-eir', n5gEirPort],
      ['S13', s13Port],
      ['GSUP', gsupPort],
    ]),
  ];
}

/** A check in its time; what keeps it from finding out is a finding too. */
async function limited({ name, run }: Check, isFull: boolean): Promise<readonly Finding[]> {
  const { fail } = findings(name);
  const late = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(
    () => late.resolve([fail(`no result within ${MOST_MILLISECONDS / 1000} s`, 'look at this part by hand')]),
    MOST_MILLISECONDS,
  );
  if (isFull) clearTimeout(timer);
  try {
    return await Promise.race([Promise.resolve().then(run), late.promise]);
  } catch (error) {
    return [fail(explained(error).message, 'put that right, then ask again')];
  } finally {
    clearTimeout(timer);
  }
}
