// freeDiameter as a relay between an MME (erlang-diameter) and our S13 front, in clear and over TLS, in a network namespace of its own.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import type { RegisterSettings } from './s13-register.ts';

const has = (program: string, ...options: readonly string[]) => spawnSync(program, options).status === 0;
function whyNot(): string | false {
  if (!has('freeDiameterd', '--version'))
    return 'freeDiameter is missing: install freediameterd freediameter-extensions';
  if (!has('diameterc', '-h')) return 'erlang-diameter is missing: install the packages erlang-diameter erlang-dev';
  if (!has('openssl', 'version')) return 'openssl is missing: install the package openssl';
  return has('unshare', '--net', 'ip', 'link')
    ? false
    : 'a network namespace cannot be made: run as root, with iproute2';
}
// On a build machine a missing judge is a failure, elsewhere a visible skip.
const missing = process.env['CI'] ? false : whyNot();

const RELAY = '192.0.2.2';
const REGISTER = '192.0.2.3';

/** A network of its own and the programs in it; all end with the test. */
class Network {
  readonly folder = mkdtempSync(join(tmpdir(), 'assay-s13-relay-'));
  private readonly holder: ChildProcess;
  private readonly programs: ChildProcess[] = [];

  constructor(context: TestContext) {
    const addresses = [RELAY, REGISTER].map((address) => `ip addr add ${address}/32 dev lo`);
    const script = ['ip link set lo up', ...addresses, 'echo ready', 'exec sleep 120'].join(' && ');
    this.holder = spawn('unshare', ['--net', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    context.after(async () => {
      for (const program of [...this.programs, this.holder]) {
        if (program.exitCode !== null || program.signalCode !== null) continue;
        program.kill('SIGKILL');
        await once(program, 'exit');
      }
      rmSync(this.folder, { recursive: true });
    });
  }
  async ready(): Promise<void> {
    await once(this.holder.stdout as NodeJS.ReadableStream, 'data');
  }
  /** Starts a program in the network; its lines come one by one. */
  start(program: string, ...options: readonly string[]) {
    const inside = ['--target', `${this.holder.pid}`, '--net', program, ...options];
    const started = spawn('nsenter', inside, { cwd: this.folder, stdio: ['pipe', 'pipe', 'ignore'] });
    this.programs.push(started);
    const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]();
    return {
      input: started.stdin,
      kill: (signal: NodeJS.Signals) => started.kill(signal),
      async line(): Promise<string | undefined> {
        const { value, done } = await lines.next();
        return done === true ? undefined : value;
      },
    };
  }
  write(file: string, ...lines: readonly string[]): void {
    writeFileSync(join(this.folder, file), `${lines.join('\n')}\n`);
  }
  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }
  run(program: string, ...options: readonly string[]): void {
    execFileSync(program, options, { cwd: this.folder, stdio: 'pipe' });
  }
}

/** An authority, and certificates of it for register and relay. */
function certificates(network: Network): void {
  const rsa = ['-newkey', 'rsa:2048', '-nodes'];
  network.run(
    'openssl',
    'req',
    '-x509',
    ...rsa,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=ca',
  );
  for (const name of ['eir.test', 'relay.test']) {
    network.run('openssl', 'req', ...rsa, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    network.write('ext', `subjectAltName=DNS:${name}`);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext'];
    network.run('openssl', 'x509', '-req', '-in', `${name}.csr`, ...ca, '-days', '2', '-out', `${name}.pem`);
  }
}

function configureRelay(network: Network, isSecure: boolean): void {
  const how = isSecure ? 'Port = 5868;' : 'Port = 3868; No_TLS;';
  network.write('acl.conf', 'ALLOW_IPSEC *.test');
  network.write(
    'relay.conf',
    'Identity = "relay.test";',
    'Realm = "test";',
    'No_SCTP; No_IPv6;',
    `ListenOn = "${RELAY}";`,
    ...(isSecure ? [] : ['SecPort = 0;']),
    'TwTimer = 6;',
    'TLS_Cred = "relay.test.pem", "relay.test.key";',
    'TLS_CA = "ca.pem";',
    'LoadExtension = "acl_wl.fdx" : "acl.conf";',
    `ConnectPeer = "eir.test" { ConnectTo = "${REGISTER}"; ${how} No_SCTP; TcTimer = 1; };`,
  );
}

function register(network: Network, isSecure: boolean) {
  const tls = { cert: network.read('eir.test.pem'), key: network.read('eir.test.key'), ca: network.read('ca.pem') };
  const settings: RegisterSettings = {
    host: REGISTER,
    port: isSecure ? 5868 : 3868,
    identity: { originHost: 'eir.test', realm: 'test', addresses: [REGISTER] },
    peers: [{ originHost: 'relay.test', addresses: [`${RELAY}/31`] }],
    ...(isSecure && { tls }),
  };
  return network.start(process.execPath, join(import.meta.dirname, 's13-register.ts'), JSON.stringify(settings));
}

function mme(network: Network) {
  const source = join(import.meta.dirname, 's13-mme');
  network.run('diameterc', '-o', network.folder, join(source, 's13.dia'));
  network.run('erlc', '-o', network.folder, 's13.erl', join(source, 'mme.erl'));
  const start = `mme:run("mme.test", {192,0,2,2}, 3868, ["eir.test"]).`;
  return network.start('erl', '-noshell', '-pa', network.folder, '-eval', start);
}

for (const isSecure of [false, true]) {
  const how = isSecure ? 'over TLS' : 'in clear';
  test(`an MME asks through freeDiameter, ${how}`, { skip: missing, timeout: 60_000 }, async (context) => {
    const network = new Network(context);
    await network.ready();
    certificates(network);
    configureRelay(network, isSecure);
    const eir = register(network, isSecure);
    assert.equal(await eir.line(), `listening on ${isSecure ? 5868 : 3868}`);
    const relay = network.start('freeDiameterd', '-c', 'relay.conf');
    assert.equal(await eir.line(), 'opened relay.test: capabilities exchanged');
    const asking = mme(network);
    assert.equal(await asking.line(), 'up');
    for (const [imei, answer] of [
      ['35342009123450', '{[2001],[],[0],[],false,0}'],
      ['35342009123451', '{[2001],[],[1],[],false,0}'],
      ['35342009123459', '{[],[5422],[],[],false,0}'],
    ] as const) {
      asking.input.write(`${imei}\n`);
      assert.equal(await eir.line(), `asked by mme.test: ${imei}`);
      assert.equal(await asking.line(), `${imei} ${answer}`);
    }
    asking.input.write('none\n');
    assert.equal(await asking.line(), 'none {[5005],[],[],[1402],false,0}');
    // The register stops: its DPR is answered, so it is gone at once and whole.
    if (isSecure) {
      eir.input.end();
      assert.equal(await eir.line(), 'left relay.test: this node stops');
      assert.equal(await eir.line(), 'closed');
    } else {
      relay.kill('SIGTERM');
      assert.equal(await eir.line(), 'left relay.test: the peer disconnects (DPR)');
    }
  });
}
