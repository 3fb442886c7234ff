import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { concat, fromHex, toHex } from '#base/codec/index.ts';
import { systemClock } from '#base/port/index.ts';
import { dataDirectory, worldOf } from './assay.fixture.ts';
import { runAssay } from './program.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const SUPPORT = 'A1A2A3A4A5A6A7A8';

/** A command that runs in this process until it is interrupted. */
class Running {
  readonly #interrupt = Promise.withResolvers<void>();
  readonly status: Promise<number>;
  readonly #printed: { readonly out: string; readonly err: string };

  constructor(context: TestContext, data: string, ...args: readonly string[]) {
    context.after(() => this.interrupt());
    const { io, printed } = worldOf(data, args.join(' '), {
      clock: systemClock,
      interrupted: () => this.#interrupt.promise,
    });
    this.#printed = printed;
    this.status = runAssay(args, io);
  }

  get out(): string {
    return this.#printed.out;
  }
  get err(): string {
    return this.#printed.err;
  }

  /** What it printed, when it matches; it may not end before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    this.status.then(over, over);
    for (;;) {
      const found = pattern.exec(this.out);
      if (found !== null) return found;
      assert.ok(!isOver, `ended before it said ${pattern}: ${this.out}${this.err}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** As Ctrl-C does. */
  interrupt(): Promise<number> {
    this.#interrupt.resolve();
    return this.status;
  }
}

/** A reader: what the card in the slot at this port answers to these messages, each in hexadecimal behind no length. */
async function asked(socket: Socket, ...messages: readonly string[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const message of messages) {
    const octets = fromHex(message);
    socket.write(concat(Uint8Array.of(octets.length >> 8, octets.length), octets));
    // Power and reset have no answer.
    if (['00', '01', '02'].includes(message)) continue;
    let got = new Uint8Array(0);
    while (got.length < 2 || got.length < 2 + ((got[0] as number) << 8) + (got[1] as number))
      got = concat(got, (await once(socket, 'data'))[0] as Uint8Array) as Uint8Array<ArrayBuffer>;
    answers.push(toHex(got.subarray(2)));
  }
  return answers;
}

const dial = (port: number) => connect({ host: '127.0.0.1', port });
const SELECT_ICCID = '00A4000C022FE2';
const READ_ICCID = '00B000000A';

test('sample cards for a newcomer: what to type next, every change of a slot in a line; Ctrl-C takes them out', async (context) => {
  const sockets: Socket[] = [];
  const reader = createServer((socket) => sockets.push(socket));
  await once(reader.listen(0, '127.0.0.1'), 'listening');
  context.after(() => reader.close());
  const { port } = reader.address() as { port: number };
  const serving = new Running(context, dataDirectory(context), 'card', 'serve', '--connect', `127.0.0.1:${port}`);
  await serving.says(/Ctrl-C takes the cards out\.\n/);
  while (sockets.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const uicc = sockets[0] as Socket;
  const [atr, , iccid] = await asked(uicc, '01', '04', SELECT_ICCID, READ_ICCID);
  assert.equal(atr, '3B9F96801FC78031A073BE21136743200718000001A5');
  const number = /UICC (\d{19})/.exec(serving.out)?.[1] ?? '';
  assert.ok(iccid?.startsWith(toHex(Uint8Array.from([0x98, 0x88, 0x12]))), iccid);
  await serving.says(new RegExp(`EF\\.ICCID: ${number}`));
  await serving.says(/slot 0: in the reader: the reader sees the card\n/);
  await serving.says(/slot 1: waiting: no virtual reader at 127\.0\.0\.1 port \d+ \(.*\): start pcscd with vpcd\n/);
  const gone = once(uicc, 'close');
  assert.equal(await serving.interrupt(), 0, serving.err);
  await gone;
});

test('cards of the data directory: a reader dials them, what it writes lasts, and a second process is refused', async (context) => {
  const data = dataDirectory(context);
  assert.equal(
    await new Running(
      context,
      data,
      'factory',
      'provision',
      '--imei',
      '356741089900111',
      '--identity',
      SUPPORT,
      '--yes',
    ).status,
    0,
  );
  const subscriber = ['--imsi', '001010000000020', '--msisdn', '99970000020', '--pin', '1234'];
  const made = new Running(context, data, 'uicc', 'personalise', ...subscriber, '--json');
  assert.equal(await made.status, 0, made.err);
  const { iccid } = JSON.parse(made.out) as { iccid: string };
  const status = new Running(context, data, 'uicc', 'status', iccid);
  assert.equal(await status.status, 0, status.err);
  assert.match(status.out, /imsi +behind the PIN/);
  const trace = join(data, 'serve.trace');
  const which = ['card', 'serve', '--uicc', iccid, '--support', SUPPORT, '--listen', '0', '--json'];
  const serving = new Running(context, data, ...which, '--protocol', 't1', '--trace', trace);
  const ports = JSON.parse((await serving.says(/"ports":(\[[^\]]*\])/))[1] ?? '') as [number, number];
  const [uicc, support] = [dial(ports[0]), dial(ports[1])];
  const verify = (pin: string) => `0020000108${Buffer.from(pin).toString('hex')}FFFFFFFF`;
  assert.deepEqual((await asked(uicc, '01', '04', verify('9999'), verify('9998'))).slice(1), ['63C2', '63C1']);
  const [atr, certificates = ''] = await asked(support, '01', '04', '00CABF21000006A604830211010000');
  assert.equal(atr, '3B989601415353415920303274');
  assert.ok(certificates.endsWith('9000'), certificates);
  const second = spawn(process.execPath, [MAIN, ...which], { env: { ...process.env, ASSAY_DATA: data } });
  let refusal = '';
  second.stderr.on('data', (chunk) => {
    refusal += chunk;
  });
  assert.deepEqual(await once(second, 'close'), [3, null]);
  assert.match(refusal, /is used by process \d+: stop that first/);
  assert.equal(await serving.interrupt(), 0, serving.err);
  assert.match(readFileSync(trace, 'utf8'), /"handset":"slot 0".*VERIFY PIN/);
  const again = new Running(context, data, ...which);
  const [port = 0] = JSON.parse((await again.says(/"ports":(\[[^\]]*\])/))[1] ?? '') as number[];
  assert.deepEqual(await asked(dial(port), '01', verify('9999')), ['63C0']);
  assert.equal(await again.interrupt(), 0);
});

const WRONG: readonly (readonly [string, number, readonly string[], RegExp])[] = [
  ['a UICC that is not there', 2, ['--uicc', '8988211000000000201'], /no such UICC/],
  ['a support that is none', 2, ['--support', 'xyz'], /16 hexadecimal digits/],
  ['both directions', 2, ['--listen', '0', '--connect', '127.0.0.1'], /cannot be used with/],
  ['an address for others without a port', 2, ['--listen-host', '127.0.0.1'], /expected with --listen/],
  ['a protocol that is none', 2, ['--protocol', 't2'], /Allowed choices are t0, t1, both/],
  ['a trace where none can be', 3, ['--trace', '/proc/none/trace', '--listen', '0'], /no such file|not permitted/],
];
for (const [name, expected, args, says] of WRONG) {
  test(`card serve: ${name} ends with status ${expected}, and says so`, async (context) => {
    const run = new Running(context, dataDirectory(context), 'card', 'serve', ...args);
    assert.equal(await run.status, expected, run.out + run.err);
    assert.match(run.err, says);
  });
}
